using Realtime.Pharmacies;

namespace Realtime.Nearest;

/// <summary>
/// Answers which places are nearest to a position among those for which some facts hold now. A place is named by its slot: 0, 1, 2 … in the order in which places were
/// given; a fact is a filter: a number the caller gives it. One thread writes at a time (flips, moves, rebuilds); any number of threads ask meanwhile, without locks
/// and without allocating.
/// </summary>
/// <remarks>
/// What a query sees while the writer writes: a place that matches before and stays matching is always found, and a place that never has one of the filters is
/// never returned. Filters are read one after the other, so a place whose two filters change during the query may be judged by one's old and the other's new value.
/// </remarks>
public sealed class AvailabilityIndex
{
    /// <summary>Places that may be added or moved before the index must be rebuilt.</summary>
    public const int OverflowCapacity = TreeShape.SpareHomes;

    private readonly PlaceTree tree;
    private readonly FilterMask present;
    private readonly FilterMask[] masks;

    // By slot. Longer than Count by the spare homes: an added place is written here before any reader can learn of its slot.
    private readonly PharmacyId[] ids;
    private readonly Position[] positions;
    private readonly int[] homes;
    private readonly int built;
    private int count;
    private Overflow overflow = Overflow.Empty;

    private AvailabilityIndex(ReadOnlySpan<PharmacyId> ids, ReadOnlySpan<Position> positions, int filters)
    {
        built = count = ids.Length;
        this.ids = [.. ids, .. new PharmacyId[OverflowCapacity]];
        this.positions = [.. positions, .. new Position[OverflowCapacity]];
        tree = new PlaceTree(Array.ConvertAll(positions.ToArray(), UnitVector.Of));
        homes = new int[count + OverflowCapacity];
        for (var home = 0; home < built; home++)
            homes[tree.Slots[home]] = home;
        present = new FilterMask(tree.Shape);
        masks = new FilterMask[filters];
        for (var filter = 0; filter < filters; filter++)
            masks[filter] = new FilterMask(tree.Shape);
    }

    /// <summary>Slots given out: the valid ones are 0 to this − 1. Removed places keep theirs.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Whether some places lie beside the tree, which makes queries slower until <see cref="Rebuild"/>.</summary>
    public bool NeedsRebuild => !overflow.IsEmpty;

    /// <summary>Whether there is no room beside the tree any more: only <see cref="Rebuild"/> makes some.</summary>
    public bool IsFull => overflow.Count == OverflowCapacity;

    /// <summary>Builds an index of places, all of whose filters are clear; place i gets slot i.</summary>
    /// <param name="places">Distinct ids; positions may coincide.</param>
    /// <param name="filters">How many filters there are: they are numbered 0 to this − 1.</param>
    public static AvailabilityIndex Build(IReadOnlyList<(PharmacyId Id, Position At)> places, int filters)
    {
        var index = new AvailabilityIndex([.. places.Select(place => place.Id)], [.. places.Select(place => place.At)], filters);
        for (var slot = 0; slot < index.Count; slot++)
            index.present.Set(index.homes[slot], true);
        return index;
    }

    /// <summary>Writes one filter of one place.</summary>
    public void Set(int filter, int slot, bool value) => masks[filter].Set(HomeOf(slot), value);

    /// <summary>Reads one filter of one place.</summary>
    public bool Get(int filter, int slot) => masks[filter].Get(HomeOf(slot));

    /// <summary>
    /// The nearest places for which every filter of <paramref name="filters"/> holds, nearest first, equally near ones by id. No filter at all means any place.
    /// </summary>
    /// <param name="from">Where to measure from.</param>
    /// <param name="filters">Filters that must all hold.</param>
    /// <param name="maxDistanceMeters">Places farther than this are left out; at least 0, infinite for no bound.</param>
    /// <param name="results">Receives the places; its length is how many are wanted.</param>
    /// <returns>How many were found.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The bound is negative or not a number.</exception>
    public int Nearest(Position from, ReadOnlySpan<int> filters, double maxDistanceMeters, Span<Neighbour> results) =>
        Nearest(from, filters, [], maxDistanceMeters, results);

