using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Realtime.Tests.Edge;

namespace Realtime.Tests.Identity;

/// <summary>What a browser is made to send by a page that is not ours.</summary>
[Collection(nameof(DemoHost))]
public sealed class ForgeryGuardTests(DemoHost demo)
{
    [Theory]
    [InlineData("/hubs/counter")]
    [InlineData("/HUBS/counter")]
    [InlineData("/Hubs/COUNTER")]
    [InlineData("/HUBS/live")]
    public async Task A_page_of_another_origin_joins_no_hub_by_a_session_in_whatever_case_it_writes_the_address(string address)
    {
        using var browser = new BrowserSession(demo.Address);
        await browser.SignIn("99900000037");

        Assert.Equal("/problems/forged-request", await TypeOf(browser, address, "http://evil.localhost:25080"));
        Assert.NotEqual("/problems/forged-request", await TypeOf(browser, address, demo.Address.GetLeftPart(UriPartial.Authority)));
    }

    [Theory]
    [InlineData("/api/v1/counter/990000010/pin")]
    [InlineData("/API/v1/counter/990000010/pin")]
    public async Task A_change_by_a_session_carries_the_token_in_whatever_case_its_address_is(string address)
    {
        using var browser = new BrowserSession(demo.Address);
        await browser.SignIn("99900000037");
        browser.Antiforgery = null;

        using var forged = await browser.Send(HttpMethod.Put, address, new { pin = "4711" });

        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal("/problems/forged-request", (await forged.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
    }

    // Asked as a WebSocket begins, by a GET; whoever passes the guard is refused by the hub, for nothing else of a WebSocket is there.
    private async Task<string?> TypeOf(BrowserSession browser, string address, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Cookie", string.Join("; ", browser.Cookies.Select(c => $"{c.Key}={c.Value}")));
        request.Headers.Add("Origin", origin);
        using var answer = await demo.Client.SendAsync(request);
        return answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString() : null;
    }
}
