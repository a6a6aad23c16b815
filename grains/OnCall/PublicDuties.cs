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

    /// <summary>The pharmacies whose public duty differs between two states of a department.</summary>
    public static IEnumerable<PharmacyId> Changed(DepartmentRota before, DepartmentRota after)
    {
        var (was, now) = (Of(before), Of(after));
        return was.Keys.Union(now.Keys).Where(id => !was.GetValueOrDefault(id, []).SequenceEqual(now.GetValueOrDefault(id, [])));
    }
}
