using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using NodaTime;
using NodaTime.Serialization.SystemTextJson;
using Realtime.Idempotency;
using Realtime.Pharmacies;
using Realtime.Stock;

namespace Realtime.Orders;

/// <summary>
/// How this slice's events, snapshots and closed orders stand in the store: kinds, versions and JSON members are a contract that outlives class names; the texts in
/// tests/Orders/OrderJsonTests.cs hold them in place.
/// </summary>
internal static class OrderJson
{
    /// <summary>How the names of these streams begin.</summary>
    public const string Prefix = StockStreams.Prefix;

    /// <summary>The event by which a pharmacy bars lots that are recalled.</summary>
    public const string RecalledKind = "lots.recalled";

    private const string LiftedKind = "recall.lifted";

    private static readonly OrderJsonContext Context = new(Options());

    private static readonly Dictionary<string, (Type Type, JsonTypeInfo Shape)> Kinds = new(StringComparer.Ordinal)
    {
        ["stock.counted"] = (typeof(StockCounted), Context.StockCounted),
        ["feed.staged"] = (typeof(FeedStaged), Context.FeedStaged),
        ["stock.fed"] = (typeof(StockFed), Context.StockFed),
        ["day.turned"] = (typeof(DayTurned), Context.DayTurned),
        [RecalledKind] = (typeof(LotsRecalled), Context.LotsRecalled),
        [LiftedKind] = (typeof(RecallLifted), Context.RecallLifted),
        ["shortage.settled"] = (typeof(ShortageSettled), Context.ShortageSettled),
        ["order.placed"] = (typeof(OrderPlaced), Context.OrderPlaced),
        ["order.acknowledged"] = (typeof(OrderAcknowledged), Context.OrderAcknowledged),
        ["order.accepted"] = (typeof(OrderAccepted), Context.OrderAccepted),
        ["order.validated"] = (typeof(OrderValidated), Context.OrderValidated),
        ["order.proposed"] = (typeof(OrderProposed), Context.OrderProposed),
        ["proposal.accepted"] = (typeof(ProposalAccepted), Context.ProposalAccepted),
        ["proposal.declined"] = (typeof(ProposalDeclined), Context.ProposalDeclined),
        ["order.ready"] = (typeof(OrderReadied), Context.OrderReadied),
        ["order.refused"] = (typeof(OrderRefused), Context.OrderRefused),
        ["order.cancelled"] = (typeof(OrderCancelled), Context.OrderCancelled),
        ["order.collected"] = (typeof(OrderCollected), Context.OrderCollected),
        ["code.wrong"] = (typeof(WrongCodeGiven), Context.WrongCodeGiven),
        ["act.undone"] = (typeof(ActUndone), Context.ActUndone),
        ["boxes.reshelved"] = (typeof(BoxesReshelved), Context.BoxesReshelved),
        ["message.sent"] = (typeof(MessageSent), Context.MessageSent),
        ["time.passed"] = (typeof(TimePassed), Context.TimePassed),
        ["holds.moved"] = (typeof(HoldsMoved), Context.HoldsMoved),
        ["notices.sent"] = (typeof(NoticesSent), Context.NoticesSent),
        ["push.asked"] = (typeof(PushAsked), Context.PushAsked),
        ["push.sent"] = (typeof(PushSent), Context.PushSent),
        ["push.ended"] = (typeof(PushEnded), Context.PushEnded),
        ["waiter.joined"] = (typeof(WaiterJoined), Context.WaiterJoined),
        ["waiter.left"] = (typeof(WaiterLeft), Context.WaiterLeft),
        ["waiters.called"] = (typeof(WaitersCalled), Context.WaitersCalled),
    };

    private static readonly Dictionary<Type, string> Names = Kinds.ToDictionary(kind => kind.Value.Type, kind => kind.Key);

    /// <summary>Every kind of event there is.</summary>
    public static IEnumerable<string> AllKinds => Kinds.Keys;

    /// <summary>Whether an event says what a recall bars in a pharmacy, or no more bars.</summary>
    public static bool IsOfRecalls(string kind) => kind is RecalledKind or LiftedKind;

    /// <summary>The stream of a pharmacy's stock and orders.</summary>
    public static string StreamOf(PharmacyId id) => StockStreams.Of(id);

    /// <summary>The event's name in the log, the version of its payload, and the payload.</summary>
    public static (string Kind, int Version, byte[] Payload) Write(OrderEvent happened)
    {
        var kind = Names[happened.GetType()];
        return (kind, 1, JsonSerializer.SerializeToUtf8Bytes(happened, Kinds[kind].Shape));
    }

    /// <summary>The event that <see cref="Write(OrderEvent)"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">Written by a newer program.</exception>
    public static OrderEvent Read(string kind, int version, ReadOnlySpan<byte> payload) =>
        version == 1 && Kinds.TryGetValue(kind, out var known)
            ? (OrderEvent)JsonSerializer.Deserialize(payload, known.Shape)!
            : throw new InvalidOperationException($"The journal holds {kind} version {version}, which this program does not know: it was written by a newer one.");

