using System.Data.Common;

namespace Realtime.Journal;

/// <summary>
/// Brings a store to the schema this program knows: all missing scripts in one transaction, nothing where none is missing. Several processes may try at once.
/// Where nothing is missing, the role needs no right to create anything.
/// </summary>
public static class Migrations
{
    /// <summary>Touches every table of the journal as the journal will, and changes nothing: tells a table or a right that is missing before the first row needs it.</summary>
    private const string Probe =
        """
        INSERT INTO journal SELECT * FROM journal WHERE 1 = 0;
        INSERT INTO lane (writer, opened) SELECT writer, opened FROM lane WHERE 1 = 0;
        UPDATE lane SET ended = ended WHERE 1 = 0;
        INSERT INTO public_state SELECT * FROM public_state WHERE 1 = 0;
        UPDATE public_state SET payload = payload WHERE 1 = 0;
        INSERT INTO order_history SELECT * FROM order_history WHERE 1 = 0;
        UPDATE order_history SET payload = payload WHERE 1 = 0;
        INSERT INTO OrleansStorage SELECT * FROM OrleansStorage WHERE 1 = 0;
        UPDATE OrleansStorage SET Version = Version WHERE 1 = 0;
        INSERT INTO catalogue SELECT * FROM catalogue WHERE 1 = 0;
        INSERT INTO OrleansRemindersTable SELECT * FROM OrleansRemindersTable WHERE 1 = 0;
        UPDATE OrleansRemindersTable SET Version = Version WHERE 1 = 0;
        DELETE FROM OrleansRemindersTable WHERE 1 = 0;
        SELECT epoch FROM store, OrleansQuery WHERE 1 = 0;
        """;

    /// <summary>Does it, or finds that nothing is to be done.</summary>
    /// <exception cref="StoreException">The store cannot be reached, the role lacks a right, the server is too old; nothing was changed.</exception>
    /// <exception cref="SchemaException">The store was written by a newer program, or its schema is only partly there; nothing was changed.</exception>
    public static void Run(JournalDialect dialect)
    {
        try
        {
            using var connection = dialect.OpenWriter();
            if (dialect.Unfit(connection) is { } reason)
                throw new StoreException(reason);
            using var transaction = connection.BeginTransaction();
            dialect.LockSchema(transaction);
            Migrate(dialect, transaction);
            Execute(transaction, Probe);
            transaction.Commit();
        }
        catch (DbException failure) when (dialect.Explain(failure) is not null)
        {
            throw dialect.Explain(failure)!;
        }
    }

    private static void Migrate(JournalDialect dialect, DbTransaction transaction)
    {
        var known = dialect.Scripts.Count;
        if (Number(transaction, dialect.CountSchemaTables) == 0)
            Execute(transaction, "CREATE TABLE realtime_schema (number INTEGER NOT NULL PRIMARY KEY)");
        var found = Number(transaction, "SELECT coalesce(max(number), 0) FROM realtime_schema");
        if (found > known)
            throw new SchemaException($"{dialect.Name} was written by a newer version of this program (schema {found}, this one knows {known}): start the newer version, or restore a backup of before it.");
        if (Number(transaction, "SELECT count(*) FROM realtime_schema WHERE number > 0") != found)
            throw new SchemaException($"The schema of {dialect.Name} is only partly there (steps up to {found} with one missing): restore a whole backup, or start with an empty store.");
        for (var number = found + 1; number <= known; number++)
        {
            Execute(transaction, dialect.Scripts[(int)number - 1]);
            Execute(transaction, $"INSERT INTO realtime_schema (number) VALUES ({number})");
        }
    }

    private static long Number(DbTransaction transaction, string sql)
    {
        using var command = transaction.Connection!.Command(sql);
        command.Transaction = transaction;
        return JournalDialect.Number(command);
    }

    private static void Execute(DbTransaction transaction, string sql)
    {
        using var command = transaction.Connection!.Command(sql);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}

/// <summary>The store cannot be used as it is or as it is asked for; the message is one sentence with the cause and the mend. Nothing was changed.</summary>
public class StoreException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The store's schema is not one this program can work on; the message says which and what mends it.</summary>
public sealed class SchemaException(string message) : StoreException(message);
