using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NodaTime;
using Orleans.TestingHost;
using Realtime.Identity;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.Tests.Journal;

/// <summary>Checkpoints written by the real grain over rows that real grains wrote, on a real store, and what becomes of them when somebody alters the store.</summary>
public abstract partial class AuditSuite : IAsyncLifetime
{
    protected const string A = "pharmacy/750020927";
    private const string B = "pharmacy/750032955";
    private const string Synthetic = "pharmacy/990000010";

    private static readonly Secret Own = Secret.Parse(ProductProcess.Secret);
    private static readonly AuditKey Key = new(Own);
    private static readonly AuditKey OtherKey = new(Secret.Parse(Secret.Demo));
    private static readonly DemoWorld Demo = new(DemoCountry.Create());

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2027, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly InProcessTestCluster _cluster;

    protected AuditSuite()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(new Clock(_time)).AddSingleton(Demo).AddSingleton(Own);
            Configure(silo);
        });
        _cluster = builder.Build();
    }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IGrainFactory Grains => _cluster.Client;

    private IAuditGrain Audit => Grains.GetGrain<IAuditGrain>(0);

    private JournalDialect Dialect => _cluster.Silos[0].ServiceProvider.GetRequiredService<JournalDialect>();

    private IJournal Journal => _cluster.Silos[0].ServiceProvider.GetRequiredService<IJournal>();

    public virtual async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract void Configure(ISiloBuilder silo);

    [Fact]
    public async Task What_changed_is_covered_each_minute_and_nothing_is_written_where_nothing_did()
    {
        Assert.Null(await Audit.Tick());
        await Tally("a", 1, 2);
        Assert.Equal(1, (await Audit.Tick())!.Number);
        await Tally("a", 3);
        Assert.Equal(1, (await Audit.Tick())!.Number);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await Audit.Tick())!.Number);
        for (var minute = 0; minute < 3; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(2, (await Audit.Tick())!.Number);
        }
        Assert.Equal([(1, 2L), (1, 1L)], (await Checkpoints()).Select(c => (c.Streams, c.Rows)));
        Assert.Equal((3, 2, 0), Counted(await Verify()));
    }

    [Fact]
    public async Task After_a_crash_the_next_checkpoint_covers_everything_after_the_last()
    {
        await Tally("a", 1);
        await Audit.Tick();
        await Tally("a", 2);
        await Tally("b", 1);
        await _cluster.DeactivateAsync(Audit);
        await Tally("c", 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await Audit.Tick())!.Number);
        Assert.Equal((3, 3L), ((await Checkpoints())[1].Streams, (await Checkpoints())[1].Rows));
        Assert.Equal((4, 2, 0), Counted(await Verify()));
    }

    [Fact]
    public async Task A_clock_that_was_set_back_stops_no_checkpoint()
    {
        _time.Advance(TimeSpan.FromDays(1));
        await Tally("a", 1);
        await Audit.Tick();
        await Tally("a", 2);
        _time.AdjustTime(_time.GetUtcNow() - TimeSpan.FromHours(12));
        Assert.Equal(2, (await Audit.Tick())!.Number);
        Assert.Null((await Verify()).Broken);
    }

    [Fact]
    public async Task A_second_writer_is_fenced_and_goes_on_from_the_first()
    {
        await Tally("a", 1);
        await Audit.Tick();
        var second = await CheckpointWriter.Begin(Journal, Dialect, Key, Cancellation);
        await Tally("a", 2);
        await second.Cover(() => Instant.FromUtc(2027, 5, 1, 12, 1));
        await Tally("a", 3);
        _time.Advance(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<FencedException>(Audit.Tick);
        Assert.Equal(3, (await Audit.Tick())!.Number);
        Assert.Equal([1, 1, 1], (await Checkpoints()).Select(c => c.Rows));
        Assert.Equal((3, 3, 0), Counted(await Verify()));
    }

    [Fact]
    public async Task However_many_lanes_there_were_a_checkpoint_stays_a_small_row_and_forgets_none()
    {
        const int Lanes = 5_000;
        Execute($"WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {Lanes}) INSERT INTO lane (writer, opened, ended) SELECT 'gone', 0, CASE WHEN i % 10 = 0 THEN 0 ELSE 1 END FROM c");
        Execute(
            $"""
            WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {Lanes})
            INSERT INTO journal (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash)
            SELECT 's/' || i, 1, i, 1, 0, 'Noted', 1, 'a', 'test', @bytes, @bytes FROM c WHERE i % 10 <> 0
            """,
            ("@bytes", new byte[32]));
        await Audit.Tick();
        var checkpoints = await Checkpoints();
        Assert.Equal(Lanes * 9 / 10, checkpoints.Sum(c => c.Rows));
        Assert.Equal(Lanes * 9 / 10, checkpoints.SelectMany(c => c.Cut.Named).Where(lane => lane is { Key: <= Lanes, Value: > 0 }).Select(lane => lane.Key).Distinct().Count());
        Assert.InRange(checkpoints.Count, 4, 20);
        var longest = checkpoints.Max(c => c.Write().Length);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Lanes} lanes in {checkpoints.Count} checkpoints, the longest of {longest} bytes");
        Assert.InRange(longest, 1, JournalEvent.MaxPayload / 2);
        // Whoever goes on from any of them, even one between, misses nothing and reads nothing twice.
        await _cluster.DeactivateAsync(Audit);
        await Tally("a", 1);
        _time.Advance(TimeSpan.FromMinutes(1));
        await Audit.Tick();
        Assert.Equal(1, (await Checkpoints())[^1].Rows);
        foreach (var between in checkpoints)
        {
            var left = 0L;
            for (var cursors = between.Cut.Cursors(); await Journal.Tail(cursors, 1000, Cancellation) is { Count: > 0 } rows;)
                left += rows.Count(row => row.Stream.StartsWith("s/", StringComparison.Ordinal));
            Assert.Equal(checkpoints.Where(c => c.Number > between.Number).Sum(c => c.Rows), left);
        }
    }

    [Fact]
    public async Task A_checkpoint_costs_by_what_changed_and_never_by_history_and_a_long_journal_is_verified_in_time()
    {
        var rows = Campaign.Long ? 1_000_000 : 50_000;
        const int Streams = 1_000;
        var history = new PharmacyHistory(Journal, Demo, Streams);
        await history.Write(Streams);
        var writer = await CheckpointWriter.Begin(Journal, Dialect, Key, Cancellation);
        var early = await Cost();
        while (history.Rows < rows)
        {
            await history.Write(Math.Min(10_000, rows - history.Rows));
            await writer.Cover(() => history.Now);
        }
        await history.Write(Streams);
        var late = await Cost();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var report = await Verify();
        TestContext.Current.TestOutputHelper?.WriteLine($"a checkpoint of 1,000 changed streams: {early.TotalMilliseconds:N0} ms after {Streams:N0} rows, {late.TotalMilliseconds:N0} ms after {rows:N0}; {report.Rows:N0} rows under {report.Checkpoints} checkpoints verified in {watch.Elapsed.TotalSeconds:N1} s");
        Assert.Null(report.Broken);
        Assert.Equal((rows + Streams, Streams, 0), (report.Rows, report.Recomputed, report.Uncovered));
        Assert.True(late < TimeSpan.FromMilliseconds(250) + early * 5, $"A checkpoint took {early} early and {late} late.");

        async Task<TimeSpan> Cost()
        {
            // Begun anew each time, as after a crash: nothing is remembered.
            var clock = System.Diagnostics.Stopwatch.StartNew();
            writer = await CheckpointWriter.Begin(Journal, Dialect, Key, Cancellation);
            await writer.Cover(() => history.Now);
            Assert.Equal(Streams, writer.Last!.Streams);
            return clock.Elapsed;
        }
    }

    private async Task Tally(string name, params int[] amounts)
    {
        foreach (var amount in amounts)
            await Grains.GetGrain<ITallyGrain>(name).Add(amount);
    }

    private async Task<List<AuditCheckpoint>> Checkpoints() =>
        [.. (await Journal.Read(AuditCheckpoint.Stream, 0, Cancellation)).Select(row => AuditCheckpoint.Read(row.Event.Payload.Span))];

    private async Task<AuditReport> Verify(AuditChecks checks = AuditChecks.All, AuditKey? key = null, DemoWorld? demo = null)
    {
        await using var scan = await JournalScan.Open(Dialect, Cancellation);
        return await new AuditVerification(scan, key ?? Key, [PharmacyFacts.In(demo ?? Demo)], checks).Run(_ => { }, Cancellation);
    }

    private static (long Rows, int Checkpoints, long Uncovered) Counted(AuditReport report)
    {
        Assert.Null(report.Broken);
        return (report.Rows, report.Checkpoints, report.Uncovered);
    }

    private void Execute(string sql, params ReadOnlySpan<(string, object)> values)
    {
        using var connection = Dialect.OpenWriter();
        using var command = connection.Command(sql, values);
        command.ExecuteNonQuery();
    }

    private T Query<T>(string sql)
    {
        using var connection = Dialect.OpenWriter();
        using var command = connection.Command(sql);
        return command.ExecuteScalar() is T value ? value : throw new InvalidOperationException($"{sql} gave something else.");
    }
}
