using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Realtime.Journal;

/// <summary>
/// The journal over one database. Reading runs beside the writer; writing goes through one thread that commits whatever waits together.
/// Opening it brings the schema up to date.
/// </summary>
public sealed class SqlJournal : IJournal, IDisposable
{
    /// <summary>Rows that may wait for the writer before <see cref="JournalFullException"/>: about half a second of work.</summary>
    public const int DefaultQueueCapacity = 8192;

    /// <summary>Public states fetched at a time, so that a slow consumer holds no read transaction open.</summary>
    private const int PageSize = 1000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly JournalDialect _dialect;
    private readonly ILogger _log;
    private readonly JournalWriter _writer;

    /// <summary>Opens the journal, creating or migrating its schema.</summary>
    /// <param name="dialect">The database.</param>
    /// <param name="clock">Dates the lanes.</param>
    /// <param name="log">Hears of failures of the store.</param>
    /// <param name="queueCapacity">Rows that may wait for the writer, from 1.</param>
    /// <exception cref="StoreException">The store cannot be used as it is; the message says why and what mends it.</exception>
    public SqlJournal(JournalDialect dialect, TimeProvider clock, ILogger<SqlJournal> log, int queueCapacity = DefaultQueueCapacity)
    {
        (_dialect, _log) = (dialect, log);
        Migrations.Run(dialect);
        _writer = new JournalWriter(dialect, clock, log, queueCapacity, () => Committed?.Invoke());
    }

    /// <inheritdoc/>
    public event Action? Committed;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JournalRow>> Read(string stream, long afterSeq, CancellationToken cancellation = default) =>
        await OfStream(stream, connection => connection.Command(_dialect.ReadStream, ("@stream", stream), ("@after", afterSeq)), Rows, cancellation);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JournalRow>> ReadSome(string stream, long afterSeq, int limit, CancellationToken cancellation = default) =>
        await OfStream(stream, connection => connection.Command(_dialect.ReadSome, ("@stream", stream), ("@after", afterSeq), ("@limit", limit)), Rows, cancellation);

    /// <inheritdoc/>
    public Task<long> LastOf(string stream, CancellationToken cancellation = default) =>
        OfStream(stream, connection => connection.Command(_dialect.LastOf, ("@stream", stream)), async (command, stop) => (long)(await command.ExecuteScalarAsync(stop))!, cancellation);

    /// <inheritdoc/>
    public async Task<JournalRow?> ReadRow(string stream, long seq, CancellationToken cancellation = default) =>
        (await OfStream(stream, connection => connection.Command(_dialect.ReadRow, ("@stream", stream), ("@seq", seq)), Rows, cancellation)).SingleOrDefault();

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HistoryEntry>> History(string stream, string? before, IReadOnlyCollection<string>? states, int limit, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return states is { Count: 0 } ? [] : await OfStream(stream, connection => HistoryRows.Page(connection, stream, before, states, limit), HistoryRows.Read, cancellation);
    }

    /// <inheritdoc/>
    public async Task<HistoryEntry?> HistoryOf(string stream, string orderId, CancellationToken cancellation = default) =>
        (await OfStream(stream, connection => HistoryRows.One(connection, stream, orderId), HistoryRows.Read, cancellation)).SingleOrDefault();

    /// <inheritdoc/>
    public Task<JournalRow> Append(Append append, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (append.Event.Payload.Length > JournalEvent.MaxPayload)
            throw new ArgumentException($"The payload of {append.Event.Kind} has {append.Event.Payload.Length} bytes; a row holds at most {JournalEvent.MaxPayload}.", nameof(append));
        if (append.PublicState is { IsEmpty: true })
            throw new ArgumentException("Public facts are JSON, or null where they did not change; a null array that was converted to a memory is neither.", nameof(append));
        foreach (var text in (ReadOnlySpan<string>)[append.Stream, append.Event.Kind, append.Event.Actor, append.Event.Reason])
            RefuseUnstorable(text);
        RefuseUnstorable(append.History);
        return _writer.Enqueue(append);
    }

    /// <inheritdoc/>
    public async Task<LaneCursors> Ends(CancellationToken cancellation = default)
    {
        await using var connection = await _dialect.OpenReader(cancellation);
        var cursors = new LaneCursors();
        var ends = await LaneEnds(connection, cursors.Known, cancellation);
        cursors.Discover(ends);
        foreach (var end in ends)
        {
            if (end.Last > 0)
                cursors[end.Lane] = end.Last;
            if (end.IsOver)
                cursors.Finish(end.Lane);
        }
        return cursors;
    }

