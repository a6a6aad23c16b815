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
        using var turn = new Turn(_calls);
        context.Features.Set(turn);
        if (turn.TryTake())
            await next(context);
        else
            await Problems.OfStatus(context, StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
    }

    public void Dispose() => _calls.Dispose();
}

/// <summary>The place of one call among those that its node works on. A call that only waits gives it up meanwhile: it is no load, however long it waits.</summary>
/// <param name="calls">All places.</param>
internal sealed class Turn(ConcurrencyLimiter calls) : IDisposable
{
    private RateLimitLease? _place;

    /// <summary>That of a call to the API.</summary>
    public static Turn Of(HttpContext context) => context.Features.Get<Turn>() ?? throw new InvalidOperationException("The call is none to the API.");

    /// <summary>Takes a place; false where none is free.</summary>
    public bool TryTake()
    {
        var place = calls.AttemptAcquire();
        if (place.IsAcquired)
            _place = place;
        else
            place.Dispose();
        return _place is not null;
    }

    /// <summary>Gives it up, until it is taken again.</summary>
    public void GiveUp()
    {
        _place?.Dispose();
        _place = null;
    }

    public void Dispose() => GiveUp();
}
