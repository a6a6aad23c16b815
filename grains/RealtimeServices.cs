using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime;

/// <summary>What every process of the product needs: its settings, its clock, its store and its silo.</summary>
public static class RealtimeServices
{
    /// <summary>A silo in this very process, on a SQLite file in a directory that it holds for itself.</summary>
    /// <exception cref="DataDirectoryException">Another process holds the directory, or it cannot be written.</exception>
    public static void AddEmbeddedSilo(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RealtimeOptions>().BindConfiguration(RealtimeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        var options = Read(builder.Configuration);
        services.TryAddSingleton(new Clock(TimeProvider.System));
        services.AddSingleton(new DemoWorld(options.Demo ?? builder.Environment.IsDevelopment() ? DemoCountry.Create() : null));
        var directory = DataDirectory.Open(options.DataDirectory, Directory.GetCurrentDirectory());
        // By a factory, so that the container gives the directory back, last of all, when the process ends.
        services.AddSingleton(_ => directory);
        services.AddSqliteJournal();
        builder.UseOrleans(silo => silo
            // Snapshots are keyed by the service's id: it never changes.
            .UseLocalhostClustering(options.SiloPort, options.GatewayPort, primarySiloEndpoint: null, serviceId: "realtime", clusterId: "embedded")
            .AddSqliteSnapshots());
    }

    // A value of the wrong kind is told like one out of range: by its name, when the start is refused.
    private static RealtimeOptions Read(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection(RealtimeOptions.Section).Get<RealtimeOptions>() ?? new();
        }
        catch (InvalidOperationException wrong)
        {
            throw new OptionsValidationException(RealtimeOptions.Section, typeof(RealtimeOptions), [wrong.Message]);
        }
    }
}
