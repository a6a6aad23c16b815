using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Realtime.Pharmacies;

namespace Realtime.Nearest;

/// <summary>
/// One query's walk down the tree, nearest child first, into subtrees where every filter has something. It lives on the stack.
/// Float32 only decides what is worth a look: whatever passes is measured in double at once, so the answer is that of double precision.
/// </summary>
/// <remarks>
/// Bound: a place whose chord is c in double shows in float32 at most (c + √3·2⁻²⁴)(1 + 2.5·2⁻²⁴): the two positions are each rounded by at most 2⁻²⁵ per
/// coordinate, and a subtraction, a square and two additions by 2⁻²⁴ each. With the limit's own rounding to float32 that stays under c(1 + 2⁻²¹) + 2⁻²² (1.5 m),
/// so nothing as near as the k-th place found so far is ever passed over. Ties go by id because they are compared in double.
/// </remarks>
internal ref struct NearestSearch
{
    private const double RelativeMargin = 1.0 / (1 << 21);
    private const double AbsoluteMargin = 1.0 / (1 << 22);
    private const int LaneBits = TreeShape.Width - 1;

    private readonly PlaceTree tree;
    private readonly PharmacyId[] ids;
    private readonly FilterMask present;
    private readonly FilterMask[] masks;
    private readonly ReadOnlySpan<int> filters;
    private readonly ReadOnlySpan<PlaceMask> beside;
    private readonly Overflow overflow;
    private readonly UnitVector from;
    private readonly float x;
    private readonly float y;
    private readonly float z;
    private readonly Span<Neighbour> nearest;

    // While it runs, the entries of `nearest` hold squared chords.
    private float bound;
    private int count;

    public NearestSearch(
        PlaceTree tree, PharmacyId[] ids, FilterMask present, FilterMask[] masks, ReadOnlySpan<int> filters, ReadOnlySpan<PlaceMask> beside,
        Overflow overflow, Position from, Span<Neighbour> nearest)
    {
        (this.tree, this.ids, this.present, this.masks, this.overflow) = (tree, ids, present, masks, overflow);
        this.filters = filters;
        this.beside = beside;
        this.nearest = nearest;
        this.from = UnitVector.Of(from);
        (x, y, z) = ((float)this.from.X, (float)this.from.Y, (float)this.from.Z);
    }

    /// <summary>What a place must satisfy beside its filters, asked by slot when nothing else speaks against it any more; null where nothing more is asked.</summary>
    public Func<int, bool>? Admits { get; init; }

    /// <summary>Fills the results, nearest first; returns how many there are.</summary>
    public int Run(double maxDistanceMeters, ReadOnlySpan<int> homes)
    {
        Narrow(GreatCircle.ChordSquared(maxDistanceMeters));
        for (var i = 0; i < overflow.Count; i++)
        {
            var slot = overflow.Slots[i];
            if (Matches(homes[slot]))
                Offer(slot, overflow.Place(i).ChordSquaredTo(from));
        }
        Visit(tree.Shape.Top, 0);
        for (var i = 0; i < count; i++)
            nearest[i] = nearest[i] with { DistanceMeters = GreatCircle.DistanceMeters(nearest[i].DistanceMeters) };
        // The margin let in places a little too far: they are the last ones.
        while (count > 0 && nearest[count - 1].DistanceMeters > maxDistanceMeters)
            count--;
        return count;
    }

    private void Visit(int level, int node)
    {
        var word = tree.Shape.LevelStart(level) + node;
        var open = MatchingChildren(word);
        if (open == 0)
            return;
        if (level == 0)
        {
            Scan(node, open);
            return;
        }
        // A bound is a float that is not negative, so its bits order as an integer; the child's number takes the place of the four lowest,
        // which makes keys distinct and lowers no more than it must: a bound may be too low, never too high.
        var bounds = tree.LowerBounds(word, x, y, z).AsInt32() & Vector512.Create(~LaneBits);
        var keys = Vector512.ConditionalSelect(Lanes(open), bounds | Vector512<int>.Indices, Vector512.Create(int.MaxValue));
        while (true)
        {
            var least = Least(keys);
            if (least > (BitConverter.SingleToInt32Bits(bound) | LaneBits))
                return;
            keys = Vector512.ConditionalSelect(Vector512.Equals(keys, Vector512.Create(least)), Vector512.Create(int.MaxValue), keys);
            Visit(level - 1, (node * TreeShape.Width) + (least & LaneBits));
        }
    }

    private void Scan(int leaf, uint open)
    {
        var chords = tree.ChordsSquared(leaf, x, y, z);
        var near = open & (uint)Vector512.LessThanOrEqual(chords, Vector512.Create(bound)).ExtractMostSignificantBits();
        for (; near != 0; near &= near - 1)
        {
            var home = (leaf * TreeShape.Width) + System.Numerics.BitOperations.TrailingZeroCount(near);
            var slot = tree.Slots[home];
            if (overflow.IsEmpty || !overflow.Contains(slot))
                Offer(slot, tree.Exact(home).ChordSquaredTo(from));
        }
    }

    private readonly uint MatchingChildren(int word)
    {
        var open = present.Word(word);
        foreach (var filter in filters)
            open &= masks[filter].Word(word);
        foreach (var mask in beside)
            open &= mask.Bits.Word(word);
        return open;
    }

    private readonly bool Matches(int home)
    {
        var matches = present.Get(home);
        foreach (var filter in filters)
            matches &= masks[filter].Get(home);
        foreach (var mask in beside)
            matches &= mask.Bits.Get(home);
        return matches;
    }

    // Insertion from the far end: the walk comes nearest first, so most newcomers belong near the end.
    private void Offer(int slot, double chordSquared)
    {
        if (count == nearest.Length && !Precedes(slot, chordSquared, nearest[count - 1]))
            return;
        if (Admits is not null && !Admits(slot))
            return;
        var at = count < nearest.Length ? count++ : count - 1;
        for (; at > 0 && Precedes(slot, chordSquared, nearest[at - 1]); at--)
            nearest[at] = nearest[at - 1];
        nearest[at] = new Neighbour(slot, chordSquared);
        if (count == nearest.Length)
            Narrow(nearest[count - 1].DistanceMeters);
    }

    private readonly bool Precedes(int slot, double chordSquared, in Neighbour other) =>
        chordSquared < other.DistanceMeters || (chordSquared == other.DistanceMeters && ids[slot] < ids[other.Slot]);

    // From here on only what may be as near as this is looked at.
    private void Narrow(double chordSquared)
    {
        var chord = (Math.Sqrt(chordSquared) * (1 + RelativeMargin)) + AbsoluteMargin;
        bound = (float)(chord * chord);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Lanes(uint bits)
    {
        var bitOfLane = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        return Vector512.Equals(Vector512.Create((int)bits) & bitOfLane, bitOfLane);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Least(Vector512<int> keys)
    {
        var half = Vector256.Min(keys.GetLower(), keys.GetUpper());
        var quarter = Vector128.Min(half.GetLower(), half.GetUpper());
        quarter = Vector128.Min(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        quarter = Vector128.Min(quarter, Vector128.Shuffle(quarter, Vector128.Create(1, 0, 3, 2)));
        return quarter.ToScalar();
    }
}
