using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Realtime.Tests.Edge;

/// <summary>A node that holds its callers to small rates, behind a proxy that is this test: whoever calls says where from, and which client it is.</summary>
public sealed class StrictHost : IAsyncLifetime
{
    public const int AtOnce = 40;
    public const int HubAtOnce = 4;
    public const int Connections = 2;

    private int _address;

    public RealtimeHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await RealtimeHost.Start(demo: false, settings: new Dictionary<string, string>
    {
        ["Realtime:RateLimits"] = "true",
        ["Realtime:CallsAtOnce"] = $"{AtOnce}",
        ["Realtime:CallsPerMinute"] = "12",
        ["Realtime:SignInsAtOnce"] = "2",
        ["Realtime:SignInsPerMinute"] = "6",
        ["Realtime:HubCallsAtOnce"] = $"{HubAtOnce}",
        ["Realtime:HubCallsPerMinute"] = "60",
        ["Realtime:HubConnections"] = $"{Connections}",
        ["Realtime:Proxies"] = "10.9.8.0/24, 127.0.0.1",
    }, services: services => services.AddTransient<IStartupFilter, SignedIn>());

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>An address that nobody has called from.</summary>
    public string NewAddress() => $"203.0.{Interlocked.Increment(ref _address)}.7";

    public async Task<HttpResponseMessage> Call(string from, string address = "/api/v1/services", string? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("X-Forwarded-For", from);
        if (client is not null)
            request.Headers.Add(SignedIn.Header, client);
        return await Host.Client.SendAsync(request);
    }

    public async Task<HttpStatusCode[]> Calls(int count, string from, string address = "/api/v1/services", string? client = null)
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < count; i++)
        {
            using var answer = await Call(from, address, client);
            statuses.Add(answer.StatusCode);
        }
        return [.. statuses];
    }

    /// <summary>Stands for any authentication: a header says who calls.</summary>
    private sealed class SignedIn : IStartupFilter
    {
        public const string Header = "X-Test-Client";

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                if (context.Request.Headers[Header] is [{ } claim, ..] && claim.Split('=') is [{ } type, { } value])
                    context.User = new(new ClaimsIdentity([new(type, value)], authenticationType: "test"));
                return rest(context);
            });
            next(app);
        };
    }
}

public sealed class RateLimitsTests(StrictHost strict) : IClassFixture<StrictHost>
{
    [Fact]
    public async Task Calls_beyond_the_quota_are_429_with_when_to_come_back_and_do_not_touch_others()
    {
        var (eager, other) = (strict.NewAddress(), strict.NewAddress());
        Assert.All(await strict.Calls(StrictHost.AtOnce, eager), status => Assert.Equal(HttpStatusCode.OK, status));

        using var refused = await strict.Call(eager);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 5);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Contains("/problems/too-many-requests", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("no-store", string.Join(", ", refused.Headers.GetValues("Cache-Control")));
        Assert.Equal([HttpStatusCode.OK], await strict.Calls(1, other));
    }

