using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Realtime.Tests.Webhooks;

/// <summary>A call as the receiver got it.</summary>
internal sealed record Received(string Id, string Timestamp, string Signature, string Body, int Answered)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Type => Json.GetProperty("type").GetString()!;

    public JsonElement Data => Json.GetProperty("data");
}

/// <summary>Somebody who wants to be told: a real server on loopback, which answers as a test wants.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>What came, in the order in which it was answered.</summary>
    public ConcurrentQueue<Received> All { get; } = [];

    /// <summary>How a call is answered: by a status.</summary>
    public Func<HttpContext, Received, Task<int>> Answer { get; set; } = (_, _) => Task.FromResult(204);

    public string Url { get; private set; } = "";

    /// <summary>Ids of messages that were taken.</summary>
    public IEnumerable<string> Taken => All.Where(one => one.Answered is >= 200 and < 300).Select(one => one.Id).Distinct();

    public static async Task<WebhookReceiver> Start(int? always = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        if (always is { } status)
            receiver.Answer = (_, _) => Task.FromResult(status);
        receiver._app.MapPost("/{**any}", receiver.Take);
        await receiver._app.StartAsync();
        receiver.Url = $"{receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/hooks";
        return receiver;
    }

    /// <summary>Waits until something is so.</summary>
    public Task Until(Func<bool> so, string what, int seconds = 15) => Until(() => Task.FromResult(so()), what, seconds);

    /// <summary>Waits until something that must be asked for is so.</summary>
    public async Task Until(Func<Task<bool>> so, string what, int seconds = 15)
    {
        for (var started = TimeProvider.System.GetTimestamp(); !await so(); await Task.Delay(10))
            Assert.True(TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds, $"{what} did not come about; there came:\n{string.Join('\n', All.TakeLast(20))}");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var headers = context.Request.Headers;
        var received = new Received(headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(), headers["webhook-signature"].ToString(), await reader.ReadToEndAsync(), 0);
        var status = await Answer(context, received);
        All.Enqueue(received with { Answered = status });
        context.Response.StatusCode = status;
    }
}
