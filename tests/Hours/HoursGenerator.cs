namespace Realtime.Tests.Hours;

/// <summary>Random texts of the part of the syntax that we read, with school holidays or without; the same seed gives the same texts.</summary>
/// <remarks>
/// Times strictly between 02:00 and 03:00 do not occur, as the reference evaluator compares wall clocks and so has no policy for times that
/// are skipped or repeated. Nor do February ranges that end on its last days: it never matches <c>Feb 10-28</c> in a common year nor
/// <c>Feb 10-29</c> in any, and reads <c>Dec 24-Feb 29</c> as far as 1 March. Nor do several nth weekdays of one month (<c>Mar We[1,5]</c>) or a time
/// straight after a year and a month (<c>2026 Sep 10:45-19:59</c>) or days from Easter in a year (<c>2026 easter +1 day</c>), which it refuses; nor Easter of a stated
/// year, which it also finds in later ones; nor an open end of the whole day (<c>00:00+</c>), which it takes for open. Tests of our own cover all of them.
/// </remarks>
internal sealed class HoursGenerator(int seed, bool schools = false)
{
    private static readonly string[] Weekdays = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    private static readonly string[] Comments = ["sur rendez vous", "appeler le 0102030405", "pause", "travaux; voir affiche", "été || hiver"];
    private static readonly int[] Quarters = [0, 0, 0, 15, 30, 30, 45, 59];

    private readonly Random _random = new(seed);

    public string Next()
    {
        var text = Rule(first: true);
        for (var more = _random.Next(4); more > 0; more--)
            text += Separator(text) + Rule(first: false);
        return Chance(10) ? Disguise(text) : text;
    }

    /// <summary>Whether it is one of the comments that generated texts hold.</summary>
    public static bool IsComment(string? text) => text is not null && Comments.Contains(text, StringComparer.OrdinalIgnoreCase);

    private string Separator(string text) => Pick(" ; ", "; ", ";", ", ") is ", " && EndsInTimeOrState(text) ? ", " : Chance(12) ? Pick(" || ", "||") : "; ";

    private static bool EndsInTimeOrState(string text) =>
        char.IsAsciiDigit(text[^1]) ? text[^3] == ':' : text[^1] is '+' or '"' || text.EndsWith("off", StringComparison.Ordinal) || text.EndsWith("unknown", StringComparison.Ordinal);

    private string Rule(bool first)
    {
        if (Chance(first ? 6 : 1))
            return "24/7" + (Chance(10) ? State() : "");
        var days = Days();
        if (Chance(first ? 3 : 20))
            return (days + " " + Pick("off", "closed", "off") + (Chance(20) ? Comment() : "")).Trim();
        if (Chance(6))
            return (days + State()).Trim();
        if (days.Length > 0 && Chance(4))
            return days;
        return (days + " " + Times() + (Chance(6) ? " off" : Chance(12) ? State() : "")).Trim();
    }

    private string State() => _random.Next(6) switch
    {
        0 => " unknown",
        1 => " unknown" + Comment(),
        2 => " open" + Comment(),
        3 => " off" + Comment(),
        _ => Comment(),
    };

    private string Comment() => $" \"{Pick(Comments)}\"";

    private string Days()
    {
        var dates = Chance(25) ? Dates() : Chance(8) ? Weeks() : Chance(8) ? Years() : "";
        var weekdays = _random.Next(10) switch
        {
            < 6 => WeekdayList(),
            6 => schools && Chance(60) ? Pick("SH", "PH,SH", "SH,PH", "SH," + Pick(Weekdays), WeekdayList() + ",SH", "SH " + WeekdayList()) : "PH",
            7 => Pick("PH,", "PH, ") + WeekdayList(),
            8 when dates.Length == 0 && Chance(40) => NthWeekday() + (Chance(30) ? "," + NthWeekday() : Chance(30) ? "," + Pick(Weekdays) : ""),
            8 => Chance(50) ? WeekdayList() + ",PH" : Chance(50) ? "PH " + WeekdayList() : WeekdayList(),
            _ => "",
        };
        return (dates + (dates.Length > 0 && weekdays.Length > 0 && Chance(10) ? ": " : " ") + weekdays).Trim();
    }

    private string WeekdayList() => Chance(25) ? WeekdayRange() + Pick(",", ", ") + WeekdayRange() : WeekdayRange();

    private string NthWeekday() => Pick(Weekdays) + _random.Next(4) switch
    {
        0 => $"[{_random.Next(1, 6)}]",
        1 => $"[-{_random.Next(1, 6)}]",
        2 => $"[{_random.Next(1, 3)}-{_random.Next(3, 6)}]",
        _ => $"[{_random.Next(1, 3)},{_random.Next(3, 6)}]",
    };

