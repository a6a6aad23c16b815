using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using NodaTime;
using Realtime.Tests.Identity;

namespace Realtime.Tests.Counter;

/// <summary>What staff change, over real HTTP.</summary>
[Collection(nameof(CounterHost))]
public sealed class CounterTests(CounterHost counter)
{
    private static readonly object Page = new
    {
        phone = "01 99 00 12 34",
        services = new[] { "vaccination", "parking", "parking" },
        news = new[] { new { text = "Vaccins arrivés", at = "2026-11-20T09:00:00+01:00", until = (string?)"2090-01-01T00:00:00Z" }, new { text = "Passé", at = "2020-01-01T00:00:00Z", until = (string?)"2020-02-01T00:00:00Z" } },
        modules = new { clickAndCollect = true, advice = true },
        mentions = new { legalName = "SELARL du Test", siret = "73282932000074" },
    };

    private Instant Now => counter.Host.Time.Now;

    [Fact]
    public async Task Who_sets_hours_sees_them_at_once_and_the_answer_carries_the_new_version()
    {
        var id = counter.NextPharmacy();
        using var answer = await counter.Change(HttpMethod.Put, id, "hours", new { hours = "24/7; PH open" }, 0);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(("\"1\"", "no-store"), (answer.Headers.ETag?.Tag, answer.Headers.CacheControl?.ToString()));
        Assert.Equal("""{"seq":1}""", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.Headers.Contains("Idempotency-Replayed"));
        var page = await counter.Page(id);
        Assert.Equal((1L, "24/7; PH open", "pharmacy", "open"), (page.GetProperty("seq").GetInt64(), page.GetProperty("hours").GetString(), page.GetProperty("hoursSource").GetString(), page.GetProperty("status").GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_closure_is_declared_with_the_neighbour_who_takes_over_and_taken_back()
    {
        var id = counter.NextPharmacy();
        var (start, end) = (Text(Now - Duration.FromHours(1)), Text(Now + Duration.FromHours(1)));
        await counter.Change(HttpMethod.Put, id, "hours", new { hours = "24/7; PH open" }, 0).Expect(200);

        var closure = await counter.Change(HttpMethod.Post, id, "closures", new { start, end, reason = "inventaire", reliefPharmacy = "990000010" }, 1).Expect(201);

        Assert.Equal(("c2", "inventaire", "990000010", 2L), (Member(closure, "id"), Member(closure, "reason"), Member(closure, "reliefPharmacy"), closure.GetProperty("seq").GetInt64()));
        var page = await counter.Page(id);
        Assert.Equal(("closed", "inventaire"), (Member(page.GetProperty("status"), "state"), Member(page.GetProperty("status"), "reason")));
        var shown = Assert.Single(page.GetProperty("closures").EnumerateArray());
        Assert.Equal("c2", Member(shown, "id"));
        await AssertRelief(page, shown, "990000010");

        await counter.Change(HttpMethod.Delete, id, "closures/c9", null, 2).Refuse(404, "unknown-closure");
        await counter.Change(HttpMethod.Delete, id, "closures/c2", null, 2).Expect(200);
        page = await counter.Page(id);
        Assert.Equal(("open", 0), (Member(page.GetProperty("status"), "state"), page.GetProperty("closures").GetArrayLength()));
    }

    [Fact]
    public async Task Each_kind_of_exception_is_declared_shown_explained_by_the_schedule_and_taken_back()
    {
        var id = counter.NextPharmacy();
        var holiday = (await counter.Client.Send(HttpMethod.Get, $"/api/v1/counter/{id}/holidays", await counter.Token($"staff:{id}")).Expect(200)).GetProperty("items").EnumerateArray().Last();
        var (date, name) = (Member(holiday, "date"), Member(holiday, "name"));
        var away = Text(Now + Duration.FromDays(3))[..10];
        await counter.Change(HttpMethod.Put, id, "hours", new { hours = "off; PH off" }, 0).Expect(200);

        var opening = await counter.Change(HttpMethod.Post, id, "exceptions", new { kind = "opening", start = Text(Now - Duration.FromHours(1)), end = Text(Now + Duration.FromHours(1)), reason = "renfort" }, 1).Expect(201);
        Assert.Equal(("e2", "opening", "renfort", 2L), (Member(opening.GetProperty("exception"), "id"), Member(opening.GetProperty("exception"), "kind"), Member(opening.GetProperty("exception"), "reason"), opening.GetProperty("seq").GetInt64()));
        await counter.Change(HttpMethod.Post, id, "exceptions", new { kind = "holiday", date, hours = "09:00-12:30" }, 2).Expect(201);
        await counter.Change(HttpMethod.Post, id, "exceptions", new { kind = "vacation", from = away, to = away, reason = "fêtes", reliefPharmacy = "990000010" }, 3).Expect(201);

        var page = await counter.Page(id);
        Assert.Equal(("open", "ouverture exceptionnelle : renfort"), (Member(page.GetProperty("status"), "state"), Member(page.GetProperty("status"), "reason")));
        var exceptions = page.GetProperty("exceptions").EnumerateArray().ToDictionary(e => Member(e, "kind")!);
        Assert.Equal((date, name, "09:00-12:30"), (Member(exceptions["holiday"], "date"), Member(exceptions["holiday"], "name"), Member(exceptions["holiday"], "hours")));
        Assert.Equal((away, away, "fêtes"), (Member(exceptions["vacation"], "from"), Member(exceptions["vacation"], "to"), Member(exceptions["vacation"], "reason")));
        await AssertRelief(page, exceptions["vacation"], "990000010");
        var schedule = await counter.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{id}/schedule?from={date}T00:00:00%2B01:00&to={date}T23:00:00%2B01:00");
        Assert.Contains($"jour férié travaillé : {name}", schedule.GetProperty("intervals").EnumerateArray().Select(i => Member(i, "reason")));

        await counter.Change(HttpMethod.Delete, id, "exceptions/e1", null, 4).Refuse(404, "unknown-exception");
        await counter.Change(HttpMethod.Delete, id, "exceptions/e2", null, 4).Expect(200);
        page = await counter.Page(id);
        Assert.Equal(("closed", 2), (Member(page.GetProperty("status"), "state"), page.GetProperty("exceptions").GetArrayLength()));
    }

    [Fact]
    public async Task A_page_is_written_as_a_whole_and_shown_as_it_was_written()
    {
        var id = counter.NextPharmacy();
        await counter.Change(HttpMethod.Put, id, "page", Page, 0).Expect(200);

        var page = await counter.Page(id);

        Assert.Equal("01 99 00 12 34", Member(page, "phone"));
        Assert.Equal(["parking", "vaccination"], page.GetProperty("services").EnumerateArray().Select(s => s.GetString()!));
        var news = Assert.Single(page.GetProperty("news").EnumerateArray());
        Assert.Equal(("Vaccins arrivés", "2026-11-20T09:00:00+01:00", "2090-01-01T01:00:00+01:00"), (Member(news, "text"), Member(news, "at"), Member(news, "until")));
        Assert.Equal("""{"clickAndCollect":true,"questions":false,"confirmation":false,"onCallOrders":false,"appointments":false,"advice":true,"doseAlert":false}""", page.GetProperty("modules").GetRawText());
        Assert.Equal((id, "SELARL du Test", "73282932000074"), (Member(page.GetProperty("mentions"), "finess"), Member(page.GetProperty("mentions"), "legalName"), Member(page.GetProperty("mentions"), "siret")));
        Assert.False(page.GetProperty("mentions").TryGetProperty("vat", out _));
        Assert.True(page.GetProperty("clickAndCollect").GetBoolean());

        // What is shown can be written back, and mentions that are not named stay.
        await counter.Change(HttpMethod.Put, id, "page", new { phone = (string?)null, services = page.GetProperty("services"), news = page.GetProperty("news"), modules = new { } }, 1).Expect(200);
        var again = await counter.Page(id);
        Assert.Equal((JsonValueKind.Null, "SELARL du Test", false), (again.GetProperty("phone").ValueKind, Member(again.GetProperty("mentions"), "legalName"), again.GetProperty("clickAndCollect").GetBoolean()));
        Assert.Equal(page.GetProperty("news").GetRawText(), again.GetProperty("news").GetRawText());
    }

    [Fact]
    public async Task A_pause_is_a_fact_that_patients_see_and_it_ends_by_itself_or_by_hand()
    {
        var id = counter.NextPharmacy();
        Assert.True((await counter.Page(id)).GetProperty("clickAndCollect").GetBoolean());

        var answer = await counter.Change(HttpMethod.Post, id, "pause", new { reason = "trop de monde" }, 0).Expect(200);
        var page = await counter.Page(id);
        Assert.Equal(answer.GetProperty("paused").GetRawText(), page.GetProperty("paused").GetRawText());
        Assert.Equal(("trop de monde", false, false), (Member(page.GetProperty("paused"), "reason"), page.GetProperty("paused").TryGetProperty("until", out _), page.GetProperty("clickAndCollect").GetBoolean()));

        await counter.Change(HttpMethod.Post, id, "resume", null, 1).Expect(200);
        page = await counter.Page(id);
        Assert.Equal((false, true), (page.TryGetProperty("paused", out _), page.GetProperty("clickAndCollect").GetBoolean()));
        await counter.Change(HttpMethod.Post, id, "resume", null, 2).Refuse(409, "not-paused");

        var until = Instant.FromUnixTimeMilliseconds((Now + Duration.FromSeconds(2)).ToUnixTimeMilliseconds());
        await counter.Change(HttpMethod.Post, id, "pause", new { reason = "livraison", until = Text(until) }, 2).Expect(200);
        Assert.True((await counter.Page(id)).TryGetProperty("paused", out _));
        while (Now < until + Duration.FromMilliseconds(500))
            await Task.Delay(50);
        page = await counter.Page(id);
        Assert.Equal((false, true), (page.TryGetProperty("paused", out _), page.GetProperty("clickAndCollect").GetBoolean()));
        // A transition without a row: the version's second part says so.
        var nearest = await counter.Client.GetFromJsonAsync<JsonElement>(FormattableString.Invariant($"/api/v1/pharmacies/nearest?lat={page.GetProperty("lat").GetDouble()}&lon={page.GetProperty("lon").GetDouble()}&status=any&k=1"));
        Assert.Equal((id, until.ToDateTimeOffset()), (Member(nearest.GetProperty("items")[0], "id"), nearest.GetProperty("items")[0].GetProperty("version").GetProperty("since").GetDateTimeOffset()));
    }

    [Fact]
    public async Task A_known_key_is_answered_as_the_first_time_byte_for_byte_before_If_Match_is_compared()
    {
        var id = counter.NextPharmacy();
        var body = new { start = Text(Now), end = Text(Now + Duration.FromDays(1)), reason = "travaux" };
        using var first = await counter.Change(HttpMethod.Post, id, "closures", body, 0, "key-1");
        await counter.Change(HttpMethod.Post, id, "pause", new { reason = "travaux" }, 1).Expect(200);

        foreach (var seq in (long[])[0, 2, 77])
        {
            using var again = await counter.Change(HttpMethod.Post, id, "closures", body, seq, "key-1");
            Assert.Equal((first.StatusCode, first.Headers.ETag), (again.StatusCode, again.Headers.ETag));
            Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await again.Content.ReadAsByteArrayAsync());
            Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
        }
        await counter.Change(HttpMethod.Post, id, "closures", body with { reason = "inventaire" }, 2, "key-1").Refuse(422, "key-reused");
        await counter.Change(HttpMethod.Post, id, "pause", new { reason = "travaux" }, 2, "key-1").Refuse(422, "key-reused");
        Assert.Equal(2, (await counter.Page(id)).GetProperty("seq").GetInt64());
        // Keys are each pharmacy's own.
        await counter.Change(HttpMethod.Post, counter.NextPharmacy(), "pause", new { reason = "travaux" }, 0, "key-1").Expect(200);
    }

    [Fact]
    public async Task Only_success_is_remembered()
    {
        var id = counter.NextPharmacy();
        await counter.Change(HttpMethod.Put, id, "hours", new { hours = "24/7" }, 3, "k").Refuse(412, "stale");
        await counter.Change(HttpMethod.Put, id, "hours", new { hours = "24/8" }, 0, "k").Refuse(400, "invalid-hours");

        using var answer = await counter.Change(HttpMethod.Put, id, "hours", new { hours = "24/7" }, 0, "k");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Idempotency-Replayed"));
    }

    [Fact]
    public async Task The_same_key_sent_by_many_at_once_makes_one_change()
    {
        var id = counter.NextPharmacy();
        await counter.Token($"staff:{id}");

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => counter.Change(HttpMethod.Post, id, "pause", new { reason = "travaux" }, 0, "k")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(9, answers.Count(answer => answer.Headers.Contains("Idempotency-Replayed")));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct(StringComparer.Ordinal));
        Assert.Equal(1, (await counter.Page(id)).GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task Of_two_who_read_the_same_version_one_is_told_which_it_is_now()
    {
        var id = counter.NextPharmacy();
        await counter.Change(HttpMethod.Put, id, "hours", new { hours = "24/7" }, 0).Expect(200);

        var problem = await counter.Change(HttpMethod.Put, id, "hours", new { hours = "off" }, 0).Refuse(412, "stale");

        Assert.Equal(1, problem.GetProperty("seq").GetInt64());
        Assert.Equal("24/7", Member(await counter.Page(id), "hours"));
    }

    [Fact]
    public async Task A_change_without_a_version_or_with_a_wrong_one_or_a_wrong_key_is_refused()
    {
        var id = counter.NextPharmacy();
        await counter.Change(HttpMethod.Put, id, "hours", new { hours = "24/7" }, null).Refuse(428, "precondition-required");
        foreach (var tag in (string[])["1", "\"\"", "\"a\"", "W/\"0\"", "\"0\",\"1\"", "*", "\"-1\"", "\"99999999999999999999\"", "\" 0\""])
            await Raw(id, "If-Match", tag).Refuse(400, "invalid-request", "If-Match");
        foreach (var key in (string[])["a b", "", new('k', 256)])
            await Raw(id, "Idempotency-Key", key, "\"0\"").Refuse(400, "invalid-request", "Idempotency-Key");
        Assert.Equal(0, (await counter.Page(id)).GetProperty("seq").GetInt64());
        await Raw(id, "Idempotency-Key", new string('~', 255), "\"0\"").Expect(200);

        async Task<HttpResponseMessage> Raw(string id, string header, string value, string? match = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/counter/{id}/hours") { Content = JsonContent.Create(new { hours = "24/7" }) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await counter.Token($"staff:{id}"));
            if (match is not null)
                request.Headers.TryAddWithoutValidation("If-Match", match);
            request.Headers.TryAddWithoutValidation(header, value);
            return await counter.Client.SendAsync(request);
        }
    }

    [Theory]
    [InlineData("PUT", "hours", """{}""", "$.hours")]
    [InlineData("PUT", "hours", """{"hours":"24/7","x":1}""", "$.x")]
    [InlineData("PUT", "hours", """{"hours":7}""", "$.hours")]
    [InlineData("PUT", "hours", """{"hours":"\ud800"}""", "$.hours")]
    [InlineData("PUT", "hours", "", "$")]
    [InlineData("POST", "closures", """{"start":"2026-11-23","end":"2090-01-01T00:00:00Z","reason":"r"}""", "$.start")]
    [InlineData("POST", "closures", """{"start":"2089-12-31T00:00:00Z","end":"2089-12-30T00:00:00Z","reason":"r"}""", "$.end")]
    [InlineData("POST", "closures", """{"start":"2020-01-01T00:00:00Z","end":"2020-01-02T00:00:00Z","reason":"r"}""", "$.end")]
    [InlineData("POST", "closures", """{"start":"2089-12-31T00:00:00Z","end":"2090-01-01T00:00:00Z","reason":" "}""", "$.reason")]
    [InlineData("POST", "closures", """{"start":"2089-12-31T00:00:00Z","end":"2090-01-01T00:00:00Z","reason":"a\u0000b"}""", "$.reason")]
    [InlineData("POST", "closures", """{"start":"2089-12-31T00:00:00Z","end":"2090-01-01T00:00:00Z","reason":"a\u202eb"}""", "$.reason")]
    [InlineData("POST", "closures", """{"start":"2089-12-31T00:00:00Z","end":"2090-01-01T00:00:00Z","reason":null}""", "$.reason")]
    [InlineData("POST", "closures", """{"start":"2089-12-31T00:00:00Z","end":"2090-01-01T00:00:00Z","reason":"r","reliefPharmacy":"750020928"}""", "$.reliefPharmacy")]
    [InlineData("POST", "closures", """{"start":"2089-12-31T00:00:00Z","end":"2090-01-01T00:00:00Z","reason":"r","reliefPharmacy":"ID"}""", "$.reliefPharmacy")]
    [InlineData("POST", "exceptions", """{"kind":"strike","reason":"r"}""", "$.kind")]
    [InlineData("POST", "exceptions", """{"reason":"r"}""", "$.kind")]
    [InlineData("POST", "exceptions", """{"kind":"opening","start":"2089-12-31T00:00:00Z","end":"2089-12-31T01:00:00Z"}""", "$.reason")]
    [InlineData("POST", "exceptions", """{"kind":"opening","end":"2089-12-31T01:00:00Z","reason":"r"}""", "$.start")]
    [InlineData("POST", "exceptions", """{"kind":"opening","start":"2089-12-31T00:00:00Z","end":"2089-12-31T00:00:00Z","reason":"r"}""", "$.end")]
    [InlineData("POST", "exceptions", """{"kind":"opening","start":"2089-12-31T00:00:00Z","end":"2089-12-31T01:00:00Z","reason":"r","date":"2089-12-25"}""", "$.date")]
    [InlineData("POST", "exceptions", """{"kind":"opening","start":"2089-12-31T00:00:00Z","end":"2089-12-31T01:00:00Z","reason":"a\u202eb"}""", "$.reason")]
    [InlineData("POST", "exceptions", """{"kind":"holiday","date":"2027-02-29","hours":"off"}""", "$.date")]
    [InlineData("POST", "exceptions", """{"kind":"holiday","date":"9999-12-25","hours":"off"}""", "$.date")]
    [InlineData("POST", "exceptions", """{"kind":"holiday","date":"2026-12-25"}""", "$.hours")]
    [InlineData("POST", "exceptions", """{"kind":"holiday","date":"2026-12-25","hours":"off","reason":"r"}""", "$.reason")]
    [InlineData("POST", "exceptions", """{"kind":"vacation","from":"9999-12-31","to":"9999-12-31","reason":"r"}""", "$.to")]
    [InlineData("POST", "exceptions", """{"kind":"vacation","from":"2020-01-01","to":"2020-01-02","reason":"r"}""", "$.to")]
    [InlineData("POST", "exceptions", """{"kind":"vacation","from":"tomorrow","to":"2089-01-02","reason":"r"}""", "$.from")]
    [InlineData("POST", "exceptions", """{"kind":"vacation","from":"2089-01-01","to":"2089-01-02","reason":"r","reliefPharmacy":"750020928"}""", "$.reliefPharmacy")]
    [InlineData("POST", "pause", """{"reason":"r","until":"2020-01-01T00:00:00Z"}""", "$.until")]
    [InlineData("POST", "pause", """{"reason":""}""", "$.reason")]
    [InlineData("PUT", "page", """{"phone":"call me","services":[],"news":[],"modules":{}}""", "$.phone")]
    [InlineData("PUT", "page", """{"phone":null,"services":["nails"],"news":[],"modules":{}}""", "$.services[0]")]
    [InlineData("PUT", "page", """{"phone":null,"services":[null],"news":[],"modules":{}}""", "$.services[0]")]
    [InlineData("PUT", "page", """{"phone":null,"services":[],"news":[null],"modules":{}}""", "$.news[0]")]
    [InlineData("PUT", "page", """{"phone":null,"services":[],"news":[{"text":"a\nb"}],"modules":{}}""", "$.news[0].text")]
    [InlineData("PUT", "page", """{"phone":null,"services":[],"news":[{"text":"a","at":"2026-01-02T00:00:00Z","until":"2026-01-01T00:00:00Z"}],"modules":{}}""", "$.news[0].until")]
    [InlineData("PUT", "page", """{"phone":null,"services":[],"news":[],"modules":{"drones":true}}""", "$.modules.drones")]
    [InlineData("PUT", "page", """{"phone":null,"services":[],"news":[],"modules":{"advice":1}}""", "$.modules.advice")]
    [InlineData("PUT", "page", """{"phone":null,"services":[],"news":[],"modules":{},"mentions":{"legalName":""}}""", "$.mentions.legalName")]
    [InlineData("PUT", "page", """{"phone":null,"services":[],"news":[],"modules":{},"mentions":{"finess":"1"}}""", "$.mentions.finess")]
    public async Task A_body_that_is_wrong_is_a_400_that_names_the_culprit_and_changes_nothing(string method, string act, string body, string culprit)
    {
        var id = counter.NextPharmacy();

        await counter.Change(new HttpMethod(method), id, act, body.Replace("ID", id, StringComparison.Ordinal), 0, "k").Refuse(400, "invalid-request", culprit);

        Assert.Equal(0, (await counter.Page(id)).GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task Texts_have_their_bounds()
    {
        var id = counter.NextPharmacy();
        await counter.Change(HttpMethod.Post, id, "pause", new { reason = new string('é', 201) }, 0).Refuse(400, "invalid-request", "$.reason");
        await counter.Change(HttpMethod.Post, id, "pause", new { reason = new string('é', 200) }, 0).Expect(200);
        await counter.Change(HttpMethod.Put, id, "page", Of(news: 11, letters: 1), 1).Refuse(400, "invalid-request", "$.news");
        await counter.Change(HttpMethod.Put, id, "page", Of(news: 1, letters: 501), 1).Refuse(400, "invalid-request", "$.news[0].text");
        await counter.Change(HttpMethod.Put, id, "hours", new { hours = new string(' ', 5_000) }, 1).Refuse(400, "invalid-hours");
        // The longest page that may be written still fits a row of the journal.
        await counter.Change(HttpMethod.Put, id, "page", Of(news: 10, letters: 500), 1).Expect(200);

        static object Of(int news, int letters) => new
        {
            phone = new string('0', 30),
            services = Array.Empty<string>(),
            news = Enumerable.Repeat(new { text = new string('漢', letters) }, news).ToArray(),
            modules = new { },
            mentions = new Dictionary<string, string>(new[] { "legalName", "pharmacists", "rpps", "licence", "email", "host", "ars", "ansm", "vat", "ape", "rcs", "capital", "siret" }.Select(name => KeyValuePair.Create(name, new string('漢', 200)))),
        };
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("staff:990000028", 403)]
    [InlineData("lgo:ID", 403)]
    [InlineData("operator", 403)]
    [InlineData("planner:75", 403)]
    [InlineData("staff:ID", 200)]
    [InlineData("preparer:ID", 200)]
    public async Task Only_staff_of_that_very_pharmacy_may_change_it(string? scope, int status)
    {
        var id = counter.NextPharmacy();
        var token = scope is null ? null : await counter.Token(scope.Replace("ID", id, StringComparison.Ordinal));
        var acts = new (HttpMethod Method, string Act, object? Body)[]
        {
            (HttpMethod.Put, "hours", new { hours = "24/7" }),
            (HttpMethod.Put, "page", Page),
            (HttpMethod.Post, "pause", new { reason = "r" }),
            (HttpMethod.Post, "resume", null),
            (HttpMethod.Post, "closures", new { start = Text(Now), end = Text(Now + Duration.FromDays(1)), reason = "r" }),
            (HttpMethod.Delete, "closures/c5", null),
            (HttpMethod.Post, "exceptions", new { kind = "opening", start = Text(Now), end = Text(Now + Duration.FromDays(1)), reason = "r" }),
            (HttpMethod.Delete, "exceptions/e7", null),
        };
        for (var i = 0; i < acts.Length; i++)
            await counter.Client.Change(token, acts[i].Method, id, acts[i].Act, acts[i].Body, i).Expect(status == 200 && acts[i].Act is "closures" or "exceptions" ? 201 : status);

        Assert.Equal(status == 200 ? acts.Length : 0, (await counter.Page(id)).GetProperty("seq").GetInt64());
    }

    [Fact]
    public async Task A_pharmacy_that_nobody_knows_is_a_404_also_to_its_staff() =>
        await counter.Change(HttpMethod.Put, "750020927", "hours", new { hours = "24/7" }, 0).Refuse(404, "unknown-pharmacy");

    // Who takes over, and how far that is.
    private async Task AssertRelief(JsonElement page, JsonElement shown, string relief)
    {
        var (there, item) = (await counter.Page(relief), shown.GetProperty("relief"));
        Assert.Equal((relief, relief, Member(there, "name"), Member(there, "phone")), (Member(shown, "reliefPharmacy"), Member(item, "id"), Member(item, "name"), Member(item, "phone")));
        var meters = Realtime.Nearest.GreatCircle.DistanceMeters(PositionOf(page), PositionOf(there));
        Assert.Equal((int)Math.Round(meters), item.GetProperty("distance").GetInt32());
    }

    private static Realtime.Nearest.Position PositionOf(JsonElement page) => new(page.GetProperty("lat").GetDouble(), page.GetProperty("lon").GetDouble());

    private static string Text(Instant instant) => instant.ToString("uuuu-MM-dd'T'HH:mm:ss.fff'Z'", null);

    private static string? Member(JsonElement json, string name) => json.GetProperty(name).GetString();
}
