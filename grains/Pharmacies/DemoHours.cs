namespace Realtime.Pharmacies;

/// <summary>
/// Opening hours of the demo country, as OSM strings. The patterns are our own; how often each occurs follows what was measured on the 2,798 full
/// weeks of the Santé.fr file (read 2026-11-22): a lunch break in 57 %, Saturdays in 80 to 90 %, Sundays in 1.7 %, Monday mornings shut in 10 %,
/// a median week of about 50 hours. Unlike the real strings, every one of these says what happens on public holidays.
/// </summary>
internal static class DemoHours
{
    /// <summary>Never shut, holidays included.</summary>
    public const string DayAndNight = "Mo-Su,PH 00:00-24:00";

    private const int UnknownPerMille = 10;
    private const int MondayMorningShutPerMille = 100;
    private const int SundayPerMille = 17;
    private const int HolidayAsSundayPerMille = 850;
    private const int HolidayMorningPerMille = 2;
    private const int LateTownPerMille = 15;

    /// <summary>From so many inhabitants on, most pharmacies stay open over lunch.</summary>
    private const int LargeTown = 30_000;

    private static readonly (int, string)[] LunchBreak =
    [
        (229, "09:00-12:00,14:00-19:00"), (195, "09:00-12:30,14:00-19:30"), (126, "08:30-12:30,14:00-19:30"), (121, "09:00-12:30,14:30-19:30"),
        (108, "09:00-12:30,14:00-19:00"), (81, "08:30-12:00,14:00-19:00"), (74, "08:30-12:30,14:00-19:00"), (61, "09:00-12:30,14:30-19:00"),
        (54, "08:30-12:30,14:30-19:30"), (120, "09:00-12:00,14:00-18:00"), (70, "09:00-12:00,15:00-18:30"), (60, "08:45-12:15,14:00-18:45"),
        (25, "09:00-13:00,14:00-19:30"), (20, "09:30-12:30,15:00-18:30"),
    ];

    private static readonly (int, string)[] NoBreak =
    [
        (179, "09:00-19:00"), (164, "09:00-19:30"), (161, "08:30-19:30"), (90, "08:30-20:00"), (77, "09:00-20:00"), (77, "08:30-19:00"),
        (34, "08:00-20:00"), (28, "08:00-19:00"), (19, "09:30-19:00"), (16, "09:00-18:00"), (14, "08:30-20:30"), (8, "10:00-20:00"),
    ];

    private static readonly (int, string)[] SaturdayWithBreak =
    [
        (180, ""), (210, "09:00-12:30"), (190, "09:00-12:00"), (90, "08:30-12:30"), (60, "09:00-13:00"),
        (90, "09:00-12:30,14:00-19:00"), (70, "09:00-12:30,14:00-18:00"), (60, "09:00-12:00,14:00-18:00"), (50, "09:00-12:00,14:00-17:00"),
    ];

    private static readonly (int, string)[] SaturdayNoBreak =
    [
        (160, ""), (200, "09:00-19:00"), (110, "09:00-19:30"), (90, "09:00-13:00"), (80, "09:30-19:00"), (70, "09:00-18:00"),
        (60, "09:00-20:00"), (60, "09:00-12:30,14:00-19:00"), (40, "10:00-19:00"),
    ];

    private static readonly (int, string)[] Sunday =
        [(60, "09:00-19:00"), (40, "09:00-13:00"), (40, "09:00-20:00"), (30, "08:30-20:30"), (30, "09:00-12:30"), (20, "10:00-18:00"), (10, "11:00-19:00")];

    /// <summary>The week of one pharmacy, or null where nobody has stated it.</summary>
    /// <param name="draw">The draws of this pharmacy's hours.</param>
    /// <param name="population">Inhabitants of its town.</param>
    public static string? Of(DemoDraw draw, int population)
    {
        if (draw.Happens(UnknownPerMille))
            return null;

        var large = population >= LargeTown;
        var hasBreak = draw.Happens(large ? 300 : 720);
        var weekday = draw.Of<string>(hasBreak ? LunchBreak : NoBreak);
        if (large && !hasBreak && draw.Happens(LateTownPerMille))
            weekday = "08:30-22:00";
        var saturday = draw.Of<string>(hasBreak ? SaturdayWithBreak : SaturdayNoBreak);
        var sunday = draw.Happens(SundayPerMille) ? draw.Of<string>(Sunday) : "";
        var monday = draw.Happens(MondayMorningShutPerMille) ? Afternoon(weekday) : weekday;
        return $"{Weekdays(monday, weekday, saturday)}{(sunday.Length == 0 ? "" : $"; Su {sunday}")}; PH {Holidays(ref draw, sunday)}";
    }

    private static string Weekdays(string monday, string weekday, string saturday) => (monday == weekday, saturday == weekday, saturday.Length == 0) switch
    {
        (true, true, _) => $"Mo-Sa {weekday}",
        (true, _, true) => $"Mo-Fr {weekday}",
        (true, _, _) => $"Mo-Fr {weekday}; Sa {saturday}",
        (_, true, _) => $"Mo {monday}; Tu-Sa {weekday}",
        (_, _, true) => $"Mo {monday}; Tu-Fr {weekday}",
        _ => $"Mo {monday}; Tu-Fr {weekday}; Sa {saturday}",
    };

    private static string Afternoon(string weekday)
    {
        var comma = weekday.IndexOf(',', StringComparison.Ordinal);
        return comma >= 0 ? weekday[(comma + 1)..] : $"14:00{weekday[5..]}";
    }

    private static string Holidays(ref DemoDraw draw, string sunday) =>
        sunday.Length > 0 && draw.Happens(HolidayAsSundayPerMille) ? sunday
        : draw.Happens(HolidayMorningPerMille) ? "09:00-12:30"
        : "off";
}
