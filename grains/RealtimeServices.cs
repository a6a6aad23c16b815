using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime;

/// <summary>What every process of the product needs: its settings, its clock, its store and its silo.</summary>
public static class RealtimeServices
{
    /// <summary>A silo in this very process, on a SQLite file that it holds for itself.</summary>
    public static void AddEmbeddedSilo(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RealtimeOptions>().BindConfiguration(RealtimeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        var options = builder.Configuration.GetSection(RealtimeOptions.Section).Get<RealtimeOptions>() ?? new();
        services.TryAddSingleton(new Clock(TimeProvider.System));
        services.AddSingleton(new DemoWorld(options.Demo ?? builder.Environment.IsDevelopment() ? DemoCountry.Create() : null));
        services.AddSingleton(_ => Journal.DataDirectory.Open(options.DataDirectory, Directory.GetCurrentDirectory()));
        services.AddSingleton(s => new SqliteDialect(s.GetRequiredService<DataDirectory>().Database));
        services.AddSingleton<IJournal>(s => new SqlJournal(s.GetRequiredService<SqliteDialect>(), s.GetRequiredService<Clock>().Time, s.GetRequiredService<ILogger<SqlJournal>>()));
        builder.UseOrleans(silo => silo.UseLocalhostClustering(options.SiloPort, options.GatewayPort));
    }
}
