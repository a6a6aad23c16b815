using System.Data.Common;

namespace Realtime.Journal;

/// <summary>How a database writes the rows of one transaction.</summary>
internal abstract class BatchStatements : IDisposable
{
    /// <summary>Writes rows, with their public states and what they put into the history, of different streams.</summary>
    /// <param name="transaction">What they are part of.</param>
    /// <param name="rows">The rows with what was asked for; each of another stream, ordered by stream.</param>
    /// <returns>The <c>n</c> of each row that was written. Where some were fenced the transaction is of no use: it must be rolled back.</returns>
    public abstract HashSet<long> Write(DbTransaction transaction, IReadOnlyList<NumberedRow> rows);

    /// <summary>Writes rows and makes them durable, as one and in one step, where the database has such a step and none of them is fenced.</summary>
    /// <param name="rows">As for <see cref="Write"/>.</param>
    /// <returns>False where nothing was written.</returns>
    public virtual bool TryWriteDurably(IReadOnlyList<NumberedRow> rows) => false;

    public abstract void Dispose();
}

/// <summary>A row that has its place in the lane, and the caller who waits for it.</summary>
internal readonly record struct NumberedRow(JournalRow Row, JournalWriter.Waiting Waiting)
{
    public Append Append => Waiting.Append;
}
