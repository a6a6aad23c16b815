using NodaTime;
using Realtime.Pharmacies;

namespace Realtime.Hours;

/// <summary>An exceptional closure that its pharmacy declared.</summary>
/// <param name="Id">Unique within the pharmacy.</param>
/// <param name="Start">First instant of the closure.</param>
/// <param name="End">First instant after it; later than <paramref name="Start"/>.</param>
/// <param name="Reason">Shown to the public, in the words of the pharmacy.</param>
/// <param name="ReliefPharmacy">The neighbour who takes over, where one does.</param>
[GenerateSerializer, Immutable, Alias("realtime.Closure")]
public sealed record Closure(
    [property: Id(0)] string Id,
    [property: Id(1)] Instant Start,
    [property: Id(2)] Instant End,
    [property: Id(3)] string Reason,
    [property: Id(4)] PharmacyId? ReliefPharmacy);
