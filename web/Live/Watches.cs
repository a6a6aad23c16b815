using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using NodaTime;
using Realtime.Nearest;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Nearest;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.Live;

/// <summary>
/// Who watches what on this node. A watch is registered before its first state is read, so that no change falls between the two;
/// the client keeps the greater version of what it gets twice.
/// </summary>
internal sealed class Watches(Country country, LiveLifetimeManager<LiveHub> connections)
{
    /// <summary>More pharmacies and orders than this on one connection are refused.</summary>
    public const int MostPharmacies = 200;

    /// <summary>More areas and places than this on one connection are refused: each costs something at every flip in the country.</summary>
    public const int MostPlaces = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, Watch>> _byConnection = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<PharmacyWatch>> _byPharmacy = new(StringComparer.Ordinal);
    private readonly Dictionary<PharmacyId, HashSet<OrderWatch>> _byOrder = [];
    private readonly HashSet<AreaWatch> _areas = [];
    private readonly HashSet<NearestWatch> _nearest = [];
    private long _last;

    /// <summary>Which life of the store this is; another one means: watch again.</summary>
    public string Epoch { get; set; } = "";

    /// <summary>Registers a watch under a subscription of its own; null where the connection has too many.</summary>
    public string? Add(string connection, Func<string, Watch> make)
    {
        lock (_gate)
        {
            if (!_byConnection.TryGetValue(connection, out var own))
                _byConnection[connection] = own = new(StringComparer.Ordinal);
            var watch = make($"s{++_last}");
            if (IsOfOne(watch) ? own.Values.Count(IsOfOne) >= MostPharmacies : !HasPlace(own))
                return null;
            own[watch.Subscription] = watch;
            switch (watch)
            {
                case PharmacyWatch w when _byPharmacy.TryGetValue(w.PharmacyId, out var set): set.Add(w); break;
                case PharmacyWatch w: _byPharmacy[w.PharmacyId] = [w]; break;
                case OrderWatch w when _byOrder.TryGetValue(w.Order.Pharmacy, out var set): set.Add(w); break;
                case OrderWatch w: _byOrder[w.Order.Pharmacy] = [w]; break;
                case AreaWatch w: _areas.Add(w); break;
                case NearestWatch w: _nearest.Add(w); break;
            }
            // What the caller is about to be answered is what the watch remembers: the next message is news.
            (watch as NearestWatch)?.Look(country);
            return watch.Subscription;
        }
    }

    /// <summary>Whether a connection may watch one area or place more.</summary>
    public bool HasPlace(string connection)
    {
        lock (_gate)
            return !_byConnection.TryGetValue(connection, out var own) || HasPlace(own);
    }

    /// <summary>Ends one watch; false where the connection has no such subscription.</summary>
    public bool Remove(string connection, string subscription)
    {
        lock (_gate)
            return _byConnection.TryGetValue(connection, out var own) && own.Remove(subscription, out var watch) && Forget(watch);
    }

    /// <summary>Ends all watches of a connection that is gone.</summary>
    public void RemoveAll(string connection)
    {
        lock (_gate)
            if (_byConnection.Remove(connection, out var own))
                foreach (var watch in own.Values)
                    Forget(watch);
    }

    /// <summary>Tells everybody concerned what changed. Each message is built once; only nearest watches whose answer changed are told.</summary>
    public void Tell(IReadOnlyCollection<Place> changed, Instant now)
    {
        var at = Moments.Utc(now);
        var mail = new List<(string Connection, string Slot, SerializedHubMessage Message)>();
        lock (_gate)
        {
            foreach (var place in changed)
                mail.AddRange(NewsOf(place, at));
            foreach (var watch in _nearest)
                if (watch.Look(country))
                    mail.Add((watch.Connection, watch.Subscription, Message(nameof(NearestChanged), new NearestChanged(watch.Subscription, watch.Items, at))));
        }
        // Posted outside the lock, so that who begins a watch waits for nobody's mail.
        foreach (var (connection, slot, message) in mail)
            connections.Of(connection)?.Post(slot, message);
    }

    /// <summary>Whether anybody here watches an order of a pharmacy.</summary>
    public bool WatchesOrdersOf(PharmacyId pharmacy)
    {
        lock (_gate)
            return _byOrder.ContainsKey(pharmacy);
    }

