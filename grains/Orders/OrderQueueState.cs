using System.Collections.Immutable;
using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Idempotency;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Orders;

/// <summary>Boxes of one product in one pharmacy. What orders hold is counted here along with the orders, and never apart from them.</summary>
/// <param name="OnHand">Boxes there, held ones included.</param>
/// <param name="Reserve">Boxes never promised.</param>
/// <param name="Held">Boxes held for open orders.</param>
/// <param name="Unconfirmed">Of these, boxes of orders that nobody at the counter has taken on yet.</param>
/// <param name="ToReshelve">Boxes bagged for orders that have ended, not back on the shelf yet.</param>
/// <param name="Unsellable">Boxes there that nobody may be given: of lots that have expired or are recalled.</param>
/// <param name="IsOld">What is known is too old to promise anything by.</param>
internal readonly record struct StockCount(int OnHand, int Reserve = 0, int Held = 0, int Unconfirmed = 0, int ToReshelve = 0, int Unsellable = 0, bool IsOld = false)
{
    /// <summary>Boxes that somebody may be given.</summary>
    [JsonIgnore]
    public int Sellable => Math.Max(0, OnHand - Unsellable);

    /// <summary>Boxes that can be promised.</summary>
    [JsonIgnore]
    public int Available => IsOld ? 0 : Math.Max(0, Sellable - Reserve - Held - ToReshelve);

    /// <summary>Whether more is held than there is.</summary>
    [JsonIgnore]
    public bool IsShort => !IsOld && Sellable < Held + ToReshelve;
}

/// <summary>Boxes of one product that orders hold.</summary>
/// <param name="Held">For open orders.</param>
/// <param name="Unconfirmed">Of these, for orders that nobody at the counter has taken on yet.</param>
/// <param name="ToReshelve">Bagged for orders that have ended.</param>
internal readonly record struct HeldBoxes(int Held, int Unconfirmed, int ToReshelve);

/// <summary>Where the feed of a pharmacy's software stands.</summary>
/// <param name="Seq">Number of the last feed that was taken.</param>
/// <param name="Fingerprint">SHA-256 of its text.</param>
/// <param name="Row">The row that took it.</param>
/// <param name="TakenAt">When its boxes were counted.</param>
/// <param name="FreshUntil">From when on it is too old.</param>
/// <param name="ToldUntil">Until when it is fresh as the public facts say it, which are not written for every feed.</param>
/// <param name="IsWhole">Whether all that is there has been said once: then the demo's seed says nothing any more.</param>
/// <param name="IsDropped">Whether somebody counted after it had become too old: then what it said is not believed again until the next one.</param>
internal sealed record FeedMark(long Seq, string Fingerprint, long Row, Instant TakenAt, Instant FreshUntil, Instant ToldUntil, bool IsWhole, bool IsDropped);

/// <summary>Boxes that were handed over, or taken back: a feed that was counted before does not know of it.</summary>
/// <param name="At">When.</param>
/// <param name="Order">With which order.</param>
/// <param name="Cip13">Of which product.</param>
/// <param name="Boxes">How many; below nothing where they came back.</param>
/// <param name="Lots">Of which lots, as far as that is known.</param>
internal sealed record HandedOver(Instant At, OrderId Order, Cip13 Cip13, int Boxes, ImmutableArray<LotBoxes> Lots)
{
    /// <summary>So long it is remembered: no feed may have been counted longer ago.</summary>
    public static readonly Duration Kept = Duration.FromDays(7);
}

/// <summary>A recall that bars lots on this pharmacy's shelves.</summary>
/// <param name="Id">Which recall.</param>
/// <param name="Cip13">Of which product.</param>
/// <param name="Lots">Codes of its lots, in capitals.</param>
internal sealed record BarredLots(string Id, Cip13 Cip13, ImmutableArray<string> Lots);

/// <summary>
/// Stock and orders of one pharmacy after a row of its stream: live orders, and closed ones that can still be undone or reshelved; all others are in the history.
/// Immutable; what it costs to change does not grow with the orders that ever were.
/// </summary>
internal sealed record OrderQueueState
{
    private static readonly Comparer<(Instant At, OrderId Id)> Earliest = Comparer<(Instant At, OrderId Id)>.Create((a, b) => a.At.CompareTo(b.At) is var order and not 0 ? order : a.Id.CompareTo(b.Id));

    /// <summary>Whose.</summary>
    public required PharmacyId Pharmacy { get; init; }

    /// <summary>Products that were ever spoken of; the demo's pharmacies have more, by the seed.</summary>
    public Inventory Inventory { get; init; } = Inventory.Empty;

