using MessagePack;
using Realtime.Web.Edge;
using Realtime.Web.Live;

namespace Realtime.Web.Counter;

// What travels over /hubs/counter, for JSON and MessagePack alike.

/// <summary>The answer to joining a counter: full state first, changes after.</summary>
/// <param name="Epoch">Which life of the store this is; under another one join again.</param>
/// <param name="Orders">Orders that wait at the counter; none can be placed yet.</param>
/// <param name="Paused">Whether the pharmacy takes no orders for a while.</param>
/// <param name="Reason">Why it does not.</param>
/// <param name="Until">Until when; null where nobody has said.</param>
/// <param name="Seq">The page's version.</param>
[MessagePackObject]
public sealed record CounterJoined(
    [property: Key("epoch")] string Epoch,
    [property: Key("orders")] object[] Orders,
    [property: Key("paused")] bool Paused,
    [property: Key("reason")] string? Reason,
    [property: Key("until")] string? Until,
    [property: Key("seq")] long Seq)
{
    internal static CounterJoined Of(Place place, string epoch)
    {
        var now = CounterPaused.Of(place);
        return new(epoch, [], now.Paused, now.Reason, now.Until, now.Seq);
    }
}

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
