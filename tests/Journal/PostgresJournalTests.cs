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

    private NpgsqlDataSource Source(string more = "")
    {
        var source = PostgresSource.Open($"{_connection};{more}");
        _sources.Add(source);
        return source;
    }
}
