using System.Threading.RateLimiting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace Realtime.Web.Edge;

/// <summary>Holds every hub connection to a rate of calls; a call too many is refused, and the connection stays.</summary>
internal sealed class HubRates(IOptions<EdgeOptions> options) : IHubFilter
{
    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var bucket = Bucket(invocationContext.Context);
        // Replenished by whoever takes from it: no timer per connection.
        bucket.TryReplenish();
        using (var lease = bucket.AttemptAcquire())
            if (!lease.IsAcquired)
                throw new HubException($"too-many-requests: too many calls on this connection; try again in {Quota.SecondsToWait(lease)} s.");
        return next(invocationContext);
    }

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        if (context.Context.Items.Remove(typeof(HubRates), out var bucket))
            ((TokenBucketRateLimiter)bucket!).Dispose();
        await next(context, exception);
    }

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
