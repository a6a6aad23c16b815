using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Realtime.Journal;

/// <summary>
/// All rows of a transaction as arrays, and their public states and history with them: one round trip, however many there are. Most rows have neither,
/// and what none of them has is not sent.
/// </summary>
internal sealed class PostgresStatements : BatchStatements
{
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
        new("stream", NpgsqlDbType.Text, row => row.Row.Stream),
        new("seq", NpgsqlDbType.Bigint, row => row.Row.Seq),
        new("lane", NpgsqlDbType.Bigint, row => row.Row.Lane),
        new("n", NpgsqlDbType.Bigint, row => row.Row.N),
        new("at", NpgsqlDbType.Bigint, row => row.Row.At.ToUnixTimeTicks()),
        new("kind", NpgsqlDbType.Text, row => row.Row.Event.Kind),
        new("version", NpgsqlDbType.Integer, row => row.Row.Event.Version),
        new("actor", NpgsqlDbType.Text, row => row.Row.Event.Actor),
        new("reason", NpgsqlDbType.Text, row => row.Row.Event.Reason),
        new("payload", NpgsqlDbType.Bytea, row => row.Row.Event.Payload.ToArray()),
        new("hash", NpgsqlDbType.Bytea, row => row.Row.Hash.ToArray()),
        new("previous", NpgsqlDbType.Bytea, row => row.Append.PreviousHash.ToArray()),
    ];

    private static readonly Column<NumberedRow>[] PublicColumns =
    [
        new("stream", NpgsqlDbType.Text, row => row.Row.Stream),
        new("seq", NpgsqlDbType.Bigint, row => row.Row.Seq),
        new("payload", NpgsqlDbType.Bytea, row => row.Append.PublicState!.Value.ToArray()),
    ];

    private static readonly Column<(JournalRow Row, HistoryEntry Entry)>[] HistoryColumns =
    [
        new("stream", NpgsqlDbType.Text, one => one.Row.Stream),
        new("order", NpgsqlDbType.Text, one => one.Entry.OrderId),
        new("state", NpgsqlDbType.Text, one => one.Entry.State),
        new("seq", NpgsqlDbType.Bigint, one => one.Row.Seq),
        new("payload", NpgsqlDbType.Bytea, one => one.Entry.Payload.ToArray()),
    ];

    // For each pairing of with and without public states and history; the server prepares each text once.
    private readonly Dictionary<(bool Facts, bool History), NpgsqlBatch> _batches;

    public PostgresStatements(NpgsqlConnection connection, string insertRows)
    {
        bool[] either = [false, true];
        _batches = either.SelectMany(facts => either.Select(history => (facts, history))).ToDictionary(parts => parts, parts => Batch(connection, insertRows, parts));
    }

    public override HashSet<long> Write(DbTransaction transaction, IReadOnlyList<NumberedRow> rows)
    {
        using var reader = Filled((NpgsqlTransaction)transaction, rows).ExecuteReader();
        HashSet<long> written = [];
        while (reader.Read())
            written.Add(reader.GetInt64(0));
        // Reading on to the end is what brings an error of a later statement to light.
        while (reader.NextResult()) { }
        return written;
    }

    public override void Dispose()
    {
        foreach (var batch in _batches.Values)
            batch.Dispose();
    }

    private NpgsqlBatch Filled(NpgsqlTransaction transaction, IReadOnlyList<NumberedRow> rows)
    {
        List<NumberedRow> facts = [.. rows.Where(row => row.Append.PublicState is not null)];
        // In one order, so that two writers that meet on several orders do not wait for each other in a circle.
        List<(JournalRow, HistoryEntry)> history =
            [.. rows.Where(row => row.Append.History.Count > 0).SelectMany(row => row.Append.History.OrderBy(entry => entry.OrderId, StringComparer.Ordinal).Select(entry => (row.Row, entry)))];
        var batch = _batches[(facts.Count > 0, history.Count > 0)];
        batch.Transaction = transaction;
        Give(batch.BatchCommands[0], RowColumns, rows);
        if (facts.Count > 0)
            Give(batch.BatchCommands[1], PublicColumns, facts);
        if (history.Count > 0)
            Give(batch.BatchCommands[^1], HistoryColumns, history);
        return batch;
    }

    private static NpgsqlBatch Batch(NpgsqlConnection connection, string insertRows, (bool Facts, bool History) parts)
    {
        var batch = connection.CreateBatch();
        batch.BatchCommands.Add(Command(insertRows, RowColumns));
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
            command.Parameters[i].Value = columns[i].Of(rows);
    }

    /// <summary>One column of the rows that a statement is given.</summary>
    private sealed record Column<T>(string Name, NpgsqlDbType Type, Func<T, object> Value)
    {
        public Array Of(IReadOnlyList<T> rows) => Type switch
        {
            NpgsqlDbType.Text => rows.Select(row => (string)Value(row)).ToArray(),
            NpgsqlDbType.Bigint => rows.Select(row => (long)Value(row)).ToArray(),
            NpgsqlDbType.Integer => rows.Select(row => (int)Value(row)).ToArray(),
            _ => rows.Select(row => (byte[])Value(row)).ToArray(),
        };
    }
}
