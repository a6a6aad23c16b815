using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using NodaTime;
using Realtime.Tests.Counter;

namespace Realtime.Tests.Orders;

/// <summary>Orders and stock as the counter handles them, over real HTTP.</summary>
[Collection(nameof(OrderHost))]
public sealed class CounterOrderTests(OrderHost host)
{
    private const string Ibuprofen = OrderDesk.Ibuprofen, Suppository = OrderDesk.Suppository;
    private readonly OrderDesk _desk = host.Desk;

    // What each act takes beside the version, where it takes anything.
    private static readonly (string Act, object? Body)[] Acts =
    [
        ("accept", null), ("validate", null), ("propose", new { lines = new[] { new { cip13 = Suppository, quantity = 1 } } }), ("ready", null), ("refuse", new { reason = "r" }),
        ("collect", new { pickupCode = "000000" }), ("undo", null), ("message", new { text = "m" }), ("reshelve", null),
    ];

    // ---- The list ----

    [Fact]
    public async Task The_list_shows_each_order_with_its_buyer_its_note_and_its_flags()
    {
        var id = await _desk.ByDay();
        var order = await _desk.Place(id, _desk.Asks(phone: "06 12 34 56 78", email: "zoe@example.org", note: "à midi"));
        using var answer = await _desk.Change(HttpMethod.Get, id, "orders", null, null);
        var list = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((HttpStatusCode.OK, "no-store"), (answer.StatusCode, answer.Headers.CacheControl?.ToString()));
        Assert.Equal(["seq", "items", "cursor"], list.Names());
        Assert.Equal((4, JsonValueKind.Null), (list.Number("seq"), list.GetProperty("cursor").ValueKind));
        var item = Assert.Single(list.GetProperty("items").EnumerateArray());
        Assert.Equal(["orderId", "state", "seq", "lines", "totalCents", "doses", "heldUntil", "expectedBy", "timeline", "messages", "buyer", "answers", "note", "flags", "validated", "acknowledged"], item.Names());
        foreach (var member in (string[])["orderId", "state", "seq", "lines", "totalCents", "doses", "heldUntil", "expectedBy", "timeline"])
            Assert.Equal(order.Answer.GetProperty(member).GetRawText(), item.GetProperty(member).GetRawText());
        Assert.Equal("""{"name":"Zoé Été","phone":"06 12 34 56 78","email":"zoe@example.org","birthDate":"1985-04-23"}""", item.GetProperty("buyer").GetRawText());
        Assert.Equal(("à midi", 0, false, false), (item.Text("note"), item.GetProperty("flags").GetArrayLength(), item.GetProperty("validated").GetBoolean(), item.GetProperty("acknowledged").GetBoolean()));
    }

    [Fact]
    public async Task Pages_go_from_the_newest_to_the_oldest_through_open_and_closed_orders_alike_each_once()
    {
        var id = await _desk.ByDay();
        var orders = new List<Taken>();
        for (var i = 0; i < 11; i++)
            orders.Add(await _desk.Place(id));
        // Closed ones that may be undone are still at hand; those that the buyer cancelled are in the history alone.
        foreach (var i in (int[])[1, 4, 9])
            await _desk.Buyer(orders[i], HttpMethod.Post, "cancel").Expect(200);
        foreach (var i in (int[])[2, 5])
            await _desk.Act(orders[i], "refuse", new { reason = "r" }, 1).Expect(200);
        await _desk.Through(orders[7], 1, "accept", "ready", "collect");
        // One that was refused and taken up again stands in the history too, as it no longer is.
        await _desk.Through(orders[5], 2, "undo");
        var expected = orders.Select(order => order.Id).Reverse().ToArray();

        foreach (var limit in (int[])[1, 2, 3, 5, 11, 100])
            Assert.Equal(expected, await Paged(id, $"limit={limit}"));
        Assert.Equal([orders[9].Id, orders[4].Id, orders[1].Id], await Paged(id, "limit=1&state=cancelled"));
        Assert.Equal([orders[2].Id], await Paged(id, "limit=1&state=refused"));
        Assert.Equal([orders[9].Id, orders[7].Id, orders[4].Id, orders[2].Id, orders[1].Id], await Paged(id, "limit=2&state=cancelled&state=collected&state=refused"));
        Assert.Equal(expected.Except([orders[9].Id, orders[7].Id, orders[4].Id, orders[2].Id, orders[1].Id]), await Paged(id, "limit=2&state=submitted"));
        Assert.Empty(await Paged(id, "state=expired"));
    }

