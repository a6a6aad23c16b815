using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using Realtime.Tests.Counter;

namespace Realtime.Tests.Orders;

/// <summary>What counters and buyers are told of orders, over real SignalR clients of both protocols.</summary>
[Collection(nameof(OrderHost))]
public sealed class OrderHubTests(OrderHost host)
{
    private const string Suppository = OrderDesk.Suppository;
    private readonly OrderDesk _desk = host.Desk;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_counter_is_told_of_every_order_that_is_placed_and_of_all_that_becomes_of_it(bool messagePack)
    {
        var id = await _desk.ByDay();
        var there = await _desk.Place(id);
        var (counter, joined) = await Ear.AtCounter(_desk, id, messagePack, "preparer");
        await using var _ = counter;
        Assert.Equal(["epoch", "orders", "paused", "reason", "seq", "until"], joined.Names().Order(StringComparer.Ordinal));
        Assert.Equal([there.Id], joined.GetProperty("orders").EnumerateArray().Select(order => order.Text("orderId")));

        var order = await _desk.Place(id, _desk.Asks(2, Suppository, note: "à midi"));
        var placed = await counter.Next("OrderPlaced");
        Assert.Equal(["order"], placed.Names());
        Same(await _desk.AtCounter(order), placed.GetProperty("order"));
        // The counter never learns the code that the buyer has to say.
        Assert.DoesNotContain(_desk.CodeOf(order), placed.GetRawText(), StringComparison.Ordinal);

        var seq = 1;
        foreach (var (act, state) in ((string, string)[])[("accept", "accepted"), ("message", "accepted"), ("ready", "ready"), ("collect", "collected"), ("undo", "ready")])
        {
            await _desk.Act(order, act, act == "message" ? new { text = "m" } : act == "collect" ? new { pickupCode = _desk.CodeOf(order) } : null, seq++).Expect(200);
            var changed = await counter.Next("OrderChanged", said => said.GetProperty("order").Number("seq") == seq);
            Assert.Equal((order.Id, state), (changed.GetProperty("order").Text("orderId"), changed.GetProperty("order").Text("state")));
            Same(await _desk.AtCounter(order), changed.GetProperty("order"));
        }
        await _desk.Buyer(there, HttpMethod.Post, "cancel").Expect(200);
        var cancelled = await counter.Next("OrderChanged", said => said.GetProperty("order").Text("orderId") == there.Id);
        Assert.Equal("cancelled", cancelled.GetProperty("order").Text("state"));
        // What is over is not part of the state that a counter joins with, a bag to be put back is.
        await _desk.Buyer(order, HttpMethod.Post, "cancel").Expect(200);
        var again = await counter.Ask("JoinCounter", id);
        Assert.Equal([order.Id], again.GetProperty("orders").EnumerateArray().Select(one => one.Text("orderId")));
        Assert.Equal(["toReshelve"], again.GetProperty("orders")[0].GetProperty("flags").Texts());
    }

    [Fact]
    public async Task An_order_that_the_counter_wrote_down_is_told_of_too_and_nobody_elses_counter_hears_of_it()
    {
        var (id, other) = (await _desk.ByDay(), await _desk.ByDay());
        var (counter, _) = await Ear.AtCounter(_desk, id);
        var (neighbour, _) = await Ear.AtCounter(_desk, other);
        await using (counter)
        await using (neighbour)
        {
            var order = await _desk.WriteDown(id);
            Assert.Equal("accepted", (await counter.Next("OrderPlaced")).GetProperty("order").Text("state"));
            await _desk.Through(order, 1, "ready");
            await counter.Next("OrderChanged");
            await _desk.Place(other);
            Assert.Equal(other, (await neighbour.Next("OrderPlaced")).GetProperty("order").Text("orderId")![..9]);
            Assert.False(neighbour.HasMore);
        }
    }

