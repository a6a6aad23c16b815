using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Orleans.Storage;

namespace Realtime.Journal;

/// <summary>Puts the journal, snapshots and reminders into a process.</summary>
public static class JournalRegistration
{
    /// <summary>The storage that grains name in <c>[PersistentState("…", JournalRegistration.Snapshots)]</c>.</summary>
    public const string Snapshots = "snapshots";

    // Orleans knows SQLite by the name of another library than the one it loads, which is Microsoft.Data.Sqlite.
    private const string SqliteInvariant = "System.Data.SQLite";

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

    /// <summary>Reminders in the database of <see cref="AddPostgresJournal"/>.</summary>
    public static ISiloBuilder AddPostgresReminders(this ISiloBuilder silo) =>
        // As for snapshots, the journal makes the tables.
        silo.UseAdoNetReminderService(options => options.Configure<PostgresDialect, IJournal>((reminders, dialect, _) =>
            (reminders.Invariant, reminders.DataSource) = ("Npgsql", dialect.Source)));

    /// <summary>Reminders on the file of <see cref="AddSqliteJournal"/>.</summary>
    public static ISiloBuilder AddSqliteReminders(this ISiloBuilder silo)
    {
        silo.UseAdoNetReminderService(options => options.Configure<SqliteDialect, IJournal>((reminders, dialect, _) =>
            (reminders.Invariant, reminders.ConnectionString) = (SqliteInvariant, dialect.ConnectionString)));
        // Orleans' own class is not public, and has been registered as the only table: it goes behind ours.
        var inner = silo.Services.Single(service => service.ServiceType == typeof(IReminderTable));
        silo.Services.Remove(inner);
        silo.Services.AddKeyedSingleton(typeof(IReminderTable), SqliteReminders.Inner, inner.ImplementationType!);
        silo.Services.AddSingleton<IReminderTable, SqliteReminders>();
        return silo;
    }

    /// <summary>The grain storage <see cref="Snapshots"/> on the file of <see cref="AddSqliteJournal"/>.</summary>
    public static ISiloBuilder AddSqliteSnapshots(this ISiloBuilder silo)
    {
        silo.AddAdoNetGrainStorage(SqliteSnapshots.Inner, (OptionsBuilder<AdoNetGrainStorageOptions> options) => options.Configure<SqliteDialect, IJournal>(
            // The journal is asked for although it is not used: opening it makes the tables from which the storage reads its queries as it starts.
            (storage, dialect, _) =>
            {
                storage.Invariant = SqliteInvariant;
                storage.ConnectionString = dialect.ConnectionString;
                storage.GrainStorageSerializer = new SnapshotSerializer();
            }));
        silo.Services.AddKeyedSingleton<IGrainStorage, SqliteSnapshots>(Snapshots);
        return silo;
    }
}
