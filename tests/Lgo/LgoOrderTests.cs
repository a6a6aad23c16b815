using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Tests.Counter;
using Realtime.Tests.Orders;
using Realtime.Web.Lgo;

namespace Realtime.Tests.Lgo;

/// <summary>Orders out, over HTTP.</summary>
[Collection(nameof(RecallingHost))]
public sealed class LgoOrderTests(OrderHost orders)
{
    private const string Suppository = OrderDesk.Suppository;
    private readonly OrderDesk _desk = orders.Desk;

    private OrderBells Bells => _desk.Host.Services.GetRequiredService<OrderBells>();

    [Fact]
    public async Task An_order_is_told_with_all_that_is_booked_and_nothing_of_whoever_buys()
    {
        var id = await _desk.ByDay();
        var start = (await _desk.Changes(id, 0)).GetProperty("seq").GetInt64();
        var order = await _desk.Place(id, _desk.Asks(2, Suppository, phone: "06 11 22 33 44", name: "Zoé Été", note: "Sonnez fort", answers: new { treated = new { relation = "enfant", birthYear = 2019 } }));
        await _desk.Buyer(order, HttpMethod.Post, "messages", new { text = "Merci beaucoup" }).Expect(200);
        var page = await _desk.Changes(id, start);

        Assert.Equal(["seq", "epoch", "more", "items"], page.Names());
        var change = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal(["seq", "at", "order"], change.Names());
        Assert.Equal((page.GetProperty("seq").GetInt64(), false), (change.GetProperty("seq").GetInt64(), page.GetProperty("more").GetBoolean()));
        var told = change.GetProperty("order");
        Assert.Equal(["orderId", "state", "seq", "lines", "totalCents", "placedAt", "heldUntil", "expectedBy", "flags", "scans"], told.Names());
        Assert.Equal((order.Id, "submitted", 2, 444), (told.Text("orderId"), told.Text("state"), told.Number("seq"), told.Number("totalCents")));
        // The counter sees more, but it is about whoever is treated.
        Assert.Equal(["answered", "minor"], (await _desk.AtCounter(order)).GetProperty("flags").Texts());
        Assert.Empty(told.GetProperty("flags").Texts());
        Assert.Equal(["cip13", "quantity", "name", "priceCents"], told.GetProperty("lines")[0].Names());
        Assert.EndsWith("+01:00", told.Text("placedAt"), StringComparison.Ordinal);
        foreach (var personal in (string[])["Zoé", "11 22 33", "1985", "Sonnez", "Merci", "enfant", "2019", order.Token, _desk.CodeOf(order)])
            Assert.DoesNotContain(personal, page.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_of_a_product_whose_lot_is_recalled_says_so_until_somebody_has_looked()
    {
        const string lot = "LGO-RECALLED";
        var id = await _desk.ByDay();
        await _desk.Feed(id, 1, FeedText.Line(Suppository, 5, lot), FeedText.Line(Suppository, 5, "LGO-GOOD")).Expect(200);
        var order = await _desk.Place(id, _desk.Asks(2, Suppository, answers: new { treated = new { relation = "enfant", birthYear = 2019 } }));
        await _desk.Act(order, "accept", null, 1).Expect(200);
        Assert.DoesNotContain("recalled", (await _desk.AtCounter(order)).GetProperty("flags").Texts());

        await _desk.Send(HttpMethod.Post, "/api/v1/recalls", await _desk.Token("operator"), new { reference = "MED26/118", cip13 = Suppository, lots = new[] { lot }, source = "ANSM" }).Expect(201);
        for (var begun = Stopwatch.GetTimestamp(); !(await Flags()).Contains("recalled"); await Task.Delay(20))
            Assert.True(Stopwatch.GetElapsedTime(begun) < OrderDesk.Patience, "the recall does not come");

        Assert.Equal(["answered", "minor", "recalled"], (await _desk.AtCounter(order)).GetProperty("flags").Texts());
        await _desk.Act(order, "ready", new { recallChecked = true }, 2).Expect(200);
        Assert.Empty(await Flags());

        async Task<string[]> Flags() => [.. Assert.Single((await _desk.Changes(id, 0)).GetProperty("items").EnumerateArray()).GetProperty("order").GetProperty("flags").Texts()];
    }

    [Fact]
    public async Task From_every_row_on_a_connector_comes_to_the_same_orders()
    {
        var id = await _desk.ByDay();
        var (one, two) = (await _desk.Place(id, _desk.Asks(1, Suppository)), await _desk.Place(id, _desk.Asks(2, Suppository)));
        await _desk.Through(one, 1, "accept", "ready", "collect");
        await _desk.Feed(id, 1, FeedText.Line(Suppository, 12), FeedText.Line(OrderDesk.Ibuprofen, 7)).Expect(200);
        await _desk.Act(two, "refuse", new { reason = "Rupture" }, 1).Expect(200);
        var three = await _desk.Place(id, _desk.Asks(1, Suppository));
        var end = (await Walk(0, 1_000)).Seq;

        foreach (var limit in (int[])[1, 3, 1_000])
            for (var after = 0L; after <= end; after++)
            {
                var (seq, states) = await Walk(after, limit);
                Assert.Equal(end, seq);
                // Whatever changed behind the row is told as it is now.
                Assert.All(states, state => Assert.Equal(state.Key == one.Id ? "collected" : state.Key == two.Id ? "refused" : "submitted", state.Value));
                if (after == 0)
                    Assert.Equal(new[] { one.Id, two.Id, three.Id }.Order(StringComparer.Ordinal), states.Keys.Order(StringComparer.Ordinal));
            }
        Assert.Empty((await Walk(end, 10)).States);

        async Task<(long Seq, Dictionary<string, string> States)> Walk(long after, int limit)
        {
            var states = new Dictionary<string, string>(StringComparer.Ordinal);
            for (var rounds = 0; ; rounds++)
            {
                Assert.InRange(rounds, 0, 100);
                var page = await _desk.Changes(id, after, limit);
                var last = after;
                foreach (var item in page.GetProperty("items").EnumerateArray())
                {
                    Assert.InRange(item.GetProperty("seq").GetInt64(), last + (last == after ? 1 : 0), page.GetProperty("seq").GetInt64());
                    last = item.GetProperty("seq").GetInt64();
                    states[item.GetProperty("order").Text("orderId")!] = item.GetProperty("order").Text("state")!;
                }
                after = page.GetProperty("seq").GetInt64();
                if (!page.GetProperty("more").GetBoolean())
                    return (after, states);
            }
        }
    }

    [Fact]
    public async Task Who_waits_is_answered_within_a_second_of_a_change()
    {
        var id = await _desk.ByDay();
        var seq = (await _desk.Changes(id, 0)).GetProperty("seq").GetInt64();
        for (var round = 0; round < 5; round++)
        {
            var waiting = _desk.Changes(id, seq, wait: 30);
            await Hangs(1);
            var order = await _desk.Place(id, _desk.Asks(1, Suppository));
            var placed = Stopwatch.GetTimestamp();
            var page = await waiting.WaitAsync(OrderDesk.Patience);

            Assert.InRange(Stopwatch.GetElapsedTime(placed).TotalMilliseconds, 0, 1_000);
            Assert.Equal(order.Id, Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("order").Text("orderId"));
            seq = page.GetProperty("seq").GetInt64();
        }
        await Hangs(0);
    }

    [Fact]
    public async Task What_is_booked_by_nobody_wakes_nobody_and_who_waits_in_vain_is_answered_when_the_time_is_over()
    {
        var id = await _desk.ByDay();
        var seq = (await _desk.Changes(id, 0)).GetProperty("seq").GetInt64();
        var started = Stopwatch.GetTimestamp();
        var waiting = _desk.Changes(id, seq, wait: 1);
        await Hangs(1);
        await _desk.Feed(id, 1, FeedText.Line(Suppository, 12)).Expect(200);
        await _desk.Stock(id, Suppository, 13);
        var page = await waiting;

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.95, 10);
        Assert.Empty(page.GetProperty("items").EnumerateArray());
        Assert.InRange(page.GetProperty("seq").GetInt64(), seq, seq + 2);
        await Hangs(0);
    }

    [Fact]
    public async Task Where_there_is_something_already_nobody_waits()
    {
        var id = await _desk.ByDay();
        await _desk.Place(id, _desk.Asks(1, Suppository));
        var started = Stopwatch.GetTimestamp();

        Assert.Single((await _desk.Changes(id, 0, wait: 30)).GetProperty("items").EnumerateArray());
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 5);
    }

