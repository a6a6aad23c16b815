using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Silo.Cluster;

namespace Realtime.Silo.Import;

/// <summary>The store, opened for an import by a silo of its own: the very grains that serve also import. A member of the cluster for as long as it lasts, where there is one.</summary>
internal static class OpenStore
{
    private const string Actor = "operator";

    /// <summary>Opens it; where a service is using it, the exception's sentence says so.</summary>
    /// <param name="source">Whose file is imported.</param>
    /// <exception cref="Journal.DataDirectoryException">The store is in use, or its directory cannot be written.</exception>
    public static async Task<ImportStore> Open(ImportSource source)
    {
        var host = await Start();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        return new ImportStore(record => grains.GetGrain<IPharmacyGrain>(record.Id.Value).Import(record, Actor, source), () => Stop(host));
    }

    /// <summary>Opens it for a set of the medicines database.</summary>
    /// <exception cref="Journal.DataDirectoryException">The store is in use, or its directory cannot be written.</exception>
    public static async Task<CatalogueImport> OpenCatalogue()
    {
        var host = await Start();
        var (store, clock) = (host.Services.GetRequiredService<CatalogueStore>(), host.Services.GetRequiredService<Clock>());
        var catalogue = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ICatalogueGrain>(ICatalogueGrain.Key);
        return new CatalogueImport(
            async set =>
            {
                var (payload, hash) = CatalogueFile.Write(set);
                // The set is there before anything names it.
                await store.Put(hash, payload, clock.Now);
                return await catalogue.Publish(hash, set.Presentations.Count, Actor);
            },
            () => Stop(host));
    }

    private static async Task<IHost> Start()
    {
        var builder = Host.CreateApplicationBuilder();
        // Nobody talks to this silo but the import itself, and a service on another store may hold the usual ports.
        builder.Configuration.AddInMemoryCollection([
            new($"{RealtimeOptions.Section}:{nameof(RealtimeOptions.SiloPort)}", $"{Trial.FreePort()}"),
            new($"{RealtimeOptions.Section}:{nameof(RealtimeOptions.GatewayPort)}", $"{Trial.FreePort()}"),
        ]);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.AddSilo();
        // Nobody waits at a counter for an import: it is patient where the cluster is busy.
        builder.Services.PostConfigure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(30));
        var host = builder.Build();
        _ = host.Services.GetRequiredService<Journal.IJournal>();
        await host.StartAsync();
        return host;
    }

    private static async ValueTask Stop(IHost host)
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }
}