    /// <summary>The nearest places for which every filter of <paramref name="filters"/> and every mask of <paramref name="beside"/> holds, nearest first, equally near ones by id.</summary>
    /// <param name="from">Where to measure from.</param>
    /// <param name="filters">Filters that must all hold.</param>
    /// <param name="beside">Masks of this index that must hold too.</param>
    /// <param name="maxDistanceMeters">Places farther than this are left out; at least 0, infinite for no bound.</param>
    /// <param name="results">Receives the places; its length is how many are wanted.</param>
    /// <returns>How many were found.</returns>
    /// <exception cref="ArgumentException">A mask is another index's: its bits mean other places here.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The bound is negative or not a number.</exception>
    public int Nearest(Position from, ReadOnlySpan<int> filters, ReadOnlySpan<PlaceMask> beside, double maxDistanceMeters, Span<Neighbour> results)
    {
        if (!(maxDistanceMeters >= 0))
            throw new ArgumentOutOfRangeException(nameof(maxDistanceMeters), maxDistanceMeters, "A distance is at least 0.");
        foreach (var mask in beside)
        {
            if (mask.Index != this)
                throw new ArgumentException("The mask is another index's.", nameof(beside));
        }
        if (results.IsEmpty)
            return 0;
        var search = new NearestSearch(tree, ids, present, masks, filters, beside, Volatile.Read(ref overflow), from, results);
        return search.Run(maxDistanceMeters, homes);
    }

    /// <summary>
    /// The nearest places for which every filter holds and which <paramref name="admits"/> lets in, in one walk outwards. It is asked of a place at most once, and only of
    /// places that may be as near as the last one wanted: of few where many are let in, of all that the filters and the distance leave where none is.
    /// </summary>
    /// <param name="from">Where to measure from.</param>
    /// <param name="filters">Filters that must all hold.</param>
    /// <param name="admits">Asked with a slot.</param>
    /// <param name="maxDistanceMeters">Places farther than this are left out; at least 0, infinite for no bound.</param>
    /// <param name="results">Receives the places; its length is how many are wanted.</param>
    /// <returns>How many were found.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The bound is negative or not a number.</exception>
    public int Nearest(Position from, ReadOnlySpan<int> filters, Func<int, bool> admits, double maxDistanceMeters, Span<Neighbour> results)
    {
        if (!(maxDistanceMeters >= 0))
            throw new ArgumentOutOfRangeException(nameof(maxDistanceMeters), maxDistanceMeters, "A distance is at least 0.");
        if (results.IsEmpty)
            return 0;
        var search = new NearestSearch(tree, ids, present, masks, filters, [], Volatile.Read(ref overflow), from, results) { Admits = admits };
        return search.Run(maxDistanceMeters, homes);
    }

    /// <summary>Adds a place, all of whose filters are clear.</summary>
    /// <returns>Its slot.</returns>
    /// <exception cref="InvalidOperationException">The index is full: rebuild it first.</exception>
    public int Add(PharmacyId id, Position at)
    {
        if (IsFull)
            throw Full();
        var slot = count;
        (ids[slot], positions[slot]) = (id, at);
        homes[slot] = tree.Shape.FirstSpareHome + slot - built;
        // Only now: who fills a mask up to the last slot must find the home of that slot.
        Volatile.Write(ref count, slot + 1);
        present.Set(homes[slot], true);
        PlaceBesideTree(slot, at);
        return slot;
    }

    /// <summary>Gives a place another position; a query sees it at the old or at the new one.</summary>
    /// <exception cref="InvalidOperationException">The index is full: rebuild it first.</exception>
    public void Move(int slot, Position to)
    {
        _ = HomeOf(slot);
        if (IsFull && !overflow.Contains(slot))
            throw Full();
        positions[slot] = to;
        PlaceBesideTree(slot, to);
    }

    /// <summary>Takes a place out: no query finds it any more. Its slot is not given out again, in a rebuilt index neither.</summary>
    public void Remove(int slot) => present.Set(HomeOf(slot), false);

    /// <summary>
    /// A new index of the same places at their present positions, with the same slots and filters; this one stays as it is. To be called where flips are made: a flip
    /// of this index during or after the call is not in the new one.
    /// </summary>
    public AvailabilityIndex Rebuild()
    {
        var next = new AvailabilityIndex(ids.AsSpan(0, Count), positions.AsSpan(0, Count), masks.Length);
        CopyBits(present, next, next.present);
        for (var filter = 0; filter < masks.Length; filter++)
            CopyBits(masks[filter], next, next.masks[filter]);
        return next;
    }

    /// <summary>What every mask of this index is made of.</summary>
    internal FilterMask NewBits() => new(tree.Shape);

    /// <summary>Where the bit of a slot lives in every mask of this index.</summary>
    internal int HomeOf(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)slot, (uint)Count, nameof(slot));
        return homes[slot];
    }

    private static InvalidOperationException Full() => new($"{OverflowCapacity} places were added or moved since the index was built: rebuild it first.");

    private void CopyBits(FilterMask mask, AvailabilityIndex next, FilterMask copy)
    {
        for (var slot = 0; slot < Count; slot++)
        {
            if (mask.Get(homes[slot]))
                copy.Set(next.homes[slot], true);
        }
    }

    private void PlaceBesideTree(int slot, Position at) => Volatile.Write(ref overflow, overflow.With(slot, UnitVector.Of(at)));
}
