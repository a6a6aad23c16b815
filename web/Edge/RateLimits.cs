using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Realtime.Web.Edge;

/// <summary>
/// Holds every caller to a rate, with 429 and when to come back. All addresses are limited but those that say otherwise, which are the files
/// of the pages and health. Whoever runs this puts it behind the routing and the authentication, and before the authorization.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    private readonly RequestDelegate _next;
    private readonly Quota _calls;
    private readonly Quota _signIns;
    private readonly PartitionedRateLimiter<Caller> _connections;

    public RateLimits(RequestDelegate next, IOptions<EdgeOptions> options)
    {
        var edge = options.Value;
        _next = next;
        _calls = new("default", edge.CallsAtOnce, edge.CallsPerMinute);
        _signIns = new("sign-in", edge.SignInsAtOnce, edge.SignInsPerMinute);
        var connections = new ConcurrencyLimiterOptions { PermitLimit = edge.HubConnections, QueueLimit = 0 };
        _connections = PartitionedRateLimiter.Create<Caller, Caller>(caller => RateLimitPartition.GetConcurrencyLimiter(caller, _ => connections));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null)
        {
            await _next(context);
            return;
        }
        var signsIn = IsUnder(context, "/connect") || IsUnder(context, "/signin");
        var quota = signsIn ? _signIns : _calls;
        // Who signs in has no name yet, or would use many.
        var taken = quota.TryTake(signsIn ? Caller.OfNetwork(context) : Caller.Of(context), out var standing, out var retryAfter);
        context.Response.Headers["RateLimit-Policy"] = quota.Policy;
        context.Response.Headers["RateLimit"] = standing;
        if (!taken)
            await Refuse(context, retryAfter);
        else if (IsConnection(context))
            await Connect(context);
        else
            await _next(context);
    }

    public void Dispose()
    {
        _calls.Dispose();
        _signIns.Dispose();
        _connections.Dispose();
    }

    // A request that holds a hub's connection lasts as long as the connection does.
    private async Task Connect(HttpContext context)
    {
        using var place = _connections.AttemptAcquire(Caller.OfNetwork(context));
        if (place.IsAcquired)
            await _next(context);
        else
            await Refuse(context, retryAfter: 1);
    }

    // By any transport: a WebSocket is a GET, or over HTTP/2 a CONNECT; negotiation, what a client sends apart and the end are short.
    private static bool IsConnection(HttpContext context) =>
        IsUnder(context, "/hubs") && !HttpMethods.IsPost(context.Request.Method) && !HttpMethods.IsDelete(context.Request.Method);

    private static bool IsUnder(HttpContext context, string path) => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase);

    private static Task Refuse(HttpContext context, int retryAfter)
    {
        context.Response.Headers.RetryAfter = $"{retryAfter}";
        return Problems.OfStatus(context, StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
    }
}

/// <summary>Where callers are held to their rates.</summary>
internal static class RateLimitsEdge
{
    /// <summary>Behind the routing and the authentication, before the authorization; nothing where the settings switch it off.</summary>
    public static void UseRateLimits(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.RateLimits)
            app.UseMiddleware<RateLimits>();
    }
}
