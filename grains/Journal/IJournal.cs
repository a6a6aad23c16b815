using NodaTime;

namespace Realtime.Journal;

/// <summary>What a command leaves behind: one event, named in the past tense, with who did it and why.</summary>
/// <param name="Kind">The event's name in the log; a contract, never a class name.</param>
/// <param name="Version">Version of the payload's shape, from 1.</param>
/// <param name="Actor">Pseudonym of who acted; never a person's name.</param>
/// <param name="Reason">Why, in a few words; never personal data.</param>
/// <param name="Payload">UTF-8 JSON of our own, at most <see cref="MaxPayload"/> bytes.</param>
public sealed record JournalEvent(string Kind, int Version, string Actor, string Reason, ReadOnlyMemory<byte> Payload)
{
    /// <summary>A row stays under this many bytes.</summary>
    public const int MaxPayload = 64 * 1024;
}

/// <summary>A row to be written.</summary>
/// <param name="Stream">The aggregate's stream, as <c>pharmacy/750020927</c>.</param>
/// <param name="Seq">The row's place in its stream: one more than the last row the writer has seen, the first is 1.</param>
/// <param name="PreviousHash">Hash of the row before it; empty for the first. A writer that knows another row before it is fenced too.</param>
/// <param name="At">When it was decided; kept to 100 ns.</param>
/// <param name="Event">What happened.</param>
/// <param name="PublicState">The stream's public facts after it, written in the same transaction; null where they did not change.</param>
public sealed record Append(string Stream, long Seq, ReadOnlyMemory<byte> PreviousHash, Instant At, JournalEvent Event, ReadOnlyMemory<byte>? PublicState)
{
    /// <summary>What the row puts into the stream's history, in the same transaction; usually nothing.</summary>
    public IReadOnlyList<HistoryEntry> History { get; init; } = [];
}

/// <summary>
/// An order that its stream's state no longer holds, as the last row that closed it left it. It is a projection: all of it follows from the rows.
/// </summary>
/// <param name="OrderId">The order's id in its stream; ids of later orders are greater, by bytes. Another entry of the same id replaces it.</param>
/// <param name="State">What became of it, in a word by which it can be asked for.</param>
/// <param name="Payload">UTF-8 JSON of the slice, at most <see cref="MaxPayload"/> bytes.</param>
public sealed record HistoryEntry(string OrderId, string State, ReadOnlyMemory<byte> Payload)
{
    /// <summary>An entry stays under this many bytes: an order with all that was ever said about it.</summary>
    public const int MaxPayload = 512 * 1024;
}

/// <summary>A row as it stands in the journal.</summary>
/// <param name="Stream">The aggregate's stream.</param>
/// <param name="Seq">Place in the stream, from 1, without holes.</param>
/// <param name="Lane">The writer incarnation that wrote it.</param>
/// <param name="N">Place in the lane: commit order of that writer, from 1, without holes.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Event">What happened.</param>
/// <param name="Hash">H(hash of the row before it in this stream ‖ this row).</param>
public sealed record JournalRow(string Stream, long Seq, long Lane, long N, Instant At, JournalEvent Event, ReadOnlyMemory<byte> Hash);

/// <summary>The public facts of one stream as of one of its rows.</summary>
/// <param name="Stream">The aggregate's stream.</param>
/// <param name="Seq">The row they are of.</param>
/// <param name="Payload">UTF-8 JSON.</param>
public sealed record PublicState(string Stream, long Seq, ReadOnlyMemory<byte> Payload);

/// <summary>
/// The durable log: one row per command, one stream per aggregate.
/// What was acknowledged survives <c>kill -9</c>; two writers can never both own a sequence number.
/// </summary>
public interface IJournal
{
    /// <summary>Rows of one stream after <paramref name="afterSeq"/>, in order.</summary>
    /// <exception cref="JournalUnavailableException">The store does not answer.</exception>
    Task<IReadOnlyList<JournalRow>> Read(string stream, long afterSeq, CancellationToken cancellation = default);

    /// <summary>The first rows of one stream after <paramref name="afterSeq"/>, in order, at most <paramref name="limit"/>.</summary>
    /// <exception cref="JournalUnavailableException">The store does not answer.</exception>
    Task<IReadOnlyList<JournalRow>> ReadSome(string stream, long afterSeq, int limit, CancellationToken cancellation = default);

    /// <summary>The number of a stream's last row; 0 where it has none.</summary>
    /// <exception cref="JournalUnavailableException">The store does not answer.</exception>
    Task<long> LastOf(string stream, CancellationToken cancellation = default);

