using System.Data.Common;

namespace Realtime.Journal;

/// <summary>Row by row: in one process a statement costs microseconds, and there is nobody to save a round trip to.</summary>
internal sealed class SqliteStatements : BatchStatements
{
    private const string KeepPublicState =
        """
        INSERT INTO public_state (stream, seq, payload) VALUES (@stream, @seq, @payload)
        ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, payload = excluded.payload
        """;

    private const string KeepHistory =
        """
        INSERT INTO order_history (stream, order_id, state, seq, payload) VALUES (@stream, @order, @state, @seq, @payload)
        ON CONFLICT (stream, order_id) DO UPDATE SET state = excluded.state, seq = excluded.seq, payload = excluded.payload
        """;

    private static readonly string[] RowNames =
        ["@stream", "@seq", "@lane", "@n", "@at", "@kind", "@version", "@actor", "@reason", "@payload", "@hash", "@previous"];

    private readonly DbCommand _row;
    private readonly DbCommand _public;
    private readonly DbCommand _history;

    public SqliteStatements(DbConnection connection, string insertRows)
    {
        _row = Command(connection, insertRows, RowNames);
        _public = Command(connection, KeepPublicState, ["@stream", "@seq", "@payload"]);
        _history = Command(connection, KeepHistory, ["@stream", "@order", "@state", "@seq", "@payload"]);
    }

    public override HashSet<long> Write(DbTransaction transaction, IReadOnlyList<NumberedRow> rows)
    {
        HashSet<long> written = [];
        foreach (var (row, waiting) in rows)
        {
            if (!Insert(transaction, row, waiting.Append.PreviousHash))
                continue;
            written.Add(row.N);
            if (waiting.Append.PublicState is { } state)
                Give(_public, transaction, [row.Stream, row.Seq, state.ToArray()]).ExecuteNonQuery();
            foreach (var entry in waiting.Append.History)
                Give(_history, transaction, [row.Stream, entry.OrderId, entry.State, row.Seq, entry.Payload.ToArray()]).ExecuteNonQuery();
        }
        return written;
    }

    public override void Dispose()
    {
        _row.Dispose();
        _public.Dispose();
        _history.Dispose();
    }

    private bool Insert(DbTransaction transaction, JournalRow row, ReadOnlyMemory<byte> previous) => Give(_row, transaction,
    [
        row.Stream, row.Seq, row.Lane, row.N, row.At.ToUnixTimeTicks(), row.Event.Kind, row.Event.Version, row.Event.Actor, row.Event.Reason,
        row.Event.Payload.ToArray(), row.Hash.ToArray(), previous.ToArray(),
    ]).ExecuteScalar() is not null;

    private static DbCommand Command(DbConnection connection, string sql, string[] names)
    {
        var command = connection.Command(sql);
        foreach (var name in names)
            command.Add(name, DBNull.Value);
        return command;
    }

    private static DbCommand Give(DbCommand command, DbTransaction transaction, ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        command.Transaction = transaction;
        return command;
    }
}
