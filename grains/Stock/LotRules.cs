using System.Collections.Immutable;
using NodaTime;
using Realtime.Orders;
using Realtime.Products;
using Realtime.Recalls;

namespace Realtime.Stock;

/// <summary>What somebody has looked at before boxes are bagged or handed over.</summary>
/// <param name="Scans">Boxes that were scanned.</param>
/// <param name="RecallChecked">Whether somebody has made sure that none of the boxes is of a recalled lot.</param>
[GenerateSerializer, Immutable, Alias("realtime.BoxCheck")]
internal sealed record BoxCheck([property: Id(0)] IReadOnlyList<ScannedBox> Scans, [property: Id(1)] bool RecallChecked)
{
    /// <summary>Nobody has looked.</summary>
    public static readonly BoxCheck None = new([], false);

    /// <summary>The boxes that were scanned; null for none.</summary>
    public IReadOnlyList<ScannedBox>? Seen => Scans.Count > 0 ? Scans : null;
}

/// <summary>The rules of lots: one that has expired, or is recalled, is given to nobody. Pure.</summary>
internal static class LotRules
{
    // One row names at most so many orders, so that it stays far below 64 KB.
    private const int MostOrders = 1_000;

    /// <summary>Lots have expired since it was last looked: their boxes can be promised no more.</summary>
    public static Decision Turn(OrderQueueState state, QueuePage page, Instant now) =>
        IsTurning(state, page, now) ? new DayTurned(now.InZone(page.Zone.Time).Date) : default(Decision);

    /// <summary>Whether a lot's last day is over.</summary>
    public static bool IsTurning(OrderQueueState state, QueuePage page, Instant now) => state.NextExpiry is { } last && now.InZone(page.Zone.Time).Date > last;

    /// <summary>The shelves on a later day.</summary>
    public static OrderQueueState Turned(OrderQueueState state, DayTurned turned) => state with
    {
        Day = turned.Day,
        NextExpiry = Earliest(null, state.Inventory.Each(), turned.Day),
    };

    /// <summary>The first day that is some lot's last, of those that are not over; what was known before counts too.</summary>
    public static LocalDate? Earliest(LocalDate? known, IEnumerable<PackedItem> items, LocalDate day)
    {
        var first = known >= day ? known : null;
        foreach (var item in items)
            if (item.FirstExpiry(day) is { } last && !(first <= last))
                first = last;
        return first;
    }

    /// <summary>
    /// The next thing that recalls do here: lots on the shelves are barred, or no more. Nothing where all that is known was done. A recall of which no box can be here leaves no row.
    /// </summary>
    public static Decision Recall(OrderQueueState state, RecallBook book)
    {
        foreach (var barred in state.Barred)
            if (book.Find(barred.Id) is { IsActive: false })
                return new RecallLifted(barred.Id, barred.Cip13, [.. state.Orders.Values.Where(order => order.Recalled && Orders(order, barred.Cip13)).Select(order => order.Id).Order().Take(MostOrders)]);
        foreach (var recall in book.All)
            if (recall.IsActive && !state.Barred.Exists(barred => barred.Id == recall.Id) && IsMet(state, recall))
                return new LotsRecalled(recall.Id, recall.Cip13, [.. recall.Lots], BoxesOf(state.ItemOf(recall.Cip13) ?? InventoryItem.Nothing, recall.Lots), [.. state.Orders.Values.Where(order => IsConcerned(order, recall)).Select(order => order.Id).Order().Take(MostOrders)]);
        return default;
    }

    /// <summary>Lots are barred, and orders of the product wait for somebody who looks.</summary>
    public static OrderQueueState Recalled(OrderQueueState state, LotsRecalled recalled) =>
        recalled.Orders.Aggregate(Touching(state with { Barred = state.Barred.Add(new(recalled.Recall, recalled.Cip13, [.. recalled.Lots])) }, recalled.Cip13),
            (queue, id) => queue.With(queue.Orders[id] with { Recalled = true }));

    /// <summary>They are not any more.</summary>
    public static OrderQueueState Lifted(OrderQueueState state, RecallLifted lifted)
    {
        var next = Touching(state with { Barred = state.Barred.RemoveAll(barred => barred.Id == lifted.Recall) }, lifted.Cip13);
        return lifted.Orders.Aggregate(next, (queue, id) => queue.Orders.TryGetValue(id, out var order) ? queue.With(order with { Recalled = order.Lines.Any(line => queue.Barred.Exists(barred => barred.Cip13 == line.Cip13)) }) : queue);
    }

