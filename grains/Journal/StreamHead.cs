using NodaTime;

namespace Realtime.Journal;

/// <summary>
/// A writer's place at the head of one stream: what it has seen and what it may write next. One grain activation owns it; it is not for concurrent use.
/// After a row that was fenced or whose outcome is unknown the place is lost: nothing more is written from it.
/// </summary>
/// <param name="journal">Where the stream lives.</param>
/// <param name="stream">The stream's name.</param>
public sealed class StreamHead(IJournal journal, string stream)
{
    private ReadOnlyMemory<byte> _hash;
    private JournalException? _lost;

    /// <summary>The last row seen; 0 for none.</summary>
    public long Seq { get; private set; }

    /// <summary>The last row's hash; empty for none.</summary>
    public ReadOnlyMemory<byte> Hash => _hash;

    /// <summary>
    /// The rows after <paramref name="known"/>, or null where the journal does not know that row by that hash: whoever claims to know it is wrong,
    /// be it behind a restored backup or of another store.
    /// </summary>
    /// <param name="known">Last row already known; 0 for none.</param>
    /// <param name="hash">Its hash.</param>
    public async Task<IReadOnlyList<JournalRow>?> ReadAfter(long known, ReadOnlyMemory<byte> hash)
    {
        var rows = await journal.Read(stream, Math.Max(known - 1, 0));
        if (known > 0 && (rows is not [var first, ..] || first.Seq != known || !first.Hash.Span.SequenceEqual(hash.Span)))
            return null;
        (Seq, _hash) = rows is [.., var last] ? (last.Seq, last.Hash) : (0, default);
        return known > 0 ? [.. rows.Skip(1)] : rows;
    }

    /// <summary>Writes the next row; durable when it returns.</summary>
    /// <param name="change">What happened.</param>
    /// <param name="at">When it was decided.</param>
    /// <param name="publicState">The stream's public facts after it; null where they did not change.</param>
    /// <param name="history">What it puts into the stream's history; null for nothing.</param>
    /// <exception cref="FencedException">Somebody else wrote it; read again from the journal, in a new activation.</exception>
    /// <exception cref="OutcomeUnknownException">It may or may not be there; likewise.</exception>
    /// <exception cref="JournalFullException">Nothing was written; this place is still good.</exception>
    public async Task<JournalRow> Append(JournalEvent change, Instant at, ReadOnlyMemory<byte>? publicState, IReadOnlyList<HistoryEntry>? history = null)
    {
        if (_lost is not null)
            throw _lost;
        try
        {
            var row = await journal.Append(new Append(stream, Seq + 1, _hash, at, change, publicState) { History = history ?? [] });
            (Seq, _hash) = (row.Seq, row.Hash);
            return row;
        }
        catch (JournalException lost) when (lost is FencedException or OutcomeUnknownException)
        {
            _lost = lost;
            throw;
        }
    }
}
