using NodaTime;

namespace Realtime.Hours;

/// <summary>The thirteen calendars of French public holidays, one per territory that has feasts of its own or is listed apart by the official file.</summary>
public enum HolidayZone : byte
{
    /// <summary>Mainland France and Corsica, but for Alsace-Moselle.</summary>
    Metropole,

    /// <summary>Bas-Rhin, Haut-Rhin and Moselle (67, 68, 57).</summary>
    AlsaceMoselle,

    /// <summary>Guadeloupe (971).</summary>
    Guadeloupe,

    /// <summary>Martinique (972).</summary>
    Martinique,

    /// <summary>French Guiana (973).</summary>
    Guyane,

    /// <summary>Réunion (974).</summary>
    Reunion,

    /// <summary>Mayotte (976).</summary>
    Mayotte,

    /// <summary>Saint Barthélemy (977).</summary>
    SaintBarthelemy,

    /// <summary>Saint Martin (978).</summary>
    SaintMartin,

    /// <summary>Saint Pierre and Miquelon (975).</summary>
    SaintPierreEtMiquelon,

    /// <summary>Wallis and Futuna (986).</summary>
    WallisEtFutuna,

    /// <summary>French Polynesia (987).</summary>
    Polynesie,

    /// <summary>New Caledonia (988).</summary>
    NouvelleCaledonie,
}

/// <summary>Where a pharmacy stands in time: which calendar of public holidays it keeps and which clock hangs on its wall.</summary>
/// <param name="Holidays">The calendar of public holidays.</param>
/// <param name="Time">The time zone, by its IANA name.</param>
public sealed record Zone(HolidayZone Holidays, DateTimeZone Time)
{
    /// <summary>Its school holidays; null where no table of them is known.</summary>
    public SchoolCalendar? Schools { get; init; }
}
