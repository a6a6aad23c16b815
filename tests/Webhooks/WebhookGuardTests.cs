using System.Net;
using System.Net.Sockets;
using Realtime.Webhooks;

namespace Realtime.Tests.Webhooks;

/// <summary>Nobody has this service call what only it can reach.</summary>
public sealed class WebhookGuardTests
{
    private static readonly WebhookGuard Guard = new(allowsPrivate: false);

    public static TheoryData<string> NotPublic =>
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.1", "168.63.129.16", "169.254.0.1", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "192.175.48.1",
        "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1", "100::1", "2001::1", "2001:0:4136:e378::1",
        "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "2002:a00:1::", "2002:808:808::1", "2620:4f:8000::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1",
        "fe80::1%1", "fec0::1", "ff02::1", "4000::1",
    ];

    [Theory]
    [MemberData(nameof(NotPublic))]
    public void An_address_that_is_not_everybodys_is_refused(string text)
    {
        Assert.False(PublicAddresses.Has(IPAddress.Parse(text)));
        var host = text.Contains(':', StringComparison.Ordinal) ? $"[{text}]" : text;
        Assert.NotNull(Guard.Refuse($"https://{host}/hooks"));
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2001:200::1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a01:e0a::1")]
    public void One_that_is_everybodys_is_not(string text) => Assert.True(PublicAddresses.Has(IPAddress.Parse(text)));

    [Theory]
    [InlineData("https://hooks.example.com/a", null)]
    [InlineData("https://hooks.example.com:8443/a?b=c", null)]
    [InlineData("https://hooks.example.com:1025/", null)]
    [InlineData("https://8.8.8.8/", null)]
    [InlineData("https://pharmacie-été.example.com/", null)]
    [InlineData("http://hooks.example.com/", AddressFault.NotHttps)]
    [InlineData("http://localhost/", AddressFault.NotHttps)]
    [InlineData("ftp://hooks.example.com/", AddressFault.NotHttps)]
    [InlineData("file:///etc/passwd", AddressFault.NoUrl)]
    [InlineData("hooks.example.com", AddressFault.NoUrl)]
    [InlineData("", AddressFault.NoUrl)]
    [InlineData("https://", AddressFault.NoUrl)]
    [InlineData("https://hooks.example.com/ a", AddressFault.NoUrl)]
    [InlineData("https://hooks.example.com\\@127.0.0.1/", AddressFault.NoUrl)]
    [InlineData("https://a:b@hooks.example.com/", AddressFault.Parts)]
    [InlineData("https://@hooks.example.com/", AddressFault.Parts)]
    [InlineData("https://hooks.example.com/#a", AddressFault.Parts)]
    [InlineData("https://hooks.example.com:22/", AddressFault.Port)]
    [InlineData("https://hooks.example.com:80/", AddressFault.Port)]
    [InlineData("https://hooks.example.com:1024/", AddressFault.Port)]
    [InlineData("https://localhost/", AddressFault.NotPublic)]
    [InlineData("https://localhost./", AddressFault.NotPublic)]
    [InlineData("https://silo/", AddressFault.NotPublic)]
    [InlineData("https://db.internal/", AddressFault.NotPublic)]
    [InlineData("https://printer.local/", AddressFault.NotPublic)]
    [InlineData("https://2130706433/", AddressFault.NotPublic)]
    [InlineData("https://0x7f.1/", AddressFault.NotPublic)]
    [InlineData("https://0177.0.0.1/", AddressFault.NotPublic)]
    [InlineData("https://127.1/", AddressFault.NotPublic)]
    public void What_is_registered_is_an_https_address_on_the_public_Internet(string url, object? fault) => Assert.Equal((AddressFault?)fault, Guard.Refuse(url));

    [Fact]
    public void An_address_is_at_most_a_thousand_characters_long() =>
        Assert.Equal(AddressFault.NoUrl, Guard.Refuse($"https://hooks.example.com/{new string('a', WebhookGuard.LongestUrl)}"));

    [Theory]
    [InlineData("http://127.0.0.1:5000/", null)]
    [InlineData("http://localhost:80/", null)]
    [InlineData("https://10.0.0.1/", null)]
    [InlineData("http://10.0.0.1/", AddressFault.NotHttps)]
    [InlineData("https://10.0.0.1:80/", AddressFault.Port)]
    public void In_development_private_addresses_may_be_called_and_loopback_without_tls(string url, object? fault) =>
        Assert.Equal((AddressFault?)fault, new WebhookGuard(allowsPrivate: true).Refuse(url));

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void Outside_development_no_setting_opens_anything(bool isDevelopment, bool asked, bool opens) =>
        Assert.Equal(opens, WebhookGuard.Of(new RealtimeOptions { WebhooksToPrivateAddresses = asked }, isDevelopment).Refuse("http://127.0.0.1:5000/") is null);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("8.8.8.8", "10.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("2606:4700:4700::1111", "fd00::1")]
    public async Task A_name_that_has_one_private_address_is_refused_whatever_others_it_has(params string[] addresses)
    {
        var guard = Resolving(addresses);
        await Assert.ThrowsAsync<AddressRefusedException>(() => guard.Addresses("hooks.example.com", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_name_with_public_addresses_is_connected_to_at_these()
    {
        var guard = Resolving("8.8.8.8", "2606:4700:4700::1111");
        Assert.Equal(2, (await guard.Addresses("hooks.example.com", TestContext.Current.CancellationToken)).Length);
        await Assert.ThrowsAsync<SocketException>(() => Resolving().Addresses("hooks.example.com", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_call_to_a_name_that_comes_to_mean_this_machine_never_reaches_it_and_without_the_guard_it_would()
    {
        await using var receiver = await WebhookReceiver.Start();
        var port = new Uri(receiver.Url).Port;
        // The name was public when it was looked at first: what counts is what it means when the connection is made.
        var asked = 0;
        Task<IPAddress[]> Rebinding(string name, CancellationToken cancellation) => Task.FromResult<IPAddress[]>([IPAddress.Parse(asked++ == 0 ? "8.8.8.8" : "127.0.0.1")]);
        var guard = new WebhookGuard(allowsPrivate: false, Rebinding);
        await guard.Addresses("hooks.example.com", TestContext.Current.CancellationToken);

        using var guarded = new HttpMessageInvoker(WebhookSender.HandlerOf(guard));
        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => Call(guarded, $"http://hooks.example.com:{port}/"));
        Assert.IsType<AddressRefusedException>(failure.InnerException);
        Assert.Empty(receiver.All);

        using var open = new HttpMessageInvoker(WebhookSender.HandlerOf(new WebhookGuard(allowsPrivate: true, Rebinding)));
        using var answer = await Call(open, $"http://hooks.example.com:{port}/");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Single(receiver.All);
    }

    [Fact]
    public async Task An_answer_that_points_elsewhere_is_an_answer()
    {
        await using var receiver = await WebhookReceiver.Start();
        receiver.Answer = (context, _) =>
        {
            context.Response.Headers.Location = "http://169.254.169.254/latest/meta-data/";
            return Task.FromResult(307);
        };
        using var http = new HttpMessageInvoker(WebhookSender.HandlerOf(new WebhookGuard(allowsPrivate: true)));
        using var answer = await Call(http, receiver.Url);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, answer.StatusCode);
        Assert.Single(receiver.All);
        Assert.False(DeliveryOutcome.Of("w1", default, 307, null).IsTaken);
    }

    private static WebhookGuard Resolving(params string[] addresses) => new(allowsPrivate: false, (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()));

    private static async Task<HttpResponseMessage> Call(HttpMessageInvoker http, string url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent([]) };
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
