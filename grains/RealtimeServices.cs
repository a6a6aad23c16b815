using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
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
        var options = builder.Configuration.GetSection(RealtimeOptions.Section).Get<RealtimeOptions>() ?? new();
        services.TryAddSingleton(new Clock(TimeProvider.System));
        services.AddSingleton(new DemoWorld(options.Demo ?? builder.Environment.IsDevelopment() ? DemoCountry.Create() : null));
        var directory = DataDirectory.Open(options.DataDirectory, Directory.GetCurrentDirectory());
        // By a factory, so that the container gives the directory back, last of all, when the process ends.
        services.AddSingleton(_ => directory);
        services.AddSqliteJournal();
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(options.SiloPort, options.GatewayPort)
            .AddSqliteSnapshots());
    }
}
