using System.Data.Common;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>A dialect with one promise taken out, for negative controls and for failures that no real store gives on demand.</summary>
internal sealed class AlteredDialect(JournalDialect inner) : JournalDialect
{
    /// <summary>Overwrites instead of refusing: the fence removed.</summary>
    public const string WithoutFence =
        """
        INSERT INTO journal (stream, seq, lane, n, at, kind, version, actor, reason, payload, hash)
        VALUES (@stream, @seq, @lane, @n, @at, @kind, @version, @actor, @reason, @payload, @hash)
        ON CONFLICT (stream, seq) DO UPDATE SET lane = excluded.lane, n = excluded.n, payload = excluded.payload, hash = excluded.hash
        RETURNING seq
        """;

    private int _commits;

    public int Commits => _commits;

    public string? Insert { get; init; }

    /// <summary>Stands in the place of the commit.</summary>
    public Action<DbTransaction> OnCommit { get; set; } = batch => batch.Commit();

    /// <summary>Scripts of a later version of the program.</summary>
    public IReadOnlyList<string> Later { get; init; } = [];

    public override IReadOnlyList<string> Scripts => [.. inner.Scripts, .. Later];

    public override string Name => inner.Name;

    public override string InsertRow => Insert ?? inner.InsertRow;

    public override string OpenLane => inner.OpenLane;

    public override string KeepPublicState => inner.KeepPublicState;

    public override string ReadStream => inner.ReadStream;

    public override string LaneEnds => inner.LaneEnds;

    public override string ReadLane => inner.ReadLane;

    public override string PublicStates => inner.PublicStates;

    public override DbConnection OpenReader() => inner.OpenReader();

    public override DbConnection OpenWriter() => inner.OpenWriter();

    public override void EnterWriter() => inner.EnterWriter();

    public override void LeaveWriter() => inner.LeaveWriter();

    public override void Commit(DbTransaction batch)
    {
        Interlocked.Increment(ref _commits);
        OnCommit(batch);
    }
}
