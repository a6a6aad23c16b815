using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Realtime.Tests.Push;

/// <summary>A message as a push service gets it.</summary>
internal sealed record Pushed(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body, int Answered);

/// <summary>The push service of a browser's maker: a real server on loopback, which answers as a test wants.</summary>
internal sealed class PushService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PushService(WebApplication app) => _app = app;

    /// <summary>What came, in order.</summary>
    public ConcurrentQueue<Pushed> All { get; } = [];

    /// <summary>The status by which a message is answered.</summary>
    public Func<int> Answer { get; set; } = () => 201;

    /// <summary>Where a browser of its is told.</summary>
    public string Endpoint(string name) => $"{_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/push/{name}";

    public static async Task<PushService> Start(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var service = new PushService(builder.Build());
        service._app.MapPost("/push/{name}", service.Take);
        await service._app.StartAsync();
        return service;
    }

    /// <summary>The n-th message to a browser, once it has come.</summary>
    public async Task<Pushed> Next(string name, int n)
    {
        for (var started = TimeProvider.System.GetTimestamp(); ; await Task.Delay(10))
            if (To(name).ElementAtOrDefault(n) is { } message)
                return message;
            else
                Assert.True(TimeProvider.System.GetElapsedTime(started).TotalSeconds < 15, $"Message {n} to {name} did not come; there came {To(name).Length}.");
    }

    /// <summary>What came for a browser so far.</summary>
    public Pushed[] To(string name) => [.. All.Where(message => message.Path == $"/push/{name}")];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var status = Answer();
        All.Enqueue(new(context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray(), status));
        context.Response.StatusCode = status;
    }
}
