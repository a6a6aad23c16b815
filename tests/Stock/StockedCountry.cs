using NodaTime;
using Realtime.Hours;
using Realtime.Nearest;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Tests.Nearest;
using Realtime.Web.Live;
using Realtime.Web.Stock;

namespace Realtime.Tests.Stock;

/// <summary>A country with shelves, and beside it a plain list of the same, changed by hand.</summary>
internal sealed class StockedCountry
{
    private static readonly Zone Paris = Zones.Of("75056", "75001")!;
    private static readonly DemoWorld NoDemo = new(null);

    private readonly Dictionary<PharmacyId, Dictionary<Cip13, StockLevel>> _levels = [];
    private readonly Dictionary<PharmacyId, long> _seqs = [];
    private readonly Dictionary<PharmacyId, Instant?> _freshUntil = [];
    private readonly ShiftedTime _time = new(null);
    private Instant _now = Instant.FromUtc(2027, 1, 1, 0, 0), _settled = Instant.FromUtc(2027, 1, 1, 0, 0);

    public StockedCountry(IEnumerable<(PharmacyId Id, Position At)> places)
    {
        Places = [.. places];
        _time.Stop(_now);
        Country.Begin([.. Places.Select((place, slot) => PlaceOf(slot, place.Id, place.At))]);
        Shelves = new(Country, NoDemo, new(_time));
    }

    public Country Country { get; } = new(NoDemo);

    public Shelves Shelves { get; }

    public List<(PharmacyId Id, Position At)> Places { get; }

    public bool HasWritten(PharmacyId id) => _seqs.ContainsKey(id);

    public Instant Now => _now;

    /// <summary>A pharmacy says all it has.</summary>
    public void Write(PharmacyId id, IReadOnlyDictionary<Cip13, StockLevel> levels, Instant? freshUntil = null)
    {
        _levels[id] = new(levels);
        _freshUntil[id] = freshUntil;
        Shelves.Take(new StockFacts(id, Next(id), levels, freshUntil));
    }

    /// <summary>A row of a pharmacy says until when its levels are believed; false where it must say all it has instead.</summary>
    public bool Feed(PharmacyId id, Instant? freshUntil)
    {
        if (!Shelves.Take(id, _seqs.GetValueOrDefault(id) + 1, new([], new Freshness(freshUntil))))
            return false;
        _freshUntil[id] = freshUntil;
        Next(id);
        return true;
    }

    /// <summary>Time passes, or is put right where that is negative.</summary>
    public void Pass(Duration time)
    {
        _time.Stop(_now += time);
        while (Shelves.Age(_now) <= _now)
        {
            // It takes some at a time.
        }
    }

    /// <summary>A row of a pharmacy makes one level cross; false where it must say all it has instead.</summary>
    public bool Cross(PharmacyId id, Cip13 product, StockLevel level)
    {
        if (!Shelves.Take(id, _seqs.GetValueOrDefault(id) + 1, new([(product, level)], null)))
            return false;
        _levels[id][product] = level;
        Next(id);
        return true;
    }

    public void Add(PharmacyId id, Position at)
    {
        Country.Put(PlaceOf(Country.NextSlot, id, at));
        Places.Add((id, at));
    }

    public void Move(int slot, Position to)
    {
        Country.Put(PlaceOf(slot, Places[slot].Id, to));
        Places[slot] = (Places[slot].Id, to);
    }

    /// <summary>Lays the index anew.</summary>
    public void Rebuild() => Country.Settle(_settled += Duration.FromMinutes(2));

    /// <summary>Who is nearest and has all the products, as the service finds them.</summary>
    public Neighbour[] Ask(Position from, Cip13[] products, Catalogue? equivalents, int k)
    {
        var masks = new StockMask[products.Length];
        var found = new Neighbour[k];
        var index = Shelves.Find(products, equivalents, masks);
        return found[..index.Nearest(from, [], masks, double.PositiveInfinity, found)];
    }

    /// <summary>The same, from the list.</summary>
    public Neighbour[] Expect(Position from, Cip13[] products, Catalogue? equivalents, int k)
    {
        var wanted = products.Select(product => Accepted(product, equivalents)).ToArray();
        return new BruteForce(Places).Nearest(from, slot => IsBelieved(Places[slot].Id) && _levels.TryGetValue(Places[slot].Id, out var levels) && wanted.All(any => any.Any(one => levels.GetValueOrDefault(one).IsThere())), double.PositiveInfinity, k);
    }

    private bool IsBelieved(PharmacyId id) => !(_freshUntil.GetValueOrDefault(id) <= _now);

    private static Cip13[] Accepted(Cip13 product, Catalogue? equivalents) =>
        equivalents is not null && equivalents.TryFind(product, out var known) ? [product, .. equivalents.EquivalentsOf(known).Select(other => other.Cip13)] : [product];

    private long Next(PharmacyId id) => _seqs[id] = _seqs.GetValueOrDefault(id) + 1;

    private Place PlaceOf(int slot, PharmacyId id, Position at)
    {
        var facts = new Pharmacy { HoursSource = HoursSource.Import, Record = new() { Id = id, Name = "Pharmacie", Latitude = at.Latitude, Longitude = at.Longitude, Address = new("1 rue", "75001", "Paris") } };
        var place = new Place(slot, facts, Paris, PharmacySchedule.Of(facts, Paris, null, OnCallBook.Of(NoDemo), new RealtimeOptions(), _now), PlaceDuty.None);
        place.MoveTo(_now);
        return place;
    }
}
