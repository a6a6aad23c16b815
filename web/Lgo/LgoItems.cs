using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Orders;
using Realtime.Stock;
using Realtime.Web.Edge;
using Realtime.Web.Orders;

namespace Realtime.Web.Lgo;

// The wire shapes of what a pharmacy's software is answered. Instants are in the pharmacy's own offset.

/// <summary>A line of a feed that was not taken.</summary>
/// <param name="Line">Its number in the body, from 1, which is most often the header's.</param>
/// <param name="Error">invalid-json, unknown-member, invalid-cip13, unknown-product, invalid-quantity, invalid-lot, invalid-expiry or line-too-long.</param>
public sealed record RejectedLineItem(int Line, string Error);

/// <summary>A feed was taken, or had been before.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Accepted">Lines that were good.</param>
/// <param name="RejectedCount">Lines that were not.</param>
/// <param name="Rejected">The first 2,000 of those.</param>
public sealed record FeedItem(long Seq, int Accepted, int RejectedCount, IReadOnlyList<RejectedLineItem> Rejected)
{
    internal static FeedItem Of(FeedAnswer answer) =>
        new(answer.Seq, answer.Accepted, answer.Rejected.Count, [.. answer.Rejected.Listed.Select(one => new RejectedLineItem(one.Line, FeedErrors.WordOf(one.Error)))]);
}

/// <summary>Where the feed of a pharmacy stands.</summary>
/// <param name="Seq">The last that was taken, 0 for none: the next one is one more.</param>
/// <param name="TakenAt">When its boxes were counted; null where there was none.</param>
/// <param name="FreshUntil">From when on, without another, levels are unknown and nothing can be ordered; null where there was none.</param>
/// <param name="Fresh">Whether it is believed now.</param>
/// <param name="Products">Products of which the stock is spoken of.</param>
public sealed record FeedStandingItem(long Seq, string? TakenAt, string? FreshUntil, bool Fresh, int Products)
{
    internal static FeedStandingItem Of(FeedStanding standing, DateTimeZone zone) => new(
        standing.Seq, standing.TakenAt is { } at ? Moments.In(zone, at) : null, standing.FreshUntil is { } until ? Moments.In(zone, until) : null, standing.IsFresh, standing.Products);
}

/// <summary>A box that was scanned for an order.</summary>
/// <param name="Cip13">Of which product.</param>
/// <param name="Lot">Its lot, where the code told.</param>
/// <param name="Expiry">ISO day on which it expires, where the code told.</param>
/// <param name="Serial">Its own number, where it has one.</param>
public sealed record ScannedBoxItem(
    string Cip13,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Lot,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Expiry,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Serial);

/// <summary>An order as it is booked: nothing of whoever buys, or is treated.</summary>
/// <param name="OrderId">Which.</param>
/// <param name="State">submitted, accepted, proposed, ready, collected, refused, cancelled or expired.</param>
/// <param name="Seq">Its own events so far; <c>If-Match</c> names it.</param>
/// <param name="Lines">What is ordered.</param>
/// <param name="TotalCents">Euro cents to be paid at the pharmacy; null where one of the prices is the pharmacy's to say.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="HeldUntil">Until when its boxes are held.</param>
/// <param name="ExpectedBy">When the buyer expects an answer.</param>
/// <param name="Flags">What to look at: <c>shortage</c>, <c>late</c>, <c>loud</c>, <c>handedOver</c>, <c>toReshelve</c>, <c>byCounter</c>, <c>codeLocked</c>, <c>recalled</c>.</param>
/// <param name="Scans">Boxes that were scanned for it.</param>
public sealed record LgoOrderItem(
    string OrderId, string State, long Seq, IReadOnlyList<OrderLineItem> Lines, int? TotalCents, string PlacedAt, string HeldUntil, string ExpectedBy, IReadOnlyList<string> Flags,
    IReadOnlyList<ScannedBoxItem> Scans)
{
    internal static LgoOrderItem Of(OrderView order, DateTimeZone zone) => new(
        order.Id.ToString(), OrderJson.WordOf(order.State), order.Seq, OrderLineItem.Of(order.Lines), OrderLineItem.Total(order.Lines), Moments.In(zone, order.Timeline[0].At),
        Moments.In(zone, order.HeldUntil), Moments.In(zone, order.ExpectedBy), [.. CounterOrderItem.FlagsOfWork(order)], [.. order.Scans.Select(Of)]);

    private static ScannedBoxItem Of(Realtime.Products.ScannedBox box) =>
        new(box.Cip13.ToString(), box.Lot, box.Expiry is { } day ? NodaTime.Text.LocalDatePattern.Iso.Format(day) : null, box.Serial);
}

/// <summary>An order that changed.</summary>
/// <param name="Seq">The row of its last change on this page.</param>
/// <param name="At">When that was.</param>
/// <param name="Order">The order as it is now.</param>
public sealed record OrderChangeItem(long Seq, string At, LgoOrderItem Order);

/// <summary>A page of order changes, the oldest first.</summary>
/// <param name="Seq">The row up to which it reads: the <c>after</c> of the next page.</param>
/// <param name="Epoch">Which life of the store this is; with another one, rows are counted anew: begin at 0.</param>
/// <param name="More">Whether the next page has something already.</param>
/// <param name="Items">The orders, each once.</param>
public sealed record OrderChangesAnswer(long Seq, string Epoch, bool More, IReadOnlyList<OrderChangeItem> Items)
{
    internal static OrderChangesAnswer Of(OrderChanges changes, string epoch, DateTimeZone zone) =>
        new(changes.Seq, epoch, changes.Seq < changes.Last, [.. changes.Items.Select(one => new OrderChangeItem(one.Seq, Moments.In(zone, one.At), LgoOrderItem.Of(one.Order, zone)))]);
}
