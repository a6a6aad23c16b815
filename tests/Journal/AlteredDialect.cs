using System.Data.Common;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>A dialect with one promise taken out, for negative controls and for failures that no real store gives on demand.</summary>
internal sealed class AlteredDialect(JournalDialect inner) : JournalDialect
{
    private int _commits;

    public int Commits => _commits;

    public string? Insert { get; init; }

    public string? LaneReading { get; set; }

    /// <summary>Stands in the place of the commit.</summary>
    public Action<DbTransaction> OnCommit { get; set; } = batch => batch.Commit();

    /// <summary>Scripts of a later version of the program.</summary>
    public IReadOnlyList<string> Later { get; init; } = [];

    public override IReadOnlyList<string> Scripts => [.. inner.Scripts, .. Later];

    public override string Name => inner.Name;

    public override string InsertRows => Insert ?? inner.InsertRows;

    public override string ReadStream => inner.ReadStream;

    public override string ReadRow => inner.ReadRow;

    public override string LaneEnds => inner.LaneEnds;

    public override string ReadLane => LaneReading ?? inner.ReadLane;

    public override string PublicStates => inner.PublicStates;

    public override string CountSchemaTables => inner.CountSchemaTables;

    public override Task<DbConnection> OpenReader(CancellationToken cancellation) => inner.OpenReader(cancellation);

    public override DbConnection OpenWriter() => inner.OpenWriter();

    public override void EnterWriter() => inner.EnterWriter();

    public override void LeaveWriter() => inner.LeaveWriter();

    internal override long OpenLane(DbConnection connection, string writer, Instant now, long? left) => inner.OpenLane(connection, writer, now, left);

    internal override void CloseLane(DbConnection connection, long lane, long last) => inner.CloseLane(connection, lane, last);

    internal override BatchStatements Prepare(DbConnection connection, string insertRows) => inner.Prepare(connection, insertRows);

    internal override void LockSchema(DbTransaction transaction) => inner.LockSchema(transaction);

    internal override string? Unfit(DbConnection connection) => inner.Unfit(connection);

    internal override StoreException? Explain(DbException failure) => inner.Explain(failure);

    public override void Commit(DbTransaction batch)
    {
        Interlocked.Increment(ref _commits);
        OnCommit(batch);
    }
}
