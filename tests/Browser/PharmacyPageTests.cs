using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using NodaTime;
using NodaTime.Text;
using Realtime.Hours;
using Realtime.Pharmacies;
using Realtime.Tests.Identity;
using Realtime.Tests.Live;
using Realtime.Web.Edge;
using static Microsoft.Playwright.Assertions;

namespace Realtime.Tests.Browser;

/// <summary>The page of one pharmacy, in a real browser, against the whole product.</summary>
[Collection(nameof(LiveHost))]
public sealed class PharmacyPageTests(LiveHost live, ChromiumFixture chromium, ITestOutputHelper output) : IClassFixture<ChromiumFixture>
{
    private static readonly Duration Lead = Duration.FromSeconds(15);
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];

    [Fact]
    public async Task It_closes_while_it_is_looked_at_and_says_who_else_serves()
    {
        var evening = await live.BeforeEvening(Lead);
        var id = (await live.ClosingAt(evening)).GetProperty("id").GetString()!;
        await using var phone = await chromium.Open(live.Host.Address, $"/pharmacie/{id}");
        var state = phone.Page.Locator("[data-state]");
        await Expect(state).ToContainTextAsync("Ouverte, ferme à 19 h 30");
        await Expect(phone.Page.GetByText("En direct")).ToBeVisibleAsync();
        await Expect(Days(phone)).ToHaveCountAsync(14);
        await Expect(Days(phone).First).ToContainTextAsync("Aujourd’hui");
        Assert.Empty(await phone.Violations());
        await Picture(phone, "pharmacie-ouverte");
        Assert.True(live.Host.Time.Now < evening, "The page was too slow to be looked at before the closing.");

        live.HurryTo(evening);
        await Expect(state).ToContainTextAsync("Fermée", new() { Timeout = 30_000 });
        Assert.InRange((live.Host.Time.Now - evening).TotalMilliseconds, 0, 1_500);
        await Expect(phone.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "fermée." })).ToHaveCountAsync(1);

        var instead = phone.Page.GetByRole(AriaRole.Region, new() { Name = "Ouvertes ou de garde près d’ici" });
        await Expect(instead.GetByRole(AriaRole.Link)).ToHaveCountAsync(3);
        await instead.GetByRole(AriaRole.Link).First.TapAsync();
        await Expect(phone.Page.Locator("[data-state='open'], [data-state='onCall']")).ToBeVisibleAsync();
        Assert.NotEqual($"/pharmacie/{id}", new Uri(phone.Page.Url).AbsolutePath);
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task At_night_it_says_how_to_get_in_what_to_bring_and_where_to_turn_next()
    {
        live.Host.Time.Set(await live.BeforeEvening(Lead) + Duration.FromHours(6));
        var onCall = await Nearest("lat=47.2173&lon=-1.5534&status=onCall");
        await using var phone = await chromium.Open(live.Host.Address, $"/pharmacie/{Id(onCall)}", dark: true);
        await Expect(phone.Page.Locator("[data-state]")).ToContainTextAsync("De garde jusqu’à 8 h");
        await Expect(phone.Page.Locator(".access")).ToContainTextAsync("Volet fermé : sonnez");
        await Expect(phone.Page.GetByText("Prenez votre ordonnance et votre carte Vitale.")).ToBeVisibleAsync();
        await Expect(Days(phone).First).ToContainTextAsync("De garde");
        await Expect(phone.Page.Locator(".acts a[href^='tel:']")).ToBeVisibleAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Link, new() { Name = "Itinéraire vers" })).ToBeVisibleAsync();
        Assert.Empty(await phone.Violations());
        await Picture(phone, "pharmacie-de-garde-sombre");

        await phone.Page.GetByRole(AriaRole.Link, new() { Name = "Personne ne répond ? Voir les autres" }).TapAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Article).First).ToBeVisibleAsync();
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task A_closure_names_its_reason_and_who_takes_over_and_orders_are_said_to_be_paused()
    {
        live.Host.Time.Set(await live.BeforeEvening(Lead) - Duration.FromHours(8));
        var (id, relief) = (DemoCountry.IdOf(40).Value, DemoCountry.IdOf(41).Value);
        var now = live.Host.Time.Now;
        await Counter(HttpMethod.Post, id, "closures", new { start = Moments.Utc(now), end = Moments.Utc(now + Duration.FromDays(2)), reason = "Dégât des eaux", reliefPharmacy = relief });
        var (first, last) = (now.InZone(Paris).Date.PlusDays(100), now.InZone(Paris).Date.PlusDays(114));
        await Counter(HttpMethod.Post, id, "exceptions", new { kind = "vacation", from = LocalDatePattern.Iso.Format(first), to = LocalDatePattern.Iso.Format(last), reason = "Congés d’été" });
        await Counter(HttpMethod.Put, id, "page", new
        {
            phone = "01 99 00 00 40",
            services = new[] { "vaccination", "parking" },
            news = new[] { new { text = "La vaccination contre la grippe est ouverte." } },
            modules = new { clickAndCollect = true },
            mentions = new { legalName = "SELARL du Pont", pharmacists = "Zoé Martin" },
        });
        var relieving = (await Page(relief)).GetProperty("name").GetString()!;

        await using (var phone = await chromium.Open(live.Host.Address, $"/pharmacie/{id}"))
        {
            var away = phone.Page.GetByRole(AriaRole.Region, new() { Name = "Fermetures annoncées" });
            await Expect(away).ToContainTextAsync("En ce moment");
            await Expect(away).ToContainTextAsync($" {DayOf(first)} ");
            await Expect(away).ToContainTextAsync($" {DayOf(last)} ");
            await Expect(away).ToContainTextAsync("Congés d’été");
            await Expect(away.GetByRole(AriaRole.Link, new() { Name = $"{relieving} prend le relais" })).ToHaveAttributeAsync("href", $"/pharmacie/{relief}");
            await Expect(Days(phone).First).ToContainTextAsync("Fermeture exceptionnelle : Dégât des eaux");
            await Expect(phone.Page.GetByText("Stationnement")).ToBeVisibleAsync();
            await Expect(phone.Page.GetByText("La vaccination contre la grippe est ouverte.")).ToBeVisibleAsync();
            await Expect(phone.Page.GetByRole(AriaRole.Link, new() { Name = "Réserver, paiement à la pharmacie" })).ToHaveAttributeAsync("href", $"/reserver/{id}");

            await Counter(HttpMethod.Post, id, "pause", new { reason = "Le comptoir est inondé." });
            await phone.Page.ReloadAsync();
            await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Pas de réservation pour le moment" })).ToBeVisibleAsync();
            await Expect(phone.Page.GetByRole(AriaRole.Link, new() { Name = "Réserver" })).ToHaveCountAsync(0);
            await phone.Page.GetByText("Mentions légales").TapAsync();
            await Expect(phone.Page.GetByText("SELARL du Pont")).ToBeVisibleAsync();
            Assert.Empty(await phone.Violations());
            Assert.Empty(phone.Complaints);
            await Picture(phone, "pharmacie-fermee");
        }

        await using var desk = await chromium.Open(live.Host.Address, $"/pharmacie/{id}", locale: "en-GB", dark: true, width: 1280);
        await Expect(desk.Page.GetByRole(AriaRole.Region, new() { Name = "Closures ahead" })).ToContainTextAsync($"{relieving} takes over");
        await Expect(desk.Page.GetByText("Dégât des eaux").First).ToHaveAttributeAsync("lang", "fr");
        await Expect(desk.Page.GetByText("Parking")).ToBeVisibleAsync();
        Assert.Empty(await desk.Violations());
        await Picture(desk, "pharmacie-fermee-en-bureau-sombre");
    }

    [Fact]
    public async Task In_Guadeloupe_days_and_hours_are_those_of_the_pharmacy()
    {
        // Past midnight in Paris, and still the evening before over there.
        live.Host.Time.Set(await live.BeforeEvening(Lead) + Duration.FromHours(5));
        var nearest = await Nearest("lat=16.24&lon=-61.53&status=any");
        var there = live.Host.Time.Now.InZone(DateTimeZoneProviders.Tzdb["America/Guadeloupe"]);
        await using var phone = await chromium.Open(live.Host.Address, $"/pharmacie/{Id(nearest)}", width: 320);
        await Expect(phone.Page.GetByText($"Il est {there.Hour} h")).ToBeVisibleAsync();
        await Expect(Days(phone).First).ToContainTextAsync($" {DayOf(there.Date)} ");
        await Expect(Days(phone).Nth(1)).ToContainTextAsync($" {DayOf(there.Date.PlusDays(1))} ");
        Assert.False(await phone.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
        Assert.Empty(await phone.Violations());
        await Picture(phone, "pharmacie-guadeloupe-320");
    }

    [Fact]
    public async Task A_public_holiday_is_named_and_one_of_which_the_hours_do_not_speak_is_not_confirmed()
    {
        await live.BeforeEvening(Lead);
        var today = live.Host.Time.Now.InZone(Paris).Date;
        var holiday = Enumerable.Range(1, 366).Select(today.PlusDays).First(day => PublicHolidays.IsHoliday(day, HolidayZone.Metropole) && day.DayOfWeek != IsoDayOfWeek.Sunday);
        if (holiday > today.PlusDays(13))
            live.Host.Time.Set(Paris.AtLeniently(holiday.PlusDays(-3).At(new LocalTime(10, 0))).ToInstant());
        var id = DemoCountry.IdOf(42).Value;
        await Counter(HttpMethod.Put, id, "hours", new { hours = "Mo-Sa 09:00-19:30" });
        await using var phone = await chromium.Open(live.Host.Address, $"/pharmacie/{id}", locale: "en-GB");
        var row = Days(phone).Filter(new() { HasText = holiday.ToString("d MMMM", CultureInfo.InvariantCulture) });
        await Expect(row).ToContainTextAsync("Public holiday: ");
        await Expect(row).ToContainTextAsync("Hours not confirmed");
        await Expect(phone.Page.GetByText("Hours given by the pharmacy on ")).ToBeVisibleAsync();
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task A_number_that_nobody_has_leads_back_and_without_a_network_the_last_answer_is_said_to_be_old()
    {
        await using var phone = await chromium.Open(live.Host.Address, "/pharmacie/990000000");
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Cette pharmacie n’est pas connue ici." })).ToBeVisibleAsync();
        Assert.Empty(await phone.Violations());
        await Picture(phone, "pharmacie-inconnue");
        await phone.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Chercher une pharmacie" }).TapAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Combobox)).ToBeVisibleAsync();

        await phone.Page.GotoAsync(new Uri(live.Host.Address, $"/pharmacie/{DemoCountry.IdOf(43)}").ToString());
        await Expect(phone.Page.Locator("[data-state]")).ToBeVisibleAsync();
        await phone.Page.Context.SetOfflineAsync(true);
        await Expect(phone.Page.GetByText("Hors connexion, dernière réponse")).ToBeVisibleAsync();
        Assert.Empty(await phone.Violations());
        await Picture(phone, "pharmacie-hors-connexion");
        await phone.Page.Context.SetOfflineAsync(false);
        await Expect(phone.Page.GetByText("Hors connexion")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
    }

    private static ILocator Days(Phone phone) => phone.Page.Locator("tbody tr");

    private static string DayOf(LocalDate date) => date.Day == 1 ? "1er" : date.Day.ToString(CultureInfo.InvariantCulture);

    private static string Id(JsonElement item) => item.GetProperty("id").GetString()!;

    private Task<JsonElement> Page(string id) => live.Host.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{id}");

    private async Task<JsonElement?> FirstNearest(string query)
    {
        var answer = await live.Host.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/nearest?k=1&{query}");
        return answer.GetProperty("asOf").GetDateTimeOffset() >= live.Host.Time.GetUtcNow().AddSeconds(-3) && answer.GetProperty("items").GetArrayLength() > 0
            ? answer.GetProperty("items")[0] : null;
    }

    /// <summary>The nearest, as soon as the node has followed its clock.</summary>
    private async Task<JsonElement> Nearest(string query)
    {
        for (var look = 0; look < 500; look++)
        {
            if (await FirstNearest(query) is { } found)
                return found;
            await Task.Delay(20);
        }
        throw new InvalidOperationException($"Nobody was found within ten seconds: {query}");
    }

    /// <summary>Does something at the counter, and waits until the page shows it.</summary>
    private async Task Counter(HttpMethod method, string id, string act, object body)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/counter/{id}/{act}") { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await live.Host.Client.Token($"staff:{id}"));
        request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{await Seq(id)}\""));
        using var answer = await live.Host.Client.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{act}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        while ($"\"{await Seq(id)}\"" != answer.Headers.ETag?.Tag)
            await Task.Delay(20);
    }

    private async Task<long> Seq(string id) => (await Page(id)).GetProperty("seq").GetInt64();

    private async Task Picture(Phone phone, string name)
    {
        var path = Path.Combine(Path.GetTempPath(), "realtime-pages", $"{name}.png");
        // As high as the page, so that what sticks to the bottom of the screen hides nothing in the middle of it.
        var (width, height) = (phone.Page.ViewportSize!.Width, await phone.Page.EvaluateAsync<int>("document.documentElement.scrollHeight"));
        await phone.Page.SetViewportSizeAsync(width, height);
        await phone.Page.ScreenshotAsync(new() { Path = path });
        await phone.Page.SetViewportSizeAsync(width, 844);
        output.WriteLine(path);
    }
}
