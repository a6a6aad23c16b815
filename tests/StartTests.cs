using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Realtime.Tests;

/// <summary>What a stranger meets: the real process, from its first start on. Alone on the machine, since it is timed.</summary>
[CollectionDefinition(nameof(StartTests), DisableParallelization = true)]
public sealed class StartTestsCollection;

[Collection(nameof(StartTests))]
public sealed class StartTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("realtime-start-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task The_first_start_is_ready_within_10_s_and_a_later_one_after_a_kill_within_3_s()
    {
        var first = await Start();
        var second = await Start();

        output.WriteLine($"first start {first.TotalSeconds:F2} s, later start {second.TotalSeconds:F2} s");
        Assert.InRange(first.TotalSeconds, 0, 10);
        Assert.InRange(second.TotalSeconds, 0, 3);
    }

    [Fact]
    public async Task A_second_process_on_the_same_store_stops_with_a_sentence()
    {
        using var first = ProductProcess.Web(_data, demo: false, out var client);
        using (client)
            await client.WaitUntilReady(TimeSpan.FromSeconds(30));
        using var second = ProductProcess.Web(_data, demo: false, out var unused);
        unused.Dispose();

        var (exitCode, _, errors) = await second.End(TimeSpan.FromSeconds(30));

        Assert.Equal(1, exitCode);
        Assert.Contains(_data, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_of_a_newer_program_stops_the_start_with_a_sentence_and_is_left_alone()
    {
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_data, "realtime.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE realtime_schema (number INTEGER NOT NULL PRIMARY KEY); INSERT INTO realtime_schema VALUES (999)";
            command.ExecuteNonQuery();
        }
        using var web = ProductProcess.Web(_data, demo: false, out var client);
        client.Dispose();

        var (exitCode, _, errors) = await web.End(TimeSpan.FromSeconds(30));

        Assert.Equal(1, exitCode);
        Assert.Contains("newer version", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Realtime__SiloPort", "abc")]
    [InlineData("Realtime__SiloPort", "0")]
    [InlineData("Realtime__GatewayPort", "99999")]
    [InlineData("Realtime__Demo", "maybe")]
    [InlineData("Realtime__HoursMaxAgeDays", "0")]
    [InlineData("ASPNETCORE_URLS", "banana")]
    [InlineData("ConnectionStrings__Realtime", "Host=127.0.0.1;Port=1;Database=none;Timeout=2")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string variable, string value)
    {
        using var web = ProductProcess.Web(_data, demo: false, out var client, (variable, value));
        client.Dispose();

        var (exitCode, _, errors) = await web.End(TimeSpan.FromSeconds(30));

        Assert.Equal(1, exitCode);
        Assert.Contains(variable, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_has_stops_the_start_and_is_named()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        foreach (var (variable, value) in new[] { ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"), ("Realtime__SiloPort", $"{port}") })
        {
            using var web = ProductProcess.Web(_data, demo: false, out var client, (variable, value));
            client.Dispose();

            var (exitCode, _, errors) = await web.End(TimeSpan.FromSeconds(30));

            Assert.Equal(1, exitCode);
            Assert.Contains(variable, errors, StringComparison.Ordinal);
            Assert.Contains($"{port}", errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        }
    }

    private async Task<TimeSpan> Start()
    {
        var started = Stopwatch.GetTimestamp();
        using var web = ProductProcess.Web(_data, demo: true, out var client);
        using (client)
        {
            await client.WaitUntilReady(TimeSpan.FromSeconds(60));
            var elapsed = Stopwatch.GetElapsedTime(started);
            var nearest = await client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=48.8566&lon=2.3522");
            Assert.Equal(10, nearest.GetProperty("items").GetArrayLength());
            using var page = await client.GetAsync("/");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            await web.Kill();
            return elapsed;
        }
    }
}
