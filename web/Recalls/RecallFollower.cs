using Realtime.Journal;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Stock;
using Realtime.Web.Counter;
using Realtime.Web.Live;

namespace Realtime.Web.Recalls;

/// <summary>Tells the counters of this node, from the rows of their pharmacies, that lots they hold are recalled, or are no more.</summary>
internal sealed class RecallFollower(Counters counters, RecallDesk desk) : IRowFollower
{
    /// <inheritdoc/>
    public string Prefix => StockStreams.Prefix;

    /// <inheritdoc/>
    /// <remarks>Nobody watches yet.</remarks>
    public ValueTask Begin(IJournal journal, CancellationToken stopping) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask Take(IReadOnlyList<JournalRow> rows, IJournal journal, CancellationToken stopping)
    {
        foreach (var row in rows)
            if (OrderJson.IsOfRecalls(row.Event.Kind) && StockStreams.TryRead(row.Stream, out var pharmacy) && counters.HasAnybody(pharmacy))
                Tell(pharmacy, OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span));
        return ValueTask.CompletedTask;
    }

    // What its source calls it this node may not have read yet: what is to be taken off the shelf is said all the same.
    private void Tell(PharmacyId pharmacy, OrderEvent happened)
    {
        if (happened is RecallLifted lifted)
            counters.Tell(pharmacy, new CounterRecallWithdrawn(lifted.Recall));
        else if (happened is LotsRecalled found)
            counters.Tell(pharmacy, new CounterRecall(
                found.Recall, desk.Book.Find(found.Recall)?.Reference ?? "", found.Cip13.ToString(), desk.NameOf(found.Cip13), found.Lots, found.Boxes, [.. found.Orders.Select(order => order.ToString())]));
    }
}
