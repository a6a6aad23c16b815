namespace Realtime.Hours;

/// <summary>One public holiday: its day, where and in which years it is one, and the text that says so.</summary>
/// <param name="Name">French name, as the official calendar has it.</param>
/// <param name="From">First year.</param>
/// <param name="Source">The text.</param>
internal sealed record HolidayRule(string Name, int From, string Source)
{
    private const string Concordat = "arrêté du 29 germinal an X (19 April 1802)";
    private const string Mondays = "loi du 8 mars 1886";
    private const string AlsaceMoselle = "ordonnance du 16 août 1892, kept by code du travail L3134-13";
    private const string Abolition = "loi n° 83-550 du 30 juin 1983, décret n° 83-1003 du 23 novembre 1983; code du travail L3422-2";

    /// <summary>The holidays of a fixed date.</summary>
    public static readonly HolidayRule[] Fixed =
    [
        new("1er janvier", 1811, "avis du Conseil d'État du 23 mars 1810") { Month = 1, Day = 1 },
        new("1er mai", 1947, "loi n° 47-778 du 30 avril 1947") { Month = 5, Day = 1 },
        new("8 mai", 1953, "loi n° 53-225 du 20 mars 1953, ended by décret n° 59-533 du 11 avril 1959") { Month = 5, Day = 8, To = 1959 },
        new("8 mai", 1982, "loi n° 81-893 du 2 octobre 1981") { Month = 5, Day = 8 },
        new("14 juillet", 1880, "loi du 6 juillet 1880") { Month = 7, Day = 14 },
        new("Assomption", 1802, Concordat) { Month = 8, Day = 15 },
        new("Toussaint", 1802, Concordat) { Month = 11, Day = 1 },
        new("11 novembre", 1922, "loi du 24 octobre 1922") { Month = 11, Day = 11 },
        new("Jour de Noël", 1802, Concordat) { Month = 12, Day = 25 },
        new("2ème jour de Noël", 1892, AlsaceMoselle) { Month = 12, Day = 26, Zone = HolidayZone.AlsaceMoselle },
        new("Abolition de l'esclavage", 1983, Abolition) { Month = 4, Day = 27, Zone = HolidayZone.Mayotte },
        new("Abolition de l'esclavage", 1983, Abolition) { Month = 5, Day = 22, Zone = HolidayZone.Martinique },
        new("Abolition de l'esclavage", 1983, Abolition) { Month = 5, Day = 27, Zone = HolidayZone.Guadeloupe },
        new("Abolition de l'esclavage", 1983, Abolition) { Month = 5, Day = 27, Zone = HolidayZone.SaintMartin, To = 2017 },
        new("Abolition de l'esclavage", 2018, "code du travail L3422-2 as amended by loi n° 2017-256 du 28 février 2017") { Month = 5, Day = 28, Zone = HolidayZone.SaintMartin },
        new("Abolition de l'esclavage", 1983, Abolition) { Month = 6, Day = 10, Zone = HolidayZone.Guyane },
        new("Abolition de l'esclavage", 1983, Abolition) { Month = 10, Day = 9, Zone = HolidayZone.SaintBarthelemy },
        new("Abolition de l'esclavage", 1981, "the official calendar, which has it from 1981; " + Abolition) { Month = 12, Day = 20, Zone = HolidayZone.Reunion },
    ];

    /// <summary>The holidays that move with Easter.</summary>
    public static readonly HolidayRule[] Movable =
    [
        new("Vendredi saint", 1893, AlsaceMoselle + " (in communes with a Protestant or mixed church; the official calendar has it for the whole zone)")
        {
            AfterEaster = -2,
            Zone = HolidayZone.AlsaceMoselle,
        },
        new("Lundi de Pâques", 1886, Mondays) { AfterEaster = 1 },
        new("Ascension", 1802, Concordat) { AfterEaster = 39 },
        new("Lundi de Pentecôte", 1886, Mondays) { AfterEaster = 50 },
    ];

    /// <summary>1 to 12, where the date is fixed.</summary>
    public int Month { get; init; }

    /// <summary>1 to 31, where the date is fixed.</summary>
    public int Day { get; init; }

    /// <summary>Days after Easter Sunday, where it moves.</summary>
    public int AfterEaster { get; init; }

    /// <summary>Last year.</summary>
    public int To { get; init; } = int.MaxValue;

    /// <summary>The only zone that keeps it; null where all do.</summary>
    public HolidayZone? Zone { get; init; }

    /// <summary>Whether the zone keeps it in that year.</summary>
    public bool Holds(int year, HolidayZone zone) => year >= From && year <= To && (Zone is null || Zone == zone);
}
