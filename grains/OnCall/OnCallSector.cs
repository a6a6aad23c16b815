using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>Whether the public may know who is on duty. Outside Paris, night duty in Île-de-France is told by the police alone.</summary>
public enum Disclosure : byte
{
    /// <summary>Anybody may know, up to the sector's horizon.</summary>
    Public,

    /// <summary>Planners and dispatchers alone: nothing that the public is shown may differ by it.</summary>
    Hidden,
}

/// <summary>One kind of duty that a sector organises.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Disclosure">Whether the public may know it.</param>
/// <param name="HorizonDays">How many days ahead public duty is shown, 0 to <see cref="FurthestHorizonDays"/>.</param>
[GenerateSerializer, Immutable, Alias("realtime.SectorKind")]
public sealed record SectorKind([property: Id(0)] OnCallKind Kind, [property: Id(1)] Disclosure Disclosure, [property: Id(2)] int HorizonDays = SectorKind.DefaultHorizonDays)
{
    /// <summary>The horizon of a sector that states none.</summary>
    public const int DefaultHorizonDays = 7;

    /// <summary>The furthest that a sector may state.</summary>
    public const int FurthestHorizonDays = 400;
}

/// <summary>A telephone number and whose it is.</summary>
/// <param name="Label">Whose, as <c>Commissariat de Versailles</c>.</param>
/// <param name="Tel">The number as it is dialled.</param>
[GenerateSerializer, Immutable, Alias("realtime.CallNumber")]
public sealed record CallNumber([property: Id(0)] string Label, [property: Id(1)] string Tel);

/// <summary>Whom the public is to call from an instant on, until the next such row of the sector.</summary>
/// <param name="From">First instant.</param>
/// <param name="Numbers">Whom, the first one first; may be empty.</param>
[GenerateSerializer, Immutable, Alias("realtime.CallTable")]
public sealed record CallTable([property: Id(0)] NodaTime.Instant From, [property: Id(1)] IReadOnlyList<CallNumber> Numbers);

/// <summary>
/// Pharmacies that share out duty among themselves. A pharmacy may belong to different sectors by kind of duty, and a sector's pharmacies may lie in several departments;
/// one department runs it.
/// </summary>
[GenerateSerializer, Immutable, Alias("realtime.OnCallSector")]
public sealed record OnCallSector
{
    /// <summary>Unique in the country.</summary>
    [Id(0)] public required string Code { get; init; }

    /// <summary>As its people call it.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>The department that runs it, as <c>75</c> or <c>2A</c>.</summary>
    [Id(2)] public required string Department { get; init; }

    /// <summary>Its pharmacies, in the order of the rota.</summary>
    [Id(3)] public required IReadOnlyList<PharmacyId> Pharmacies { get; init; }

    /// <summary>The kinds of duty that it organises, each at most once.</summary>
    [Id(4)] public required IReadOnlyList<SectorKind> Kinds { get; init; }

    /// <summary>Whom the public calls, by start; none before the first.</summary>
    [Id(5)] public IReadOnlyList<CallTable> Calls { get; init; } = [];

    /// <summary>The kind's rules here; null where the sector does not organise it.</summary>
    public SectorKind? KindOf(OnCallKind kind) => Kinds.FirstOrDefault(k => k.Kind == kind);
}