    [Fact]
    public async Task Every_answer_says_the_quota_and_what_is_left_of_it()
    {
        var address = strict.NewAddress();
        for (var left = StrictHost.AtOnce - 1; left >= -1; left--)
        {
            using var answer = await strict.Call(address);
            Assert.Equal("\"default\";q=40;w=200", answer.Headers.GetValues("RateLimit-Policy").Single());
            var standing = Regex.Match(answer.Headers.GetValues("RateLimit").Single(), "^\"default\";r=(?<r>[0-9]+);t=(?<t>[0-9]+)$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
            Assert.Equal(Math.Max(0, left), int.Parse(standing.Groups["r"].Value, CultureInfo.InvariantCulture));
            Assert.Equal((StrictHost.AtOnce - Math.Max(0, left)) * 5, int.Parse(standing.Groups["t"].Value, CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData("/api/v1/pharmacies/nearest?lat=48&lon=2", 1)]
    [InlineData("/api/v1/pharmacies/nearest?lat=48&lon=2&at=2027-01-12T10:00:00Z", 10)]
    [InlineData("/API/v1/pharmacies/nearest?lat=48&lon=2&AT=2027-01-12T10:00:00Z", 10)]
    [InlineData("/api/v1/pharmacies?bbox=2,48,3,49", 3)]
    [InlineData("/api/v1/pharmacies?bbox=2,48,3,49&at=2027-01-12T10:00:00Z", 10)]
    public async Task A_call_that_keeps_the_node_busy_counts_for_several(string address, int calls)
    {
        var from = strict.NewAddress();

        using var answer = await strict.Call(from, address);

        Assert.StartsWith($"\"default\";r={StrictHost.AtOnce - calls};", answer.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);
        var most = StrictHost.AtOnce / calls;
        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, await strict.Calls(most - 1, from, address));
        Assert.Equal([HttpStatusCode.TooManyRequests], await strict.Calls(1, from, address));
    }

    [Fact]
    public async Task A_caller_that_waits_as_long_as_it_is_told_is_answered_again()
    {
        var address = strict.NewAddress();
        await strict.Calls(StrictHost.AtOnce, address);
        using var refused = await strict.Call(address);

        await Task.Delay(refused.Headers.RetryAfter!.Delta!.Value + TimeSpan.FromMilliseconds(500));

        Assert.Contains(HttpStatusCode.OK, await strict.Calls(1, address));
    }

    [Fact]
    public async Task Addresses_of_one_64_bit_network_share_a_quota()
    {
        await strict.Calls(StrictHost.AtOnce, "2001:db8:1:2::1");

        Assert.Equal([HttpStatusCode.TooManyRequests], await strict.Calls(1, "2001:db8:1:2:ffff:ffff:ffff:ffff"));
        Assert.Equal([HttpStatusCode.OK], await strict.Calls(1, "2001:db8:1:3::1"));
    }

    [Theory]
    [InlineData("sub=anna", "sub=bert")]
    [InlineData("client_id=lgo-1", "client_id=lgo-2")]
    public async Task Clients_that_have_signed_in_have_quotas_of_their_own_wherever_they_call_from(string one, string other)
    {
        var address = strict.NewAddress();
        await strict.Calls(StrictHost.AtOnce, address, client: one);

        Assert.Equal([HttpStatusCode.TooManyRequests], await strict.Calls(1, strict.NewAddress(), client: one));
        Assert.Equal([HttpStatusCode.OK], await strict.Calls(1, address, client: other));
        Assert.Equal([HttpStatusCode.OK], await strict.Calls(1, address));
    }

    [Theory]
    [InlineData("/connect/token")]
    [InlineData("/signin/oidc")]
    public async Task What_signs_in_is_held_to_a_stricter_quota_whoever_calls(string address)
    {
        var from = strict.NewAddress();

        HttpStatusCode[] first = [.. await strict.Calls(1, from, address, "sub=carl"), .. await strict.Calls(1, from, address, "sub=dora")];
        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, first);
        Assert.Equal([HttpStatusCode.TooManyRequests], await strict.Calls(1, from, address.ToUpperInvariant(), "sub=emil"));
        Assert.Equal([HttpStatusCode.OK], await strict.Calls(1, from));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/favicon.ico")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Pages_and_health_are_not_limited(string address)
    {
        var from = strict.NewAddress();
        await strict.Calls(StrictHost.AtOnce + 1, from);

        Assert.All(await strict.Calls(20, from, address), status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Fact]
    public async Task A_hub_call_too_many_is_refused_and_the_connection_stays()
    {
        await using var connection = await Connect(strict.NewAddress());
        await using var other = await Connect(strict.NewAddress());
        for (var i = 0; i < StrictHost.HubAtOnce; i++)
            await connection.InvokeAsync<object>("WatchNearest", 48.85, 2.35, 1);

        var refused = await Assert.ThrowsAsync<HubException>(() => connection.InvokeAsync<object>("WatchNearest", 48.85, 2.35, 1));

        Assert.Contains("too-many-requests: ", refused.Message, StringComparison.Ordinal);
        await other.InvokeAsync<object>("WatchNearest", 48.85, 2.35, 1);
        await Task.Delay(2_000);
        await connection.InvokeAsync<object>("WatchNearest", 48.85, 2.35, 1);
    }

    [Fact]
    public async Task All_connections_of_an_address_together_are_held_to_its_rate()
    {
        var (address, other) = (strict.NewAddress(), strict.NewAddress());
        HubException? refused = null;
        var answered = 0;
        // Each connection has a rate of its own, and ends before that is used up.
        for (var i = 0; i < StrictHost.AtOnce / 2 && refused is null; i++)
        {
            await using var connection = await Connect(address);
            for (var call = 0; call < StrictHost.HubAtOnce && refused is null; call++)
                try
                {
                    await connection.InvokeAsync<object>("WatchPharmacy", "750020927");
                }
                catch (HubException e) when (e.Message.Contains("too-many-requests", StringComparison.Ordinal))
                {
                    refused = e;
                }
                catch (HubException e) when (e.Message.Contains("unknown-pharmacy", StringComparison.Ordinal))
                {
                    answered++;
                }
        }

        Assert.Contains("from this address or by this client", Assert.IsType<HubException>(refused).Message, StringComparison.Ordinal);
        Assert.InRange(answered, StrictHost.AtOnce, StrictHost.AtOnce + 5);
        await using var elsewhere = await Connect(other);
        await elsewhere.InvokeAsync<object>("WatchNearest", 48.85, 2.35, 1);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task An_address_may_hold_so_many_hub_connections_and_gets_back_those_it_ends(HttpTransportType transport)
    {
        var address = strict.NewAddress();
        await using var first = await Connect(address, transport);
        await using var second = await Connect(address, transport);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => Connect(address, transport));

        Assert.Contains("429", refused.ToString(), StringComparison.Ordinal);
        // Not for want of calls.
        Assert.Equal([HttpStatusCode.OK], await strict.Calls(1, address));
        await using var elsewhere = await Connect(strict.NewAddress(), transport);
        await first.DisposeAsync();
        await using var again = await ConnectSoon(address, transport);
    }

    [Fact]
    public async Task An_address_that_a_stranger_claims_is_not_believed()
    {
        await using var host = await RealtimeHost.Start(demo: false, settings: new Dictionary<string, string>
        {
            ["Realtime:RateLimits"] = "true",
            ["Realtime:CallsAtOnce"] = "3",
            ["Realtime:CallsPerMinute"] = "6",
            ["Realtime:Proxies"] = "10.9.8.7",
        });
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/services");
            request.Headers.Add("X-Forwarded-For", strict.NewAddress());
            using var answer = await host.Client.SendAsync(request);
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
    }

    [Fact]
    public async Task Of_a_row_of_proxies_only_the_trusted_end_is_believed()
    {
        var (behind, claimed) = (strict.NewAddress(), strict.NewAddress());
        // The caller itself wrote the first address; the trusted proxy 10.9.8.7 saw the second.
        await strict.Calls(StrictHost.AtOnce, $"{claimed}, {behind}, 10.9.8.7");

        Assert.Equal([HttpStatusCode.TooManyRequests], await strict.Calls(1, $"{strict.NewAddress()}, {behind}"));
        Assert.Equal([HttpStatusCode.OK], await strict.Calls(1, claimed));
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_that_speaks_https_browsers_are_told_to_keep_to_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("X-Forwarded-For", strict.NewAddress());
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "pharmacies.example");

        using var answer = await strict.Host.Client.SendAsync(request);

        Assert.Equal("max-age=31536000", string.Join(", ", answer.Headers.GetValues("Strict-Transport-Security")));
    }

    private async Task<HubConnection> Connect(string from, HttpTransportType transport = HttpTransportType.WebSockets)
    {
        var connection = new HubConnectionBuilder().WithUrl(new Uri(strict.Host.Address, "/hubs/live"), transport, http => (http.Headers["X-Forwarded-For"], http.SkipNegotiation) = (from, transport == HttpTransportType.WebSockets)).Build();
        try
        {
            await connection.StartAsync();
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
        return connection;
    }

    // The end of a connection takes the server a moment.
    private async Task<HubConnection> ConnectSoon(string from, HttpTransportType transport)
    {
        for (var patience = 0; ; patience++)
            try
            {
                return await Connect(from, transport);
            }
            catch (Exception e) when (patience < 3 && e.ToString().Contains("429", StringComparison.Ordinal))
            {
                await Task.Delay(300);
            }
    }
}
