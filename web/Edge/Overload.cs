using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Realtime.Web.Edge;

/// <summary>More calls at a time than a node can work on are refused at once, with 503 and when to come back, instead of waiting in a queue that grows.</summary>
internal sealed class Overload(RequestDelegate next, IOptions<RealtimeOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter _calls = new(new() { PermitLimit = options.Value.MostCalls, QueueLimit = 0 });

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.IsUnder("/api"))
        {
            await next(context);
            return;
        }
        using var call = _calls.AttemptAcquire();
        if (call.IsAcquired)
            await next(context);
        else
            await Problems.OfStatus(context, StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
    }

    public void Dispose() => _calls.Dispose();
}