    /// <summary>What orders hold.</summary>
    public ImmutableDictionary<Cip13, HeldBoxes> Held { get; init; } = ImmutableDictionary<Cip13, HeldBoxes>.Empty;

    /// <summary>Where the feed of the pharmacy's software stands; null where there never was one.</summary>
    public FeedMark? Feed { get; init; }

    /// <summary>Parts of a feed that has more to say than a row holds; they take effect with the row that follows them.</summary>
    public ImmutableArray<byte[]> Staged { get; init; } = [];

    /// <summary>The day by which lots have expired or not; null where no lot was ever known.</summary>
    public LocalDate? Day { get; init; }

    /// <summary>The next day on which a lot on the shelves may be handed out for the last time; null where none is known.</summary>
    public LocalDate? NextExpiry { get; init; }

    /// <summary>What was handed over lately, the oldest first.</summary>
    public ImmutableList<HandedOver> HandedOver { get; init; } = [];

    /// <summary>Recalls that bar lots here.</summary>
    public ImmutableList<BarredLots> Barred { get; init; } = [];

    /// <summary>Since when boxes that leave are noted; null where none ever were.</summary>
    public Instant? Since { get; init; }

    /// <summary>Live orders, and closed ones that have not left yet.</summary>
    public ImmutableDictionary<OrderId, Order> Orders { get; init; } = ImmutableDictionary<OrderId, Order>.Empty;

    /// <summary>When each open order is next to be looked at, the earliest first.</summary>
    public ImmutableSortedSet<(Instant At, OrderId Id)> Due { get; init; } = ImmutableSortedSet<(Instant At, OrderId Id)>.Empty.WithComparer(Earliest);

    /// <summary>When each closed order leaves, the earliest first.</summary>
    public ImmutableSortedSet<(Instant At, OrderId Id)> Leaving { get; init; } = ImmutableSortedSet<(Instant At, OrderId Id)>.Empty.WithComparer(Earliest);

    /// <summary>Open orders by code of a contact.</summary>
    public ImmutableDictionary<string, int> OpenByContact { get; init; } = ImmutableDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>Orders about which somebody is still to be written to.</summary>
    public ImmutableHashSet<OrderId> Owing { get; init; } = [];

    /// <summary>Orders of which a browser is still to be told something.</summary>
    public ImmutableHashSet<OrderId> Telling { get; init; } = [];

    /// <summary>The waiting list, in the order in which people asked.</summary>
    public ImmutableList<Waiter> Waiters { get; init; } = [];

    /// <summary>Requests that were carried out lately.</summary>
    public AnsweredRequests Answered { get; init; } = AnsweredRequests.None;

    /// <summary>The last order placed; null for none.</summary>
    public OrderId? Last { get; init; }

    /// <summary>The last automatic pause: the row that called for it, when, and until when; null for none.</summary>
    public CalledPause? CalledPause { get; init; }

    /// <summary>Orders as the last event left them, whether they are still here or not. Not kept.</summary>
    public ImmutableArray<Order> Touched { get; init; } = [];

    /// <summary>Products that the last event may have changed. Not kept.</summary>
    public ImmutableArray<Cip13> Moved { get; init; } = [];

    /// <summary>Boxes never promised where nobody has said a number: what a feed says is always a little late.</summary>
    public int UsualReserve => Feed is { IsDropped: false } ? 1 : 0;

    /// <summary>What is known of a product on the shelves; null where nobody has spoken of it.</summary>
    public InventoryItem? ItemOf(Cip13 cip13) =>
        Inventory.Find(cip13) ?? (DemoStock.BoxesOf(Pharmacy, cip13) is { } boxes ? InventoryItem.Nothing with { OnHand = Feed is { IsWhole: true } ? 0 : boxes } : null);

    /// <summary>Boxes of a product; null where nobody has spoken of it.</summary>
    public StockCount? CountOf(Cip13 cip13)
    {
        if (Inventory.FindPacked(cip13) is { } packed)
            return CountOf(packed);
        var held = Held.GetValueOrDefault(cip13);
        return ItemOf(cip13) is { } item ? CountOf(cip13, item, held) : held == default ? null : new StockCount(0, UsualReserve, held.Held, held.Unconfirmed, held.ToReshelve);
    }

    /// <summary>The level of a product as the public is told, while what is known is not too old.</summary>
    public StockLevel LevelOf(Cip13 cip13) => CountOf(cip13) is { } count ? LevelOf(count) : StockLevel.Unknown;

