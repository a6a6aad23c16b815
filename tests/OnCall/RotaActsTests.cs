using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;
using NodaTime;
using Realtime.Tests.Counter;
using Realtime.Tests.Orders;

namespace Realtime.Tests.OnCall;

/// <summary>What planners do over the API, and what the public then sees, each in a week of its own.</summary>
public sealed class RotaActsTests : IClassFixture<RotaWeeks>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly RotaWeeks _weeks;
    private readonly LocalDate _monday;
    private readonly RotaDesk _desk;

    public RotaActsTests(RotaWeeks weeks)
    {
        _weeks = weeks;
        _monday = weeks.NextMonday();
        // Tokens do not outlive a week.
        _desk = new(weeks.Host.Client);
    }

    private string Sector => $"W-{_monday:MMdd}";

    // ---- In sight ----

    [Fact]
    public async Task A_duty_comes_into_sight_at_the_very_second_and_is_a_greater_version()
    {
        var id = _weeks.NextPharmacies(1)[0];
        await _desk.Hours(id, "Mo 09:00-19:00; PH off");
        await _desk.Sector(Sector, [id], horizonDays: 2);
        await _desk.Rota(Sector, RotaDesk.Night(id, _monday.PlusDays(3)));
        var sight = InParis(1, 20);
        _weeks.Host.Time.Set(sight - Duration.FromMinutes(1));
        await Until(() => Page(id), page => page.GetProperty("status").Text("state") == "closed");
        _weeks.Host.Time.Set(sight - Duration.FromMilliseconds(1_500));
        await using var ear = await Listen();
        var before = (await ear.Phone.InvokeAsync<JsonElement>("WatchPharmacy", id)).GetProperty("state");
        Assert.Equal(("closed", InParis(7, 9)), (before.GetProperty("status").Text("state"), before.GetProperty("status").Moment("until")));

        // A clock that was set may have the node say once more what it had said.
        var changed = await ear.Next(message => message.Text("id") == id && message.GetProperty("status").Moment("until") != InParis(7, 9));

        Assert.Equal(("closed", InParis(3, 20)), (changed.GetProperty("status").Text("state"), changed.GetProperty("status").Moment("until")));
        Assert.Equal(sight, changed.GetProperty("version").Moment("since"));
        Assert.True(before.GetProperty("version").Moment("since") < sight);
        Assert.InRange(changed.Moment("at") - sight, Duration.Zero, Duration.FromSeconds(3));
        Assert.Single(await _desk.OnCall(id, _monday, 6));
    }

    [Fact]
    public async Task Two_whose_duties_are_exchanged_change_in_one_tick_and_so_does_what_is_nearest()
    {
        var ids = _weeks.NextPharmacies(2);
        foreach (var id in ids)
            await _desk.Hours(id);
        await _desk.Sector(Sector, ids);
        await _desk.Rota(Sector, RotaDesk.Night(ids[0], _monday), RotaDesk.Night(ids[1], _monday.PlusDays(1)));
        var swap = (await _desk.Call(HttpMethod.Post, "swaps", new { give = RotaDesk.KeyOf(Sector, ids[0], _monday), take = RotaDesk.KeyOf(Sector, ids[1], _monday.PlusDays(1)) }, $"titulaire:{ids[0]}").Expect(201)).GetProperty("swap").Text("id");
        await _desk.Call(HttpMethod.Post, $"swaps/{swap}/accept", null, $"titulaire:{ids[1]}").Expect(200);
        await using var ear = await Listen();
        var page = await Page(ids[0]);
        foreach (var id in ids)
            await ear.Phone.InvokeAsync<JsonElement>("WatchPharmacy", id);
        await ear.Phone.InvokeAsync<JsonElement>("WatchNearest", page.GetProperty("lat").GetDouble(), page.GetProperty("lon").GetDouble(), 3);

        await _desk.Call(HttpMethod.Post, $"swaps/{swap}/confirm").Expect(200);

        var at = Assert.Single((await ear.All(ids)).Select(message => message.Text("at")).Distinct());
        Assert.Equal(at, (await ear.NextNearest()).Text("asOf"));
        await Shows(ids[0], Night(1));
        await Shows(ids[1], Night(0));
    }

    // ---- Measures ----

    [Fact]
    public async Task A_closure_of_the_department_shuts_every_pharmacy_there_and_nobody_else_until_it_is_ended()
    {
        string[] paris = ["990000010", .. RotaDesk.Pharmacies(560, 4)];
        var lyon = (await _desk.Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=45.76&lon=4.84&k=5")).GetProperty("items").EnumerateArray().First().Text("id")!;
        await _desk.Hours(paris[1], "24/7");
        await Until(() => Page(paris[1]), page => page.GetProperty("status").Text("state") == "open");

        var closure = await _desk.Call(HttpMethod.Post, "departments/75/measures", new { kind = "closure", start = RotaDesk.At(_monday, 9), end = RotaDesk.At(_monday.PlusDays(2), 9), reason = "Inondation" }).Expect(201);

        foreach (var id in paris)
            await Until(() => Page(id), page => page.GetProperty("status") is var status && status.Text("state") == "closed" && status.TryGetProperty("reason", out var reason) && reason.GetString() == "Inondation");
        Assert.NotEqual("closed", (await Page(lyon)).GetProperty("status").Text("state"));
        Assert.DoesNotContain("75", (await _desk.Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=48.8566&lon=2.3522&k=50")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("address").Text("postcode")![..2]));

        await _desk.Call(HttpMethod.Delete, $"departments/75/measures/{closure.Text("id")}").Expect(200);
        await Until(() => Page(paris[1]), page => page.GetProperty("status").Text("state") == "open");
        await _desk.Call(HttpMethod.Delete, $"departments/75/measures/{closure.Text("id")}").Refuse(404, "unknown-measure");
    }

    [Fact]
    public async Task A_strike_lifts_duty_an_exemption_lifts_one_pharmacys_and_a_requisition_orders_it_again()
    {
        var ids = _weeks.NextPharmacies(3);
        foreach (var id in ids)
            await _desk.Hours(id);
        await _desk.Sector(Sector, ids);
        await _desk.Rota(Sector, RotaDesk.Night(ids[0], _monday), RotaDesk.Night(ids[1], _monday.PlusDays(1)), RotaDesk.Night(ids[0], _monday.PlusDays(2)));

        await Measure(new { kind = "exemption", start = RotaDesk.At(_monday.PlusDays(2), 0), end = RotaDesk.At(_monday.PlusDays(4), 0), reason = "Maladie", pharmacies = new[] { ids[0] } });
        await Shows(ids[0], Night(0));
        await Measure(new { kind = "strike", start = RotaDesk.At(_monday, 22), end = RotaDesk.At(_monday.PlusDays(5), 0), reason = "Grève", sector = Sector });
        await Shows(ids[0], $"{Local(0, 20)}/{Local(0, 22)}");
        await Shows(ids[1]);
        await Measure(new { kind = "requisition", start = RotaDesk.At(_monday.PlusDays(1), 20), end = RotaDesk.At(_monday.PlusDays(2), 8), reason = "Grève", pharmacies = new[] { ids[2] }, sector = Sector, reference = "2026-117", duty = "night", access = "bell" });
        await Shows(ids[2], Night(1));

        await _desk.Call(HttpMethod.Post, "departments/75/measures", new { kind = "requisition", start = RotaDesk.At(_monday.PlusDays(1), 20), end = RotaDesk.At(_monday.PlusDays(2), 8), reason = "Grève", pharmacies = new[] { ids[2] }, sector = Sector, duty = "night", access = "bell" })
            .Refuse(400, "invalid-request", "$.reference");
        await _desk.Call(HttpMethod.Post, "departments/75/measures", new { kind = "strike", start = RotaDesk.At(_monday, 22), end = RotaDesk.At(_monday.PlusDays(5), 0), reason = "Grève", sector = "nowhere" }).Refuse(404, "unknown-sector");

        Task Measure(object body) => _desk.Call(HttpMethod.Post, "departments/75/measures", body).Expect(201);
    }

    [Fact]
    public async Task A_requisition_orders_only_what_its_sector_organises()
    {
        var ids = _weeks.NextPharmacies(2);
        await _desk.Sector(Sector, ids);

        await _desk.Call(HttpMethod.Post, "departments/75/measures", new { kind = "requisition", start = RotaDesk.At(_monday.PlusDays(1), 20), end = RotaDesk.At(_monday.PlusDays(2), 8), reason = "Grève", pharmacies = new[] { ids[0] }, sector = Sector, reference = "r", duty = "day", access = "bell" })
            .Refuse(400, "invalid-request", "$.duty");
    }

    [Fact]
    public async Task Somebody_on_the_seeds_duty_gives_way_to_a_sector_and_everybody_who_watches_learns_it()
    {
        var (id, other) = (await OnSeedsDuty(), _weeks.NextPharmacies(1)[0]);
        await using var ear = await Listen();
        var before = (await ear.Phone.InvokeAsync<JsonElement>("WatchPharmacy", id)).GetProperty("state");
        Assert.Equal("onCall", before.GetProperty("status").Text("state"));

        await _desk.Sector(Sector, [id, other]);

        var changed = await ear.Next(message => message.Text("id") == id);
        Assert.Equal("closed", changed.GetProperty("status").Text("state"));
        Assert.True(changed.GetProperty("version").Moment("since") > before.GetProperty("version").Moment("since"), $"{before} {changed}");
    }

    // ---- Who may what, where ----

    [Fact]
    public async Task What_two_departments_run_is_not_exchanged_and_a_department_has_no_say_in_anothers_sector()
    {
        var ids = _weeks.NextPharmacies(2);
        var (ours, theirs) = ($"{Sector}-a", $"{Sector}-b");
        await _desk.Hours(ids[0]);
        await _desk.Sector(ours, ids);
        await _desk.Sector(theirs, ids, department: "92");
        await _desk.Rota(ours, RotaDesk.Night(ids[0], _monday));
        await _desk.Call(HttpMethod.Put, $"sectors/{theirs}/rota", new { periods = new[] { RotaDesk.Night(ids[1], _monday.PlusDays(1)) } }, "planner:92").Expect(200);

        var refused = await _desk.Call(HttpMethod.Post, "swaps", new { give = RotaDesk.KeyOf(ours, ids[0], _monday), take = RotaDesk.KeyOf(theirs, ids[1], _monday.PlusDays(1)) }, $"titulaire:{ids[0]}").Refuse(422, "other-department");
        Assert.NotEmpty(refused.Text("detail")!);
        await _desk.Call(HttpMethod.Put, $"sectors/{ours}", new { name = "x", department = "92", pharmacies = ids, kinds = new[] { new { kind = "night", disclosure = "public" } } }, "planner:92").Refuse(409, "sector-elsewhere");
        foreach (var (method, path) in new[] { (HttpMethod.Put, "rota"), (HttpMethod.Put, "draft") })
            await _desk.Call(method, $"sectors/{ours}/{path}", new { periods = Array.Empty<object>() }, "planner:92").Refuse(403, "forbidden");
        await _desk.Call(HttpMethod.Get, $"sectors/{ours}", null, "planner:92").Refuse(403, "forbidden");
        await _desk.Call(HttpMethod.Delete, $"sectors/{ours}/draft", null, "planner:92").Refuse(403, "forbidden");
        await Shows(ids[0], Night(0));
    }

    [Fact]
    public async Task Drafts_are_seen_by_nobody_and_published_all_at_once_or_not_at_all()
    {
        var ids = _weeks.NextPharmacies(2);
        var (one, other) = ($"{Sector}-a", $"{Sector}-b");
        foreach (var id in ids)
            await _desk.Hours(id);
        await _desk.Sector(one, ids[..1]);
        await _desk.Sector(other, ids[1..]);
        await using var ear = await Listen();
        foreach (var id in ids)
            await ear.Phone.InvokeAsync<JsonElement>("WatchPharmacy", id);
        var pages = await Task.WhenAll(ids.Select(id => _desk.Client.GetStringAsync($"/api/v1/pharmacies/{id}")));
        await _desk.Call(HttpMethod.Put, $"sectors/{one}/draft", new { periods = new[] { RotaDesk.Night(ids[0], _monday) } }).Expect(200);
        await _desk.Call(HttpMethod.Put, $"sectors/{other}/draft", new { periods = new[] { RotaDesk.Night(ids[1], _monday) } }).Expect(200);
        Assert.Equal(pages, await Task.WhenAll(ids.Select(id => _desk.Client.GetStringAsync($"/api/v1/pharmacies/{id}"))));
        Assert.Empty(await _desk.OnCall(ids[0], _monday, 6));

        await _desk.Call(HttpMethod.Post, "departments/75/publish", new { sectors = new[] { one, "none" } }).Refuse(409, "no-draft");
        Assert.Empty(await _desk.OnCall(ids[0], _monday, 6));
        await _desk.Call(HttpMethod.Post, "departments/75/publish", new { sectors = new[] { one, other } }).Expect(200);

        Assert.Single((await ear.All(ids)).Select(message => message.Text("at")).Distinct());
        await Shows(ids[0], Night(0));
        await Shows(ids[1], Night(0));
        await _desk.Call(HttpMethod.Post, "departments/75/publish", new { sectors = new[] { one } }).Refuse(409, "no-draft");
    }

    [Fact]
    public async Task A_key_that_comes_again_is_answered_as_the_first_time_and_with_another_request_refused()
    {
        var ids = _weeks.NextPharmacies(2);
        await _desk.Sector(Sector, ids);
        object Rota(int pharmacy) => new { periods = new[] { RotaDesk.Night(ids[pharmacy], _monday) } };
        var first = await _desk.Call(HttpMethod.Put, $"sectors/{Sector}/rota", Rota(0), key: "again").Expect(200);
        await _desk.Call(HttpMethod.Put, $"sectors/{Sector}/rota", Rota(1)).Expect(200);

        using var again = await _desk.Call(HttpMethod.Put, $"sectors/{Sector}/rota", Rota(0), key: "again");

        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(first.GetRawText(), await again.Content.ReadAsStringAsync());
        await _desk.Call(HttpMethod.Put, $"sectors/{Sector}/rota", Rota(1), key: "again").Refuse(422, "key-reused");
        await _desk.Call(HttpMethod.Put, $"sectors/{Sector}/draft", Rota(0), key: "again").Refuse(422, "key-reused");
        Assert.Empty(await _desk.OnCall(ids[0], _monday, 3));
        var measure = new { kind = "strike", start = RotaDesk.At(_monday, 20), end = RotaDesk.At(_monday, 22), reason = "Grève", sector = Sector };
        var taken = await _desk.Call(HttpMethod.Post, "departments/75/measures", measure, key: "measure").Expect(201);
        Assert.Equal(taken.GetRawText(), (await _desk.Call(HttpMethod.Post, "departments/75/measures", measure, key: "measure").Expect(201)).GetRawText());
    }

    [Fact]
    public async Task A_rota_that_cannot_be_kept_is_refused_by_what_is_wrong_with_it()
    {
        var ids = _weeks.NextPharmacies(1);
        await _desk.Sector(Sector, ids);
        // Each of these texts is as long as one may be, and there are not too many of them; together they are more than a row holds.
        object Long(int i, char letter) => RotaDesk.Night(ids[0], _monday.PlusDays(i), i < 59 ? $"{i:D2}{new string(letter, 298)}" : null);
        await _desk.Call(HttpMethod.Put, $"sectors/{Sector}/rota", new { periods = Enumerable.Range(0, 500).Select(i => Long(i, '€')) }).Refuse(400, "invalid-request", "$.periods");
        await _desk.Call(HttpMethod.Put, $"sectors/{Sector}/draft", new { periods = Enumerable.Range(0, 500).Select(i => Long(i, '€')) }).Refuse(400, "invalid-request", "$.periods");
        await _desk.Call(HttpMethod.Put, $"sectors/{Sector}/rota", new { periods = Enumerable.Range(0, 500).Select(i => Long(i, 'e')) }).Expect(200);
        await _desk.Call(HttpMethod.Put, $"sectors/{Sector}/rota", new { periods = new[] { RotaDesk.Night(ids[0], _monday) }, from = RotaDesk.At(_monday.PlusDays(1), 0) }).Refuse(400, "invalid-request", "$.periods[0].start");
        await _desk.Call(HttpMethod.Post, "departments/75/measures", new { kind = "strike", start = RotaDesk.At(_monday, 20), end = RotaDesk.At(_monday, 22), reason = "Grève", pharmacies = Enumerable.Repeat(ids[0], 501) }).Refuse(400, "invalid-request", "$.pharmacies");
    }

    // ---- Orders ----

    [Fact]
    public async Task Orders_are_off_during_public_duty_unless_the_pharmacy_enables_them_and_hidden_duty_changes_nothing()
    {
        var orders = new OrderDesk(_weeks.Host, first: 1_200);
        var (open, shut, hidden) = (await orders.ByDay(new { clickAndCollect = true, onCallOrders = true }), await orders.ByDay(), await orders.ByDay());
        await _desk.Sector(Sector, [open, shut]);
        await _desk.Sector($"{Sector}-h", [hidden], "hidden");
        await _desk.Rota(Sector, RotaDesk.Night(open, _monday), RotaDesk.Night(shut, _monday));
        await _desk.Rota($"{Sector}-h", RotaDesk.Night(hidden, _monday));
        await orders.Place(shut);

        _weeks.Host.Time.Set(InParis(0, 21));
        var page = await Until(() => Page(shut), page => page.GetProperty("status").Text("state") == "onCall");
        Assert.False(page.GetProperty("clickAndCollect").GetBoolean());
        await orders.Order(shut, orders.Asks()).Refuse(409, "click-and-collect-off");
        foreach (var id in new[] { open, hidden })
        {
            Assert.True((await Page(id)).GetProperty("clickAndCollect").GetBoolean());
            await orders.Place(id);
        }
        Assert.Equal("closed", (await Page(hidden)).GetProperty("status").Text("state"));
    }

    // A node that is hard at work may show a change a little later than it answers. By day the seed's duty goes on, as on a holiday of that week.
    private async Task Shows(string id, params string[] nights)
    {
        for (var i = 0; i < 100 && !(await Nights(id)).SequenceEqual(nights); i++)
            await Task.Delay(50);
        Assert.Equal(nights, await Nights(id));
    }

    private async Task<IEnumerable<string>> Nights(string id) => (await _desk.OnCall(id, _monday, 6)).Where(period => period[10..19] == "T20:00:00");

    private async Task<string> OnSeedsDuty()
    {
        _weeks.Host.Time.Set(InParis(0, 23));
        var answer = await Until(
            () => _desk.Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=48.83&lon=2.33&k=1&status=onCall"),
            answer => answer.Moment("asOf") >= InParis(0, 23) && answer.GetProperty("items").GetArrayLength() > 0 && answer.GetProperty("items")[0].GetProperty("address").Text("postcode")!.StartsWith("75", StringComparison.Ordinal));
        return answer.GetProperty("items")[0].Text("id")!;
    }

    private Task<JsonElement> Page(string id) => _desk.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{id}");

    private Instant InParis(int day, int hour) => _monday.PlusDays(day).At(new LocalTime(hour, 0)).InZoneLeniently(DateTimeZoneProviders.Tzdb["Europe/Paris"]).ToInstant();

    private string Local(int day, int hour) => InParis(day, hour).InZone(DateTimeZoneProviders.Tzdb["Europe/Paris"]).ToString("uuuu-MM-dd'T'HH:mm:sso<+HH:mm>", System.Globalization.CultureInfo.InvariantCulture);

    private string Night(int day) => $"{Local(day, 20)}/{Local(day + 1, 8)}";

    private Task<Hearing> Listen() => Hearing.Of(_weeks.Host);

    private static async Task<JsonElement> Until(Func<Task<JsonElement>> ask, Func<JsonElement, bool> wanted)
    {
        for (var i = 0; ; i++)
        {
            var answer = await ask();
            if (wanted(answer))
                return answer;
            Assert.True(i < 200, answer.ToString());
            await Task.Delay(50);
        }
    }

    /// <summary>A client of the live hub and what it was told.</summary>
    private sealed class Hearing(HubConnection phone) : IAsyncDisposable
    {
        private readonly Channel<JsonElement> _pharmacies = Channel.CreateUnbounded<JsonElement>(), _nearest = Channel.CreateUnbounded<JsonElement>();

        public HubConnection Phone => phone;

        public static async Task<Hearing> Of(RealtimeHost host)
        {
            Hearing? hearing = null;
            var phone = await host.Connect(before: connection => hearing = new(connection));
            phone.On<JsonElement>("PharmacyChanged", message => hearing!._pharmacies.Writer.TryWrite(message));
            phone.On<JsonElement>("NearestChanged", message => hearing!._nearest.Writer.TryWrite(message));
            return hearing!;
        }

        public async Task<JsonElement> Next(Func<JsonElement, bool> wanted)
        {
            using var patience = new CancellationTokenSource(Patience);
            await foreach (var message in _pharmacies.Reader.ReadAllAsync(patience.Token))
                if (wanted(message))
                    return message;
            throw new InvalidOperationException("Nothing more comes.");
        }

        /// <summary>The first message about each, in whatever order they come.</summary>
        public async Task<IReadOnlyCollection<JsonElement>> All(string[] ids)
        {
            var heard = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            while (heard.Count < ids.Length)
                if (await Next(message => ids.Contains(message.Text("id"))) is var message)
                    heard.TryAdd(message.Text("id")!, message);
            return heard.Values;
        }

        public async Task<JsonElement> NextNearest()
        {
            using var patience = new CancellationTokenSource(Patience);
            return await _nearest.Reader.ReadAsync(patience.Token);
        }

        public ValueTask DisposeAsync() => phone.DisposeAsync();
    }
}
