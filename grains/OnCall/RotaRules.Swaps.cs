using System.Diagnostics.CodeAnalysis;
using NodaTime;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>The part about exchanges of duties: titulaires propose and accept, the planner confirms.</summary>
public static partial class RotaRules
{
    /// <summary>A department has at most so many open swaps.</summary>
    public const int MostSwaps = 500;

    // So long an exchange that has ended is shown beside the open ones.
    private static readonly Duration SwapsKept = Duration.FromDays(60);

    private static readonly Duration SendingsKept = Duration.FromDays(1_100);

    /// <summary>Offers an exchange.</summary>
    /// <param name="rota">The department's duty.</param>
    /// <param name="give">What whoever offers gives.</param>
    /// <param name="take">What it takes.</param>
    /// <param name="now">The moment.</param>
    /// <param name="happened">What then happened.</param>
    /// <param name="refusal">Why not.</param>
    public static bool DecideSwap(DepartmentRota rota, DutyKey give, DutyKey take, Instant now, [NotNullWhen(true)] out SwapProposed? happened, [NotNullWhen(false)] out RotaRefusal? refusal)
    {
        happened = null;
        refusal = rota.Swaps.Count(swap => swap.IsOpen) >= MostSwaps ? new(RotaRefusalKind.TooMany)
            : rota.Swaps.Any(swap => swap.IsOpen && (IsIn(swap, give) || IsIn(swap, take))) ? new(RotaRefusalKind.AlreadyOffered)
            : Exchangeable(rota, give, take, now);
        if (refusal is not null)
            return false;
        happened = new(new(IdOf(rota), give, take, SwapState.Proposed, now));
        return true;
    }

    /// <summary>Accepts, declines or takes back an exchange: who may is the caller's business.</summary>
    public static bool DecideAnswer(DepartmentRota rota, string id, SwapState answer, Instant now, [NotNullWhen(true)] out RotaEvent? happened, [NotNullWhen(false)] out RotaRefusal? refusal)
    {
        var swap = rota.FindSwap(id);
        happened = null;
        refusal = swap is null ? new(RotaRefusalKind.UnknownSwap)
            : !swap.IsOpen || answer == SwapState.Accepted && swap.State != SwapState.Proposed ? new(RotaRefusalKind.WrongState, Detail: Word(swap.State))
            : answer == SwapState.Accepted ? Exchangeable(rota, swap.Give, swap.Take, now)
            : null;
        if (refusal is not null)
            return false;
        happened = answer == SwapState.Accepted ? new SwapAccepted(id) : new SwapEnded(id, answer, null);
        return true;
    }

    /// <summary>The planner's word: the exchange is made, in one row, or refused.</summary>
    public static bool DecideConfirmation(DepartmentRota rota, string id, bool confirmed, string? reason, Instant now, [NotNullWhen(true)] out RotaEvent? happened, [NotNullWhen(false)] out RotaRefusal? refusal)
    {
        var swap = rota.FindSwap(id);
        happened = null;
        refusal = swap is null ? new(RotaRefusalKind.UnknownSwap)
            : !swap.IsOpen || confirmed && swap.State != SwapState.Accepted ? new(RotaRefusalKind.WrongState, Detail: Word(swap.State))
            : confirmed ? Exchangeable(rota, swap.Give, swap.Take, now)
            : null;
        if (refusal is not null)
            return false;
        happened = confirmed ? new SwapConfirmed(id, swap!.Give, swap.Take) : new SwapEnded(id, SwapState.Refused, reason);
        return true;
    }

    /// <summary>The word of a state, as the API has it.</summary>
    public static string Word(SwapState state) => state switch
    {
        SwapState.Proposed => "proposed",
        SwapState.Accepted => "accepted",
        SwapState.Confirmed => "confirmed",
        SwapState.Declined => "declined",
        SwapState.Withdrawn => "withdrawn",
        _ => "refused",
    };

    private static bool IsIn(Swap swap, DutyKey key) => swap.Give == key || swap.Take == key;

    private static RotaRefusal? Exchangeable(DepartmentRota rota, DutyKey give, DutyKey take, Instant now)
    {
        if (give.Pharmacy == take.Pharmacy)
            return new(RotaRefusalKind.SamePharmacy);
        if (rota.Find(give) is not { } given || given.Period.Start <= now)
            return new(RotaRefusalKind.UnknownDuty, Detail: "give");
        if (rota.Find(take) is not { } taken || taken.Period.Start <= now)
            return new(RotaRefusalKind.UnknownDuty, Detail: "take");
        return IsBusy(rota, take.Pharmacy, given, taken) || IsBusy(rota, give.Pharmacy, taken, given) ? new(RotaRefusalKind.AtOnce) : null;
    }

    // Whether a pharmacy that takes a duty over has another one meanwhile, but for the one it gives away.
    private static bool IsBusy(DepartmentRota rota, PharmacyId pharmacy, Duty takes, Duty gives) =>
        rota.Rotas.Values.Any(duties => duties.Any(duty => duty.Pharmacy == pharmacy && duty != gives && duty.Period.Start < takes.Period.End && takes.Period.Start < duty.Period.End));

    private static DepartmentRota WithSwap(DepartmentRota rota, string id, SwapState state, Instant at, string? reason = null) =>
        rota with { Swaps = [.. rota.Swaps.Select(swap => swap.Id == id ? swap with { State = state, At = at, Reason = reason } : swap)] };

    // Both are looked up before either changes hands: of two who serve at one time, the one's new duty would have the other one's name.
    private static DepartmentRota Exchanged(DepartmentRota rota, DutyKey give, DutyKey take) =>
        rota.Find(give) is { } given && rota.Find(take) is { } taken ? Handed(Handed(rota, given, taken), taken, given) : rota;

    private static DepartmentRota Handed(DepartmentRota rota, Duty which, Duty by) => rota with
    {
        Rotas = rota.Rotas.SetItem(which.Sector, [.. Sorted(rota.RotaOf(which.Sector).Select(duty => ReferenceEquals(duty, which) ? Served(which, by) : duty))]),
    };

    // How one gets in, and whom one calls there, is the pharmacy's and goes with it; of another kind of duty it says nothing, and the pharmacy's own number stands.
    private static Duty Served(Duty which, Duty by) => which with
    {
        Pharmacy = by.Pharmacy,
        Period = which.Period.Kind == by.Period.Kind
            ? by.Period with { Start = which.Period.Start, End = which.Period.End }
            : which.Period with { Phone = null, Instructions = null, InstructionsEn = null },
    };
}
