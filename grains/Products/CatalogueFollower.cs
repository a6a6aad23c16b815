using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.Products;

/// <summary>
/// Keeps this node's <see cref="Shelf"/> as the journal says: asks every second which set is in force, one row by its key, and loads a set that is new.
/// A store that hangs, or a set that this program cannot read, leaves the catalogue as it was.
/// </summary>
internal sealed partial class CatalogueFollower(IJournal journal, CatalogueStore store, Shelf shelf, Clock clock, DemoWorld demo, ILogger<CatalogueFollower> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Give the host its thread back: an embedded store answers synchronously.
        await Task.Yield();
        try
        {
            while (true)
            {
                await Follow(stoppingToken);
                shelf.Settle();
                await Task.Delay(Pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: nothing more is to be read.
        }
    }

    private async Task Follow(CancellationToken stopping)
    {
        try
        {
            if (await InForce(stopping) is not { } hash)
                shelf.Swap(shelf.Catalogue ?? (demo.Pharmacies.Count > 0 ? DemoProducts.Catalogue(shelf.Rules, clock.Now) : Catalogue.Empty));
            else if (shelf.Catalogue?.Version != hash)
                shelf.Swap(await Load(hash, stopping));
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested && failure is not OutOfMemoryException)
        {
            // Whatever it was, the next second asks again; until then the catalogue stands.
            LogFailed(failure);
        }
    }

    private async Task<string?> InForce(CancellationToken stopping)
    {
        await foreach (var state in journal.PublicStates(ICatalogueGrain.Key, stopping))
            if (state.Stream == ICatalogueGrain.Key)
                return JsonSerializer.Deserialize(state.Payload.Span, ProductJson.Context.CatalogueImported)!.Hash;
        return null;
    }

    private async Task<Catalogue> Load(string hash, CancellationToken stopping)
    {
        var payload = await store.Get(hash, stopping) ?? throw new InvalidDataException($"The journal names the catalogue {hash}, and the store does not hold it: import the files again.");
        return Catalogue.Of(hash, CatalogueFile.Read(payload), shelf.Rules, clock.Now);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The catalogue of medicines could not be brought up to date; it is tried again in a second.")]
    private partial void LogFailed(Exception e);
}
