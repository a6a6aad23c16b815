using Microsoft.Playwright;
using Realtime.Tests.Edge;
using static Microsoft.Playwright.Assertions;

namespace Realtime.Tests.Browser;

[Collection(nameof(DemoHost))]
public sealed class ReferenceTests(DemoHost demo, ChromiumFixture chromium) : IClassFixture<ChromiumFixture>
{
    [Fact]
    public async Task The_reference_is_readable_and_loads_nothing_from_elsewhere()
    {
        await using var phone = await chromium.Open(demo.Host.Address, "/docs/");
        await Expect(phone.Page.GetByRole(AriaRole.Heading, new() { Name = "Realtime" }).First).ToBeVisibleAsync(new() { Timeout = 20_000 });
        Assert.Equal([], phone.Complaints);
    }
}
