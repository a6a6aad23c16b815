using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Tests.Counter;

namespace Realtime.Tests.Orders;

/// <summary>A node whose clock the tests of one class set, one after the other, always forward.</summary>
public sealed class SetClock : IAsyncLifetime
{
    private int _weeks;

    public OrderDesk Desk { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Desk = new(await RealtimeHost.Start(demo: true, start: OrderDesk.MondayTen));

    public ValueTask DisposeAsync() => Desk.DisposeAsync();

    /// <summary>A Monday in January 2027 or later, at a time of day in Paris; each call is a week later than the one before. The node has taken it in.</summary>
    internal async Task<Instant> NextMonday(int hour, int minute = 0)
    {
        var monday = new LocalDate(2027, 1, 4).PlusWeeks(_weeks++).At(new LocalTime(hour, minute)).InZoneLeniently(DateTimeZoneProviders.Tzdb["Europe/Paris"]).ToInstant();
        await Desk.At(monday);
        return monday;
    }
}

/// <summary>What time does to orders, as buyers and counters see it.</summary>
public sealed class OrderTimeTests(SetClock clock) : IClassFixture<SetClock>
{
    private const string Suppository = OrderDesk.Suppository;
    // The clock runs on while a node takes in what time it has become.
    private static readonly Duration Margin = Duration.FromMinutes(4);
    private static readonly Duration Second = Duration.FromSeconds(1), Minute = Duration.FromMinutes(1), Hour = Duration.FromHours(1), Day = Duration.FromDays(1);
    private readonly OrderDesk _desk = clock.Desk;

    [Fact]
    public async Task An_order_that_nobody_answers_is_late_after_half_an_hour_and_over_after_two_and_its_boxes_are_free()
    {
        await clock.NextMonday(10);
        var id = await _desk.ByDay(boxes: 3);
        var order = await _desk.Place(id, _desk.Asks(3, Suppository));
        var placed = order.Answer.GetProperty("timeline")[0].Moment("at");
        var (buyer, _) = await Ear.OfBuyer(_desk, order);
        await using var here = buyer;

        await _desk.At(placed + 28 * Minute, id);
        Assert.False((await _desk.Seen(order)).GetProperty("late").GetBoolean());
        await _desk.At(placed + 30 * Minute, id);
        var late = await buyer.Next("OrderChanged", said => said.Number("seq") == 2);
        Assert.Equal((true, 2), (late.GetProperty("order").GetProperty("late").GetBoolean(), late.Number("seq")));
        Assert.Contains("late", (await _desk.AtCounter(order)).GetProperty("flags").Texts());

        await _desk.At(placed + 2 * Hour - Margin, id);
        Assert.Equal("submitted", (await _desk.Seen(order)).Text("state"));
        await _desk.At(placed + 2 * Hour, id);
        Assert.Equal("expired", (await buyer.Next("OrderChanged", said => said.GetProperty("order").Text("state") == "expired")).GetProperty("order").Latest().Text("state"));
        Assert.Equal((3, 0), ((await _desk.Boxes(id, Suppository)).Number("available"), (await _desk.Boxes(id, Suppository)).Number("toReshelve")));
        await _desk.Act(order, "accept", null, 3).Refuse(409, "wrong-state");
        Assert.Equal([order.Id], (await _desk.Change(HttpMethod.Get, id, "orders?state=expired", null, null).Expect(200)).GetProperty("items").EnumerateArray().Select(one => one.Text("orderId")));
    }

    [Fact]
    public async Task Shortly_before_closing_time_the_rest_is_counted_from_the_next_opening()
    {
        var monday = await clock.NextMonday(18, 50);
        var id = await _desk.ByDay();
        var order = (await _desk.Place(id)).Answer;
        // Ten minutes, less what has passed, are still today's.
        var today = monday + 10 * Minute - order.GetProperty("timeline")[0].Moment("at");
        var opening = monday + 14 * Hour + 10 * Minute;
        Assert.Equal((opening + 30 * Minute - today, opening + 2 * Hour - today), (order.Moment("expectedBy"), order.Moment("heldUntil")));

        // On Saturday evening that is Monday's; and once the door is shut nothing of today is left.
        await _desk.At(monday + 5 * Day, id);
        order = (await _desk.Place(id)).Answer;
        today = monday + 5 * Day + 10 * Minute - order.GetProperty("timeline")[0].Moment("at");
        Assert.Equal(opening + 6 * Day + 30 * Minute - today, order.Moment("expectedBy"));
        await _desk.At(monday + 5 * Day + Hour, id);
        order = (await _desk.Place(id)).Answer;
        Assert.Equal((opening + 6 * Day + 30 * Minute, opening + 6 * Day + 2 * Hour), (order.Moment("expectedBy"), order.Moment("heldUntil")));
    }

