using Microsoft.Extensions.Logging;
using Realtime.Journal;
using Realtime.Pharmacies;
using Realtime.Sets;

namespace Realtime.Products;

/// <summary>Keeps this node's <see cref="Shelf"/> as the journal says; the demo has medicines of its own where none were imported.</summary>
internal sealed class CatalogueFollower(IJournal journal, SetStore store, Shelf shelf, Clock clock, DemoWorld demo, ILogger<CatalogueFollower> log)
    : SetFollower(ISetGrain.Catalogue, journal, store, log)
{
    protected override string? InUse => shelf.Catalogue?.Version;

    protected override void Take(string hash, byte[] payload) => shelf.Swap(Catalogue.Of(hash, CatalogueFile.Read(payload), shelf.Rules, clock.Now));

    protected override void TakeNone() => shelf.Swap(shelf.Catalogue ?? (demo.Pharmacies.Count > 0 ? DemoProducts.Catalogue(shelf.Rules, clock.Now) : Catalogue.Empty));

    protected override void Settle() => shelf.Settle();
}
