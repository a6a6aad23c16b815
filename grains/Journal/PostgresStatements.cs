using System.Data.Common;
using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;

namespace Realtime.Journal;

/// <summary>
/// All rows of a transaction as arrays, and their public states and history with them: one round trip, however many there are, and the commit in the same. Most rows have
/// neither, and what none of them has is not sent.
/// </summary>
internal sealed class PostgresStatements : BatchStatements
{
    /// <summary>
    /// All rows or none: where the row before is not the one that the writer knows it divides by zero, and where the row is somebody else's already the key is violated. It
    /// needs nothing of what lets a statement go on without the fenced rows, and a tenth more orders are taken for it.
    /// </summary>
    private const string InsertAllRows =
        """
        INSERT INTO journal (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash)
        SELECT stream,
            seq / (CASE WHEN seq = 1 THEN length(previous) = 0
                ELSE coalesce((SELECT before.hash FROM journal AS before WHERE before.stream = new.stream AND before.seq = new.seq - 1) = previous, false) END)::int,
            lane, n, at, kind, version, actor, reason, payload, hash
        FROM unnest(@stream, @seq, @lane, @n, @at, @kind, @version, @actor, @reason, @payload, @hash, @previous)
            AS new (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash, previous)
        """;

    private const string KeepPublicStates =
        """
        INSERT INTO public_state (stream, seq, payload) SELECT * FROM unnest(@stream, @seq, @payload)
        ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, payload = excluded.payload
        """;

    private const string KeepHistory =
        """
        INSERT INTO order_history (stream, order_id, state, seq, payload) SELECT * FROM unnest(@stream, @order, @state, @seq, @payload)
        ON CONFLICT (stream, order_id) DO UPDATE SET state = excluded.state, seq = excluded.seq, payload = excluded.payload
        """;

    private static readonly Column<NumberedRow>[] RowColumns =
    [
        Column<NumberedRow>.Of("stream", NpgsqlDbType.Text, row => row.Row.Stream),
        Column<NumberedRow>.Of("seq", NpgsqlDbType.Bigint, row => row.Row.Seq),
        Column<NumberedRow>.Of("lane", NpgsqlDbType.Bigint, row => row.Row.Lane),
        Column<NumberedRow>.Of("n", NpgsqlDbType.Bigint, row => row.Row.N),
        Column<NumberedRow>.Of("at", NpgsqlDbType.Bigint, row => row.Row.At.ToUnixTimeTicks()),
        Column<NumberedRow>.Of("kind", NpgsqlDbType.Text, row => row.Row.Event.Kind),
        Column<NumberedRow>.Of("version", NpgsqlDbType.Integer, row => row.Row.Event.Version),
        Column<NumberedRow>.Of("actor", NpgsqlDbType.Text, row => row.Row.Event.Actor),
        Column<NumberedRow>.Of("reason", NpgsqlDbType.Text, row => row.Row.Event.Reason),
        Column<NumberedRow>.Of("payload", NpgsqlDbType.Bytea, row => Bytes(row.Row.Event.Payload)),
        Column<NumberedRow>.Of("hash", NpgsqlDbType.Bytea, row => Bytes(row.Row.Hash)),
        Column<NumberedRow>.Of("previous", NpgsqlDbType.Bytea, row => Bytes(row.Append.PreviousHash)),
    ];

    private static readonly Column<NumberedRow>[] PublicColumns =
    [
        Column<NumberedRow>.Of("stream", NpgsqlDbType.Text, row => row.Row.Stream),
        Column<NumberedRow>.Of("seq", NpgsqlDbType.Bigint, row => row.Row.Seq),
        Column<NumberedRow>.Of("payload", NpgsqlDbType.Bytea, row => Bytes(row.Append.PublicState!.Value)),
    ];

    private static readonly Column<(JournalRow Row, HistoryEntry Entry)>[] HistoryColumns =
    [
        Column<(JournalRow Row, HistoryEntry Entry)>.Of("stream", NpgsqlDbType.Text, one => one.Row.Stream),
        Column<(JournalRow Row, HistoryEntry Entry)>.Of("order", NpgsqlDbType.Text, one => one.Entry.OrderId),
        Column<(JournalRow Row, HistoryEntry Entry)>.Of("state", NpgsqlDbType.Text, one => one.Entry.State),
        Column<(JournalRow Row, HistoryEntry Entry)>.Of("seq", NpgsqlDbType.Bigint, one => one.Row.Seq),
        Column<(JournalRow Row, HistoryEntry Entry)>.Of("payload", NpgsqlDbType.Bytea, one => Bytes(one.Entry.Payload)),
    ];

