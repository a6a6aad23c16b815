using Realtime.Journal;

namespace Realtime.Web.Edge;

/// <summary>What becomes of a call whose grain, silo or store could not carry it out: 503 and when to come back, never a 500, and nothing half done.</summary>
internal sealed partial class GrainCalls(RequestDelegate next, ILogger<GrainCalls> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (IsPassing(e) && !context.Response.HasStarted && context.IsUnder("/api"))
        {
            LogRefused(e, context.Request.Method, context.Request.Path);
            await Problems.OfStatus(context, StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
        }
    }

    /// <summary>
    /// Asks, and asks once more where the row was another's or nobody knows whether it was written: the grain that comes back reads the truth.
    /// For commands that carry a <see cref="Idempotency.RequestKey"/>, by which one that was carried out after all is recognized.
    /// </summary>
    public static async Task<T> Twice<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (JournalException lost) when (lost is FencedException or OutcomeUnknownException)
        {
            return await ask();
        }
    }

    /// <summary>Whether it passes: a silo that is gone, one that does not answer in time, one that has too much to do, none that has been found yet, a store that cannot be had.</summary>
    public static bool IsPassing(Exception e) => e is JournalException or TimeoutException or OrleansException || KnowsNoGrain(e);

    // What grains there are a node hears from its first silo; until then Orleans takes the interface of any grain for a wrong argument.
    private static bool KnowsNoGrain(Exception e) => e is ArgumentException { Source: "Orleans.Core" };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} could not be carried out now.")]
    private partial void LogRefused(Exception e, string method, PathString path);
}
