using System.Data.Common;
using System.Globalization;
using NodaTime;

namespace Realtime.Journal;

/// <summary>
/// What one database does in its own way: how it is reached, its schema, and the journal's SQL.
/// The texts here are understood by both SQLite and PostgreSQL; a dialect overrides what differs.
/// </summary>
public abstract class JournalDialect
{
    /// <summary>The schema as numbered scripts: the first is number 1. A script that was released is never changed; the next one is added.</summary>
    public abstract IReadOnlyList<string> Scripts { get; }

    /// <summary>What and where the store is, for messages.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Writes rows and returns the <c>n</c> of each, leaving out those that are fenced: the number is taken, the row before it is missing,
    /// or the row before it is not the one the writer knows.
    /// </summary>
    public abstract string InsertRows { get; }

    /// <summary>Rows of <c>@stream</c> after <c>@after</c>, in order; columns as in <see cref="JournalRows"/>.</summary>
    public virtual string ReadStream => $"SELECT {JournalRows.Columns} FROM journal WHERE stream = @stream AND seq > @after ORDER BY seq";

    /// <summary>Some rows of a stream: <c>@stream</c>, <c>@after</c>, <c>@limit</c>.</summary>
    public virtual string ReadSome => $"{ReadStream} LIMIT @limit";

    /// <summary>The number of the last row of <c>@stream</c>, 0 where it has none.</summary>
    public virtual string LastOf => "SELECT COALESCE(MAX(seq), 0) FROM journal WHERE stream = @stream";

    /// <summary>Row <c>@seq</c> of <c>@stream</c>; columns as in <see cref="JournalRows"/>.</summary>
    public virtual string ReadRow => $"SELECT {JournalRows.Columns} FROM journal WHERE stream = @stream AND seq = @seq";

    /// <summary>
    /// The lanes that are not over, and those after <c>@known</c> that are: lane, whether it is over, and its last <c>n</c> (null where it has no row).
    /// One step in an index per lane; lanes that are over and known cost nothing.
    /// </summary>
    public virtual string LaneEnds =>
        """
        SELECT lane, 0 AS is_over, (SELECT max(n) FROM journal WHERE journal.lane = lane.lane) AS last FROM lane WHERE ended IS NULL
        UNION ALL
        SELECT lane, 1, ended FROM lane WHERE lane > @known AND ended IS NOT NULL
        """;

    /// <summary>Up to <c>@limit</c> rows of <c>@lane</c> after <c>@after</c>, in order.</summary>
    public virtual string ReadLane => $"SELECT {JournalRows.Columns} FROM journal WHERE lane = @lane AND n > @after ORDER BY n LIMIT @limit";

    /// <summary>Rows of some kinds of <c>@lane</c> after <c>@after</c> up to <c>@last</c>, in order.</summary>
    /// <param name="kinds">Names that the program itself gives events.</param>
    public string ReadLaneOf(IReadOnlyList<string> kinds) =>
        $"SELECT {JournalRows.Columns} FROM journal WHERE lane = @lane AND n > @after AND n <= @last AND kind IN ({string.Join(", ", kinds.Select(kind => $"'{kind}'"))}) ORDER BY n";

    /// <summary>A page of public states by stream: those from <c>@from</c> up to but not including <c>@end</c>, by bytes, at most <c>@limit</c>.</summary>
    public virtual string PublicStates => "SELECT stream, seq, payload FROM public_state WHERE stream >= @from AND stream < @end ORDER BY stream LIMIT @limit";

    /// <summary>Which life of the store this is.</summary>
    public virtual string Epoch => "SELECT epoch FROM store";

    /// <summary>Begins a transaction that only reads, and sees the store as it is at its first statement until it ends.</summary>
    public virtual string BeginScan => "BEGIN";

    /// <summary>How many tables named <c>realtime_schema</c> there are: 0 or 1.</summary>
    public abstract string CountSchemaTables { get; }

    /// <summary>A new open connection that reads beside the writer.</summary>
    public abstract Task<DbConnection> OpenReader(CancellationToken cancellation);

    /// <summary>A new open connection that writes durably: once it has committed, the rows survive the loss of power.</summary>
    public abstract DbConnection OpenWriter();

    /// <summary>
    /// Registers a writer incarnation, durably, and returns its lane; closes the books of lanes whose writers are gone.
    /// Lanes become visible to readers in the order of their numbers, so that whoever has seen one has seen all before it.
    /// </summary>
    /// <param name="connection">The connection on which the lane will be written.</param>
    /// <param name="writer">Name of the process, unlike that of every other process that ever was.</param>
    /// <param name="now">When.</param>
    /// <param name="left">A lane that this very writer left after a failure, its connection closed; null for none.</param>
    internal abstract long OpenLane(DbConnection connection, string writer, Instant now, long? left);

    /// <summary>Says, durably, that <paramref name="lane"/> ends at <paramref name="last"/> for good.</summary>
    internal virtual void CloseLane(DbConnection connection, long lane, long last)
    {
        using var command = connection.Command("UPDATE lane SET ended = @last WHERE lane = @lane", ("@last", last), ("@lane", lane));
        command.ExecuteNonQuery();
    }

    /// <summary>The statements that write batches on <paramref name="connection"/>, prepared once.</summary>
    /// <param name="connection">An open writer.</param>
    /// <param name="insertRows">As <see cref="InsertRows"/>.</param>
    internal abstract BatchStatements Prepare(DbConnection connection, string insertRows);

    /// <summary>Keeps other processes from migrating the same store until <paramref name="transaction"/> ends.</summary>
    internal virtual void LockSchema(DbTransaction transaction) { }

    /// <summary>Why this server cannot hold the store, as a sentence; null where it can.</summary>
    internal virtual string? Unfit(DbConnection connection) => null;

    /// <summary>A failure of the store as a sentence with its cause and its mend; null where nothing better than the failure's own words is known.</summary>
    internal virtual StoreException? Explain(DbException failure) => null;

    /// <summary>Waits for this writer's turn; paired with <see cref="LeaveWriter"/>. Does nothing where the database has no single write lock.</summary>
    public virtual void EnterWriter() { }

    /// <summary>Gives the turn back.</summary>
    public virtual void LeaveWriter() { }

    /// <summary>Whether a batch that nobody fences is written and committed in one step, without <see cref="Commit"/>.</summary>
    public virtual bool WritesInOneStep => false;

    /// <summary>Makes a batch durable.</summary>
    public virtual void Commit(DbTransaction batch) => batch.Commit();

    /// <summary>The first column of the first row as a number.</summary>
    internal static long Number(DbCommand command) => Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
}
