using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Realtime.Orders;
using Realtime.Pharmacies;

namespace Realtime.Webhooks;

/// <summary>A message to whoever wants events of its type.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Type">One of <see cref="WebhookMessages.Types"/>, or <see cref="WebhookMessages.Test"/>.</param>
/// <param name="At">When it happened.</param>
/// <param name="Body">UTF-8 JSON, the same bytes at every attempt.</param>
internal sealed record WebhookMessage(MessageId Id, string Type, Instant At, byte[] Body);

/// <summary>
/// The messages that follow from a row of a pharmacy's streams. Pure. A message says that something happened and to what; who wants more asks the API, which knows whom it
/// answers. No message ever holds anything of a person, nor anything that is sealed.
/// </summary>
internal static class WebhookMessages
{
    /// <summary>Types of messages.</summary>
    public const string OrderPlaced = "order.placed", OrderChanged = "order.changed", StockShort = "stock.short", Paused = "pharmacy.paused", Resumed = "pharmacy.resumed";

    /// <summary>What is sent to try an endpoint out; nobody asks for it.</summary>
    public const string Test = "webhook.test";

    /// <summary>Types that an endpoint may ask for.</summary>
    public static readonly IReadOnlyList<string> Types = [OrderPlaced, OrderChanged, StockShort, Paused, Resumed];

    /// <summary>Kinds of rows of a page that have messages.</summary>
    public static readonly IReadOnlyList<string> PageKinds = ["pharmacy.paused", "pharmacy.resumed"];

    /// <summary>The kind of rows that hold parts of feeds: they are large, and tell nothing by themselves.</summary>
    public const string Untold = "feed.staged";

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The messages of a row of stock and orders, in the order of what it did.</summary>
    /// <param name="pharmacy">Whose row.</param>
    /// <param name="seq">Which.</param>
    /// <param name="at">When.</param>
    /// <param name="happened">What it says.</param>
    public static IReadOnlyList<WebhookMessage> Of(PharmacyId pharmacy, long seq, Instant at, OrderEvent happened)
    {
        var messages = new List<WebhookMessage>();
        MessageId Next() => new(pharmacy, MessageSource.Orders, seq, messages.Count + 1);
        foreach (var (id, state, own) in Changed(happened))
            messages.Add(OfOrder(Next(), happened is OrderPlaced ? OrderPlaced : OrderChanged, at, id, state, own));
        foreach (var shortage in happened.Short ?? [])
            messages.Add(OfShortage(Next(), at, shortage));
        return messages;
    }

    /// <summary>The message of a row of a page; null for most.</summary>
    public static WebhookMessage? Of(PharmacyId pharmacy, long seq, Instant at, PharmacyEvent happened) => happened switch
    {
        PharmacyPaused paused => Write(new(pharmacy, MessageSource.Page, seq, 1), Paused, at, data =>
        {
            data.WriteNumber("seq", seq);
            if (paused.Until is { } until)
                data.WriteString("until", InstantPattern.ExtendedIso.Format(until));
        }),
        PharmacyResumed => Write(new(pharmacy, MessageSource.Page, seq, 1), Resumed, at, data => data.WriteNumber("seq", seq)),
        _ => null,
    };

    /// <summary>A message that tries an endpoint out.</summary>
    public static WebhookMessage OfTest(PharmacyId pharmacy, Instant at) => Write(new(pharmacy, MessageSource.Test, at.ToUnixTimeMilliseconds(), 1), Test, at, _ => { });

    // Orders that a row changed for whoever handles them, and where it left them as far as the row itself says: what time, a closure or a recall does to many at once says of
    // each only what became of it.
    private static IEnumerable<(OrderId Id, OrderState? State, long? Seq)> Changed(OrderEvent happened) => happened switch
    {
        OneOrderEvent one => [(one.Id, one.Left?.State, one.Left?.Seq)],
        ShortageSettled settled => settled.Unserved.Select(id => (id, (OrderState?)OrderState.Refused, (long?)null)),
        TimePassed passed => [
            .. passed.Late.Except(passed.Expired).Select(id => (id, (OrderState?)null, (long?)null)),
            .. passed.Expired.Select(id => (id, (OrderState?)OrderState.Expired, (long?)null))],
        HoldsMoved moved => moved.Moves.Select(move => (move.Id, (OrderState?)null, (long?)null)),
        LotsRecalled or RecallLifted => happened.Touches.Select(id => (id, (OrderState?)null, (long?)null)),
        _ => [],
    };

    private static WebhookMessage OfOrder(MessageId message, string type, Instant at, OrderId id, OrderState? state, long? seq) => Write(message, type, at, data =>
    {
        data.WriteString("orderId", id.ToString());
        if (state is { } left)
            data.WriteString("state", OrderJson.WordOf(left));
        if (seq is { } own)
            data.WriteNumber("seq", own);
    });

    private static WebhookMessage OfShortage(MessageId message, Instant at, StockShortage shortage) => Write(message, StockShort, at, data =>
    {
        data.WriteString("cip13", shortage.Cip13.ToString());
        data.WriteNumber("held", shortage.Held);
        data.WriteNumber("onHand", shortage.OnHand);
    });

    private static WebhookMessage Write(MessageId message, string type, Instant at, Action<Utf8JsonWriter> more)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Json))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("timestamp", InstantPattern.ExtendedIso.Format(at));
            json.WriteStartObject("data");
            json.WriteString("pharmacy", message.Pharmacy.Value);
            more(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return new(message, type, at, bytes.WrittenSpan.ToArray());
    }
}
