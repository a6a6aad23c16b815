using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Realtime.Hours;

namespace Realtime.Schools;

// When pupils are on holiday: a few hundred dates for the whole country, in one stream.

/// <summary>One holiday of pupils.</summary>
/// <param name="First">Its first day, as <c>2026-10-17</c>.</param>
/// <param name="Last">Its last day; null where only its beginning is published, as of the summer after the last year known.</param>
[GenerateSerializer, Immutable, Alias("realtime.SchoolBreak")]
public sealed record SchoolBreak([property: Id(0)] string First, [property: Id(1)] string? Last);

/// <summary>A school year of one zone, whole: what is in none of its holidays is a day of school.</summary>
/// <param name="Zone">Whose.</param>
/// <param name="Year">As <c>2026-2027</c>, or <c>2026</c> where school years are calendar years.</param>
/// <param name="Breaks">Its holidays, the first first.</param>
[GenerateSerializer, Immutable, Alias("realtime.SchoolYear")]
public sealed record SchoolYear([property: Id(0)] SchoolZone Zone, [property: Id(1)] string Year, [property: Id(2)] SchoolBreak[] Breaks)
{
    /// <summary>The calendar year in which it begins.</summary>
    internal int Begins => int.Parse(Year.AsSpan(0, 4), CultureInfo.InvariantCulture);

    /// <summary>Whether another states the same.</summary>
    public bool Says(SchoolYear other) => Zone == other.Zone && Year == other.Year && Breaks.SequenceEqual(other.Breaks);
}

/// <summary>An operator stated school years; each replaces what was stated of it before. Stored: names and members are a contract.</summary>
/// <param name="Years">The years that are new or changed.</param>
public sealed record SchoolYearsStated(SchoolYear[] Years);

/// <summary>Every school year that was stated, by zone and year.</summary>
/// <param name="Years">The years.</param>
public sealed record SchoolTable(SchoolYear[] Years)
{
    /// <summary>The table before anything was stated.</summary>
    public static SchoolTable Empty { get; } = new([]);
}

/// <summary>The rules of the table. Pure.</summary>
public static class SchoolRules
{
    /// <summary>Its one stream.</summary>
    public const string Stream = "school/all";

    /// <summary>Those of the years that the table does not have as they are.</summary>
    public static SchoolYear[] News(SchoolTable table, IEnumerable<SchoolYear> years) => [.. years.Where(year => !Array.Exists(table.Years, year.Says))];

    /// <summary>The table after an event.</summary>
    public static SchoolTable Evolve(SchoolTable table, SchoolYearsStated stated) => new(
        [.. table.Years.Where(known => !Array.Exists(stated.Years, year => year.Zone == known.Zone && year.Year == known.Year)).Concat(stated.Years)
            .OrderBy(year => year.Zone).ThenBy(year => year.Year, StringComparer.Ordinal)]);

    /// <summary>
    /// The calendar of each zone. A year is told from the first day of its first holiday to the last of its last; between two years that follow each other
    /// nothing is left untold. After a beginning without an end nothing is told.
    /// </summary>
    public static Dictionary<SchoolZone, SchoolCalendar> Compile(SchoolTable table) => table.Years.Where(year => year.Breaks.Length > 0)
        .GroupBy(year => year.Zone).ToDictionary(zone => zone.Key, zone => CalendarOf([.. zone.OrderBy(year => year.Begins)]));

    /// <summary>A zone with the school holidays of a place in it; as it was where no table tells them.</summary>
    public static Zone With(Zone zone, IReadOnlyDictionary<SchoolZone, SchoolCalendar> calendars, string? insee, string? postcode) =>
        SchoolZones.Of(insee, postcode) is { } school && calendars.TryGetValue(school, out var days) ? zone with { Schools = days } : zone;

    private static SchoolCalendar CalendarOf(SchoolYear[] years)
    {
        var told = new List<DateInterval>();
        for (var i = 0; i < years.Length; i++)
        {
            if (ToldOf(years[i]) is not { } own)
                continue;
            var follows = told.Count > 0 && years[i].Begins == years[i - 1].Begins + 1 && Array.TrueForAll(years[i - 1].Breaks, holiday => holiday.Last is not null);
            if (follows)
                told[^1] = told[^1].Union(own) ?? new DateInterval(told[^1].Start, own.End);
            else
                told.Add(own);
        }
        return new SchoolCalendar(years.SelectMany(year => year.Breaks).Where(holiday => holiday.Last is not null).Select(holiday => new DateInterval(Date(holiday.First), Date(holiday.Last!))), told);
    }

    private static DateInterval? ToldOf(SchoolYear year)
    {
        var first = year.Breaks.Min(holiday => Date(holiday.First));
        var last = year.Breaks.Max(holiday => holiday.Last is null ? Date(holiday.First).PlusDays(-1) : Date(holiday.Last));
        return first <= last ? new DateInterval(first, last) : null;
    }

    private static LocalDate Date(string text) => LocalDatePattern.Iso.Parse(text).Value;
}
