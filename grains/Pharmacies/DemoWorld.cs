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
}
