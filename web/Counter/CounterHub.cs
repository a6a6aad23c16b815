using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.Counter;

/// <summary>
/// <c>/hubs/counter</c>, for staff: join one's counter, whose state is the answer; changes follow as <c>OrderPlaced</c>, <c>OrderChanged</c>, <c>StockShort</c>,
/// <c>CounterPaused</c>, <c>RecallReceived</c>, <c>RecallAcknowledged</c> and <c>RecallWithdrawn</c>. A refusal is an error that names the culprit.
/// </summary>
internal sealed class CounterHub(Country country, Counters counters, Watches watches, IGrainFactory grains) : Hub
{
    /// <summary>Joins the counter of a pharmacy; a connection may join several.</summary>
    [Authorize(Policies.Staff)]
    public async Task<CounterJoined> JoinCounter(string id)
    {
        if (!country.Standing.Ready)
            throw new HubException("overloaded: the service is starting; try again in a second.");
        if (!PharmacyId.TryParse(id, out var pharmacy) || counters.Join(Context, pharmacy) is not { } place)
            throw new HubException($"unknown-pharmacy: no pharmacy '{id}' is known here.");
        return CounterJoined.Of(place, watches.Epoch, await HubCalls.Ask(() => grains.GetGrain<IOrderQueueGrain>(pharmacy.Value).Live()));
    }

    /// <summary>Says that somebody has seen an order: it stops ringing, here and on every other screen of the pharmacy.</summary>
    [Authorize(Policies.Staff)]
    public async Task Acknowledge(string orderId)
    {
        if (!OrderId.TryParse(orderId, out var order)
            || (await HubCalls.Ask(() => grains.GetGrain<IOrderQueueGrain>(order.Pharmacy.Value).Acknowledge(order, Context.GetHttpContext()!.Caller().Subject))).Refusal is not null)
            throw new HubException("unknown-order: no such order is known here.");
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        counters.Leave(Context.ConnectionId);
        return Task.CompletedTask;
    }
}
