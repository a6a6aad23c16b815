using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <content>Lanes that are over: they cost readers nothing, and no row of them is ever missed.</content>
public abstract partial class JournalSuite
{
    [Fact]
    public async Task A_writer_that_closes_says_where_its_lane_ends()
    {
        using (var journal = Open())
            await Fill(journal, "a", 3);
        Assert.Equal("3", Query("SELECT ended FROM lane"));
    }

    [Fact]
    public async Task A_lane_left_after_a_failure_is_closed_when_the_next_one_opens()
    {
        RefuseToCommitPoison();
        using var journal = Open();
        var head = await Fill(journal, "a", 2);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => journal.Append(Row("p", 1, default, "x", "Poison"), Cancellation));
        Assert.Equal("", Query("SELECT ended FROM lane"));
        await journal.Append(Row("a", 3, head), Cancellation);
        Assert.Equal("2", Query("SELECT ended FROM lane ORDER BY lane LIMIT 1"));
        await AssertSound(journal);
    }

    [Fact]
    public async Task A_lane_whose_writer_lives_is_not_closed_by_another_that_opens()
    {
        using var held = new ManualResetEventSlim();
        using var reached = new SemaphoreSlim(0);
        var dialect = new AlteredDialect(Dialect());
        using var one = Open(dialect);
        var head = await Fill(one, "a", 1);
        // On SQLite the second writer would wait for the held commit, so there the first merely stands idle.
        if (WritesBesideOthers)
            dialect.OnCommit = batch =>
            {
                reached.Release();
                held.Wait(CancellationToken.None);
                batch.Commit();
            };
        else
            held.Set();
        using var two = Open();
        var cursors = await two.Ends(Cancellation);
        var late = WritesBesideOthers ? one.Append(Row("a", 2, head), Cancellation) : null;
        if (late is not null)
            await reached.WaitAsync(Cancellation);
        await Fill(two, "b", 1);
        var (before, living) = (await two.Tail(cursors, 10, Cancellation), Query("SELECT count(*) FROM lane WHERE ended IS NULL"));
        // Let go before anything is asserted: a test that failed here would wait for its own writer for ever.
        held.Set();
        Assert.Equal("b", Assert.Single(before).Stream);
        Assert.Equal("2", living);
        await (late ?? one.Append(Row("a", 2, head), Cancellation));
        Assert.Equal("a", Assert.Single(await two.Tail(cursors, 10, Cancellation)).Stream);
    }

    [Fact]
    public async Task A_lane_that_was_wrongly_closed_is_what_would_lose_a_row()
    {
        using var one = Open();
        var head = await Fill(one, "a", 1);
        var cursors = await one.Ends(Cancellation);
        Execute("UPDATE lane SET ended = 1");
        Assert.Empty(await one.Tail(cursors, 10, Cancellation));
        await one.Append(Row("a", 2, head), Cancellation);
        Assert.Empty(await one.Tail(cursors, 10, Cancellation));
    }

    [Fact]
    public async Task Lanes_that_opened_and_ended_while_the_reader_was_away_are_read_to_their_end()
    {
        using var reader = Open();
        var cursors = await reader.Ends(Cancellation);
        for (var lane = 0; lane < 5; lane++)
            using (var writer = Open())
                await Fill(writer, $"s/{lane}", 3);
        List<JournalRow> rows = [];
        while (await reader.Tail(cursors, 2, Cancellation) is { Count: > 0 } some)
            rows.AddRange(some);
        Assert.Equal(15, rows.Select(Acknowledgement.Of).Distinct().Count());
        Assert.Equal(15, rows.Count);
    }

    [Fact]
    public async Task A_lane_that_ends_while_the_reader_is_behind_is_read_to_its_end()
    {
        using var reader = Open();
        var cursors = new LaneCursors();
        using (var writer = Open())
        {
            await Fill(writer, "a", 7);
            Assert.Equal(3, (await reader.Tail(cursors, 3, Cancellation)).Count);
        }
        Assert.Equal([4, 5], (await reader.Tail(cursors, 2, Cancellation)).Select(row => row.Seq));
        Assert.Equal([6, 7], (await reader.Tail(cursors, 2, Cancellation)).Select(row => row.Seq));
        Assert.Empty(await reader.Tail(cursors, 2, Cancellation));
        Assert.Empty(cursors.Unfinished);
    }

    [Fact]
    public async Task A_tail_that_fails_half_way_loses_no_row()
    {
        var dialect = new AlteredDialect(Dialect());
        using var reader = Open(dialect);
        using (var one = Open())
            await Fill(one, "a", 3);
        using (var two = Open())
            await Fill(two, "b", 3);
        var cursors = new LaneCursors();
        // Divides by zero, or overflows, at the second lane.
        dialect.LaneReading = dialect.ReadLane.Replace("@lane AND", $"@lane AND {FailsUnless("lane = 1")} AND", StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<DbException>(() => reader.Tail(cursors, 10, Cancellation));
        dialect.LaneReading = null;
        Assert.Equal(6, (await reader.Tail(cursors, 10, Cancellation)).Count);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_told_in_an_exception_of_our_own()
    {
        using var journal = Open();
        Execute("ALTER TABLE journal RENAME TO away");
        var refusal = await Assert.ThrowsAsync<JournalUnavailableException>(() => journal.Read("a", 0, Cancellation));
        Assert.Contains("Stream a cannot be read", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0xD800)] // half a character
    public async Task A_text_that_one_of_the_stores_could_not_keep_is_refused_before_it_meets_others(int code)
    {
        var text = $"a{(char)code}b";
        using var journal = Open();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => journal.Append(Row(text, 1, default), Cancellation));
        var row = Row("a", 1, default);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => journal.Append(row with { Event = row.Event with { Reason = text } }, Cancellation));
        Assert.Empty(await journal.Ends(Cancellation));
    }

    [Fact]
    public async Task A_poll_costs_the_same_after_a_thousand_lanes_as_after_one()
    {
        using var journal = Open();
        await Fill(journal, "a", 1);
        Lanes(1);
        var one = await PollCost(journal);
        Lanes(1000);
        var many = await PollCost(journal);
        // The negative control: a thousand lanes that are not over are looked at one by one.
        Execute("UPDATE lane SET ended = NULL");
        var live = await PollCost(journal);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a poll costs {one:N0} µs after 1 lane, {many:N0} µs after 1,000, {live:N0} µs were those 1,000 alive"));
        Assert.True(many < 3 * one, $"{one} µs became {many} µs.");
        Assert.True(live > 3 * many, $"1,000 live lanes cost {live} µs, hardly more than the {many} µs of lanes that are over: the measure measures nothing.");
    }

    /// <summary>Whether two writers can have a transaction open at the same time.</summary>
    protected virtual bool WritesBesideOthers => false;

    /// <summary>A condition that holds where <paramref name="condition"/> does, and is an error where it does not.</summary>
    protected abstract string FailsUnless(string condition);

    protected string Query(string sql)
    {
        using var connection = Dialect().OpenWriter();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return $"{command.ExecuteScalar()}";
    }

    /// <summary>Lanes of one row each that are over; the statistics know of them, as they do within a minute wherever autovacuum runs.</summary>
    private void Lanes(int count) => Execute(
        $"""
        INSERT INTO lane (writer, opened, ended) WITH RECURSIVE many (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM many WHERE i < {count}) SELECT 'gone', 0, 1 FROM many;
        INSERT INTO journal SELECT 'of/' || lane.lane, 1, lane.lane, 1, 0, 'Noted', 1, 'a', 'test', journal.payload, journal.hash FROM lane, journal
        WHERE journal.stream = 'a' AND lane.writer = 'gone' AND NOT EXISTS (SELECT 1 FROM journal AS there WHERE there.lane = lane.lane);
        ANALYZE lane; ANALYZE journal;
        """);

    /// <summary>Microseconds of an empty poll: the fastest of many, which a busy machine disturbs least.</summary>
    private static async Task<double> PollCost(SqlJournal journal)
    {
        var cursors = await journal.Ends(Cancellation);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 200; i++)
        {
            var watch = Stopwatch.StartNew();
            Assert.Empty(await journal.Tail(cursors, 100, Cancellation));
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }
        return best.TotalMicroseconds;
    }
}
