using NodaTime;
using Realtime.Hours;
using Realtime.Idempotency;

namespace Realtime.Pharmacies;

/// <summary>One pharmacy: its identity, its page and its hours, in one journal stream. The key is its FINESS number.</summary>
[Alias("realtime.IPharmacyGrain")]
public interface IPharmacyGrain : IGrainWithStringKey
{
    /// <summary>Takes what an imported file states; writes nothing where it states nothing new.</summary>
    /// <param name="record">The pharmacy as the file has it; its id is this grain's key.</param>
    /// <param name="actor">Pseudonym of who imports.</param>
    /// <param name="source">Whose file it is.</param>
    [Alias("Import")]
    Task<ImportOutcome> Import(PharmacyRecord record, string actor, ImportSource source);

    /// <summary>Sets the opening hours in the name of the pharmacy's team.</summary>
    /// <param name="hours">OSM syntax, or null for "not stated".</param>
    /// <param name="expectedSeq">The page's <c>seq</c> as the caller read it.</param>
    /// <param name="actor">Pseudonym of who acts.</param>
    /// <param name="request">By which the same command is recognized when it comes again: it is then answered as the first time, whatever <paramref name="expectedSeq"/> says. Null where it never is.</param>
    [Alias("SetHours")]
    Task<PageChange> SetHours(string? hours, long expectedSeq, string actor, RequestKey? request = null);

    /// <summary>Declares an exceptional closure in the name of the pharmacy's team.</summary>
    /// <param name="closure">When, why, and who takes over; it is named by the grain (<see cref="PharmacyPage.ClosureId"/> of the answer's <c>seq</c>).</param>
    /// <param name="expectedSeq">The page's <c>seq</c> as the caller read it.</param>
    /// <param name="actor">Pseudonym of who acts.</param>
    /// <param name="request">By which the same command is recognized when it comes again: it is then answered as the first time, whatever <paramref name="expectedSeq"/> says. Null where it never is.</param>
    [Alias("DeclareClosure")]
    Task<PageChange> DeclareClosure(Closure closure, long expectedSeq, string actor, RequestKey? request = null);

    /// <summary>Takes an exceptional closure back.</summary>
    /// <param name="closureId">Which.</param>
    /// <param name="expectedSeq">The page's <c>seq</c> as the caller read it.</param>
    /// <param name="actor">Pseudonym of who acts.</param>
    /// <param name="request">By which the same command is recognized when it comes again: it is then answered as the first time, whatever <paramref name="expectedSeq"/> says. Null where it never is.</param>
    [Alias("RevokeClosure")]
    Task<PageChange> RevokeClosure(string closureId, long expectedSeq, string actor, RequestKey? request = null);

    /// <summary>Declares an exceptional opening, the hours of a public holiday, or a vacation, in the name of the pharmacy's team.</summary>
    /// <param name="exception">When, and what then; it is named by the grain (<see cref="PharmacyPage.ExceptionId"/> of the answer's <c>seq</c>).</param>
    /// <param name="expectedSeq">The page's <c>seq</c> as the caller read it.</param>
    /// <param name="actor">Pseudonym of who acts.</param>
    /// <param name="request">By which the same command is recognized when it comes again: it is then answered as the first time, whatever <paramref name="expectedSeq"/> says. Null where it never is.</param>
    [Alias("DeclareException")]
    Task<PageChange> DeclareException(ExceptionalTime exception, long expectedSeq, string actor, RequestKey? request = null);

    /// <summary>Takes an exception back.</summary>
    /// <param name="exceptionId">Which.</param>
    /// <param name="expectedSeq">The page's <c>seq</c> as the caller read it.</param>
    /// <param name="actor">Pseudonym of who acts.</param>
    /// <param name="request">By which the same command is recognized when it comes again: it is then answered as the first time, whatever <paramref name="expectedSeq"/> says. Null where it never is.</param>
    [Alias("RevokeException")]
    Task<PageChange> RevokeException(string exceptionId, long expectedSeq, string actor, RequestKey? request = null);

