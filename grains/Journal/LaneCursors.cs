namespace Realtime.Journal;

/// <summary>
/// How far a reader has read each lane: lane → last <c>n</c> seen. A lane it lacks has not been read at all. Lanes that are over and read to their end are not looked at again,
/// so that reading on costs by the number of writers that live, not of those that ever were.
/// </summary>
public sealed class LaneCursors : Dictionary<long, long>
{
    private readonly SortedSet<long> _unfinished = [];

    /// <summary>All lanes up to this one were discovered; lanes become visible in the order of their numbers.</summary>
    internal long Known { get; private set; }

    /// <summary>Lanes that have, or may still get, rows after their cursor.</summary>
    internal IReadOnlyList<long> Unfinished => [.. _unfinished];

    /// <summary>Cursors that stand where these do and move on their own.</summary>
    public LaneCursors Copy()
    {
        var copy = new LaneCursors { Known = Known };
        foreach (var (lane, n) in this)
            copy[lane] = n;
        copy._unfinished.UnionWith(_unfinished);
        return copy;
    }

    /// <summary>Moves to where others stand.</summary>
    internal void Become(LaneCursors others)
    {
        Known = others.Known;
        Clear();
        foreach (var (lane, n) in others)
            this[lane] = n;
        _unfinished.Clear();
        _unfinished.UnionWith(others._unfinished);
    }

    /// <summary>Cursors of a reader that goes on elsewhere: all lanes up to <paramref name="known"/> that are not in <paramref name="unfinished"/> were over and read.</summary>
    internal static LaneCursors At(long known, IEnumerable<KeyValuePair<long, long>> unfinished)
    {
        var cursors = new LaneCursors { Known = known };
        foreach (var (lane, n) in unfinished)
        {
            cursors._unfinished.Add(lane);
            if (n > 0)
                cursors[lane] = n;
        }
        return cursors;
    }

    /// <summary>Takes note of the lanes that were found after <see cref="Known"/>.</summary>
    internal void Discover(IEnumerable<LaneEnd> found)
    {
        foreach (var lane in found.Select(end => end.Lane).Where(lane => lane > Known).ToList())
            _unfinished.Add(lane);
        Known = _unfinished.Count == 0 ? Known : Math.Max(Known, _unfinished.Max);
    }

    /// <summary>The lane is over and was read to its end.</summary>
    internal void Finish(long lane) => _unfinished.Remove(lane);
}

/// <summary>Where a lane stands.</summary>
/// <param name="Lane">Its number.</param>
/// <param name="IsOver">Whether no row will ever be added.</param>
/// <param name="Last">Its last <c>n</c>; 0 for none.</param>
internal readonly record struct LaneEnd(long Lane, bool IsOver, long Last);
