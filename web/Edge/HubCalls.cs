using Microsoft.AspNetCore.SignalR;

namespace Realtime.Web.Edge;

/// <summary>What becomes of a hub's call whose grain, silo or store could not carry it out: a refusal that says to try again, as HTTP's 503 does.</summary>
internal static class HubCalls
{
    /// <summary>Asks, and once more where an answer was lost. For what may be asked twice.</summary>
    /// <exception cref="HubException">It cannot be answered now.</exception>
    public static async Task<T> Ask<T>(Func<Task<T>> ask)
    {
        try
        {
            return await GrainCalls.Twice(ask);
        }
        catch (Exception passing) when (GrainCalls.IsPassing(passing))
        {
            throw new HubException("overloaded: it cannot be answered now; try again in a second.", passing);
        }
    }
}