    [Fact]
    public async Task Behind_the_last_row_there_is_a_gap_and_the_last_is_told()
    {
        var id = await _desk.ByDay();
        var seq = (await _desk.Changes(id, 0)).GetProperty("seq").GetInt64();
        foreach (var wait in (int[])[0, 30])
        {
            var problem = await Answers.RefusedInBoth(language => _desk.Ask(id, $"orders?after={seq + 1}&wait={wait}", language), 409, "sequence-gap", "last");
            Assert.Equal(seq, problem.GetProperty("last").GetInt64());
        }
        Assert.Equal(seq, (await _desk.Changes(id, seq)).GetProperty("seq").GetInt64());
        await Hangs(0);
    }

    [Fact]
    public async Task Whose_caller_is_gone_leaves_nothing_behind()
    {
        var id = await _desk.ByDay();
        var seq = (await _desk.Changes(id, 0)).GetProperty("seq").GetInt64();
        using var gone = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/lgo/{id}/orders?after={seq}&wait=30");
        request.Headers.Authorization = new("Bearer", await _desk.Token($"lgo:{id}"));
        var waiting = _desk.Client.SendAsync(request, gone.Token);
        await Hangs(1);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Hangs(0);
    }

    [Fact]
    public async Task Of_too_many_that_wait_the_oldest_is_answered_at_once()
    {
        var id = await _desk.ByDay();
        var seq = (await _desk.Changes(id, 0)).GetProperty("seq").GetInt64();
        var waiting = new List<Task<JsonElement>>();
        for (var i = 1; i <= OrderBells.Most; i++)
        {
            waiting.Add(_desk.Changes(id, seq, wait: 30));
            await Hangs(i);
        }
        // Who does not wait takes nobody's place.
        await _desk.Changes(id, seq);
        Assert.All(waiting, one => Assert.False(one.IsCompleted));
        var newest = _desk.Changes(id, seq, wait: 30);
        Assert.Empty((await waiting[0].WaitAsync(OrderDesk.Patience)).GetProperty("items").EnumerateArray());
        Assert.All(waiting[1..], one => Assert.False(one.IsCompleted));

        await _desk.Place(id, _desk.Asks(1, Suppository));
        foreach (var one in waiting[1..].Append(newest))
            Assert.Single((await one.WaitAsync(OrderDesk.Patience)).GetProperty("items").EnumerateArray());
        await Hangs(0);
    }