    /// <summary>An order as it stands in the history.</summary>
    public static byte[] WriteOrder(Order order) => JsonSerializer.SerializeToUtf8Bytes(order with { Undo = null, Owed = Notices.None, Push = null }, Context.Order);

    /// <summary>The order that <see cref="WriteOrder"/> wrote.</summary>
    public static Order ReadOrder(ReadOnlySpan<byte> payload) => JsonSerializer.Deserialize(payload, Context.Order)!;

    /// <summary>The word of a state, as stored and as the public interface says it.</summary>
    public static string WordOf(OrderState state) => state.ToString().ToLowerInvariant();

    /// <summary>The word of a piece of news, likewise.</summary>
    public static string WordOf(OrderNews news) => news.ToString().ToLowerInvariant();

    /// <summary>The state as kept in snapshots. What orders hold is counted anew from them.</summary>
    public static byte[] WriteState(OrderQueueState state) => JsonSerializer.SerializeToUtf8Bytes(
        new KeptQueue(
            state.Pharmacy, state.Inventory.Write(), [.. state.Orders.Values], [.. state.Waiters], [.. state.Answered.All], state.Last, state.CalledPause,
            state.Feed, [.. state.Staged], state.Day, state.NextExpiry, [.. state.HandedOver], [.. state.Barred], state.Since),
        Context.KeptQueue);

    /// <summary>The state that <see cref="WriteState"/> wrote.</summary>
    public static OrderQueueState ReadState(ReadOnlySpan<byte> payload)
    {
        var kept = JsonSerializer.Deserialize(payload, Context.KeptQueue)!;
        var state = new OrderQueueState
        {
            Pharmacy = kept.Pharmacy,
            Inventory = Inventory.Read(kept.Inventory),
            Waiters = [.. kept.Waiters],
            Answered = AnsweredRequests.Of(kept.Answered),
            Last = kept.Last,
            CalledPause = kept.CalledPause,
            Feed = kept.Feed,
            Staged = [.. kept.Staged],
            Day = kept.Day,
            NextExpiry = kept.NextExpiry,
            HandedOver = [.. kept.HandedOver],
            Barred = [.. kept.Barred],
            Since = kept.Since,
        };
        return kept.Orders.Aggregate(state, (queue, order) => queue.With(order)) with { Touched = [], Moved = [] };
    }

    private static JsonSerializerOptions Options()
    {
        // Letters with accents as they are: names of medicines are French, and nobody pastes a row into HTML.
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        options.Converters.Add(new InstantJson());
        options.Converters.Add(NodaConverters.LocalDateConverter);
        options.Converters.Add(new JsonStringEnumConverter<FeedKind>(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new JsonStringEnumConverter<OrderState>());
        options.Converters.Add(new JsonStringEnumConverter<OrderNews>());
        options.Converters.Add(new JsonStringEnumConverter<StockLevel>());
        return options;
    }
}

/// <summary>The shape of a snapshot.</summary>
internal sealed record KeptQueue(
    PharmacyId Pharmacy, byte[] Inventory, IReadOnlyList<Order> Orders, IReadOnlyList<Waiter> Waiters, IReadOnlyList<AnsweredRequest> Answered, OrderId? Last, CalledPause? CalledPause,
    FeedMark? Feed, IReadOnlyList<byte[]> Staged, LocalDate? Day, LocalDate? NextExpiry, IReadOnlyList<HandedOver> HandedOver, IReadOnlyList<BarredLots> Barred, Instant? Since);

[JsonSerializable(typeof(StockCounted))]
[JsonSerializable(typeof(FeedStaged))]
[JsonSerializable(typeof(StockFed))]
[JsonSerializable(typeof(DayTurned))]
[JsonSerializable(typeof(LotsRecalled))]
[JsonSerializable(typeof(RecallLifted))]
[JsonSerializable(typeof(ShortageSettled))]
[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(OrderAcknowledged))]
[JsonSerializable(typeof(OrderAccepted))]
[JsonSerializable(typeof(OrderValidated))]
[JsonSerializable(typeof(OrderProposed))]
[JsonSerializable(typeof(ProposalAccepted))]
[JsonSerializable(typeof(ProposalDeclined))]
[JsonSerializable(typeof(OrderReadied))]
[JsonSerializable(typeof(OrderRefused))]
[JsonSerializable(typeof(OrderCancelled))]
[JsonSerializable(typeof(OrderCollected))]
[JsonSerializable(typeof(WrongCodeGiven))]
[JsonSerializable(typeof(ActUndone))]
[JsonSerializable(typeof(BoxesReshelved))]
[JsonSerializable(typeof(MessageSent))]
[JsonSerializable(typeof(TimePassed))]
[JsonSerializable(typeof(HoldsMoved))]
[JsonSerializable(typeof(NoticesSent))]
[JsonSerializable(typeof(PushAsked))]
[JsonSerializable(typeof(PushSent))]
[JsonSerializable(typeof(PushEnded))]
[JsonSerializable(typeof(WaiterJoined))]
[JsonSerializable(typeof(WaiterLeft))]
[JsonSerializable(typeof(WaitersCalled))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(KeptQueue))]
internal sealed partial class OrderJsonContext : JsonSerializerContext;
