using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace Realtime.Journal;

/// <summary>All rows of a transaction as arrays, and their public states with them: one round trip, however many there are.</summary>
internal sealed class PostgresStatements : BatchStatements
{
    private const string KeepPublicStates =
        """
        INSERT INTO public_state (stream, seq, payload) SELECT * FROM unnest(@stream, @seq, @payload)
        ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, payload = excluded.payload
        """;

    private static readonly (string Name, NpgsqlDbType Type, Func<NumberedRow, object> Value)[] RowColumns =
    [
        ("stream", NpgsqlDbType.Text, row => row.Row.Stream),
        ("seq", NpgsqlDbType.Bigint, row => row.Row.Seq),
        ("lane", NpgsqlDbType.Bigint, row => row.Row.Lane),
        ("n", NpgsqlDbType.Bigint, row => row.Row.N),
        ("at", NpgsqlDbType.Bigint, row => row.Row.At.ToUnixTimeTicks()),
        ("kind", NpgsqlDbType.Text, row => row.Row.Event.Kind),
        ("version", NpgsqlDbType.Integer, row => row.Row.Event.Version),
        ("actor", NpgsqlDbType.Text, row => row.Row.Event.Actor),
        ("reason", NpgsqlDbType.Text, row => row.Row.Event.Reason),
        ("payload", NpgsqlDbType.Bytea, row => row.Row.Event.Payload.ToArray()),
        ("hash", NpgsqlDbType.Bytea, row => row.Row.Hash.ToArray()),
        ("previous", NpgsqlDbType.Bytea, row => row.Append.PreviousHash.ToArray()),
    ];

    private static readonly (string Name, NpgsqlDbType Type, Func<NumberedRow, object> Value)[] PublicColumns =
    [
        ("stream", NpgsqlDbType.Text, row => row.Row.Stream),
        ("seq", NpgsqlDbType.Bigint, row => row.Row.Seq),
        ("payload", NpgsqlDbType.Bytea, row => row.Append.PublicState!.Value.ToArray()),
    ];

    private readonly NpgsqlBatch _batch;

    public PostgresStatements(NpgsqlConnection connection, string insertRows)
    {
        _batch = connection.CreateBatch();
        _batch.BatchCommands.Add(Command(insertRows, RowColumns));
        _batch.BatchCommands.Add(Command(KeepPublicStates, PublicColumns));
        _batch.Prepare();
    }

    public override HashSet<long> Write(DbTransaction transaction, IReadOnlyList<NumberedRow> rows)
    {
        Give(_batch.BatchCommands[0], RowColumns, rows);
        Give(_batch.BatchCommands[1], PublicColumns, [.. rows.Where(row => row.Append.PublicState is not null)]);
        _batch.Transaction = (NpgsqlTransaction)transaction;
        HashSet<long> written = [];
        using var reader = _batch.ExecuteReader();
        while (reader.Read())
            written.Add(reader.GetInt64(0));
        // Reading on to the end is what brings an error of the second statement to light.
        while (reader.NextResult()) { }
        return written;
    }

    public override void Dispose() => _batch.Dispose();

    private static NpgsqlBatchCommand Command(string sql, (string Name, NpgsqlDbType Type, Func<NumberedRow, object>)[] columns)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var (name, type, _) in columns)
            command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type));
        return command;
    }

    private static void Give(NpgsqlBatchCommand command, (string, NpgsqlDbType Type, Func<NumberedRow, object> Value)[] columns, IReadOnlyList<NumberedRow> rows)
    {
        for (var i = 0; i < columns.Length; i++)
            command.Parameters[i].Value = Column(columns[i].Type, columns[i].Value, rows);
    }

    private static Array Column(NpgsqlDbType type, Func<NumberedRow, object> value, IReadOnlyList<NumberedRow> rows) => type switch
    {
        NpgsqlDbType.Text => rows.Select(row => (string)value(row)).ToArray(),
        NpgsqlDbType.Bigint => rows.Select(row => (long)value(row)).ToArray(),
        NpgsqlDbType.Integer => rows.Select(row => (int)value(row)).ToArray(),
        _ => rows.Select(row => (byte[])value(row)).ToArray(),
    };
}
