using System.Data.Common;

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

    /// <summary>Registers a writer incarnation: <c>@writer, @opened</c> → its lane.</summary>
    public virtual string OpenLane => "INSERT INTO lane (writer, opened) VALUES (@writer, @opened) RETURNING lane";

    /// <summary>
    /// Writes one row and returns it, or returns nothing where it is fenced: the number is taken, the row before it is missing,
    /// or the row before it is not the one the writer knows.
    /// </summary>
    public virtual string InsertRow =>
        """
        INSERT INTO journal (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash)
        SELECT @stream, @seq, @lane, @n, @at, @kind, @version, @actor, @reason, @payload, @hash
        WHERE (@seq = 1 AND length(@previous) = 0)
           OR EXISTS (SELECT 1 FROM journal WHERE stream = @stream AND seq = @seq - 1 AND hash = @previous)
        ON CONFLICT (stream, seq) DO NOTHING
        RETURNING seq
        """;

    /// <summary>Keeps the public facts of a stream: <c>@stream, @seq, @payload</c>.</summary>
    public virtual string KeepPublicState =>
        """
        INSERT INTO public_state (stream, seq, payload) VALUES (@stream, @seq, @payload)
        ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, payload = excluded.payload
        """;

    /// <summary>Rows of <c>@stream</c> after <c>@after</c>, in order; columns as in <see cref="JournalRows"/>.</summary>
    public virtual string ReadStream => $"SELECT {JournalRows.Columns} FROM journal WHERE stream = @stream AND seq > @after ORDER BY seq";

    /// <summary>Every lane that has rows, with its last <c>n</c>: one step in the index per lane.</summary>
    public virtual string LaneEnds => "SELECT lane, last FROM (SELECT lane, (SELECT max(n) FROM journal WHERE journal.lane = lane.lane) AS last FROM lane) AS ends WHERE last IS NOT NULL ORDER BY lane";

    /// <summary>Up to <c>@limit</c> rows of <c>@lane</c> after <c>@after</c>, in order.</summary>
    public virtual string ReadLane => $"SELECT {JournalRows.Columns} FROM journal WHERE lane = @lane AND n > @after ORDER BY n LIMIT @limit";

    /// <summary>A page of public states by stream: those from <c>@from</c> up to but not including <c>@end</c>, by bytes, at most <c>@limit</c>.</summary>
    public virtual string PublicStates => "SELECT stream, seq, payload FROM public_state WHERE stream >= @from AND stream < @end ORDER BY stream LIMIT @limit";

    /// <summary>Which life of the store this is.</summary>
    public virtual string Epoch => "SELECT epoch FROM store";

    /// <summary>A new open connection that reads beside the writer.</summary>
    public abstract DbConnection OpenReader();

    /// <summary>A new open connection that writes durably: once it has committed, the rows survive the loss of power.</summary>
    public abstract DbConnection OpenWriter();

    /// <summary>Waits for this writer's turn; paired with <see cref="LeaveWriter"/>. Does nothing where the database has no single write lock.</summary>
    public virtual void EnterWriter() { }

    /// <summary>Gives the turn back.</summary>
    public virtual void LeaveWriter() { }

    /// <summary>Makes a batch durable.</summary>
    public virtual void Commit(DbTransaction batch) => batch.Commit();
}
