using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Realtime.Products;
using Realtime.Web.Lgo;

namespace Realtime.Tests.Lgo;

/// <summary>The body of a feed, by itself, over each protocol that a proxy may speak.</summary>
public sealed class FeedBodyTests
{
    private const string Ibuprofen = "3400938358926";
    private static readonly Clock Clock = new(TimeProvider.System);

    [Theory]
    [InlineData(HttpProtocols.Http1)]
    [InlineData(HttpProtocols.Http2)]
    public async Task A_feed_is_read_over_every_protocol(HttpProtocols protocol)
    {
        await using var app = await Start(protocol);
        var version = protocol == HttpProtocols.Http2 ? HttpVersion.Version20 : HttpVersion.Version11;
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()), DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var body = new ByteArrayContent(FeedText.Of(FeedText.Header(Clock.Now), FeedText.Line(Ibuprofen, 7), FeedText.Line(Ibuprofen, 2, "A1")));
        body.Headers.ContentType = new MediaTypeHeaderValue(FeedBody.ContentType);

        using var answer = await client.PostAsync(new Uri("/", UriKind.Relative), body);

        Assert.Equal((HttpStatusCode.OK, version), (answer.StatusCode, answer.Version));
        Assert.Equal("2", await answer.Content.ReadAsStringAsync());
    }

    private static async Task<WebApplication> Start(HttpProtocols protocol)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listening => listening.Protocols = protocol));
        var app = builder.Build();
        app.MapPost("/", async (HttpContext context) =>
        {
            using var reader = new FeedReader(Cip13.Parse(Ibuprofen).Equals, Clock.Now);
            return await FeedBody.Read(context, reader, new FeedGate(Clock), Clock) ?? Results.Text($"{reader.Finish()?.Accepted}");
        });
        await app.StartAsync();
        return app;
    }
}
