using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Realtime.Nearest;

/// <summary>
/// Where places are: a static 16-way tree of boxes around points of the unit sphere, in flat arrays, float32 for the search and double for the answer.
/// The points are put in order by halving: each range is split across its longest side, at a multiple of a whole subtree, until a leaf remains.
/// So the boxes of a level never overlap by more than a shared face (those of a space-filling curve do), all leaves but the last are full,
/// and the building takes O(n log n) time in one array.
/// </summary>
/// <remarks>
/// A node is one vector of 16 lanes. Where the hardware has no 512-bit vectors the runtime makes two or four narrower ones of it, so there is one code path:
/// with 256 bits it measured as fast as with 512, with 128 bits about five times slower.
/// </remarks>
internal sealed class PlaceTree
{
    private const int Width = TreeShape.Width;
    private const int PointBlock = 3 * Width;
    private const int BoxBlock = 6 * Width;

    // One leaf after the other: 16 x, 16 y, 16 z.
    private readonly float[] points;

    // One inner node after the other, level by level from 1: of its 16 children the least x, y, z, then the greatest.
    private readonly float[] boxes;
    private readonly UnitVector[] exact;
    private readonly int[] slots;

    /// <summary>Builds the tree of places; place i has slot i.</summary>
    public PlaceTree(ReadOnlySpan<UnitVector> places)
    {
        Shape = new TreeShape(places.Length);
        slots = LeafOrder.Of(places);
        exact = new UnitVector[slots.Length];
        points = new float[Shape.Leaves * PointBlock];
        boxes = new float[(Shape.Words - FirstBoxWord) * BoxBlock];
        for (var home = 0; home < slots.Length; home++)
            Put(home, places[slots[home]]);
        FillBoxes();
    }

    /// <summary>How the nodes are numbered.</summary>
    public TreeShape Shape { get; }

    /// <summary>The slot of the place that lives at each home.</summary>
    public ReadOnlySpan<int> Slots => slots;

    private int FirstBoxWord => Shape.Leaves + (TreeShape.SpareHomes / Width);

    /// <summary>The place at a home, in double precision.</summary>
    public ref readonly UnitVector Exact(int home) => ref exact[home];

    /// <summary>Squared chords in float32 from a position to the 16 places of a leaf; lanes without a place hold anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> ChordsSquared(int leaf, float x, float y, float z)
    {
        ref var block = ref points[leaf * PointBlock];
        var dx = Vector512.LoadUnsafe(ref block) - Vector512.Create(x);
        var dy = Vector512.LoadUnsafe(ref block, Width) - Vector512.Create(y);
        var dz = Vector512.LoadUnsafe(ref block, 2 * Width) - Vector512.Create(z);
        return (dx * dx) + (dy * dy) + (dz * dz);
    }

    /// <summary>
    /// For the 16 children of an inner node, the squared chord from a position to the nearest point of the child's box. Float32 rounding is monotone and the steps
    /// are those of <see cref="ChordsSquared"/>, so a child's bound is never above the chord computed for any place below it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> LowerBounds(int word, float x, float y, float z)
    {
        ref var block = ref boxes[(word - FirstBoxWord) * BoxBlock];
        var dx = Gap(ref block, Vector512.Create(x));
        var dy = Gap(ref Unsafe.Add(ref block, Width), Vector512.Create(y));
        var dz = Gap(ref Unsafe.Add(ref block, 2 * Width), Vector512.Create(z));
        return (dx * dx) + (dy * dy) + (dz * dz);
    }

    // How far a coordinate lies outside 16 intervals; 0 inside.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Gap(ref float least, Vector512<float> at)
    {
        var below = Vector512.LoadUnsafe(ref least) - at;
        var above = at - Vector512.LoadUnsafe(ref least, 3 * Width);
        return Vector512.Max(Vector512.Max(below, above), Vector512<float>.Zero);
    }

    private void Put(int home, in UnitVector place)
    {
        exact[home] = place;
        var at = (home / Width * PointBlock) + (home % Width);
        points[at] = (float)place.X;
        points[at + Width] = (float)place.Y;
        points[at + (2 * Width)] = (float)place.Z;
    }

    private void FillBoxes()
    {
        for (var block = 0; block < boxes.Length; block += BoxBlock)
        {
            boxes.AsSpan(block, BoxBlock / 2).Fill(float.PositiveInfinity);
            boxes.AsSpan(block + (BoxBlock / 2), BoxBlock / 2).Fill(float.NegativeInfinity);
        }
        for (var level = 1; level <= Shape.Top; level++)
        {
            for (var home = 0; home < slots.Length; home++)
                Widen(level, home);
        }
    }

    // A place widens, at every level, the box of the one child it lies below.
    private void Widen(int level, int home)
    {
        var point = points.AsSpan((home / Width * PointBlock) + (home % Width));
        var child = home >> (level * TreeShape.Shift);
        var word = Shape.LevelStart(level) + (child / Width);
        var box = boxes.AsSpan(((word - FirstBoxWord) * BoxBlock) + (child % Width));
        for (var axis = 0; axis < 3 * Width; axis += Width)
        {
            box[axis] = Math.Min(box[axis], point[axis]);
            box[axis + (3 * Width)] = Math.Max(box[axis + (3 * Width)], point[axis]);
        }
    }
}