    [Fact]
    public async Task A_filter_that_only_matches_far_back_is_followed_all_the_way()
    {
        var id = await _desk.ByDay();
        var first = await _desk.Place(id);
        await _desk.Act(first, "refuse", new { reason = "r" }, 1).Expect(200);
        // Each was refused, and is taken up again: its page in the history no longer holds.
        for (var i = 0; i < 4; i++)
        {
            var order = await _desk.Place(id);
            await _desk.Act(order, "refuse", new { reason = "r" }, 1).Expect(200);
            await _desk.Through(order, 2, "undo");
        }
        Assert.Equal([first.Id], await Paged(id, "limit=1&state=refused"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("state=lost", "state")]
    [InlineData("state=Ready", "state")]
    [InlineData("cursor=x", "cursor")]
    [InlineData("cursor=750020927-01ARZ3NDEKTSV4RRFFQ69G5FAV", "cursor")]
    [InlineData("page=2", "page")]
    public async Task A_list_that_is_asked_for_wrongly_is_a_400(string query, string culprit) =>
        await _desk.Change(HttpMethod.Get, _desk.NextPharmacy(), $"orders?{query}", null, null).Refuse(400, "invalid-request", culprit);

    // ---- Written down by the counter ----

    [Fact]
    public async Task The_counter_writes_an_order_down_which_it_has_thereby_accepted()
    {
        // Its module is off and it is paused: that binds buyers alone.
        var id = await _desk.ByDay(new { questions = true });
        await _desk.Change(HttpMethod.Post, id, "pause", new { reason = "r" }, 2).Expect(200);
        var body = _desk.Asks(2, Suppository);
        using var answer = await _desk.Change(HttpMethod.Post, id, "orders", body, null, "w1");
        var order = Taken.Of(await answer.Content.ReadFromJsonAsync<JsonElement>());

        Assert.Equal((HttpStatusCode.Created, $"/api/v1/orders/{order.Id}", "\"1\""), (answer.StatusCode, answer.Headers.Location?.ToString(), answer.Headers.ETag?.Tag));
        Assert.Equal(("accepted", 1), (order.Answer.Text("state"), order.Answer.Number("seq")));
        Assert.Equal(["submitted", "accepted"], order.Answer.GetProperty("timeline").EnumerateArray().Select(step => step.Text("state")));
        var placed = order.Answer.GetProperty("timeline")[0].Moment("at");
        Assert.Equal(placed + Duration.FromDays(7), order.Answer.Moment("heldUntil"));
        var item = await _desk.AtCounter(order);
        Assert.Equal((true, true), (item.GetProperty("validated").GetBoolean(), item.GetProperty("acknowledged").GetBoolean()));
        Assert.Equal(["byCounter"], item.GetProperty("flags").Texts());
        using var again = await _desk.Change(HttpMethod.Post, id, "orders", body, null, "w1");
        Assert.Equal((await answer.Content.ReadAsStringAsync(), true), (await again.Content.ReadAsStringAsync(), again.Headers.Contains("Idempotency-Replayed")));
        // The slip's token opens it, and it is handed over as any other.
        Assert.Equal("accepted", (await _desk.Seen(order)).Text("state"));
        Assert.Equal("collected", (await _desk.Through(order, 1, "ready", "collect")).Text("state"));
    }

    [Fact]
    public async Task What_a_preparer_writes_down_waits_for_a_pharmacist()
    {
        var id = await _desk.ByDay();
        var order = await _desk.WriteDown(id, role: "preparer");
        Assert.False((await _desk.AtCounter(order)).GetProperty("validated").GetBoolean());
        await Answers.RefusedInBoth(async language => await Act(order, "ready", null, 1, language), 409, "not-validated");
        Assert.Equal("ready", (await _desk.Through(order, 1, "validate", "ready")).Text("state"));
    }

    [Fact]
    public async Task The_laws_of_medicines_and_the_boxes_bind_the_counter_too()
    {
        var id = await _desk.ByDay(boxes: 1);
        async Task Refused(object body, int status, string type) => await _desk.Change(HttpMethod.Post, id, "orders", body, null, _desk.NextKey()).Refuse(status, type);
        await Refused(_desk.Asks(2), 422, "dose-limit-exceeded");
        await Refused(_desk.Asks(6, Suppository), 422, "quantity-limit");
        await Refused(_desk.Asks(2, Suppository), 409, "out-of-stock");
        await Refused(_desk.Asks(consent: false), 422, "consent");
        await Refused(_desk.Asks(birthDate: "2015-01-01"), 422, "age");
        await Refused(_desk.Asks(product: "3400930000007"), 404, "unknown-product");
        await _desk.Change(HttpMethod.Post, id, "orders", _desk.Asks(), null).Refuse(400, "missing-idempotency-key");
        await _desk.Change(HttpMethod.Post, id, "orders", "{}", null, "k").Refuse(400, "invalid-request");
    }

    // ---- Acts ----

    [Fact]
    public async Task An_order_goes_from_hand_to_hand_until_it_is_collected()
    {
        var id = await _desk.ByDay(boxes: 10);
        var order = await _desk.Place(id, _desk.Asks(3, Suppository));
        var seq = 1;
        foreach (var (act, role, body, state) in new (string, string, object?, string)[]
        {
            ("accept", "preparer", null, "accepted"), ("propose", "preparer", new { lines = new[] { new { cip13 = Suppository, quantity = 2 } } }, "proposed"),
            ("propose", "student", new { lines = new[] { new { cip13 = Suppository, quantity = 1 } } }, "proposed"), ("validate", "staff", null, "proposed"),
        })
        {
            using var answer = await _desk.Act(order, act, body, seq, role: role);
            var done = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{act}: {done}");
            Assert.Equal(["orderId", "state", "seq", "at"], done.Names());
            Assert.Equal((order.Id, state, ++seq, $"\"{seq}\"", "no-store"), (done.Text("orderId"), done.Text("state"), done.Number("seq"), answer.Headers.ETag?.Tag, answer.Headers.CacheControl?.ToString()));
        }
        seq = (await _desk.Buyer(order, HttpMethod.Post, "accept-proposal").Expect(200)).Number("seq");
        var accepted = await _desk.AtCounter(order);
        Assert.Equal(accepted.GetProperty("timeline")[0].Moment("at") + Duration.FromDays(7), accepted.Moment("heldUntil"));
        seq = (await _desk.Act(order, "ready", null, seq, role: "preparer").Expect(200)).Number("seq");
        // Held to the end of the second opening day.
        Assert.Equal("2026-11-24T19:00:00+01:00", (await _desk.Seen(order)).Text("heldUntil"));
        await _desk.Act(order, "collect", new { pickupCode = string.Join(' ', _desk.CodeOf(order).Chunk(3).Select(three => new string(three))) }, seq, role: "preparer").Expect(200);

        Assert.Equal(["submitted", "accepted", "proposed", "proposed", "accepted", "ready", "collected"], (await _desk.Seen(order)).GetProperty("timeline").EnumerateArray().Select(step => step.Text("state")));
        var boxes = await _desk.Boxes(id, Suppository);
        Assert.Equal((9, 0, 9), (boxes.Number("quantity"), boxes.Number("held"), boxes.Number("available")));
    }

    [Fact]
    public async Task A_pharmacists_accept_validates_and_a_preparers_does_not()
    {
        var id = await _desk.ByDay();
        var (by, without) = (await _desk.Place(id), await _desk.Place(id));
        await _desk.Through(by, 1, "accept", "ready");
        await _desk.Act(without, "accept", null, 1, role: "preparer").Expect(200);
        await _desk.Act(without, "ready", null, 2, role: "preparer").Refuse(409, "not-validated");
        await Answers.RefusedInBoth(async language => await Act(without, "validate", null, 2, language, "preparer"), 403, "forbidden");
        await _desk.Through(without, 2, "validate");
        await _desk.Act(without, "validate", null, 3).Refuse(409, "wrong-state");
        await _desk.Act(without, "ready", null, 3, role: "preparer").Expect(200);
    }

    [Fact]
    public async Task Where_an_order_does_not_stand_an_act_is_refused_with_where_it_stands()
    {
        var id = await _desk.ByDay(boxes: 1_000);
        var allowed = new Dictionary<string, string[]>
        {
            ["submitted"] = ["accept", "refuse", "message"],
            ["accepted"] = ["propose", "ready", "refuse", "undo", "message"],
            ["ready"] = ["refuse", "collect", "undo", "message"],
            ["refused"] = ["undo"],
            ["collected"] = ["undo"],
        };
        foreach (var (state, acts) in allowed)
            foreach (var (act, body) in Acts.Where(one => !acts.Contains(one.Act)))
            {
                var order = await _desk.Place(id, _desk.Asks(2, Suppository));
                var seq = state switch
                {
                    "submitted" => 1,
                    "refused" => (await _desk.Act(order, "refuse", new { reason = "r" }, 1).Expect(200)).Number("seq"),
                    _ => (await _desk.Through(order, 1, [.. ((string[])["accept", "ready", "collect"]).Take(1 + Array.IndexOf(["accepted", "ready", "collected"], state))])).Number("seq"),
                };
                var problem = await _desk.Act(order, act, body, seq).Refuse(409, act == "undo" ? "nothing-to-undo" : "wrong-state");
                if (act != "undo")
                    Assert.Equal(state, problem.Text("state"));
                Assert.Equal(seq, (await _desk.Seen(order)).Number("seq"));
            }
    }

    [Fact]
    public async Task Every_act_names_the_version_that_it_was_decided_on()
    {
        var id = await _desk.ByDay();
        var order = await _desk.Place(id, _desk.Asks(2, Suppository));
        foreach (var (act, body) in Acts)
        {
            await Answers.RefusedInBoth(async language => await Act(order, act, body, null, language), 428, "precondition-required");
            var stale = await Answers.RefusedInBoth(async language => await Act(order, act, body, 7, language), 412, "stale", "seq");
            Assert.Equal(1, stale.Number("seq"));
            foreach (var tag in (string[])["1", "*", "W/\"1\"", "\"1\",\"2\"", "\"x\""])
            {
                using var answer = await Act(order, act, body, null, "en", match: tag);
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            }
        }
        Assert.Equal(1, (await _desk.Seen(order)).Number("seq"));
    }

    [Fact]
    public async Task A_known_key_is_answered_as_the_first_time_before_the_version_is_compared()
    {
        var order = await _desk.Place(await _desk.ByDay(), _desk.Asks(2, Suppository));
        var seq = 1;
        foreach (var (act, body) in ((string, object?)[])[("accept", null), ("message", new { text = "m" }), ("propose", Acts[2].Body), ("undo", null), ("ready", null), ("undo", new { reason = "r" }), ("refuse", new { reason = "r" })])
        {
            var key = _desk.NextKey();
            using var first = await _desk.Act(order, act, body, seq, key);
            Assert.True(first.StatusCode == HttpStatusCode.OK, $"{act}: {await first.Content.ReadAsStringAsync()}");
            seq = (await first.Content.ReadFromJsonAsync<JsonElement>()).Number("seq");
            foreach (var version in (long[])[1, seq, 77])
            {
                using var again = await _desk.Act(order, act, body, version, key);
                Assert.Equal((HttpStatusCode.OK, first.Headers.ETag, await first.Content.ReadAsStringAsync()), (again.StatusCode, again.Headers.ETag, await again.Content.ReadAsStringAsync()));
                Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
            }
            await _desk.Act(order, act == "accept" ? "validate" : "accept", null, seq, key).Refuse(422, "key-reused");
        }
        Assert.Equal(seq, (await _desk.Seen(order)).Number("seq"));
    }

    [Fact]
    public async Task A_refusal_is_not_remembered()
    {
        var order = await _desk.Place(await _desk.ByDay());
        await _desk.Act(order, "ready", null, 1, "k").Refuse(409, "wrong-state");
        await _desk.Through(order, 1, "accept");
        using var done = await _desk.Act(order, "ready", null, 2, "k");
        Assert.Equal((HttpStatusCode.OK, false), (done.StatusCode, done.Headers.Contains("Idempotency-Replayed")));
    }

    [Fact]
    public async Task An_offer_is_fewer_boxes_of_what_was_ordered()
    {
        var id = await _desk.ByDay();
        var order = await _desk.Place(id, new
        {
            lines = new[] { new { cip13 = Suppository, quantity = 2 }, new { cip13 = Ibuprofen, quantity = 1 } },
            buyer = new { name = "A", phone = "0612", birthDate = "1985-04-23" },
            consent = true,
        });
        await _desk.Through(order, 1, "accept");
        object Offer(params (string Cip13, int Quantity)[] lines) => new { lines = lines.Select(line => new { cip13 = line.Cip13, quantity = line.Quantity }).ToArray() };
        foreach (var offer in (object[])[Offer((Suppository, 2), (Ibuprofen, 1)), Offer((Suppository, 3)), Offer((Suppository, 0)), Offer((Suppository, 1), (OrderDesk.Spedifen, 1)), Offer((Suppository, 0), (Ibuprofen, 0))])
            await Answers.RefusedInBoth(async language => await Act(order, "propose", offer, 2, language), 422, "invalid-offer");
        foreach (var (body, culprit) in ((object, string)[])
        [
            (Offer(), "$.lines"), ("{}", "$.lines"), (Offer((Suppository, -1)), "$.lines[0].quantity"), (Offer((Suppository, 1), (Suppository, 1)), "$.lines[1].cip13"), (Offer(("x", 1)), "$.lines[0].cip13"), ("""{"lines":[null]}""", "$.lines[0].quantity"),
        ])
            await _desk.Act(order, "propose", body, 2).Refuse(400, "invalid-request", culprit);
        await _desk.Act(order, "propose", Offer((Suppository, 2)), 2).Expect(200);
        Assert.Equal([(Suppository, 2)], (await _desk.Seen(order)).GetProperty("proposal").EnumerateArray().Select(line => (line.Text("cip13")!, line.Number("quantity"))));
        Assert.Equal((await _desk.Seen(order)).GetProperty("proposal").GetRawText(), (await _desk.AtCounter(order)).GetProperty("proposal").GetRawText());
        // To the end of the second opening day.
        Assert.Equal("2026-11-24T19:00:00+01:00", (await _desk.Seen(order)).Text("heldUntil"));
    }

    [Fact]
    public async Task Wrong_codes_are_counted_and_the_fifth_leaves_only_a_pharmacist_who_checks()
    {
        var order = await _desk.Place(await _desk.ByDay());
        var seq = (await _desk.Through(order, 1, "accept", "ready")).Number("seq");
        var wrong = _desk.CodeOf(order) == "123456" ? "654321" : "123456";
        for (var left = 4; left >= 0; left--)
        {
            using var answer = await Act(order, "collect", new { pickupCode = wrong }, seq, left % 2 == 0 ? "fr" : "en", "preparer");
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "/problems/wrong-code", left), (answer.StatusCode, problem.Text("type"), problem.Number("attemptsLeft")));
            Assert.Contains(left % 2 == 0 ? "essais" : "attempts", problem.Text("detail"), StringComparison.Ordinal);
        }
        Assert.Equal(["codeLocked"], (await _desk.AtCounter(order)).GetProperty("flags").Texts());
        await Answers.RefusedInBoth(async language => await Act(order, "collect", new { pickupCode = _desk.CodeOf(order) }, seq, language), 409, "code-locked");
        var identity = new { identityChecked = true, reason = "carte d'identité" };
        await Answers.RefusedInBoth(async language => await Act(order, "collect", identity, seq, language, "preparer"), 403, "pharmacist-only");
        // A wrong code is none of the order's own events.
        Assert.Equal(("collected", seq + 1), (await _desk.Act(order, "collect", identity, seq).Expect(200)) is var done ? (done.Text("state"), done.Number("seq")) : default);
    }

