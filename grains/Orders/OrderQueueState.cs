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
internal readonly record struct StockCount(int OnHand, int Reserve = 0, int Held = 0, int Unconfirmed = 0, int ToReshelve = 0)
{
    /// <summary>Boxes that can be promised.</summary>
    [JsonIgnore]
    public int Available => Math.Max(0, OnHand - Reserve - Held - ToReshelve);

    /// <summary>Whether more is held than there is.</summary>
    [JsonIgnore]
    public bool IsShort => OnHand < Held + ToReshelve;
}

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
    public ImmutableDictionary<Cip13, StockCount> Shelf { get; init; } = ImmutableDictionary<Cip13, StockCount>.Empty;

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

    /// <summary>Boxes of a product; null where nobody has spoken of it.</summary>
    public StockCount? CountOf(Cip13 cip13) =>
        Shelf.TryGetValue(cip13, out var count) ? count
        : DemoStock.BoxesOf(Pharmacy, cip13) is { } boxes ? new StockCount(boxes)
        : null;

    /// <summary>The level of a product as the public is told.</summary>
    public StockLevel LevelOf(Cip13 cip13) => CountOf(cip13) is { } count ? StockLevels.Of(count.Available) : StockLevel.Unknown;

    /// <summary>Every level that is known.</summary>
    public Dictionary<Cip13, StockLevel> Levels() =>
        (Pharmacy.IsSynthetic ? DemoStock.Products.Concat(Shelf.Keys).Distinct() : Shelf.Keys).ToDictionary(cip13 => cip13, LevelOf);

    /// <summary>With another count of a product.</summary>
    public OrderQueueState With(Cip13 cip13, Func<StockCount, StockCount> change) => this with
    {
        Shelf = Shelf.SetItem(cip13, change(CountOf(cip13) ?? default)),
        Moved = Moved.Contains(cip13) ? Moved : Moved.Add(cip13),
    };

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
        while (next.Leaving.Count > 0 && next.Leaving.Min is var (leaves, id) && leaves <= at)
            next = next with { Leaving = next.Leaving.Remove((leaves, id)), Orders = next.Orders.Remove(id), Owing = next.Owing.Remove(id) };
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

    // A closed order leaves when nobody may undo it any more, unless its boxes still lie in a bag; a letter that could not be sent for a day is no news any more.
    private static Instant? LeavesAt(Order order)
    {
        if (order.IsOpen || order.ToReshelve)
            return null;
        var undone = order.Undo?.Until ?? Instant.MinValue;
        return order.Owed == Notices.None ? undone : Instant.Max(undone, order.Timeline[^1].At + Duration.FromDays(1));
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
            OpenByContact = order.IsOpen ? order.Contacts.Aggregate(next.OpenByContact, (counts, contact) => counts.SetItem(contact, counts.GetValueOrDefault(contact) + 1)) : next.OpenByContact,
        };
    }

    private OrderQueueState Boxes(Order order, int sign)
    {
        if (!order.IsOpen && !order.ToReshelve)
            return this;
        return order.Lines.Aggregate(this, (next, line) => next.With(line.Cip13, count => order.IsOpen
            ? count with { Held = count.Held + (sign * line.Quantity), Unconfirmed = count.Unconfirmed + (order.State == OrderState.Submitted ? sign * line.Quantity : 0) }
            : count with { ToReshelve = count.ToReshelve + (sign * line.Quantity) }));
    }
}

/// <summary>An automatic pause that the page is to be told of.</summary>
/// <param name="Seq">The row that called for it.</param>
/// <param name="At">When.</param>
/// <param name="Until">Until when; null where somebody resumes by hand.</param>
internal sealed record CalledPause(long Seq, Instant At, Instant? Until);
