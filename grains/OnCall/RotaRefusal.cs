using NodaTime;

namespace Realtime.OnCall;

/// <summary>Why a change of a department's duty is not made.</summary>
public enum RotaRefusalKind : byte
{
    /// <summary>The sector is another department's.</summary>
    SectorElsewhere,

    /// <summary>The department has no such sector.</summary>
    UnknownSector,

    /// <summary>A duty is of a kind that its sector does not organise, or of a pharmacy that it does not have, ends before it starts, lasts longer than eight days, or overlaps another of the same pharmacy.</summary>
    InvalidDuty,

    /// <summary>More duties or texts than a row holds.</summary>
    TooLarge,

    /// <summary>There is no draft.</summary>
    NoDraft,

    /// <summary>There is no such duty, or it is another pharmacy's by now, or it has begun.</summary>
    UnknownDuty,

    /// <summary>A swap of duties that different departments run.</summary>
    OtherDepartment,

    /// <summary>Both duties are one pharmacy's.</summary>
    SamePharmacy,

    /// <summary>A pharmacy would serve two duties at once.</summary>
    AtOnce,

    /// <summary>A duty is already in another open swap.</summary>
    AlreadyOffered,

    /// <summary>There is no such swap.</summary>
    UnknownSwap,

    /// <summary>The swap is not at the point where this can be done.</summary>
    WrongState,

    /// <summary>There is no such measure, or it is over.</summary>
    UnknownMeasure,

    /// <summary>It ends before it starts, is over, lasts longer than a year, or lacks what its kind needs.</summary>
    InvalidMeasure,

    /// <summary>More than can be kept.</summary>
    TooMany,

    /// <summary>The key came before with another request.</summary>
    KeyReused,
}

/// <summary>A refusal.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Index">Which duty of the list, from 0; −1 where it is about none.</param>
/// <param name="Detail">What of it, in the words of <see cref="RotaRules"/>; null where the kind says all.</param>
[GenerateSerializer, Immutable, Alias("realtime.RotaRefusal")]
public sealed record RotaRefusal([property: Id(0)] RotaRefusalKind Kind, [property: Id(1)] int Index = -1, [property: Id(2)] string? Detail = null);

/// <summary>What became of a change.</summary>
/// <param name="Seq">The row it left, or the last one where it was refused.</param>
/// <param name="Refusal">Why it was not made; null where it was.</param>
/// <param name="Id">What it made, where that has an id.</param>
/// <param name="At">When it was made.</param>
/// <param name="Replayed">Whether it had been made before, by the same request.</param>
[GenerateSerializer, Immutable, Alias("realtime.RotaChange")]
public sealed record RotaChange(
    [property: Id(0)] long Seq, [property: Id(1)] RotaRefusal? Refusal, [property: Id(2)] string? Id = null, [property: Id(3)] Instant? At = null, [property: Id(4)] bool Replayed = false);
