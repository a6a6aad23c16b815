using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Realtime.Tests.Counter;

namespace Realtime.Tests.Orders;

/// <summary>Click &amp; collect as its buyers use it, over real HTTP.</summary>
[Collection(nameof(OrderHost))]
public sealed class OrderApiTests(OrderHost host)
{
    private const string Ibuprofen = OrderDesk.Ibuprofen, Spedifen = OrderDesk.Spedifen, Suppository = OrderDesk.Suppository;
    private readonly OrderDesk _desk = host.Desk;

    // ---- What is answered ----

    [Fact]
    public async Task An_order_is_answered_with_its_place_its_token_its_price_its_doses_and_its_instants()
    {
        var id = await _desk.ByDay();
        using var answer = await _desk.Order(id, _desk.Asks(3, Suppository));
        var order = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((HttpStatusCode.Created, "\"1\"", "no-store", $"/api/v1/orders/{order.Text("orderId")}"),
            (answer.StatusCode, answer.Headers.ETag?.Tag, answer.Headers.CacheControl?.ToString(), answer.Headers.Location?.ToString()));
        Assert.False(answer.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(["orderId", "token", "state", "seq", "lines", "totalCents", "doses", "heldUntil", "expectedBy", "timeline"], order.Names());
        Assert.Matches($"^{id}-[0-7][0-9A-HJKMNP-TV-Z]{{25}}$", order.Text("orderId"));
        Assert.Matches("^[A-Za-z0-9_-]{43}$", order.Text("token"));
        Assert.Equal(("submitted", 1, 666), (order.Text("state"), order.Number("seq"), order.Number("totalCents")));
        var line = Assert.Single(order.GetProperty("lines").EnumerateArray());
        Assert.Equal(["cip13", "quantity", "name", "priceCents"], line.Names());
        Assert.Equal((Suppository, 3, 222), (line.Text("cip13"), line.Number("quantity"), line.Number("priceCents")));
        Assert.StartsWith("EFFERALGANMED", line.Text("name"), StringComparison.Ordinal);
        Assert.Equal("submitted", Assert.Single(order.GetProperty("timeline").EnumerateArray()).Text("state"));
    }

    [Fact]
    public async Task Doses_say_how_much_of_a_substance_an_order_holds_and_how_much_of_the_limit_that_is()
    {
        var order = (await _desk.Place(await _desk.ByDay())).Answer;
        var dose = Assert.Single(order.GetProperty("doses").EnumerateArray());
        Assert.Equal(["substance", "form", "grams", "limitGrams", "share"], dose.Names());
        Assert.Equal(("ibuprofène", "oralSolid", 4m, 6m), (dose.Text("substance"), dose.Text("form"), dose.GetProperty("grams").GetDecimal(), dose.GetProperty("limitGrams").GetDecimal()));
        Assert.Equal(4 / 6.0, dose.GetProperty("share").GetDouble(), 1e-9);
        // The price of this one is the pharmacy's to say.
        Assert.Equal(JsonValueKind.Null, order.GetProperty("totalCents").ValueKind);
    }

    [Fact]
    public async Task While_the_pharmacy_is_open_an_answer_is_expected_in_half_an_hour_and_the_boxes_are_held_for_two()
    {
        var order = (await _desk.Place(await _desk.ByDay())).Answer;
        var placed = order.GetProperty("timeline")[0].Moment("at");
        Assert.Equal((placed + Duration.FromMinutes(30), placed + Duration.FromHours(2)), (order.Moment("expectedBy"), order.Moment("heldUntil")));
        Assert.InRange((_desk.Now - placed).TotalSeconds, 0, 60);
        // In the pharmacy's own offset.
        Assert.All((string[])["expectedBy", "heldUntil"], member => Assert.EndsWith("+01:00", order.Text(member), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Mo 14:00-19:00; PH off", "2026-11-23T14:30:00+01:00", "2026-11-23T16:00:00+01:00")]
    [InlineData("Tu-Sa 09:00-12:00,14:00-19:00; PH off", "2026-11-24T09:30:00+01:00", "2026-11-24T11:00:00+01:00")]
    [InlineData("Tu 11:00-12:00; We 09:00-19:00; PH off", "2026-11-24T11:30:00+01:00", "2026-11-25T10:00:00+01:00")]
    public async Task An_order_to_a_pharmacy_that_is_closed_is_taken_and_expected_after_its_next_opening(string hours, string expectedBy, string heldUntil)
    {
        var order = (await _desk.Place(await _desk.NextPharmacy(hours, new { clickAndCollect = true }))).Answer;
        Assert.Equal((expectedBy, heldUntil), (order.Text("expectedBy"), order.Text("heldUntil")));
    }

    [Fact]
    public async Task Where_the_hours_are_not_known_boxes_are_held_for_two_days_and_where_there_are_none_for_a_week()
    {
        var unknown = await _desk.ByDay();
        await _desk.Change(HttpMethod.Put, unknown, "hours", new { hours = (string?)null }, 2).Expect(200);
        await _desk.Sweep(unknown);
        await Held(unknown, Duration.FromHours(48));
        await Held(await _desk.NextPharmacy("Mo 08:00-09:00; PH off", new { clickAndCollect = true }), null);
        await Held(await _desk.NextPharmacy("off; PH off", new { clickAndCollect = true }), Duration.FromDays(7));

        async Task Held(string id, Duration? lasts)
        {
            var order = (await _desk.Place(id)).Answer;
            if (lasts is not null)
                Assert.Equal(lasts, order.Moment("heldUntil") - order.GetProperty("timeline")[0].Moment("at"));
            // Never beyond a week.
            Assert.InRange(order.Moment("heldUntil"), _desk.Now, order.GetProperty("timeline")[0].Moment("at") + Duration.FromDays(7));
        }
    }

    [Fact]
    public async Task The_order_page_shows_what_was_answered_and_no_code_yet()
    {
        var order = await _desk.Place(await _desk.ByDay(), _desk.Asks(2, Suppository, note: "Merci !"));
        using var page = await _desk.Buyer(order, HttpMethod.Get);
        var seen = await page.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((HttpStatusCode.OK, "\"1\"", "no-store"), (page.StatusCode, page.Headers.ETag?.Tag, page.Headers.CacheControl?.ToString()));
        Assert.Equal(["orderId", "state", "seq", "lines", "totalCents", "doses", "heldUntil", "expectedBy", "timeline", "messages", "late"], seen.Names());
        foreach (var member in (string[])["orderId", "state", "seq", "lines", "totalCents", "doses", "heldUntil", "expectedBy", "timeline"])
            Assert.Equal(order.Answer.GetProperty(member).GetRawText(), seen.GetProperty(member).GetRawText());
        Assert.Equal((0, false), (seen.GetProperty("messages").GetArrayLength(), seen.GetProperty("late").GetBoolean()));
    }

    [Fact]
    public async Task Boxes_are_held_from_the_beginning_and_two_lines_of_one_product_are_one()
    {
        var id = await _desk.ByDay(boxes: 5);
        var order = await _desk.Place(id, new
        {
            lines = new[] { new { cip13 = Suppository, quantity = 1 }, new { cip13 = Ibuprofen, quantity = 1 }, new { cip13 = Suppository, quantity = 2 } },
            buyer = new { name = "A", phone = "0612", birthDate = "1985-04-23" },
            answers = new { },
            consent = true,
        });
        Assert.Equal([(Suppository, 3), (Ibuprofen, 1)], order.Answer.GetProperty("lines").EnumerateArray().Select(line => (line.Text("cip13")!, line.Number("quantity"))));
        var boxes = await _desk.Boxes(id, Suppository);
        Assert.Equal((5, 3, 2, "low"), (boxes.Number("quantity"), boxes.Number("held"), boxes.Number("available"), boxes.Text("level")));
    }

    // ---- The same again ----

    [Fact]
    public async Task The_same_order_under_the_same_key_is_answered_byte_for_byte_whatever_became_of_it()
    {
        var id = await _desk.ByDay();
        var (body, key) = (_desk.Asks(answers: new { treated = new { relation = "self", birthYear = 1985 } }, note: "à midi"), _desk.NextKey());
        using var first = await _desk.Order(id, body, key);
        var order = Taken.Of(await first.Content.ReadFromJsonAsync<JsonElement>());
        await Again();
        await _desk.Through(order, 1, "accept", "ready", "collect");
        await Again();
        // The activation that took it is gone: its rows know.
        await _desk.Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        await Again();
        Assert.Equal(1, (await _desk.Change(HttpMethod.Get, id, "orders", null, null).Expect(200)).GetProperty("items").GetArrayLength());

        async Task Again()
        {
            using var again = await _desk.Order(id, body, key);
            Assert.Equal((first.StatusCode, first.Headers.ETag, first.Headers.Location), (again.StatusCode, again.Headers.ETag, again.Headers.Location));
            Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await again.Content.ReadAsByteArrayAsync());
            Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
        }
    }

    [Fact]
    public async Task The_same_order_sent_by_many_at_once_is_taken_once()
    {
        var id = await _desk.ByDay();
        var (body, key) = (_desk.Asks(), _desk.NextKey());
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _desk.Order(id, body, key)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Equal(11, answers.Count(answer => answer.Headers.Contains("Idempotency-Replayed")));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct(StringComparer.Ordinal));
        Assert.Equal(1, (await _desk.Boxes(id, Ibuprofen)).Number("held"));
    }

    [Fact]
    public async Task A_key_that_comes_with_another_order_is_refused_whatever_differs()
    {
        var id = await _desk.ByDay();
        var key = _desk.NextKey();
        await _desk.Order(id, _desk.Asks(phone: "0612", note: "n"), key).Expect(201);
        foreach (var other in (object[])
        [
            _desk.Asks(2, Suppository, phone: "0612", note: "n"), _desk.Asks(product: Spedifen, phone: "0612", note: "n"), _desk.Asks(phone: "0613", note: "n"), _desk.Asks(phone: "0612"),
            _desk.Asks(phone: "0612", note: "m"), _desk.Asks(phone: "0612", note: "n", name: "Zoé"), _desk.Asks(phone: "0612", note: "n", email: "a@example.org"), _desk.Asks(phone: "0612", note: "n", birthDate: "1985-04-24"),
            _desk.Asks(phone: "0612", note: "n", consent: false), _desk.Asks(phone: "0612", note: "n", answers: new { x = 1 }),
        ])
            await Answers.RefusedInBoth(language => _desk.Order(id, other, key, language), 422, "key-reused");
        // Nor may the counter use it for an order that it writes down.
        await _desk.Change(HttpMethod.Post, id, "orders", _desk.Asks(phone: "0612", note: "n"), null, key).Refuse(422, "key-reused");
        Assert.Equal(1, (await _desk.Boxes(id, Ibuprofen)).Number("held"));
    }

    [Fact]
    public async Task Blanks_and_the_order_of_members_do_not_make_another_order()
    {
        var id = await _desk.ByDay();
        var key = _desk.NextKey();
        await _desk.Order(id, """{"lines":[{"cip13":"3400938358926","quantity":1}],"buyer":{"name":"A","birthDate":"1985-04-23","phone":"0612"},"answers":{"b":1,"a":"x"},"consent":true}""", key).Expect(201);
        using var again = await _desk.Order(id, """{ "consent": true, "answers": {"a": "x", "b": 1}, "buyer": {"phone":"0612","birthDate":"1985-04-23","name":"A"}, "lines":[ {"quantity":1, "cip13":"3400938358926"} ] }""", key);
        Assert.True(again.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Keys_are_each_pharmacys_own_and_only_what_was_taken_is_remembered()
    {
        var (id, other) = (await _desk.ByDay(boxes: 0), await _desk.ByDay());
        var (body, key) = (_desk.Asks(), _desk.NextKey());
        await _desk.Order(id, body, key).Refuse(409, "out-of-stock");
        await _desk.Order(other, body, key).Expect(201);
        // The refusal is decided anew; another body would do as well.
        await _desk.Stock(id, Ibuprofen, 1);
        using var taken = await _desk.Order(id, body, key);
        Assert.Equal((HttpStatusCode.Created, false), (taken.StatusCode, taken.Headers.Contains("Idempotency-Replayed")));
    }

    [Fact]
    public async Task An_order_needs_a_key_of_1_to_255_visible_characters()
    {
        var id = await _desk.ByDay();
        await Answers.RefusedInBoth(language => _desk.Send(HttpMethod.Post, $"/api/v1/pharmacies/{id}/orders", null, _desk.Asks(), language: language), 400, "missing-idempotency-key");
        foreach (var key in (string[])["a b", "", new('k', 256)])
            await _desk.Order(id, _desk.Asks(), key).Refuse(400, "invalid-request", "Idempotency-Key");
        await _desk.Order(id, _desk.Asks(), new string('~', 255)).Expect(201);
    }

    // ---- What is refused ----

    [Theory]
    [InlineData("""{}""", "$.buyer,$.lines")]
    [InlineData("""{"lines":[],"buyer":B,"consent":true}""", "$.lines")]
    [InlineData("""{"lines":[null],"buyer":B,"consent":true}""", "$.lines[0]")]
    [InlineData("""{"lines":[{"cip13":"3400938358926","quantity":0}],"buyer":B,"consent":true}""", "$.lines[0].quantity")]
    [InlineData("""{"lines":[{"cip13":"3400938358926","quantity":100}],"buyer":B,"consent":true}""", "$.lines[0].quantity")]
    [InlineData("""{"lines":[{"cip13":"3400938358926","quantity":1.5}],"buyer":B,"consent":true}""", "$.lines[0].quantity")]
    [InlineData("""{"lines":[{"cip13":"3400938358927","quantity":1}],"buyer":B,"consent":true}""", "$.lines[0].cip13")]
    [InlineData("""{"lines":[{"cip13":"x","quantity":0},{"quantity":1,"cip13":"y"}],"buyer":B,"consent":true}""", "$.lines[0].quantity,$.lines[1].cip13")]
    [InlineData("""{"lines":[{"cip13":"3400938358926"}],"buyer":B,"consent":true}""", "$.quantity")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true,"surprise":1}""", "$.surprise")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":"yes"}""", "$.consent")]
    [InlineData("""{"lines":[L],"buyer":null,"consent":true}""", "$.buyer")]
    [InlineData("""{"lines":[L],"buyer":{"name":"A"},"consent":true}""", "$.birthDate")]
    [InlineData("""{"lines":[L],"buyer":{"name":"A","birthDate":"23/04/1985"},"consent":true}""", "$.buyer.birthDate")]
    [InlineData("""{"lines":[L],"buyer":{"name":"A","birthDate":"2085-04-23"},"consent":true}""", "$.buyer.birthDate")]
    [InlineData("""{"lines":[L],"buyer":{"name":"A","birthDate":"1985-02-30"},"consent":true}""", "$.buyer.birthDate")]
    [InlineData("""{"lines":[L],"buyer":{"name":" ","birthDate":"1985-04-23"},"consent":true}""", "$.buyer.name")]
    [InlineData("""{"lines":[L],"buyer":{"name":"A\u202eB","birthDate":"1985-04-23"},"consent":true}""", "$.buyer.name")]
    [InlineData("""{"lines":[L],"buyer":{"name":"A","birthDate":"1985-04-23","phone":"call me"},"consent":true}""", "$.buyer.phone")]
    [InlineData("""{"lines":[L],"buyer":{"name":"A","birthDate":"1985-04-23","email":"nowhere"},"consent":true}""", "$.buyer.email")]
    [InlineData("""{"lines":[L],"buyer":{"name":"A","birthDate":"1985-04-23","iban":"x"},"consent":true}""", "$.buyer.iban")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true,"note":""}""", "$.note")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true,"answers":[]}""", "$.answers")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true,"answers":{"x":{}}}""", "$.answers")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true,"answers":{"x":null}}""", "$.answers")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true,"answers":{"x":" "}}""", "$.answers.x")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true,"answers":{"treated":{}}}""", "$.answers.treated.relation")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true,"answers":{"treated":7}}""", "$.answers.treated")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true,"answers":{"treated":{"relation":"child","birthYear":1800}}}""", "$.answers.treated.birthYear")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true,"answers":{"treated":{"relation":"child","weightKg":0}}}""", "$.answers.treated.weightKg")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true,"answers":{"treated":{"relation":"child","pregnant":"no"}}}""", "$.answers.treated.pregnant")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true,"answers":{"treated":{"relation":"child","shoe":42}}}""", "$.answers.treated")]
    [InlineData("""{"lines":[L],"buyer":B,"consent":true""", "$")]
    [InlineData("", "$")]
    public async Task A_body_that_is_wrong_is_a_400_that_names_every_culprit(string body, string culprits)
    {
        var id = _desk.NextPharmacy();
        body = body.Replace(":B", """:{"name":"A","birthDate":"1985-04-23"}""", StringComparison.Ordinal).Replace("[L]", """[{"cip13":"3400938358926","quantity":1}]""", StringComparison.Ordinal);

        var problem = await _desk.Order(id, body).Refuse(400, "invalid-request");

        Assert.Equal(culprits.Split(','), problem.GetProperty("errors").Names().Order(StringComparer.Ordinal));
        Assert.Equal(0, (await _desk.Boxes(id, Ibuprofen)).Number("held"));
    }

    [Fact]
    public async Task Texts_and_lists_have_their_bounds()
    {
        var id = await _desk.ByDay();
        await _desk.Order(id, _desk.Asks(name: new string('é', 101))).Refuse(400, "invalid-request", "$.buyer.name");
        await _desk.Order(id, _desk.Asks(note: new string('é', 501))).Refuse(400, "invalid-request", "$.note");
        await _desk.Order(id, _desk.Asks(answers: Enumerable.Range(0, 21).ToDictionary(i => $"q{i}", i => i))).Refuse(400, "invalid-request", "$.answers");
        await _desk.Order(id, _desk.Asks(answers: new { q = new string('é', 501) })).Refuse(400, "invalid-request", "$.answers.q");
        await _desk.Order(id, _desk.Asks(answers: Enumerable.Range(0, 9).ToDictionary(i => $"q{i}", _ => new string('é', 500)))).Refuse(400, "invalid-request", "$.answers");
        await _desk.Order(id, new { lines = Enumerable.Repeat(new { cip13 = Ibuprofen, quantity = 1 }, 51), buyer = new { name = "A", birthDate = "1985-04-23" }, consent = true }).Refuse(400, "invalid-request", "$.lines");
        // The longest order that may be placed still fits a row of the journal.
        var longest = await _desk.Place(id, _desk.Asks(name: new string('漢', 100), note: new string('漢', 500), answers: Enumerable.Range(0, 7).ToDictionary(i => $"{i}{new string('q', 30)}", _ => new string('漢', 500))));
        var (text, messages) = (new string('漢', 500), 50);
        for (var i = 0; i < messages; i++)
            await _desk.Buyer(longest, HttpMethod.Post, "messages", new { text }).Expect(200);
        await Answers.RefusedInBoth(language => _desk.Send(HttpMethod.Post, $"/api/v1/orders/{longest.Id}/messages", longest.Token, new { text }, language: language), 409, "too-many");
        await _desk.Change(HttpMethod.Post, id, $"orders/{longest.Id}/refuse", new { reason = new string('漢', 200) }, messages + 1).Expect(200);
        Assert.Equal(messages, (await _desk.Seen(longest)).GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task A_pharmacy_and_a_product_that_nobody_knows_are_a_404()
    {
        await Answers.RefusedInBoth(language => _desk.Order("750020928", _desk.Asks(), language: language), 404, "unknown-pharmacy");
        await Answers.RefusedInBoth(language => _desk.Order("990", _desk.Asks(), language: language), 404, "unknown-pharmacy");
        var id = await _desk.ByDay();
        await Answers.RefusedInBoth(language => _desk.Order(id, _desk.Asks(product: "3400930000007"), language: language), 404, "unknown-product");
    }

    [Fact]
    public async Task More_boxes_than_can_be_promised_are_refused_with_what_could_be_for_every_product()
    {
        var id = await _desk.ByDay(boxes: 2);
        await _desk.Place(id, _desk.Asks(1, Suppository));
        await _desk.Stock(id, Spedifen, 0);
        var body = new
        {
            lines = new[] { new { cip13 = Suppository, quantity = 3 }, new { cip13 = Spedifen, quantity = 1 } },
            buyer = new { name = "A", phone = "0612", birthDate = "1985-04-23" },
            consent = true,
        };
        var problem = await Answers.RefusedInBoth(language => _desk.Order(id, body, language: language), 409, "out-of-stock", "lines");
        Assert.Equal([(Suppository, 3, 1), (Spedifen, 1, 0)], problem.GetProperty("lines").EnumerateArray().Select(line => (line.Text("cip13")!, line.Number("requested"), line.Number("available"))));
        Assert.Equal(["cip13", "requested", "available"], problem.GetProperty("lines")[0].Names());
        Assert.Equal(1, (await _desk.Boxes(id, Suppository)).Number("held"));
    }

    [Fact]
    public async Task Twelve_who_want_the_last_five_boxes_get_five()
    {
        var id = await _desk.ByDay(boxes: 5);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => _desk.Order(id, _desk.Asks(product: Suppository))));
        Assert.Equal((5, 7), (answers.Count(answer => answer.StatusCode == HttpStatusCode.Created), answers.Count(answer => answer.StatusCode == HttpStatusCode.Conflict)));
        Assert.Equal((5, 0), ((await _desk.Boxes(id, Suppository)).Number("held"), (await _desk.Boxes(id, Suppository)).Number("available")));
    }

    [Fact]
    public async Task Doses_add_up_over_brands_and_are_refused_beyond_the_limit()
    {
        var id = await _desk.ByDay();
        var body = new
        {
            lines = new[] { new { cip13 = Ibuprofen, quantity = 1 }, new { cip13 = Spedifen, quantity = 1 } },
            buyer = new { name = "A", phone = "0612", birthDate = "1985-04-23" },
            consent = true,
        };
        var problem = await Answers.RefusedInBoth(language => _desk.Order(id, body, language: language), 422, "dose-limit-exceeded", "problems", "substances");
        var substance = Assert.Single(problem.GetProperty("substances").EnumerateArray());
        Assert.Equal(["substance", "grams", "limitGrams", "share", "cip13s"], substance.Names());
        Assert.Equal(("ibuprofène", 8.8m, 6m), (substance.Text("substance"), substance.GetProperty("grams").GetDecimal(), substance.GetProperty("limitGrams").GetDecimal()));
        Assert.Equal(8.8 / 6, substance.GetProperty("share").GetDouble(), 1e-9);
        Assert.Equal([Spedifen, Ibuprofen], substance.GetProperty("cip13s").Texts().Order(StringComparer.Ordinal));

        // A pharmacy that looks at such orders itself takes it, and its counter is told.
        var alert = await _desk.ByDay(new { clickAndCollect = true, doseAlert = true });
        var order = await _desk.Place(alert, body);
        Assert.Equal(8.8m, order.Answer.GetProperty("doses")[0].GetProperty("grams").GetDecimal());
        Assert.Equal(["doseAlert"], (await _desk.AtCounter(order)).GetProperty("flags").Texts());
    }

    [Fact]
    public async Task More_boxes_than_one_order_may_hold_are_refused()
    {
        var id = await _desk.ByDay();
        await Answers.RefusedInBoth(language => _desk.Order(id, _desk.Asks(6, Suppository), language: language), 422, "quantity-limit", "problems");
    }

    [Fact]
    public async Task A_buyer_is_sixteen_and_consents()
    {
        var id = await _desk.ByDay();
        await Answers.RefusedInBoth(language => _desk.Order(id, _desk.Asks(birthDate: "2010-11-24"), language: language), 422, "age");
        await _desk.Order(id, _desk.Asks(birthDate: "2010-11-23")).Expect(201);
        await Answers.RefusedInBoth(language => _desk.Order(id, _desk.Asks(consent: false), language: language), 422, "consent");
        await _desk.Order(id, """{"lines":[{"cip13":"3400938358926","quantity":1}],"buyer":{"name":"A","birthDate":"1985-04-23"}}""").Refuse(422, "consent");
    }

    [Fact]
    public async Task A_pharmacy_that_asks_questions_wants_to_know_who_is_treated()
    {
        var id = await _desk.ByDay(new { clickAndCollect = true, questions = true });
        await Answers.RefusedInBoth(language => _desk.Order(id, _desk.Asks(), language: language), 422, "answers-missing");
        await _desk.Order(id, _desk.Asks(answers: new { treated = new { relation = "self" } })).Refuse(422, "answers-missing");
        var order = await _desk.Place(id, _desk.Asks(answers: new { treated = new { relation = "child", birthYear = 2012, weightKg = 31.5, pregnant = false, breastfeeding = (bool?)null }, allergies = "aucune" }));
        var seen = await _desk.AtCounter(order);
        Assert.Equal(["answered", "minor"], seen.GetProperty("flags").Texts());
        Assert.Equal("""{"allergies":"aucune","treated":{"birthYear":2012,"breastfeeding":null,"pregnant":false,"relation":"child","weightKg":31.5}}""", seen.Text("answers"));
    }

    [Fact]
    public async Task Where_the_module_is_off_or_a_pause_holds_no_order_is_taken()
    {
        var off = await _desk.ByDay(new { });
        await Answers.RefusedInBoth(language => _desk.Order(off, _desk.Asks(), language: language), 409, "click-and-collect-off");

        var paused = await _desk.ByDay();
        await Page("pause", new { reason = "inventaire" }, 2);
        await Answers.RefusedInBoth(language => _desk.Order(paused, _desk.Asks(), language: language), 409, "paused");
        await Page("resume", null, 3);
        await _desk.Place(paused);
        await Page("pause", new { reason = "inventaire", until = "2026-11-23T14:00:00+01:00" }, 4);
        var problem = await Answers.RefusedInBoth(language => _desk.Order(paused, _desk.Asks(), language: language), 409, "paused", "until");
        Assert.Equal(Instant.FromUtc(2026, 11, 23, 13, 0), problem.Moment("until"));

        // What changes on a page is heeded within a second, or now where the queue is told to look.
        async Task Page(string act, object? body, long seq)
        {
            await _desk.Change(HttpMethod.Post, paused, act, body, seq).Expect(200);
            await _desk.Sweep(paused);
        }
    }

    [Fact]
    public async Task A_contact_has_two_open_orders_in_a_pharmacy_however_it_is_written()
    {
        var (id, other) = (await _desk.ByDay(), await _desk.ByDay());
        var first = await _desk.Place(id, _desk.Asks(product: Suppository, phone: "06 99 00 00 01", email: "zoe@example.org"));
        await _desk.Place(id, _desk.Asks(product: Suppository, phone: "+33 6 99.00.00.01", email: "Zoe@Example.org"));
        foreach (var body in (object[])[_desk.Asks(product: Suppository, phone: "0033699000001"), _desk.Asks(product: Suppository, email: "ZOE@example.org")])
            Assert.Contains("2", (await Answers.RefusedInBoth(language => _desk.Order(id, body, language: language), 409, "too-many-open-orders")).Text("detail"), StringComparison.Ordinal);
        await _desk.Place(other, _desk.Asks(product: Suppository, phone: "0699000001"));
        await _desk.Buyer(first, HttpMethod.Post, "cancel").Expect(200);
        await _desk.Place(id, _desk.Asks(product: Suppository, phone: "0699000001"));

        // Who leaves both out is known by name and day of birth.
        object Nameless(string name) => new { lines = new[] { new { cip13 = Suppository, quantity = 1 } }, buyer = new { name, birthDate = "1985-04-23" }, consent = true };
        await _desk.Place(id, Nameless("Zoé Été"));
        await _desk.Place(id, Nameless("ZOÉ ÉTÉ"));
        await _desk.Order(id, Nameless("zoé été")).Refuse(409, "too-many-open-orders");
        await _desk.Place(id, Nameless("Zoé Hiver"));
    }

    // ---- Who may see it ----

    [Fact]
    public async Task Without_its_own_token_there_is_no_such_order()
    {
        var id = await _desk.ByDay();
        var (mine, yours) = (await _desk.Place(id), await _desk.Place(id));
        var staff = await _desk.Token($"staff:{id}");
        var calls = new (HttpMethod Method, string Act, object? Body)[]
        {
            (HttpMethod.Get, "", null), (HttpMethod.Post, "cancel", null), (HttpMethod.Post, "accept-proposal", null), (HttpMethod.Post, "decline-proposal", null), (HttpMethod.Post, "messages", new { text = "x" }),
        };
        foreach (var token in (string?[])[null, "x", yours.Token, mine.Token[..^1], $"{mine.Token}A", mine.Token.ToLowerInvariant(), staff, $"Basic {mine.Token}", mine.Id])
            foreach (var (method, act, body) in calls)
            {
                using var answer = await _desk.Send(method, $"/api/v1/orders/{mine.Id}{(act.Length > 0 ? $"/{act}" : "")}", token, body);
                Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{method} {act} with {token}: {answer.StatusCode}");
                Assert.Equal("/problems/unknown-order", (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("type"));
            }
        // Nor do an id that was never given, one of another pharmacy, and what is no id tell themselves apart.
        foreach (var order in (string[])[$"{mine.Id[..^1]}{(mine.Id[^1] == '0' ? '1' : '0')}", $"{_desk.NextPharmacy()}{mine.Id[9..]}", "750020928-01ARZ3NDEKTSV4RRFFQ69G5FAV", "x", mine.Id.ToLowerInvariant()])
            await Answers.RefusedInBoth(language => _desk.Send(HttpMethod.Get, $"/api/v1/orders/{order}", mine.Token, language: language), 404, "unknown-order");
        Assert.Equal(1, (await _desk.Seen(mine)).Number("seq"));
        // A scheme's name may be written in any case.
        await _desk.Send(HttpMethod.Get, $"/api/v1/orders/{mine.Id}", $"bearer {mine.Token}").Expect(200);
    }

    [Fact]
    public async Task The_token_of_one_order_opens_no_other()
    {
        var (here, there) = (await _desk.ByDay(), await _desk.ByDay());
        var orders = new List<Taken>();
        foreach (var pharmacy in (string[])[here, here, there, there])
            orders.Add(await _desk.Place(pharmacy));
        Assert.Equal(orders.Count, orders.Select(order => order.Token).Distinct().Count());
        foreach (var shown in orders)
            foreach (var asked in orders)
            {
                using var answer = await _desk.Buyer(asked, HttpMethod.Get, token: shown.Token);
                Assert.Equal(asked == shown ? HttpStatusCode.OK : HttpStatusCode.NotFound, answer.StatusCode);
            }
    }

    // ---- What the buyer does ----

    [Theory]
    [InlineData("submitted")]
    [InlineData("accepted")]
    [InlineData("proposed")]
    [InlineData("ready")]
    public async Task A_buyer_goes_back_on_an_order_that_was_not_handed_over(string state)
    {
        var id = await _desk.ByDay(boxes: 5);
        var order = await _desk.Place(id, _desk.Asks(2, Suppository));
        var seq = await Bring(order, state);

        var key = _desk.NextKey();
        using var answer = await _desk.Buyer(order, HttpMethod.Post, "cancel", key: key);
        var cancelled = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((HttpStatusCode.OK, $"\"{seq + 1}\"", "no-store"), (answer.StatusCode, answer.Headers.ETag?.Tag, answer.Headers.CacheControl?.ToString()));
        Assert.Equal(["orderId", "state", "seq", "at"], cancelled.Names());
        Assert.Equal((order.Id, "cancelled", seq + 1), (cancelled.Text("orderId"), cancelled.Text("state"), cancelled.GetProperty("seq").GetInt64()));
        var seen = await _desk.Seen(order);
        Assert.Equal(("cancelled", "cancelled", false), (seen.Text("state"), seen.Latest().Text("state"), seen.TryGetProperty("pickupCode", out _)));
        Assert.Equal(cancelled.Text("at"), seen.Latest().Text("at"));
        // Boxes that were bagged are not free before the counter has put them back.
        var boxes = await _desk.Boxes(id, Suppository);
        Assert.Equal(state == "ready" ? (0, 2, 3) : (0, 0, 5), (boxes.Number("held"), boxes.Number("toReshelve"), boxes.Number("available")));

        using var again = await _desk.Buyer(order, HttpMethod.Post, "cancel", key: key);
        Assert.Equal((HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(), true), (again.StatusCode, await again.Content.ReadAsStringAsync(), again.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal("cancelled", (await _desk.Buyer(order, HttpMethod.Post, "cancel").Refuse(409, "wrong-state")).Text("state"));
    }

    [Fact]
    public async Task A_buyer_takes_fewer_boxes_or_does_not()
    {
        var id = await _desk.ByDay(boxes: 10);
        var (takes, declines) = (await _desk.Place(id, _desk.Asks(3, Suppository)), await _desk.Place(id, _desk.Asks(3, Suppository)));
        foreach (var order in (Taken[])[takes, declines])
        {
            await _desk.Buyer(order, HttpMethod.Post, "accept-proposal").Refuse(409, "wrong-state");
            await Bring(order, "proposed");
            var offered = await _desk.Seen(order);
            Assert.Equal(("proposed", 1, 3), (offered.Text("state"), offered.GetProperty("proposal")[0].Number("quantity"), offered.GetProperty("lines")[0].Number("quantity")));
        }
        // Until the buyer answers all of them are held.
        Assert.Equal(6, (await _desk.Boxes(id, Suppository)).Number("held"));

        Assert.Equal("accepted", (await _desk.Buyer(takes, HttpMethod.Post, "accept-proposal").Expect(200)).Text("state"));
        Assert.Equal("cancelled", (await _desk.Buyer(declines, HttpMethod.Post, "decline-proposal").Expect(200)).Text("state"));

        Assert.Equal(1, (await _desk.Boxes(id, Suppository)).Number("held"));
        var taken = await _desk.Seen(takes);
        Assert.Equal((1, 222, false), (taken.GetProperty("lines")[0].Number("quantity"), taken.Number("totalCents"), taken.TryGetProperty("proposal", out _)));
        Assert.Equal(["submitted", "accepted", "proposed", "accepted"], taken.GetProperty("timeline").EnumerateArray().Select(step => step.Text("state")));
        await Answers.RefusedInBoth(language => _desk.Send(HttpMethod.Post, $"/api/v1/orders/{declines.Id}/decline-proposal", declines.Token, language: language), 409, "wrong-state", "state");
    }

    [Fact]
    public async Task Buyer_and_pharmacist_write_to_each_other_while_the_order_is_open()
    {
        var order = await _desk.Place(await _desk.ByDay());
        var sent = await _desk.Buyer(order, HttpMethod.Post, "messages", new { text = " Avez-vous\r\nla boîte de 12 ? " }, "m").Expect(200);
        Assert.Equal(("submitted", 2), (sent.Text("state"), sent.Number("seq")));
        await _desk.Act(order, "message", new { text = "Oui." }, 2).Expect(200);
        using var again = await _desk.Buyer(order, HttpMethod.Post, "messages", new { text = " Avez-vous\r\nla boîte de 12 ? " }, "m");
        Assert.True(again.Headers.Contains("Idempotency-Replayed"));
        await _desk.Buyer(order, HttpMethod.Post, "messages", new { text = "Autre chose" }, "m").Refuse(422, "key-reused");

        var messages = (await _desk.Seen(order)).GetProperty("messages").EnumerateArray().ToArray();
        Assert.Equal([("buyer", "Avez-vous la boîte de 12 ?"), ("pharmacy", "Oui.")], messages.Select(message => (message.Text("from")!, message.Text("text")!)));
        Assert.Equal(["at", "from", "text"], messages[0].Names());
        Assert.Equal(JsonSerializer.Serialize(messages), JsonSerializer.Serialize((await _desk.AtCounter(order)).GetProperty("messages").EnumerateArray()));
        foreach (var (body, culprit) in ((string, string)[])[("{}", "$.text"), ("""{"text":""}""", "$.text"), ("""{"text":"a","to":"b"}""", "$.to"), ("", "$")])
            await _desk.Buyer(order, HttpMethod.Post, "messages", body).Refuse(400, "invalid-request", culprit);
        await _desk.Buyer(order, HttpMethod.Post, "cancel").Expect(200);
        await _desk.Buyer(order, HttpMethod.Post, "messages", new { text = "Encore" }).Refuse(409, "wrong-state");
    }

    [Fact]
    public async Task The_code_is_shown_from_ready_on_and_a_refusal_with_its_reason()
    {
        var id = await _desk.ByDay();
        var (collected, refused) = (await _desk.Place(id), await _desk.Place(id));
        foreach (var (act, shown) in ((string, bool)[])[("accept", false), ("ready", true), ("collect", true)])
        {
            await _desk.Through(collected, (await _desk.Seen(collected)).Number("seq"), act);
            var seen = await _desk.Seen(collected);
            Assert.Equal(shown, seen.TryGetProperty("pickupCode", out var code));
            if (shown)
                Assert.Matches("^[0-9]{6}$", code.GetString());
        }
        await _desk.Act(refused, "refuse", new { reason = "Rupture chez le fournisseur" }, 1).Expect(200);
        var ended = await _desk.Seen(refused);
        Assert.Equal(("refused", "Rupture chez le fournisseur", false), (ended.Text("state"), ended.Text("reason"), ended.TryGetProperty("pickupCode", out _)));
    }

    // ---- Who waits ----

    [Fact]
    public async Task Somebody_waits_for_boxes_once_for_each_address_and_no_longer_when_he_says_so()
    {
        var id = await _desk.ByDay(boxes: 0);
        var (path, body) = ($"/api/v1/pharmacies/{id}/products/{Ibuprofen}/waiting", new { email = "zoe@example.org", quantity = 2, consent = true });
        using var first = await _desk.Send(HttpMethod.Post, path, null, body, "w");
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        var waiter = (await first.Content.ReadFromJsonAsync<JsonElement>()).Text("id");
        using var again = await _desk.Send(HttpMethod.Post, path, null, body, "w");
        Assert.Equal((HttpStatusCode.Created, await first.Content.ReadAsStringAsync(), true), (again.StatusCode, await again.Content.ReadAsStringAsync(), again.Headers.Contains("Idempotency-Replayed")));
        await _desk.Send(HttpMethod.Post, path.Replace(Ibuprofen, Spedifen, StringComparison.Ordinal), null, body, "w").Refuse(422, "key-reused");
        await Answers.RefusedInBoth(language => _desk.Send(HttpMethod.Post, path, null, body with { email = "ZOE@example.org" }, language: language), 409, "already-waiting");
        await _desk.Send(HttpMethod.Post, path.Replace(Ibuprofen, Spedifen, StringComparison.Ordinal), null, body).Expect(201);

        await _desk.Send(HttpMethod.Post, path, null, body with { consent = false }).Refuse(422, "consent");
        await _desk.Send(HttpMethod.Post, path, null, body with { quantity = 0 }).Refuse(400, "invalid-request", "$.quantity");
        await _desk.Send(HttpMethod.Post, path, null, body with { email = "x" }).Refuse(400, "invalid-request", "$.email");
        await _desk.Send(HttpMethod.Post, path.Replace(Ibuprofen, "3400930000007", StringComparison.Ordinal), null, body).Refuse(404, "unknown-product");
        await _desk.Send(HttpMethod.Post, path.Replace(Ibuprofen, "x", StringComparison.Ordinal), null, body).Refuse(404, "unknown-product");
        await _desk.Send(HttpMethod.Post, path.Replace(id, "750020928", StringComparison.Ordinal), null, body).Refuse(404, "unknown-pharmacy");

        foreach (var status in (HttpStatusCode[])[HttpStatusCode.NoContent, HttpStatusCode.NotFound])
        {
            using var left = await _desk.Send(HttpMethod.Delete, $"/api/v1/pharmacies/{id}/waiting/{waiter}", null);
            Assert.Equal(status, left.StatusCode);
        }
        await _desk.Send(HttpMethod.Post, path, null, body).Expect(201);
    }

    // Brings an order to a state; the version that it has then.
    private async Task<long> Bring(Taken order, string state)
    {
        if (state == "submitted")
            return 1;
        if (state != "proposed")
            return (await _desk.Through(order, 1, state == "ready" ? ["accept", "ready"] : ["accept"])).GetProperty("seq").GetInt64();
        await _desk.Through(order, 1, "accept");
        return (await _desk.Act(order, "propose", new { lines = new[] { new { cip13 = Suppository, quantity = 1 } } }, 2).Expect(200)).GetProperty("seq").GetInt64();
    }
}
