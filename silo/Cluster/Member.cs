using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Realtime.Journal;
using Realtime.Keys;

namespace Realtime.Silo.Cluster;

/// <summary>Runs this process as a member of the cluster until it is told to stop.</summary>
internal static class Member
{
    private const string NoStore = """
        A silo is a member of a cluster on PostgreSQL: name the database with ConnectionStrings__Realtime="Host=…;Database=…;Username=…".
        To run everything in one process on a file instead: dotnet run --project web
        """;

    /// <summary>Joins, says in one line what it is, and serves. The exit code.</summary>
    public static Task<int> Run() => WithStore(async (builder, store) =>
    {
        builder.AddClusterSilo(store);
        using var host = builder.Build();
        // The store is opened, and its schema brought up to date, before the cluster looks for its tables.
        _ = host.Services.GetRequiredService<IJournal>();
        _ = host.Services.GetRequiredService<IKeyStore>();
        await host.StartAsync();
        Console.WriteLine(Describe(host.Services));
        await host.WaitForShutdownAsync();
    });

    /// <summary>Brings the schema up to date and ends: for sites where the service's own role may not create tables. The exit code.</summary>
    public static Task<int> Migrate() => WithStore((builder, store) =>
    {
        using var source = PostgresSource.Open(store);
        var dialect = new PostgresDialect(source);
        Migrations.Run(dialect);
        var (keys, setting) = RealtimeServices.KeysSourceOf(builder.Configuration, source);
        new PostgresKeys(keys, setting).Prepare();
        Console.WriteLine($"{dialect.Name} is up to date (schema {dialect.Scripts.Count}).");
        return Task.CompletedTask;
    });

    private static async Task<int> WithStore(Func<HostApplicationBuilder, string, Task> run)
    {
        // Settings travel beside the assembly, whatever directory the process is started from.
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        if (RealtimeServices.StoreOf(builder.Configuration) is not { } store)
        {
            await Console.Error.WriteLineAsync(NoStore);
            return 2;
        }
        try
        {
            await run(builder, store);
            return Environment.ExitCode;
        }
        catch (Exception e) when (e is StoreException or OptionsValidationException or IOException)
        {
            // The causes an operator can mend: a database that is not there or not fit, a wrong setting, a port that is taken.
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static string Describe(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<RealtimeOptions>>().Value;
        // As this silo knows it: nobody is asked who may be gone by now.
        var members = services.GetRequiredService<ISiloStatusOracle>().GetApproximateSiloStatuses(onlyActive: true);
        var dialect = services.GetRequiredService<JournalDialect>();
        return $"silo of cluster realtime, {members.Count} member(s) · listens on {options.SiloAddress}:{options.SiloPort}, gateway {options.GatewayPort} · {dialect.Name}";
    }
}
