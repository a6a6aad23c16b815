using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>What the journal promises, whatever database is beneath it. One store per test; each call of <see cref="Dialect"/> reaches the same one.</summary>
public abstract class JournalSuite
{
    private static readonly Instant Noon = Instant.FromUtc(2027, 5, 1, 12, 0);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract JournalDialect Dialect();

    /// <summary>Makes the store refuse, at commit and not before, every transaction that wrote a row of kind <c>Poison</c>.</summary>
    protected abstract void RefuseToCommitPoison();

    [Fact]
    public async Task A_row_is_read_back_as_it_was_written()
    {
        using var journal = Open();
        var at = Noon.PlusTicks(1234567);
        var written = await journal.Append(new Append("pharmacy/1", 1, default, at, new JournalEvent("HoursChanged", 3, "a7", "été", "{\"é\":1}"u8.ToArray()), null), Cancellation);
        var read = Assert.Single(await journal.Read("pharmacy/1", 0, Cancellation));
        Assert.Equal(("pharmacy/1", 1, 1, at, "HoursChanged", 3, "a7", "été"), (read.Stream, read.Seq, read.N, read.At, read.Event.Kind, read.Event.Version, read.Event.Actor, read.Event.Reason));
        Assert.Equal("{\"é\":1}"u8.ToArray(), read.Event.Payload.ToArray());
        Assert.Equal(written.Hash.ToArray(), read.Hash.ToArray());
        Assert.Equal(JournalHash.Size, read.Hash.Length);
    }

    [Fact]
    public async Task Only_rows_after_the_given_one_are_read_and_only_of_that_stream()
    {
        using var journal = Open();
        await Fill(journal, "a", 5);
        await Fill(journal, "ab", 2);
        Assert.Equal([4, 5], (await journal.Read("a", 3, Cancellation)).Select(row => row.Seq));
        Assert.Empty(await journal.Read("a", 5, Cancellation));
    }

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
        var (faults, _) = await Race(new AlteredDialect(Dialect()) { Insert = AlteredDialect.WithoutFence }, new AlteredDialect(Dialect()) { Insert = AlteredDialect.WithoutFence });
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
    public async Task Public_facts_are_of_the_last_row_that_changed_them()
    {
        using var journal = Open();
        var one = await journal.Append(Row("pharmacy/1", 1, default) with { PublicState = "one"u8.ToArray() }, Cancellation);
        await journal.Append(Row("pharmacy/1", 2, one.Hash), Cancellation);
        var state = Assert.Single(await PublicStates(journal, "pharmacy/"));
        Assert.Equal(("pharmacy/1", 1L, "one"), (state.Stream, state.Seq, Encoding.UTF8.GetString(state.Payload.Span)));
    }

    [Fact]
    public async Task A_fenced_row_leaves_the_public_facts_alone()
    {
        using var journal = Open();
        await journal.Append(Row("pharmacy/1", 1, default) with { PublicState = "true"u8.ToArray() }, Cancellation);
        await Assert.ThrowsAsync<FencedException>(() => journal.Append(Row("pharmacy/1", 1, default) with { PublicState = "false"u8.ToArray() }, Cancellation));
        Assert.Equal("true"u8.ToArray(), Assert.Single(await PublicStates(journal, "pharmacy/")).Payload.ToArray());
    }

    [Fact]
    public async Task Public_facts_are_never_empty_by_mistake()
    {
        using var journal = Open();
        byte[]? none = null;
        await Assert.ThrowsAsync<ArgumentException>(() => journal.Append(Row("a", 1, default) with { PublicState = none }, Cancellation));
        Assert.Empty(await PublicStates(journal, ""));
    }