    [Fact]
    public async Task An_order_that_somebody_has_seen_stops_ringing_on_every_screen()
    {
        var id = await _desk.ByDay();
        var order = await _desk.Place(id);
        var (first, _) = await Ear.AtCounter(_desk, id, role: "student");
        var (second, _) = await Ear.AtCounter(_desk, id, messagePack: true);
        await using (first)
        await using (second)
        {
            await first.Tell("Acknowledge", order.Id);
            foreach (var screen in (Ear[])[first, second])
            {
                var changed = (await screen.Next("OrderChanged")).GetProperty("order");
                // That somebody has seen it is no new version: nobody's act on the version that he read is refused for it.
                Assert.Equal((order.Id, true, 1), (changed.Text("orderId"), changed.GetProperty("acknowledged").GetBoolean(), changed.Number("seq")));
            }
            await first.Tell("Acknowledge", order.Id);
            await _desk.Through(order, 1, "accept");
            await _desk.Buyer(order, HttpMethod.Post, "cancel").Expect(200);
            // Nor is it wrong to have seen what is over.
            await first.Tell("Acknowledge", order.Id);
        }
    }

    [Fact]
    public async Task Nobody_acknowledges_an_order_of_another_pharmacy_or_one_that_does_not_exist()
    {
        var (id, other) = (await _desk.ByDay(), await _desk.ByDay());
        var order = await _desk.Place(other);
        var (counter, _) = await Ear.AtCounter(_desk, id);
        await using var here = counter;
        await Refused(counter, order.Id);
        foreach (var unknown in (string?[])["x", null, "", $"{id}-01ARZ3NDEKTSV4RRFFQ69G5FAV", id])
            await Refused(counter, unknown);
        foreach (var scope in (string[])[$"lgo:{other}", "operator", "planner:75"])
        {
            await using var stranger = await Ear.Connected(_desk, "counter", scope);
            await Refused(stranger, order.Id);
        }
        Assert.False((await _desk.AtCounter(order)).GetProperty("acknowledged").GetBoolean());

        static Task<HubException> Refused(Ear ear, string? order) => Assert.ThrowsAsync<HubException>(() => ear.Tell("Acknowledge", order));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_shortage_is_told_of_with_what_is_held_and_what_is_there(bool messagePack)
    {
        var id = await _desk.ByDay();
        var order = await _desk.Place(id, _desk.Asks(3, Suppository));
        var (counter, _) = await Ear.AtCounter(_desk, id, messagePack);
        await using var here = counter;

        await _desk.Stock(id, Suppository, 1);

        var shortage = await counter.Next("StockShort");
        Assert.Equal(["cip13", "held", "onHand"], shortage.Names());
        Assert.Equal((Suppository, 3, 1), (shortage.Text("cip13"), shortage.Number("held"), shortage.Number("onHand")));
        Assert.Equal(["shortage"], (await counter.Ask("JoinCounter", id)).GetProperty("orders")[0].GetProperty("flags").Texts());
        await _desk.Stock(id, Suppository, 3);
        Assert.Empty((await _desk.AtCounter(order)).GetProperty("flags").Texts());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_buyer_is_told_of_all_that_becomes_of_his_order_and_of_no_other(bool messagePack)
    {
        var id = await _desk.ByDay();
        var (order, other) = (await _desk.Place(id, _desk.Asks(2, Suppository)), await _desk.Place(id));
        var (buyer, watched) = await Ear.OfBuyer(_desk, order, messagePack);
        await using var _ = buyer;
        Assert.Equal(["epoch", "state", "subscription"], watched.Names().Order(StringComparer.Ordinal));
        Same(await _desk.Seen(order), watched.GetProperty("state"));

        await _desk.Through(other, 1, "accept", "ready");
        var seq = 1;
        foreach (var (act, body) in ((string, object?)[])[("accept", null), ("propose", new { lines = new[] { new { cip13 = Suppository, quantity = 1 } } }), ("undo", null), ("message", new { text = "m" }), ("ready", null), ("refuse", new { reason = "r" })])
        {
            await _desk.Act(order, act, body, seq++).Expect(200);
            var changed = await buyer.Next("OrderChanged", said => said.Number("seq") == seq);
            Assert.Equal(["at", "order", "orderId", "seq"], changed.Names().Order(StringComparer.Ordinal));
            Assert.Equal((order.Id, seq), (changed.Text("orderId"), changed.GetProperty("order").Number("seq")));
            Assert.EndsWith("+01:00", changed.Text("at"), StringComparison.Ordinal);
            Same(await _desk.Seen(order), changed.GetProperty("order"));
        }
        await buyer.Tell("Unwatch", watched.Text("subscription"));
        await _desk.Through(order, seq, "undo");
        await Task.Delay(500);
        Assert.False(buyer.HasMore);
    }

    [Fact]
    public async Task Nobody_watches_an_order_without_its_own_token()
    {
        var id = await _desk.ByDay();
        var (mine, yours) = (await _desk.Place(id), await _desk.Place(id));
        await using var anybody = await Ear.Connected(_desk, "live", null);
        foreach (var (order, token) in ((string?, string?)[])[(mine.Id, yours.Token), (mine.Id, null), (mine.Id, ""), (null, mine.Token), ("x", mine.Token), (mine.Id, $"{mine.Token} "), ($"{id}-01ARZ3NDEKTSV4RRFFQ69G5FAV", mine.Token), (mine.Id.ToLowerInvariant(), mine.Token)])
        {
            var refused = await Assert.ThrowsAsync<HubException>(() => anybody.Ask("WatchOrder", order, token));
            Assert.Contains("unknown-order", refused.Message, StringComparison.Ordinal);
        }
        await anybody.Ask("WatchOrder", mine.Id, mine.Token);
    }

    [Fact]
    public async Task An_order_that_is_over_can_still_be_watched()
    {
        var order = await _desk.Place(await _desk.ByDay());
        await _desk.Buyer(order, HttpMethod.Post, "cancel").Expect(200);
        var (buyer, watched) = await Ear.OfBuyer(_desk, order);
        await using var _ = buyer;
        Assert.Equal("cancelled", watched.GetProperty("state").Text("state"));
    }

    [Fact]
    public async Task A_pause_is_told_to_the_counter_and_seen_by_who_joins_it()
    {
        var id = await _desk.ByDay();
        var (counter, joined) = await Ear.AtCounter(_desk, id);
        await using var _ = counter;
        Assert.False(joined.GetProperty("paused").GetBoolean());
        await _desk.Change(HttpMethod.Post, id, "pause", new { reason = "trop de monde" }, 2).Expect(200);
        var paused = await counter.Next("CounterPaused");
        Assert.Equal((true, "trop de monde", JsonValueKind.Null), (paused.GetProperty("paused").GetBoolean(), paused.Text("reason"), paused.GetProperty("until").ValueKind));
        Assert.Equal("trop de monde", (await counter.Ask("JoinCounter", id)).Text("reason"));
        await _desk.Change(HttpMethod.Post, id, "resume", null, 3).Expect(200);
        Assert.False((await counter.Next("CounterPaused")).GetProperty("paused").GetBoolean());
    }

    // The same object over HTTP and over a hub, but for members that are null and may be left out.
    private static void Same(JsonElement expected, JsonElement said)
    {
        static JsonNode? Bare(JsonElement json) => json.ValueKind switch
        {
            JsonValueKind.Object => new JsonObject(json.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).OrderBy(member => member.Name, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Name, Bare(member.Value)))),
            JsonValueKind.Array => new JsonArray([.. json.EnumerateArray().Select(Bare)]),
            _ => JsonNode.Parse(json.GetRawText()),
        };
        Assert.Equal(Bare(expected)!.ToJsonString(), Bare(said)!.ToJsonString());
    }
}
