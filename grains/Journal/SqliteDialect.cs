using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Realtime.Journal;

/// <summary>
/// The journal in one SQLite file: write-ahead log, so that readers never wait, and <c>synchronous=FULL</c>, so that a commit is on the disk.
/// SQLite has one write lock per file and lets contenders sleep and try again, which starves whoever meets a busy writer; so the writers of this
/// process (journal and snapshots) take turns at a gate of their own and never meet at SQLite's.
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
    public override IReadOnlyList<string> Scripts { get; } = [SqliteSchema.Journal, SqliteSchema.Snapshots, SqliteSchema.Epoch];

    /// <inheritdoc/>
    public override DbConnection OpenReader()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        return connection;
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
    public override void EnterWriter() => _gate.Wait();

    /// <inheritdoc/>
    public override void LeaveWriter() => _gate.Release();

    /// <summary>Runs one short write of somebody else (a snapshot) while the journal's writer waits.</summary>
    internal async Task BesideWriter(Func<Task> write)
    {
        await _gate.WaitAsync();
        try
        {
            await write();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();
}