    /// <summary>Why boxes may not be bagged, or handed over; null where they may. Scans of when it was bagged hold when it is handed over.</summary>
    /// <param name="state">The queue.</param>
    /// <param name="order">The order.</param>
    /// <param name="check">What somebody has looked at.</param>
    /// <param name="page">The day in the pharmacy, and the recalls that are known.</param>
    /// <param name="now">When.</param>
    public static OrderRefusal? Refuse(OrderQueueState state, Order order, BoxCheck check, QueuePage page, Instant now)
    {
        var today = now.InZone(page.Zone.Time).Date;
        foreach (var scan in check.Scans)
            if (order.Lines.FirstOrDefault(line => line.Cip13 == scan.Cip13)?.Quantity is not { } boxes || check.Scans.Count(other => other.Cip13 == scan.Cip13) > boxes)
                return new(OrderRefusalKind.ScanMismatch) { Cip13 = scan.Cip13 };
            else if (IsRecalled(scan))
                return new(OrderRefusalKind.LotRecalled) { Cip13 = scan.Cip13 };
            else if (scan.Expiry < today)
                return new(OrderRefusalKind.LotExpired) { Cip13 = scan.Cip13 };
        var seen = check.Seen ?? order.Scans ?? [];
        foreach (var line in order.Lines)
            if (!check.RecallChecked && IsInDoubt(state, order, line.Cip13) && seen.Count(scan => scan.Cip13 == line.Cip13 && scan.Lot is not null && !IsRecalled(scan)) < line.Quantity)
                return new(OrderRefusalKind.LotRecalled) { Cip13 = line.Cip13 };
        return null;

        // Shelves whose lots nobody has told have none that could be barred: what a box says of itself counts all the same.
        bool IsRecalled(ScannedBox scan) => scan.Lot is { } lot && (state.IsBarred(scan.Cip13, lot) || page.Recalls.IsRecalled(scan.Cip13, lot));
    }

    // Somebody must look where the order stood here when its product was recalled, or, before it is bagged, while boxes of a recalled lot lie among the others.
    private static bool IsInDoubt(OrderQueueState state, Order order, Cip13 cip13) => state.Barred.Exists(barred =>
        barred.Cip13 == cip13 && (order.Recalled || order.State != OrderState.Ready && state.Inventory.Find(cip13) is { } item && BoxesOf(item, barred.Lots) > 0));

    // An order whose boxes were all scanned, none of a recalled lot, is in no doubt.
    private static bool IsConcerned(Order order, Recall recall)
    {
        if (!order.IsOpen || order.Lines.FirstOrDefault(line => line.Cip13 == recall.Cip13) is not { } line)
            return false;
        var known = (order.Scans ?? []).Where(scan => scan.Cip13 == recall.Cip13 && scan.Lot is not null).ToArray();
        return known.Length < line.Quantity || known.Any(scan => recall.Names(scan.Lot!));
    }

    // Boxes of it lie here, or may: then there is something to bar, or somebody who must look.
    private static bool IsMet(OrderQueueState state, Recall recall)
    {
        var item = state.ItemOf(recall.Cip13) ?? InventoryItem.Nothing;
        return BoxesOf(item, recall.Lots) > 0 || WereBagged(state, recall) || item.WithoutLot > 0 && state.Orders.Values.Any(order => IsConcerned(order, recall));
    }

    // Boxes that lie in a bag may be of a lot of which the shelf has none left.
    private static bool WereBagged(OrderQueueState state, Recall recall) =>
        state.Orders.Values.Any(order => order.IsOpen && order.Scans?.Any(scan => scan.Cip13 == recall.Cip13 && scan.Lot is { } lot && recall.Names(lot)) == true);

    private static int BoxesOf(InventoryItem item, IEnumerable<string> lots)
    {
        var boxes = 0;
        foreach (var lot in item.Lots)
            boxes += lots.Contains(lot.Code) ? lot.Boxes : 0;
        return boxes;
    }

    private static bool Orders(Order order, Cip13 cip13) => order.Lines.Any(line => line.Cip13 == cip13);

    private static OrderQueueState Touching(OrderQueueState state, Cip13 cip13) => state.Moved.Contains(cip13) ? state : state with { Moved = state.Moved.Add(cip13) };
}