    [Fact]
    public async Task A_bag_is_kept_to_the_end_of_the_second_opening_day_and_then_is_to_be_put_back()
    {
        var monday = await clock.NextMonday(10);
        var id = await _desk.ByDay(boxes: 3);
        var order = await _desk.Place(id, _desk.Asks(2, Suppository));
        var seq = (await _desk.Through(order, 1, "accept", "ready")).Number("seq");
        var held = (await _desk.Seen(order)).Moment("heldUntil");
        Assert.Equal(monday + 33 * Hour, held);
        await _desk.At(held - Margin, id);
        Assert.Equal("ready", (await _desk.Seen(order)).Text("state"));
        await _desk.At(held, id);
        Assert.Equal("expired", (await _desk.Seen(order)).Text("state"));
        Assert.Equal(["toReshelve"], (await _desk.AtCounter(order)).GetProperty("flags").Texts());
        await _desk.Through(order, seq + 1, "reshelve");
        Assert.Equal(3, (await _desk.Boxes(id, Suppository)).Number("available"));
    }

    [Fact]
    public async Task An_accepted_order_is_kept_for_a_week_and_no_longer()
    {
        await clock.NextMonday(10);
        var id = await _desk.ByDay();
        var order = await _desk.Place(id);
        await _desk.Through(order, 1, "accept");
        var placed = order.Answer.GetProperty("timeline")[0].Moment("at");
        await _desk.At(placed + 7 * Day - Margin, id);
        Assert.Equal("accepted", (await _desk.Seen(order)).Text("state"));
        await _desk.At(placed + 7 * Day, id);
        Assert.Equal("expired", (await _desk.Seen(order)).Text("state"));
    }

    [Fact]
    public async Task Three_orders_that_nobody_answers_pause_the_pharmacy_until_it_next_opens()
    {
        var monday = await clock.NextMonday(17);
        var id = await _desk.ByDay();
        var orders = new List<Taken>();
        for (var i = 0; i < 3; i++)
            orders.Add(await _desk.Place(id));
        var (counter, _) = await Ear.AtCounter(_desk, id);
        await using var here = counter;

        await _desk.At(monday + 13 * Minute, id);
        Assert.False((await _desk.Page(id)).TryGetProperty("paused", out var _));
        await _desk.At(orders[2].Answer.GetProperty("timeline")[0].Moment("at") + 15 * Minute, id);

        var paused = await counter.Next("CounterPaused");
        Assert.Equal((true, PharmacyPage.UnansweredReason, monday + 16 * Hour), (paused.GetProperty("paused").GetBoolean(), paused.Text("reason"), paused.Moment("until")));
        var page = await _desk.Page(id);
        Assert.Equal((false, PharmacyPage.UnansweredReason, monday + 16 * Hour), (page.GetProperty("clickAndCollect").GetBoolean(), page.GetProperty("paused").Text("reason"), page.GetProperty("paused").Moment("until")));
        await _desk.Sweep(id);
        Assert.Equal(monday + 16 * Hour, (await Answers.RefusedInBoth(language => _desk.Order(id, _desk.Asks(), language: language), 409, "paused", "until")).Moment("until"));

        await _desk.At(monday + 16 * Hour, id);
        Assert.False((await counter.Next("CounterPaused")).GetProperty("paused").GetBoolean());
        await _desk.Place(id);
        // The same three do not pause it once more, nor does who has answered one in time.
        await _desk.At(monday + 16 * Hour + 20 * Minute, id);
        Assert.False((await _desk.Page(id)).TryGetProperty("paused", out var _));
    }

