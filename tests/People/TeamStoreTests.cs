using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Realtime.Tests.Cluster;
using Realtime.Tests.Identity;

namespace Realtime.Tests.People;

/// <summary>Teams on real stores: they survive a kill, every node follows them, and nothing personal stands in clear.</summary>
public sealed class TeamStoreTests(PostgresServer server) : IDisposable
{
    private const string Pharmacy = "990000010", Titulaire = "99900000011", NewPreparer = "10000000017";
    private const string Canary = "Zéphyrine Quatrevingtdixneuf";
    private readonly string _directory = Directory.CreateTempSubdirectory("realtime-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_team_survives_a_kill_and_no_name_or_number_stands_in_the_store_in_clear()
    {
        string client, secret;
        using (var process = ProductProcess.Web(_directory, demo: true, out var http))
        {
            await http.WaitUntilReady(TimeSpan.FromSeconds(60));
            using var browser = new BrowserSession(http.BaseAddress!);
            await browser.SignIn(Titulaire);
            using var added = await browser.Send(HttpMethod.Post, $"/api/v1/counter/{Pharmacy}/people", new { name = Canary, role = "preparer", rpps = NewPreparer });
            Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
            using var pin = await browser.Send(HttpMethod.Put, $"/api/v1/counter/{Pharmacy}/pin", new { pin = "73519482" });
            Assert.True(pin.IsSuccessStatusCode);
            using var connector = await browser.Send(HttpMethod.Post, $"/api/v1/counter/{Pharmacy}/connectors", new { label = "LGO" });
            var credentials = await connector.Content.ReadFromJsonAsync<JsonElement>();
            (client, secret) = (credentials.GetProperty("clientId").GetString()!, credentials.GetProperty("clientSecret").GetString()!);
            await process.Kill();
            http.Dispose();
        }
        foreach (var file in Directory.EnumerateFiles(_directory, "realtime.db*"))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            foreach (var personal in new[] { Canary, "Claire Martin", NewPreparer, Titulaire, "73519482", secret })
                Assert.False(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(personal)) >= 0, $"'{personal}' stands in {Path.GetFileName(file)}.");
            // The search does find what is there.
            if (Path.GetFileName(file) == "realtime.db-wal")
                Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(client)) >= 0);
        }
        using (var process = ProductProcess.Web(_directory, demo: true, out var http))
        {
            await http.WaitUntilReady(TimeSpan.FromSeconds(60));
            using var browser = new BrowserSession(http.BaseAddress!);
            await browser.SignIn(Titulaire);
            using var people = await browser.Send(HttpMethod.Get, $"/api/v1/counter/{Pharmacy}/people");
            Assert.Contains(Canary, (await people.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("name").GetString()));
            Assert.NotEmpty(await http.Token(null, client, secret));
            http.Dispose();
        }
    }

    [Fact]
    public async Task Who_is_let_in_on_one_node_is_let_in_on_the_other_and_who_is_shut_out_is_out_on_both_within_five_seconds()
    {
        await using var cluster = await RealCluster.Start(await server.NewDatabase());
        var (client, secret) = ("lgo-990000010-test", "a long secret of the test's own");
        var team = cluster.Team(Pharmacy);
        await team.RegisterConnector(client, "LGO", Web.Identity.Clients.HashOf(secret), "p-owner");
        await Until(async () => (await cluster.Webs[0].Ask(null, client, secret)).IsSuccessStatusCode);
        var token = await cluster.Webs[0].Token(null, client, secret);
        await Until(async () => (await Roles(cluster.Webs[1], token)).SequenceEqual([$"lgo:{Pharmacy}"]));

        var removed = TimeProvider.System.GetTimestamp();
        await team.RemoveConnector(client, "p-owner");
        foreach (var web in cluster.Webs)
            await Until(async () => (await Roles(web, token)).Length == 0);
        var took = TimeProvider.System.GetElapsedTime(removed);

        TestContext.Current.TestOutputHelper?.WriteLine($"shut out on both nodes after {took.TotalMilliseconds:F0} ms");
        Assert.True(took < TimeSpan.FromSeconds(5), $"{took}");
    }

    private static async Task<string[]> Roles(HttpClient web, string token)
    {
        using var me = await web.Send(HttpMethod.Get, "/api/v1/me", token);
        return [.. (await me.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("roles").EnumerateArray().Select(r => r.GetString()!)];
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var start = TimeProvider.System.GetTimestamp(); !await holds(); await Task.Delay(20))
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10), "It did not come.");
    }
}