    /// <summary>One row of a stream; null where it has none of that number.</summary>
    /// <exception cref="JournalUnavailableException">The store does not answer.</exception>
    Task<JournalRow?> ReadRow(string stream, long seq, CancellationToken cancellation = default);

    /// <summary>A page of a stream's history, the newest order first.</summary>
    /// <param name="stream">The aggregate's stream.</param>
    /// <param name="before">Only orders whose id is less than this one, by bytes: the last of the page before; null for the first page.</param>
    /// <param name="states">Only orders in one of these states; null for all.</param>
    /// <param name="limit">Entries at most, from 1.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="JournalUnavailableException">The store does not answer.</exception>
    Task<IReadOnlyList<HistoryEntry>> History(string stream, string? before, IReadOnlyCollection<string>? states, int limit, CancellationToken cancellation = default);

    /// <summary>One order of a stream's history; null where it is not there.</summary>
    /// <exception cref="JournalUnavailableException">The store does not answer.</exception>
    Task<HistoryEntry?> HistoryOf(string stream, string orderId, CancellationToken cancellation = default);

    /// <summary>Writes one row; returns it once it is durable.</summary>
    /// <exception cref="FencedException">Somebody else already wrote that sequence number: read the stream again.</exception>
    /// <exception cref="OutcomeUnknownException">The store failed before it answered: the row may or may not be there. Read the stream again.</exception>
    /// <exception cref="JournalFullException">The queue is full: nothing was written.</exception>
    /// <exception cref="ArgumentException">
    /// A payload is larger than <see cref="JournalEvent.MaxPayload"/>, the public state is empty instead of null, an order comes twice in the history, or a text is not valid
    /// Unicode or has a zero character.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled before the row was queued; once queued it cannot be taken back.</exception>
    Task<JournalRow> Append(Append append, CancellationToken cancellation = default);

    /// <summary>Where every lane ends now. Note it BEFORE reading public states, then tail from it.</summary>
    Task<LaneCursors> Ends(CancellationToken cancellation = default);

    /// <summary>Which life of the store this is: another after a backup was restored, when sequence numbers may have gone back.</summary>
    Task<string> Epoch(CancellationToken cancellation = default);

    /// <summary>The public states of all streams whose name starts with <paramref name="prefix"/>.</summary>
    IAsyncEnumerable<PublicState> PublicStates(string prefix, CancellationToken cancellation = default);

    /// <summary>Up to <paramref name="limit"/> rows past the cursors, per lane in order; moves the cursors past them, or, where it throws, not at all. Empty when the reader has caught up.</summary>
    Task<IReadOnlyList<JournalRow>> Tail(LaneCursors cursors, int limit, CancellationToken cancellation = default);

    /// <summary>Rows of some kinds past the cursors, per lane in order; moves the cursors past all rows, or, where it throws, not at all. What is not asked for is not fetched.</summary>
    Task<IReadOnlyList<JournalRow>> TailOf(LaneCursors cursors, IReadOnlyList<string> kinds, CancellationToken cancellation = default);

    /// <summary>Called by a writer of this process after each commit; a reader in the same process need not wait for its poll. Keep handlers short: they run on the writer.</summary>
    event Action? Committed;
}

/// <summary>
/// The journal did not take a row, or cannot say whether it did. The command may be sent again: with the same idempotency key it is either decided
/// anew or answered as the first time.
/// </summary>
[GenerateSerializer, Alias("realtime.JournalException")]
public abstract class JournalException(string message) : Exception(message);

/// <summary>Another writer owns the sequence number; the state this writer holds is old.</summary>
[GenerateSerializer, Alias("realtime.FencedException")]
public sealed class FencedException(string stream, long seq) : JournalException($"Somebody else wrote row {seq} of stream {stream}, or the row before it is not the one this writer knows.");

/// <summary>
/// The store failed between the request and its answer. Its own exception is logged where it happened and stays there: between silos a database driver's exceptions cannot travel.
/// </summary>
[GenerateSerializer, Alias("realtime.OutcomeUnknownException")]
public sealed class OutcomeUnknownException(string stream, long seq) : JournalException($"It is not known whether row {seq} of stream {stream} was written.");

/// <summary>The store could not be read; nothing was asked to be written. Try again later.</summary>
[GenerateSerializer, Alias("realtime.JournalUnavailableException")]
public sealed class JournalUnavailableException(string stream, string cause) : JournalException($"Stream {stream} cannot be read: {cause}");

/// <summary>More rows wait to be written than the queue holds: nothing was written, the state this writer holds is good, try again later.</summary>
[GenerateSerializer, Alias("realtime.JournalFullException")]
public sealed class JournalFullException(int waiting) : JournalException($"The journal already has {waiting} rows waiting to be written.");