    [Fact]
    public async Task Somebody_resumes_by_hand_what_was_paused_by_itself()
    {
        var monday = await clock.NextMonday(10);
        var id = await _desk.ByDay();
        for (var i = 0; i < 3; i++)
            await _desk.Place(id);
        await _desk.At(monday + 16 * Minute, id);
        await Until(async () => (await _desk.Page(id)).TryGetProperty("paused", out _));
        await _desk.Change(HttpMethod.Post, id, "resume", null, 3).Expect(200);
        await _desk.Sweep(id);
        await _desk.Place(id);
    }

    [Fact]
    public async Task A_closure_that_would_cut_a_hold_moves_it_and_tells_buyer_and_counter_within_a_second()
    {
        var monday = await clock.NextMonday(10);
        var id = await _desk.ByDay();
        var (ready, waits) = (await _desk.Place(id), await _desk.Place(id));
        var seq = (await _desk.Through(ready, 1, "accept", "ready")).Number("seq");
        var (buyer, _) = await Ear.OfBuyer(_desk, ready);
        var (other, _) = await Ear.OfBuyer(_desk, waits, messagePack: true);
        var (counter, _) = await Ear.AtCounter(_desk, id);
        await using var here = buyer;
        await using var there = other;
        await using var till = counter;
        var midnight = monday + 14 * Hour;

        // From tonight until Thursday night: of the second opening day nothing is left before Friday.
        await _desk.Change(HttpMethod.Post, id, "closures", new { start = Text(midnight), end = Text(midnight + 3 * Day), reason = "deuil" }, 2).Expect(201);
        var declared = Stopwatch.GetTimestamp();

        var told = await buyer.Next("OrderChanged");
        Assert.InRange(Stopwatch.GetElapsedTime(declared).TotalMilliseconds, 0, 1_000);
        Assert.Equal((ready.Id, seq + 1, "ready", midnight + 3 * Day + 19 * Hour), (told.Text("orderId"), told.Number("seq"), told.GetProperty("order").Text("state"), told.GetProperty("order").Moment("heldUntil")));
        Assert.Equal(midnight + 3 * Day + 19 * Hour, (await counter.Next("OrderChanged", said => said.GetProperty("order").Text("orderId") == ready.Id)).GetProperty("order").Moment("heldUntil"));
        // Who waits for an answer today is not cut, and not told.
        Assert.Equal(1, (await _desk.Seen(waits)).Number("seq"));

        // Nothing makes a hold shorter, and one page moves none twice.
        await _desk.Change(HttpMethod.Delete, id, "closures/c3", null, 3).Expect(200);
        await _desk.Sweep(id);
        Assert.Equal((seq + 1, midnight + 3 * Day + 19 * Hour), ((await _desk.Seen(ready)).Number("seq"), (await _desk.Seen(ready)).Moment("heldUntil")));

        // One that closes the door at once moves what is expected of it today.
        await _desk.Change(HttpMethod.Post, id, "closures", new { start = Text(_desk.Now - Second), end = Text(midnight), reason = "panne" }, 4).Expect(201);
        var moved = await other.Next("OrderChanged");
        Assert.True(moved.GetProperty("order").Moment("expectedBy") > midnight + 9 * Hour);
        Assert.True(moved.GetProperty("order").Moment("heldUntil") > midnight + 10 * Hour);
    }

    /// <summary>Written past the web node, as by another one: only the follower of pages can tell the queue.</summary>
    [Fact]
    public async Task A_vacation_that_another_node_took_moves_the_holds_that_it_would_cut_within_a_second()
    {
        var monday = await clock.NextMonday(10);
        var id = await _desk.ByDay();
        var ready = await _desk.Place(id);
        var seq = (await _desk.Through(ready, 1, "accept", "ready")).Number("seq");
        var (buyer, _) = await Ear.OfBuyer(_desk, ready);
        await using var here = buyer;
        var tomorrow = (monday + Day).InUtc().Date;

        await _desk.Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IPharmacyGrain>(id).DeclareException(new Realtime.Hours.Vacation("", tomorrow, tomorrow.PlusDays(2), "fêtes", null), 2, "a");
        var declared = Stopwatch.GetTimestamp();

        var told = await buyer.Next("OrderChanged");
        Assert.InRange(Stopwatch.GetElapsedTime(declared).TotalMilliseconds, 0, 1_000);
        Assert.Equal((ready.Id, seq + 1, monday + 4 * Day + 9 * Hour), (told.Text("orderId"), told.Number("seq"), told.GetProperty("order").Moment("heldUntil")));
    }