    [Theory]
    [InlineData("{}", "$")]
    [InlineData("""{"identityChecked":true}""", "$")]
    [InlineData("""{"identityChecked":false,"reason":"r"}""", "$")]
    [InlineData("""{"pickupCode":"123456","identityChecked":true}""", "$")]
    [InlineData("""{"pickupCode":"123456","reason":"r"}""", "$")]
    [InlineData("""{"pickupCode":123456}""", "$.pickupCode")]
    [InlineData("""{"pickupCode":"123456789012345678901"}""", "$.pickupCode")]
    [InlineData("""{"pickupCode":"123456","x":1}""", "$.x")]
    public async Task A_collection_is_by_code_or_by_identity(string body, string culprit)
    {
        var order = await _desk.Place(await _desk.ByDay());
        var seq = (await _desk.Through(order, 1, "accept", "ready")).Number("seq");
        await _desk.Act(order, "collect", body, seq).Refuse(400, "invalid-request", culprit);
        Assert.Equal("ready", (await _desk.Seen(order)).Text("state"));
    }

    [Fact]
    public async Task A_refusal_says_why_and_an_empty_one_is_none()
    {
        var order = await _desk.Place(await _desk.ByDay());
        foreach (var (body, culprit) in ((string, string)[])[("{}", "$.reason"), ("""{"reason":" "}""", "$.reason"), ($$"""{"reason":"{{new string('x', 201)}}"}""", "$.reason"), ("", "$")])
            await _desk.Act(order, "refuse", body, 1).Refuse(400, "invalid-request", culprit);
        await _desk.Act(order, "refuse", new { reason = "Le produit est rappelé" }, 1, role: "student").Expect(200);
        Assert.Equal("Le produit est rappelé", (await _desk.AtCounter(order)).Text("reason"));
    }

