using System.Data.Common;
using System.Runtime.CompilerServices;
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

    private readonly JournalDialect _dialect;
    private readonly JournalWriter _writer;

    /// <summary>Opens the journal, creating or migrating its schema.</summary>
    /// <param name="dialect">The database.</param>
    /// <param name="clock">Dates the lanes.</param>
    /// <param name="log">Hears of failed batches.</param>
    /// <param name="queueCapacity">Rows that may wait for the writer, from 1.</param>
    /// <exception cref="SchemaException">The store was written by a newer program.</exception>
    public SqlJournal(JournalDialect dialect, TimeProvider clock, ILogger<SqlJournal> log, int queueCapacity = DefaultQueueCapacity)
    {
        _dialect = dialect;
        Migrations.Run(dialect);
        _writer = new JournalWriter(dialect, clock, log, queueCapacity, () => Committed?.Invoke());
    }

    /// <inheritdoc/>
    public event Action? Committed;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<JournalRow>> Read(string stream, long afterSeq, CancellationToken cancellation = default)
    {
        await using var connection = _dialect.OpenReader();
        await using var command = connection.Command(_dialect.ReadStream, ("@stream", stream), ("@after", afterSeq));
        return await Rows(command, cancellation);
    }

    /// <inheritdoc/>
    public Task<JournalRow> Append(Append append, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        if (append.Event.Payload.Length > JournalEvent.MaxPayload)
            throw new ArgumentException($"The payload of {append.Event.Kind} has {append.Event.Payload.Length} bytes; a row holds at most {JournalEvent.MaxPayload}.", nameof(append));
        if (append.PublicState is { IsEmpty: true })
            throw new ArgumentException("Public facts are JSON, or null where they did not change; a null array that was converted to a memory is neither.", nameof(append));
        return _writer.Enqueue(append);
    }

    /// <inheritdoc/>
    public async Task<LaneCursors> Ends(CancellationToken cancellation = default)
    {
        await using var connection = _dialect.OpenReader();
        return await Ends(connection, cancellation);
    }

    /// <inheritdoc/>
    public async Task<string> Epoch(CancellationToken cancellation = default)
    {
        await using var connection = _dialect.OpenReader();
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
        await using var connection = _dialect.OpenReader();
        List<JournalRow> rows = [];
        foreach (var (lane, end) in await Ends(connection, cancellation))
        {
            var seen = cursors.GetValueOrDefault(lane);
            if (end <= seen || rows.Count >= limit)
                continue;
            await using var command = connection.Command(_dialect.ReadLane, ("@lane", lane), ("@after", seen), ("@limit", limit - rows.Count));
            rows.AddRange(await Rows(command, cancellation));
            cursors[lane] = rows[^1].N;
        }
        return rows;
    }

    /// <summary>Writes what waits, then closes.</summary>
    public void Dispose() => _writer.Dispose();

    private async Task<LaneCursors> Ends(DbConnection connection, CancellationToken cancellation)
    {
        await using var command = connection.Command(_dialect.LaneEnds);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var ends = new LaneCursors();
        while (await reader.ReadAsync(cancellation))
            ends.Add(reader.GetInt64(0), reader.GetInt64(1));
        return ends;
    }

    private async Task<List<PublicState>> Page(string from, string end, CancellationToken cancellation)
    {
        await using var connection = _dialect.OpenReader();
        await using var command = connection.Command(_dialect.PublicStates, ("@from", from), ("@end", end), ("@limit", PageSize));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<PublicState> page = [];
        while (await reader.ReadAsync(cancellation))
            page.Add(new PublicState(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
        return page;
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
