using System.Diagnostics.CodeAnalysis;
using NodaTime;
using Realtime.Hours;

namespace Realtime.Schools;

/// <summary>The thirteen calendars of French school holidays that the Ministry publishes. Stored by name: the names are a contract.</summary>
public enum SchoolZone : byte
{
    /// <summary>Besançon, Bordeaux, Clermont-Ferrand, Dijon, Grenoble, Limoges, Lyon, Poitiers.</summary>
    A,

    /// <summary>Aix-Marseille, Amiens, Lille, Nancy-Metz, Nantes, Nice, Normandie, Orléans-Tours, Reims, Rennes, Strasbourg.</summary>
    B,

    /// <summary>Créteil, Montpellier, Paris, Toulouse, Versailles.</summary>
    C,

    /// <summary>Corsica.</summary>
    Corse,

    /// <summary>Guadeloupe.</summary>
    Guadeloupe,

    /// <summary>French Guiana.</summary>
    Guyane,

    /// <summary>Martinique.</summary>
    Martinique,

    /// <summary>Mayotte.</summary>
    Mayotte,

    /// <summary>New Caledonia.</summary>
    NouvelleCaledonie,

    /// <summary>French Polynesia.</summary>
    Polynesie,

    /// <summary>Réunion.</summary>
    Reunion,

    /// <summary>Saint Pierre and Miquelon.</summary>
    SaintPierreEtMiquelon,

    /// <summary>Wallis and Futuna.</summary>
    WallisEtFutuna,
}

/// <summary>
/// Which school calendar a place keeps: by its département, as the academies are drawn. Saint Martin and Saint Barthélemy depart from Guadeloupe's calendar
/// and are not in the official one: they have none. Source: education.gouv.fr, calendrier scolaire, and the decree of the academies, code de l'éducation D222-1 and R222-2.
/// </summary>
public static class SchoolZones
{
    private const string OfA = " 01 03 07 15 16 17 19 21 23 24 25 26 33 38 39 40 42 43 47 58 63 64 69 70 71 73 74 79 86 87 89 90 ";
    private const string OfC = " 09 11 12 30 31 32 34 46 48 65 66 75 77 78 81 82 91 92 93 94 95 ";

    private static readonly Dictionary<string, (SchoolZone Zone, string Time)> Overseas = new(StringComparer.Ordinal)
    {
        ["971"] = (SchoolZone.Guadeloupe, "America/Guadeloupe"),
        ["972"] = (SchoolZone.Martinique, "America/Martinique"),
        ["973"] = (SchoolZone.Guyane, "America/Cayenne"),
        ["974"] = (SchoolZone.Reunion, "Indian/Reunion"),
        ["975"] = (SchoolZone.SaintPierreEtMiquelon, "America/Miquelon"),
        ["976"] = (SchoolZone.Mayotte, "Indian/Mayotte"),
        ["986"] = (SchoolZone.WallisEtFutuna, "Pacific/Wallis"),
        ["987"] = (SchoolZone.Polynesie, "Pacific/Tahiti"),
        ["988"] = (SchoolZone.NouvelleCaledonie, "Pacific/Noumea"),
    };

    /// <summary>The calendar of a commune, or else of a postcode; null where neither has one.</summary>
    /// <param name="insee">INSEE code of the commune, five characters; null where it is not known.</param>
    /// <param name="postcode">Five digits; null where it is not known.</param>
    public static SchoolZone? Of(string? insee, string? postcode)
    {
        if (Zones.Of(insee, postcode) is not { Holidays: not (HolidayZone.SaintBarthelemy or HolidayZone.SaintMartin) })
            return null;
        var code = Zones.Of(insee, null) is not null ? insee! : postcode!;
        return code switch
        {
            ['9', '7' or '8', ..] => Overseas.TryGetValue(code[..3], out var overseas) ? overseas.Zone : null,
            ['2', 'A' or 'B' or '0', ..] => SchoolZone.Corse,
            _ => OfA.Contains($" {code[..2]} ", StringComparison.Ordinal) ? SchoolZone.A : OfC.Contains($" {code[..2]} ", StringComparison.Ordinal) ? SchoolZone.C : SchoolZone.B,
        };
    }

    /// <summary>The zone that the official file calls by a name, whatever its accents, case, hyphens and spaces: <c>Zone A</c>, <c>Réunion</c>.</summary>
    public static bool TryParse(string name, [NotNullWhen(true)] out SchoolZone? zone)
    {
        var plain = Plain(name);
        zone = Array.Find(Enum.GetValues<SchoolZone>().Cast<SchoolZone?>().ToArray(), known => plain == Plain($"{known}") || plain == "zone" + Plain($"{known}"));
        return zone is not null;
    }

    /// <summary>The clock by which its days begin.</summary>
    public static DateTimeZone TimeOf(SchoolZone zone) =>
        DateTimeZoneProviders.Tzdb[Overseas.Values.FirstOrDefault(overseas => overseas.Zone == zone && zone > SchoolZone.Corse) is { Time: { } time } ? time : "Europe/Paris"];

    // The only accent among these names is é, written as one character or as two.
    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit).Select(c => c is 'é' or 'É' ? 'e' : char.ToLowerInvariant(c)));
}
