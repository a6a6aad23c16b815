using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Journal;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Tests.Cluster;
using Realtime.Tests.Identity;
using Realtime.Tests.Orders;

namespace Realtime.Tests.Recalls;

/// <summary>A recall that is on its way to the pharmacies when the process is killed.</summary>
[Collection(nameof(ClusterTests))]
public sealed class RecallKillTests(ITestOutputHelper output)
{
    private const string Lot = "KILLED";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Cip13 Product = Cip13.Parse(OrderDesk.Ibuprofen);

    [Fact]
    public async Task Whoever_starts_next_takes_it_to_the_others_and_to_nobody_twice()
    {
        var (holders, kills) = Campaign.Long ? (2_000, 5) : (150, 1);
        var data = Directory.CreateTempSubdirectory("realtime-recall-kill-").FullName;
        try
        {
            var ids = await Fill(data, holders);
            using var dialect = new SqliteDialect(Path.Combine(data, "realtime.db"));
            using var journal = new SqlJournal(dialect, TimeProvider.System, NullLogger<SqlJournal>.Instance);
            var (cursors, barred, killed, recall) = (await journal.Ends(), new List<string>(), new List<int>(), "");
            for (var start = 0; ; start++)
            {
                var started = Stopwatch.GetTimestamp();
                using var process = ProductProcess.Web(data, demo: true, out var client);
                using var _ = client;
                await client.WaitUntilReady(Patience);
                if (start == 0)
                    recall = await Declare(client);
                await Until(journal, cursors, barred, start == kills ? holders : Math.Min(holders - 1, barred.Count + (holders / 10)));
                if (start == kills)
                {
                    await Spread(client, recall, holders);
                    output.WriteLine($"| {holders} pharmacies hold the lot | killed when {string.Join(", ", killed)} had barred it | all had, and it knew, {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s after the process was started for the last time |");
                    break;
                }
                await process.Kill();
                killed.Add(barred.Count);
            }
            // What it was killed before is what is proven: at least one of them died on the way.
            Assert.Contains(killed, before => before < holders);
            Assert.Equal(ids.Order(), barred.Order(StringComparer.Ordinal));
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<string[]> Fill(string data, int holders)
    {
        await using var host = await RealtimeHost.Start(demo: true, dataDirectory: data);
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        string[] ids = [.. Enumerable.Range(0, holders).Select(number => DemoCountry.IdOf(number).Value)];
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (id, _) => await grains.Feed(id, host.Time.Now, (Product, 5, Lot)));
        return ids;
    }

    private static async Task<string> Declare(HttpClient client)
    {
        using var answer = await client.Send(HttpMethod.Post, "/api/v1/recalls", await client.Token("operator"), new { reference = "MED26/118", cip13 = OrderDesk.Ibuprofen, lots = new[] { Lot }, source = "ANSM" });
        Assert.Equal(201, (int)answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("id")!;
    }

    /// <summary>Follows the journal, which wakes nobody, until so many pharmacies have barred the lot.</summary>
    private static async Task Until(SqlJournal journal, LaneCursors cursors, List<string> barred, int count)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(1))
        {
            barred.AddRange((await journal.TailOf(cursors, [OrderJson.RecalledKind])).Select(row => row.Stream[OrderJson.Prefix.Length..]));
            if (barred.Count >= count)
                return;
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"{barred.Count} of {count} pharmacies had barred the lot in time.");
        }
    }

    private static async Task Spread(HttpClient client, string recall, int holders)
    {
        var token = await client.Token("operator");
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(50))
        {
            using var answer = await client.Send(HttpMethod.Get, $"/api/v1/recalls/{recall}", token);
            var standing = await answer.Content.ReadFromJsonAsync<JsonElement>();
            if (standing.GetProperty("spread").GetProperty("done").GetBoolean())
            {
                Assert.Equal((holders, 5 * holders, 0), (standing.Number("holders"), standing.Number("boxes"), standing.Number("acknowledged")));
                return;
            }
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"It is still on its way: {standing}");
        }
    }
}
