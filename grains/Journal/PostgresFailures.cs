using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Realtime.Journal;

/// <summary>What an operator reads when PostgreSQL will not do: the cause and the mend in one sentence.</summary>
internal static class PostgresFailures
{
    public static StoreException? Explain(PostgresDialect dialect, NpgsqlConnectionStringBuilder where, DbException failure)
    {
        var sentence = failure is PostgresException refused ? Refused(dialect.Name, where, refused) : Unreachable(where, failure);
        return sentence is null ? null : new StoreException(sentence, failure);
    }

    private static string? Refused(string name, NpgsqlConnectionStringBuilder where, PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"PostgreSQL at {where.Host}:{where.Port} does not let role {where.Username} in ({refused.MessageText}): correct Username and Password in ConnectionStrings__Realtime.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"PostgreSQL at {where.Host}:{where.Port} has no database {where.Database ?? where.Username}: create it, or correct Database in ConnectionStrings__Realtime.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"Role {where.Username} lacks rights in {name} ({refused.MessageText}): run the program once with --migrate-only as a role that may create tables, or grant this one what it lacks.",
        PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn =>
            $"The schema of {name} is only partly there ({refused.MessageText}): restore a whole backup, or name an empty database in ConnectionStrings__Realtime.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"{name} can only be read, as a standby can: name the primary server in ConnectionStrings__Realtime.",
        PostgresErrorCodes.TooManyConnections =>
            $"PostgreSQL at {where.Host}:{where.Port} has no connection left ({refused.MessageText}): raise its max_connections, or lower Maximum Pool Size in ConnectionStrings__Realtime.",
        PostgresErrorCodes.CannotConnectNow =>
            $"PostgreSQL at {where.Host}:{where.Port} is starting or stopping ({refused.MessageText}): start this program again when it is up.",
        _ => null,
    };

    private static string? Unreachable(NpgsqlConnectionStringBuilder where, DbException failure) => failure.InnerException is SocketException or TimeoutException or IOException
        ? $"PostgreSQL at {where.Host}:{where.Port} does not answer ({failure.InnerException.Message}): start it, or correct Host and Port in ConnectionStrings__Realtime."
        : null;
}
