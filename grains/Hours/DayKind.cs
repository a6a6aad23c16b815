namespace Realtime.Hours;

/// <summary>What a local civil day is beside its date.</summary>
[Flags]
internal enum DayKind : byte
{
    /// <summary>Nothing.</summary>
    Plain = 0,

    /// <summary>A public holiday of the zone.</summary>
    PublicHoliday = 1,

    /// <summary>A day of school holidays.</summary>
    SchoolHoliday = 2,

    /// <summary>A day on which hours depend on school holidays, and no table says whether it is one.</summary>
    Untold = 4,
}
