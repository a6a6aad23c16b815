using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>A period of duty of a sector's rota and who serves it.</summary>
/// <param name="Sector">Code of the sector.</param>
/// <param name="Pharmacy">Who serves.</param>
/// <param name="Period">When, which kind, and how one gets in.</param>
[GenerateSerializer, Immutable, Alias("realtime.Duty")]
public sealed record Duty([property: Id(0)] string Sector, [property: Id(1)] PharmacyId Pharmacy, [property: Id(2)] OnCallPeriod Period);
