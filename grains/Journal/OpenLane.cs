using System.Data.Common;
using NodaTime;

namespace Realtime.Journal;

/// <summary>
/// One incarnation of a writer: its lane, its connection, and its prepared statements.
/// A lane belongs to one connection for life: no transaction of it can be in flight once that connection is gone.
/// </summary>
internal sealed class OpenLane : IDisposable
{
    /// <summary>This process, and no other that ever had its number.</summary>
    private static readonly string Writer = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.CreateVersion7():N}";

    private readonly JournalDialect _dialect;
    private readonly DbConnection _connection;
    private readonly BatchStatements _statements;
    private long _n;

    private OpenLane(JournalDialect dialect, DbConnection connection, long lane)
    {
        (_dialect, _connection, Lane) = (dialect, connection, lane);
        _statements = dialect.Prepare(connection, dialect.InsertRows);
    }

    /// <summary>Its number.</summary>
    public long Lane { get; }

    /// <summary>Registers the lane, durably, before its first row.</summary>
    public static OpenLane Open(JournalDialect dialect, Instant now, long? left)
    {
        var connection = dialect.OpenWriter();
        try
        {
            return new OpenLane(dialect, connection, dialect.OpenLane(connection, Writer, now, left));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Writes a batch: one transaction, or more where several callers want the same stream. A fenced row stays unwritten and takes no <c>n</c>;
    /// any exception leaves the whole batch in doubt.
    /// </summary>
    public void Write(List<JournalWriter.Waiting> batch)
    {
        // Of one stream only one row goes into a transaction: the second could be valid only if the first is fenced, for nobody knows a hash before its commit.
        for (var left = batch; left.Count > 0;)
        {
            List<JournalWriter.Waiting> round = new(left.Count), later = [];
            var streams = new HashSet<string>(left.Count, StringComparer.Ordinal);
            foreach (var waiting in left)
                (streams.Add(waiting.Append.Stream) ? round : later).Add(waiting);
            // By stream, so that two writers that meet on several streams wait for each other in the same order and never in a circle.
            round.Sort((one, other) => string.CompareOrdinal(one.Append.Stream, other.Append.Stream));
            WriteRound(round);
            left = later;
        }
    }

    /// <summary>Says that the lane is over; only after a last commit that is not in doubt.</summary>
    public void Close() => _dialect.CloseLane(_connection, Lane, _n);

    public void Dispose()
    {
        _statements.Dispose();
        _connection.Dispose();
    }

    /// <summary>
    /// Numbers all rows as if none were fenced, which is nearly always so, and writes them at once. Where some are, nothing of the attempt is kept and the others are
    /// numbered and written anew: the numbers that become durable have no hole. It ends, since each attempt has fewer rows. A row fenced once would be fenced again:
    /// nothing before it in the attempt was of its stream, so what stood in its way is committed.
    /// </summary>
    private void WriteRound(List<JournalWriter.Waiting> waiting)
    {
        while (waiting.Count > 0)
        {
            var rows = waiting.Select((one, place) => new NumberedRow(RowOf(one.Append, _n + 1 + place), one)).ToList();
            if (_dialect.WritesInOneStep && _statements.TryWriteDurably(rows) || TryWrite(rows, out waiting))
            {
                _n += rows.Count;
                rows.ForEach(row => row.Waiting.Written = row.Row);
                return;
            }
        }
    }

    private bool TryWrite(List<NumberedRow> rows, out List<JournalWriter.Waiting> notFenced)
    {
        using var transaction = _connection.BeginTransaction();
        var written = _statements.Write(transaction, rows);
        notFenced = [.. rows.Where(row => written.Contains(row.Row.N)).Select(row => row.Waiting)];
        if (notFenced.Count == rows.Count)
            _dialect.Commit(transaction);
        else
            transaction.Rollback();
        return notFenced.Count == rows.Count;
    }

    private JournalRow RowOf(Append append, long n)
    {
        var row = new JournalRow(append.Stream, append.Seq, Lane, n, JournalRows.AsStored(append.At), append.Event, default);
        return row with { Hash = JournalHash.Of(append.PreviousHash.Span, row) };
    }
}
