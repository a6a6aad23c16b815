using System.Collections.Concurrent;
using NodaTime;
using Realtime.Nearest;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Live;

namespace Realtime.Web.Stock;

/// <summary>
/// What every pharmacy has, as far as this node knows: levels by product, and over them the masks for the index. What a pharmacy wrote replaces what the demo's seed gives it.
/// What its software feeds is believed for a while only; levels that have grown too old stay here and are told as unknown until the next feed says that they are fresh.
/// </summary>
/// <remarks>
/// All writing, of levels and of masks, is done under one lock, so that a mask that is being made misses no level that arrives meanwhile. Who asks reads without it, and enters it
/// only for a mask that is not there yet. The ticker never does: a mask learns of a new place, or of a new index, when it is next asked for.
/// </remarks>
internal sealed class Shelves
{
    // The lock is given back in between, where thousands grow old at once.
    private const int AgedAtOnce = 64;

    private readonly Lock _gate = new();
    private readonly Country _country;
    private readonly DemoWorld _demo;
    private readonly Clock _clock;
    private readonly ShelfAges _ages = new();
    private readonly ConcurrentDictionary<Cip13, LevelPlane> _planes = new();
    private readonly ConcurrentDictionary<PharmacyId, Holder> _byPharmacy = new();
    private readonly List<Holder> _holders = [];
    private readonly List<Holder> _bySlot = [];
    private volatile StockMasks _masks;
    private Instant _aged = Instant.MinValue;

    public Shelves(Country country, DemoWorld demo, Clock clock)
    {
        (_country, _demo, _clock) = (country, demo, clock);
        _masks = new(country.Index);
        foreach (var pharmacy in demo.Pharmacies)
            HolderOf(pharmacy.Record.Id);
    }

    /// <summary>Levels may grow too old sooner than <see cref="Age"/> last said. It is raised while the writer's lock is held.</summary>
    public event Action? Sooner;

    /// <summary>
    /// The masks of some products, and the index whose they are: the one to be asked. Once the masks are there it takes no lock and allocates nothing.
    /// </summary>
    /// <param name="products">Distinct; at most <see cref="StockMasks.Most"/>.</param>
    /// <param name="equivalents">The catalogue that says what would do as well; null where only the products themselves do.</param>
    /// <param name="found">Receives a mask for each product.</param>
    public AvailabilityIndex Find(ReadOnlySpan<Cip13> products, Catalogue? equivalents, Span<StockMask> found)
    {
        var masks = _masks;
        if (masks.Index == _country.Index && masks.TryFind(products, equivalents?.Version, found))
            return masks.Index;
        lock (_gate)
            return Make(products, equivalents, found);
    }

    /// <summary>The number in the planes of a pharmacy that those masks name.</summary>
    /// <exception cref="KeyNotFoundException">They do not name it.</exception>
    public int NumberOf(PharmacyId id) => _byPharmacy[id].Number;

    /// <summary>More levels than this are not listed unless they are asked for: half a megabyte is no page.</summary>
    public const int MostListed = 500;

    /// <summary>Every product of which a pharmacy's level is known, by code; none where there are more than <see cref="MostListed"/>.</summary>
    public IEnumerable<(Cip13 Product, StockLevel Level)> LevelsOf(PharmacyId id)
    {
        if (!_byPharmacy.TryGetValue(id, out var holder) || holder.Products > MostListed)
            return [];
        var levels = holder.IsSeeded
            ? DemoStock.Products.Select(product => (Product: product, Level: SeedOf(holder, product)))
            : _planes.Select(plane => (Product: plane.Key, Level: plane.Value.At(holder.Number)));
        return levels.Where(one => one.Level != StockLevel.Unknown).OrderBy(one => one.Product);
    }

