using System.Text;
using NodaTime;
using Realtime.Journal;
using Realtime.Webhooks;

namespace Realtime.Tests.Webhooks;

/// <summary>What stands in stores is read for ever: these texts are a contract.</summary>
public sealed class WebhookJsonTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 11, 23, 9, 0);

    private static readonly Dictionary<string, string> Stored = new(StringComparer.Ordinal)
    {
        ["webhook.added"] = """{"url":"https://hooks.example.com/a?b=1&c=2","events":["order.placed","stock.short"],"description":"siège","secret":"c2VhbGVk","from":{"orders":12,"page":3}}""",
        ["webhook.removed"] = """{"endpoint":"w1"}""",
        ["webhook.rotated"] = """{"endpoint":"w1","secret":"bmV3","oldUntil":"2026-11-24T09:00:00Z"}""",
        ["webhook.resumed"] = """{"endpoint":"w1","from":{"orders":14,"page":3}}""",
        ["webhook.redelivered"] = """{"endpoint":"w1","message":"msg_750020927_orders_12_1"}""",
        ["webhooks.moved"] = """{"cursor":{"orders":14,"page":3},"waiting":[{"endpoint":"w1","message":"msg_750020927_orders_13_1","type":"order.placed","at":"2026-11-23T08:59:00Z","attempts":1,"next":"2026-11-23T09:00:05Z","answer":"http-500"}],"settled":[{"endpoint":"w1","message":"msg_750020927_page_3_1"}],"dead":[{"endpoint":"w1","message":"msg_750020927_orders_12_1","type":"stock.short","at":"2026-11-20T09:00:00Z","attempts":10,"answer":"timeout","givenUpAt":"2026-11-23T09:00:00Z"}],"gone":["w2"]}""",
    };

    private const string State = """{"cursor":{"orders":14,"page":3},"endpoints":[{"id":"w1","url":"https://hooks.example.com/a?b=1&c=2","events":["order.placed","stock.short"],"description":"siège","secret":"bmV3","from":{"orders":12,"page":3},"addedAt":"2026-11-23T09:00:00Z","oldSecret":"c2VhbGVk","oldUntil":"2026-11-24T09:00:00Z","waiting":[{"endpoint":"w1","message":"msg_750020927_orders_13_1","type":"order.placed","at":"2026-11-23T08:59:00Z","attempts":1,"next":"2026-11-23T09:00:05Z","answer":"http-500"}],"dead":[{"endpoint":"w1","message":"msg_750020927_orders_12_1","type":"stock.short","at":"2026-11-20T09:00:00Z","attempts":10,"answer":"timeout","givenUpAt":"2026-11-23T09:00:00Z"}]}]}""";

    public static TheoryData<string> Kinds => [.. WebhookJson.AllKinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_event_is_read_and_written_as_it_always_was(string kind)
    {
        Assert.True(Stored.TryGetValue(kind, out var text), $"{kind} has no text: add one with every member of the event.");
        var (written, version, payload) = WebhookJson.Write(WebhookJson.Read(kind, 1, Encoding.UTF8.GetBytes(text)));
        Assert.Equal((kind, 1, text), (written, version, Encoding.UTF8.GetString(payload)));
    }

    [Fact]
    public void What_a_newer_program_wrote_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => WebhookJson.Read("webhook.added", 2, "{}"u8));
        Assert.Throws<InvalidOperationException>(() => WebhookJson.Read("webhook.painted", 1, "{}"u8));
    }

    [Fact]
    public void A_snapshot_is_read_and_written_as_it_always_was_and_is_what_its_rows_make()
    {
        Assert.Equal(State, Encoding.UTF8.GetString(WebhookJson.WriteState(WebhookJson.ReadState(Encoding.UTF8.GetBytes(State)))));
        Assert.Equal(State, Encoding.UTF8.GetString(WebhookJson.WriteState(Rows("webhook.added", "webhook.rotated", "webhooks.moved").Aggregate(
            WebhookState.Empty, (state, row) => WebhookRules.Evolve(state, WebhookJson.Read(row.Event.Kind, 1, row.Event.Payload.Span), row.Seq, row.At)))));
    }

    [Fact]
    public void What_silos_know_is_computed_anew_from_the_rows_alone_and_holds_neither_address_nor_secret()
    {
        var facts = WebhookFactsOfStream.All.Begin("webhooks/750020927")!;
        foreach (var row in Rows("webhook.added", "webhook.rotated", "webhooks.moved"))
            facts.Take(row);
        var (seq, payload) = facts.Written()!.Value;

        Assert.Equal((1, """{"wanted":["order.placed","stock.short"]}"""), (seq, Encoding.UTF8.GetString(payload)));
        Assert.Equal(payload, facts.InTodaysWords(payload));
        facts.Take(Rows("webhook.removed").Single() with { Seq = 4 });
        Assert.Equal((4, """{"wanted":[]}"""), (facts.Written()!.Value.Seq, Encoding.UTF8.GetString(facts.Written()!.Value.Payload)));
        Assert.Null(WebhookFactsOfStream.All.Begin("webhooks/nobody"));
    }

    private static IEnumerable<JournalRow> Rows(params string[] kinds) => kinds.Select((kind, i) =>
        new JournalRow("webhooks/750020927", i + 1, 1, i + 1, At, new JournalEvent(kind, 1, "p-owner", "test", Encoding.UTF8.GetBytes(Stored[kind])), default));
}