    [Fact]
    public async Task A_row_that_is_not_there_has_no_public_facts_either()
    {
        RefuseToCommitPoison();
        using var journal = Open();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => journal.Append(Row("p", 1, default, "x", "Poison") with { PublicState = "x"u8.ToArray() }, Cancellation));
        Assert.Empty(await PublicStates(journal, ""));
    }

    [Fact]
    public async Task Public_states_are_found_by_prefix_across_pages()
    {
        using var journal = Open();
        await Task.WhenAll(Enumerable.Range(0, 2500).Select(i => journal.Append(Row($"pharmacy/{i:D5}", 1, default) with { PublicState = "x"u8.ToArray() }, Cancellation)));
        foreach (var other in new[] { "pharmacx/1", "pharmacy0", "oncall/75", "pharmacy/" })
            await journal.Append(Row(other, 1, default) with { PublicState = "x"u8.ToArray() }, Cancellation);
        var found = await PublicStates(journal, "pharmacy/");
        Assert.Equal(2501, found.Select(state => state.Stream).Distinct().Count());
        Assert.Equal(2501, found.Count);
        Assert.Equal("oncall/75", Assert.Single(await PublicStates(journal, "oncall/75")).Stream);
        Assert.Equal(2504, (await PublicStates(journal, "")).Count);
    }

    [Fact]
    public async Task The_tail_gives_every_row_once_and_in_the_order_of_its_lane_and_stream()
    {
        using var one = Open();
        using var two = Open();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Fill(i % 2 == 0 ? one : two, $"s/{i}", 30)));
        var cursors = new LaneCursors();
        List<JournalRow> tailed = [];
        while (await two.Tail(cursors, 7, Cancellation) is { Count: > 0 } rows)
        {
            Assert.InRange(rows.Count, 1, 7);
            tailed.AddRange(rows);
        }
        Assert.Equal(600, tailed.Count);
        Assert.Equal(2, cursors.Count);
        foreach (var lane in tailed.GroupBy(row => row.Lane))
            Assert.Equal(lane.Select(row => row.N).Order(), lane.Select(row => row.N));
        foreach (var stream in tailed.GroupBy(row => row.Stream))
            Assert.Equal((await one.Read(stream.Key, 0, Cancellation)).Select(Acknowledgement.Of), stream.Select(Acknowledgement.Of));
    }

    [Fact]
    public async Task A_tail_from_the_ends_sees_only_what_comes_later_also_in_lanes_that_open_later()
    {
        using var one = Open();
        var head = await Fill(one, "a", 10);
        var cursors = await one.Ends(Cancellation);
        Assert.Empty(await one.Tail(cursors, 100, Cancellation));
        using var two = Open();
        await two.Append(Row("a", 11, head), Cancellation);
        Assert.Equal(11, Assert.Single(await one.Tail(cursors, 100, Cancellation)).Seq);
        Assert.Empty(await one.Tail(cursors, 100, Cancellation));
    }

    [Fact]
    public async Task The_reader_of_this_process_is_signalled_after_the_commit()
    {
        using var journal = Open();
        using var signal = new SemaphoreSlim(0);
        journal.Committed += () => signal.Release();
        var cursors = new LaneCursors();
        await journal.Append(Row("a", 1, default), Cancellation);
        Assert.True(await signal.WaitAsync(TimeSpan.FromSeconds(5), Cancellation));
        Assert.Single(await journal.Tail(cursors, 10, Cancellation));
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_stop_the_writer()
    {
        using var journal = Open();
        journal.Committed += () => throw new InvalidOperationException("A reader's mistake.");
        await Fill(journal, "a", 3);
        await AssertSound(journal);
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

    [Fact]
    public async Task A_byte_changed_behind_the_journals_back_breaks_the_chain_there()
    {
        using var journal = Open();
        await Fill(journal, "a", 9);
        Assert.Null(JournalHash.FirstBroken(await journal.Read("a", 0, Cancellation)));
        foreach (var column in new[] { "at = at + 1", "kind = 'Other'", "version = 2", "actor = 'b'", "reason = 'other'", "payload = hash", "lane = 77", "n = 77" })
        {
            Execute($"CREATE TABLE kept AS SELECT * FROM journal; UPDATE journal SET {column} WHERE stream = 'a' AND seq = 4;");
            Assert.Equal(4, JournalHash.FirstBroken(await journal.Read("a", 0, Cancellation)));
            Execute("DELETE FROM journal; INSERT INTO journal SELECT * FROM kept; DROP TABLE kept;");
        }
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE stream = 'a' AND seq = 9", "acknowledged and is missing")]
    [InlineData("DELETE FROM journal WHERE stream = 'a' AND seq = 4", "hole")]
    [InlineData("UPDATE journal SET seq = 10 WHERE stream = 'a' AND seq = 9", "hole")]
    [InlineData("UPDATE journal SET n = 10 WHERE n = 9", "lane")]
    [InlineData("UPDATE journal SET payload = hash WHERE seq = 4", "chain")]
    [InlineData("INSERT INTO journal SELECT 'a', 10, lane, 10, at, kind, version, actor, reason, payload, hash FROM journal WHERE seq = 9", "chain")]
    public async Task The_check_of_the_kill_tests_reports_a_damaged_journal(string damage, string fault)
    {
        using var journal = Open();
        await Fill(journal, "a", 9);
        var told = (await JournalCheck.Everything(journal)).Select(Acknowledgement.Of).ToList();
        Assert.Empty(JournalCheck.Faults(await JournalCheck.Everything(journal), told, 0));
        Execute(damage);
        Assert.Contains(JournalCheck.Faults(await JournalCheck.Everything(journal), told, 0), found => found.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Acknowledging_before_the_commit_is_found_out_by_that_check()
    {
        var dialect = new AlteredDialect(Dialect());
        using var journal = Open(dialect);
        var head = await Fill(journal, "a", 5);
        var told = (await JournalCheck.Everything(journal)).Select(Acknowledgement.Of).ToList();
        dialect.OnCommit = batch => batch.Rollback();
        told.Add(Acknowledgement.Of(await journal.Append(Row("a", 6, head), Cancellation)));
        Assert.Contains(JournalCheck.Faults(await JournalCheck.Everything(journal), told, 0), fault => fault.Contains("acknowledged and is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_row_that_nobody_was_told_of_is_found_out_by_that_check()
    {
        using var journal = Open();
        await Fill(journal, "a", 5);
        var rows = await JournalCheck.Everything(journal);
        Assert.Empty(JournalCheck.Faults(rows, rows.Take(4).Select(Acknowledgement.Of), 1));
        Assert.NotEmpty(JournalCheck.Faults(rows, rows.Take(3).Select(Acknowledgement.Of), 1));
    }

    [Fact]
    public async Task Opening_a_store_again_changes_nothing_in_it()
    {
        using (var journal = Open())
            await Fill(journal, "a", 3);
        using var again = Open();
        Assert.Equal(3, (await again.Read("a", 0, Cancellation)).Count);
        await AssertSound(again);
    }

    [Fact]
    public void A_store_of_a_newer_program_is_refused_and_left_alone()
    {
        Open().Dispose();
        Execute("INSERT INTO realtime_schema (number) VALUES (1000)");
        var refusal = Assert.Throws<SchemaException>(() => Open());
        Assert.Contains("was written by a newer version of this program (schema 1000", refusal.Message, StringComparison.Ordinal);
    }

    protected SqlJournal Open(JournalDialect? dialect = null) => new(dialect ?? Dialect(), TimeProvider.System, NullLogger<SqlJournal>.Instance);

    protected static Append Row(string stream, long seq, ReadOnlyMemory<byte> previous, string text = "x", string kind = "Noted") =>
        new(stream, seq, previous, Noon, new JournalEvent(kind, 1, "a", "test", Encoding.UTF8.GetBytes($"\"{text}\"")), null);

    /// <summary>Appends rows to an empty stream, one after another; returns the last hash.</summary>
    protected static async Task<ReadOnlyMemory<byte>> Fill(IJournal journal, string stream, int rows)
    {
        ReadOnlyMemory<byte> head = default;
        for (var seq = 1; seq <= rows; seq++)
            head = (await journal.Append(Row(stream, seq, head), Cancellation)).Hash;
        return head;
    }

    protected void Execute(string sql)
    {
        using var connection = Dialect().OpenWriter();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static Append RowOf(string stream, int bytes) => new(stream, 1, default, Noon, new JournalEvent("Noted", 1, "a", "test", new byte[bytes]), null);

    private static async Task<List<PublicState>> PublicStates(SqlJournal journal, string prefix)
    {
        List<PublicState> states = [];
        await foreach (var state in journal.PublicStates(prefix, Cancellation))
            states.Add(state);
        return states;
    }

    private static async Task AssertSound(SqlJournal journal)
    {
        var rows = await JournalCheck.Everything(journal);
        Assert.Empty(JournalCheck.Faults(rows, rows.Select(Acknowledgement.Of), 0));
    }

    /// <summary>Eight writers over two journals read the same head, then all append after it at once; forty rounds.</summary>
    private async Task<(IReadOnlyList<string> Faults, int Winners)> Race(JournalDialect left, JournalDialect right)
    {
        using var one = Open(left);
        using var two = Open(right);
        List<Acknowledgement> told = [];
        for (var round = 0; round < 40; round++)
        {
            var last = await one.Read("raced", 0, Cancellation) is [.., var head] ? head : null;
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => TryAppend(i % 2 == 0 ? one : two, Row("raced", (last?.Seq ?? 0) + 1, last?.Hash ?? default, $"{round}/{i}"))));
            told.AddRange(answers.OfType<JournalRow>().Select(Acknowledgement.Of));
        }
        return (JournalCheck.Faults(await JournalCheck.Everything(one), told, 0), told.Count);
    }

    private static async Task<JournalRow?> TryAppend(SqlJournal journal, Append append)
    {
        try
        {
            return await journal.Append(append, Cancellation);
        }
        catch (FencedException)
        {
            return null; // Somebody else won the round.
        }
    }
}
