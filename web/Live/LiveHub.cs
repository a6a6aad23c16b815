using Microsoft.AspNetCore.SignalR;
using Realtime.Nearest;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Nearest;
using Realtime.Web.Orders;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.Live;

/// <summary>
/// <c>/hubs/live</c>, open to anyone: watch a pharmacy, the nearest ones, an area. Every watch answers with the full state;
/// changes follow as <c>PharmacyChanged</c> and <c>NearestChanged</c>. Who holds the token of an order watches it too (<c>OrderChanged</c>). A refusal is an error that names the culprit.
/// </summary>
internal sealed class LiveHub(Country country, Watches watches, HubRates rates, Clock clock, IGrainFactory grains, OrderSecrets secrets) : Hub
{
    // So many pharmacies in an answer count for one call more.
    private const int ItemsPerCall = 50;

    /// <summary>Watches one pharmacy.</summary>
    public Watched<PharmacyItem> WatchPharmacy(string? id)
    {
        RequireReady();
        if (!PharmacyId.TryParse(id, out var pharmacy) || !country.TryFind(pharmacy, out _))
            throw new HubException($"unknown-pharmacy: no pharmacy '{id}' is known here.");
        var subscription = Watch(s => new PharmacyWatch(Context.ConnectionId, s, pharmacy.Value));
        return country.TryFind(pharmacy, out var place)
            ? new(subscription, watches.Epoch, place.Shown.Item)
            : throw new HubException($"unknown-pharmacy: no pharmacy '{id}' is known here.");
    }

    /// <summary>Watches the nearest pharmacies that serve.</summary>
    public Watched<NearestState> WatchNearest(double lat, double lon, int k)
    {
        RequireReady();
        if (!Position.TryCreate(lat, lon, out var from))
            throw new HubException("invalid-request: lat takes −90 to 90 and lon −180 to 180.");
        if (k is < 1 or > NearestQuery.MostItems)
            throw new HubException($"invalid-request: k takes 1 to {NearestQuery.MostItems}.");
        rates.Charge(Context, k / ItemsPerCall);
        NearestWatch? watch = null;
        // Dated before it is looked up: news that overtakes the answer must be the newer one.
        var standing = country.Standing;
        var subscription = Watch(s => watch = new NearestWatch(Context.ConnectionId, s, from, k));
        return new(subscription, watches.Epoch, new(
            Moments.Utc(standing.AsOf), Moments.Utc(standing.StaleAfter), clock.Now > standing.StaleAfter, watch!.Items));
    }

    /// <summary>Watches every pharmacy of an area; west may lie east of east, across the antimeridian.</summary>
    public Watched<AreaState> WatchArea(double w, double s, double e, double n)
    {
        RequireReady();
        if (!Box.TryCreate(w, s, e, n, out var box))
            throw new HubException("invalid-request: w and e take −180 to 180, s and n −90 to 90, s at most n.");
        // Who has no place left costs no look at the country.
        if (!watches.HasPlace(Context.ConnectionId))
            throw TooMany();
        var size = country.All.Where(p => box.Holds(p)).Take(AreaMap.MostFeatures + 1).Count();
        rates.Charge(Context, size / ItemsPerCall);
        if (size > AreaMap.MostFeatures)
            throw new HubException($"invalid-request: the area holds more than {AreaMap.MostFeatures} pharmacies; watch a smaller one.");
        var subscription = Watch(id => new AreaWatch(Context.ConnectionId, id, box));
        var items = country.All.Where(p => box.Holds(p)).Select(p => p.Shown.Item)
            .Select(i => new AreaItem(i.Id, i.Name, i.Lat, i.Lon, i.Status, i.Version)).ToArray();
        return new(subscription, watches.Epoch, new(Moments.Utc(country.Standing.AsOf), items));
    }

    /// <summary>Watches an order, for who holds its token.</summary>
    public async Task<Watched<OrderItem>> WatchOrder(string? orderId, string? token)
    {
        RequireReady();
        if (!OrderId.TryParse(orderId, out var order) || token is null || !secrets.IsToken(order, token) || !country.TryFind(order.Pharmacy, out var place))
            throw new HubException("unknown-order: no such order is known here.");
        // Registered before it is read: what changes in between is told, and the greater version wins.
        var subscription = Watch(s => new OrderWatch(Context.ConnectionId, s, order));
        if (await HubCalls.Ask(() => grains.GetGrain<IOrderQueueGrain>(order.Pharmacy.Value).Find(order)) is { } found)
            return new(subscription, watches.Epoch, OrderItem.Of(found, place.Zone.Time, secrets));
        watches.Remove(Context.ConnectionId, subscription);
        throw new HubException("unknown-order: no such order is known here.");
    }

    /// <summary>Ends a watch.</summary>
    public void Unwatch(string? subscription)
    {
        if (subscription is null || !watches.Remove(Context.ConnectionId, subscription))
            throw new HubException($"invalid-request: this connection has no subscription '{subscription}'.");
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        watches.RemoveAll(Context.ConnectionId);
        return Task.CompletedTask;
    }

    private string Watch(Func<string, Watch> make) => watches.Add(Context.ConnectionId, make) ?? throw TooMany();

    private static HubException TooMany() => new($"too-many-requests: a connection may watch {Watches.MostPharmacies} pharmacies and orders, and {Watches.MostPlaces} areas and places.");

    private void RequireReady()
    {
        if (!country.Standing.Ready)
            throw new HubException("overloaded: the service is starting; try again in a second.");
    }
}