    /// <inheritdoc/>
    public async Task<string> Epoch(CancellationToken cancellation = default)
    {
        await using var connection = await _dialect.OpenReader(cancellation);
        await using var command = connection.Command(_dialect.Epoch);
        return (string)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PublicState> PublicStates(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // Names are ordered by their bytes: those with the prefix lie from the prefix itself up to the prefix followed by the greatest character,
        // and the first name after another one is that name followed by the least character.
        var (from, end) = (prefix, prefix + '\uFFFF');
        while (true)
        {
            var page = await Page(from, end, cancellation);
            foreach (var state in page)
                yield return state;
            if (page.Count < PageSize)
                yield break;
            from = page[^1].Stream + '\u0001';
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JournalRow>> Tail(LaneCursors cursors, int limit, CancellationToken cancellation = default)
    {
        await using var connection = await _dialect.OpenReader(cancellation);
        var ends = await LaneEnds(connection, cursors.Known, cancellation);
        cursors.Discover(ends);
        var live = ends.Where(end => !end.IsOver).ToDictionary(end => end.Lane, end => end.Last);
        List<JournalRow> rows = [];
        List<long> finished = [];
        foreach (var lane in cursors.Unfinished)
        {
            var (seen, wanted) = (cursors.GetValueOrDefault(lane), limit - rows.Count);
            if (wanted == 0)
                break;
            if (live.TryGetValue(lane, out var last) && last <= seen)
                continue;
            await using var command = connection.Command(_dialect.ReadLane, ("@lane", lane), ("@after", seen), ("@limit", wanted));
            var read = await Rows(command, cancellation);
            rows.AddRange(read);
            // A lane that is no longer among the living was over before this read, so what the read did not find will never be there.
            if (!live.ContainsKey(lane) && read.Count < wanted)
                finished.Add(lane);
        }
        // Only now, when nothing can fail any more: a cursor moved for rows that the caller never gets would lose them.
        foreach (var row in rows)
            cursors[row.Lane] = row.N;
        finished.ForEach(cursors.Finish);
        return rows;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JournalRow>> TailOf(LaneCursors cursors, IReadOnlyList<string> kinds, CancellationToken cancellation = default)
    {
        await using var connection = await _dialect.OpenReader(cancellation);
        var moved = cursors.Copy();
        var ends = await LaneEnds(connection, moved.Known, cancellation);
        moved.Discover(ends);
        List<JournalRow> rows = [];
        foreach (var lane in moved.Unfinished)
        {
            // A lane that is neither living nor new was over before this look: how far it goes is in its own rows.
            var end = ends.Find(one => one.Lane == lane) is { Lane: > 0 } found ? found : new LaneEnd(lane, IsOver: true, long.MaxValue);
            if (end.Last <= moved.GetValueOrDefault(lane) && !end.IsOver)
                continue;
            await using var command = connection.Command(_dialect.ReadLaneOf(kinds), ("@lane", lane), ("@after", moved.GetValueOrDefault(lane)), ("@last", end.Last));
            rows.AddRange(await Rows(command, cancellation));
            if (end.IsOver)
                moved.Finish(lane);
            else
                moved[lane] = end.Last;
        }
        cursors.Become(moved);
        return rows;
    }

    /// <summary>Writes what waits, then closes.</summary>
    public void Dispose() => _writer.Dispose();

    private async Task<T> OfStream<T>(string stream, Func<DbConnection, DbCommand> ask, Func<DbCommand, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await _dialect.OpenReader(cancellation);
            await using var command = ask(connection);
            return await read(command, cancellation);
        }
        catch (DbException failure)
        {
            // It travels to whoever called the grain, perhaps on another node, where no exception of a database driver can go.
            _log.LogWarning(failure, "Stream {Stream} cannot be read.", stream);
            throw new JournalUnavailableException(stream, failure.Message);
        }
    }

    private async Task<List<LaneEnd>> LaneEnds(DbConnection connection, long known, CancellationToken cancellation)
    {
        await using var command = connection.Command(_dialect.LaneEnds, ("@known", known));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<LaneEnd> ends = [];
        while (await reader.ReadAsync(cancellation))
            ends.Add(new LaneEnd(reader.GetInt64(0), reader.GetInt32(1) == 1, await reader.IsDBNullAsync(2, cancellation) ? 0 : reader.GetInt64(2)));
        return ends;
    }

    private async Task<List<PublicState>> Page(string from, string end, CancellationToken cancellation)
    {
        await using var connection = await _dialect.OpenReader(cancellation);
        await using var command = connection.Command(_dialect.PublicStates, ("@from", from), ("@end", end), ("@limit", PageSize));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<PublicState> page = [];
        while (await reader.ReadAsync(cancellation))
            page.Add(new PublicState(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
        return page;
    }

    /// <summary>What one of the stores cannot keep, none takes: found only in the transaction it would fail everyone in it.</summary>
    private static void RefuseUnstorable(string text)
    {
        // The encoder says itself, as an ArgumentException, where half a character stands alone.
        _ = Strict.GetByteCount(text);
        if (text.Contains('\0'))
            throw new ArgumentException("A text of a row has a zero character, which PostgreSQL cannot keep.", nameof(text));
    }

    private static void RefuseUnstorable(IReadOnlyList<HistoryEntry> history)
    {
        foreach (var entry in history)
        {
            RefuseUnstorable(entry.OrderId);
            RefuseUnstorable(entry.State);
            if (entry.Payload.Length > HistoryEntry.MaxPayload)
                throw new ArgumentException($"The history of order {entry.OrderId} has {entry.Payload.Length} bytes; an entry holds at most {HistoryEntry.MaxPayload}.", nameof(history));
        }
        // PostgreSQL takes no order twice in one statement, and which of the two should stay nobody said.
        if (history.Count > 1 && history.DistinctBy(entry => entry.OrderId, StringComparer.Ordinal).Count() < history.Count)
            throw new ArgumentException("An order comes twice in the history of one row.", nameof(history));
    }

    private static async Task<List<JournalRow>> Rows(DbCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<JournalRow> rows = [];
        while (await reader.ReadAsync(cancellation))
            rows.Add(JournalRows.Read(reader));
        return rows;
    }
}
