using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Realtime.Pharmacies;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.Counter;

/// <summary>
/// <c>/hubs/counter</c>, for staff: join one's counter, whose state is the answer; changes follow as <c>CounterPaused</c>. A refusal is an error
/// that names the culprit.
/// </summary>
internal sealed class CounterHub(Country country, Counters counters, Watches watches) : Hub
{
    /// <summary>Joins the counter of a pharmacy; a connection may join several.</summary>
    [Authorize(Policies.Staff)]
    public CounterJoined JoinCounter(string id)
    {
        if (!country.Standing.Ready)
            throw new HubException("overloaded: the service is starting; try again in a second.");
        return PharmacyId.TryParse(id, out var pharmacy) && counters.Join(Context, pharmacy, watches.Epoch) is { } joined
            ? joined
            : throw new HubException($"unknown-pharmacy: no pharmacy '{id}' is known here.");
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        counters.Leave(Context.ConnectionId);
        return Task.CompletedTask;
    }
}
