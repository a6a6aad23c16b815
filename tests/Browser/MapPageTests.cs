using Microsoft.Playwright;
using NodaTime;
using Realtime.Tests.Live;
using static Microsoft.Playwright.Assertions;

namespace Realtime.Tests.Browser;

/// <summary>The map beside the list, in a real browser, against the whole product.</summary>
[Collection(nameof(LiveHost))]
public sealed class MapPageTests(LiveHost live, ChromiumFixture chromium, ITestOutputHelper output) : IClassFixture<ChromiumFixture>
{
    private const string Fetched = "performance.getEntriesByType('resource').map(e => new URL(e.name).pathname)";

    [Fact]
    public async Task The_map_is_fetched_when_it_is_opened_shows_whom_the_list_names_and_asks_nobody_else()
    {
        await live.BeforeEvening(Duration.FromHours(3));
        await using var phone = await chromium.Open(live.Host.Address, "/?town=Nantes");
        await Expect(phone.Page.GetByRole(AriaRole.Article)).ToHaveCountAsync(10);
        var listed = await phone.Page.GetByRole(AriaRole.Article).EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.pharmacy)");
        Assert.DoesNotContain(await phone.Page.EvaluateAsync<string[]>(Fetched), path => path.Contains("Map", StringComparison.Ordinal));

        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Carte" }).TapAsync();
        await Expect(Marks(phone)).ToHaveCountAsync(listed.Length, new() { Timeout = 20_000 });
        Assert.Equal(listed, await Marks(phone).EvaluateAllAsync<string[]>("marks => marks.map(mark => mark.dataset.mark)"));
        Assert.Contains(await phone.Page.EvaluateAsync<string[]>(Fetched), path => path.Contains("NearestMap", StringComparison.Ordinal));
        var said = await Marks(phone).First.GetAttributeAsync("aria-label") ?? "";
        Assert.StartsWith("Pharmacie ", said, StringComparison.Ordinal);
        Assert.Contains(", Ouverte, ferme", said, StringComparison.Ordinal);
        await Drawn(phone);

        await Marks(phone).Nth(4).DispatchEventAsync("click");
        await Expect(Marks(phone).Nth(4)).ToHaveAttributeAsync("aria-current", "true");
        await Expect(phone.Page.GetByRole(AriaRole.Article).First).ToHaveAttributeAsync("data-pharmacy", listed[4]);
        Assert.Empty(await phone.Violations());
        await Picture(phone, "carte");
        Assert.Empty(Complaints(phone));
    }

    [Fact]
    public async Task Keys_alone_go_through_the_marks_and_out_of_the_map_again()
    {
        await live.BeforeEvening(Duration.FromHours(3));
        await using var desk = await chromium.Open(live.Host.Address, "/?town=Pointe-à-Pitre&show=all", locale: "en-GB", dark: true, width: 1280);
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Map" }).ClickAsync();
        await Expect(Marks(desk)).ToHaveCountAsync(10, new() { Timeout = 20_000 });
        await Drawn(desk);
        await Expect(desk.Page.Locator("canvas")).ToHaveAccessibleNameAsync("Map: the list names the same pharmacies");

        await Marks(desk).First.FocusAsync();
        for (var i = 1; i < 10; i++)
            await desk.Page.Keyboard.PressAsync("Tab");
        await Expect(Marks(desk).Nth(9)).ToBeFocusedAsync();
        await desk.Page.Keyboard.PressAsync("Enter");
        await Expect(Marks(desk).Nth(9)).ToHaveAttributeAsync("aria-current", "true");
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).FocusAsync();
        Assert.Empty(await desk.Violations());
        await Picture(desk, "carte-en-bureau-sombre");
        await desk.Page.Keyboard.PressAsync("Tab");
        Assert.False(await desk.Page.EvaluateAsync<bool>("document.activeElement.closest('.frame') !== null"));
        Assert.Empty(Complaints(desk));
    }

    private static ILocator Marks(Phone phone) => phone.Page.Locator("[data-mark]");

    private static Task Drawn(Phone phone) => Expect(phone.Page.Locator(".frame .loading")).ToHaveCountAsync(0, new() { Timeout = 20_000 });

    // A graphics driver without a graphics card says that it is slow when its picture is looked at.
    private static IEnumerable<string> Complaints(Phone phone) => phone.Complaints.Where(one => !one.Contains("GL Driver Message", StringComparison.Ordinal));

    private async Task Picture(Phone phone, string name)
    {
        var path = Path.Combine(Path.GetTempPath(), "realtime-pages", $"{name}.png");
        // A picture of towns is drawn when their names are: nothing says so.
        await phone.Page.WaitForTimeoutAsync(500);
        await phone.Page.ScreenshotAsync(new() { Path = path });
        output.WriteLine(path);
    }
}
