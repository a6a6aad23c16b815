using System.Threading.RateLimiting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Realtime.Web.Edge;

/// <summary>
/// Holds every hub connection to a rate of calls, and all connections of one caller together to the rate that its other calls have. A call too many is refused, and the connection stays.
/// </summary>
internal sealed class HubRates(IOptions<EdgeOptions> options) : IHubFilter, IDisposable
{
    private readonly Quota _callers = new("hubs", options.Value.CallsAtOnce, options.Value.CallsPerMinute);

    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var bucket = Bucket(invocationContext.Context);
        // Replenished by whoever takes from it: no timer per connection.
        bucket.TryReplenish();
        using (var lease = bucket.AttemptAcquire())
            if (!lease.IsAcquired)
                throw TooMany("on this connection", Quota.SecondsToWait(lease));
        Charge(invocationContext.Context, 1);
        return next(invocationContext);
    }

    /// <summary>Counts what a call costs beside itself, once the hub knows that, before it is carried out.</summary>
    /// <param name="connection">Whose.</param>
    /// <param name="weight">In calls; nothing is counted for 0, nor where the settings switch the rates off.</param>
    /// <exception cref="HubException">The caller has made too many calls.</exception>
    public void Charge(HubCallerContext connection, int weight)
    {
        if (weight > 0 && options.Value.RateLimits && connection.GetHttpContext() is { } request && !_callers.TryTake(RateCaller.Of(request), out _, out var retryAfter, weight))
            throw TooMany("from this address or by this client", retryAfter);
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        if (context.Context.Items.Remove(typeof(HubRates), out var bucket))
            ((TokenBucketRateLimiter)bucket!).Dispose();
        await next(context, exception);
    }

    public void Dispose() => _callers.Dispose();

    private static HubException TooMany(string where, int retryAfter) => new($"too-many-requests: too many calls {where}; try again in {retryAfter} s.");

    // A connection's calls come one at a time.
    private TokenBucketRateLimiter Bucket(HubCallerContext connection)
    {
        if (connection.Items.TryGetValue(typeof(HubRates), out var known))
            return (TokenBucketRateLimiter)known!;
        var bucket = Quota.Bucket(options.Value.HubCallsAtOnce, options.Value.HubCallsPerMinute);
        connection.Items[typeof(HubRates)] = bucket;
        return bucket;
    }
}