    /// <summary>The levels of some products at a pharmacy, known or not, in that order.</summary>
    public IEnumerable<(Cip13 Product, StockLevel Level)> LevelsOf(PharmacyId id, IEnumerable<Cip13> products) => _byPharmacy.TryGetValue(id, out var holder)
        ? products.Select(product => (product, holder.IsSeeded ? SeedOf(holder, product) : _planes.TryGetValue(product, out var plane) ? plane.At(holder.Number) : StockLevel.Unknown))
        : products.Select(product => (product, StockLevel.Unknown));

    /// <summary>Takes in all levels of a pharmacy.</summary>
    public void Take(StockFacts facts)
    {
        if (!_demo.Shows(facts.Pharmacy))
            return;
        lock (_gate)
        {
            var holder = HolderOf(facts.Pharmacy);
            if (facts.Seq < holder.Whole || facts.Seq < holder.Crossed)
                return;
            var hadLevels = holder.Last > 0 || holder.IsSeeded;
            holder.Whole = facts.Seq;
            holder.Products = facts.Levels.Count;
            if (hadLevels)
                foreach (var (product, plane) in _planes)
                    if (!facts.Levels.ContainsKey(product))
                        Set(plane, holder, StockLevel.Unknown);
            foreach (var (product, level) in facts.Levels)
                Set(PlaneOf(product), holder, level);
            // Only now it has more than the seed gives it: whoever reads meanwhile sees what was, never nothing.
            holder.Last = Math.Max(holder.Last, facts.Seq);
            // A later row that said this alone, and left the levels as they are, may have been read first.
            if (facts.Seq >= holder.Refreshed)
                Believe(holder, new(facts.FreshUntil));
        }
    }

    /// <summary>Takes in what a row says of levels.</summary>
    /// <returns>False where they cannot be put on top of what is known: nothing was, or later levels of this stream came first. Then all levels must be taken in.</returns>
    public bool Take(PharmacyId id, long seq, RowLevels said)
    {
        if (!_demo.Shows(id))
            return true;
        lock (_gate)
        {
            var holder = HolderOf(id);
            if (seq <= holder.Whole)
                return true;
            if (holder.Last == 0 || (said.Crossed.Count > 0 && seq <= holder.Crossed))
                return false;
            Put(holder, seq, said);
            return true;
        }
    }

    /// <summary>Makes unknown what is too old to be believed by now; some of it, where there is much.</summary>
    /// <returns>When it must be called next.</returns>
    public Instant Age(Instant now)
    {
        lock (_gate)
        {
            // The clock was ahead and has been put right.
            if (now < _aged)
                foreach (var number in _ages.Restart(now))
                    Show(_holders[number]);
            _aged = now;
            for (var i = 0; i < AgedAtOnce && _ages.TryAge(now, out var number); i++)
                Show(_holders[number]);
            return _ages.Next;
        }
    }

    // Levels, and until when they are believed, are each as the last row that says it has it: a row may say one of them alone and be read before an older one that says the other.
    private void Put(Holder holder, long seq, RowLevels said)
    {
        holder.Last = Math.Max(holder.Last, seq);
        if (said.Crossed.Count > 0)
            holder.Crossed = seq;
        foreach (var (product, level) in said.Crossed)
            Set(PlaneOf(product), holder, level);
        if (said.Freshness is not { } freshness || seq < holder.Refreshed)
            return;
        holder.Refreshed = seq;
        Believe(holder, freshness);
    }

    private AvailabilityIndex Make(ReadOnlySpan<Cip13> products, Catalogue? equivalents, Span<StockMask> found)
    {
        var index = _country.Index;
        if (_masks.Index != index)
        {
            _masks.Clear();
            _masks = new(index);
        }
        var places = index.Count;
        for (var i = 0; i < products.Length; i++)
        {
            found[i] = _masks.Find(products[i], equivalents?.Version) ?? MaskOf(products[i], equivalents);
            Cover(found[i], places);
        }
        return index;
    }

