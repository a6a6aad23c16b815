using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace Realtime.Journal;

/// <summary>What an operator reads when PostgreSQL will not do: the cause and the mend in one sentence.</summary>
internal static class PostgresFailures
{
    /// <summary>The sentence for a failure; null where nothing better than its own words is known.</summary>
    /// <param name="name">What and where the store is.</param>
    /// <param name="setting">The environment variable that names it.</param>
    /// <param name="where">How it was reached.</param>
    /// <param name="failure">What went wrong.</param>
    public static StoreException? Explain(string name, string setting, NpgsqlConnectionStringBuilder where, DbException failure)
    {
        var sentence = failure is PostgresException refused ? Refused(name, setting, where, refused) : Unreachable(setting, where, failure);
        return sentence is null ? null : new StoreException(sentence, failure);
    }

    private static string? Refused(string name, string setting, NpgsqlConnectionStringBuilder where, PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"PostgreSQL at {where.Host}:{where.Port} does not let role {where.Username} in ({refused.MessageText}): correct Username and Password in {setting}.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"PostgreSQL at {where.Host}:{where.Port} has no database {where.Database ?? where.Username}: create it, or correct Database in {setting}.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"Role {where.Username} lacks rights in {name} ({refused.MessageText}): run the program once with --migrate-only as a role that may create tables, or grant this one what it lacks.",
        PostgresErrorCodes.DuplicateTable or PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn =>
            $"The schema of {name} is only partly there ({refused.MessageText}): restore a whole backup, or name an empty database in {setting}.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"{name} can only be read, as a standby can: name the primary server in {setting}.",
        PostgresErrorCodes.TooManyConnections =>
            $"PostgreSQL at {where.Host}:{where.Port} has no connection left ({refused.MessageText}): raise its max_connections, or lower Maximum Pool Size in {setting}.",
        PostgresErrorCodes.CannotConnectNow =>
            $"PostgreSQL at {where.Host}:{where.Port} is starting or stopping ({refused.MessageText}): start this program again when it is up.",
        _ => null,
    };

    private static string? Unreachable(string setting, NpgsqlConnectionStringBuilder where, DbException failure) => failure.InnerException is SocketException or TimeoutException or IOException
        ? $"PostgreSQL at {where.Host}:{where.Port} does not answer ({failure.InnerException.Message}): start it, or correct Host and Port in {setting}."
        : null;
}
