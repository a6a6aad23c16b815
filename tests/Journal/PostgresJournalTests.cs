using System.Diagnostics;
using Npgsql;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>The same promises on PostgreSQL, a database for each test.</summary>
public sealed class PostgresJournalTests(PostgresServer server) : JournalSuite, IAsyncLifetime
{
    private readonly List<NpgsqlDataSource> _sources = [];
    private string _connection = "";

    protected override string WithoutFence =>
        """
        INSERT INTO journal (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash)
        SELECT stream, seq, lane, n, at, kind, version, actor, reason, payload, hash
        FROM unnest(@stream, @seq, @lane, @n, @at, @kind, @version, @actor, @reason, @payload, @hash, @previous)
            AS new (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash, previous)
        ON CONFLICT (stream, seq) DO UPDATE SET lane = excluded.lane, n = excluded.n, payload = excluded.payload, hash = excluded.hash
        RETURNING n
        """;

    protected override bool WritesBesideOthers => true;

    [Fact]
    public async Task A_connection_that_is_cut_leaves_the_outcome_unknown_and_the_next_writer_closes_the_lane()
    {
        var dialect = new AlteredDialect(Dialect());
        using var journal = Open(dialect);
        using var reader = Open();
        var head = await Fill(journal, "a", 2);
        var cursors = await reader.Ends(Cancellation);
        dialect.OnCommit = batch =>
        {
            dialect.OnCommit = later => later.Commit();
            Query($"SELECT pg_terminate_backend({((NpgsqlConnection)batch.Connection!).ProcessID})");
            batch.Commit();
        };
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => journal.Append(Row("a", 3, head), Cancellation));
        Assert.Equal(2, (await journal.Read("a", 0, Cancellation)).Count);
        var after = await journal.Append(Row("a", 3, head), Cancellation);
        Assert.Equal((2, 1), (after.Lane, after.N));
        Assert.Equal("2", Query("SELECT ended FROM lane WHERE lane = 1"));
        Assert.Equal(3, Assert.Single(await reader.Tail(cursors, 10, Cancellation)).Seq);
        await AssertSound(journal);
    }

    [Fact]
    public async Task Two_writers_that_meet_on_many_streams_fence_each_other_and_never_wait_in_a_circle()
    {
        using var one = Open();
        using var two = Open();
        var random = new Random(Campaign.Seed);
        for (var round = 0; round < 20; round++)
        {
            var streams = Enumerable.Range(0, 50).Select(i => $"{round}/{i}").ToArray();
            var appends = new[] { one, two }.SelectMany(journal => random.GetItems(streams, 200).Distinct().Select(stream => TryAppend(journal,
                Row(stream, 1, default) with { PublicState = "x"u8.ToArray(), History = [.. random.GetItems(streams, 5).Distinct().Select(order => new HistoryEntry(order, "done", "{}"u8.ToArray()))] }))).ToList();
            await Task.WhenAll(appends);
        }
        await AssertSound(one);
    }

    [Fact]
    public async Task Clients_that_hold_transactions_open_delay_no_reader()
    {
        await using var idle = new NpgsqlConnection(_connection + ";Pooling=false");
        await idle.OpenAsync(Cancellation);
        await using var elsewhere = new NpgsqlConnection(await server.NewDatabase() + ";Pooling=false");
        await elsewhere.OpenAsync(Cancellation);
        using var journal = Open();
        await Fill(journal, "a", 1);
        foreach (var (connection, sql) in new[] { (idle, "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM journal; SELECT pg_current_xact_id()"), (elsewhere, "BEGIN; CREATE TABLE open_write (i int); INSERT INTO open_write VALUES (1)") })
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
        var cursors = await journal.Ends(Cancellation);
        ReadOnlyMemory<byte> head = default;
        List<TimeSpan> reads = [];
        for (var seq = 1; seq <= 200; seq++)
        {
            head = (await journal.Append(Row("b", seq, head), Cancellation)).Hash;
            var watch = Stopwatch.StartNew();
            Assert.Equal(seq, Assert.Single(await journal.Tail(cursors, 10, Cancellation)).Seq);
            reads.Add(watch.Elapsed);
        }
        reads.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine($"200 rows beside an idle transaction and a write in another database, each there at the first look: 95 % within {reads[189].TotalMilliseconds:N1} ms, the slowest in {reads[^1].TotalMilliseconds:N1} ms");
        Assert.True(reads[189] < TimeSpan.FromMilliseconds(250), $"Readers waited {reads[189]}.");
    }

    [Fact]
    public async Task A_reader_begins_within_5_seconds_on_a_country_of_public_states()
    {
        var rows = Campaign.Long ? 1_000_000 : 100_000;
        Open().Dispose();
        // Three of four rows lie in lanes that are over, 500 of them; public facts are about as long as a pharmacy's.
        Execute(
            $"""
            INSERT INTO lane (writer, opened, ended) SELECT 'gone', 0, {rows} * 3 / 4 / 500 FROM generate_series(1, 500);
            INSERT INTO lane (writer, opened) VALUES ('live', 0);
            INSERT INTO journal SELECT 'pharmacy/' || i % 20174, i / 20174 + 1, l, n, 0, 'HoursChanged', 1, 'a', 'test', convert_to(repeat('x', 300), 'UTF8'), decode(repeat('00', 32), 'hex')
            FROM (SELECT i, CASE WHEN i < {rows} * 3 / 4 THEN i / ({rows} * 3 / 4 / 500) + 1 ELSE 501 END AS l, CASE WHEN i < {rows} * 3 / 4 THEN i % ({rows} * 3 / 4 / 500) + 1 ELSE i - {rows} * 3 / 4 + 1 END AS n FROM generate_series(0, {rows} - 1) AS i) AS made;
            INSERT INTO public_state SELECT 'pharmacy/' || i, 1, convert_to(repeat('y', 1200), 'UTF8') FROM generate_series(0, 20173) AS i;
            """);
        using var journal = Open();
        var watch = Stopwatch.StartNew();
        var cursors = await journal.Ends(Cancellation);
        var ends = watch.Elapsed;
        Assert.Equal(20_174, (await PublicStates(journal, "pharmacy/")).Count);
        var states = watch.Elapsed - ends;
        Assert.Empty(await journal.Tail(cursors, 1000, Cancellation));
        TestContext.Current.TestOutputHelper?.WriteLine($"{rows:N0} rows in 501 lanes, 20,174 public states: lane ends in {ends.TotalMilliseconds:N0} ms, states in {states.TotalMilliseconds:N0} ms");
        Assert.Equal(rows, cursors.Values.Sum());
        Assert.Equal(501, cursors.Count);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"It took {watch.Elapsed}.");
    }

    public async ValueTask InitializeAsync() => _connection = await server.NewDatabase();

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
            await source.DisposeAsync();
    }

    protected override JournalDialect Dialect() => new PostgresDialect(Source());

    /// <summary>A constraint that is looked at only when the transaction commits.</summary>
    protected override void RefuseToCommitPoison()
    {
        Open().Dispose();
        Execute(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''poisoned''; END';
            CREATE CONSTRAINT TRIGGER poisoned AFTER INSERT ON journal DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW WHEN (NEW.kind = 'Poison') EXECUTE FUNCTION refuse();
            """);
    }

    protected override string FailsUnless(string condition) => $"CASE WHEN {condition} THEN true ELSE 1 / (lane - lane) = 1 END";

    private NpgsqlDataSource Source(string more = "")
    {
        var source = PostgresSource.Open($"{_connection};{more}");
        _sources.Add(source);
        return source;
    }
}
