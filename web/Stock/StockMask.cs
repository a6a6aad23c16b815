using Realtime.Nearest;
using Realtime.Stock;

namespace Realtime.Web.Stock;

/// <summary>Where one product, or anything that would do for it, can be had. <see cref="Shelves"/> alone writes it.</summary>
/// <param name="index">The index it is of.</param>
/// <param name="planes">Levels of the product itself, then of each that would do.</param>
internal sealed class StockMask(AvailabilityIndex index, LevelPlane[] planes) : PlaceMask(index)
{
    private int _covered;
    private long _used;

    /// <summary>Levels of the product itself, then of each that would do.</summary>
    public ReadOnlySpan<LevelPlane> Planes => planes;

    /// <summary>For how many of the index's places it has been written; those added later are not in it yet.</summary>
    public int Covered
    {
        get => Volatile.Read(ref _covered);
        set => Volatile.Write(ref _covered, value);
    }

    /// <summary>When it was last asked for; greater is later.</summary>
    public long Used
    {
        get => Volatile.Read(ref _used);
        set => Volatile.Write(ref _used, value);
    }

    /// <summary>Marks the number of every pharmacy that has the product or one that would do, however old its levels; the writer's alone.</summary>
    public void MarkThere(Span<bool> there)
    {
        foreach (var plane in planes)
            plane.MarkThere(there);
    }

    /// <summary>Whether a pharmacy has the product or one that would do.</summary>
    public bool IsThere(int number)
    {
        foreach (var plane in planes)
            if (plane.At(number).IsThere())
                return true;
        return false;
    }
}