    [Fact]
    public async Task Each_act_is_undone_one_step_and_boxes_go_back_with_it()
    {
        var id = await _desk.ByDay(boxes: 5);
        var order = await _desk.Place(id, _desk.Asks(2, Suppository));
        var before = "submitted";
        var seq = 1;
        foreach (var act in (string[])["accept", "ready", "collect"])
        {
            seq = (await _desk.Through(order, seq, act)).Number("seq");
            var item = await _desk.AtCounter(order);
            var at = item.Latest().Moment("at");
            Assert.Equal((at + Duration.FromMinutes(2), "2026-11-24T00:00:00+01:00"), (item.Moment("undoUntil"), item.Text("pharmacistUndoUntil")));
            var undone = await _desk.Act(order, "undo", null, seq, role: "preparer").Expect(200);
            Assert.Equal((before, seq + 1), (undone.Text("state"), undone.Number("seq")));
            seq = undone.Number("seq");
            await Answers.RefusedInBoth(async language => await Act(order, "undo", null, seq, language), 409, "nothing-to-undo");
            var boxes = await _desk.Boxes(id, Suppository);
            Assert.Equal((5, 2), (boxes.Number("quantity"), boxes.Number("held")));
            before = (await _desk.Through(order, seq, act)).Text("state")!;
            seq++;
        }
        Assert.Equal("collected", before);
    }

