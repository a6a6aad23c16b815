using NodaTime;
using Realtime.Pharmacies;
using Realtime.Webhooks;

namespace Realtime.Tests.Webhooks;

/// <summary>Endpoints, retries and dead letters, by the rules alone.</summary>
public sealed class WebhookRulesTests
{
    private static readonly PharmacyId Pharmacy = PharmacyId.Parse("750020927");
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 0);
    private static readonly EndpointAdded Added = new("https://hooks.example.com/a", [WebhookMessages.OrderPlaced, WebhookMessages.StockShort], null, "sealed", new(7, 3));

    [Fact]
    public void An_endpoint_is_named_after_its_row_and_gets_what_it_wants_from_then_on()
    {
        var endpoint = Given(Added).Find("w1")!;

        Assert.True(endpoint.Wants(Message(8)));
        Assert.False(endpoint.Wants(Message(7)));
        Assert.False(endpoint.Wants(Message(8) with { Type = WebhookMessages.OrderChanged }));
        Assert.False(endpoint.Wants(new(new(Pharmacy, MessageSource.Page, 3, 1), WebhookMessages.StockShort, Now, [])));
        Assert.True(endpoint.Wants(new(new(Pharmacy, MessageSource.Page, 4, 1), WebhookMessages.StockShort, Now, [])));
    }

    [Fact]
    public void A_pharmacy_has_ten_and_no_address_twice()
    {
        var ten = Given([.. Enumerable.Range(0, WebhookRules.Most).Select(i => Added with { Url = $"https://hooks.example.com/{i}" })]);

        Assert.Equal(WebhookRefusal.Full, WebhookRules.DecideAdding(ten, Added).Item2);
        Assert.Equal(WebhookRefusal.AlreadyThere, WebhookRules.DecideAdding(Given(Added), Added).Item2);
        Assert.Null(WebhookRules.DecideAdding(WebhookRules.Evolve(ten, new EndpointRemoved("w4"), 11, Now), Added).Item2);
    }

    [Fact]
    public void What_nobody_wanted_is_not_made_up_for_and_what_somebody_wanted_is()
    {
        var moved = Given(Added, new DeliveriesMoved { Cursor = new(9, 3) });

        Assert.Equal(new(9, 3), WebhookRules.Evolve(moved, Added with { Url = "https://b.example.com/", From = new(20, 5) }, 3, Now).Cursor);
        Assert.Equal(new(20, 5), WebhookRules.Evolve(WebhookRules.Evolve(moved, new EndpointRemoved("w1"), 3, Now), Added with { From = new(20, 5) }, 4, Now).Cursor);
    }

    [Fact]
    public void An_old_secret_signs_for_a_day_more_and_the_one_before_it_no_more()
    {
        var (rotated, _) = WebhookRules.DecideRotation(Given(Added), "w1", "second", Now);
        var endpoint = Given(Added, rotated!).Find("w1")!;
        Assert.Equal(WebhookRefusal.RotatedBefore, WebhookRules.DecideRotation(Given(Added, rotated!), "w1", "third", Now + Duration.FromHours(23)).Item2);
        Assert.Null(WebhookRules.DecideRotation(Given(Added, rotated!), "w1", "third", Now + Duration.FromHours(24)).Item2);

        Assert.Equal(["second", "sealed"], endpoint.SecretsAt(Now + Duration.FromHours(24) - Duration.Epsilon));
        Assert.Equal(["second"], endpoint.SecretsAt(Now + Duration.FromHours(24)));
        Assert.Equal(["third", "second"], Given(Added, rotated!, new SecretRotated("w1", "third", Now + Duration.FromHours(24))).Find("w1")!.SecretsAt(Now));
    }

    [Fact]
    public void Ten_attempts_are_made_over_three_days_each_later_by_up_to_a_fifth_than_the_schedule()
    {
        var (waiting, now, times) = (Waits(8), Now, new List<Instant> { Now });
        DeadLetter? letter;
        while (WebhookRules.DecideFailure(waiting, Failed(waiting.Message), now) is var (later, dead) && (letter = dead) is null)
        {
            Assert.InRange((later!.Next - now) / WebhookRetries.Waits[waiting.Attempts], 1, 1.2);
            (waiting, now) = (later, later.Next);
            times.Add(now);
        }
        Assert.Equal((10, 10, "http-500", now), (times.Count, letter.Attempts, letter.Answer, letter.GivenUpAt));
        Assert.InRange((now - Now).TotalHours, 75.5, 75.6 * 1.2);
    }

    [Fact]
    public void What_failed_together_does_not_come_back_together()
    {
        var waits = Enumerable.Range(1, 100).Select(i => WebhookRetries.Next("w1", Message(i).Id, 2, null, Now)).Distinct().ToList();
        Assert.True(waits.Count > 95);
        Assert.Equal(WebhookRetries.Next("w1", Message(1).Id, 2, null, Now), WebhookRetries.Next("w1", Message(1).Id, 2, null, Now));
    }

    [Fact]
    public void A_receiver_that_asks_for_more_time_gets_it_up_to_a_day()
    {
        Assert.Equal(Now + Duration.FromHours(1), WebhookRetries.Next("w1", Message(1).Id, 1, Duration.FromHours(1), Now));
        Assert.Equal(Now + Duration.FromDays(1), WebhookRetries.Next("w1", Message(1).Id, 1, Duration.FromDays(9), Now));
        Assert.True(WebhookRetries.Next("w1", Message(1).Id, 4, Duration.FromSeconds(1), Now) >= Now + Duration.FromHours(2));
    }

    [Fact]
    public void Beyond_a_thousand_that_wait_the_oldest_are_given_up_and_none_is_lost()
    {
        var some = Enumerable.Range(8, WebhookRules.MostWaiting + 5).Select(i => Waits(i)).ToList();
        var endpoint = Given(Added, new DeliveriesMoved { Waiting = some }).Find("w1")!;

        Assert.Equal(WebhookRules.MostWaiting, endpoint.Waiting.Count);
        Assert.Equal(some.Take(5).Select(one => (one.Message, WebhookRules.TooMany)), endpoint.Dead.Select(letter => (letter.Message, letter.Answer)));
        Assert.Equal(some.Skip(5).Select(one => one.Message), endpoint.Waiting.Keys);
    }

    [Fact]
    public void An_endpoint_that_is_gone_wants_nothing_and_all_that_waited_is_given_up()
    {
        var state = Given(Added, new DeliveriesMoved { Waiting = [Waits(8), Waits(9)] }, new DeliveriesMoved { Gone = ["w1"] });
        var endpoint = state.Find("w1")!;

        Assert.Equal((Now, 0, 2), (endpoint.GoneAt, endpoint.Waiting.Count, endpoint.Dead.Count));
        Assert.False(endpoint.Wants(Message(10)));
        Assert.Empty(state.Wanted);
        Assert.Equal(WebhookRefusal.Gone, WebhookRules.DecideRedelivery(state, "w1", Message(8).Id, Now).Item2);
        Assert.NotNull(WebhookRules.DecideFailure(Waits(8), DeliveryOutcome.Of("w1", Message(8).Id, 410, null), Now).Item2);
        var again = WebhookRules.Evolve(state, new EndpointResumed("w1", new(30, 3)), 4, Now);
        Assert.True(again.Find("w1")!.Wants(Message(31)) && !again.Find("w1")!.Wants(Message(30)));
        Assert.Equal(new(30, 3), again.Cursor);
    }

    [Fact]
    public void A_dead_letter_is_kept_for_thirty_days_and_sent_again_from_the_first_attempt_on()
    {
        var letter = new DeadLetter("w1", Message(8).Id, WebhookMessages.OrderPlaced, Now, 10, "http-500", Now);
        var state = Given(Added, new DeliveriesMoved { Dead = [letter] });
        var (redelivered, _) = WebhookRules.DecideRedelivery(state, "w1", letter.Message, Now + Duration.FromDays(29));
        var endpoint = WebhookRules.Evolve(state, redelivered!, 3, Now).Find("w1")!;

        Assert.Empty(endpoint.Dead);
        Assert.Equal((0, Now), (endpoint.Waiting[letter.Message].Attempts, endpoint.Waiting[letter.Message].Next));
        Assert.Equal(WebhookRefusal.UnknownMessage, WebhookRules.DecideRedelivery(state, "w1", letter.Message, Now + Duration.FromDays(30)).Item2);
        Assert.Equal(WebhookRefusal.UnknownMessage, WebhookRules.DecideRedelivery(state, "w1", Message(9).Id, Now).Item2);
        Assert.Equal(WebhookRefusal.UnknownWebhook, WebhookRules.DecideRedelivery(state, "w2", letter.Message, Now).Item2);
        var more = Enumerable.Range(9, WebhookRules.MostDead).Select(i => letter with { Message = Message(i).Id }).ToList();
        Assert.Equal(more.Select(one => one.Message), WebhookRules.Evolve(state, new DeliveriesMoved { Dead = more }, 3, Now).Find("w1")!.Dead.Select(one => one.Message));
    }

    [Theory]
    [InlineData("msg_750020927_orders_12_1", true)]
    [InlineData("msg_750020927_page_12_1", true)]
    [InlineData("msg_750020927_orders_012_1", false)]
    [InlineData("msg_750020928_orders_12_1", false)]
    [InlineData("msg_750020927_stock_12_1", false)]
    [InlineData("msg_750020927_orders_12", false)]
    [InlineData("msg_750020927_orders_-1_1", false)]
    [InlineData("none", false)]
    [InlineData(null, false)]
    public void An_id_is_read_as_it_is_written(string? text, bool isOne)
    {
        Assert.Equal(isOne, MessageId.TryParse(text, out var id));
        if (isOne)
            Assert.Equal(text, id.ToString());
    }

    private static WebhookState Given(params WebhookEvent[] happened) => happened.Select((one, i) => (one, i)).Aggregate(WebhookState.Empty, (state, next) => WebhookRules.Evolve(state, next.one, next.i + 1, Now));

    private static WebhookMessage Message(int seq) => new(new(Pharmacy, MessageSource.Orders, seq, 1), WebhookMessages.OrderPlaced, Now, []);

    private static Waiting Waits(int seq) => new("w1", Message(seq).Id, WebhookMessages.OrderPlaced, Now + Duration.FromSeconds(seq), 0, Now, null);

    private static DeliveryOutcome Failed(MessageId message) => DeliveryOutcome.Of("w1", message, 500, null);
}
