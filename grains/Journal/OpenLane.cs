using System.Data.Common;
using System.Globalization;
using NodaTime;

namespace Realtime.Journal;

/// <summary>One incarnation of a writer: its lane, its connection, and its prepared statements.</summary>
internal sealed class OpenLane : IDisposable
{
    private readonly JournalDialect _dialect;
    private readonly DbConnection _connection;
    private readonly long _lane;
    private readonly RowCommand _row;
    private readonly PublicStateCommand _public;
    private long _n;

    private OpenLane(JournalDialect dialect, DbConnection connection, long lane)
    {
        (_dialect, _connection, _lane) = (dialect, connection, lane);
        _row = new RowCommand(connection, dialect.InsertRow);
        _public = new PublicStateCommand(connection, dialect.KeepPublicState);
    }

    /// <summary>Registers the lane, durably, before its first row.</summary>
    public static OpenLane Open(JournalDialect dialect, Instant now)
    {
        var connection = dialect.OpenWriter();
        try
        {
            using var command = connection.Command(dialect.OpenLane, ("@writer", $"{Environment.MachineName}:{Environment.ProcessId}"), ("@opened", now.ToUnixTimeTicks()));
            return new OpenLane(dialect, connection, Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Writes a batch in one transaction. A fenced row stays unwritten and takes no <c>n</c>; any exception leaves the whole batch in doubt.</summary>
    public void Write(List<JournalWriter.Waiting> batch)
    {
        using var transaction = _connection.BeginTransaction();
        foreach (var waiting in batch)
        {
            var row = RowOf(waiting.Append);
            if (!_row.Insert(transaction, row, waiting.Append.PreviousHash))
                continue;
            if (waiting.Append.PublicState is { } state)
                _public.Keep(transaction, row, state);
            waiting.Written = row;
            _n++;
        }
        _dialect.Commit(transaction);
    }

    public void Dispose()
    {
        _row.Dispose();
        _public.Dispose();
        _connection.Dispose();
    }

    private JournalRow RowOf(Append append)
    {
        var row = new JournalRow(append.Stream, append.Seq, _lane, _n + 1, JournalRows.AsStored(append.At), append.Event, default);
        return row with { Hash = JournalHash.Of(append.PreviousHash.Span, row) };
    }

    /// <summary>The insert, prepared once and given new values for each row.</summary>
    private sealed class RowCommand : IDisposable
    {
        private static readonly string[] Names =
            ["@stream", "@seq", "@lane", "@n", "@at", "@kind", "@version", "@actor", "@reason", "@payload", "@hash", "@previous"];

        private readonly DbCommand _command;

        public RowCommand(DbConnection connection, string sql)
        {
            _command = connection.Command(sql);
            foreach (var name in Names)
                _command.Add(name, DBNull.Value);
        }

        public bool Insert(DbTransaction transaction, JournalRow row, ReadOnlyMemory<byte> previous)
        {
            object[] values =
            [
                row.Stream, row.Seq, row.Lane, row.N, row.At.ToUnixTimeTicks(), row.Event.Kind, row.Event.Version, row.Event.Actor, row.Event.Reason,
                row.Event.Payload.ToArray(), row.Hash.ToArray(), previous.ToArray(),
            ];
            for (var i = 0; i < values.Length; i++)
                _command.Parameters[i].Value = values[i];
            _command.Transaction = transaction;
            return _command.ExecuteScalar() is not null;
        }

        public void Dispose() => _command.Dispose();
    }

    /// <summary>The upsert of public facts, likewise.</summary>
    private sealed class PublicStateCommand : IDisposable
    {
        private readonly DbCommand _command;
        private readonly DbParameter _stream;
        private readonly DbParameter _seq;
        private readonly DbParameter _payload;

        public PublicStateCommand(DbConnection connection, string sql)
        {
            _command = connection.Command(sql);
            _stream = _command.Add("@stream", DBNull.Value);
            _seq = _command.Add("@seq", DBNull.Value);
            _payload = _command.Add("@payload", DBNull.Value);
        }

        public void Keep(DbTransaction transaction, JournalRow row, ReadOnlyMemory<byte> state)
        {
            (_stream.Value, _seq.Value, _payload.Value) = (row.Stream, row.Seq, state.ToArray());
            _command.Transaction = transaction;
            _command.ExecuteNonQuery();
        }

        public void Dispose() => _command.Dispose();
    }
}
