using Npgsql;

namespace Realtime.Journal;

/// <summary>Connections to PostgreSQL with the habits of this program: nothing waits for ever, and the server sees who is there.</summary>
public static class PostgresSource
{
    /// <summary>The environment variable that names the journal's database.</summary>
    public const string Setting = "ConnectionStrings__Realtime";

    /// <summary>
    /// What holds unless the connection string says otherwise: 5 s to connect, 10 s for a statement and 2 s more to take it back, a sign of life every 10 s. A session that is
    /// given back is reset, which frees a lane that was left.
    /// </summary>
    private const string Defaults = "Timeout=5;Command Timeout=10;Cancellation Timeout=2000;Keepalive=10;Application Name=realtime;Maximum Pool Size=50;";

    /// <summary>Reads a connection string; nothing is connected yet.</summary>
    /// <param name="connectionString">As Npgsql understands it; <c>Host</c> and <c>Database</c> at least.</param>
    /// <param name="setting">The environment variable it comes from, for messages.</param>
    /// <exception cref="StoreException">It is malformed or names no host.</exception>
    public static NpgsqlDataSource Open(string connectionString, string setting = Setting)
    {
        try
        {
            // The last word of a key wins.
            var settings = new NpgsqlConnectionStringBuilder(Defaults + connectionString);
            return string.IsNullOrWhiteSpace(settings.Host)
                ? throw new StoreException($"The connection string names no host: write {setting}=\"Host=…;Database=…;Username=…\".")
                : NpgsqlDataSource.Create(settings);
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or KeyNotFoundException)
        {
            // The string itself may hold a password and is not repeated; Npgsql's words name the part that is wrong.
            throw new StoreException($"The connection string cannot be read ({malformed.Message}): correct {setting}.", malformed);
        }
    }
}
