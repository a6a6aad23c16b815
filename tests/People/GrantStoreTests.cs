using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Tests.Identity;

namespace Realtime.Tests.People;

/// <summary>National roles on a real store, and what the audit says of them.</summary>
public sealed class GrantStoreTests : IDisposable
{
    private const string Planner = "10000000017";
    private readonly string _data = Directory.CreateTempSubdirectory("realtime-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Whoever_writes_himself_into_the_national_roles_is_found_and_the_demos_people_are_never_written_there()
    {
        await GiveOne();
        var kept = Query("SELECT CAST(payload AS TEXT) FROM public_state WHERE stream = 'grants/all'");
        var grant = Assert.Single(JsonDocument.Parse(kept).RootElement.GetProperty("grants").EnumerateArray());
        Assert.Equal("planner:75", grant.GetProperty("role").GetString());
        var (exit, report) = await Audit();
        Assert.True(exit == 0, report);

        Query("UPDATE public_state SET payload = CAST(replace(CAST(payload AS TEXT), 'planner:75', 'operator') AS BLOB) WHERE stream = 'grants/all' RETURNING 'done'");

        (exit, report) = await Audit();
        Assert.Equal(1, exit);
        Assert.Contains("broken: grants/all row 1", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_the_demo_gives_can_be_withdrawn_and_given_again_and_stays_so_after_a_restart()
    {
        string person;
        await using (var host = await RealtimeHost.Start(demo: true, dataDirectory: _data))
        {
            var token = await host.Client.Token("operator");
            person = (await Grants(host, token)).Single(g => g.Role == "dispatcher:75").Person;
            using var withdrawn = await host.Client.Send(HttpMethod.Delete, $"/api/v1/operator/grants/{person}/dispatcher:75", token);
            Assert.Equal(HttpStatusCode.NoContent, withdrawn.StatusCode);
            using var twice = await host.Client.Send(HttpMethod.Delete, $"/api/v1/operator/grants/{person}/dispatcher:75", token);
            Assert.Equal(HttpStatusCode.NotFound, twice.StatusCode);
        }
        await using (var host = await RealtimeHost.Start(demo: true, dataDirectory: _data))
        {
            var token = await host.Client.Token("operator");
            Assert.Equal(["operator", "planner:75"], (await Grants(host, token)).Select(g => g.Role).Order(StringComparer.Ordinal));
            using var back = await host.Client.Send(HttpMethod.Post, "/api/v1/operator/grants", token, new { rpps = "99900000052", name = "Paul Girard", role = "dispatcher:75" });
            Assert.Equal(HttpStatusCode.Created, back.StatusCode);
            using var again = await host.Client.Send(HttpMethod.Post, "/api/v1/operator/grants", token, new { rpps = "99900000060", name = "Sacha Lemoine", role = "operator" });
            Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
            Assert.Equal(["dispatcher:75", "operator", "planner:75"], (await Grants(host, token)).Select(g => g.Role).Order(StringComparer.Ordinal));
        }
        // Without the demo only what an operator gave remains.
        await using (var host = await RealtimeHost.Start(demo: false, dataDirectory: _data))
            Assert.Equal(["dispatcher:75"], host.Services.GetRequiredService<Web.People.PeopleDirectory>().Grants.Select(g => g.Role));
    }

    private async Task GiveOne()
    {
        await using var host = await RealtimeHost.Start(demo: true, dataDirectory: _data);
        using var given = await host.Client.Send(HttpMethod.Post, "/api/v1/operator/grants", await host.Client.Token("operator"), new { rpps = Planner, name = "Une planificatrice", role = "planner:75" });
        Assert.Equal(HttpStatusCode.Created, given.StatusCode);
    }

    private static async Task<(string Person, string Role)[]> Grants(RealtimeHost host, string token)
    {
        using var answer = await host.Client.Send(HttpMethod.Get, "/api/v1/operator/grants", token);
        return [.. (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray().Select(g => (g.GetProperty("person").GetString()!, g.GetProperty("role").GetString()!))];
    }

    private async Task<(int Exit, string Report)> Audit()
    {
        using var silo = ProductProcess.Silo(_data, "audit", "verify");
        var (exit, output, errors) = await silo.End(TimeSpan.FromMinutes(1));
        return (exit, string.Join('\n', [.. output, errors]));
    }

    private string Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_data, "realtime.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (string)command.ExecuteScalar()!;
    }
}
