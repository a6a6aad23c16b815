using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <content>Appending: the fence, group commit, and what happens when the store fails.</content>
public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_number_that_is_taken_is_fenced_and_its_row_stays()
    {
        using var journal = Open();
        var first = await journal.Append(Row("a", 1, default, "one"), Cancellation);
        await Assert.ThrowsAsync<FencedException>(() => journal.Append(Row("a", 1, default, "two"), Cancellation));
        Assert.Equal(first.Hash.ToArray(), Assert.Single(await journal.Read("a", 0, Cancellation)).Hash.ToArray());
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1_000_000)]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_number_that_would_leave_a_hole_is_fenced(long seq)
    {
        using var journal = Open();
        var head = await Fill(journal, "a", 1);
        await Assert.ThrowsAsync<FencedException>(() => journal.Append(Row("a", seq, head), Cancellation));
        await Assert.ThrowsAsync<FencedException>(() => journal.Append(Row("empty", seq, default), Cancellation));
    }

    [Fact]
    public async Task A_writer_that_knows_another_row_before_it_is_fenced()
    {
        using var journal = Open();
        var head = await Fill(journal, "a", 1);
        var other = head.ToArray();
        other[0] ^= 1;
        await Assert.ThrowsAsync<FencedException>(() => journal.Append(Row("a", 2, other), Cancellation));
        await Assert.ThrowsAsync<FencedException>(() => journal.Append(Row("a", 2, default), Cancellation));
        await Assert.ThrowsAsync<FencedException>(() => journal.Append(Row("b", 1, head), Cancellation));
        Assert.Equal(2, (await journal.Append(Row("a", 2, head), Cancellation)).Seq);
    }

    [Fact]
    public async Task A_fenced_row_fails_alone_and_takes_no_number_of_the_lane()
    {
        using var journal = Open();
        await Fill(journal, "a", 1);
        List<Task<JournalRow>> appends = [];
        for (var i = 0; i < 50; i++)
            appends.Add(journal.Append(i % 2 == 0 ? Row($"b{i}", 1, default) : Row("a", 1, default), Cancellation));
        await Task.WhenAll(appends).ContinueWith(static _ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);
        for (var i = 0; i < 50; i++)
            Assert.Equal(i % 2 == 0, appends[i].IsCompletedSuccessfully);
        Assert.All(appends.Where(append => append.IsFaulted), append => Assert.IsType<FencedException>(append.Exception!.InnerException));
        await AssertSound(journal);
        Assert.Equal(26, Assert.Single(await journal.Ends(Cancellation)).Value);
    }

    [Fact]
    public async Task Of_eight_writers_racing_for_each_number_one_wins()
    {
        var (faults, winners) = await Race(Dialect(), Dialect());
        Assert.Empty(faults);
        Assert.Equal(40, winners);
    }

    [Fact]
    public async Task Without_the_fence_the_same_race_loses_acknowledged_rows()
    {
        var (faults, _) = await Race(new AlteredDialect(Dialect()) { Insert = WithoutFence }, new AlteredDialect(Dialect()) { Insert = WithoutFence });
        Assert.Contains(faults, fault => fault.Contains("was acknowledged and is missing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    public async Task Appends_that_wait_together_are_committed_together(int streams)
    {
        var dialect = new AlteredDialect(Dialect());
        using var journal = Open(dialect);
        var rows = Campaign.Long ? 400 : 40;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, streams).Select(stream => Fill(journal, $"s/{stream}", rows)));
        TestContext.Current.TestOutputHelper?.WriteLine($"{streams} streams: {streams * rows / watch.Elapsed.TotalSeconds:N0} appends/s, {(double)streams * rows / dialect.Commits:N1} rows per transaction");
        Assert.True(dialect.Commits * 4 < streams * rows, $"{dialect.Commits} transactions for {streams * rows} rows");
        await AssertSound(journal);
    }

    [Fact]
    public async Task Nobody_is_answered_before_the_commit()
    {
        using var held = new ManualResetEventSlim();
        using var reached = new SemaphoreSlim(0);
        var dialect = new AlteredDialect(Dialect());
        dialect.OnCommit = batch =>
        {
            reached.Release();
            held.Wait(CancellationToken.None);
            batch.Commit();
        };
        using var journal = Open(dialect);
        var append = journal.Append(Row("a", 1, default), Cancellation);
        await reached.WaitAsync(Cancellation);
        Assert.False(append.IsCompleted);
        Assert.Empty(await journal.Read("a", 0, Cancellation));
        held.Set();
        await append;
        Assert.Single(await journal.Read("a", 0, Cancellation));
    }

    [Fact]
    public async Task A_store_that_refuses_the_commit_leaves_the_outcome_unknown_and_opens_a_new_lane()
    {
        RefuseToCommitPoison();
        using var journal = Open();
        var before = await journal.Append(Row("a", 1, default), Cancellation);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => journal.Append(Row("p", 1, default, "x", "Poison"), Cancellation));
        var after = await journal.Append(Row("a", 2, before.Hash), Cancellation);
        Assert.NotEqual(before.Lane, after.Lane);
        Assert.Equal(1, after.N);
        Assert.Empty(await journal.Read("p", 0, Cancellation));
        await AssertSound(journal);
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_unknown_to_everyone_in_it_and_its_rows_are_found_by_reading()
    {
        var dialect = new AlteredDialect(Dialect());
        using var journal = Open(dialect);
        dialect.OnCommit = batch =>
        {
            batch.Commit();
            throw new InvalidOperationException("The line went dead after the commit.");
        };
        var appends = Enumerable.Range(0, 20).Select(i => journal.Append(Row($"s/{i}", 1, default), Cancellation)).ToList();
        foreach (var append in appends)
            await Assert.ThrowsAsync<OutcomeUnknownException>(() => append);
        dialect.OnCommit = batch => batch.Commit();
        var found = Assert.Single(await journal.Read("s/7", 0, Cancellation));
        await Assert.ThrowsAsync<FencedException>(() => journal.Append(Row("s/7", 1, default), Cancellation));
        await journal.Append(Row("s/7", 2, found.Hash), Cancellation);
        await AssertSound(journal);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_nothing_of_the_refused_is_written()
    {
        using var held = new ManualResetEventSlim();
        using var reached = new SemaphoreSlim(0);
        var dialect = new AlteredDialect(Dialect());
        dialect.OnCommit = batch =>
        {
            reached.Release();
            held.Wait(CancellationToken.None);
            batch.Commit();
        };
        using var journal = new SqlJournal(dialect, TimeProvider.System, NullLogger<SqlJournal>.Instance, queueCapacity: 4);
        List<Task<JournalRow>> accepted = [journal.Append(Row("first", 1, default), Cancellation)];
        await reached.WaitAsync(Cancellation);
        for (var i = 0; i < 4; i++)
            accepted.Add(journal.Append(Row($"waiting/{i}", 1, default), Cancellation));
        await Assert.ThrowsAsync<JournalFullException>(() => journal.Append(Row("refused", 1, default), Cancellation));
        held.Set();
        await Task.WhenAll(accepted);
        Assert.Empty(await journal.Read("refused", 0, Cancellation));
        await journal.Append(Row("refused", 1, default), Cancellation);
    }

    [Fact]
    public async Task A_payload_of_64_KB_is_taken_and_one_byte_more_is_refused_unwritten()
    {
        using var journal = Open();
        await journal.Append(RowOf("a", JournalEvent.MaxPayload), Cancellation);
        await Assert.ThrowsAsync<ArgumentException>(() => journal.Append(RowOf("b", JournalEvent.MaxPayload + 1), Cancellation));
        Assert.Empty(await journal.Read("b", 0, Cancellation));
    }

    [Fact]
    public async Task What_waits_is_written_before_the_journal_closes()
    {
        var journal = Open();
        var appends = Enumerable.Range(0, 100).Select(i => journal.Append(Row($"s/{i}", 1, default), Cancellation)).ToList();
        journal.Dispose();
        await Task.WhenAll(appends);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => journal.Append(Row("late", 1, default), Cancellation));
    }
}
