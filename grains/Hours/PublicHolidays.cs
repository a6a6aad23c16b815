using NodaTime;

namespace Realtime.Hours;

/// <summary>
/// The public holidays of France, computed for any year from dated rules, each with its text. Local customs without a text (the Good Friday
/// of the Antilles, the feasts of New Caledonia or Polynesia) are not in the official calendar and not here.
/// Checked against the calendar that the State publishes, 13 zones, 2006–2031 (data.gouv.fr, jours-feries-en-france, read 2026-11-22).
/// </summary>
public static class PublicHolidays
{
    /// <summary>Whether the local civil date is a public holiday in the zone.</summary>
    public static bool IsHoliday(LocalDate date, HolidayZone zone) => Find(date, zone) is not null;

    /// <summary>The holiday's French name; null on any other day. Where two fall together (Ascension on 1 May 2008), that of the fixed date.</summary>
    public static string? Name(LocalDate date, HolidayZone zone) => Find(date, zone)?.Name;

    /// <summary>Easter Sunday of a Gregorian year, by the algorithm of J.-M. Oudin (1940) as printed in the Explanatory Supplement to the Astronomical Almanac.</summary>
    public static LocalDate Easter(int year)
    {
        var century = year / 100;
        var golden = year % 19;
        var moon = (century - (century / 4) - ((century - ((century - 17) / 25)) / 3) + (19 * golden) + 15) % 30;
        moon -= moon / 28 * (1 - (moon / 28 * (29 / (moon + 1)) * ((21 - golden) / 11)));
        var weekday = (year + (year / 4) + moon + 2 - century + (century / 4)) % 7;
        var offset = moon - weekday;
        var month = 3 + ((offset + 40) / 44);
        return new LocalDate(year, month, offset + 28 - (31 * (month / 4)));
    }

    private static HolidayRule? Find(LocalDate date, HolidayZone zone)
    {
        var (year, month, day) = date;
        foreach (var rule in HolidayRule.Fixed)
            if (rule.Day == day && rule.Month == month && rule.Holds(year, zone))
                return rule;
        // Movable feasts fall between 20 March (Good Friday) and 13 June (Whit Monday).
        if (month is < 3 or > 6)
            return null;
        var afterEaster = Period.DaysBetween(Easter(year), date);
        foreach (var rule in HolidayRule.Movable)
            if (rule.AfterEaster == afterEaster && rule.Holds(year, zone))
                return rule;
        return null;
    }
}
