using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Configuration;
using Realtime.Web.Edge;

namespace Realtime.Tests.Edge;

public sealed class OpsTests(ITestOutputHelper output) : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";

    private readonly string _data = Directory.CreateTempSubdirectory("realtime-ops-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Metrics_answer_on_a_listener_of_their_own_and_name_nobody_and_nothing_of_the_product_answers_there()
    {
        var port = RealtimeHost.FreePort();
        using var web = ProductProcess.Web(_data, demo: true, out var client, ("Realtime__OpsUrl", $"http://127.0.0.1:{port}"));
        using var ops = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using (client)
        {
            await client.WaitUntilReady(TimeSpan.FromSeconds(30));
            await using (var hub = new HubConnectionBuilder().WithUrl(new Uri(client.BaseAddress!, "/hubs/live")).Build())
            {
                await hub.StartAsync();
                await hub.InvokeAsync<object>("WatchPharmacy", "990000010");
            }
            foreach (var path in new[] { "/api/v1/pharmacies/990000010", "/api/v1/pharmacies/nearest?lat=48.8566&lon=2.3522", "/api/v1/towns?q=paris", "/api/v1/nothing/secret-0001", "/metrics" })
                await Status(client, path);
            using (var brew = new HttpRequestMessage(new HttpMethod("BREW-secret"), "/api/v1/services"))
                await client.SendAsync(brew);

            var metrics = await ops.GetStringAsync("/metrics");

            output.WriteLine($"{Lines(metrics).Length} lines of metrics, {Lines(metrics).Select(l => l.Split('{', ' ')[0]).Distinct().Count()} names");
            foreach (var name in new[] { "http_server_request_duration_seconds", "kestrel_active_connections", "signalr_server_connection_duration", "orleans_", "dotnet_" })
                Assert.Contains(name, metrics, StringComparison.Ordinal);
            Assert.Contains("http_route=\"/api/v1/pharmacies/{id}\"", metrics, StringComparison.Ordinal);
            Assert.Equal([], Strays(metrics));
            foreach (var secret in new[] { "990000010", "127.0.0.1", "48.85", "secret", "paris", $"{port}\"" })
                Assert.DoesNotContain(secret, metrics, StringComparison.OrdinalIgnoreCase);

            Assert.Equal(HttpStatusCode.NotFound, await Status(client, "/metrics"));
            Assert.Equal(HttpStatusCode.NotFound, await Status(client, "/metrics", host: $"127.0.0.1:{port}"));
            foreach (var path in new[] { "/", "/api/v1/services", "/hubs/live", "/docs/", "/openapi/v1.json", "/favicon.ico", "/connect/token" })
                Assert.Equal((path, HttpStatusCode.NotFound), (path, await Status(ops, path, host: client.BaseAddress!.Authority)));
            Assert.Equal(HttpStatusCode.OK, await Status(ops, "/health/live"));
            Assert.Equal(HttpStatusCode.OK, await Status(ops, "/health/ready"));
        }
    }

    [Fact]
    public void A_label_that_is_not_on_the_list_is_seen() =>
        Assert.Equal(["client_address"], Strays("# TYPE x counter\nx_total{http_route=\"/a\",client_address=\"10.0.0.1\"} 1 2\n"));

    [Fact]
    public async Task With_a_token_metrics_answer_only_to_who_shows_it()
    {
        var port = RealtimeHost.FreePort();
        using var web = ProductProcess.Web(_data, demo: false, out var client, ("Realtime__OpsUrl", $"http://0.0.0.0:{port}"), ("Realtime__OpsToken", Token));
        using var ops = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using (client)
            await client.WaitUntilReady(TimeSpan.FromSeconds(30));

        Assert.Equal(HttpStatusCode.Unauthorized, await Status(ops, "/metrics"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(ops, "/METRICS", token: Token[..^1] + "0"));
        Assert.Equal(HttpStatusCode.OK, await Status(ops, "/metrics", token: Token));
        Assert.Equal(HttpStatusCode.OK, await Status(ops, "/health/live"));
    }

    [Theory]
    [InlineData("Realtime__OpsToken", "http://0.0.0.0:9464", "")]
    [InlineData("Realtime__OpsToken", "http://ops.example:9464", "")]
    [InlineData("Realtime__OpsToken", "http://127.0.0.1:9464", "short")]
    [InlineData("Realtime__OpsUrl", "banana", "")]
    [InlineData("Realtime__OpsUrl", "http://127.0.0.1:0", "")]
    [InlineData("Realtime__OpsUrl", "http://127.0.0.1:70000", "")]
    [InlineData("Realtime__OpsUrl", "http://localhost:SAME", "")]
    public async Task A_listener_that_would_be_open_to_others_or_is_none_stops_the_start(string named, string url, string token)
    {
        var port = RealtimeHost.FreePort();
        using var web = ProductProcess.Web(_data, demo: false, out var client, ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"),
            ("Realtime__OpsUrl", url.Replace("SAME", $"{port}", StringComparison.Ordinal)), ("Realtime__OpsToken", token));
        client.Dispose();

        var (exitCode, _, errors) = await web.End(TimeSpan.FromSeconds(30));

        Assert.Equal(1, exitCode);
        Assert.StartsWith(named, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("urls", "http://a:1;https://b:2", "http://a:1 https://b:2")]
    [InlineData("http_ports", "80;81", "http://*:80 http://*:81")]
    [InlineData("https_ports", "443", "https://*:443")]
    public void The_listener_joins_the_others_however_they_are_set(string setting, string value, string urls) =>
        Assert.Equal(urls, string.Join(' ', Ops.Urls(new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build())));

    // Labels beside those that are allowed and those of the format itself.
    private static string[] Strays(string metrics)
    {
        var allowed = Ops.Labels.Select(l => l.Replace('.', '_')).Concat(["le", "otel_scope_name", "otel_scope_version", "service_name", "telemetry_sdk_name", "telemetry_sdk_language", "telemetry_sdk_version"]).ToHashSet(StringComparer.Ordinal);
        return [.. Lines(metrics).SelectMany(line => Regex.Matches(line, "[{,](?<name>[a-zA-Z_]+)=\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(m => m.Groups["name"].Value)).Where(name => !allowed.Contains(name)).Distinct()];
    }

    private static string[] Lines(string metrics) => [.. metrics.Split('\n').Where(line => line.Length > 0 && line[0] != '#')];

    private static async Task<HttpStatusCode> Status(HttpClient client, string path, string? host = null, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }
}
