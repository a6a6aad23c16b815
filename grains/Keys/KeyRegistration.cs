using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Realtime.Journal;

namespace Realtime.Keys;

/// <summary>Puts the keys of orders into a process that runs grains.</summary>
public static class KeyRegistration
{
    /// <summary>Keys in a file of the process's <see cref="DataDirectory"/>, as <see cref="IKeyStore"/>. It is opened, and made, when first asked for.</summary>
    public static IServiceCollection AddSqliteKeys(this IServiceCollection services)
    {
        services.AddSingleton<KeyDatabase>(provider => new SqliteKeys(provider.GetRequiredService<DataDirectory>().Keys));
        return services.AddSingleton<IKeyStore, KeyStore>();
    }

    /// <summary>Keys on PostgreSQL, as <see cref="IKeyStore"/>. The store is opened, and made, when first asked for.</summary>
    /// <param name="services">The process.</param>
    /// <param name="source">Made by <see cref="PostgresSource"/>; it stays the caller's.</param>
    /// <param name="setting">The environment variable that names it, for messages.</param>
    public static IServiceCollection AddPostgresKeys(this IServiceCollection services, NpgsqlDataSource source, string setting)
    {
        services.AddSingleton<KeyDatabase>(new PostgresKeys(source, setting));
        return services.AddSingleton<IKeyStore, KeyStore>();
    }
}
