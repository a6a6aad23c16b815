using System.Data.Common;
using NodaTime;
using Npgsql;

namespace Realtime.Journal;

/// <summary>
/// The journal in a PostgreSQL database that several processes write and read at once. The fence keeps their rows apart: of two that insert the same number, the second waits for
/// the first to commit or fail. A lane is held by an advisory lock of its writer's session, which PostgreSQL gives back when that session is gone, and not before
/// its last transaction is decided; only then may somebody else close the lane's books. It needs sessions of its own: a pooler that shares them between clients would break that lock.
/// </summary>
/// <param name="source">Where connections come from; made by <see cref="PostgresSource"/>.</param>
public sealed class PostgresDialect(NpgsqlDataSource source) : JournalDialect
{
    /// <summary>The oldest server that has everything the schema uses (gen_random_uuid is built in since 13).</summary>
    internal static readonly Version Oldest = new(13, 0);

    // Any numbers would do; they keep our locks apart from those of other programs in the same database.
    private const int SchemaLock = 0x7265_0001;
    private const int OpeningLock = 0x7265_0002;
    private const int LaneLock = 0x7265_0003;

    private readonly NpgsqlConnectionStringBuilder _where = new(source.ConnectionString);

    /// <summary>Where connections come from.</summary>
    public NpgsqlDataSource Source => source;

    /// <inheritdoc/>
    public override string Name => $"database {_where.Database ?? _where.Username} on PostgreSQL at {_where.Host}:{_where.Port}";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Scripts { get; } =
    [
        PostgresSchema.Journal, PostgresOrleans.Snapshots, PostgresOrleans.Clustering, PostgresOrleans.Reminders, PostgresSchema.Catalogue, PostgresSchema.OrderHistory,
    ];

    /// <inheritdoc/>
    public override string CountSchemaTables => "SELECT count(to_regclass('realtime_schema'))";

    /// <inheritdoc/>
    /// <remarks>Pages are read along the keys, even where the statistics still say that the table is empty: anything else would sort the whole table for each page.</remarks>
    public override string BeginScan =>
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off";

    /// <inheritdoc/>
    /// <remarks>The row before is looked up by a scalar subquery, which PostgreSQL asks once per row through the key and never turns into a join over the whole table.</remarks>
    public override string InsertRows =>
        """
        INSERT INTO journal (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash)
        SELECT stream, seq, lane, n, at, kind, version, actor, reason, payload, hash
        FROM unnest(@stream, @seq, @lane, @n, @at, @kind, @version, @actor, @reason, @payload, @hash, @previous)
            AS new (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash, previous)
        WHERE (seq = 1 AND length(previous) = 0)
           OR (SELECT before.hash FROM journal AS before WHERE before.stream = new.stream AND before.seq = new.seq - 1) = new.previous
        ON CONFLICT (stream, seq) DO NOTHING
        RETURNING n
        """;

    /// <inheritdoc/>
    public override bool WritesInOneStep => true;

    /// <inheritdoc/>
    public override async Task<DbConnection> OpenReader(CancellationToken cancellation) => await source.OpenConnectionAsync(cancellation);

    /// <inheritdoc/>
    public override DbConnection OpenWriter()
    {
        var connection = source.OpenConnection();
        try
        {
            // Whatever the server's defaults: a commit is on the disk; each statement sees what was committed before it; a writer that hangs between two
            // statements does not keep its rows locked; and rows are found by their keys even where the statistics still say that the table is empty.
            using var settings = connection.Command(
                """
                SET synchronous_commit = on; SET default_transaction_isolation = 'read committed'; SET idle_in_transaction_session_timeout = '10s'; SET enable_seqscan = off
                """);
            settings.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    internal override long OpenLane(DbConnection connection, string writer, Instant now, long? left)
    {
        using var transaction = connection.BeginTransaction();
        // One opening at a time, until its commit is visible: that is what makes lanes visible in the order of their numbers.
        using var opening = connection.Command($"SELECT pg_advisory_xact_lock({OpeningLock}, 0)");
        opening.ExecuteNonQuery();
        CloseLanesOfTheDead(connection);
        // The lock of the session is taken before the lane can be seen, so that nobody sees it without.
        using var open = connection.Command(
            $"""
            WITH opened AS (INSERT INTO lane (writer, opened) VALUES (@writer, @opened) RETURNING lane)
            SELECT lane, pg_advisory_lock({LaneLock}, lane::int) FROM opened
            """,
            ("@writer", writer),
            ("@opened", now.ToUnixTimeTicks()));
        var lane = Number(open);
        transaction.Commit();
        return lane;
    }

    /// <inheritdoc/>
    internal override BatchStatements Prepare(DbConnection connection, string insertRows) => new PostgresStatements((NpgsqlConnection)connection, insertRows);

    /// <inheritdoc/>
    internal override void LockSchema(DbTransaction transaction)
    {
        using var command = transaction.Connection!.Command($"SELECT pg_advisory_xact_lock({SchemaLock}, 0)");
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    internal override string? Unfit(DbConnection connection)
    {
        using var encoding = connection.Command("SHOW server_encoding");
        return Unfit(((NpgsqlConnection)connection).PostgreSqlVersion, $"{encoding.ExecuteScalar()}");
    }

    internal string? Unfit(Version version, string encoding) =>
        version < Oldest ? $"{Name} is version {version}, and this program needs {Oldest.Major} or later: upgrade the server, or name another in {PostgresSource.Setting}."
        : encoding != "UTF8" ? $"{Name} keeps its text as {encoding}, and this program needs UTF8: create a database with ENCODING 'UTF8' and name it in {PostgresSource.Setting}."
        : null;

    /// <inheritdoc/>
    internal override StoreException? Explain(DbException failure) => PostgresFailures.Explain(Name, PostgresSource.Setting, _where, failure);

    /// <summary>
    /// Where the lock can be had, the session that held it is gone and its last transaction is decided; the second statement sees what that transaction did, since each statement
    /// of this transaction looks at the store anew.
    /// </summary>
    private static void CloseLanesOfTheDead(DbConnection connection)
    {
        List<long> dead = [];
        using (var find = connection.Command($"SELECT lane FROM lane WHERE ended IS NULL AND pg_try_advisory_xact_lock({LaneLock}, lane::int)"))
        using (var reader = find.ExecuteReader())
            while (reader.Read())
                dead.Add(reader.GetInt64(0));
        using var close = connection.Command("UPDATE lane SET ended = coalesce((SELECT max(n) FROM journal WHERE journal.lane = lane.lane), 0) WHERE lane = ANY (@dead)", ("@dead", dead.ToArray()));
        close.ExecuteNonQuery();
    }
}