    private StockMask MaskOf(Cip13 asked, Catalogue? equivalents)
    {
        var others = equivalents is not null && equivalents.TryFind(asked, out var product) ? equivalents.EquivalentsOf(product) : [];
        var mask = new StockMask(_masks.Index, [PlaneOf(asked), .. others.Select(other => PlaneOf(other.Cip13))]);
        _masks.Add(asked, equivalents?.Version, mask);
        return mask;
    }

    // Slots stay with their pharmacies for ever.
    private void Cover(StockMask mask, int places)
    {
        while (_bySlot.Count < places)
            _bySlot.Add(HolderOf(_country.At(_bySlot.Count).Facts.Record.Id));
        if (mask.Covered == places)
            return;
        var there = new bool[_holders.Count];
        mask.MarkThere(there);
        for (var slot = mask.Covered; slot < places; slot++)
            mask.Set(slot, there[_bySlot[slot].Number] && !_ages.IsStale(_bySlot[slot].Number));
        mask.Covered = places;
    }

    // Levels are written before it is said that they are fresh: old ones are never taken for new.
    private void Believe(Holder holder, Freshness freshness)
    {
        var next = _ages.Next;
        if (_ages.Put(holder.Number, freshness.Until, _clock.Now))
            Show(holder);
        if (_ages.Next < next)
            Sooner?.Invoke();
    }

    private void Show(Holder holder)
    {
        if (_country.TryFind(holder.Pharmacy, out var place))
            foreach (var mask in _masks.All)
                Show(mask, place, holder);
    }

    private static void Show(StockMask mask, Place place, Holder holder)
    {
        if (place.Slot < mask.Covered)
            mask.Set(place.Slot, mask.IsThere(holder.Number));
    }

    private void Set(LevelPlane plane, Holder holder, StockLevel level)
    {
        if (!plane.Set(holder.Number, level) || plane.Masks.Count == 0 || !_country.TryFind(holder.Pharmacy, out var place))
            return;
        foreach (var mask in plane.Masks)
            Show(mask, place, holder);
    }

    private LevelPlane PlaneOf(Cip13 product)
    {
        if (_planes.TryGetValue(product, out var known))
            return known;
        var plane = new LevelPlane(product, _ages);
        if (_demo.IsOn && DemoStock.Products.Contains(product))
            foreach (var holder in _holders.Where(one => one.IsSeeded))
                plane.Set(holder.Number, SeedOf(holder, product));
        return _planes[product] = plane;
    }

    private Holder HolderOf(PharmacyId id)
    {
        if (_byPharmacy.TryGetValue(id, out var known))
            return known;
        var holder = new Holder(id, _holders.Count, hasSeed: _demo.Find(id) is not null);
        _holders.Add(holder);
        return _byPharmacy[id] = holder;
    }

    private static StockLevel SeedOf(Holder holder, Cip13 product) =>
        DemoStock.BoxesOf(holder.Pharmacy, product) is { } boxes ? StockLevels.Of(boxes) : StockLevel.Unknown;

    /// <summary>A pharmacy as the planes know it.</summary>
    private sealed class Holder(PharmacyId pharmacy, int number, bool hasSeed)
    {
        private long _last;

        public PharmacyId Pharmacy => pharmacy;

        public int Number => number;

        /// <summary>Whether it has what the demo's seed gives it: until it has written something itself.</summary>
        public bool IsSeeded => hasSeed && Last == 0;

        /// <summary>Levels that were known when all were taken in last.</summary>
        public int Products { get; set; }

        /// <summary>The row up to which all levels were taken in.</summary>
        public long Whole { get; set; }

        /// <summary>The last row whose crossed levels were taken in.</summary>
        public long Crossed { get; set; }

        /// <summary>The last row that was taken in and says until when the levels are believed.</summary>
        public long Refreshed { get; set; }

        /// <summary>The last row of which anything was taken in; 0 where it has written nothing.</summary>
        public long Last
        {
            get => Volatile.Read(ref _last);
            set => Volatile.Write(ref _last, value);
        }
    }
}
