using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Microsoft.Playwright;
using NodaTime;
using Realtime.Tests.Identity;
using Realtime.Tests.Live;
using static Microsoft.Playwright.Assertions;

namespace Realtime.Tests.Browser;

/// <summary>What a patient finds beyond who is nearest: a medicine in stock, a service, another time, and somebody else where nobody answers.</summary>
[Collection(nameof(LiveHost))]
public sealed class FindPageTests(LiveHost live, ChromiumFixture chromium, ITestOutputHelper output) : IClassFixture<ChromiumFixture>
{
    private const string Ibuprofen = "3400938358926", Debricalm = "3400933156268", Trimebutine = "3400941619359";
    private const string SaintPierre = "/?town=Saint-Pierre&territory=975&show=all";

    [Fact]
    public async Task A_medicine_that_nobody_near_has_is_found_as_an_equivalent_and_never_enters_the_address()
    {
        var near = await SellOut(46.78, -56.17);
        await using var phone = await chromium.Open(live.Host.Address, SaintPierre);
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Médicament" }).TapAsync();
        await phone.Page.GetByRole(AriaRole.Combobox, new() { Name = "Médicament à trouver en stock" }).FillAsync("débricalm");
        await Expect(phone.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        Assert.Empty(await phone.Violations());
        await Picture(phone, "trouver-medicament-tape");
        await phone.Page.GetByRole(AriaRole.Option).First.TapAsync();

        await Expect(phone.Page.GetByText("Aucune pharmacie proche ne dit avoir DEBRICALM")).ToBeVisibleAsync();
        Assert.Empty(await phone.Violations());
        await Picture(phone, "trouver-equivalent-offert");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Accepter un équivalent" }).TapAsync();

        var row = phone.Page.Locator($"[data-pharmacy='{near}']");
        await Expect(row.Locator("[data-level='outOfStock']")).ToContainTextAsync("épuisé DEBRICALM");
        await Expect(row.Locator("[data-level='low']")).ToContainTextAsync("plus que 1 ou 2 TRIMEBUTINE");
        await Expect(row.Locator("[data-level='low']")).ToContainTextAsync("(équivalent)");
        Assert.Empty(await phone.Violations());
        await Picture(phone, "trouver-equivalent");

        await phone.Page.ReloadAsync();
        await Expect(row.Locator("[data-level='low']")).ToBeVisibleAsync();
        Assert.Equal(SaintPierre, new Uri(phone.Page.Url).PathAndQuery);
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Retirer DEBRICALM" }).TapAsync();
        await Expect(phone.Page.Locator("[data-level]")).ToHaveCountAsync(0);
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task Another_time_is_answered_as_foreseen_without_the_medicine_and_said_to_be_that()
    {
        var sunday = NextSunday();
        await using var phone = await chromium.Open(live.Host.Address, "/?town=Nantes", dark: true);
        await Choose(phone, "Médicament", "ibuprofene biogaran");
        await Expect(phone.Page.Locator("[data-level='inStock']").First).ToContainTextAsync("en stock IBUPROFENE BIOGARAN");
        await Picture(phone, "trouver-medicament-sombre");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Autre heure" }).TapAsync();
        await phone.Page.GetByLabel("Ouverte quel jour").FillAsync(sunday.ToString("uuuu-MM-dd'T'10:00", CultureInfo.InvariantCulture));
        await Expect(phone.Page.GetByText("les médicaments choisis ne comptent pas").First).ToBeVisibleAsync();
        await Picture(phone, "trouver-heure-choix-sombre");
        Assert.Empty(await phone.Violations());
        var asked = await phone.Page.RunAndWaitForRequestAsync(
            () => phone.Page.GetByRole(AriaRole.Button, new() { Name = "Voir à cette heure" }).TapAsync(), request => request.Url.Contains("at=", StringComparison.Ordinal));

        Assert.DoesNotContain("product", asked.Url, StringComparison.Ordinal);
        await Expect(phone.Page.GetByText($"Comme prévu le dimanche {sunday.Day}")).ToContainTextAsync("à 10 h, d’après les horaires connus aujourd’hui");
        await Expect(phone.Page.Locator("[data-state]").First).ToContainTextAsync("Prévue");
        await Expect(phone.Page.GetByText("En direct")).ToHaveCountAsync(0);
        await Expect(phone.Page.GetByRole(AriaRole.Article)).ToHaveCountAsync(10);
        var ids = await phone.Page.Locator("[data-pharmacy]").EvaluateAllAsync<string[]>("rows => rows.map(r => r.dataset.pharmacy)");
        Assert.Equal(await Ids($"at={Uri.EscapeDataString(HttpUtility.ParseQueryString(new Uri(asked.Url).Query)["at"]!)}", "Nantes"), ids);
        Assert.Empty(await phone.Violations());
        await Picture(phone, "trouver-heure-sombre");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Retirer dimanche" }).TapAsync();
        await Expect(phone.Page.Locator("[data-level='inStock']").First).ToBeVisibleAsync();
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task A_list_of_who_has_a_medicine_follows_a_closing_although_nothing_is_pushed()
    {
        var evening = await live.BeforeEvening(Duration.FromSeconds(8));
        var closing = await live.ClosingAt(evening);
        await using var phone = await chromium.Open(live.Host.Address);
        await phone.Page.Context.GrantPermissionsAsync(["geolocation"]);
        await phone.Page.Context.SetGeolocationAsync(new() { Latitude = closing.GetProperty("lat").GetSingle(), Longitude = closing.GetProperty("lon").GetSingle() });
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Utiliser ma position" }).TapAsync();
        await Choose(phone, "Médicament", "ibuprofene biogaran");
        var state = phone.StateOf(closing.GetProperty("id").GetString()!);
        await Expect(state).ToContainTextAsync("ferme à 19 h 30");
        await Expect(phone.Page.GetByText("En direct")).ToHaveCountAsync(0);

        // The clock is left to run: nothing tells the page that it was moved.
        await Expect(state).ToHaveTextAsync("Vient de fermer", new() { Timeout = 20_000 });

        Assert.InRange((live.Host.Time.Now - evening).TotalSeconds, 0, 5);
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task Where_nobody_answers_the_page_leads_to_the_next_one_and_in_the_end_to_those_who_know()
    {
        await Night();
        await using var phone = await chromium.Open(live.Host.Address, "/?town=Nantes");
        var doors = phone.Page.GetByRole(AriaRole.Button, new() { Name = "Personne ne répond" });
        await Expect(doors.First).ToBeVisibleAsync();
        await Expect(phone.Page.GetByText("Volet fermé").First).ToBeVisibleAsync();
        await Expect(phone.Page.GetByText("Prenez votre ordonnance et votre carte Vitale.").First).ToBeVisibleAsync();
        Assert.Empty(await phone.Violations());
        await Picture(phone, "trouver-garde");
        var names = await phone.Page.Locator("article h3").EvaluateAllAsync<string[]>("names => names.map(n => n.id)");

        await doors.First.TapAsync();
        var first = await doors.First.GetAttributeAsync("aria-describedby");
        Assert.Equal(names[Array.IndexOf(names, first) + 1], await Focused(phone));
        await Expect(phone.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Suivante" })).ToHaveCountAsync(1);

        // After the last one listed there is nobody; one that is open day and night has no such button.
        var last = phone.Page.GetByRole(AriaRole.Article).Last.GetByRole(AriaRole.Button, new() { Name = "Personne ne répond" });
        while (await last.CountAsync() == 0)
        {
            var shown = await phone.Page.GetByRole(AriaRole.Article).CountAsync();
            await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Voir plus loin" }).TapAsync();
            await Expect(phone.Page.GetByRole(AriaRole.Article).Nth(shown)).ToBeVisibleAsync();
        }
        await last.TapAsync();
        Assert.Equal("last-resort", await Focused(phone));
        await Expect(phone.Page.GetByRole(AriaRole.Link, new() { Name = "3237" })).ToBeInViewportAsync();
        await Expect(phone.Page.GetByText("n’attendez pas")).ToBeVisibleAsync();
        await Picture(phone, "trouver-dernier-recours");
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task The_map_and_the_pharmacy_beneath_it_keep_in_step()
    {
        await Night();
        await using var phone = await chromium.Open(live.Host.Address, "/?town=Nantes");
        await Expect(phone.Page.GetByRole(AriaRole.Article)).ToHaveCountAsync(10);
        var fetched = 0;
        phone.Page.Request += (_, request) => fetched += request.Url.Contains("NearestMap", StringComparison.Ordinal) ? 1 : 0;
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Carte" }).TapAsync();

        await Expect(phone.Page.Locator("[data-mark]")).ToHaveCountAsync(10);
        await Expect(phone.Page.GetByRole(AriaRole.Article)).ToHaveCountAsync(1);
        Assert.True(fetched > 0, "The map's code was there before it was asked for.");
        // Two neighbours on the list, the first of them on call.
        var (onCall, marks) = (await Marks(".onCall"), await Marks(""));
        var (chosen, next) = marks.Zip(marks.Skip(1)).First(pair => onCall.Contains(pair.First));
        await phone.Page.Locator($"[data-mark='{chosen}']").DispatchEventAsync("click");
        await Expect(phone.Page.Locator($"[data-pharmacy='{chosen}'] h3")).ToBeInViewportAsync();
        Assert.Empty(await phone.Violations());
        await Picture(phone, "trouver-carte");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Personne ne répond" }).TapAsync();
        await Expect(phone.Page.Locator($"[data-mark='{next}']")).ToHaveAttributeAsync("aria-current", "true");
        Assert.Equal($"name-{next}", await Focused(phone));

        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Liste" }).TapAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Article)).ToHaveCountAsync(10);
        await Expect(phone.Page.Locator("[data-mark]")).ToHaveCountAsync(0);
        // What drivers of drawing say of being looked at by a test is not the page's.
        Assert.DoesNotContain(phone.Complaints, complaint => !complaint.Contains("GL Driver Message", StringComparison.Ordinal));

        Task<string[]> Marks(string which) => phone.Page.Locator($"[data-mark]{which}").EvaluateAllAsync<string[]>("marks => marks.map(m => m.dataset.mark)");
    }

    [Fact]
    public async Task A_service_narrows_the_list_in_English()
    {
        await using var desk = await chromium.Open(live.Host.Address, "/?town=Lyon&show=all", locale: "en-GB", width: 1280);
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Service", Exact = true }).ClickAsync();
        await desk.Page.GetByLabel("Veterinary medicines").CheckAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Button, new() { Name = "Remove Veterinary medicines" })).ToBeVisibleAsync();
        await Expect(desk.Page.GetByText("Updated just now")).ToBeVisibleAsync();

        var ids = await desk.Page.Locator("[data-pharmacy]").EvaluateAllAsync<string[]>("rows => rows.map(r => r.dataset.pharmacy)");
        Assert.Equal(await Ids("status=any&service=veterinary", "Lyon"), ids);
        Assert.NotEqual(await Ids("status=any", "Lyon"), ids);
        Assert.Empty(await desk.Violations());
        await Picture(desk, "find-service-desk-en");
        await Choose(desk, "Medicine", "cetirizine");
        await Expect(desk.Page.GetByText("Accept an equivalent")).ToBeVisibleAsync();
        await Expect(desk.Page.Locator("[data-level='inStock']").First).ToContainTextAsync("in stock CETIRIZINE");
        Assert.Empty(await desk.Violations());
        await Picture(desk, "find-medicine-desk-en");
        Assert.Empty(desk.Complaints);
    }

    [Fact]
    public async Task Guadeloupe_is_told_and_asked_by_its_own_clock()
    {
        await using var phone = await chromium.Open(live.Host.Address, "/?town=Les+Abymes&show=all", width: 320);
        await Expect(phone.Page.GetByText("sur place").First).ToBeVisibleAsync();
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Autre heure" }).TapAsync();
        await Expect(phone.Page.GetByText("(heure locale)")).ToBeVisibleAsync();
        await phone.Page.GetByLabel("Ouverte quel jour").FillAsync(NextSunday().PlusDays(1).ToString("uuuu-MM-dd'T'08:30", CultureInfo.InvariantCulture));
        var asked = await phone.Page.RunAndWaitForRequestAsync(
            () => phone.Page.GetByRole(AriaRole.Button, new() { Name = "Voir à cette heure" }).TapAsync(), request => request.Url.Contains("at=", StringComparison.Ordinal));

        Assert.Contains("T08%3A30%3A00-04%3A00", asked.Url, StringComparison.Ordinal);
        await Expect(phone.Page.GetByText("Comme prévu le lundi")).ToContainTextAsync("à 8 h 30");
        await Expect(phone.Page.GetByText("Heures locales").First).ToBeVisibleAsync();
        Assert.False(await phone.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        Assert.Empty(await phone.Violations());
        await Picture(phone, "trouver-guadeloupe");
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task The_list_arrives_without_moving_anything_and_leads_to_each_pharmacy_and_its_orders()
    {
        await using var phone = await chromium.Open(live.Host.Address, "/?town=Paris&show=all");
        await Expect(phone.Page.GetByText("En direct")).ToBeVisibleAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Article)).ToHaveCountAsync(10);

        Assert.Equal("", string.Join('\n', await phone.Page.EvaluateAsync<string[]>("""
            () => new Promise(answer => {
              new PerformanceObserver(list => answer(list.getEntries().map(shift => `${shift.value} ${shift.sources.map(s => `${s.node?.nodeName} ${s.node?.textContent} ${JSON.stringify(s.previousRect)} ${JSON.stringify(s.currentRect)}`)}`)))
                .observe({ type: 'layout-shift', buffered: true });
              setTimeout(() => answer([]), 300);
            })
            """)));
        var row = phone.Page.GetByRole(AriaRole.Article).First;
        var id = await row.GetAttributeAsync("data-pharmacy");
        await Expect(row.GetByRole(AriaRole.Heading).GetByRole(AriaRole.Link)).ToHaveAttributeAsync("href", $"/pharmacie/{id}");
        await Expect(row.GetByRole(AriaRole.Link, new() { Name = "Réserver, paiement à la pharmacie" })).ToHaveAttributeAsync("href", $"/reserver/{id}");
        await Picture(phone, "trouver-reserver");

        // What is sought is in the basket that the link opens, in this tab alone.
        await Choose(phone, "Médicament", Ibuprofen);
        var reserve = phone.Page.GetByRole(AriaRole.Article).Filter(new() { Has = phone.Page.Locator("[data-level='inStock']") }).First.GetByRole(AriaRole.Link, new() { Name = "Réserver" });
        var there = (await reserve.GetAttributeAsync("href"))!;
        await reserve.TapAsync();
        await phone.Page.WaitForURLAsync($"**{there}");
        Assert.Equal($$"""[{"cip13":"{{Ibuprofen}}","quantity":1}]""", await phone.Page.EvaluateAsync<string>("key => sessionStorage.getItem(key)", there.Replace("/reserver/", "basket:", StringComparison.Ordinal)));
    }

    /// <summary>Moves the clock to half past one of a night, and waits until the node has followed.</summary>
    private async Task Night()
    {
        var night = await live.BeforeEvening(Duration.FromSeconds(1)) + Duration.FromHours(6);
        live.Host.Time.Set(night);
        while ((await live.Host.Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=48.85&lon=2.35&k=1")).GetProperty("asOf").GetDateTimeOffset() < night.ToDateTimeOffset())
            await Task.Delay(20);
    }

    /// <summary>Leaves no box of a medicine within five kilometres, and one of its equivalent in the nearest pharmacy, whose id is returned.</summary>
    private async Task<string> SellOut(double lat, double lon)
    {
        var near = await live.Host.Client.GetFromJsonAsync<JsonElement>(FormattableString.Invariant($"/api/v1/pharmacies/nearest?lat={lat}&lon={lon}&status=any&k=50&maxDistance=5500"));
        string[] ids = [.. near.GetProperty("items").EnumerateArray().Select(pharmacy => pharmacy.GetProperty("id").GetString()!)];
        foreach (var id in ids)
            await Count(id, Debricalm, 0);
        await Count(ids[0], Trimebutine, 1);
        foreach (var id in ids)
            while (!(await live.Host.Client.GetStringAsync($"/api/v1/pharmacies/{id}?product={Debricalm}")).Contains("outOfStock", StringComparison.Ordinal))
                await Task.Delay(20);
        return ids[0];
    }

    private async Task Count(string pharmacy, string cip13, int quantity)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/counter/{pharmacy}/stock/{cip13}") { Content = JsonContent.Create(new { quantity }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await live.Host.Client.Token($"staff:{pharmacy}"));
        using var answer = await live.Host.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    private static async Task Choose(Phone phone, string opener, string typed)
    {
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = opener, Exact = true }).TapAsync();
        await phone.Page.Locator("#product").FillAsync(typed);
        await phone.Page.Locator("#product-0").TapAsync();
    }

    /// <summary>The ids that the service answers around a town.</summary>
    private async Task<string[]> Ids(string question, string town)
    {
        var first = (await live.Host.Client.GetFromJsonAsync<JsonElement>($"/api/v1/towns?q={town}")).GetProperty("items")[0];
        var (lat, lon) = (first.GetProperty("lat").GetDouble(), first.GetProperty("lon").GetDouble());
        var nearest = await live.Host.Client.GetFromJsonAsync<JsonElement>(FormattableString.Invariant($"/api/v1/pharmacies/nearest?lat={lat}&lon={lon}&{question}"));
        return [.. nearest.GetProperty("items").EnumerateArray().Select(pharmacy => pharmacy.GetProperty("id").GetString()!)];
    }

    private LocalDate NextSunday() => live.Host.Time.Now.InZone(DateTimeZoneProviders.Tzdb["Europe/Paris"]).Date.Next(IsoDayOfWeek.Sunday);

    private static Task<string> Focused(Phone phone) => phone.Page.EvaluateAsync<string>("document.activeElement.id");

    private async Task Picture(Phone phone, string name)
    {
        var path = Path.Combine(Path.GetTempPath(), "realtime-pages", $"{name}.png");
        await phone.Page.ScreenshotAsync(new() { Path = path });
        output.WriteLine(path);
    }
}
