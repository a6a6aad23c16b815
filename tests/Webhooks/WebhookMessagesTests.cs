using System.Text;
using System.Text.Json;
using NodaTime;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Webhooks;

namespace Realtime.Tests.Webhooks;

/// <summary>The messages that rows make: their bodies are a contract, and hold nobody.</summary>
public sealed class WebhookMessagesTests
{
    private const string Order = "750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J", Other = "750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5K";
    private static readonly PharmacyId Pharmacy = PharmacyId.Parse("750020927");
    private static readonly Instant At = Instant.FromUtc(2026, 11, 23, 9, 0);
    private static readonly string[] Members = ["type", "timestamp", "data", "pharmacy", "orderId", "state", "seq", "cip13", "held", "onHand", "until"];

    [Fact]
    public void An_order_that_was_placed_says_which_and_where_it_stands() =>
        Says(new OrderPlaced(Id(Order)) { Lines = [], Deadlines = null!, Left = new(OrderState.Submitted, 1) },
            """{"type":"order.placed","timestamp":"2026-11-23T09:00:00Z","data":{"pharmacy":"750020927","orderId":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","state":"submitted","seq":1}}""");

    [Fact]
    public void An_order_that_changed_likewise_and_a_shortage_comes_after_it() =>
        Says(new OrderCollected(Id(Order), [1, 2], At) { Left = new(OrderState.Collected, 4), Short = [new(Box(), 3, 2)] },
            """{"type":"order.changed","timestamp":"2026-11-23T09:00:00Z","data":{"pharmacy":"750020927","orderId":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J","state":"collected","seq":4}}""",
            """{"type":"stock.short","timestamp":"2026-11-23T09:00:00Z","data":{"pharmacy":"750020927","cip13":"3400938358926","held":3,"onHand":2}}""");

    [Fact]
    public void What_time_does_is_told_of_each_order_whose_number_it_moved() =>
        Says(new TimePassed { Loud = [Id(Order)], HandedOver = [Id(Order)], Counted = [Id(Order)], Late = [Id(Order), Id(Other)], Expired = [Id(Other)] },
            """{"type":"order.changed","timestamp":"2026-11-23T09:00:00Z","data":{"pharmacy":"750020927","orderId":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J"}}""",
            """{"type":"order.changed","timestamp":"2026-11-23T09:00:00Z","data":{"pharmacy":"750020927","orderId":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5K","state":"expired"}}""");

    [Fact]
    public void Orders_that_are_not_served_holds_that_moved_and_lots_that_were_recalled_are_told()
    {
        Says(new ShortageSettled(Box(), [Id(Order)], [Id(Other)], At),
            """{"type":"order.changed","timestamp":"2026-11-23T09:00:00Z","data":{"pharmacy":"750020927","orderId":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5K","state":"refused"}}""");
        Says(new HoldsMoved(3, [new(Id(Order), At, At)]),
            """{"type":"order.changed","timestamp":"2026-11-23T09:00:00Z","data":{"pharmacy":"750020927","orderId":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J"}}""");
        Says(new LotsRecalled("R", Box(), ["LOT42"], 3, [Id(Order)]),
            """{"type":"order.changed","timestamp":"2026-11-23T09:00:00Z","data":{"pharmacy":"750020927","orderId":"750020927-01M83T5FZ08PAQ1Y7TZFQ2RE5J"}}""");
        Says(new NoticesSent([]));
        Says(new StockCounted(Box(), 3, null));
    }

    [Fact]
    public void A_pause_says_until_when_and_not_why()
    {
        Assert.Equal(
            """{"type":"pharmacy.paused","timestamp":"2026-11-23T09:00:00Z","data":{"pharmacy":"750020927","seq":5,"until":"2026-11-23T09:00:00Z"}}""",
            Text(WebhookMessages.Of(Pharmacy, 5, At, new PharmacyPaused("Zoé est malade", At))!));
        Assert.Equal("""{"type":"pharmacy.resumed","timestamp":"2026-11-23T09:00:00Z","data":{"pharmacy":"750020927","seq":5}}""", Text(WebhookMessages.Of(Pharmacy, 5, At, new PharmacyResumed())!));
        Assert.Null(WebhookMessages.Of(Pharmacy, 5, At, new HoursSet(null)));
        Assert.Equal("""{"type":"webhook.test","timestamp":"2026-11-23T09:00:00Z","data":{"pharmacy":"750020927"}}""", Text(WebhookMessages.OfTest(Pharmacy, At)));
    }

    [Fact]
    public void No_message_of_any_row_has_a_member_beyond_these_and_nothing_that_is_sealed()
    {
        foreach (var kind in OrderJson.AllKinds)
        {
            var happened = OrderJson.Read(kind, 1, Encoding.UTF8.GetBytes(Orders.OrderJsonTests.TextOf(kind)));
            foreach (var message in WebhookMessages.Of(Pharmacy, 9, At, happened))
            {
                Assert.Empty(MembersOf(JsonDocument.Parse(message.Body).RootElement).Except(Members, StringComparer.Ordinal));
                Assert.DoesNotContain("AQID+vv8", Text(message), StringComparison.Ordinal);
                Assert.Contains(message.Type, WebhookMessages.Types);
            }
        }
    }

    private static IEnumerable<string> MembersOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object ? json.EnumerateObject().SelectMany(member => MembersOf(member.Value).Prepend(member.Name)) : [];

    private static void Says(OrderEvent happened, params string[] bodies)
    {
        var messages = WebhookMessages.Of(Pharmacy, 9, At, happened);
        Assert.Equal(bodies, messages.Select(Text));
        Assert.Equal(bodies.Select((_, i) => $"msg_750020927_orders_9_{i + 1}"), messages.Select(message => message.Id.ToString()));
    }

    private static string Text(WebhookMessage message) => Encoding.UTF8.GetString(message.Body);

    private static OrderId Id(string text) => OrderId.TryParse(text, out var id) ? id : throw new InvalidOperationException(text);

    private static Cip13 Box() => Cip13.TryParse("3400938358926", out var cip13) ? cip13 : throw new InvalidOperationException();
}