    [Fact]
    public async Task After_two_minutes_only_a_pharmacist_undoes_with_a_reason_and_only_on_the_same_day()
    {
        var monday = await clock.NextMonday(10);
        var id = await _desk.ByDay();
        var order = await _desk.Place(id);
        await _desk.Through(order, 1, "accept");
        var accepted = (await _desk.Seen(order)).Latest().Moment("at");
        await _desk.At(accepted + Minute, id);
        Assert.True((await _desk.AtCounter(order)).Moment("undoUntil") > _desk.Now);
        await _desk.At(accepted + 2 * Minute, id);
        await _desk.Act(order, "undo", new { reason = "erreur" }, 2, role: "preparer").Refuse(403, "pharmacist-only");
        await _desk.Act(order, "undo", null, 2).Refuse(403, "pharmacist-only");
        await _desk.Act(order, "undo", new { reason = "" }, 2).Refuse(400, "invalid-request", "$.reason");
        await _desk.Act(order, "undo", new { reason = new string('x', 201) }, 2).Refuse(400, "invalid-request", "$.reason");
        Assert.Equal("submitted", (await _desk.Act(order, "undo", new { reason = "erreur" }, 2).Expect(200)).Text("state"));
        // What goes back to being placed has its time anew.
        Assert.True((await _desk.Seen(order)).Moment("heldUntil") > accepted + 2 * Hour);

        await _desk.Through(order, 3, "accept", "ready", "collect");
        await _desk.At(monday + 14 * Hour - Margin, id);
        Assert.Equal("ready", (await _desk.Act(order, "undo", new { reason = "pas venu" }, 6).Expect(200)).Text("state"));
        await _desk.Through(order, 7, "collect");
        await _desk.At(monday + 14 * Hour, id);
        await _desk.Act(order, "undo", new { reason = "pas venu" }, 8).Refuse(409, "nothing-to-undo");
        Assert.False((await _desk.AtCounter(order)).TryGetProperty("pharmacistUndoUntil", out var _));
    }

