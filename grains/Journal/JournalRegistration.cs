using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;

namespace Realtime.Journal;

/// <summary>Puts the journal and the snapshots into a process.</summary>
public static class JournalRegistration
{
    /// <summary>The storage that grains name in <c>[PersistentState("…", JournalRegistration.Snapshots)]</c>.</summary>
    public const string Snapshots = "snapshots";

    /// <summary>The journal on the SQLite file of the process's <see cref="DataDirectory"/>, as <see cref="IJournal"/>. It is opened, and its schema made, when first asked for.</summary>
    public static IServiceCollection AddSqliteJournal(this IServiceCollection services)
    {
        services.AddSingleton(provider => new SqliteDialect(provider.GetRequiredService<DataDirectory>().Database));
        services.AddSingleton<JournalDialect>(provider => provider.GetRequiredService<SqliteDialect>());
        return services.AddSingleton<IJournal, SqlJournal>();
    }

    /// <summary>The journal on PostgreSQL, as <see cref="IJournal"/>. It is opened, and its schema made, when first asked for.</summary>
    /// <param name="services">The process.</param>
    /// <param name="source">Made by <see cref="PostgresSource"/>; it stays the caller's.</param>
    public static IServiceCollection AddPostgresJournal(this IServiceCollection services, NpgsqlDataSource source)
    {
        services.AddSingleton(new PostgresDialect(source));
        services.AddSingleton<JournalDialect>(provider => provider.GetRequiredService<PostgresDialect>());
        return services.AddSingleton<IJournal, SqlJournal>();
    }

    /// <summary>The grain storage <see cref="Snapshots"/> in the database of <see cref="AddPostgresJournal"/>.</summary>
    public static ISiloBuilder AddPostgresSnapshots(this ISiloBuilder silo) =>
        silo.AddAdoNetGrainStorage(Snapshots, (OptionsBuilder<AdoNetGrainStorageOptions> options) => options.Configure<PostgresDialect, IJournal>(
            // The journal is asked for although it is not used: opening it makes the tables from which the storage reads its queries as it starts.
            (storage, dialect, _) =>
            {
                storage.Invariant = "Npgsql";
                storage.DataSource = dialect.Source;
                storage.GrainStorageSerializer = new SnapshotSerializer();
            }));

    /// <summary>The grain storage <see cref="Snapshots"/> on the file of <see cref="AddSqliteJournal"/>.</summary>
    public static ISiloBuilder AddSqliteSnapshots(this ISiloBuilder silo)
    {
        silo.AddAdoNetGrainStorage(SqliteSnapshots.Inner, (OptionsBuilder<AdoNetGrainStorageOptions> options) => options.Configure<SqliteDialect, IJournal>(
            // The journal is asked for although it is not used: opening it makes the tables from which the storage reads its queries as it starts.
            (storage, dialect, _) =>
            {
                // Orleans knows SQLite by the name of another library than the one it loads, which is Microsoft.Data.Sqlite.
                storage.Invariant = "System.Data.SQLite";
                storage.ConnectionString = dialect.ConnectionString;
                storage.GrainStorageSerializer = new SnapshotSerializer();
            }));
        silo.Services.AddKeyedSingleton<IGrainStorage, SqliteSnapshots>(Snapshots);
        return silo;
    }
}
