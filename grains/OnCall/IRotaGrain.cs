using NodaTime;
using Realtime.Idempotency;

namespace Realtime.OnCall;

/// <summary>
/// The one owner of a department's on-call duty. Key: the department. Each change is one row, carries the request it came of, and is answered again as the first time when
/// that comes again. Who may ask is checked by the caller.
/// </summary>
/// <remarks>Throws <see cref="Journal.JournalException"/> where the row could not be written or nobody knows whether it was: ask again with the same request.</remarks>
[Alias("realtime.IRotaGrain")]
public interface IRotaGrain : IGrainWithStringKey
{
    /// <summary>Makes or changes a sector.</summary>
    [Alias("SetSector")]
    Task<RotaChange> SetSector(OnCallSector sector, string actor, RequestKey request);

    /// <summary>Publishes a sector's rota from an instant on: what starts before it stays. Null: from its first duty on, or from now where it has none.</summary>
    [Alias("SetRota")]
    Task<RotaChange> SetRota(string sector, Instant? from, IReadOnlyList<Duty> duties, string actor, RequestKey request);

    /// <summary>Drafts a sector's rota, in the place of another draft.</summary>
    [Alias("SetDraft")]
    Task<RotaChange> SetDraft(string sector, Instant? from, IReadOnlyList<Duty> duties, string actor, RequestKey request);

    /// <summary>Throws a draft away.</summary>
    [Alias("DropDraft")]
    Task<RotaChange> DropDraft(string sector, string actor, RequestKey request);

    /// <summary>Publishes drafts, all in one row.</summary>
    [Alias("Publish")]
    Task<RotaChange> Publish(IReadOnlyList<string> sectors, string actor, RequestKey request);

    /// <summary>Offers an exchange of two duties of this department.</summary>
    [Alias("ProposeSwap")]
    Task<RotaChange> ProposeSwap(DutyKey give, DutyKey take, string actor, RequestKey request);

    /// <summary>The other pharmacy accepts or declines, or the first one withdraws.</summary>
    [Alias("AnswerSwap")]
    Task<RotaChange> AnswerSwap(string id, SwapState answer, string actor, RequestKey request);

    /// <summary>The planner confirms, and both duties change hands in one row, or refuses.</summary>
    [Alias("DecideSwap")]
    Task<RotaChange> DecideSwap(string id, bool confirmed, string? reason, string actor, RequestKey request);

    /// <summary>Takes a measure; its id is in the answer.</summary>
    [Alias("TakeMeasure")]
    Task<RotaChange> TakeMeasure(Measure measure, string actor, RequestKey request);

    /// <summary>Ends a measure.</summary>
    [Alias("EndMeasure")]
    Task<RotaChange> EndMeasure(string id, string actor, RequestKey request);

    /// <summary>Keeps the proof that an authority was given a list.</summary>
    [Alias("RecordSending")]
    Task<RotaChange> RecordSending(Sending sending, string actor, RequestKey request);
}
