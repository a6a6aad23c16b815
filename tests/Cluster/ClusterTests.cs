using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Tests.Identity;
using Realtime.Tests.Stock;

namespace Realtime.Tests.Cluster;

[CollectionDefinition(nameof(ClusterTests), DisableParallelization = true)]
public sealed class ClusterTestsCollection;

/// <summary>Real processes on a real PostgreSQL; timed, hence alone on the machine.</summary>
[Collection(nameof(ClusterTests))]
public sealed class ClusterTests(PostgresServer postgres, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_change_of_hours_shows_on_both_web_nodes_within_250_ms_whoever_holds_transactions_open()
    {
        var changes = Campaign.Long ? 1_000 : 200;
        var store = await postgres.NewDatabase();
        await using var cluster = await RealCluster.Start(store);
        // One that has read the journal and idles in its transaction, and one that writes in another database and does not commit.
        await using var idle = await Hold(store, "SELECT count(*) FROM journal");
        await using var writing = await Hold(await postgres.NewDatabase(), "CREATE TABLE held (n int); INSERT INTO held VALUES (1); SELECT pg_current_xact_id()");
        var ids = Enumerable.Range(0, 20).Select(i => DemoCountry.IdOf(i).Value).ToArray();
        var seen = cluster.Webs.Select(_ => new ConcurrentDictionary<string, (long Seq, long At)>(StringComparer.Ordinal)).ToArray();
        var phones = await Task.WhenAll(cluster.Webs.Select((web, node) => RealCluster.Watch(web, change => seen[node][Text(change, "id")] = (SeqOf(change), Stopwatch.GetTimestamp()), ids)));
        var late = new List<double>();
        for (var i = 0; i < changes; i++)
        {
            var id = ids[i % ids.Length];
            var answered = await cluster.Pharmacy(id).SetHours(HoursOf(i), await cluster.Pharmacy(id).PageSeq(), "test");
            var acknowledged = Stopwatch.GetTimestamp();
            Assert.Null(answered.Refusal);
            foreach (var node in seen)
            {
                await Until(() => node.TryGetValue(id, out var last) && last.Seq >= answered.Seq);
                late.Add(Math.Max(0, Stopwatch.GetElapsedTime(acknowledged, node[id].At).TotalMilliseconds));
            }
        }
        late.Sort();
        output.WriteLine($"{changes} changes on two nodes: median {late[late.Count / 2]:F1} ms, p99 {late[(int)(late.Count * 0.99)]:F1} ms, worst {late[^1]:F1} ms after the acknowledgement");
        Assert.InRange(late[(int)(late.Count * 0.99)], 0, 250);
        foreach (var phone in phones)
            await phone.DisposeAsync();
    }

    [Fact]
    public async Task A_level_that_crosses_is_in_the_answers_of_both_web_nodes_within_a_second()
    {
        await using var cluster = await RealCluster.Start(await postgres.NewDatabase());
        var (id, product) = (DemoCountry.IdOf(0), Cip13.Parse("3400938358926"));
        var page = await RealCluster.Page(cluster.Webs[0], id.Value);
        var nearest = $"/api/v1/pharmacies/nearest?lat={Text(page, "lat")}&lon={Text(page, "lon")}&k=1&status=any&product={product}";
        var late = new List<double>();
        for (var i = 0; i < (Campaign.Long ? 200 : 40); i++)
        {
            var level = i % 2 == 0 ? StockLevel.OutOfStock : StockLevel.Low;
            await StockApiTests.Write(cluster.Journal, id, (product, level));
            var acknowledged = Stopwatch.GetTimestamp();
            foreach (var web in cluster.Webs)
            {
                // There is always one that is nearest, in the moment of the crossing too.
                await Until(async () => StockApiTests.Id(Assert.Single(await StockApiTests.Items(web, nearest))) == id.Value == (level == StockLevel.Low));
                late.Add(Stopwatch.GetElapsedTime(acknowledged).TotalMilliseconds);
            }
        }
        late.Sort();
        output.WriteLine($"{late.Count / 2} crossings on two nodes: median {late[late.Count / 2]:F0} ms, worst {late[^1]:F0} ms after the acknowledgement, the asking included");
        Assert.InRange(late[^1], 0, 1_000);
    }

    [Fact]
    public async Task A_node_whose_tail_is_cut_keeps_states_says_stale_and_has_caught_up_a_second_after()
    {
        var store = await postgres.NewDatabase();
        await using var way = new TcpProxy(new NpgsqlConnectionStringBuilder(store).Port);
        var cuttable = new NpgsqlConnectionStringBuilder(store) { Port = way.Port }.ToString();
        await using var cluster = await RealCluster.Start(store, cuttable);
        var id = DemoCountry.IdOf(0).Value;
        var before = await RealCluster.Page(cluster.Webs[1], id);

        way.Cut();
        var answered = await cluster.Pharmacy(id).SetHours(HoursOf(1), await cluster.Pharmacy(id).PageSeq(), "test");
        Assert.Null(answered.Refusal);
        await Task.Delay(TimeSpan.FromSeconds(15));

        Assert.False(await Stale(cluster.Webs[0]));
        Assert.True(await Stale(cluster.Webs[1]));
        Assert.Equal(answered.Seq, (await RealCluster.Page(cluster.Webs[0], id)).GetProperty("seq").GetInt64());
        var during = await RealCluster.Page(cluster.Webs[1], id);
        Assert.Equal((before.GetProperty("seq").GetInt64(), Text(before, "hours")), (during.GetProperty("seq").GetInt64(), Text(during, "hours")));

        way.Mend();
        var mended = Stopwatch.GetTimestamp();
        await Until(async () => (await RealCluster.Page(cluster.Webs[1], id)).GetProperty("seq").GetInt64() == answered.Seq && !await Stale(cluster.Webs[1]));
        output.WriteLine($"caught up {Stopwatch.GetElapsedTime(mended).TotalMilliseconds:F0} ms after the cut ended");
        Assert.InRange(Stopwatch.GetElapsedTime(mended).TotalSeconds, 0, 1);
    }

    [Fact]
    public async Task Nothing_acknowledged_is_lost_while_silos_are_killed_and_both_nodes_agree_with_the_journal()
    {
        var kills = Campaign.Long ? 20 : 4;
        await using var cluster = await RealCluster.Start(await postgres.NewDatabase());
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 32).Select(i => new Writer(cluster.Pharmacy(DemoCountry.IdOf(i).Value), DemoCountry.IdOf(i).Value)).ToArray();
        var writing = writers.Select(w => w.Run(stop.Token)).ToArray();
        var votes = new List<double>();
        for (var kill = 0; kill < kills; kill++)
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5 + (kill % 3 * 0.3)));
            await cluster.KillSilo(kill % 2);
            var killed = Stopwatch.GetTimestamp();
            await cluster.Members(1);
            votes.Add(Stopwatch.GetElapsedTime(killed).TotalSeconds);
            cluster.StartSilo(kill % 2);
            await cluster.Members(2);
        }
        await stop.CancelAsync();
        await Task.WhenAll(writing);

        var rows = 0;
        foreach (var writer in writers)
            rows += await Check(cluster, writer);
        await CheckAgainstRebuild(cluster);
        output.WriteLine($"{kills} kills: {writers.Sum(w => w.Acknowledged.Count)} acknowledged, {rows} rows, 0 missing, 0 duplicated; voted out within {votes.Max():F1} s, slowest to answer again {writers.Max(w => w.LongestOutage).TotalSeconds:F1} s");
        Assert.InRange(writers.Max(w => w.LongestOutage).TotalSeconds, 0, 5);
    }

    [Fact]
    public async Task A_web_node_is_ready_within_5_s_on_a_store_with_a_long_history()
    {
        var store = await postgres.NewDatabase();
        using (var migrate = ProductProcess.SiloOn(store, "--migrate-only"))
            Assert.Equal(0, (await migrate.End(Patience)).ExitCode);
        var rows = Campaign.Long ? 1_000_000 : 100_000;
        await Fill(store, rows);
        var started = Stopwatch.GetTimestamp();
        using var web = ProductProcess.WebNode(store, out var client, demo: false);
        using (client)
        {
            await client.WaitUntilReady(TimeSpan.FromSeconds(30));
            var elapsed = Stopwatch.GetElapsedTime(started);
            var nearest = await client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=48.8566&lon=2.3522&status=any");
            output.WriteLine($"ready in {elapsed.TotalSeconds:F2} s on {DemoCountry.Size:N0} pharmacies and {rows:N0} rows");
            Assert.Equal(10, nearest.GetProperty("items").GetArrayLength());
            Assert.InRange(elapsed.TotalSeconds, 0, 5);
        }
    }

    [Fact]
    public async Task A_web_node_that_has_found_no_silo_yet_says_try_again_and_carries_changes_out_once_there_is_one()
    {
        var store = await postgres.NewDatabase();
        using var web = ProductProcess.WebNode(store, out var http, settings: [("ASPNETCORE_ENVIRONMENT", "Development")]);
        await http.WaitUntilReady(TimeSpan.FromSeconds(60));
        var (id, product) = (DemoCountry.IdOf(0), Cip13.Parse("3400938358926"));
        http.DefaultRequestHeaders.Authorization = new("Bearer", await http.Token($"staff:{id}"));
        var answer = await Count();
        Assert.True(answer == HttpStatusCode.ServiceUnavailable, $"{answer}\n{web.Said}");

        using var silo = ProductProcess.SiloNode(store, RealtimeHost.FreePort(), RealtimeHost.FreePort());
        await Until(async () => (answer = await Count()) != HttpStatusCode.ServiceUnavailable);
        Assert.True(answer == HttpStatusCode.OK, $"{answer}\n{web.Said}");

        async Task<HttpStatusCode> Count()
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/counter/{id}/stock/{product}") { Content = JsonContent.Create(new { quantity = 7 }) };
            request.Headers.Add("Idempotency-Key", "no-silo-yet");
            using var response = await http.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_silo_says_in_one_line_what_it_is_and_stops_when_it_is_told_to()
    {
        var (silo, gateway) = (RealtimeHost.FreePort(), RealtimeHost.FreePort());
        using var member = ProductProcess.SiloNode(await postgres.NewDatabase(), silo, gateway);
        await Task.Delay(TimeSpan.FromSeconds(8));
        await member.Terminate();

        var (exitCode, lines, errors) = await member.End(TimeSpan.FromSeconds(20));

        Assert.True(exitCode == 0, errors);
        var line = Assert.Single(lines, l => l.StartsWith("silo of cluster realtime", StringComparison.Ordinal));
        Assert.Contains($"127.0.0.1:{silo}, gateway {gateway}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_trial_cluster_comes_up_and_stops_when_it_is_told_to()
    {
        using var trial = ProductProcess.SiloOn(await postgres.NewDatabase(), "cluster");
        await Task.Delay(TimeSpan.FromSeconds(15));
        await trial.Terminate();

        var (exitCode, lines, errors) = await trial.End(TimeSpan.FromSeconds(40));

        Assert.True(exitCode == 0, errors);
        foreach (var node in new[] { "web 1: ready", "web 2: ready", "silo 1: running", "silo 2: running" })
            Assert.Contains(lines, line => line.StartsWith(node, StringComparison.Ordinal));
        Assert.Equal("All stopped.", lines[^1]);
    }

    [Theory]
    [InlineData("Database=nowhere", "nowhere")]
    [InlineData("Port=1;Timeout=2", "does not answer")]
    [InlineData("Username=nobody", "nobody")]
    public async Task A_silo_that_cannot_have_its_store_says_so_in_a_sentence(string wrong, string word)
    {
        using var silo = ProductProcess.SiloOn($"{await postgres.NewDatabase()};{wrong}");

        var (exitCode, _, errors) = await silo.End(TimeSpan.FromSeconds(30));

        Assert.Equal(1, exitCode);
        Assert.Contains(word, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    // A country of real numbers, with the positions and hours of the demo's, and a history in lanes that are over.
    private static async Task Fill(string store, int rows)
    {
        await using var source = NpgsqlDataSource.Create(store);
        await using var connection = await source.OpenConnectionAsync();
        await using (var command = new NpgsqlCommand(
            $"""
            INSERT INTO lane (writer, opened, ended) SELECT 'gone', 0, {rows} / 500 FROM generate_series(1, 500);
            INSERT INTO journal SELECT 'pharmacy/' || i % 20174, i / 20174 + 1, i / ({rows} / 500) + 1, i % ({rows} / 500) + 1, 0, 'hours.set', 1, 'a', 'test', convert_to(repeat('x', 300), 'UTF8'), decode(repeat('00', 32), 'hex')
            FROM generate_series(0, {rows} - 1) AS i
            """,
            connection)
        { CommandTimeout = 300 })
            await command.ExecuteNonQueryAsync();
        await using var copy = await connection.BeginBinaryImportAsync("COPY public_state (stream, seq, payload) FROM STDIN (FORMAT BINARY)");
        var i = 0;
        foreach (var synthetic in DemoCountry.Create().Pharmacies)
        {
            var id = PharmacyId.FromBody($"75{i++:D6}");
            await copy.StartRowAsync();
            await copy.WriteAsync(PharmacyStreams.Of(id));
            await copy.WriteAsync(1L);
            await copy.WriteAsync(PharmacyJson.WriteFacts(synthetic with { Record = synthetic.Record with { Id = id }, Seq = 1 }));
        }
        await copy.CompleteAsync();
    }

    private static async Task<NpgsqlConnection> Hold(string store, string sql)
    {
        var connection = new NpgsqlConnection(store + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN ISOLATION LEVEL REPEATABLE READ; {sql}", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    // A node that starts now has nothing but the store: what the two old ones know must be the same, to the letter.
    private static async Task CheckAgainstRebuild(RealCluster cluster)
    {
        using var web = ProductProcess.WebNode(cluster.Store, out var rebuilt);
        using (rebuilt)
        {
            await rebuilt.WaitUntilReady(TimeSpan.FromSeconds(30));
            foreach (var place in new[] { "lat=48.8566&lon=2.3522", "lat=43.3&lon=5.4", "lat=16.24&lon=-61.53", "lat=-20.88&lon=55.45", "lat=-22.27&lon=166.44", "lat=48.58&lon=7.75" })
                foreach (var status in new[] { "any", "serving", "onCall" })
                    await Until(async () =>
                    {
                        var url = $"/api/v1/pharmacies/nearest?{place}&k=50&status={status}";
                        var answers = await Task.WhenAll(cluster.Webs.Append(rebuilt).Select(w => w.GetFromJsonAsync<JsonElement>(url)));
                        return answers.Select(a => Text(a, "items")).Distinct(StringComparer.Ordinal).Count() == 1;
                    });
        }
    }

    private static async Task<int> Check(RealCluster cluster, Writer writer)
    {
        var rows = await cluster.Journal.Read(PharmacyStreams.Of(PharmacyId.Parse(writer.Id)), 0);
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(i => (long)i), rows.Select(r => r.Seq));
        foreach (var (seq, hours) in writer.Acknowledged)
            Assert.Equal(new HoursSet(hours), PharmacyJson.Read(rows[(int)seq - 1].Event.Kind, rows[(int)seq - 1].Event.Version, rows[(int)seq - 1].Event.Payload.Span));
        var truth = rows.Aggregate(DemoCountry.Create().TryFind(PharmacyId.Parse(writer.Id), out var seed) ? seed : null,
            (state, row) => PharmacyPage.Evolve(state, PharmacyJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span), row.At, row.Seq));
        foreach (var web in cluster.Webs)
            await Until(async () => await RealCluster.Page(web, writer.Id) is var page && (page.GetProperty("seq").GetInt64(), page.GetProperty("hours").GetString()) == (truth!.Seq, truth.Record.Hours));
        return rows.Count;
    }

    private static string HoursOf(int i) => $"Mo-Su 0{i % 9}:{i / 9 % 60:D2}-{10 + (i / 540 % 12)}:00; PH off";

    private static string Text(JsonElement json, string name) => json.GetProperty(name).ToString();

    private static long SeqOf(JsonElement change) => change.GetProperty("version").GetProperty("seq").GetInt64();

    private static async Task<bool> Stale(HttpClient web) => (await web.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=48.85&lon=2.35&k=1")).GetProperty("stale").GetBoolean();

    private static Task Until(Func<bool> happened) => Until(() => Task.FromResult(happened()));

    private static async Task Until(Func<Task<bool>> happened)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await happened())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "It did not happen in time.");
            await Task.Delay(1);
        }
    }

    /// <summary>One who sets a pharmacy's hours again and again, and remembers what was acknowledged.</summary>
    private sealed class Writer(IPharmacyGrain grain, string id)
    {
        public string Id => id;

        public Dictionary<long, string> Acknowledged { get; } = [];

        public TimeSpan LongestOutage { get; private set; }

        public async Task Run(CancellationToken stop)
        {
            await Task.Yield();
            var (n, lastAnswer) = (0, Stopwatch.GetTimestamp());
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    var hours = HoursOf(n++);
                    var answered = await grain.SetHours(hours, await grain.PageSeq(), "test");
                    if (answered.Refusal is null)
                        Acknowledged.Add(answered.Seq, hours);
                    var outage = Stopwatch.GetElapsedTime(lastAnswer);
                    LongestOutage = outage > LongestOutage ? outage : LongestOutage;
                    lastAnswer = Stopwatch.GetTimestamp();
                    await Task.Delay(10, CancellationToken.None);
                }
                catch (Exception e) when (e is not Xunit.Sdk.XunitException and not ArgumentException)
                {
                    // The silo has just been killed: the caller asks again, as a counter would.
                    await Task.Delay(50, CancellationToken.None);
                }
            }
        }
    }
}