    private string WeekdayRange() => Chance(65) ? $"{Pick(Weekdays)}-{Pick(Weekdays)}" : Pick(Weekdays);

    private string Dates() => _random.Next(9) switch
    {
        7 => Easter(),
        8 => Chance(50) ? $"{Easter()},{Date()}" : $"{Date()},{Easter()}",
        0 => Pick(Months),
        1 => $"{Pick(Months)}-{Pick(Months)}",
        2 => $"{Pick(Months)},{Pick(Months)}",
        3 => $"Dec {_random.Next(20, 32)}-Jan 0{_random.Next(1, 8)}",
        4 => Date(),
        5 => $"{Date()},{Date()}",
        _ => $"{Pick(Months[2..])} {_random.Next(1, 15):00}-{_random.Next(15, 31):00}",
    };

    private string Easter() => _random.Next(6) switch
    {
        0 => "easter",
        1 => $"easter {Pick("+1 day", "-2 days", "+39 days", "+50 days")}",
        2 => $"easter -{_random.Next(1, 10)} days-easter +{_random.Next(1, 10)} days",
        3 => $"{Pick("Jan", "Feb")} {_random.Next(1, 29):00}-easter{Pick("", " -2 days", " +1 day")}",
        4 => $"easter{Pick("", " +1 day", " -7 days")}-{Pick(Months[5..])} {_random.Next(1, 31):00}",
        _ => $"{Pick(Months[8..])} {_random.Next(1, 31):00}-easter",
    };

    private string Weeks()
    {
        var (first, last) = (_random.Next(1, 40), _random.Next(41, 54));
        return "week " + _random.Next(5) switch
        {
            0 => $"{first:00}",
            1 => $"{first:00}-{last:00}",
            2 => $"01-53/{_random.Next(2, 5)}",
            3 => $"{first:00}-{last:00}/{_random.Next(2, 5)}",
            _ => $"{first:00},{last:00}",
        };
    }

    private string Years()
    {
        var first = _random.Next(2023, 2027);
        var years = _random.Next(5) switch { 0 => $"{first}-{first + _random.Next(1, 4)}", 1 => $"{first}+", 2 => $"{first},{first + 2}", 3 => $"{first}-2040/2", _ => $"{first}" };
        return _random.Next(3) switch { 0 => years, 1 => $"{years} {Date()}", _ => $"{first} {Pick(Months[2..])} {_random.Next(1, 15):00}-{_random.Next(15, 31):00}" };
    }

    private string Date()
    {
        var month = _random.Next(12);
        return $"{Months[month]} {_random.Next(1, month == 1 ? 30 : 31):00}";
    }

    private string Times()
    {
        if (Chance(10))
            return OpenEnd();
        if (Chance(25))
            return $"{Time(17, 23)}-{(Chance(30) ? Time(24, 33) : Time(0, 9))}";
        if (Chance(8))
            return $"{Time(0, 1)}-{Time(3, 8)}";
        var morning = $"{Time(7, 10)}-{Time(11, 13)}";
        var afternoon = $"{Time(14, 15)}-{(Chance(15) ? Time(0, 5) : Time(17, 23))}";
        return _random.Next(3) switch { 0 => morning, 1 => $"{Time(7, 10)}-{Time(18, 22)}", _ => morning + Pick(",", ", ") + afternoon };
    }

    private string OpenEnd() => _random.Next(6) switch
    {
        0 => $"{Time(7, 23)}+",
        1 => $"{Time(7, 10)}-{Time(11, 16)}+",
        2 => $"{Time(7, 10)}-{Time(17, 23)}+",
        3 => $"{Time(18, 22)}-{Time(0, 4)}+",
        4 => Chance(70) ? $"{Time(7, 10)}-{Time(11, 13)},{Time(14, 23)}+" : $"{Time(17, 19)}+,{Time(21, 22)}-{Time(23, 25)}",
        _ => $"{Time(7, 9)}+,{Time(11, 12)}-{Time(14, 18)}",
    };

    private string Time(int firstHour, int lastHour)
    {
        var hour = _random.Next(firstHour, lastHour + 1);
        return $"{hour:00}:{(hour % 24 == 2 ? 0 : Pick(Quarters)):00}";
    }

    private string Disguise(string text) => _random.Next(3) switch
    {
        0 => text.ToUpperInvariant(),
        1 => text.ToLowerInvariant(),
        _ => text.Replace("-", " - ", StringComparison.Ordinal).Replace(",", " , ", StringComparison.Ordinal),
    };

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];
}
