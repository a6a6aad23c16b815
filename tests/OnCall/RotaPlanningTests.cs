using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Realtime.Tests.Counter;

namespace Realtime.Tests.OnCall;

/// <summary>A planner's year: proposals, drafts, files, what is sent, who looks, and what stands on the door. One node with the demo country, on a Monday morning.</summary>
public sealed class RotaPlanningTests : IClassFixture<RotaPlanningTests.Node>
{
    private static readonly LocalDate Today = new(2026, 11, 23);
    private readonly RotaDesk _desk;
    private readonly RealtimeHost _host;

    public RotaPlanningTests(Node node) => (_host, _desk) = (node.Host, new(node.Host.Client));

    [Fact]
    public async Task A_proposal_becomes_drafts_that_nobody_else_sees_and_publishing_shows_all_of_them_in_one_row()
    {
        var (one, other) = (RotaDesk.Pharmacies(400, 6), RotaDesk.Pharmacies(406, 6));
        await _desk.Sector("P-1", one, horizonDays: 60);
        await _desk.Sector("P-2", other, horizonDays: 60);
        var answer = await _desk.Call(HttpMethod.Post, "departments/75/proposal", new { from = "2026-12-01", to = "2027-01-01", sectors = new[] { "P-1", "P-2" }, wishes = new[] { new { pharmacy = one[0], dates = new[] { "2026-12-24" } } } }).Expect(200);

        var figures = answer.GetProperty("figures").GetProperty("proposal");
        Assert.Equal((0, 0), (figures.GetProperty("gaps").GetInt32(), figures.GetProperty("wishesRefused").GetInt32()));
        Assert.All(figures.GetProperty("spread").EnumerateArray(), load => Assert.InRange(load.GetProperty("max").GetInt32() - load.GetProperty("min").GetInt32(), 0, 1));
        Assert.True(figures.GetProperty("meanMeters").GetDouble() <= answer.GetProperty("figures").GetProperty("roundRobin").GetProperty("meanMeters").GetDouble());
        Assert.Equal([31, 31], answer.GetProperty("sectors").EnumerateArray().Select(s => s.GetProperty("duties").GetInt32()));
        Assert.Equal(0, await Duties("P-1") + await Duties("P-2"));
        Assert.NotEmpty(await Gaps(drafts: false, "P-1"));
        Assert.Empty(await Gaps(drafts: true, "P-1", "P-2"));

        await _desk.Call(HttpMethod.Post, "departments/75/publish", new { sectors = new[] { "P-1", "no-such" } }).Refuse(409, "no-draft");
        await _desk.Call(HttpMethod.Post, "departments/75/publish", new { sectors = new[] { "P-1", "P-2" } }).Expect(200);
        Assert.Empty(await Gaps(drafts: false, "P-1", "P-2"));
        Assert.Equal((31, 31), (await Duties("P-1"), await Duties("P-2")));
        Assert.Contains(await _desk.Schedule(one[0], new(2026, 12, 1), 32), interval => interval.GetProperty("reason").GetString() == "garde de nuit");
        var history = await _desk.Call(HttpMethod.Get, "departments/75/history?limit=200").Expect(200);
        Assert.Single(history.GetProperty("items").EnumerateArray(), row => row.GetProperty("kind").GetString() == "rota.published" && row.GetProperty("data").GetProperty("sectors")[0].GetString() == "P-1");
    }

    [Fact]
    public async Task A_file_is_read_with_its_errors_by_line_becomes_drafts_and_is_written_again_as_it_was()
    {
        var ids = RotaDesk.Pharmacies(420, 2);
        await _desk.Sector("F-1", ids);
        var good = $"secteur;pharmacie;debut;fin;type;acces\nF-1;{ids[0]};2026-12-05 20:00;2026-12-06 08:00;nuit;sonnette\n";
        var bad = good + $"F-1;990000011;2026-12-06 20:00;2026-12-07 08:00;nuit;sonnette\nF-9;{ids[0]};2026-12-06 20:00;2026-12-07 08:00;nuit;sonnette\n";

        var refused = await Import(bad, dryRun: false);
        Assert.Equal((3, 1, 2), (refused.GetProperty("read").GetInt32(), refused.GetProperty("accepted").GetInt32(), refused.GetProperty("rejected").GetInt32()));
        Assert.Equal([3, 4], refused.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("line").GetInt32()));
        Assert.DoesNotContain("F-1", await Drafts());
        await Import(good, dryRun: true);
        Assert.DoesNotContain("F-1", await Drafts());
        await Import(good, dryRun: false);
        Assert.Contains("F-1", await Drafts());
        await _desk.Call(HttpMethod.Post, "departments/75/publish", new { sectors = new[] { "F-1" } }).Expect(200);