    /// <summary>Tells who watches an order.</summary>
    /// <param name="order">Which.</param>
    /// <param name="news">What is told, made where anybody is there to hear it.</param>
    public void Tell(OrderId order, Func<OrderChanged> news)
    {
        string[] concerned;
        lock (_gate)
            concerned = _byOrder.TryGetValue(order.Pharmacy, out var set) ? [.. set.Where(w => w.Order == order).Select(w => w.Connection).Distinct(StringComparer.Ordinal)] : [];
        if (concerned.Length == 0)
            return;
        var message = Message(nameof(OrderChanged), news());
        foreach (var connection in concerned)
            connections.Of(connection)?.Post(order.ToString(), message);
    }

    private static bool IsOfOne(Watch watch) => watch is PharmacyWatch or OrderWatch;

    private IEnumerable<(string Connection, string Slot, SerializedHubMessage Message)> NewsOf(Place place, string at)
    {
        var watchers = _byPharmacy.GetValueOrDefault(place.Facts.Record.Id.Value);
        if (watchers is null && _areas.Count == 0)
            return [];
        var item = place.Shown.Item;
        var message = Message(nameof(PharmacyChanged), new PharmacyChanged(item.Id, item.Status, item.Version, at));
        return Concerned(watchers, item).Select(connection => (connection, item.Id, message));
    }

    private IEnumerable<string> Concerned(HashSet<PharmacyWatch>? watchers, PharmacyItem item) =>
        (watchers ?? []).Select(w => w.Connection).Concat(_areas.Where(a => a.Box.Holds(item.Lat, item.Lon)).Select(a => a.Connection)).Distinct(StringComparer.Ordinal);

    private bool Forget(Watch watch) => watch switch
    {
        PharmacyWatch w => _byPharmacy.TryGetValue(w.PharmacyId, out var set) && set.Remove(w) && (set.Count > 0 || _byPharmacy.Remove(w.PharmacyId)),
        OrderWatch w => _byOrder.TryGetValue(w.Order.Pharmacy, out var set) && set.Remove(w) && (set.Count > 0 || _byOrder.Remove(w.Order.Pharmacy)),
        AreaWatch w => _areas.Remove(w),
        NearestWatch w => _nearest.Remove(w),
        _ => false,
    };

    private static bool HasPlace(Dictionary<string, Watch> own) => own.Values.Count(w => !IsOfOne(w)) < MostPlaces;

    private static SerializedHubMessage Message(string target, object argument) => new(new InvocationMessage(target, [argument]));
}

/// <summary>One thing that one connection watches.</summary>
internal abstract class Watch(string connection, string subscription)
{
    public string Connection => connection;

    public string Subscription => subscription;
}

/// <summary>One pharmacy.</summary>
internal sealed class PharmacyWatch(string connection, string subscription, string pharmacyId) : Watch(connection, subscription)
{
    public string PharmacyId => pharmacyId;
}

/// <summary>One order, by somebody who holds its token.</summary>
internal sealed class OrderWatch(string connection, string subscription, OrderId order) : Watch(connection, subscription)
{
    public OrderId Order => order;
}

/// <summary>All pharmacies of an area.</summary>
internal sealed class AreaWatch(string connection, string subscription, Box box) : Watch(connection, subscription)
{
    public Box Box => box;
}

/// <summary>The nearest pharmacies that serve, seen from a place; remembers what it last answered, to tell only news.</summary>
internal sealed class NearestWatch(string connection, string subscription, Position from, int k) : Watch(connection, subscription)
{
    private static readonly int[] Serving = [Country.Serving];
    private Shown[] _last = [];

    /// <summary>The last answer, nearest first.</summary>
    public IReadOnlyList<PharmacyItem> Items { get; private set; } = [];

    /// <summary>Asks again; false where the answer is the last one. The same object shown means the same facts and the same status.</summary>
    public bool Look(Country country)
    {
        Span<Neighbour> found = stackalloc Neighbour[NearestQuery.MostItems];
        found = found[..country.Index.Nearest(from, Serving, double.PositiveInfinity, found[..k])];
        if (!Differs(country, found))
            return false;
        _last = new Shown[found.Length];
        var items = new PharmacyItem[found.Length];
        for (var i = 0; i < found.Length; i++)
        {
            _last[i] = country.At(found[i].Slot).Shown;
            items[i] = _last[i].Item with { Distance = NearestQuery.Metres(found[i].DistanceMeters) };
        }
        Items = items;
        return true;
    }

    private bool Differs(Country country, ReadOnlySpan<Neighbour> found)
    {
        if (found.Length != _last.Length)
            return true;
        for (var i = 0; i < found.Length; i++)
            if (!ReferenceEquals(country.At(found[i].Slot).Shown, _last[i]))
                return true;
        return false;
    }
}
