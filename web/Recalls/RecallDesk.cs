using System.Collections.Immutable;
using Realtime.Journal;
using Realtime.Products;
using Realtime.Recalls;
using Realtime.Web.Live;

namespace Realtime.Web.Recalls;

/// <summary>The recalls that this node knows, kept in step with the journal.</summary>
internal sealed class RecallDesk(Shelf shelf) : IFollower
{
    private RecallBook _book = RecallBook.Empty;

    /// <inheritdoc/>
    public string Prefix => RecallStreams.Prefix;

    /// <summary>All of them.</summary>
    public RecallBook Book => Volatile.Read(ref _book);

    /// <inheritdoc/>
    public ValueTask Take(PublicState state, CancellationToken stopping)
    {
        Seen(RecallJson.ReadFacts(state.Payload.Span));
        return ValueTask.CompletedTask;
    }

    /// <summary>Whoever declared or withdrew one here finds it so here at once.</summary>
    public void Seen(Recall recall) => ImmutableInterlocked.Update(ref _book, static (book, recall) => book.With(recall), recall);

    /// <summary>What a product is called; its code where the catalogue does not have it.</summary>
    public string NameOf(Cip13 cip13) => shelf.Catalogue is { } catalogue && catalogue.TryFind(cip13, out var product) ? product.Name : cip13.ToString();
}
