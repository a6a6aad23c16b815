namespace Realtime.Journal;

/// <summary>What changed since a checkpoint: the newest row of each stream that got rows, read from the journal's lanes. Costs by the rows that were added, never by those that are there.</summary>
internal sealed class AuditChanges
{
    /// <summary>Rows of one checkpoint at most, by about one reading: what is more goes into the next, written at once.</summary>
    public const int MaxRows = 50_000;

    /// <summary>Lanes that may have moved before no more are read: with one reading more, and with the lanes that live, a checkpoint stays far below a row's 64 KB.</summary>
    public const int MaxLanes = 300;

    /// <summary>A reading can move no more lanes than it has rows.</summary>
    private const int Reading = 1_000;

    private readonly Dictionary<string, StreamTip> _tips = new(StringComparer.Ordinal);

    private AuditChanges() { }

    /// <summary>Whether nothing more was there to be read.</summary>
    public bool IsAll { get; private set; }

    /// <summary>Rows that were added, without the checkpoints themselves.</summary>
    public long Rows { get; private set; }

    /// <summary>The newest row of each stream that changed.</summary>
    public IReadOnlyCollection<StreamTip> Tips => _tips.Values;

    /// <summary>Reads on from the cursors and moves them.</summary>
    public static async Task<AuditChanges> Read(IJournal journal, LaneCursors cursors)
    {
        var changes = new AuditChanges();
        HashSet<long> moved = [];
        for (var read = 0; read < MaxRows && moved.Count < MaxLanes;)
        {
            // An embedded store answers synchronously: between two readings others may have the thread.
            await Task.Yield();
            var rows = await journal.Tail(cursors, Reading);
            read += rows.Count;
            foreach (var row in rows)
            {
                moved.Add(row.Lane);
                changes.Take(row);
            }
            if (rows.Count == 0)
            {
                changes.IsAll = true;
                break;
            }
        }
        return changes;
    }

    // Lanes are read one after another, so that a stream that moved between them may show its rows out of order: the greatest number is the newest.
    private void Take(JournalRow row)
    {
        if (row.Stream == AuditCheckpoint.Stream)
            return;
        Rows++;
        if (!_tips.TryGetValue(row.Stream, out var tip) || tip.Seq < row.Seq)
            _tips[row.Stream] = new StreamTip(row.Stream, row.Seq, row.Hash);
    }
}
