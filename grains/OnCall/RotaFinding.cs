using NodaTime;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>What may be wrong with a rota.</summary>
public enum RotaFault : byte
{
    /// <summary>Nobody serves a stretch of a period that the sector must serve.</summary>
    Gap,

    /// <summary>Two or more pharmacies of a sector serve the same kind at the same time.</summary>
    DoubleBooking,

    /// <summary>One pharmacy serves in two sectors or two kinds at the same time, or twice in one.</summary>
    TwoPlaces,

    /// <summary>A pharmacy serves in a sector that it does not belong to.</summary>
    NotInSector,

    /// <summary>A pharmacy serves while it is exempt.</summary>
    Exempt,

    /// <summary>A duty is of a kind that its sector does not organise.</summary>
    NotOrganised,

    /// <summary>A duty is of a sector that is not there.</summary>
    UnknownSector,
}

/// <summary>A stretch in which a pharmacy serves no duty: exemption, strike, closure of its department.</summary>
/// <param name="Pharmacy">Who.</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
public sealed record ExemptSpan(PharmacyId Pharmacy, Instant Start, Instant End);

/// <summary>Something wrong with a rota, from <paramref name="Start"/> up to but not including <paramref name="End"/>.</summary>
/// <param name="Fault">What.</param>
/// <param name="Sector">Code of the sector; the first of them where one pharmacy serves in several.</param>
/// <param name="Kind">Which duty, of that sector.</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
/// <param name="Pharmacies">Who is concerned, by number; nobody in a gap.</param>
/// <param name="English">One sentence for planners, times by the clock of the zone.</param>
/// <param name="French">The same sentence.</param>
public sealed record RotaFinding(RotaFault Fault, string Sector, OnCallKind Kind, Instant Start, Instant End, IReadOnlyList<PharmacyId> Pharmacies, string English, string French)
{
    /// <summary>The fault as one word of the interface: <c>gap</c>, <c>double-booking</c>, <c>two-places</c>, <c>not-in-sector</c>, <c>exempt</c>, <c>not-organised</c>, <c>unknown-sector</c>.</summary>
    public string Word => Fault switch
    {
        RotaFault.Gap => "gap",
        RotaFault.DoubleBooking => "double-booking",
        RotaFault.TwoPlaces => "two-places",
        RotaFault.NotInSector => "not-in-sector",
        RotaFault.Exempt => "exempt",
        RotaFault.NotOrganised => "not-organised",
        RotaFault.UnknownSector => "unknown-sector",
        _ => throw new InvalidOperationException($"No word for {Fault}."),
    };
}

/// <summary>The sentences of findings, with times by the clock of one zone.</summary>
internal sealed class RotaSentences(DateTimeZone zone)
{
    /// <summary>A finding with its sentences; <paramref name="duties"/> says who is concerned and, of one pharmacy in two places, where.</summary>
    public RotaFinding Say(RotaFault fault, string sector, OnCallKind kind, Instant start, Instant end, IReadOnlyList<Duty> duties)
    {
        List<PharmacyId> who = [.. duties.Select(duty => duty.Pharmacy).Distinct().Order()];
        var names = string.Join(", ", who);
        var (english, french) = fault switch
        {
            RotaFault.Gap => ("nobody is on duty", "personne n'est de garde"),
            RotaFault.DoubleBooking => ($"{names} are on duty at the same time", $"{names} sont de garde en même temps"),
            RotaFault.TwoPlaces => (
                $"{names} is on duty more than once at the same time ({Places(duties, french: false)})",
                $"{names} est de garde plusieurs fois en même temps ({Places(duties, french: true)})"),
            RotaFault.NotInSector => ($"{names} is on duty but does not belong to the sector", $"{names} est de garde sans appartenir au secteur"),
            RotaFault.Exempt => ($"{names} is on duty but exempt", $"{names} est de garde bien qu'exemptée"),
            RotaFault.NotOrganised => ($"{names} is on duty but the sector does not organise this duty", $"{names} est de garde mais le secteur n'organise pas cette garde"),
            RotaFault.UnknownSector => ($"{names} is on duty in a sector that does not exist", $"{names} est de garde dans un secteur qui n'existe pas"),
            _ => throw new InvalidOperationException($"No sentence for {fault}."),
        };
        return new RotaFinding(
            fault,
            sector,
            kind,
            start,
            end,
            who,
            $"Sector {sector}, {Word(kind, french: false)}: {english} from {Local(start, "uuuu-MM-dd HH:mm")} to {Local(end, "uuuu-MM-dd HH:mm")}.",
            $"Secteur {sector}, {Word(kind, french: true)} : {french} du {Local(start, "dd/MM/uuuu HH:mm")} au {Local(end, "dd/MM/uuuu HH:mm")}.");
    }

    /// <summary>A kind of duty within a sentence.</summary>
    public static string Word(OnCallKind kind, bool french) => kind switch
    {
        OnCallKind.Night => french ? "nuit" : "night",
        OnCallKind.SundayOrHoliday => french ? "dimanche ou jour férié" : "Sunday or holiday",
        OnCallKind.Day => french ? "jour" : "day",
        _ => throw new InvalidOperationException($"No word for {kind}."),
    };

    private static string Places(IReadOnlyList<Duty> duties, bool french) => string.Join(", ", duties.Select(duty => $"{duty.Sector} {Word(duty.Period.Kind, french)}"));

    private string Local(Instant instant, string pattern) => instant.InZone(zone).ToString(pattern, null);
}
