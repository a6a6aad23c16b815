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
        // By stream, so that two writers that meet on several streams wait for each other in the same order and never in a circle.
        foreach (var round in batch.GroupBy(waiting => waiting.Append.Stream, StringComparer.Ordinal).OrderBy(stream => stream.Key, StringComparer.Ordinal)
            .SelectMany(stream => stream.Select((waiting, place) => (waiting, place))).GroupBy(row => row.place, row => row.waiting).OrderBy(round => round.Key))
            WriteRound([.. round]);
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
            using var transaction = _connection.BeginTransaction();
            var written = _statements.Write(transaction, rows);
            if (written.Count == rows.Count)
            {
                _dialect.Commit(transaction);
                _n += rows.Count;
                rows.ForEach(row => row.Waiting.Written = row.Row);
                return;
            }
            transaction.Rollback();
            waiting = [.. rows.Where(row => written.Contains(row.Row.N)).Select(row => row.Waiting)];
        }
    }

    private JournalRow RowOf(Append append, long n)
    {
        var row = new JournalRow(append.Stream, append.Seq, Lane, n, JournalRows.AsStored(append.At), append.Event, default);
        return row with { Hash = JournalHash.Of(append.PreviousHash.Span, row) };
    }
}
