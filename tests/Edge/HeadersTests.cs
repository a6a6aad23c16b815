using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Realtime.Tests.Edge;

[Collection(nameof(DemoHost))]
public sealed class HeadersTests(DemoHost demo)
{
    private static readonly Dictionary<string, string> Everywhere = new(StringComparer.Ordinal)
    {
        ["X-Content-Type-Options"] = "nosniff",
        ["X-Frame-Options"] = "DENY",
        ["Referrer-Policy"] = "same-origin",
        ["Cross-Origin-Opener-Policy"] = "same-origin",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
        ["Permissions-Policy"] = "geolocation=self, camera=(), microphone=(), display-capture=(), payment=(), usb=()",
    };

    private const string Strict = "default-src 'self'; connect-src 'self'; img-src 'self' data:; script-src 'self'; style-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Every kind of answer: its method, its address, its status and what caches may do with it (null: any).</summary>
    public static TheoryData<string, string, int, string?> Answers => new()
    {
        { "GET", "/", 200, "no-cache" },
        { "HEAD", "/", 200, "no-cache" },
        { "GET", "/favicon.ico", 200, null },
        { "GET", "/openapi/v1.json", 200, null },
        { "GET", "/health/live", 200, "no-store, no-cache" },
        { "GET", "/api/v1/pharmacies/nearest?lat=48.85&lon=2.35", 200, "no-store" },
        { "GET", "/api/v1/towns?q=paris", 200, "public, max-age=86400" },
        { "GET", "/api/v1/services", 200, null },
        { "POST", "/api/v1/hours/preview", 200, "no-store" },
        { "GET", "/api/v1/services?x=1", 400, "no-store" },
        { "GET", "/api/v1/nothing", 404, "no-store" },
        { "GET", "/nowhere", 404, "no-store" },
        { "GET", "/connect/nothing", 404, "no-store" },
        { "DELETE", "/api/v1/services", 405, "no-store" },
        { "POST", "/hubs/live/negotiate?negotiateVersion=1", 200, "no-store" },
        { "GET", "/hubs/live?id=nobody", 404, "no-store" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_answer_tells_browsers_to_trust_nothing_that_is_not_ours(string method, string address, int status, string? caching)
    {
        using var answer = await Send(method, address);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        AssertHeaders(answer);
        Assert.Equal(Strict, Header(answer, "Content-Security-Policy"));
        if (caching is not null)
            Assert.Contains(caching.Split(", ")[0], Header(answer, "Cache-Control"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_breaks_inside_has_the_same_headers()
    {
        await using var host = await RealtimeHost.Start(demo: false, services: services => services.AddTransient<IStartupFilter, BrokenEndpoint>());
        using var answer = await host.Client.GetAsync(BrokenEndpoint.Address);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        AssertHeaders(answer);
        Assert.Equal(Strict, Header(answer, "Content-Security-Policy"));
        Assert.StartsWith("no-store", Header(answer, "Cache-Control"), StringComparison.Ordinal);
        Assert.DoesNotContain(BrokenEndpoint.Secret, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_of_the_pages_has_them()
    {
        var page = await demo.Client.GetStringAsync("/");
        var files = Regex.Matches(page, """(?:src|href)="(?<path>/[^"]+)" """.TrimEnd(), RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(m => m.Groups["path"].Value).ToArray();

        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            using var answer = await Send("GET", file);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            AssertHeaders(answer);
        }
    }

    [Fact]
    public async Task The_reference_admits_its_own_inline_script_by_a_nonce_that_is_new_each_time()
    {
        using var first = await Send("GET", "/docs/");
        using var second = await Send("GET", "/docs/");

        AssertHeaders(first);
        var policy = Header(first, "Content-Security-Policy");
        var nonce = Regex.Match(policy, "script-src 'self' 'nonce-(?<nonce>[^']{20,})';", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["nonce"].Value;
        Assert.NotEmpty(nonce);
        Assert.DoesNotContain(nonce, Header(second, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains($"nonce=\"{nonce}\"", WebUtility.HtmlDecode(await first.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/services")]
    public async Task Without_https_nothing_is_promised_about_https(string address)
    {
        using var answer = await Send("GET", address);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    private static void AssertHeaders(HttpResponseMessage answer)
    {
        foreach (var (name, value) in Everywhere)
            Assert.Equal((name, value), (name, Header(answer, name)));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("X-Powered-By"));
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";

    private async Task<HttpResponseMessage> Send(string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (method == "POST")
            request.Content = new StringContent("""{ "hours": "24/7", "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""", Encoding.UTF8, "application/json");
        return await demo.Client.SendAsync(request);
    }
}
