using System.Text.Json.Serialization;

namespace Realtime.Orders;

/// <summary>What a browser is told of an order, in a word. Stored by name, and the words of what is sent.</summary>
internal enum OrderNews : byte
{
    /// <summary>Nothing.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>The counter has taken it on.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>The counter offers fewer boxes.</summary>
    [JsonStringEnumMemberName("proposed")]
    Proposed,

    /// <summary>It can be collected.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>The counter refused it.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>It expired.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,

    /// <summary>Nobody has answered: telephone.</summary>
    [JsonStringEnumMemberName("late")]
    Late,

    /// <summary>It is held longer, since the pharmacy closes.</summary>
    [JsonStringEnumMemberName("moved")]
    Moved,

    /// <summary>The pharmacist wrote.</summary>
    [JsonStringEnumMemberName("message")]
    Message,

    /// <summary>The counter went a step back: what was told last is no longer so.</summary>
    [JsonStringEnumMemberName("undone")]
    Undone,
}

/// <summary>The browser that is told of an order. There is one: who asks on another telephone moves it there.</summary>
/// <param name="Code">By which the same browser is recognized when it asks again; nothing is to be read from it.</param>
/// <param name="Sealed">Its address and keys under the order's key.</param>
/// <param name="Owed">What it is still to be told. Of several the last: at the push service too the newer takes the place of the older.</param>
/// <param name="Of">The order's own events when that came about; 0 where nothing is owed.</param>
internal sealed record OrderPush(string Code, byte[] Sealed, OrderNews Owed = OrderNews.None, long Of = 0);

/// <summary>When a browser is told, and of what. Pure.</summary>
internal static class OrderPushes
{
    /// <summary>A browser asks to be told while the order is open; asking again is nothing.</summary>
    public static Decision Ask(OrderQueueState state, OrderId id, string code) =>
        !state.Orders.TryGetValue(id, out var order) ? OrderRefusalKind.UnknownOrder
        : !order.IsOpen ? new OrderRefusal(OrderRefusalKind.WrongState) { State = order.State }
        : order.Push?.Code == code ? default(Decision)
        : new PushAsked(id, code, []);

    /// <summary>No browser is to be told any more, whether its owner wants it no longer or the push service does not know it.</summary>
    public static Decision End(OrderQueueState state, OrderId id) =>
        !state.Orders.TryGetValue(id, out var order) ? OrderRefusalKind.UnknownOrder
        : order.Push is null ? default(Decision)
        : new PushEnded(id);

    /// <summary>The queue after one of these events; an order that has left meanwhile takes nothing with it.</summary>
    public static OrderQueueState Evolve(OrderQueueState state, OrderPushEvent happened) => state.Orders.TryGetValue(happened.Id, out var order) ? state.With(order with { Push = After(order.Push, happened) }) : state;

    /// <summary>The queue with what browsers are to be told of an event.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="before">The queue before it.</param>
    /// <param name="after">The queue after it.</param>
    public static OrderQueueState Told(OrderEvent happened, OrderQueueState before, OrderQueueState after)
    {
        var next = after;
        foreach (var order in after.Touched)
            if (order.Push is { } push && before.Orders.TryGetValue(order.Id, out var was) && NewsOf(happened, was, order) is var news and not OrderNews.None)
                next = next.With(order with { Push = push with { Owed = news, Of = order.Seq } });
        return next;
    }

    // Nobody is told of what he did himself.
    private static OrderNews NewsOf(OrderEvent happened, Order before, Order after) => happened switch
    {
        OrderCancelled or ProposalAccepted or ProposalDeclined or OrderCollected => OrderNews.None,
        MessageSent e => e.FromBuyer ? OrderNews.None : OrderNews.Message,
        ActUndone => before.State == after.State ? OrderNews.None : OrderNews.Undone,
        HoldsMoved => OrderNews.Moved,
        _ when before.State != after.State => OfState(after.State),
        _ => after.Late && !before.Late ? OrderNews.Late : OrderNews.None,
    };

    private static OrderNews OfState(OrderState state) => state switch
    {
        OrderState.Accepted => OrderNews.Accepted,
        OrderState.Proposed => OrderNews.Proposed,
        OrderState.Ready => OrderNews.Ready,
        OrderState.Refused => OrderNews.Refused,
        OrderState.Expired => OrderNews.Expired,
        _ => OrderNews.None,
    };

    private static OrderPush? After(OrderPush? push, OrderPushEvent happened) => happened switch
    {
        PushAsked e => new(e.Code, e.Sealed),
        PushEnded => null,
        // Something newer may be owed by now.
        PushSent e => push?.Of == e.Of ? push with { Owed = OrderNews.None, Of = 0 } : push,
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is not known here."),
    };
}