    [Fact]
    public async Task What_was_given_away_meanwhile_is_not_given_back_by_an_undo()
    {
        var id = await _desk.ByDay(boxes: 2);
        var order = await _desk.Place(id, _desk.Asks(2, Suppository));
        await _desk.Act(order, "refuse", new { reason = "r" }, 1).Expect(200);
        var other = await _desk.Place(id, _desk.Asks(1, Suppository));
        var problem = await Answers.RefusedInBoth(async language => await Act(order, "undo", null, 2, language), 409, "out-of-stock", "lines");
        Assert.Equal((2, 1), (problem.GetProperty("lines")[0].Number("requested"), problem.GetProperty("lines")[0].Number("available")));
        await _desk.Buyer(other, HttpMethod.Post, "cancel").Expect(200);
        Assert.Equal("submitted", (await _desk.Act(order, "undo", null, 2).Expect(200)).Text("state"));
    }

    [Fact]
    public async Task A_bag_that_nobody_fetches_is_put_back_on_the_shelf()
    {
        var id = await _desk.ByDay(boxes: 3);
        var order = await _desk.Place(id, _desk.Asks(2, Suppository));
        var seq = (await _desk.Through(order, 1, "accept", "ready")).Number("seq");
        await _desk.Act(order, "refuse", new { reason = "r" }, seq).Expect(200);
        Assert.Equal(["toReshelve"], (await _desk.AtCounter(order)).GetProperty("flags").Texts());
        Assert.Equal((2, 1), ((await _desk.Boxes(id, Suppository)).Number("toReshelve"), (await _desk.Boxes(id, Suppository)).Number("available")));
        Assert.Equal("refused", (await _desk.Through(order, seq + 1, "reshelve")).Text("state"));
        Assert.Equal((0, 3), ((await _desk.Boxes(id, Suppository)).Number("toReshelve"), (await _desk.Boxes(id, Suppository)).Number("available")));
    }

