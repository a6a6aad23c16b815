using NodaTime;
using Realtime.OnCall;

namespace Realtime.Pharmacies;

/// <summary>The demo country where it is switched on, and nothing where it is not.</summary>
/// <param name="country">The country, or null where the demo is off: then every synthetic pharmacy is hidden.</param>
public sealed class DemoWorld(DemoCountry? country)
{
    /// <summary>Whether there is one.</summary>
    public bool IsOn => country is not null;

    /// <summary>The synthetic pharmacies as the seed gives them; none where the demo is off.</summary>
    public IReadOnlyList<Pharmacy> Pharmacies => country?.Pharmacies ?? [];

    /// <summary>Whether a pharmacy of this number may be shown: every real one, and synthetic ones while the demo is on.</summary>
    public bool Shows(PharmacyId id) => country is not null || !id.IsSynthetic;

    /// <summary>What the seed gives a pharmacy before anything is written about it; null for a real one.</summary>
    public Pharmacy? Find(PharmacyId id) => country is not null && country.TryFind(id, out var pharmacy) ? pharmacy : null;

    /// <summary>The public duty of a synthetic pharmacy, as a function of time; null for a real one.</summary>
    public Func<Instant, Instant, IEnumerable<OnCallPeriod>>? Duty(PharmacyId id) =>
        country is not null && id.IsSynthetic ? country.Duty(id) : null;

    /// <summary>The duty sectors that the seed cuts; none where the demo is off.</summary>
    public IEnumerable<OnCallSector> Sectors => country?.Sectors.Values ?? [];

    /// <summary>A sector of the seed that a department runs; null where there is none.</summary>
    public OnCallSector? SectorOf(string department, string code) =>
        country is not null && country.Sectors.TryGetValue(code, out var sector) && sector.Department == department ? sector : null;

    /// <summary>The duties that the seed gives the pharmacies of one of its sectors and that meet [from, to), by start; none for any other sector.</summary>
    public IEnumerable<Duty> DutiesOf(OnCallSector sector, Instant from, Instant to) => sector.Pharmacies
        .SelectMany(id => (Duty(id)?.Invoke(from, to) ?? []).Where(period => SectorOf(id, period.Kind) == sector.Code).Select(period => new Duty(sector.Code, id, period)))
        .OrderBy(duty => duty.Period.Start);

    /// <summary>The sector in which the seed has a pharmacy serve a kind of duty; null where it has none.</summary>
    public string? SectorOf(PharmacyId id, OnCallKind kind) => country is not null && id.IsSynthetic ? country.SectorOf(id, kind) : null;
}
