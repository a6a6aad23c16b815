using NodaTime;
using Realtime.Idempotency;

namespace Realtime.OnCall;

/// <summary>What happened to the on-call duty of a department. Stored: names and members are a contract (see <see cref="RotaJson"/>).</summary>
public abstract record RotaEvent
{
    /// <summary>The request that it came of, where that is to be recognized when it comes again.</summary>
    public RequestKey? Request { get; init; }
}

/// <summary>A sector was made or changed.</summary>
/// <param name="Sector">All that it is now.</param>
public sealed record SectorSet(OnCallSector Sector) : RotaEvent;

/// <summary>A sector's rota was published: what it had planned from an instant on is replaced.</summary>
/// <param name="Sector">Code.</param>
/// <param name="From">Duties that start before it stay.</param>
/// <param name="Duties">By start.</param>
public sealed record RotaSet(string Sector, Instant From, IReadOnlyList<Duty> Duties) : RotaEvent;

/// <summary>A sector's rota was drafted: nobody but planners sees it.</summary>
/// <param name="Sector">Code.</param>
/// <param name="From">What it would replace begins here.</param>
/// <param name="Duties">By start.</param>
public sealed record DraftSet(string Sector, Instant From, IReadOnlyList<Duty> Duties) : RotaEvent;

/// <summary>A draft was thrown away.</summary>
/// <param name="Sector">Code.</param>
public sealed record DraftDropped(string Sector) : RotaEvent;

/// <summary>Drafts became the rotas of their sectors, all in one moment.</summary>
/// <param name="Sectors">Codes.</param>
public sealed record DraftsPublished(IReadOnlyList<string> Sectors) : RotaEvent;

/// <summary>The titulaire of one pharmacy offered another one an exchange of duties.</summary>
/// <param name="Swap">What is exchanged.</param>
public sealed record SwapProposed(Swap Swap) : RotaEvent;

/// <summary>The other one agreed.</summary>
/// <param name="Id">The swap.</param>
public sealed record SwapAccepted(string Id) : RotaEvent;

/// <summary>It came to nothing: the other one declined, who offered it withdrew it, or the planner refused it.</summary>
/// <param name="Id">The swap.</param>
/// <param name="State">Declined, withdrawn or refused.</param>
/// <param name="Reason">The planner's words; null where nobody gave any.</param>
public sealed record SwapEnded(string Id, SwapState State, string? Reason) : RotaEvent;

/// <summary>The planner confirmed it: each pharmacy has the other one's duty, from this row on.</summary>
/// <param name="Id">The swap.</param>
/// <param name="Give">The duty that the first one gave, as it was.</param>
/// <param name="Take">The duty that it took, as it was.</param>
public sealed record SwapConfirmed(string Id, DutyKey Give, DutyKey Take) : RotaEvent;

/// <summary>An exemption, a strike, a requisition, or a closure of the whole department.</summary>
/// <param name="Measure">What.</param>
public sealed record MeasureTaken(Measure Measure) : RotaEvent;

/// <summary>A measure is over from the moment of the row, or, where it had not begun, never was.</summary>
/// <param name="Id">The measure.</param>
public sealed record MeasureEnded(string Id) : RotaEvent;

/// <summary>A list of duties was sent to an authority, or handed over: what proves it stands here.</summary>
/// <param name="Sending">What, to whom, and the proof.</param>
public sealed record DutiesSent(Sending Sending) : RotaEvent;
