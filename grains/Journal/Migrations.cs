using System.Data.Common;
using System.Globalization;

namespace Realtime.Journal;

/// <summary>Brings a store to the schema this program knows: all missing scripts in one transaction, nothing where none is missing.</summary>
internal static class Migrations
{
    /// <exception cref="SchemaException">The store was written by a newer program; nothing was changed.</exception>
    public static void Run(JournalDialect dialect)
    {
        using var connection = dialect.OpenWriter();
        using var transaction = connection.BeginTransaction();
        Execute(transaction, "CREATE TABLE IF NOT EXISTS realtime_schema (number INTEGER NOT NULL PRIMARY KEY)");
        var found = Last(transaction);
        if (found > dialect.Scripts.Count)
            throw new SchemaException($"{dialect.Name} was written by a newer version of this program (schema {found}, this one knows {dialect.Scripts.Count}): start the newer version, or restore a backup of before it.");
        for (var number = found + 1; number <= dialect.Scripts.Count; number++)
        {
            Execute(transaction, dialect.Scripts[number - 1]);
            Execute(transaction, $"INSERT INTO realtime_schema (number) VALUES ({number})");
        }
        transaction.Commit();
    }

    private static int Last(DbTransaction transaction)
    {
        using var command = transaction.Connection!.Command("SELECT coalesce(max(number), 0) FROM realtime_schema");
        command.Transaction = transaction;
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(DbTransaction transaction, string sql)
    {
        using var command = transaction.Connection!.Command(sql);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}

/// <summary>The store's schema is not one this program can work on; the message says which and what mends it.</summary>
public sealed class SchemaException(string message) : Exception(message);
