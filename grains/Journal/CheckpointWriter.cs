using NodaTime;

namespace Realtime.Journal;

/// <summary>
/// Writes checkpoints one after another, going on from the last one in the stream, whoever wrote that: no row is left out by a crash or a move. One owner, one call at a
/// time; a second writer is fenced by the stream. After a <see cref="JournalException"/> its place may be lost: begin anew.
/// </summary>
internal sealed class CheckpointWriter
{
    private readonly IJournal _journal;
    private readonly AuditKey _key;
    private readonly StreamHead _stream;
    private LaneCursors _covered = []; // by the last checkpoint
    private LaneCursors _read = []; // the same, or further by rows that need no checkpoint

    private CheckpointWriter(IJournal journal, AuditKey key) => (_journal, _key, _stream) = (journal, key, new StreamHead(journal, AuditCheckpoint.Stream));

    /// <summary>The last checkpoint there is; null for none.</summary>
    public AuditCheckpoint? Last { get; private set; }

    /// <summary>Reads the last checkpoint and nothing before it.</summary>
    public static async Task<CheckpointWriter> Begin(IJournal journal, JournalDialect dialect, AuditKey key, CancellationToken cancellation = default)
    {
        var writer = new CheckpointWriter(journal, key);
        var last = await JournalScan.Last(dialect, AuditCheckpoint.Stream, cancellation);
        var later = await writer._stream.ReadAfter(last?.Seq ?? 0, last?.Hash ?? default)
            ?? throw new InvalidOperationException("The last checkpoint changed while it was read.");
        if ((later is [.., var newest] ? newest : last) is { } row)
            writer.GoOnFrom(AuditCheckpoint.Read(row.Event.Payload.Span));
        return writer;
    }

    /// <summary>Covers everything that was written since the last checkpoint, with as many as that takes; none where nothing was.</summary>
    public async Task Cover(Func<Instant> now)
    {
        while (true)
        {
            var reading = _read.Copy();
            var changes = await AuditChanges.Read(_journal, reading);
            if (changes.Rows > 0)
                await Write(changes, reading, now());
            _read = reading;
            if (changes.IsAll)
                return;
        }
    }

    private void GoOnFrom(AuditCheckpoint last)
    {
        Last = last;
        (_covered, _read) = (last.Cut.Cursors(), last.Cut.Cursors());
    }

    private async Task Write(AuditChanges changes, LaneCursors reading, Instant now)
    {
        var at = JournalRows.AsStored(now);
        var checkpoint = _key.Seal(new AuditCheckpoint
        {
            Number = _stream.Seq + 1,
            At = at,
            Previous = Convert.ToHexStringLower(_stream.Hash.Span),
            Streams = changes.Tips.Count,
            Rows = changes.Rows,
            Cut = AuditCut.Of(reading, _covered, Last?.Cut.Known ?? 0),
            Root = Convert.ToHexStringLower(StreamTip.Root(changes.Tips)),
            Key = "",
            Seal = "",
        });
        await _stream.Append(new JournalEvent(AuditCheckpoint.Kind, AuditCheckpoint.Version, AuditCheckpoint.Actor, AuditCheckpoint.Reason, checkpoint.Write()), at, publicState: null);
        (Last, _covered) = (checkpoint, reading.Copy());
    }
}
