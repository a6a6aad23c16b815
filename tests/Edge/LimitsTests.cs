using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Realtime.Web.Edge;

namespace Realtime.Tests.Edge;

[Collection(nameof(DemoHost))]
public sealed class LimitsTests(DemoHost demo)
{
    private const string Preview = "/api/v1/hours/preview";
    private const string Good = """{ "hours": "24/7", "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""";

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("gzip, identity")]
    [InlineData("nonsense")]
    public async Task A_compressed_body_is_refused_with_415_and_what_is_taken_instead(string coding)
    {
        using var answer = await Post(Good, coding);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal("identity", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")));
        Assert.Contains("Content-Encoding", (await Problem(answer)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8", 200)]
    [InlineData("\"UTF-8\"", 200)]
    [InlineData("utf-16", 415)]
    [InlineData("nonsense", 415)]
    public async Task A_body_in_another_charset_than_UTF_8_is_refused_with_415(string charset, int status)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Good));
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");
        using var answer = await demo.Client.PostAsync(Preview, content);
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_says_it_is_not_compressed_is_read()
    {
        using var answer = await Post(Good, "identity");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_form_with_a_field_that_is_too_long_is_a_400()
    {
        using var answer = await demo.Client.PostAsync("/connect/token", new StringContent(new string('x', 5_000), Encoding.UTF8, "application/x-www-form-urlencoded"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.EndsWith("invalid-request", (await Problem(answer)).GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_deeper_than_32_levels_is_a_400()
    {
        using var answer = await Post($$"""{ "hours": "24/7", "zone": {{new string('[', 40)}}{{new string(']', 40)}} }""");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_member_that_comes_twice_is_a_400_that_names_it()
    {
        using var answer = await Post(Good.Replace("{ ", """{ "zone": "America/Cayenne", """, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = (await Problem(answer)).GetProperty("errors").EnumerateObject().Single();
        Assert.Equal("$.zone", error.Name);
        Assert.Contains("twice", error.Value[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("two types", 400)]
    [InlineData("a host of 300 letters", 400)]
    [InlineData("one header of 20 KB", 431)]
    [InlineData("100 headers", 431)]
    [InlineData("a line of 9 KB", 414)]
    public async Task A_head_that_is_too_large_or_says_two_things_is_refused(string kind, int status)
    {
        var head = kind switch
        {
            "one header of 20 KB" => $"GET /api/v1/services HTTP/1.1\r\nHost: x\r\nX: {new string('x', 20_000)}\r\n",
            "two types" => "POST /connect/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Type: a/b\r\nContent-Length: 0\r\n",
            "a host of 300 letters" => $"GET /connect/authorize HTTP/1.1\r\nHost: {new string('h', 300)}\r\n",
            "100 headers" => $"GET /api/v1/services HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 100).Select(i => $"X{i}: y\r\n"))}",
            _ => $"GET /api/v1/services?x={new string('x', 9_000)} HTTP/1.1\r\nHost: x\r\n",
        };
        using var client = await Wire();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + "Connection: close\r\n\r\n"));

        Assert.StartsWith($"HTTP/1.1 {status}", await FirstLine(client), StringComparison.Ordinal);
    }

    [Fact]
    public void Little_is_kept_of_a_body_that_nobody_has_begun_to_read()
    {
        // Of plain connections the sockets keep what has arrived, a megabyte of each where nobody says otherwise; Kestrel's own limit is behind TLS.
        Assert.Equal(Limits.LargestUnread, demo.Host.Services.GetRequiredService<IOptions<SocketTransportOptions>>().Value.MaxReadBufferSize);
        Assert.Equal(Limits.LargestUnread, demo.Host.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestBufferSize);
    }

    [Fact]
    public async Task What_does_not_arrive_in_time_is_cut_with_408()
    {
        var cut = await Task.WhenAll(
            Trickle($"POST {Preview} HTTP/1.1\r\nHost: {demo.Host.Address.Authority}\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{{"),
            Trickle("GET / HTTP/1.1\r\nHost: x\r\nX: "));

        Assert.All(cut, line => Assert.StartsWith("HTTP/1.1 408", line, StringComparison.Ordinal));
    }

    // Writes a byte every half second until there is an answer.
    private async Task<string> Trickle(string beginning)
    {
        using var client = await Wire();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(beginning));
        var answer = FirstLine(client);
        for (var i = 0; i < 50 && !answer.IsCompleted; i++)
        {
            await client.GetStream().WriteAsync(" "u8.ToArray());
            await Task.WhenAny(answer, Task.Delay(500));
        }
        return await answer.WaitAsync(TimeSpan.FromSeconds(5));
    }

    private async Task<TcpClient> Wire()
    {
        var client = new TcpClient();
        await client.ConnectAsync(demo.Host.Address.Host, demo.Host.Address.Port);
        return client;
    }

    private static async Task<string> FirstLine(TcpClient client) => await new StreamReader(client.GetStream(), Encoding.ASCII).ReadLineAsync() ?? "";

    private static async Task<JsonElement> Problem(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private async Task<HttpResponseMessage> Post(string body, string? coding = null)
    {
        using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (coding is not null)
            content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        return await demo.Client.PostAsync(Preview, content);
    }
}
