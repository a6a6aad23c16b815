using System.Data.Common;
using Npgsql;
using Realtime.Journal;

namespace Realtime.Keys;

/// <summary>Keys in a schema of their own, <c>realtime_keys</c>, on the journal's PostgreSQL server or on another.</summary>
/// <param name="source">Where connections come from; made by <see cref="PostgresSource"/>. It stays the caller's.</param>
/// <param name="setting">The environment variable that names it.</param>
internal sealed class PostgresKeys(NpgsqlDataSource source, string setting) : KeyDatabase
{
    // Any number would do; it keeps our lock apart from those of the journal.
    private const int SchemaLock = 0x7265_0004;

    private readonly NpgsqlConnectionStringBuilder _where = new(source.ConnectionString);

    /// <inheritdoc/>
    public override string Name => $"schema realtime_keys of database {_where.Database ?? _where.Username} on PostgreSQL at {_where.Host}:{_where.Port}";

    /// <inheritdoc/>
    protected override string Prefix => "realtime_keys.";

    /// <inheritdoc/>
    protected override string Tables =>
        """
        CREATE SCHEMA IF NOT EXISTS realtime_keys;
        CREATE TABLE realtime_keys.key_store (name text NOT NULL PRIMARY KEY, value text NOT NULL);
        CREATE TABLE realtime_keys.order_key (
            id      text COLLATE "C" NOT NULL PRIMARY KEY,
            wrapped bytea  NOT NULL,
            made    bigint NOT NULL -- Unix ticks of 100 ns
        );
        """;

    /// <inheritdoc/>
    protected override string CountTables => "SELECT count(to_regclass('realtime_keys.key_store'))";

    /// <inheritdoc/>
    protected override string IsOneOf => "id = ANY (@ids)";

    /// <inheritdoc/>
    protected override string Setting => setting;

    /// <inheritdoc/>
    protected override DbConnection OpenWriter()
    {
        var connection = source.OpenConnection();
        try
        {
            // Whatever the server's default: a commit is on the disk.
            using var settings = connection.Command("SET synchronous_commit = on");
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
    protected override async Task<DbConnection> OpenReader(CancellationToken cancellation) => await source.OpenConnectionAsync(cancellation);

    /// <inheritdoc/>
    protected override void LockSchema(DbTransaction transaction)
    {
        using var command = Command(transaction, $"SELECT pg_advisory_xact_lock({SchemaLock}, 0)");
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    protected override async Task Insert(DbTransaction transaction, IReadOnlyList<WrappedKey> keys, long made)
    {
        await using var command = Command(transaction, "INSERT INTO realtime_keys.order_key (id, wrapped, made) SELECT id, wrapped, @made FROM unnest(@ids, @wrapped) AS new (id, wrapped)");
        command.Add("@ids", keys.Select(key => key.Id).ToArray());
        command.Add("@wrapped", keys.Select(key => key.Bytes).ToArray());
        command.Add("@made", made);
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    protected override object Ids(IReadOnlyCollection<string> ids) => ids.ToArray();

    /// <inheritdoc/>
    protected override StoreException? Explain(DbException failure) => PostgresFailures.Explain(Name, setting, _where, failure);
}
