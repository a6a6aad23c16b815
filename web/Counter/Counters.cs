using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Realtime.Pharmacies;
using Realtime.Web.Identity;
using Realtime.Web.Live;
using Realtime.Web.Orders;
using Realtime.Web.People;

namespace Realtime.Web.Counter;

/// <summary>Somebody's connection at the counter of one pharmacy.</summary>
/// <param name="connection">The connection, with who holds it.</param>
/// <param name="pharmacy">Whose counter.</param>
internal sealed class Joined(HubCallerContext connection, PharmacyId pharmacy)
{
    public HubCallerContext Connection => connection;

    public PharmacyId Pharmacy => pharmacy;

    /// <summary>The pause, or none, that it was told of last.</summary>
    public Pause? Told { get; set; }
}

/// <summary>
/// Who has joined which counter on this node. What is told comes from what the node knows, whichever node it was written on. A connection is
/// registered before the state that it is answered is read, so that no change falls between the two.
/// </summary>
internal sealed class Counters
{
    private readonly Country _country;
    private readonly LiveLifetimeManager<CounterHub> _connections;
    private readonly Callers _callers;
    private readonly PolicyTable _table;
    private readonly Lock _gate = new();
    private readonly Dictionary<PharmacyId, Dictionary<string, Joined>> _byPharmacy = [];

    public Counters(Country country, LiveLifetimeManager<CounterHub> connections, Callers callers, PolicyTable table, PeopleDirectory people)
    {
        (_country, _connections, _callers, _table) = (country, connections, callers, table);
        people.Changed += Recheck;
    }

    /// <summary>Registers a connection, which is told of changes from here on; null where the pharmacy is not known.</summary>
    public Place? Join(HubCallerContext connection, PharmacyId pharmacy)
    {
        lock (_gate)
        {
            if (!_country.TryFind(pharmacy, out var place))
                return null;
            if (!_byPharmacy.TryGetValue(pharmacy, out var joined))
                _byPharmacy[pharmacy] = joined = new(StringComparer.Ordinal);
            joined[connection.ConnectionId] = new(connection, pharmacy) { Told = place.Shown.Pause };
            return place;
        }
    }

    /// <summary>Whether anybody has joined the counter of a pharmacy here.</summary>
    public bool HasAnybody(PharmacyId pharmacy)
    {
        lock (_gate)
            return _byPharmacy.ContainsKey(pharmacy);
    }

    /// <summary>Tells a counter of an order. That one was placed is told apart from what it is now, so that a slow screen still rings.</summary>
    public void Tell(PharmacyId pharmacy, CounterOrderItem order, bool placed)
    {
        if (placed)
            Post(pharmacy, $"{order.OrderId}:placed", "OrderPlaced", new CounterOrderPlaced(order));
        else
            Post(pharmacy, order.OrderId, "OrderChanged", new CounterOrderChanged(order));
    }

    /// <summary>Tells a counter of a shortage.</summary>
    public void Tell(PharmacyId pharmacy, StockShort shortage) => Post(pharmacy, $"{pharmacy}:short:{shortage.Cip13}", nameof(StockShort), shortage);

    /// <summary>Tells a counter of a recall whose lots it holds.</summary>
    public void Tell(PharmacyId pharmacy, CounterRecall recall) => Post(pharmacy, RecallSlot(pharmacy, recall.RecallId), "RecallReceived", recall);

    /// <summary>Tells a counter that a recall of what it holds was taken back.</summary>
    public void Tell(PharmacyId pharmacy, CounterRecallWithdrawn withdrawn) => Post(pharmacy, RecallSlot(pharmacy, withdrawn.RecallId), "RecallWithdrawn", withdrawn);

    /// <summary>Tells every screen of a counter that somebody there has seen a recall.</summary>
    public void Tell(PharmacyId pharmacy, CounterRecallSeen seen) => Post(pharmacy, RecallSlot(pharmacy, seen.RecallId), "RecallAcknowledged", seen);

    /// <summary>Forgets a connection that is gone.</summary>
    public void Leave(string connectionId)
    {
        lock (_gate)
            foreach (var (pharmacy, joined) in _byPharmacy)
                // Removing what the loop is at is allowed, and nothing else is changed.
                if (joined.Remove(connectionId) && joined.Count == 0)
                    _byPharmacy.Remove(pharmacy);
    }

    /// <summary>Tells every counter concerned that its pharmacy paused or takes orders again.</summary>
    public void Tell(IReadOnlyCollection<Place> changed)
    {
        var mail = new List<(string Connection, string Slot, SerializedHubMessage Message)>();
        lock (_gate)
            foreach (var place in changed)
                if (_byPharmacy.TryGetValue(place.Facts.Record.Id, out var joined))
                    mail.AddRange(NewsOf(place, joined.Values));
        foreach (var (connection, slot, message) in mail)
            _connections.Of(connection)?.Post(slot, message);
    }

    /// <summary>Ends the connections of those who are no longer staff of the pharmacy they joined.</summary>
    public void Recheck()
    {
        List<HubCallerContext> over = [];
        lock (_gate)
            foreach (var joined in _byPharmacy.Values.SelectMany(j => j.Values))
                if (joined.Connection.User is not { } user || _callers.Of(user) is not { } caller || !_table.Policies[Policies.Staff](caller, new Named(joined.Pharmacy, null)))
                    over.Add(joined.Connection);
        foreach (var connection in over)
            connection.Abort();
    }

    // A slow screen needs only the last word on a recall.
    private static string RecallSlot(PharmacyId pharmacy, string recall) => $"{pharmacy}:recall:{recall}";

    private void Post(PharmacyId pharmacy, string slot, string target, object argument)
    {
        string[] connections;
        lock (_gate)
            connections = _byPharmacy.TryGetValue(pharmacy, out var joined) ? [.. joined.Keys] : [];
        var message = new SerializedHubMessage(new InvocationMessage(target, [argument]));
        foreach (var connection in connections)
            _connections.Of(connection)?.Post(slot, message);
    }

    private static List<(string Connection, string Slot, SerializedHubMessage Message)> NewsOf(Place place, IEnumerable<Joined> joined)
    {
        var pause = place.Shown.Pause;
        var message = new SerializedHubMessage(new InvocationMessage(nameof(CounterPaused), [CounterPaused.Of(place)]));
        var mail = new List<(string, string, SerializedHubMessage)>();
        foreach (var one in joined.Where(one => one.Told != pause))
        {
            one.Told = pause;
            mail.Add((one.Connection.ConnectionId, $"{one.Pharmacy}:paused", message));
        }
        return mail;
    }
}