    [Fact]
    public async Task A_key_is_known_for_a_week()
    {
        var monday = await clock.NextMonday(10);
        var id = await _desk.ByDay();
        var (body, key) = (_desk.Asks(), _desk.NextKey());
        using var first = await _desk.Order(id, body, key);
        await _desk.At(monday + 7 * Day - Margin, id);
        using var again = await _desk.Order(id, body, key);
        Assert.Equal((await first.Content.ReadAsStringAsync(), true), (await again.Content.ReadAsStringAsync(), again.Headers.Contains("Idempotency-Replayed")));
        await _desk.At(monday + 7 * Day + Minute, id);
        using var anew = await _desk.Order(id, body, key);
        Assert.False(anew.Headers.Contains("Idempotency-Replayed"));
        Assert.NotEqual(await first.Content.ReadAsStringAsync(), await anew.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_order_rings_louder_and_is_handed_over_by_opening_time_and_who_has_seen_it_stops_that()
    {
        var monday = await clock.NextMonday(18, 58);
        var id = await _desk.ByDay();
        var (rings, seen) = (await _desk.Place(id), await _desk.Place(id));
        var (counter, _) = await Ear.AtCounter(_desk, id);
        await using var here = counter;
        await counter.Tell("Acknowledge", seen.Id);

        await _desk.At(rings.Answer.GetProperty("timeline")[0].Moment("at") + Minute / 3, id);
        Assert.Empty((await _desk.AtCounter(rings)).GetProperty("flags").Texts());
        await _desk.At(rings.Answer.GetProperty("timeline")[0].Moment("at") + Minute, id);
        Assert.Equal(["loud"], (await counter.Next("OrderChanged", said => said.GetProperty("order").Text("orderId") == rings.Id)).GetProperty("order").GetProperty("flags").Texts());
        // Two of its three minutes were last night's.
        await _desk.At(monday + 14 * Hour + 2 * Minute, id);
        Assert.Equal(["loud"], (await _desk.AtCounter(rings)).GetProperty("flags").Texts());
        await _desk.At(monday + 14 * Hour + 5 * Minute, id);
        Assert.Equal(["handedOver"], (await _desk.AtCounter(rings)).GetProperty("flags").Texts());
        Assert.Empty((await _desk.AtCounter(seen)).GetProperty("flags").Texts());
        Assert.Equal(1, (await _desk.Seen(rings)).Number("seq"));
        await counter.Tell("Acknowledge", rings.Id);
        Assert.Empty((await _desk.AtCounter(rings)).GetProperty("flags").Texts());
    }

    [Fact]
    public async Task During_public_duty_orders_are_taken_and_offered_only_where_the_pharmacy_wants_that()
    {
        var night = await clock.NextMonday(22);
        var country = DemoCountry.Create();
        var id = country.Pharmacies.First(pharmacy => pharmacy.HasClickAndCollect && pharmacy.Record.Insee!.StartsWith("77", StringComparison.Ordinal)
            && country.Duty(pharmacy.Record.Id)(night, night + Hour).Any(period => period.Kind == OnCallKind.Night && period.Start <= night)).Record.Id.Value;
        await _desk.Change(HttpMethod.Put, id, "hours", new { hours = "Mo-Sa 09:00-19:00; PH off" }, 0).Expect(200);
        await _desk.Stock(id, OrderDesk.Ibuprofen, 5);
        foreach (var (wanted, seq) in ((bool, int)[])[(false, 1), (true, 2)])
        {
            await _desk.Change(HttpMethod.Put, id, "page", new { phone = (string?)null, services = Array.Empty<string>(), news = Array.Empty<string>(), modules = new { clickAndCollect = true, onCallOrders = wanted } }, seq).Expect(200);
            await _desk.Sweep(id);
            var page = await _desk.Page(id, seq + 1);
            Assert.Equal(("onCall", wanted), (page.GetProperty("status").Text("state"), page.GetProperty("clickAndCollect").GetBoolean()));
            var here = string.Create(CultureInfo.InvariantCulture, $"/api/v1/pharmacies/nearest?lat={page.GetProperty("lat").GetDouble()}&lon={page.GetProperty("lon").GetDouble()}&k=1&status=any");
            foreach (var at in (string[])["", $"&at={Uri.EscapeDataString(Text(night + Hour))}"])
                Assert.Equal((id, wanted), (await _desk.Client.GetFromJsonAsync<JsonElement>(here + at)).GetProperty("items")[0] is var item ? (item.Text("id"), item.GetProperty("clickAndCollect").GetBoolean()) : default);
            // By day it always is.
            Assert.True((await _desk.Client.GetFromJsonAsync<JsonElement>($"{here}&at={Uri.EscapeDataString(Text(night + 13 * Hour))}")).GetProperty("items")[0].GetProperty("clickAndCollect").GetBoolean());
            if (!wanted)
                await Answers.RefusedInBoth(language => _desk.Order(id, _desk.Asks(), language: language), 409, "click-and-collect-off");
        }
        // Who takes orders on duty reads them on duty.
        var order = (await _desk.Place(id)).Answer;
        Assert.Equal(order.GetProperty("timeline")[0].Moment("at") + 30 * Minute, order.Moment("expectedBy"));
        Assert.False((await _desk.Page(id)).TryGetProperty("paused", out var _));
    }

    private static string Text(Instant instant) => instant.ToString("uuuu-MM-dd'T'HH:mm:ss.fff'Z'", null);

    private static async Task Until(Func<Task<bool>> reached)
    {
        for (var started = Stopwatch.GetTimestamp(); !await reached(); await Task.Delay(20))
            Assert.True(Stopwatch.GetElapsedTime(started) < OrderDesk.Patience, "It did not come about.");
    }
}
