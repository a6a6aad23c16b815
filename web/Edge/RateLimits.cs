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
    private readonly PartitionedRateLimiter<RateCaller> _connections;

    public RateLimits(RequestDelegate next, IOptions<EdgeOptions> options)
    {
        var edge = options.Value;
        _next = next;
        _calls = new("default", edge.CallsAtOnce, edge.CallsPerMinute);
        var connections = new ConcurrencyLimiterOptions { PermitLimit = edge.HubConnections, QueueLimit = 0 };
        _connections = PartitionedRateLimiter.Create<RateCaller, RateCaller>(caller => RateLimitPartition.GetConcurrencyLimiter(caller, _ => connections));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null || SignInRates.Holds(context))
        {
            await _next(context);
            return;
        }
        var taken = _calls.TryTake(context, RateCaller.Of(context), out var retryAfter, CallWeight.Weigh(context));
        if (!taken)
            await Quota.Refuse(context, retryAfter);
        else if (IsConnection(context))
            await Connect(context);
        else
            await _next(context);
    }

    public void Dispose()
    {
        _calls.Dispose();
        _connections.Dispose();
    }

    // A request that holds a hub's connection lasts as long as the connection does.
    private async Task Connect(HttpContext context)
    {
        using var place = _connections.AttemptAcquire(RateCaller.OfNetwork(context));
        if (place.IsAcquired)
            await _next(context);
        else
            await Quota.Refuse(context, retryAfter: 1);
    }

    // By any transport: a WebSocket is a GET, or over HTTP/2 a CONNECT; negotiation, what a client sends apart and the end are short.
    private static bool IsConnection(HttpContext context) =>
        context.IsForHub() && !HttpMethods.IsPost(context.Request.Method) && !HttpMethods.IsDelete(context.Request.Method);
}

/// <summary>Holds whoever tries to sign in to a stricter rate, by address: they have no name yet, or would use many. It stands before the authentication, which answers wrong secrets itself.</summary>
internal sealed class SignInRates(RequestDelegate next, IOptions<EdgeOptions> options) : IDisposable
{
    private static readonly PathString[] Ways = ["/connect", "/signin", "/api/v1/join", "/api/v1/post/unlock"];

    private readonly Quota _signIns = new("sign-in", options.Value.SignInsAtOnce, options.Value.SignInsPerMinute);

    /// <summary>Whether a call is one of those.</summary>
    public static bool Holds(HttpContext context) => Array.Exists(Ways, context.IsUnder);

    public Task InvokeAsync(HttpContext context) =>
        Holds(context) && !_signIns.TryTake(context, RateCaller.OfNetwork(context), out var retryAfter) ? Quota.Refuse(context, retryAfter) : next(context);

    public void Dispose() => _signIns.Dispose();
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

    /// <summary>Before the authentication; nothing where the settings switch it off.</summary>
    public static void UseSignInRates(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value.RateLimits)
            app.UseMiddleware<SignInRates>();
    }
}
