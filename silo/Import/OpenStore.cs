using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Schools;
using Realtime.Sets;
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

    /// <summary>Opens it for a set of a kind that is taken whole.</summary>
    /// <param name="kind">The key of its <see cref="ISetGrain"/>.</param>
    /// <exception cref="Journal.DataDirectoryException">The store is in use, or its directory cannot be written.</exception>
    public static async Task<SetImport> OpenSet(string kind)
    {
        var host = await Start();
        var (store, clock) = (host.Services.GetRequiredService<SetStore>(), host.Services.GetRequiredService<Clock>());
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ISetGrain>(kind);
        return new SetImport(
            async (packed, count) =>
            {
                // The set is there before anything names it.
                await store.Put(packed.Hash, packed.Payload, clock.Now);
                return await grain.Publish(packed.Hash, count, Actor);
            },
            () => Stop(host));
    }

    /// <summary>Opens it for rotas.</summary>
    /// <exception cref="Journal.DataDirectoryException">The store is in use, or its directory cannot be written.</exception>
    public static async Task<RotaStore> OpenRotas()
    {
        var host = await Start();
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var book = await host.Services.GetRequiredService<OnCallKnowledge>().Current;
        return new RotaStore(
            book.FindSector,
            async id => await grains.GetGrain<IPharmacyGrain>(id.Value).FactsAfter(-1) is { Length: > 0 } facts ? PharmacyJson.ReadFacts(facts).Record.Department : null,
            async (sector, isNew, duties) =>
            {
                var rota = grains.GetGrain<IRotaGrain>(sector.Department);
                if (isNew && await grains.GetGrain<ISectorCodeGrain>(sector.Code).Claim(sector.Department, Actor) != sector.Department)
                    return new(RotaRefusalKind.SectorElsewhere);
                var made = isNew ? (await rota.SetSector(sector, Actor, RequestOf())).Refusal : null;
                return made ?? (await rota.SetRota(sector.Code, null, duties, Actor, RequestOf())).Refusal;
            },
            () => Stop(host));

        // What an import does is done again by another one, and by nothing else.
        static Idempotency.RequestKey RequestOf() => new($"import {System.Security.Cryptography.RandomNumberGenerator.GetHexString(32)}", "import");
    }

    /// <summary>Opens it for a table of school holidays.</summary>
    /// <exception cref="Journal.DataDirectoryException">The store is in use, or its directory cannot be written.</exception>
    public static async Task<SchoolStore> OpenSchools()
    {
        var host = await Start();
        var grain = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ISchoolGrain>(ISchoolGrain.Key);
        return new SchoolStore(years => grain.Put(years, Actor), () => Stop(host));
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