    /// <summary>The level of every product that was spoken of, by code; unknown ones too, so that others know who speaks of it.</summary>
    public IEnumerable<(Cip13 Cip13, StockLevel Level)> Levels() => Counts().Select(one => (one.Cip13, LevelOf(one.Count)));

    /// <summary>Every product that somebody has spoken of, or only the seed knows, by code.</summary>
    public IEnumerable<(Cip13 Cip13, StockCount Count)> Counts()
    {
        // Products that are not in the inventory: hardly any where a feed has spoken.
        var others = (Pharmacy.IsSynthetic ? DemoStock.Products : []).Concat(Held.Keys).Where(cip13 => Inventory.Find(cip13) is null).Distinct().Order().ToArray();
        var next = 0;
        foreach (var item in Inventory.Each())
        {
            for (; next < others.Length && others[next].CompareTo(item.Product) < 0; next++)
                yield return (others[next], CountOf(others[next]) ?? default);
            yield return (item.Product, CountOf(item));
        }
        for (; next < others.Length; next++)
            yield return (others[next], CountOf(others[next]) ?? default);
    }

    /// <summary>Whether the feed is too old to promise anything by.</summary>
    public bool IsStale(Instant now) => Feed is { IsDropped: false } feed && now >= feed.FreshUntil;

    /// <summary>Whether nobody may be given boxes of a lot: it has expired, or is recalled.</summary>
    public bool IsUnsellable(Cip13 cip13, LotBoxes lot) => Day is { } day && lot.IsExpiredOn(day) || IsBarred(cip13, lot.Code);

    /// <summary>Whether a lot is recalled.</summary>
    public bool IsBarred(Cip13 cip13, string? lot) => lot is not null && !Barred.IsEmpty && Barred.Exists(recall => recall.Cip13 == cip13 && recall.Lots.Contains(lot));

    /// <summary>With something else known of a product on the shelves.</summary>
    public OrderQueueState With(Cip13 cip13, Func<InventoryItem, InventoryItem> change) => this with
    {
        Inventory = Inventory.With(cip13, change(ItemOf(cip13) ?? InventoryItem.Nothing)),
        Moved = Moved.Contains(cip13) ? Moved : Moved.Add(cip13),
    };

    private StockCount CountOf(Cip13 cip13, InventoryItem item, HeldBoxes held) =>
        new(item.OnHand, item.Reserve ?? UsualReserve, held.Held, held.Unconfirmed, held.ToReshelve, UnsellableOf(cip13, item), Feed is { IsDropped: true } && item.IsFed);

    // The same of one that is packed, of which nothing is made: there may be ten thousand of them.
    private StockCount CountOf(PackedItem item)
    {
        if (IsAnyBarred(item.Product))
            return CountOf(item.Product, item.Read(), Held.GetValueOrDefault(item.Product));
        var (boxes, held) = (item.Boxes, Held.GetValueOrDefault(item.Product));
        return new(boxes.OnHand, boxes.Reserve ?? UsualReserve, held.Held, held.Unconfirmed, held.ToReshelve, Day is { } day ? item.ExpiredOn(day) : 0, Feed is { IsDropped: true } && boxes.CountedAt is null);
    }

    private bool IsAnyBarred(Cip13 cip13)
    {
        foreach (var recall in Barred)
            if (recall.Cip13 == cip13)
                return true;
        return false;
    }

    private int UnsellableOf(Cip13 cip13, InventoryItem item)
    {
        var boxes = 0;
        foreach (var lot in item.Lots)
            boxes += IsUnsellable(cip13, lot) ? lot.Boxes : 0;
        return boxes;
    }

    private static StockLevel LevelOf(StockCount count) => count.IsOld ? StockLevel.Unknown : StockLevels.Of(count.Available);

    /// <summary>With an order as it is now, in the place of what it was: its boxes, its instants and its contacts move with it.</summary>
    public OrderQueueState With(Order order)
    {
        var next = this;
        if (Orders.TryGetValue(order.Id, out var before))
            next = next.Less(before);
        return next.Plus(order) with { Touched = next.Touched.Add(order) };
    }

    /// <summary>Without the closed orders whose time to be undone is over, and without those who were told of boxes long ago.</summary>
    public OrderQueueState Without(Instant at)
    {
        var next = Waiters.Exists(IsDone) ? this with { Waiters = Waiters.RemoveAll(IsDone) } : this;
        while (next.HandedOver is [var first, ..] && at - first.At > Realtime.Orders.HandedOver.Kept)
            next = next with { HandedOver = next.HandedOver.RemoveAt(0) };
        while (next.Leaving.Count > 0 && next.Leaving.Min is var (leaves, id) && leaves <= at)
            next = next with { Leaving = next.Leaving.Remove((leaves, id)), Orders = next.Orders.Remove(id), Owing = next.Owing.Remove(id), Telling = next.Telling.Remove(id) };
        return next;

        bool IsDone(Waiter waiter) => waiter is { CalledAt: not null, Told: true } && !waiter.ClaimsAt(at);
    }