    /// <summary>Writes the page anew in the name of the pharmacy's team.</summary>
    /// <param name="page">All of it.</param>
    /// <param name="expectedSeq">The page's <c>seq</c> as the caller read it.</param>
    /// <param name="actor">Pseudonym of who acts.</param>
    /// <param name="request">By which the same command is recognized when it comes again: it is then answered as the first time, whatever <paramref name="expectedSeq"/> says. Null where it never is.</param>
    [Alias("SetPage")]
    Task<PageChange> SetPage(OwnPage page, long expectedSeq, string actor, RequestKey? request = null);

    /// <summary>Takes no orders for a while.</summary>
    /// <param name="reason">Why, for the public.</param>
    /// <param name="until">First instant at which orders are taken again; null where nobody has said.</param>
    /// <param name="expectedSeq">The page's <c>seq</c> as the caller read it.</param>
    /// <param name="actor">Pseudonym of who acts.</param>
    /// <param name="request">By which the same command is recognized when it comes again: it is then answered as the first time, whatever <paramref name="expectedSeq"/> says. Null where it never is.</param>
    [Alias("Pause")]
    Task<PageChange> Pause(string reason, Instant? until, long expectedSeq, string actor, RequestKey? request = null);

    /// <summary>Takes orders again.</summary>
    /// <param name="expectedSeq">The page's <c>seq</c> as the caller read it.</param>
    /// <param name="actor">Pseudonym of who acts.</param>
    /// <param name="request">By which the same command is recognized when it comes again: it is then answered as the first time, whatever <paramref name="expectedSeq"/> says. Null where it never is.</param>
    [Alias("Resume")]
    Task<PageChange> Resume(long expectedSeq, string actor, RequestKey? request = null);

    /// <summary>Takes no orders for a while, since too many wait unanswered; nothing where it is paused already.</summary>
    /// <param name="until">First instant at which orders are taken again; null where somebody resumes by hand.</param>
    /// <param name="request">By which the same command is recognized when it comes again.</param>
    [Alias("PauseUnanswered")]
    Task PauseUnanswered(Instant? until, RequestKey request);

    /// <summary>The public facts as the journal keeps them, for grains that decide by them.</summary>
    /// <param name="known">The version that the caller has; −1 for none.</param>
    /// <returns>Null where the caller's version is the present one; empty where no pharmacy has this number.</returns>
    [Alias("FactsAfter"), Orleans.Concurrency.ReadOnly]
    Task<byte[]?> FactsAfter(long known);

    /// <summary>The page's sequence number as its one owner knows it; 0 where nothing was ever written.</summary>
    [Alias("PageSeq"), Orleans.Concurrency.ReadOnly]
    Task<long> PageSeq();
}

/// <summary>What an import did to one pharmacy.</summary>
public enum ImportOutcome : byte
{
    /// <summary>It was not known before.</summary>
    Created,

    /// <summary>It was known, and something changed, if only that its source confirmed it after a long time.</summary>
    Updated,

    /// <summary>Nothing new was said; nothing was written.</summary>
    Unchanged,
}

/// <summary>The answer to a change of a page: where the stream stands now, or why nothing was changed.</summary>
/// <param name="Seq">The page's sequence number after the change, or as it is where the change was refused.</param>
/// <param name="Refusal">Null where the change was made.</param>
/// <param name="At">When the change was decided; null where it was refused.</param>
/// <param name="Replayed">Whether the same request had made the change before, and nothing was done now.</param>
[GenerateSerializer, Immutable, Alias("realtime.PageChange")]
public sealed record PageChange([property: Id(0)] long Seq, [property: Id(1)] PageRefusal? Refusal, [property: Id(2)] Instant? At = null, [property: Id(3)] bool Replayed = false);
