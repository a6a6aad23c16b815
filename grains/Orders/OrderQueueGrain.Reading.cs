using System.Text;
using Realtime.Journal;
using Realtime.Keys;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Orders;

/// <summary>What is read of the queue: orders opened with their keys, live ones from the state and others from the history.</summary>
internal sealed partial class OrderQueueGrain
{
    /// <inheritdoc/>
    public async Task<OrderView?> Find(OrderId id)
    {
        if (State.Orders.TryGetValue(id, out var order))
            return (await Opened([order]))[0];
        return await _journal.HistoryOf(Stream, id.ToString()) is { } kept ? (await Opened([OrderJson.ReadOrder(kept.Payload.Span)]))[0] : null;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OrderView>> Some(IReadOnlyCollection<OrderId> ids)
    {
        var orders = new List<Order>();
        foreach (var id in ids)
            if (State.Orders.TryGetValue(id, out var order))
                orders.Add(order);
            else if (await _journal.HistoryOf(Stream, id.ToString()) is { } kept)
                orders.Add(OrderJson.ReadOrder(kept.Payload.Span));
        return await Opened(orders);
    }

    /// <inheritdoc/>
    public async Task<OrderList> List(IReadOnlyCollection<OrderState>? states, OrderId? before, int limit)
    {
        var live = State.Orders.Values.Where(order => (states is null || states.Contains(order.State)) && (before is null || order.Id < before)).OrderByDescending(order => order.Id).Take(limit + 1);
        // One more of each kind than is asked for tells whether there are more; an order that is still here, or here again, has a page in the history that does not count.
        var words = states?.Select(OrderJson.WordOf).ToArray();
        var twice = State.Orders.Values.Count(order => order.Timeline.Any(step => step.State >= OrderState.Collected));
        var kept = (await _journal.History(Stream, before?.ToString(), words, limit + 1 + twice)).Select(entry => OrderJson.ReadOrder(entry.Payload.Span)).Where(order => !State.Orders.ContainsKey(order.Id));
        var found = live.Concat(kept).OrderByDescending(order => order.Id).Take(limit + 1).ToArray();
        return new(Seq, await Opened(found.Take(limit)), found.Length > limit);
    }

    /// <inheritdoc/>
    public async Task<OrderList> Live() => new(Seq, await Opened(State.Orders.Values.Where(order => order.IsOpen || order.ToReshelve).OrderBy(order => order.Id)));

    // A row may have 64 KB.
    private const int MostRows = 250;

    /// <inheritdoc/>
    public async Task<OrderChanges> Changes(long after, int limit)
    {
        var rows = await _journal.ReadSome(Stream, after, Math.Min(limit, MostRows));
        var changed = rows.SelectMany(row => TouchedBy(row).Select(id => (id, row))).GroupBy(one => one.id).ToDictionary(group => group.Key, group => group.Last().row);
        var orders = await Some(changed.Keys);
        return new(rows.Count > 0 ? rows[^1].Seq : Math.Min(after, Seq), Seq, [.. orders.Select(order => new OrderChange(changed[order.Id].Seq, changed[order.Id].At, order)).OrderBy(change => change.Seq).ThenBy(change => change.Order.Id)]);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ShortageView>> Shortages() => Task.FromResult<IReadOnlyList<ShortageView>>(
        [.. State.Held.Keys.Order().Select(cip13 => (cip13, count: State.CountOf(cip13) ?? default)).Where(one => one.count.IsShort).Select(one => new ShortageView(
            new(one.cip13, one.count.Held + one.count.ToReshelve, one.count.Sellable),
            [.. State.Orders.Values.Where(order => order.IsOpen && order.Lines.Any(line => line.Cip13 == one.cip13)).Select(order => order.Id).Order()]))]);

    /// <inheritdoc/>
    public Task<StockView?> Boxes(Cip13 cip13) => Task.FromResult(StockOf(cip13));

    /// <inheritdoc/>
    public Task<FeedStanding> Standing() => Task.FromResult(State.Feed is { } feed
        ? new FeedStanding(feed.Seq, feed.TakenAt, feed.FreshUntil, !feed.IsDropped && !State.IsStale(clock.Now), State.Counts().Count())
        : new FeedStanding(0, null, null, IsFresh: false, State.Counts().Count()));

    /// <inheritdoc/>
    public Task<ShelfViews> Products() => Task.FromResult(new ShelfViews(
        [.. State.Counts().Select(one => (one, item: State.ItemOf(one.Cip13) ?? InventoryItem.Nothing)).Select(pair => new ShelfView(pair.one.Cip13, ViewOf(pair.one.Cip13, pair.one.Count), pair.item.Lots, pair.item.Left))],
        State.Since));

    private StockView? StockOf(Cip13 cip13) => State.CountOf(cip13) is { } count ? ViewOf(cip13, count) : null;

    private StockView ViewOf(Cip13 cip13, StockCount count)
    {
        var isOld = count.IsOld || State.IsStale(clock.Now);
        return new(cip13, count.OnHand, count.Reserve, count.Held, count.ToReshelve, isOld ? 0 : count.Available) { Unsellable = count.Unsellable, IsOld = isOld };
    }

    private static IEnumerable<OrderId> TouchedBy(JournalRow row) => OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span).Touches;

    private async Task<IReadOnlyList<OrderView>> Opened(IEnumerable<Order> orders)
    {
        var all = orders.ToArray();
        if (all.Length == 0)
            return [];
        var found = await keys.Find([.. all.Select(order => order.KeyId).Distinct()]);
        return [.. all.Select(order => Open(order, found.GetValueOrDefault(order.KeyId)))];
    }

    // Without its key nothing personal of an order can be read ever again; what was ordered, and how it went, remains.
    private OrderView Open(Order order, byte[]? key)
    {
        var person = key is null ? null : PersonJson.Read(OrderSealing.Open(key, PersonPlace(order.Id), order.Person));
        var undoable = order.Undo is { } step && step.Until > clock.Now ? step : null;
        return new()
        {
            Id = order.Id,
            State = order.State,
            Seq = order.Seq,
            Lines = order.Lines,
            Offer = order.Offer,
            Doses = order.Doses,
            ExpectedBy = order.Deadlines.ExpectedBy,
            HeldUntil = order.Deadlines.HeldUntil,
            Timeline = order.Timeline,
            Validated = order.Validated,
            Acknowledged = order.Acknowledged,
            Escalation = order.Escalation,
            Late = order.Late,
            ToReshelve = order.ToReshelve,
            DoseAlert = order.DoseAlert,
            Answered = order.Answered,
            ForMinor = order.ForMinor,
            ByCounter = order.ByCounter,
            Short = order.IsOpen && order.Lines.Any(line => State.CountOf(line.Cip13) is { IsShort: true }),
            CodeLocked = order.WrongCodes >= OrderQueue.MostWrongCodes,
            Buyer = person?.Buyer,
            Answers = person?.Answers,
            Note = person?.Note,
            Reason = key is not null && order.Reason is { Length: > 0 } reason ? TextOf(order, key, reason) : null,
            Messages = key is null ? [] : [.. order.Messages.Select(message => new MessageView(message.At, message.FromBuyer, TextOf(order, key, message.Sealed)))],
            UndoUntil = undoable is null ? null : undoable.At + OrderQueue.Undoable,
            PharmacistUndoUntil = undoable?.Until,
            Scans = order.Scans ?? [],
            Recalled = order.Recalled,
        };
    }

    private static string TextOf(Order order, byte[] key, byte[] sealedText) => Encoding.UTF8.GetString(OrderSealing.Open(key, TextPlace(order.Id), sealedText));
}
