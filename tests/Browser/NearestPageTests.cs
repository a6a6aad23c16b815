using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using NodaTime;
using Realtime.Tests.Live;
using static Microsoft.Playwright.Assertions;

namespace Realtime.Tests.Browser;

/// <summary>The page for patients, in a real browser, against the whole product.</summary>
[Collection(nameof(LiveHost))]
public sealed class NearestPageTests(LiveHost live, ChromiumFixture chromium, ITestOutputHelper output) : IClassFixture<ChromiumFixture>
{
    private static readonly Duration Lead = Duration.FromSeconds(15);

    [Fact]
    public async Task A_pharmacy_closes_on_the_screen_by_itself()
    {
        var evening = await live.BeforeEvening(Lead);
        var pharmacy = await NearestClosing(evening);
        await using var phone = await chromium.Open(live.Host.Address);
        await phone.SearchAround("Paris");
        await Expect(phone.StateOf(pharmacy)).ToContainTextAsync("Ouverte, ferme à 19 h 30");
        Assert.True(live.Host.Time.Now < evening, "The page was too slow to be looked at before the closing.");

        live.HurryTo(evening);
        await Expect(phone.StateOf(pharmacy)).ToHaveTextAsync("Vient de fermer", new() { Timeout = 30_000 });

        var delay = live.Host.Time.Now - evening;
        output.WriteLine($"{pharmacy} was seen to close {delay.TotalMilliseconds:F0} ms after {evening}");
        Assert.InRange(delay.TotalMilliseconds, 0, 1_500);
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task In_the_list_of_all_a_pharmacy_that_closes_says_when_it_opens_again()
    {
        var evening = await live.BeforeEvening(Lead);
        var pharmacy = await NearestClosing(evening, among: "any");
        await using var phone = await chromium.Open(live.Host.Address, "/?show=all", locale: "en-GB");
        await phone.SearchAround("Paris");
        await Expect(phone.StateOf(pharmacy)).ToContainTextAsync("Open, closes at 7:30 pm");

        live.HurryTo(evening);
        await Expect(phone.StateOf(pharmacy)).ToContainTextAsync("Closed, opens", new() { Timeout = 30_000 });

        Assert.InRange((live.Host.Time.Now - evening).TotalMilliseconds, 0, 1_500);
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task The_page_comes_back_to_the_town_and_the_language_that_were_left()
    {
        await using var phone = await chromium.Open(live.Host.Address);
        await Expect(phone.Page.Locator("html")).ToHaveAttributeAsync("lang", "fr");
        await phone.SearchAround("Nantes");
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "English" }).TapAsync();
        await phone.Page.ReloadAsync();

        await Expect(phone.Page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "around Nantes" })).ToBeVisibleAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Article).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_position_never_enters_the_address_of_the_page()
    {
        await using var phone = await chromium.Open(live.Host.Address);
        await phone.Page.Context.GrantPermissionsAsync(["geolocation"]);
        await phone.Page.Context.SetGeolocationAsync(new() { Latitude = 45.7578137f, Longitude = 4.8320114f });
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Utiliser ma position" }).TapAsync();

        await Expect(phone.Page.GetByRole(AriaRole.Article).First).ToBeVisibleAsync();
        Assert.Equal("/?around=me", new Uri(phone.Page.Url).PathAndQuery);
        Assert.Empty(phone.Complaints);
    }

    [Fact]
    public async Task Without_a_network_the_last_answer_stays_and_is_said_to_be_old()
    {
        await using var phone = await chromium.Open(live.Host.Address);
        await phone.SearchAround("Lyon");
        await Expect(phone.Page.GetByRole(AriaRole.Article).First).ToBeVisibleAsync();

        await phone.Page.Context.SetOfflineAsync(true);
        await Expect(phone.Page.GetByText("Hors connexion, dernière réponse")).ToBeVisibleAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Article).First).ToBeVisibleAsync();

        await phone.Page.Context.SetOfflineAsync(false);
        await Expect(phone.Page.GetByText("En direct")).ToBeVisibleAsync(new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task Keys_alone_find_a_town()
    {
        await using var phone = await chromium.Open(live.Host.Address);
        var field = phone.Page.GetByRole(AriaRole.Combobox);
        await field.FocusAsync();
        await phone.Page.Keyboard.TypeAsync("Saint-De");
        await Expect(field).ToHaveAttributeAsync("aria-expanded", "true");
        await phone.Page.Keyboard.PressAsync("ArrowDown");
        await phone.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(field).ToHaveAttributeAsync("aria-activedescendant", "town-1");
        var second = await phone.Page.Locator("#town-1 .name").TextContentAsync();
        await phone.Page.Keyboard.PressAsync("Enter");

        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = $"autour de {second}" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task On_the_narrowest_phone_no_word_breaks_and_no_mark_stands_alone()
    {
        await using var phone = await chromium.Open(live.Host.Address, "/?town=Nantes&show=all", width: 320);
        await Expect(phone.Page.GetByRole(AriaRole.Article).First).ToBeVisibleAsync();

        // One box on one line: a word that breaks has more of them.
        Assert.Equal(1, await phone.Page.EvaluateAsync<int>("(() => { const r = document.createRange(); r.selectNodeContents([...document.querySelectorAll('fieldset label')].at(-1)); return new Set([...r.getClientRects()].filter(b => b.width > 1 && b.height < 40).map(b => b.top)).size; })()"));
        Assert.Equal(0, await phone.Page.EvaluateAsync<int>("""
            [...document.querySelectorAll('.address')].filter(p => {
              const mark = p.querySelector('.demo').getClientRects()[0];
              const words = [...p.querySelector('span').getClientRects()];
              return !words.some(line => line.top < mark.bottom && line.bottom > mark.top);
            }).length
            """));
        Assert.False(await phone.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"));
    }

    [Fact]
    public async Task On_a_desk_the_start_page_is_centred_and_the_bar_of_emergency_numbers_spans_it()
    {
        await using var desk = await chromium.Open(live.Host.Address, width: 1280);
        var (bar, page) = (await Edges("footer"), await Edges(".page"));
        Assert.Equal([0, 1280], bar);
        Assert.Equal(1280, page[0] + page[1]);

        await desk.Page.GotoAsync(new Uri(live.Host.Address, "/?town=Nantes&show=all").ToString());
        await Expect(desk.Page.GetByRole(AriaRole.Article).First).ToBeVisibleAsync();
        var room = await desk.Page.EvaluateAsync<double>("document.documentElement.clientWidth");
        Assert.True(room < 1280, "This browser has no classic scroll bar: the test sees nothing.");
        bar = await Edges("footer");
        Assert.Equal([0, room], bar);

        Task<double[]> Edges(string what) => desk.Page.EvaluateAsync<double[]>("what => { const b = document.querySelector(what).getBoundingClientRect(); return [b.left, b.right]; }", what);
    }

    [Fact]
    public async Task What_a_pharmacy_wrote_in_French_is_marked_as_French_on_the_English_page()
    {
        live.Host.Time.Set(await live.BeforeEvening(Lead) + Duration.FromHours(6));
        await using var phone = await chromium.Open(live.Host.Address, "/?town=Nantes", locale: "en-GB");
        await Expect(phone.Page.GetByText("Le pharmacien de garde vient vous servir à la porte.").First).ToHaveAttributeAsync("lang", "fr");
    }

    [Theory]
    [InlineData("/", "fr-FR", false)]
    [InlineData("/", "en-GB", true)]
    [InlineData("/?town=Nantes&show=all", "fr-FR", true)]
    [InlineData("/?town=Nantes&show=all", "en-GB", false)]
    public async Task The_page_has_no_accessibility_violation(string path, string locale, bool dark)
    {
        await using var phone = await chromium.Open(live.Host.Address, path, locale, dark);
        if (path != "/")
            await Expect(phone.Page.GetByRole(AriaRole.Article).First).ToBeVisibleAsync();

        Assert.Empty(await phone.Violations());
    }

    [Fact]
    public async Task The_accessibility_check_sees_a_violation_where_there_is_one()
    {
        await using var phone = await chromium.Open(live.Host.Address);
        await phone.Page.EvaluateAsync("document.documentElement.removeAttribute('lang')");

        Assert.NotEmpty(await phone.Violations());
    }

    /// <summary>The id of a pharmacy that the page will list around Paris, open, and that closes at an instant.</summary>
    private async Task<string> NearestClosing(Instant instant, string among = "serving")
    {
        var towns = await live.Host.Client.GetFromJsonAsync<JsonElement>("/api/v1/towns?q=Paris&limit=8");
        var (lat, lon) = (towns.GetProperty("items")[0].GetProperty("lat").GetDouble(), towns.GetProperty("items")[0].GetProperty("lon").GetDouble());
        var nearest = await live.Host.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/nearest?lat={lat}&lon={lon}&k=10&status={among}");
        var closing = nearest.GetProperty("items").EnumerateArray()
            .Where(p => p.GetProperty("status").GetProperty("state").GetString() == "open" && LiveHost.Until(p) == instant)
            .Select(p => p.GetProperty("id").GetString()!).ToArray();
        Assert.True(closing.Length > 0, $"None of the ten pharmacies nearest to the middle of Paris closes at {instant}.");
        return closing[0];
    }
}