    [Theory]
    [InlineData("after=-1", "after")]
    [InlineData("after=x", "after")]
    [InlineData("after=99999999999999999999", "after")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("wait=31", "wait")]
    [InlineData("since=1", "since")]
    public async Task A_question_that_is_wrong_is_refused_and_the_culprit_named(string query, string culprit)
    {
        await _desk.Ask(_desk.NextPharmacy(), $"orders?{query}").Refuse(400, "invalid-request", culprit);
    }

    [Fact]
    public async Task Nobody_but_the_pharmacys_own_software_reads_its_orders()
    {
        var (id, other) = (await _desk.ByDay(), _desk.NextPharmacy());
        await _desk.Send(HttpMethod.Get, $"/api/v1/lgo/{id}/orders", null).Refuse(401, "unauthenticated");
        foreach (var scope in (string[])[$"lgo:{other}", $"staff:{id}", $"titulaire:{id}", "operator"])
            await _desk.Send(HttpMethod.Get, $"/api/v1/lgo/{id}/orders", await _desk.Token(scope)).Refuse(403, "forbidden");
        await _desk.Ask("750020927", "orders").Refuse(404, "unknown-pharmacy");
    }

    // ---- Acts ----

    [Fact]
    public async Task An_order_becomes_ready_and_is_collected_as_at_the_counter()
    {
        var id = await _desk.ByDay();
        var order = await _desk.Place(id, _desk.Asks(1, Suppository));
        await _desk.Book(order, "ready", null, 1).Refuse(409, "wrong-state");
        await _desk.Through(order, 1, "accept");
        await _desk.Book(order, "ready", null, null).Refuse(428, "precondition-required");
        await _desk.Book(order, "ready", null, 1).Refuse(412, "stale");
        var key = _desk.NextKey();
        var ready = await _desk.Book(order, "ready", null, 2, key).Expect(200);
        using (var again = await _desk.Book(order, "ready", null, 2, key))
            Assert.Equal((ready.GetRawText(), "true"), (await again.Content.ReadAsStringAsync(), string.Join(',', again.Headers.GetValues("Idempotency-Replayed"))));
        await _desk.Book(order, "collect", new { pickupCode = "0" }, 3).Refuse(422, "wrong-code");
        var collected = await _desk.Book(order, "collect", new { pickupCode = _desk.CodeOf(order) }, 3).Expect(200);

        Assert.Equal(["orderId", "state", "seq", "at"], collected.Names());
        Assert.Equal(("ready", 3, "collected", 4), (ready.Text("state"), ready.Number("seq"), collected.Text("state"), collected.Number("seq")));
        Assert.Equal(19, (await _desk.Boxes(id, Suppository)).Number("quantity"));
    }

