using Realtime.Journal;
using Realtime.Products;
using Realtime.Recalls;
using Realtime.Stock;

namespace Realtime.Orders;

/// <summary>What others say of the shelves: the feed of the pharmacy's software, and recalls.</summary>
internal sealed partial class OrderQueueGrain
{
    private RecallBook? _book; // the book of which all that it says has been done here

    /// <inheritdoc/>
    public async Task<FeedAnswer> Feed(StockFeed feed, string actor)
    {
        await SweepIfDue();
        if (State.Feed is { } last && last.Seq == feed.Seq && last.Fingerprint == feed.Fingerprint)
            return await AnsweredBefore(last);
        if (await Page() is not { } page)
            return new(new(OrderRefusalKind.UnknownPharmacy), 0, 0, RejectedLines.None);
        var now = JournalRows.AsStored(clock.Now);
        var decision = FeedRules.Take(State, feed, page, now);
        if (decision.Happened is not StockFed fed)
            return new(decision.Refusal, State.Feed?.Seq ?? 0, 0, RejectedLines.None);
        _book = null;
        foreach (var row in FeedRules.Rows(fed))
            await Append(row, actor, row is StockFed ? "fed by the pharmacy's software" : "part of a feed", now);
        // What has expired, or is recalled, is barred before anybody is told of boxes, or let in.
        await Bar();
        await Told();
        return new(null, feed.Seq, feed.Accepted, feed.Rejected);
    }

    /// <inheritdoc/>
    public async Task<RecallReach> ApplyRecall(Recall recall)
    {
        recalls.Seen(recall);
        await BarAndTell();
        return ReachOf(recall.Cip13, recall.Lots, State.Barred.Exists(barred => barred.Id == recall.Id));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BarredRecall>> Recalled()
    {
        await BarAndTell();
        return [.. State.Barred.Select(barred => new BarredRecall(barred.Id, ReachOf(barred.Cip13, barred.Lots, isBarred: true)))];
    }

    private RecallReach ReachOf(Cip13 cip13, IReadOnlyCollection<string> lots, bool isBarred)
    {
        var item = State.Inventory.Find(cip13) ?? InventoryItem.Nothing;
        return new(
            item.Lots.Where(lot => lots.Contains(lot.Code, StringComparer.Ordinal)).Sum(lot => lot.Boxes),
            [.. State.Orders.Values.Where(order => order.IsOpen && order.Recalled && order.Lines.Any(line => line.Cip13 == cip13)).Select(order => order.Id).Order()],
            item.WithoutLot > 0,
            isBarred);
    }

    // What was taken is answered from its very row.
    private async Task<FeedAnswer> AnsweredBefore(FeedMark last)
    {
        var row = await _journal.ReadRow(Stream, last.Row) ?? throw new InvalidOperationException($"Row {last.Row} of {Stream} was acknowledged and is not there.");
        var fed = (StockFed)OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span);
        return new(null, fed.Feed, fed.Accepted, FeedRules.RejectedOf(fed), Replayed: true);
    }

    private async ValueTask BarAndTell()
    {
        if (await Bar())
            await Told();
    }

    // Bars what nobody may be given by now: lots whose last day is over, and what the recalls that this silo knows of name. Whether anything was.
    private async ValueTask<bool> Bar()
    {
        var (seq, book) = (Seq, await recalls.Current);
        if (State.NextExpiry is not null && await Page() is { } page)
            while (JournalRows.AsStored(clock.Now) is var now && LotRules.Turn(State, page, now).Happened is { } turned)
                await Append(turned, Time, "the last day of some lots is over", now);
        if (book != _book)
            while (LotRules.Recall(State, book).Happened is { } happened)
                await Append(happened, Time, happened is LotsRecalled ? "lots recalled" : "recall withdrawn", JournalRows.AsStored(clock.Now));
        _book = book;
        return Seq > seq;
    }
}
