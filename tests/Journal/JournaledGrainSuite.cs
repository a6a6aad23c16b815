using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Orleans.Storage;
using Orleans.TestingHost;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>A grain on the journal and on Orleans' ADO.NET storage, in a real silo on a real store.</summary>
public abstract class JournaledGrainSuite : IAsyncLifetime
{
    private readonly InProcessTestCluster _cluster;

    protected JournaledGrainSuite()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) => Configure(silo));
        _cluster = builder.Build();
    }

    /// <summary>The snapshot as text, and text as a snapshot.</summary>
    protected abstract (string AsText, Func<string, string> AsBytes) Snapshot { get; }

    /// <summary>SQL after which the store refuses, at commit, what wrote a row of kind <c>Poison</c>.</summary>
    protected abstract string RefuseToCommitPoison { get; }

    private const string OtherVersion = "a snapshot of another version";

    private string OfAnotherVersion => $"UPDATE OrleansStorage SET PayloadBinary = {Snapshot.AsBytes($"replace({Snapshot.AsText}, '\"version\":1', '\"version\":2')")}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IServiceProvider Services => _cluster.Silos[0].ServiceProvider;

    private IJournal Journal => Services.GetRequiredService<IJournal>();

    public virtual async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_grain_that_comes_back_reads_its_stream()
    {
        var grain = await Tally(1, 2, 3);
        Assert.Equal((6, 3), await ComesBack(grain));
    }

    [Fact]
    public async Task A_snapshot_spares_the_rows_before_it()
    {
        var grain = await Tally(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        Assert.Contains("\"seq\":8", Query($"SELECT {Snapshot.AsText} FROM OrleansStorage"), StringComparison.Ordinal);
        Assert.Equal((55, 2), await ComesBack(grain));
        for (var i = 0; i < 6; i++)
            await grain.Add(1);
        Assert.Equal((61, 0), await ComesBack(grain));
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE seq > 6", 6, 21)] // ahead of the journal: a backup of the journal was restored
    [InlineData("UPDATE journal SET hash = payload WHERE seq = 8", 10, 55)] // of another history
    [InlineData(OtherVersion, 10, 55)]
    [InlineData("UPDATE OrleansStorage SET PayloadBinary = NULL", 10, 55)]
    [InlineData("DELETE FROM OrleansStorage", 10, 55)]
    public async Task A_snapshot_that_does_not_fit_is_dropped_and_the_stream_read(string damage, int replayed, int total)
    {
        var grain = await Tally(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        await _cluster.DeactivateAsync(grain);
        Query(damage == OtherVersion ? OfAnotherVersion : damage);
        Assert.Equal((total, replayed), Seen(await grain.Total()));
    }

    [Fact]
    public async Task After_a_dropped_snapshot_the_next_one_is_kept()
    {
        var grain = await Tally(1, 2, 3, 4);
        await _cluster.DeactivateAsync(grain);
        Query(OfAnotherVersion);
        await grain.Add(5);
        Assert.Equal((15, 0), await ComesBack(grain));
    }

    [Fact]
    public async Task A_fenced_grain_tells_its_caller_and_comes_back_with_the_truth()
    {
        var grain = await Tally(1, 2);
        var before = await grain.Total();
        await Intrude("tally/t", "100");
        var refusal = await Assert.ThrowsAsync<FencedException>(() => grain.Add(4));
        Assert.Contains("tally/t", refusal.Message, StringComparison.Ordinal);
        var after = await grain.Add(4);
        Assert.Equal(107, after.Total);
        Assert.NotEqual(before.Activation, after.Activation);
    }

    [Fact]
    public async Task A_grain_that_does_not_know_the_outcome_tells_its_caller_and_comes_back_with_the_truth()
    {
        var grain = await Tally(1, 2);
        var before = await grain.Total();
        Query(RefuseToCommitPoison);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => grain.Add(-1));
        var after = await grain.Add(4);
        Assert.Equal(7, after.Total);
        Assert.NotEqual(before.Activation, after.Activation);
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_kept_fails_no_command()
    {
        var grain = await Tally(1, 2);
        Query("ALTER TABLE OrleansStorage RENAME TO away");
        foreach (var amount in new[] { 3, 4, 5 })
            await grain.Add(amount);
        Query("ALTER TABLE away RENAME TO OrleansStorage");
        foreach (var amount in new[] { 6, 7, 8 })
            await grain.Add(amount);
        Assert.Equal((36, 0), await ComesBack(grain));
    }

    [Fact]
    public async Task A_snapshot_that_somebody_else_has_written_ends_this_activation_and_fails_no_command()
    {
        var grain = await Tally(1, 2, 3, 4, 5, 6, 7);
        var before = await grain.Total();
        Query("UPDATE OrleansStorage SET Version = Version + 1");
        Assert.Equal(36, (await grain.Add(8)).Total);
        var after = await grain.Total();
        Assert.Equal(36, after.Total);
        Assert.NotEqual(before.Activation, after.Activation);
    }

    [Fact]
    public async Task Public_facts_are_those_of_the_new_state()
    {
        await Tally(1, 2, 0);
        List<PublicState> states = [];
        await foreach (var state in Journal.PublicStates("tally/", Cancellation))
            states.Add(state);
        Assert.Equal((2L, "3"), (states[0].Seq, Encoding.UTF8.GetString(Assert.Single(states).Payload.Span)));
    }

    [Fact]
    public async Task What_follows_from_the_new_state_stands_in_the_row_and_the_history_beside_it()
    {
        var grain = await Tally(60, 60, 1);
        Assert.Equal(["60", "[60,120]", "1"], (await Journal.Read("tally/t", 0, Cancellation)).Select(row => Encoding.UTF8.GetString(row.Event.Payload.Span)));
        var left = Assert.Single(await Journal.History("tally/t", null, null, 10, Cancellation));
        Assert.Equal(("0001", "crossed", "120"), (left.OrderId, left.State, Encoding.UTF8.GetString(left.Payload.Span)));
        Assert.Equal((121, 3), await ComesBack(grain));
    }

    [Fact]
    public async Task A_row_that_was_fenced_or_lost_puts_nothing_into_the_history()
    {
        var grain = await Tally(150);
        await Intrude("tally/t", "1");
        await Assert.ThrowsAsync<FencedException>(() => grain.Add(100));
        Query(RefuseToCommitPoison);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => grain.Add(-100));
        Assert.Equal("0001", Assert.Single(await Journal.History("tally/t", null, null, 10, Cancellation)).OrderId);
    }

    [Fact]
    public async Task How_often_a_snapshot_is_kept_may_grow_with_the_state()
    {
        var grain = await Tally(1, 1, 1, 1, 1_000, 1, 1, 1);
        Assert.Equal((1_007, 4), await ComesBack(grain));
        foreach (var amount in new[] { 1, 1, 1, 1 })
            await grain.Add(amount);
        Assert.Equal((1_011, 0), await ComesBack(grain));
    }

    [Fact]
    public async Task Snapshots_are_written_in_time_while_the_journal_is_busy()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var (load, loaded) = (new List<Task<int>>(), 0);
        for (var i = 0; i < 64; i++)
            load.Add(AppendUntil($"load/{i}", () => Interlocked.Increment(ref loaded), stop.Token));
        var storage = Services.GetRequiredKeyedService<IGrainStorage>(JournalRegistration.Snapshots);
        var (written, slowest) = (0, TimeSpan.Zero);
        // A hundred at least, and as many as it takes until there was a load, however fast the snapshots are.
        for (; written < 100 || Volatile.Read(ref loaded) <= 100; written++)
        {
            var watch = Stopwatch.StartNew();
            await storage.WriteStateAsync("busy", GrainId.Create("busy", $"{written}"), new GrainState<Snapshot>(new Snapshot { Seq = written }));
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }
        await stop.CancelAsync();
        var rows = (await Task.WhenAll(load)).Sum();
        TestContext.Current.TestOutputHelper?.WriteLine($"{written} snapshots beside {rows} rows, the slowest in {slowest.TotalMilliseconds:N0} ms");
        Assert.Equal($"{written}", Query("SELECT count(*) FROM OrleansStorage"));
        Assert.True(rows > 100, "There was no load to speak of.");
        Assert.True(slowest < TimeSpan.FromSeconds(2), $"A snapshot took {slowest}.");
    }

    protected abstract void Configure(ISiloBuilder silo);

    /// <summary>Runs SQL on the store; the first value as text.</summary>
    protected abstract string Query(string sql);

    private async Task<ITallyGrain> Tally(params int[] amounts)
    {
        var grain = _cluster.Client.GetGrain<ITallyGrain>("t");
        foreach (var amount in amounts)
            await grain.Add(amount);
        return grain;
    }

    private async Task<(int Total, int Replayed)> ComesBack(ITallyGrain grain)
    {
        await _cluster.DeactivateAsync(grain);
        return Seen(await grain.Total());
    }

    private static (int Total, int Replayed) Seen(TallyAnswer answer) => (answer.Total, answer.Replayed);

    /// <summary>Writes the stream's next row behind the grain's back.</summary>
    private async Task Intrude(string stream, string payload)
    {
        var last = (await Journal.Read(stream, 0, Cancellation))[^1];
        await Journal.Append(new Append(stream, last.Seq + 1, last.Hash, last.At, new JournalEvent("Added", 1, "other", "test", Encoding.UTF8.GetBytes(payload)), null), Cancellation);
    }

    private async Task<int> AppendUntil(string stream, Action appended, CancellationToken stop)
    {
        JournalRow? last = null;
        for (; !stop.IsCancellationRequested; appended())
            last = await Journal.Append(new Append(stream, (last?.Seq ?? 0) + 1, last?.Hash ?? default, Instant.FromUnixTimeSeconds(0), new JournalEvent("Noted", 1, "a", "load", "1"u8.ToArray()), null), Cancellation);
        return (int)(last?.Seq ?? 0);
    }
}
