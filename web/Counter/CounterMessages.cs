using MessagePack;
using Realtime.Orders;
using Realtime.Web.Edge;
using Realtime.Web.Live;
using Realtime.Web.Orders;

namespace Realtime.Web.Counter;

// What travels over /hubs/counter, for JSON and MessagePack alike.

/// <summary>The answer to joining a counter: full state first, changes after.</summary>
/// <param name="Epoch">Which life of the store this is; under another one join again.</param>
/// <param name="Orders">Open orders, and bags to be put back on the shelf, the oldest first.</param>
/// <param name="Paused">Whether the pharmacy takes no orders for a while.</param>
/// <param name="Reason">Why it does not.</param>
/// <param name="Until">Until when; null where nobody has said.</param>
/// <param name="Seq">Where the pharmacy's stream of orders stands.</param>
[MessagePackObject]
public sealed record CounterJoined(
    [property: Key("epoch")] string Epoch,
    [property: Key("orders")] IReadOnlyList<CounterOrderItem> Orders,
    [property: Key("paused")] bool Paused,
    [property: Key("reason")] string? Reason,
    [property: Key("until")] string? Until,
    [property: Key("seq")] long Seq)
{
    internal static CounterJoined Of(Place place, string epoch, OrderList orders)
    {
        var now = CounterPaused.Of(place);
        return new(epoch, [.. orders.Orders.Select(order => CounterOrderItem.Of(order, place.Zone.Time))], now.Paused, now.Reason, now.Until, orders.Seq);
    }
}

/// <summary>An order was placed: ring. It may have changed since; the greater <c>seq</c> wins.</summary>
[MessagePackObject]
public sealed record CounterOrderPlaced([property: Key("order")] CounterOrderItem Order);

/// <summary>An order changed, or whether it was seen, or how loudly it asks for that: keep the greater <c>seq</c>, and of two alike the later.</summary>
[MessagePackObject]
public sealed record CounterOrderChanged([property: Key("order")] CounterOrderItem Order);

/// <summary>More boxes are held than there are: somebody must say who is served.</summary>
[MessagePackObject]
public sealed record StockShort([property: Key("cip13")] string Cip13, [property: Key("held")] int Held, [property: Key("onHand")] int OnHand);

/// <summary>Lots that the pharmacy holds are recalled: take the boxes off the shelf, look into the bags.</summary>
/// <param name="RecallId">Which recall.</param>
/// <param name="Reference">What its source calls it.</param>
/// <param name="Cip13">Of which presentation.</param>
/// <param name="Name">What that is called.</param>
/// <param name="Lots">Its lots.</param>
/// <param name="Boxes">Boxes of them here.</param>
/// <param name="Orders">Open orders of the product.</param>
[MessagePackObject]
public sealed record CounterRecall(
    [property: Key("recallId")] string RecallId,
    [property: Key("reference")] string Reference,
    [property: Key("cip13")] string Cip13,
    [property: Key("name")] string Name,
    [property: Key("lots")] IReadOnlyList<string> Lots,
    [property: Key("boxes")] int Boxes,
    [property: Key("orders")] IReadOnlyList<string> Orders);

/// <summary>A recall was taken back: its lots may be given out again.</summary>
[MessagePackObject]
public sealed record CounterRecallWithdrawn([property: Key("recallId")] string RecallId);

/// <summary>Somebody at this counter has seen a recall.</summary>
[MessagePackObject]
public sealed record CounterRecallSeen([property: Key("recallId")] string RecallId);

/// <summary>The pharmacy paused, resumed, or its pause ran out.</summary>
/// <param name="Id">Which, for a connection may have joined several.</param>
/// <param name="Paused">Whether it takes no orders now.</param>
/// <param name="Reason">Why it does not.</param>
/// <param name="Until">Until when; null where nobody has said.</param>
/// <param name="Seq">The page's version.</param>
[MessagePackObject]
public sealed record CounterPaused(
    [property: Key("id")] string Id,
    [property: Key("paused")] bool Paused,
    [property: Key("reason")] string? Reason,
    [property: Key("until")] string? Until,
    [property: Key("seq")] long Seq)
{
    internal static CounterPaused Of(Place place)
    {
        var pause = place.Shown.Pause;
        return new(place.Facts.Record.Id.Value, pause is not null, pause?.Reason, pause?.Until is { } until ? Moments.In(place.Zone.Time, until) : null, place.Facts.Seq);
    }
}