    private readonly NpgsqlConnection _connection;
    private readonly string _insertRows;

    // For each pairing of with and without public states and history, in one step or not; the server prepares each text once, when it is first needed.
    private readonly Dictionary<(bool Facts, bool History, bool OneStep), NpgsqlBatch> _batches = [];

    public PostgresStatements(NpgsqlConnection connection, string insertRows) => (_connection, _insertRows) = (connection, insertRows);

    public override HashSet<long> Write(DbTransaction transaction, IReadOnlyList<NumberedRow> rows)
    {
        var batch = Filled(rows, oneStep: false);
        batch.Transaction = (NpgsqlTransaction)transaction;
        using var reader = batch.ExecuteReader();
        HashSet<long> written = [];
        while (reader.Read())
            written.Add(reader.GetInt64(0));
        // Reading on to the end is what brings an error of a later statement to light.
        while (reader.NextResult()) { }
        return written;
    }

    /// <inheritdoc/>
    /// <remarks>What is sent up to one Sync is one transaction of the server's own, which commits before it answers the Sync.</remarks>
    public override bool TryWriteDurably(IReadOnlyList<NumberedRow> rows)
    {
        try
        {
            Filled(rows, oneStep: true).ExecuteNonQuery();
            return true;
        }
        catch (PostgresException fenced) when (fenced.SqlState is PostgresErrorCodes.DivisionByZero or PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    public override void Dispose()
    {
        foreach (var batch in _batches.Values)
            batch.Dispose();
    }

    private NpgsqlBatch Filled(IReadOnlyList<NumberedRow> rows, bool oneStep)
    {
        List<NumberedRow> facts = [.. rows.Where(row => row.Append.PublicState is not null)];
        // In one order, so that two writers that meet on several orders do not wait for each other in a circle.
        List<(JournalRow, HistoryEntry)> history =
            [.. rows.Where(row => row.Append.History.Count > 0).SelectMany(row => row.Append.History.OrderBy(entry => entry.OrderId, StringComparer.Ordinal).Select(entry => (row.Row, entry)))];
        var batch = BatchOf((facts.Count > 0, history.Count > 0, oneStep));
        Give(batch.BatchCommands[0], RowColumns, rows);
        if (facts.Count > 0)
            Give(batch.BatchCommands[1], PublicColumns, facts);
        if (history.Count > 0)
            Give(batch.BatchCommands[^1], HistoryColumns, history);
        return batch;
    }

    private NpgsqlBatch BatchOf((bool Facts, bool History, bool OneStep) parts)
    {
        if (_batches.TryGetValue(parts, out var known))
            return known;
        var batch = _batches[parts] = _connection.CreateBatch();
        batch.BatchCommands.Add(Command(parts.OneStep ? InsertAllRows : _insertRows, RowColumns));
        if (parts.Facts)
            batch.BatchCommands.Add(Command(KeepPublicStates, PublicColumns));
        if (parts.History)
            batch.BatchCommands.Add(Command(KeepHistory, HistoryColumns));
        batch.Prepare();
        return batch;
    }

    private static NpgsqlBatchCommand Command<T>(string sql, Column<T>[] columns)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var column in columns)
            command.Parameters.Add(new NpgsqlParameter(column.Name, NpgsqlDbType.Array | column.Type));
        return command;
    }

    private static void Give<T>(NpgsqlBatchCommand command, Column<T>[] columns, IReadOnlyList<T> rows)
    {
        for (var i = 0; i < columns.Length; i++)
            command.Parameters[i].Value = columns[i].Values(rows);
    }

    // Nearly always the whole of an array, which need not be copied.
    private static byte[] Bytes(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var segment) && segment is { Offset: 0, Array: { } whole } && segment.Count == whole.Length ? whole : memory.ToArray();

    /// <summary>One column of the rows that a statement is given.</summary>
    private sealed record Column<T>(string Name, NpgsqlDbType Type, Func<IReadOnlyList<T>, Array> Values)
    {
        public static Column<T> Of<TValue>(string name, NpgsqlDbType type, Func<T, TValue> value) => new(name, type, rows =>
        {
            var values = new TValue[rows.Count];
            for (var i = 0; i < values.Length; i++)
                values[i] = value(rows[i]);
            return values;
        });
    }
}
