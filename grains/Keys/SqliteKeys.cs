using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Realtime.Journal;

namespace Realtime.Keys;

/// <summary>
/// Keys in a SQLite file of their own, beside the journal's. Rows are appended in the order they are made, so that pages are not split and no stale copy of a key stays
/// behind in one; what is deleted is overwritten, in the write-ahead log too.
/// </summary>
/// <param name="file">Path of the database; created where it does not exist.</param>
internal sealed class SqliteKeys(string file) : KeyDatabase
{
    private readonly string _connection = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 10 }.ToString();

    /// <inheritdoc/>
    public override string Name => file;

    /// <inheritdoc/>
    protected override string Prefix => "";

    /// <inheritdoc/>
    protected override string Tables =>
        """
        CREATE TABLE key_store (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
        CREATE TABLE order_key (
            id      TEXT    NOT NULL UNIQUE,
            wrapped BLOB    NOT NULL,
            made    INTEGER NOT NULL -- Unix ticks of 100 ns
        );
        """;

    /// <inheritdoc/>
    protected override string CountTables => "SELECT count(*) FROM sqlite_master WHERE name = 'key_store'";

    /// <inheritdoc/>
    protected override string IsOneOf => "id IN (SELECT value FROM json_each(@ids))";

    /// <inheritdoc/>
    protected override string Setting => "Realtime__DataDirectory";

    /// <inheritdoc/>
    public override async Task Delete(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        await base.Delete(ids, cancellation);
        // The log still has the pages as they were, until they are copied into the file and the log is cut.
        await using var connection = OpenWriter();
        await using var checkpoint = connection.Command("PRAGMA wal_checkpoint(TRUNCATE)");
        await checkpoint.ExecuteNonQueryAsync(cancellation);
    }

    /// <inheritdoc/>
    protected override DbConnection OpenWriter()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        using var settings = connection.Command("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
        settings.ExecuteNonQuery();
        return connection;
    }

    /// <inheritdoc/>
    protected override Task<DbConnection> OpenReader(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var connection = new SqliteConnection(_connection);
        connection.Open();
        return Task.FromResult<DbConnection>(connection);
    }

    /// <inheritdoc/>
    /// <remarks>A transaction of Microsoft.Data.Sqlite has the write lock from its beginning.</remarks>
    protected override void LockSchema(DbTransaction transaction) { }

    /// <inheritdoc/>
    protected override async Task Insert(DbTransaction transaction, IReadOnlyList<WrappedKey> keys, long made)
    {
        await using var command = Command(transaction, "INSERT INTO order_key (id, wrapped, made) VALUES (@id, @wrapped, @made)");
        var (id, wrapped) = (command.Add("@id", ""), command.Add("@wrapped", Array.Empty<byte>()));
        command.Add("@made", made);
        foreach (var key in keys)
        {
            (id.Value, wrapped.Value) = (key.Id, key.Bytes);
            await command.ExecuteNonQueryAsync();
        }
    }

    /// <inheritdoc/>
    protected override object Ids(IReadOnlyCollection<string> ids) => JsonSerializer.Serialize(ids);

    /// <inheritdoc/>
    protected override StoreException? Explain(DbException failure) => failure is SqliteException { SqliteErrorCode: var code }
        ? code switch
        {
            1 => new StoreException($"The schema of {Name} is only partly there ({failure.Message}): restore a backup of it, without which the personal data of orders cannot be read.", failure),
            11 or 26 => new StoreException($"{Name} is damaged or no SQLite database ({failure.Message}): restore a backup of it, without which the personal data of orders cannot be read.", failure),
            8 or 14 => new StoreException($"{Name} cannot be written ({failure.Message}): mend its permissions, or name another directory with {Setting}.", failure),
            _ => null,
        }
        : null;
}
