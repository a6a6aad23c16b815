using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>A period of duty that the public may know once it is near enough.</summary>
/// <param name="Period">When, which kind, and how one gets in.</param>
/// <param name="HorizonDays">How many days ahead it is shown.</param>
public sealed record PublicDuty(OnCallPeriod Period, int HorizonDays);

/// <summary>What of a department's duty the public may know. Nothing here depends on hidden duty.</summary>
internal static class PublicDuties
{
    /// <summary>By pharmacy, each by start.</summary>
    public static Dictionary<PharmacyId, PublicDuty[]> Of(DepartmentRota rota) => rota.Served()
        .Select(duty => (duty.Pharmacy, duty.Period, Rules: rota.Sectors.GetValueOrDefault(duty.Sector)?.KindOf(duty.Period.Kind)))
        .Where(duty => duty.Rules is { Disclosure: Disclosure.Public })
        .GroupBy(duty => duty.Pharmacy, duty => new PublicDuty(duty.Period, duty.Rules!.HorizonDays))
        .ToDictionary(group => group.Key, group => group.OrderBy(duty => duty.Period.Start).ThenBy(duty => duty.Period.End).ThenBy(duty => duty.Period.Kind).ToArray());

    /// <summary>The pharmacies whose public duty from an instant on differs between two states of a department.</summary>
    public static IEnumerable<PharmacyId> Changed(DepartmentRota before, DepartmentRota after, NodaTime.Instant since)
    {
        var (was, now) = (Of(before), Of(after));
        return was.Keys.Union(now.Keys).Where(id => !From(since, was.GetValueOrDefault(id, [])).SequenceEqual(From(since, now.GetValueOrDefault(id, []))));
    }

    /// <summary>Whether a sector's rota has any public duty.</summary>
    public static bool AnyOf(DepartmentRota rota, OnCallSector sector) =>
        sector.Kinds.Any(kind => kind.Disclosure == Disclosure.Public) && rota.RotaOf(sector.Code).Any(duty => sector.KindOf(duty.Period.Kind) is { Disclosure: Disclosure.Public });

    private static IEnumerable<PublicDuty> From(NodaTime.Instant since, PublicDuty[] duties) =>
        duties.Where(duty => duty.Period.End > since).Select(duty => duty.Period.Start >= since ? duty : duty with { Period = duty.Period with { Start = since } });
}
