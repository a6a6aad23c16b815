using System.Data.Common;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Keys;

/// <summary>
/// Where wrapped keys are kept: a table <c>order_key</c> with each key's id and when its block was made, by which an operator may tell blocks of processes long gone;
/// and a table <c>key_store</c> with the schema's version and the name of the secret that wraps.
/// </summary>
internal abstract class KeyDatabase
{
    private const int Schema = 1;

    /// <summary>What and where it is, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>What stands before the names of the tables.</summary>
    protected abstract string Prefix { get; }

    /// <summary>Makes both tables; released, hence never edited.</summary>
    protected abstract string Tables { get; }

    /// <summary>How many tables named <c>key_store</c> there are: 0 or 1.</summary>
    protected abstract string CountTables { get; }

    /// <summary>A condition on <c>id</c>: one of <c>@ids</c>.</summary>
    protected abstract string IsOneOf { get; }

    /// <summary>Where the operator names this store.</summary>
    protected abstract string Setting { get; }

    /// <summary>Makes the tables where they are missing, and tells what is missing or not allowed before the first key needs it. Several processes may try at once.</summary>
    /// <exception cref="StoreException">The store cannot be reached or used; nothing was changed.</exception>
    public void Prepare() => Told(() =>
    {
        using var connection = OpenWriter();
        using var transaction = connection.BeginTransaction();
        LockSchema(transaction);
        if (JournalDialect.Number(Command(transaction, CountTables)) == 0)
        {
            Command(transaction, Tables).ExecuteNonQuery();
            Command(transaction, $"INSERT INTO {Prefix}key_store (name, value) VALUES ('schema', '{Schema}')").ExecuteNonQuery();
        }
        var found = $"{Command(transaction, $"SELECT value FROM {Prefix}key_store WHERE name = 'schema'").ExecuteScalar()}";
        if (found != $"{Schema}")
            throw new SchemaException($"{Name} was written by another version of this program (schema '{found}', this one knows {Schema}): start that version, or restore a backup.");
        Command(transaction, $"INSERT INTO {Prefix}order_key SELECT * FROM {Prefix}order_key WHERE 1 = 0; DELETE FROM {Prefix}order_key WHERE 1 = 0").ExecuteNonQuery();
        transaction.Commit();
    });

    /// <summary>Holds the store to one secret, that of whoever opens it first.</summary>
    /// <param name="name">The secret's name.</param>
    /// <exception cref="StoreException">It is another's.</exception>
    public void RequireSecret(string name) => Told(() =>
    {
        using var connection = OpenWriter();
        using var transaction = connection.BeginTransaction();
        LockSchema(transaction);
        var found = Command(transaction, $"SELECT value FROM {Prefix}key_store WHERE name = 'secret'").ExecuteScalar() as string;
        if (found is null)
            Command(transaction, $"INSERT INTO {Prefix}key_store (name, value) VALUES ('secret', '{name}')").ExecuteNonQuery();
        else if (found != name)
            throw new StoreException($"The keys in {Name} were wrapped under another secret (named {found}, this one is {name}), without which nobody can read them: give this process that secret, or name another store with {Setting}.");
        transaction.Commit();
    });

    /// <summary>Writes new keys, all or none; durable when it returns.</summary>
    public async Task Write(IReadOnlyList<WrappedKey> keys, Instant made)
    {
        await using var connection = OpenWriter();
        await using var transaction = await connection.BeginTransactionAsync();
        await Insert(transaction, keys, made.ToUnixTimeTicks());
        await transaction.CommitAsync();
    }

    /// <summary>The keys of these ids; those that are not there are left out.</summary>
    public async Task<List<WrappedKey>> Read(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        await using var connection = await OpenReader(cancellation);
        await using var command = connection.Command($"SELECT id, wrapped FROM {Prefix}order_key WHERE {IsOneOf}", ("@ids", Ids(ids)));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<WrappedKey> keys = [];
        while (await reader.ReadAsync(cancellation))
            keys.Add(new WrappedKey(reader.GetString(0), reader.GetFieldValue<byte[]>(1)));
        return keys;
    }

    /// <summary>Erases keys; durable when it returns.</summary>
    public virtual async Task Delete(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        await using var connection = OpenWriter();
        await using var command = connection.Command($"DELETE FROM {Prefix}order_key WHERE {IsOneOf}", ("@ids", Ids(ids)));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A new open connection whose commits are on the disk.</summary>
    protected abstract DbConnection OpenWriter();

    /// <summary>A new open connection that reads beside writers.</summary>
    protected abstract Task<DbConnection> OpenReader(CancellationToken cancellation);

    /// <summary>Keeps other processes from preparing the same store until <paramref name="transaction"/> ends.</summary>
    protected abstract void LockSchema(DbTransaction transaction);

    /// <summary>Writes new keys as part of <paramref name="transaction"/>.</summary>
    protected abstract Task Insert(DbTransaction transaction, IReadOnlyList<WrappedKey> keys, long made);

    /// <summary>Ids as the value of <c>@ids</c>.</summary>
    protected abstract object Ids(IReadOnlyCollection<string> ids);

    /// <summary>A failure as a sentence with its cause and its mend; null where nothing better than its own words is known.</summary>
    protected abstract StoreException? Explain(DbException failure);

    protected static DbCommand Command(DbTransaction transaction, string sql)
    {
        var command = transaction.Connection!.Command(sql);
        command.Transaction = transaction;
        return command;
    }

    private void Told(Action open)
    {
        try
        {
            open();
        }
        catch (DbException failure) when (Explain(failure) is not null)
        {
            throw Explain(failure)!;
        }
    }
}
