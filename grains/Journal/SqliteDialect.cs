using System.Data.Common;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Realtime.Journal;

/// <summary>
/// The journal in one SQLite file: write-ahead log, so that readers never wait, and <c>synchronous=FULL</c>, so that a commit is on the disk.
/// SQLite has one write lock per file and lets contenders sleep and try again, which starves whoever meets a busy writer; so the writers of this
/// process (journal, snapshots and reminders) take turns at a gate of their own and never meet at SQLite's.
/// </summary>
/// <param name="file">Path of the database; created where it does not exist.</param>
public sealed class SqliteDialect(string file) : JournalDialect, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>For connections that others open (Orleans' storage provider); seconds before a busy file is an error.</summary>
    public string ConnectionString { get; } = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 10 }.ToString();

    /// <inheritdoc/>
    public override string Name => file;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Scripts { get; } =
    [
        SqliteSchema.Journal, SqliteSchema.Snapshots, SqliteSchema.Epoch, SqliteSchema.LaneEnds, SqliteSchema.Catalogue, SqliteSchema.OrderHistory, SqliteSchema.Reminders,
    ];

    /// <inheritdoc/>
    public override string CountSchemaTables => "SELECT count(*) FROM sqlite_master WHERE name = 'realtime_schema'";

    /// <inheritdoc/>
    /// <remarks>One row at a time.</remarks>
    public override string InsertRows =>
        """
        INSERT INTO journal (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash)
        SELECT @stream, @seq, @lane, @n, @at, @kind, @version, @actor, @reason, @payload, @hash
        WHERE (@seq = 1 AND length(@previous) = 0)
           OR EXISTS (SELECT 1 FROM journal WHERE stream = @stream AND seq = @seq - 1 AND hash = @previous)
        ON CONFLICT (stream, seq) DO NOTHING
        RETURNING n
        """;

    /// <inheritdoc/>
    public override Task<DbConnection> OpenReader(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        return Task.FromResult<DbConnection>(connection);
    }

    /// <inheritdoc/>
    public override DbConnection OpenWriter()
    {
        // Not pooled: after a failure the connection must be gone, with whatever it had open.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString());
        connection.Open();
        using var settings = connection.Command("PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        settings.ExecuteNonQuery();
        return connection;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The data directory is held by one process at a time: lanes of other processes are over. SQLite has one writer, so lanes are visible in the order of their numbers.
    /// </remarks>
    internal override long OpenLane(DbConnection connection, string writer, Instant now, long? left)
    {
        using var transaction = connection.BeginTransaction();
        using var close = connection.Command(
            "UPDATE lane SET ended = coalesce((SELECT max(n) FROM journal WHERE journal.lane = lane.lane), 0) WHERE ended IS NULL AND (writer <> @writer OR lane = @left)",
            ("@writer", writer),
            ("@left", left ?? 0));
        close.Transaction = transaction;
        close.ExecuteNonQuery();
        using var open = connection.Command("INSERT INTO lane (writer, opened) VALUES (@writer, @opened) RETURNING lane", ("@writer", writer), ("@opened", now.ToUnixTimeTicks()));
        open.Transaction = transaction;
        var lane = Number(open);
        transaction.Commit();
        return lane;
    }

    /// <inheritdoc/>
    internal override BatchStatements Prepare(DbConnection connection, string insertRows) => new SqliteStatements(connection, insertRows);

    /// <inheritdoc/>
    internal override StoreException? Explain(DbException failure) => failure is SqliteException { SqliteErrorCode: var code }
        ? code switch
        {
            1 => new StoreException($"The schema of {Name} is only partly there ({failure.Message}): restore a whole backup, or name another directory with Realtime__DataDirectory.", failure),
            11 or 26 => new StoreException($"{Name} is damaged or no SQLite database ({failure.Message}): restore a backup, or name another directory with Realtime__DataDirectory.", failure),
            _ => null,
        }
        : null;

    /// <inheritdoc/>
    public override void EnterWriter() => _gate.Wait();

    /// <inheritdoc/>
    public override void LeaveWriter() => _gate.Release();

    /// <summary>Runs one short write of somebody else (a snapshot, a reminder) while the journal's writer waits.</summary>
    internal Task BesideWriter(Func<Task> write) => BesideWriter(async () =>
    {
        await write();
        return true;
    });

    /// <inheritdoc cref="BesideWriter(Func{Task})"/>
    internal async Task<T> BesideWriter<T>(Func<Task<T>> write)
    {
        await _gate.WaitAsync();
        try
        {
            return await write();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();
}
