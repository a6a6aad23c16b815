using System.Text.Json.Serialization;
using MessagePack;
using Realtime.Web.Counter;
using Realtime.Web.Nearest;
using Realtime.Web.OnCall;
using Realtime.Web.Orders;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.Live;

// What travels over /hubs/live, for JSON and MessagePack alike.

/// <summary>The answer to a watch: full state first, changes after.</summary>
[MessagePackObject]
public sealed record Watched<T>(
    [property: Key("subscription")] string Subscription,
    [property: Key("epoch")] string Epoch,
    [property: Key("state")] T State);

/// <summary>A pharmacy's status changed.</summary>
[MessagePackObject]
public sealed record PharmacyChanged(
    [property: Key("id")] string Id,
    [property: Key("status")] StatusItem Status,
    [property: Key("version")] VersionItem Version,
    [property: Key("at")] string At);

/// <summary>The whole answer to a nearest watch, because it changed. The newest <paramref name="AsOf"/> wins.</summary>
[MessagePackObject]
public sealed record NearestChanged(
    [property: Key("subscription")] string Subscription,
    [property: Key("items")] IReadOnlyList<PharmacyItem> Items,
    [property: Key("asOf")] string AsOf);

/// <summary>An order changed. <c>order.seq</c> counts its own events: the greatest wins, and of two alike the later.</summary>
[MessagePackObject]
public sealed record OrderChanged(
    [property: Key("orderId")] string OrderId,
    [property: Key("order")] OrderItem Order,
    [property: Key("seq")] long Seq,
    [property: Key("at")] string At);

/// <summary>The nearest pharmacies that serve, at the beginning of a watch.</summary>
[MessagePackObject]
public sealed record NearestState(
    [property: Key("asOf")] string AsOf,
    [property: Key("staleAfter")] string StaleAfter,
    [property: Key("stale")] bool Stale,
    [property: Key("items")] IReadOnlyList<PharmacyItem> Items);

/// <summary>The pharmacies of an area, at the beginning of a watch.</summary>
[MessagePackObject]
public sealed record AreaState([property: Key("asOf")] string AsOf, [property: Key("items")] IReadOnlyList<AreaItem> Items);

/// <summary>A pharmacy on a map.</summary>
[MessagePackObject]
public sealed record AreaItem(
    [property: Key("id")] string Id,
    [property: Key("name")] string Name,
    [property: Key("lat")] double Lat,
    [property: Key("lon")] double Lon,
    [property: Key("status")] StatusItem Status,
    [property: Key("version")] VersionItem Version);

/// <summary>Source-generated JSON for everything this node writes: camelCase, nulls written but where the contract leaves them out.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PharmacyItem))]
[JsonSerializable(typeof(PharmacyChanged))]
[JsonSerializable(typeof(NearestChanged))]
[JsonSerializable(typeof(Watched<PharmacyItem>))]
[JsonSerializable(typeof(Watched<NearestState>))]
[JsonSerializable(typeof(Watched<AreaState>))]
[JsonSerializable(typeof(CounterJoined))]
[JsonSerializable(typeof(CounterPaused))]
[JsonSerializable(typeof(OrderChanged))]
[JsonSerializable(typeof(Watched<OrderItem>))]
[JsonSerializable(typeof(CounterOrderPlaced))]
[JsonSerializable(typeof(CounterOrderChanged))]
[JsonSerializable(typeof(StockShort))]
[JsonSerializable(typeof(CounterRecall))]
[JsonSerializable(typeof(CounterRecallWithdrawn))]
[JsonSerializable(typeof(CounterRecallSeen))]
[JsonSerializable(typeof(IReadOnlyList<HiddenDuty>))]
[JsonSerializable(typeof(RotaChanged))]
[JsonSerializable(typeof(RotaChanged[]))]
internal sealed partial class WireJsonContext : JsonSerializerContext;

/// <summary>The one JSON of the wire.</summary>
internal static class WireJson
{
    /// <summary>Letters with accents are written as they are; the answers are never pasted into HTML.</summary>
    public static readonly WireJsonContext Context = new(new System.Text.Json.JsonSerializerOptions(System.Text.Json.JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
