using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Realtime.Tests.Edge;
using static Microsoft.Playwright.Assertions;

namespace Realtime.Tests.Browser;

/// <summary>The page that shows how far people are from who serves, in a real browser.</summary>
public sealed class CoveragePageTests(DemoHost demo, ChromiumFixture chromium, ITestOutputHelper output) : IClassFixture<DemoHost>, IClassFixture<ChromiumFixture>
{
    [Fact]
    public async Task The_country_is_a_map_and_a_table_and_so_is_a_department_that_is_chosen()
    {
        await using var desk = await chromium.Open(demo.Address, "/coverage", width: 1280);
        await Expect(desk.Page.GetByRole(AriaRole.Heading, new() { Name = "Toute la France" })).ToBeVisibleAsync();
        await Expect(desk.Page.GetByRole(AriaRole.Row, new() { Name = "2A Corse-du-Sud" })).ToHaveCountAsync(1);
        await Expect(desk.Page.GetByLabel("Carte des départements")).ToBeVisibleAsync();
        Assert.Empty(await desk.Violations());
        await Picture(desk, "couverture-france");

        await desk.Page.GetByRole(AriaRole.Combobox).SelectOptionAsync("29");
        await Expect(desk.Page.GetByRole(AriaRole.Heading, new() { Name = "29 Finistère" })).ToBeVisibleAsync();
        var communes = await Communes("?department=29");
        await Expect(desk.Page.Locator("tbody tr")).ToHaveCountAsync(communes);
        await Expect(desk.Page.Locator("figure > svg > g")).ToHaveCountAsync(communes);
        Assert.EndsWith("/coverage?department=29", desk.Page.Url, StringComparison.Ordinal);
        Assert.Empty(await desk.Violations());
        Assert.Empty(desk.Complaints);
        await Picture(desk, "couverture-finistere");
    }

    [Fact]
    public async Task Another_instant_in_English_on_a_dark_phone_and_back_to_now()
    {
        await using var phone = await chromium.Open(demo.Address, "/coverage?department=2A&at=2027-01-05T03:00", locale: "en-GB", dark: true);
        await Expect(phone.Page.GetByText("5 January 2027 at 03:00")).ToBeVisibleAsync();
        await Expect(phone.Page.GetByText("Take these figures with you")).ToBeVisibleAsync();
        Assert.Equal("/api/v1/coverage?at=2027-01-05T02%3A00%3A00.000Z&department=2A&format=csv", await phone.Page.GetByRole(AriaRole.Link, new() { Name = "CSV" }).GetAttributeAsync("href"));
        Assert.Empty(await phone.Violations());
        await Picture(phone, "couverture-nuit-en");

        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Now" }).TapAsync();
        await Expect(phone.Page.GetByText("5 January 2027 at 03:00")).ToHaveCountAsync(0);
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Français" }).TapAsync();
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Couverture" })).ToBeVisibleAsync();
        Assert.Empty(phone.Complaints);
    }

    private async Task<int> Communes(string query)
    {
        using var client = new HttpClient { BaseAddress = demo.Address };
        return (await client.GetFromJsonAsync<JsonElement>($"/api/v1/coverage{query}")).GetProperty("communes").GetArrayLength();
    }

    private async Task Picture(Phone phone, string name)
    {
        var path = Path.Combine(Path.GetTempPath(), "realtime-pages", $"{name}.png");
        await phone.Page.ScreenshotAsync(new() { Path = path, FullPage = true });
        output.WriteLine(path);
    }
}
