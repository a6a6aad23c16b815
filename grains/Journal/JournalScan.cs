using System.Data.Common;
using System.Runtime.CompilerServices;
using NodaTime;

namespace Realtime.Journal;

/// <summary>The whole store as it is at one moment, read page by page beside whoever writes it. It changes nothing.</summary>
internal sealed class JournalScan : IAsyncDisposable
{
    private const int PageSize = 1_000;

    private readonly DbConnection _connection;

    private JournalScan(DbConnection connection) => _connection = connection;

    /// <summary>Begins to read.</summary>
    /// <exception cref="StoreException">The store is not there, or of another version of the program.</exception>
    public static async Task<JournalScan> Open(JournalDialect dialect, CancellationToken cancellation = default)
    {
        try
        {
            var scan = new JournalScan(await dialect.OpenReader(cancellation));
            try
            {
                await scan.Execute(dialect.BeginScan, cancellation);
                await scan.RequireSchema(dialect, cancellation);
                return scan;
            }
            catch
            {
                await scan.DisposeAsync();
                throw;
            }
        }
        catch (DbException failure) when (dialect.Explain(failure) is not null)
        {
            throw dialect.Explain(failure)!;
        }
    }

    /// <summary>The last row of a stream, found in one step.</summary>
    public static async Task<JournalRow?> Last(JournalDialect dialect, string stream, CancellationToken cancellation = default)
    {
        await using var connection = await dialect.OpenReader(cancellation);
        await using var command = connection.Command($"SELECT {JournalRows.Columns} FROM journal WHERE stream = @stream ORDER BY seq DESC LIMIT 1", ("@stream", stream));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? JournalRows.Read(reader) : null;
    }

    /// <summary>All rows, by stream in the order of the bytes of their names, and by number.</summary>
    /// <exception cref="UnreadableRowException">A row has something that no row of the journal has.</exception>
    public IAsyncEnumerable<JournalRow> Rows(CancellationToken cancellation = default) =>
        Pages($"SELECT {JournalRows.Columns} FROM journal WHERE (stream, seq) > (@stream, @seq) ORDER BY stream, seq LIMIT {PageSize}", "", cancellation);

    /// <summary>All rows of one stream, by number.</summary>
    /// <exception cref="UnreadableRowException">A row has something that no row of the journal has.</exception>
    public IAsyncEnumerable<JournalRow> Rows(string stream, CancellationToken cancellation = default) =>
        Pages($"SELECT {JournalRows.Columns} FROM journal WHERE stream = @stream AND seq > @seq ORDER BY seq LIMIT {PageSize}", stream, cancellation);

    /// <summary>All public states, in the order of the bytes of their streams' names.</summary>
    public async IAsyncEnumerable<PublicState> PublicStates([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (var (after, full) = ("", true); full;)
        {
            await using var command = _connection.Command($"SELECT stream, seq, payload FROM public_state WHERE stream > @after ORDER BY stream LIMIT {PageSize}", ("@after", after));
            List<PublicState> page = [];
            await using (var reader = await command.ExecuteReaderAsync(cancellation))
                while (await reader.ReadAsync(cancellation))
                    page.Add(Readable(() => new PublicState(reader.GetString(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)), new RowPlace($"the public facts of {page.LastOrDefault()?.Stream ?? after}", page.LastOrDefault()?.Seq ?? 0, default)));
            foreach (var state in page)
                yield return state;
            full = page.Count == PageSize;
            after = full ? page[^1].Stream : after;
        }
    }

    /// <summary>All lanes that were ever opened.</summary>
    public async Task<Dictionary<long, ScannedLane>> Lanes(CancellationToken cancellation = default)
    {
        await using var command = _connection.Command("SELECT lane, ended, (SELECT max(n) FROM journal WHERE journal.lane = lane.lane) FROM lane");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        Dictionary<long, ScannedLane> lanes = [];
        while (await reader.ReadAsync(cancellation))
            lanes[reader.GetInt64(0)] = new ScannedLane(await reader.IsDBNullAsync(1, cancellation) ? null : reader.GetInt64(1), await reader.IsDBNullAsync(2, cancellation) ? 0 : reader.GetInt64(2));
        return lanes;
    }

    /// <summary>The first place of a lane at which no row is, up to its last row and one more.</summary>
    public async Task<long> FirstHole(long lane, CancellationToken cancellation = default)
    {
        await using var command = _connection.Command("SELECT n FROM journal WHERE lane = @lane ORDER BY n", ("@lane", lane));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var expected = 1L;
        while (await reader.ReadAsync(cancellation) && reader.GetInt64(0) <= expected)
            expected = reader.GetInt64(0) + 1;
        return expected;
    }

    /// <summary>The rows of a lane next to a place: the last one before it, and the first one after it.</summary>
    public async Task<(RowPlace? Before, RowPlace? After)> Around(long lane, long n, CancellationToken cancellation = default) =>
        (await Neighbour("n < @n ORDER BY n DESC", lane, n, cancellation), await Neighbour("n > @n ORDER BY n", lane, n, cancellation));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await using (_connection)
            await Execute("ROLLBACK", default);
    }

