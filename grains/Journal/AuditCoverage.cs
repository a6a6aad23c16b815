namespace Realtime.Journal;

/// <summary>
/// Which checkpoint covers which row, and what each of them must have been taken of. Rows come by stream, all checkpoints at once: each keeps the few hashes of a tree that
/// grows, about 200 bytes, and 16 more for each lane that it moved; rows and streams leave nothing behind.
/// </summary>
internal sealed class AuditCoverage
{
    private readonly List<Covered> _checkpoints = [];
    private readonly Dictionary<long, List<(long UpTo, int Checkpoint)>> _lanes = [];

    /// <summary>How many checkpoints there are.</summary>
    public int Count => _checkpoints.Count;

    /// <summary>The newest of them; null where there is none.</summary>
    public AuditCheckpoint? Last { get; private set; }

    /// <summary>Lanes that some checkpoint covers, in part or in whole.</summary>
    public IEnumerable<long> Lanes => _lanes.Keys;

    /// <summary>Takes the next checkpoint; what is wrong with its cut, or null.</summary>
    public string? Add(AuditCheckpoint checkpoint)
    {
        foreach (var (lane, n) in checkpoint.Cut.Named)
        {
            var covered = UpTo(lane);
            if (n < covered)
                return $"it covers lane {lane} up to {n}, but a checkpoint before it already did up to {covered}";
            if (n > covered)
                (_lanes.TryGetValue(lane, out var steps) ? steps : _lanes[lane] = []).Add((n, _checkpoints.Count));
        }
        _checkpoints.Add(new Covered(checkpoint));
        Last = checkpoint;
        return null;
    }

    /// <summary>Up to which place a lane is covered; 0 for not at all.</summary>
    public long UpTo(long lane) => _lanes.TryGetValue(lane, out var steps) ? steps[^1].UpTo : 0;

    /// <summary>Whether the last checkpoint knew that a lane gets no more rows than are covered.</summary>
    public bool IsOver(long lane) => Last is not null && lane <= Last.Cut.Known && !Last.Cut.Live.ContainsKey(lane);

    /// <summary>The checkpoint that covers a row, from 0; null where none does yet.</summary>
    public int? Of(JournalRow row)
    {
        if (!_lanes.TryGetValue(row.Lane, out var steps) || row.N > steps[^1].UpTo)
            return null;
        var (low, high) = (0, steps.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = steps[middle].UpTo < row.N ? (middle + 1, high) : (low, middle);
        }
        return steps[low].Checkpoint;
    }

    /// <summary>A stream had rows in a checkpoint; streams come in the order of the bytes of their names.</summary>
    public void Take(int checkpoint, StreamTip tip, long rows) => _checkpoints[checkpoint].Take(tip, rows);

    /// <summary>The first checkpoint that was taken of something else than what was given to <see cref="Take"/>.</summary>
    public BrokenLink? FirstStrange()
    {
        var place = _checkpoints.FindIndex(checkpoint => checkpoint.Strange() is not null);
        return place < 0 ? null : new BrokenLink($"checkpoint {place + 1}", _checkpoints[place].At, _checkpoints[place].Strange()!);
    }

    private sealed class Covered(AuditCheckpoint checkpoint)
    {
        private readonly byte[] _root = Convert.FromHexString(checkpoint.Root);
        private readonly (int Streams, long Rows) _told = (checkpoint.Streams, checkpoint.Rows);
        private MerkleTree _tree;
        private (int Streams, long Rows) _found;
        private bool _same;

        public NodaTime.Instant At { get; } = checkpoint.At;

        public void Take(StreamTip tip, long rows)
        {
            _found = (_found.Streams + 1, _found.Rows + rows);
            if (_found.Streams > _told.Streams)
                return;
            _tree.Add(tip.Leaf());
            if (_found.Streams < _told.Streams)
                return;
            // The tree is complete, and what it took can be forgotten.
            _same = _tree.Root().AsSpan().SequenceEqual(_root);
            _tree = default;
        }

        public string? Strange() =>
            _found != _told ? $"it was taken of {_told.Rows} rows in {_told.Streams} streams, and {_found.Rows} in {_found.Streams} are there: rows were removed or added, and what follows was made anew"
            : !_same ? $"its root is not that of the {_told.Rows} rows it was taken of: one of them was altered, and the chain after it was made anew"
            : null;
    }
}