    [Fact]
    public async Task For_staff_an_order_of_another_pharmacy_does_not_exist()
    {
        var (here, there) = (await _desk.ByDay(), await _desk.ByDay());
        var order = await _desk.Place(there, _desk.Asks(2, Suppository));
        foreach (var (act, body) in Acts)
        {
            // By the counter of their own, and, with no right there, by the other's.
            await Answers.RefusedInBoth(async language => await Act(order, act, body, 1, language, at: here), 404, "unknown-order");
            foreach (var scope in (string[])[$"staff:{here}", $"lgo:{there}", "operator"])
                await _desk.Client.Change(await _desk.Token(scope), HttpMethod.Post, there, $"orders/{order.Id}/{act}", body, 1).Refuse(404, "unknown-order");
            await _desk.Client.Change(null, HttpMethod.Post, there, $"orders/{order.Id}/{act}", body, 1).Refuse(401, "unauthenticated");
            await _desk.Change(HttpMethod.Post, here, $"orders/{here}-01ARZ3NDEKTSV4RRFFQ69G5FAV/{act}", body, 1).Refuse(404, "unknown-order");
            await _desk.Change(HttpMethod.Post, here, $"orders/none/{act}", body, 1).Refuse(404, "unknown-order");
        }
        Assert.Equal(1, (await _desk.Seen(order)).Number("seq"));
    }

    // ---- Stock ----

