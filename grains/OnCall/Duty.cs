using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>A period of duty of a sector's rota and who serves it.</summary>
/// <param name="Sector">Code of the sector.</param>
/// <param name="Pharmacy">Who serves.</param>
/// <param name="Period">When, which kind, and how one gets in.</param>
public sealed record Duty(string Sector, PharmacyId Pharmacy, OnCallPeriod Period);