    [Fact]
    public async Task A_connector_is_no_pharmacist()
    {
        var order = await _desk.Place(await _desk.ByDay(), _desk.Asks(1, Suppository));
        await _desk.Through(order, 1, "accept", "ready");
        await Answers.RefusedInBoth(language => _desk.Book(order, "collect", new { identityChecked = true, reason = "Carte vue" }, 3, language: language), 403, "pharmacist-only");
        foreach (var act in (string[])["accept", "validate", "refuse", "undo", "message", "propose", "reshelve"])
            await _desk.Book(order, act, new { }, 3).Refuse(404, "not-found");
    }

    [Fact]
    public async Task For_a_connector_an_order_of_another_pharmacy_does_not_exist()
    {
        var (here, there) = (await _desk.ByDay(), await _desk.ByDay());
        var order = await _desk.Place(there, _desk.Asks(1, Suppository));
        await _desk.Through(order, 1, "accept");
        foreach (var (act, body) in new (string, object?)[] { ("ready", null), ("collect", new { pickupCode = "x" }) })
        {
            await Answers.RefusedInBoth(language => _desk.Book(order, act, body, 2, at: here, language: language), 404, "unknown-order");
            await _desk.Book(order, act, body, 2, scope: $"lgo:{here}").Refuse(404, "unknown-order");
        }
        Assert.Equal(2, (await _desk.Seen(order)).Number("seq"));
    }

    [Fact]
    public async Task Boxes_that_were_scanned_are_told()
    {
        var id = await _desk.ByDay();
        var start = (await _desk.Changes(id, 0)).GetProperty("seq").GetInt64();
        var order = await _desk.Place(id, _desk.Asks(2, Suppository));
        await _desk.Through(order, 1, "accept");
        foreach (var scans in (object[])[new[] { "x" }, new string?[] { null }, Enumerable.Repeat(Scan(Suppository), 501).ToArray()])
            await Refuse(new { scans }, 400, "invalid-request");
        await Refuse(new { scans = new[] { Scan(OrderDesk.Ibuprofen) } }, 422, "scan-mismatch");
        await Refuse(new { scans = new[] { Scan(Suppository), Scan(Suppository), Scan(Suppository) } }, 422, "scan-mismatch");
        await Refuse(new { scans = new[] { Scan(Suppository, "261122") } }, 409, "lot-expired");
        await _desk.Book(order, "ready", new { scans = new[] { Scan(Suppository) }, recallChecked = true }, 2).Expect(200);
        Assert.Equal($$"""[{"cip13":"{{Suppository}}","lot":"A1","expiry":"2027-12-31","serial":"S1"}]""", await Told("ready"));
        await _desk.Act(order, "collect", new { pickupCode = _desk.CodeOf(order), scans = new[] { $"010{Suppository}10B2", $"010{Suppository}" } }, 3).Expect(200);
        Assert.Equal($$"""[{"cip13":"{{Suppository}}","lot":"B2"},{"cip13":"{{Suppository}}"}]""", await Told("collected"));

        async Task<string> Told(string state)
        {
            var told = Assert.Single((await _desk.Changes(id, start)).GetProperty("items").EnumerateArray()).GetProperty("order");
            Assert.Equal(state, told.Text("state"));
            return told.GetProperty("scans").GetRawText();
        }

        async Task Refuse(object body, int status, string type)
        {
            await _desk.Book(order, "ready", body, 2).Refuse(status, type);
            await _desk.Act(order, "ready", body, 2).Refuse(status, type);
        }
    }

    private static string Scan(string cip13, string expiry = "271231", string lot = "A1") => $"010{cip13}17{expiry}10{lot}\u001d21S1";

    private async Task Hangs(int bells)
    {
        for (var started = Stopwatch.GetTimestamp(); Bells.Count != bells; await Task.Delay(5))
            Assert.True(Stopwatch.GetElapsedTime(started) < OrderDesk.Patience, $"{Bells.Count} wait, not {bells}.");
    }
}
