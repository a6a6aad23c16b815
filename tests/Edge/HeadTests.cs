using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Realtime.Tests.Edge;

[Collection(nameof(DemoHost))]
public sealed class HeadTests(DemoHost demo)
{
    [Theory]
    [InlineData("/api/v1/pharmacies/nearest?lat=48.85&lon=2.35")]
    [InlineData("/api/v1/pharmacies/990000010")]
    [InlineData("/api/v1/pharmacies?bbox=2.2,48.8,2.3,48.9")]
    [InlineData("/api/v1/services")]
    [InlineData("/api/v1/towns?q=")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/")]
    [InlineData("/health/ready")]
    [InlineData("/")]
    public async Task A_HEAD_is_answered_as_the_GET_is_without_the_body(string address)
    {
        using var get = await demo.Client.GetAsync(address);
        using var head = await demo.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, address));

        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Headers.CacheControl, head.Headers.CacheControl);
        // A length is either the one of the GET's body or, where that is sent in pieces, not told. The reference is made anew for each request, around a nonce.
        if (address != "/docs/" && head.Content.Headers.ContentLength is { } length)
            Assert.Equal((await get.Content.ReadAsByteArrayAsync()).Length, length);
    }

    [Fact]
    public async Task Nothing_follows_the_head_on_the_wire()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(demo.Host.Address.Host, demo.Host.Address.Port);
        await using var wire = client.GetStream();
        await wire.WriteAsync(Encoding.ASCII.GetBytes($"HEAD /api/v1/services HTTP/1.1\r\nHost: {demo.Host.Address.Authority}\r\nConnection: close\r\n\r\n"));

        var answer = await new StreamReader(wire).ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Single(answer.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("/hubs/live")]
    [InlineData("/HUBS/live")]
    public async Task A_HEAD_takes_nothing_from_a_hub_in_whatever_case_its_address_is(string address)
    {
        using var negotiated = await demo.Client.PostAsync($"{address}/negotiate?negotiateVersion=1", null);
        var token = (await negotiated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("connectionToken").GetString();

        using var head = await demo.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"{address}?id={token}"));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, head.StatusCode);
    }

    [Theory]
    [InlineData("HEAD", "/api/v1/hours/preview", "POST")]
    [InlineData("DELETE", "/api/v1/services", "GET, HEAD")]
    [InlineData("BREW", "/api/v1/services", "GET, HEAD")]
    public async Task A_method_that_is_not_taken_is_a_405_that_lists_those_that_are(string method, string address, string allowed)
    {
        using var answer = await demo.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), address));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow));
    }
}