    /// <summary>The instant at which an order is next to be looked at; null where none is ahead of it.</summary>
    internal static Instant? DueOf(Order order) => order.State switch
    {
        OrderState.Submitted => Pending(order).Min(),
        OrderState.Accepted or OrderState.Proposed or OrderState.Ready => order.Deadlines.HeldUntil,
        _ => null,
    };

    private static bool IsTold(Order order) => order.Push is { Owed: not OrderNews.None };

    // A closed order leaves when nobody may undo it any more, unless its boxes still lie in a bag; what could not be sent for a day is no news any more.
    private static Instant? LeavesAt(Order order)
    {
        if (order.IsOpen || order.ToReshelve)
            return null;
        var undone = order.Undo?.Until ?? Instant.MinValue;
        return order.Owed == Notices.None && !IsTold(order) ? undone : Instant.Max(undone, order.Timeline[^1].At + Duration.FromDays(1));
    }

    private static IEnumerable<Instant> Pending(Order order)
    {
        var ahead = order.Deadlines;
        if (!order.Acknowledged && order.Escalation == Escalation.None)
            yield return ahead.LoudAt;
        if (!order.Acknowledged && order.Escalation == Escalation.Loud)
            yield return ahead.HandOverAt;
        if (order.Unanswered == Unanswered.No)
            yield return ahead.CountsAt;
        if (!order.Late)
            yield return ahead.ExpectedBy;
        yield return ahead.HeldUntil;
    }

    private OrderQueueState Less(Order order)
    {
        var next = Boxes(order, -1);
        return next with
        {
            Orders = next.Orders.Remove(order.Id),
            Due = DueOf(order) is { } due ? next.Due.Remove((due, order.Id)) : next.Due,
            Leaving = LeavesAt(order) is { } leaves ? next.Leaving.Remove((leaves, order.Id)) : next.Leaving,
            OpenByContact = order.IsOpen ? order.Contacts.Aggregate(next.OpenByContact, (counts, contact) => counts[contact] is var open and > 1 ? counts.SetItem(contact, open - 1) : counts.Remove(contact)) : next.OpenByContact,
        };
    }

    private OrderQueueState Plus(Order order)
    {
        var next = Boxes(order, 1);
        var leaves = LeavesAt(order);
        var stays = leaves is null || leaves > Instant.MinValue;
        return next with
        {
            Orders = stays ? next.Orders.SetItem(order.Id, order) : next.Orders,
            Due = DueOf(order) is { } due ? next.Due.Add((due, order.Id)) : next.Due,
            Leaving = stays && leaves is { } at ? next.Leaving.Add((at, order.Id)) : next.Leaving,
            Owing = stays && order.Owed != Notices.None ? next.Owing.Add(order.Id) : next.Owing.Remove(order.Id),
            Telling = stays && IsTold(order) ? next.Telling.Add(order.Id) : next.Telling.Remove(order.Id),
            OpenByContact = order.IsOpen ? order.Contacts.Aggregate(next.OpenByContact, (counts, contact) => counts.SetItem(contact, counts.GetValueOrDefault(contact) + 1)) : next.OpenByContact,
        };
    }

    private OrderQueueState Boxes(Order order, int sign)
    {
        if (!order.IsOpen && !order.ToReshelve)
            return this;
        return order.Lines.Aggregate(this, (next, line) => next.Holding(line.Cip13, sign * line.Quantity, order));
    }

    private OrderQueueState Holding(Cip13 cip13, int boxes, Order order)
    {
        var held = Held.GetValueOrDefault(cip13);
        held = order.IsOpen
            ? held with { Held = held.Held + boxes, Unconfirmed = held.Unconfirmed + (order.State == OrderState.Submitted ? boxes : 0) }
            : held with { ToReshelve = held.ToReshelve + boxes };
        return this with { Held = held == default ? Held.Remove(cip13) : Held.SetItem(cip13, held), Moved = Moved.Contains(cip13) ? Moved : Moved.Add(cip13) };
    }
}

/// <summary>An automatic pause that the page is to be told of.</summary>
/// <param name="Seq">The row that called for it.</param>
/// <param name="At">When.</param>
/// <param name="Until">Until when; null where somebody resumes by hand.</param>
internal sealed record CalledPause(long Seq, Instant At, Instant? Until);
