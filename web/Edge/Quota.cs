using System.Globalization;
using System.Threading.RateLimiting;

namespace Realtime.Web.Edge;

/// <summary>A token bucket per caller: so many calls at once, refilled at a steady pace. A caller that has been idle since its bucket was full is forgotten after ten seconds.</summary>
internal sealed class Quota : IDisposable
{
    private readonly PartitionedRateLimiter<RateCaller> _buckets;
    private readonly string _name;
    private readonly int _atOnce;
    private readonly double _secondsPerCall;

    /// <summary>A quota of a name.</summary>
    /// <param name="name">As callers are told it.</param>
    /// <param name="atOnce">Calls that a full bucket holds, at least 1.</param>
    /// <param name="perMinute">Calls that flow into it, at least 1 a minute.</param>
    public Quota(string name, int atOnce, int perMinute)
    {
        (_name, _atOnce, _secondsPerCall) = (name, atOnce, 60.0 / perMinute);
        Policy = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={atOnce};w={Math.Ceiling(atOnce * _secondsPerCall)}");
        var make = new Func<RateCaller, RateLimiter>(_ => Bucket(atOnce, perMinute));
        _buckets = PartitionedRateLimiter.Create<RateCaller, RateCaller>(caller => RateLimitPartition.Get(caller, make));
    }

    /// <summary>
    /// The whole of <c>RateLimit-Policy</c>, by draft-ietf-httpapi-ratelimit-headers-10: calls (q) per so many seconds (w), which is the time that an empty bucket takes to fill.
    /// </summary>
    public string Policy { get; }

    /// <summary>Takes calls from a caller's bucket, all of them or none.</summary>
    /// <param name="caller">Whose.</param>
    /// <param name="standing"><c>RateLimit</c> by the same draft: calls left (r), and seconds until the bucket is full again (t).</param>
    /// <param name="retryAfter">Whole seconds until there are as many again; zero where they were taken.</param>
    /// <param name="weight">How many, at least 1; more than a full bucket holds count for a full one.</param>
    public bool TryTake(RateCaller caller, out string standing, out int retryAfter, int weight = 1)
    {
        using var lease = _buckets.AttemptAcquire(caller, Math.Min(weight, _atOnce));
        var left = lease.IsAcquired || weight > 1 ? _buckets.GetStatistics(caller)?.CurrentAvailablePermits ?? 0 : 0;
        standing = string.Create(CultureInfo.InvariantCulture, $"\"{_name}\";r={left};t={Math.Ceiling((_atOnce - left) * _secondsPerCall)}");
        retryAfter = lease.IsAcquired ? 0 : SecondsToWait(lease);
        return lease.IsAcquired;
    }

    /// <summary>Takes calls, and tells the caller in the answer's headers how it stands.</summary>
    public bool TryTake(HttpContext context, RateCaller caller, out int retryAfter, int weight = 1)
    {
        var taken = TryTake(caller, out var standing, out retryAfter, weight);
        context.Response.Headers["RateLimit-Policy"] = Policy;
        context.Response.Headers["RateLimit"] = standing;
        return taken;
    }

    /// <summary>Answers that there were too many, and when to come back.</summary>
    public static Task Refuse(HttpContext context, int retryAfter)
    {
        context.Response.Headers.RetryAfter = $"{retryAfter}";
        return Problems.OfStatus(context, StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
    }

    public void Dispose() => _buckets.Dispose();

    /// <summary>One bucket, which its user replenishes.</summary>
    public static TokenBucketRateLimiter Bucket(int atOnce, int perMinute)
    {
        // Calls flow in one by one, or several at a time where that would be more often than ten times a second.
        var step = Math.Max(1, perMinute / 600);
        return new(new()
        {
            TokenLimit = atOnce,
            TokensPerPeriod = step,
            ReplenishmentPeriod = TimeSpan.FromMinutes((double)step / perMinute),
            QueueLimit = 0,
            AutoReplenishment = false,
        });
    }

    /// <summary>Whole seconds until a refused lease would be granted, at least 1.</summary>
    public static int SecondsToWait(RateLimitLease refused) =>
        refused.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)) : 1;
}