    [Fact]
    public async Task A_count_is_what_is_on_hand_and_shows_in_levels_at_once()
    {
        var id = await _desk.ByDay();
        using var answer = await _desk.Change(HttpMethod.Put, id, $"stock/{Suppository}", new { quantity = 7, reserve = 2 }, null);
        var counted = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["cip13", "quantity", "reserve", "held", "toReshelve", "available", "level"], counted.Names());
        Assert.Equal($$"""{"cip13":"{{Suppository}}","quantity":7,"reserve":2,"held":0,"toReshelve":0,"available":5,"level":"inStock"}""", counted.GetRawText());
        // The reserve stays as it is where it is not named, and is never promised.
        Assert.Equal((2, 1), ((await _desk.Stock(id, Suppository, 3)).Number("reserve"), (await _desk.Boxes(id, Suppository)).Number("available")));
        Assert.Equal(1, (await _desk.Order(id, _desk.Asks(2, Suppository)).Refuse(409, "out-of-stock")).GetProperty("lines")[0].Number("available"));
        await _desk.Place(id, _desk.Asks(1, Suppository));
        foreach (var (quantity, reserve, level) in ((int, int, string)[])[(3, 2, "outOfStock"), (4, 2, "low"), (6, 2, "inStock"), (6, 4, "low"), (6, 0, "inStock"), (0, 0, "outOfStock")])
        {
            Assert.Equal(level, (await _desk.Stock(id, Suppository, quantity, reserve)).Text("level"));
            await Until(async () => await Level(id, Suppository) == level);
        }
    }

    [Fact]
    public async Task A_count_that_is_sent_again_says_and_does_what_it_said_and_did()
    {
        var id = await _desk.ByDay();
        Task<HttpResponseMessage> Count(int quantity, string key) => _desk.Change(HttpMethod.Put, id, $"stock/{Suppository}", new { quantity }, null, key);
        // Twenty there were, so this one changes nothing; offline posts replay it all the same.
        using var first = await Count(20, "c");
        await _desk.Stock(id, Suppository, 4);
        await _desk.Place(id, _desk.Asks(1, Suppository));
        using var again = await Count(20, "c");
        Assert.Equal((HttpStatusCode.OK, await first.Content.ReadAsStringAsync(), true), (again.StatusCode, await again.Content.ReadAsStringAsync(), again.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(4, (await _desk.Boxes(id, Suppository)).Number("quantity"));
        await Count(21, "c").Refuse(422, "key-reused");
        await _desk.Change(HttpMethod.Put, id, $"stock/{Ibuprofen}", new { quantity = 20 }, null, "c").Refuse(422, "key-reused");
    }

    [Theory]
    [InlineData("""{}""", "$.quantity")]
    [InlineData("""{"quantity":-1}""", "$.quantity")]
    [InlineData("""{"quantity":100001}""", "$.quantity")]
    [InlineData("""{"quantity":1.5}""", "$.quantity")]
    [InlineData("""{"quantity":1,"reserve":-1}""", "$.reserve")]
    [InlineData("""{"quantity":1,"reserve":1001}""", "$.reserve")]
    [InlineData("""{"quantity":1,"lot":"x"}""", "$.lot")]
    public async Task A_count_that_is_wrong_is_a_400(string body, string culprit) =>
        await _desk.Change(HttpMethod.Put, _desk.NextPharmacy(), $"stock/{Suppository}", body, null).Refuse(400, "invalid-request", culprit);

    [Fact]
    public async Task A_product_that_nobody_knows_has_no_stock()
    {
        var id = _desk.NextPharmacy();
        foreach (var code in (string[])["3400930000007", "x", "3400938358927"])
        {
            await _desk.Change(HttpMethod.Put, id, $"stock/{code}", new { quantity = 1 }, null).Refuse(404, "unknown-product");
            await _desk.Change(HttpMethod.Get, id, $"stock/{code}", null, null).Refuse(404, "unknown-product");
            await _desk.Change(HttpMethod.Post, id, $"shortages/{code}/settle", new { orders = Array.Empty<string>() }, null).Refuse(code.StartsWith("34009300", StringComparison.Ordinal) ? 409 : 404, code.StartsWith("34009300", StringComparison.Ordinal) ? "not-short" : "unknown-product");
        }
    }

    [Fact]
    public async Task Fewer_boxes_than_are_held_raise_a_shortage_and_the_counter_says_who_is_served()
    {
        var id = await _desk.ByDay(boxes: 5);
        var orders = new[] { await _desk.Place(id, _desk.Asks(2, Suppository)), await _desk.Place(id, _desk.Asks(2, Suppository)), await _desk.Place(id, _desk.Asks(1, Suppository)) };
        await Answers.RefusedInBoth(async language => await Settle([orders[0].Id], language), 409, "not-short");
        Assert.Equal("""{"items":[]}""", (await _desk.Change(HttpMethod.Get, id, "shortages", null, null).Expect(200)).GetRawText());

        var counted = await _desk.Stock(id, Suppository, 3);
        Assert.Equal((3, 5, 0, "outOfStock"), (counted.Number("quantity"), counted.Number("held"), counted.Number("available"), counted.Text("level")));
        var shortage = Assert.Single((await _desk.Change(HttpMethod.Get, id, "shortages", null, null).Expect(200)).GetProperty("items").EnumerateArray());
        Assert.Equal(["cip13", "held", "onHand", "orders"], shortage.Names());
        Assert.Equal((Suppository, 5, 3), (shortage.Text("cip13"), shortage.Number("held"), shortage.Number("onHand")));
        Assert.Equal(orders.Select(order => order.Id), shortage.GetProperty("orders").Texts());
        Assert.Equal(["shortage"], (await _desk.AtCounter(orders[0])).GetProperty("flags").Texts());

        var short1 = await Answers.RefusedInBoth(async language => await Settle([orders[0].Id, orders[1].Id], language), 409, "still-short", "lines");
        Assert.Equal((4, 3), (short1.GetProperty("lines")[0].Number("requested"), short1.GetProperty("lines")[0].Number("available")));
        await Settle([$"{id}-01ARZ3NDEKTSV4RRFFQ69G5FAV"], "en").Refuse(404, "unknown-order");
        foreach (var wrong in (string[])["x", "750020927-01ARZ3NDEKTSV4RRFFQ69G5FAV"])
            await Settle([wrong], "en").Refuse(400, "invalid-request", "$.orders[0]");

        using var settled = await Settle([orders[1].Id, orders[2].Id], "en", "s");
        Assert.Equal(HttpStatusCode.OK, settled.StatusCode);
        Assert.Equal(["cip13", "seq"], (await settled.Content.ReadFromJsonAsync<JsonElement>()).Names());
        Assert.Equal(["refused", "submitted", "submitted"], (await Task.WhenAll(orders.Select(_desk.Seen))).Select(order => order.Text("state")));
        using var again = await Settle([orders[1].Id, orders[2].Id], "en", "s");
        Assert.Equal((await settled.Content.ReadAsStringAsync(), true), (await again.Content.ReadAsStringAsync(), again.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(0, (await _desk.Change(HttpMethod.Get, id, "shortages", null, null).Expect(200)).GetProperty("items").GetArrayLength());

        Task<HttpResponseMessage> Settle(string[] served, string language, string? key = null) => Post(id, $"shortages/{Suppository}/settle", new { orders = served }, null, language, key: key);
    }

    private async Task<string?> Level(string id, string product) =>
        (await _desk.Page(id)).GetProperty("stock").EnumerateArray().Where(one => one.Text("cip13") == product).Select(one => one.Text("level")).SingleOrDefault();

    private static async Task Until(Func<Task<bool>> reached)
    {
        for (var started = TimeProvider.System.GetTimestamp(); !await reached(); await Task.Delay(20))
            Assert.True(TimeProvider.System.GetElapsedTime(started) < OrderDesk.Patience, "It did not come about.");
    }

    private async Task<List<string>> Paged(string id, string query)
    {
        var (all, cursor) = (new List<string>(), "");
        for (var pages = 0; pages < 50; pages++)
        {
            var page = await _desk.Change(HttpMethod.Get, id, $"orders?{query}{cursor}", null, null).Expect(200);
            all.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.Text("orderId")!));
            if (page.Text("cursor") is not { } next)
                return all;
            cursor = $"&cursor={next}";
        }
        throw new InvalidOperationException("The pages never end.");
    }

    private Task<HttpResponseMessage> Act(Taken order, string act, object? body, long? seq, string language, string role = "staff", string? at = null, string? match = null) =>
        Post(at ?? order.Pharmacy, $"orders/{order.Id}/{act}", body, match ?? (seq is null ? null : $"\"{seq}\""), language, role);

    private async Task<HttpResponseMessage> Post(string id, string act, object? body, string? match, string language, string role = "staff", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/counter/{id}/{act}") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {await _desk.Token($"{role}:{id}")}");
        request.Headers.TryAddWithoutValidation("Accept-Language", language);
        if (match is not null)
            request.Headers.TryAddWithoutValidation("If-Match", match);
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await _desk.Client.SendAsync(request);
    }
}