    private async IAsyncEnumerable<JournalRow> Pages(string sql, string stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var (after, full) = (new RowPlace(stream, long.MinValue, default), true); full;)
        {
            await using var command = _connection.Command(sql, ("@stream", after.Stream), ("@seq", after.Seq));
            var page = await Page(command, after, cancellation);
            foreach (var row in page)
                yield return row;
            full = page.Count == PageSize;
            after = full ? RowPlace.Of(page[^1]) : after;
        }
    }

    private static async Task<List<JournalRow>> Page(DbCommand command, RowPlace after, CancellationToken cancellation)
    {
        List<JournalRow> page = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            page.Add(Readable(() => JournalRows.Read(reader), page is [.., var last] ? RowPlace.Of(last) : after));
        return page;
    }

    private static T Readable<T>(Func<T> read, RowPlace after)
    {
        try
        {
            return read();
        }
        catch (Exception strange) when (strange is InvalidCastException or FormatException or OverflowException or ArgumentException or InvalidOperationException)
        {
            // A file may hold anything in any column; whatever a row of the journal cannot have, somebody put there.
            throw new UnreadableRowException(after, strange);
        }
    }

    private async Task<RowPlace?> Neighbour(string where, long lane, long n, CancellationToken cancellation)
    {
        await using var command = _connection.Command($"SELECT stream, seq, at FROM journal WHERE lane = @lane AND {where} LIMIT 1", ("@lane", lane), ("@n", n));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new RowPlace(reader.GetString(0), reader.GetInt64(1), Instant.FromUnixTimeTicks(reader.GetInt64(2))) : null;
    }

    private async Task RequireSchema(JournalDialect dialect, CancellationToken cancellation)
    {
        if (await Number(dialect.CountSchemaTables, cancellation) == 0)
            throw new StoreException($"{dialect.Name} holds no store of this program.");
        var found = await Number("SELECT coalesce(max(number), 0) FROM realtime_schema", cancellation);
        if (found > dialect.Scripts.Count)
            throw new SchemaException($"{dialect.Name} was written by a newer version of this program (schema {found}, this one knows {dialect.Scripts.Count}): verify it with that version.");
        if (found < dialect.Scripts.Count)
            throw new SchemaException($"{dialect.Name} was written by an older version of this program (schema {found}, this one needs {dialect.Scripts.Count}): start the service once, which brings it up to date, or verify it with that version.");
    }

    private async Task<long> Number(string sql, CancellationToken cancellation)
    {
        await using var command = _connection.Command(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task Execute(string sql, CancellationToken cancellation)
    {
        await using var command = _connection.Command(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>A lane as the store has it.</summary>
/// <param name="Ended">Its last place, where its writer or a later one has said so; null while it may grow.</param>
/// <param name="Last">The greatest place at which it has a row; 0 for none.</param>
internal readonly record struct ScannedLane(long? Ended, long Last);

/// <summary>Where a row is, and when it was decided.</summary>
internal readonly record struct RowPlace(string Stream, long Seq, Instant At)
{
    /// <summary>The place of a row.</summary>
    public static RowPlace Of(JournalRow row) => new(row.Stream, row.Seq, row.At);

    /// <inheritdoc/>
    public override string ToString() => $"{Stream} row {Seq} of {At}";
}

/// <summary>The store holds a row with something that no row of the journal has.</summary>
/// <param name="after">The last row that could be read.</param>
/// <param name="cause">What was in the way.</param>
internal sealed class UnreadableRowException(RowPlace after, Exception cause) : Exception(cause.Message.Split('\n')[0].TrimEnd('.', '\r'), cause)
{
    /// <summary>The last row that could be read; its number is the least there is where there was none.</summary>
    public RowPlace After { get; } = after;
}