        var path = "departments/75/export?from=2026-12-05T00:00:00Z&to=2026-12-08T00:00:00Z";
        var written = await Bytes(path);
        Assert.Contains($"F-1;{ids[0]};", Encoding.UTF8.GetString(written), StringComparison.Ordinal);
        Assert.Equal(written, await Bytes(path));
        var sent = await _desk.Call(HttpMethod.Post, "departments/75/sendings", new { recipient = "cpam", from = "2026-12-05T00:00:00Z", to = "2026-12-08T00:00:00Z", proof = "dépôt 4711" }).Expect(201);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(written)), sent.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task A_dispatcher_sees_hidden_duty_and_every_look_is_a_row()
    {
        var ids = RotaDesk.Pharmacies(440, 2);
        await _desk.Sector("D-1", ids, "hidden");
        await _desk.Rota("D-1", RotaDesk.Night(ids[0], Today));
        var path = $"departments/75/on-duty?at={RotaDesk.At(Today, 22)}";
        await _desk.Call(HttpMethod.Get, path).Refuse(403, "forbidden");

        var shown = await _desk.Call(HttpMethod.Get, path, scope: "dispatcher:75").Expect(200);
        var duty = Assert.Single(shown.GetProperty("items").EnumerateArray(), item => item.GetProperty("sector").GetString() == "D-1");
        Assert.True(duty.GetProperty("hidden").GetBoolean());
        Assert.Equal(ids[0], duty.GetProperty("duty").GetProperty("pharmacy").GetString());
        var journal = (Realtime.Journal.IJournal)_host.Services.GetService(typeof(Realtime.Journal.IJournal))!;
        Assert.Equal(["duty.looked"], (await journal.Read("duty-looks/75", 0, TestContext.Current.CancellationToken)).Select(row => row.Event.Kind).Distinct());

        // Who shares the sector knows it too; nobody else does.
        var range = $"from={RotaDesk.At(Today, 0)}&to={RotaDesk.At(Today.PlusDays(2), 0)}";
        Assert.Single((await Own(ids[0], range)).GetProperty("items").EnumerateArray(), item => item.GetProperty("sector").GetString() == "D-1");
        Assert.Single((await Own(ids[1], range)).GetProperty("others").EnumerateArray(), item => item.GetProperty("sector").GetString() == "D-1");
    }

    [Fact]
    public async Task A_poster_says_who_serves_and_where_duty_is_hidden_whom_to_call()
    {
        var ids = RotaDesk.Pharmacies(450, 4);
        await _desk.Hours(ids[0]);
        await _desk.Sector("A-1", ids[..2]);
        await _desk.Rota("A-1", RotaDesk.Night(ids[1], Today));
        await _desk.Sector("A-2", ids[2..], "hidden", call: new[] { new { label = "Commissariat", tel = "01 99 99 99 99" } });
        await _desk.Rota("A-2", RotaDesk.Night(ids[3], Today));

        var shown = await _host.Client.GetStringAsync($"/api/v1/pharmacies/{ids[0]}/poster?week=2026-W48", TestContext.Current.CancellationToken);
        var name = (await _host.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{ids[1]}", TestContext.Current.CancellationToken)).GetProperty("name").GetString()!;
        Assert.Contains(System.Net.WebUtility.HtmlEncode(name), shown, StringComparison.Ordinal);
        var hidden = await _host.Client.GetStringAsync($"/api/v1/pharmacies/{ids[2]}/poster?week=2026-W48", TestContext.Current.CancellationToken);
        Assert.Contains("01 99 99 99 99", hidden, StringComparison.Ordinal);
        // The same check finds whoever serves where duty is public, and nobody where it is hidden.
        Assert.Contains(await Street(ids[1]), shown, StringComparison.Ordinal);
        Assert.DoesNotContain(await Street(ids[3]), hidden, StringComparison.Ordinal);
        await _host.Client.GetAsync($"/api/v1/pharmacies/{ids[0]}/poster?week=2026-W60", TestContext.Current.CancellationToken).Refuse(400, "invalid-request", "week");
    }

    [Fact]
    public async Task A_pharmacy_that_does_not_serve_names_who_does_nearby_and_nearest_names_whom_to_call()
    {
        var ids = RotaDesk.Pharmacies(460, 2);
        await _desk.Hours(ids[0], "off");
        await _desk.Sector("N-1", ids, "hidden", kind: "sundayOrHoliday", call: new[] { new { label = "Gendarmerie", tel = "17" } });
        var page = await _host.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{ids[0]}", TestContext.Current.CancellationToken);
        var instead = page.GetProperty("instead");
        Assert.Equal(3, instead.GetProperty("pharmacies").GetArrayLength());
        Assert.Equal("N-1", Assert.Single(instead.GetProperty("hiddenDuty").EnumerateArray()).GetProperty("sector").GetString());

        var nearest = await _host.Client.GetFromJsonAsync<JsonElement>(FormattableString.Invariant($"/api/v1/pharmacies/nearest?lat={page.GetProperty("lat").GetDouble()}&lon={page.GetProperty("lon").GetDouble()}"), TestContext.Current.CancellationToken);
        Assert.Equal("17", nearest.GetProperty("hiddenDuty")[0].GetProperty("call")[0].GetProperty("tel").GetString());
    }

    [Fact]
    public async Task A_months_duty_is_estimated_and_its_indemnity_waits_for_the_list_to_be_sent()
    {
        var ids = RotaDesk.Pharmacies(480, 2);
        await _desk.Hours(ids[0]);
        await _desk.Sector("E-1", ids, "hidden");
        await _desk.Rota("E-1", RotaDesk.Night(ids[0], Today));
        var before = await Fees(ids[0]);
        var line = Assert.Single(before.GetProperty("lines").EnumerateArray(), l => l.GetProperty("sector").GetString() == "E-1");
        Assert.Equal(("estimé", 0), (before.GetProperty("estimate").GetString(), line.GetProperty("indemnityCents").GetInt32()));
        // From eight to midnight and from six to eight ten euros each, and twenty between midnight and six.
        Assert.Equal([("night", 1_000, 360), ("deepNight", 2_000, 360)], line.GetProperty("fees").EnumerateArray().Select(f => (f.GetProperty("class").GetString()!, f.GetProperty("feeCents").GetInt32(), f.GetProperty("minutes").GetInt32())));

        await _desk.Call(HttpMethod.Post, "departments/75/sendings", new { recipient = "cpam", from = RotaDesk.At(Today, 0), to = RotaDesk.At(Today.PlusDays(1), 0), proof = "dépôt 12" }).Expect(201);
        Assert.Equal(20_000, Assert.Single((await Fees(ids[0])).GetProperty("lines").EnumerateArray(), l => l.GetProperty("sector").GetString() == "E-1").GetProperty("indemnityCents").GetInt32());
    }

    private async Task<JsonElement> Fees(string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/counter/{id}/fees?month=2026-11") { Headers = { Authorization = new("Bearer", await _desk.Token($"staff:{id}")) } };
        return await _host.Client.SendAsync(request, TestContext.Current.CancellationToken).Expect(200);
    }

    [Fact]
    public async Task Coverage_counts_hidden_duty_for_the_departments_planner_and_for_nobody_else()
    {
        // The only pharmacies of a department of the islands: at night nobody else serves there.
        var ids = _host.Services.GetRequiredService<Realtime.Web.Live.Country>().All.Where(p => p.Facts.Record.Department == "978").Select(p => p.Facts.Record.Id.Value).Order().ToArray();
        foreach (var id in ids)
            await _desk.Hours(id, "Mo-Fr 09:00-12:00; PH off");
        await _desk.Sector("H-978", ids, "hidden", department: "978");
        await _desk.Call(HttpMethod.Put, "sectors/978-N01", new { name = "Nuit", department = "978", pharmacies = ids, kinds = new[] { new { kind = "night", disclosure = "hidden" } } }, "planner:978").Expect(200);
        await _desk.Call(HttpMethod.Put, "sectors/H-978/rota", new { periods = new[] { new { start = "2026-11-24T00:00:00Z", end = "2026-11-24T12:00:00Z", kind = "night", pharmacy = ids[0], access = "bell" } } }, "planner:978").Expect(200);

        var nobody = await Coverage(null);
        Assert.Equal(nobody, await Coverage("planner:75"));
        Assert.NotEqual(nobody, await Coverage("planner:978"));

        async Task<string> Coverage(string? scope)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/coverage?department=978&at=2026-11-24T06:00:00Z");
            if (scope is not null)
                request.Headers.Authorization = new("Bearer", await _desk.Token(scope));
            return (await _host.Client.SendAsync(request, TestContext.Current.CancellationToken).Expect(200)).GetProperty("departments").ToString();
        }
    }

    [Fact]
    public async Task A_screen_that_joined_its_department_is_told_of_each_row()
    {
        await using var screen = new HubConnectionBuilder().WithUrl(new Uri(_host.Address, "/hubs/oncall"), options => options.AccessTokenProvider = () => _desk.Token("planner:75")!).Build();
        var told = new TaskCompletionSource<long>();
        await screen.StartAsync(TestContext.Current.CancellationToken);
        var joined = await screen.InvokeAsync<JsonElement>("JoinDepartment", "75", TestContext.Current.CancellationToken);
        screen.On<JsonElement>("RotaChanged", news => told.TrySetResult(news.GetProperty("seq").GetInt64()));
        await _desk.Sector("S-1", RotaDesk.Pharmacies(470, 2));
        Assert.True(await told.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken) > joined.GetProperty("seq").GetInt64());
        await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(() => screen.InvokeAsync<JsonElement>("JoinDepartment", "69", TestContext.Current.CancellationToken));
    }

    private async Task<JsonElement> Own(string id, string range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/counter/{id}/duties?{range}") { Headers = { Authorization = new("Bearer", await _desk.Token($"staff:{id}")) } };
        return await _host.Client.SendAsync(request, TestContext.Current.CancellationToken).Expect(200);
    }

    private async Task<string> Street(string id) => System.Net.WebUtility.HtmlEncode(
        (await _host.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{id}")).GetProperty("address").GetProperty("street").GetString()!);

    private async Task<int> Duties(string sector) =>
        (await _desk.Call(HttpMethod.Get, $"departments/75/duties?from=2026-12-01T00:00:00Z&to=2027-01-02T00:00:00Z&sector={sector}").Expect(200)).GetProperty("items").GetArrayLength();

    private async Task<string[]> Gaps(bool drafts, params string[] sectors) =>
        [.. (await _desk.Call(HttpMethod.Get, $"gaps?department=75&from=2026-12-01T19:00:00Z&to=2026-12-31T19:00:00Z&drafts={(drafts ? "true" : "false")}").Expect(200)).GetProperty("items").EnumerateArray()
            .Where(item => sectors.Contains(item.GetProperty("sector").GetString())).Select(item => item.GetProperty("sentence").GetString()!)];

    private async Task<string[]> Drafts() => [.. (await _desk.Call(HttpMethod.Get, "departments/75").Expect(200)).GetProperty("drafts").EnumerateArray().Select(draft => draft.GetProperty("sector").GetString()!)];

    private async Task<byte[]> Bytes(string path)
    {
        using var answer = await _desk.Call(HttpMethod.Get, path);
        Assert.True(answer.IsSuccessStatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private async Task<JsonElement> Import(string csv, bool dryRun)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/oncall/departments/75/import?dryRun={(dryRun ? "true" : "false")}");
        request.Headers.Authorization = new("Bearer", await _desk.Token("planner:75"));
        request.Content = new StringContent(csv, Encoding.UTF8, new MediaTypeHeaderValue("text/csv"));
        return await _host.Client.SendAsync(request).Expect(200);
    }

    public sealed class Node : IAsyncLifetime
    {
        public RealtimeHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await RealtimeHost.Start(demo: true, start: Instant.FromUtc(2026, 11, 23, 9, 0));

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
