using System.Diagnostics.CodeAnalysis;

namespace Realtime.Hours;

/// <summary>
/// Reads the rules of an opening-hours text in one pass from left to right; looks ahead past one number at most, so its time is
/// proportional to the length. The first thing it does not know ends the reading with its place.
/// </summary>
internal ref struct HoursParser(string text)
{
    private HoursCursor _cursor = new(text);
    private HoursError? _error;

    /// <summary>The rules in order, or why the text is refused.</summary>
    public bool TryParse([NotNullWhen(true)] out HoursRule[]? result, [NotNullWhen(false)] out HoursError? error)
    {
        var rules = new List<HoursRule>();
        var additional = false;
        do
        {
            // A text may end in a semicolon: nothing can be misread into it.
            if (!additional && rules.Count > 0 && _cursor.AtEnd)
                break;
            if (ParseRule(additional, followsNamedDays: rules is [.., { NamesDays: true }]) is not { } rule)
                break;
            rules.Add(rule);
        }
        while (TakeSeparator(rules[^1], out additional));
        error = _error;
        result = error is null ? [.. rules] : null;
        return error is null;
    }

    private HoursRule? ParseRule(bool additional, bool followsNamedDays)
    {
        if (_cursor.Take("24/7"))
            return new HoursRule { Opens = TakeState() ?? true, Additional = additional, FollowsNamedDays = followsNamedDays };
        var start = _cursor.Column;
        var dates = ParseDates();
        if (dates is not null)
            _cursor.Take(':');
        var holidays = HolidaySelector.None;
        var weekdays = _error is null ? ParseWeekdays(out holidays) : 0;
        if (_error is null && _cursor.At("24/7"))
            Fail(HoursError.Expected(_cursor.Column, "a time (24/7 stands without days)", "une heure (24/7 s'écrit sans jours)"));
        var times = _error is null && _cursor.AtDigit ? ParseTimes() : null;
        if (_error is not null)
            return null;
        var state = TakeState();
        if (_cursor.Column == start && !Refuse(start))
            return Fail(HoursError.Expected(start, "a day, a month, a time, \"off\" or \"24/7\"", "un jour, un mois, une heure, « off » ou « 24/7 »"));
        return _error is not null ? null : new HoursRule
        {
            Dates = dates,
            Weekdays = weekdays,
            Holidays = holidays,
            Times = times,
            Opens = state ?? true,
            Additional = additional,
            FollowsNamedDays = followsNamedDays,
        };
    }

    // After a rule: its end, a semicolon, or a comma where times or a state came before it (elsewhere a comma belongs to a list).
    private bool TakeSeparator(HoursRule rule, out bool additional)
    {
        additional = false;
        if (_error is not null || _cursor.AtEnd)
            return false;
        if (_cursor.Take(';'))
            return true;
        var column = _cursor.Column;
        if (rule.NamesDays || rule.Times is not null || !rule.Opens)
            additional = _cursor.Take(',');
        if (!additional && !Refuse(column))
            Fail(HoursError.Expected(column, "the end of the rule, \";\" or a time", "la fin de la règle, « ; » ou une heure"));
        return additional;
    }

    private bool? TakeState()
    {
        var (kind, _) = HoursWords.Read(_cursor.PeekWord());
        if (kind is not (WordKind.Open or WordKind.Off))
            return null;
        _cursor.TakeWord();
        return kind == WordKind.Open;
    }

    private uint[]? ParseDates()
    {
        if (HoursWords.Read(_cursor.PeekWord()).Kind != WordKind.Month)
            return null;
        var dates = new uint[12];
        do
        {
            var (kind, month) = HoursWords.Read(_cursor.PeekWord());
            if (kind != WordKind.Month)
                return Fail<uint[]>(ExpectedInList(_cursor.Column));
            _cursor.TakeWord();
            if (_cursor.AtDigit && !_cursor.AtTime())
                ParseDaysOfMonth(dates, month);
            else
                ParseMonths(dates, month);
        }
        while (_error is null && _cursor.Take(','));
        return dates;
    }

    private void ParseMonths(uint[] dates, int first)
    {
        var last = first;
        if (_cursor.Take('-'))
        {
            (var kind, last) = HoursWords.Read(_cursor.PeekWord());
            if (kind != WordKind.Month)
            {
                Fail(HoursError.Expected(_cursor.Column, "a month", "un mois"));
                return;
            }
            _cursor.TakeWord();
        }
        MonthDays.Add(dates, (first, 1), (last, MonthDays.InMonth(last)));
    }

    // After a month: "24", "24-26", "24-Jan 02", "24,26,28-30".
    private void ParseDaysOfMonth(uint[] dates, int month)
    {
        bool another;
        do
        {
            var first = (month, ParseDay(month));
            var last = first;
            if (_error is null && _cursor.Take('-'))
                last = ParseEndOfRange(first);
            if (_error is not null || RefuseAfterDay())
                return;
            MonthDays.Add(dates, first, last);
            var ahead = _cursor;
            another = ahead.Take(',') && ahead.AtDigit && !ahead.AtTime();
            if (another)
                _cursor = ahead;
        }
        while (another);
    }

    private (int Month, int Day) ParseEndOfRange((int Month, int Day) first)
    {
        var column = _cursor.Column;
        var (kind, month) = HoursWords.Read(_cursor.PeekWord());
        if (kind == WordKind.Month)
        {
            _cursor.TakeWord();
            return (month, ParseDay(month));
        }
        var last = (first.Month, Day: ParseDay(first.Month));
        if (_error is null && last.Day < first.Day)
            Fail(HoursError.Expected(column, "a day that is not before the first one", "un jour qui n'est pas avant le premier"));
        return last;
    }

    private int ParseDay(int month)
    {
        var column = _cursor.Column;
        var day = _cursor.TakeNumber(out _);
        if (day is > 1900 and < 10_000)
            Fail(HoursError.Unsupported(column, "Years are", "Années :"));
        else if (day < 1 || day > MonthDays.InMonth(month))
            Fail(HoursError.Expected(column, $"a day from 1 to {MonthDays.InMonth(month)}", $"un jour de 1 à {MonthDays.InMonth(month)}"));
        return day;
    }

    private bool RefuseAfterDay()
    {
        var column = _cursor.Column;
        if (_cursor.At('+'))
            Fail(HoursError.Unsupported(column, "An open end (+) is", "Fin ouverte (+) :"));
        else if (_cursor.At('/'))
            Fail(HoursError.Unsupported(column, "A period (/) is", "Période (/) :"));
        return _error is not null;
    }

    // "PH" alone and "PH Mo-Fr" (both must hold), or a list: "Mo-Fr", "Sa,Su", "Su,PH" and "PH,Su" (one or the other).
    private int ParseWeekdays(out HolidaySelector holidays)
    {
        holidays = HolidaySelector.None;
        var ahead = _cursor;
        if (TakePublicHoliday(ref ahead) && !ahead.At(','))
        {
            _cursor = ahead;
            holidays = HolidaySelector.Required;
            RefuseShiftedHoliday();
        }
        var (mask, inList) = (0, false);
        do
        {
            var (kind, day) = HoursWords.Read(_cursor.PeekWord());
            if (kind == WordKind.Weekday)
                mask |= ParseWeekdayRange(day);
            else if (holidays != HolidaySelector.Required && TakePublicHoliday(ref _cursor))
                holidays = HolidaySelector.AmongWeekdays;
            else if (inList && !Refuse(_cursor.Column))
                Fail(ExpectedInList(_cursor.Column));
            else
                break;
            RefuseShiftedHoliday();
            inList = true;
        }
        while (_error is null && _cursor.Take(','));
        return mask;
    }

    private static bool TakePublicHoliday(ref HoursCursor cursor)
    {
        if (HoursWords.Read(cursor.PeekWord()).Kind != WordKind.PublicHoliday)
            return false;
        cursor.TakeWord();
        return true;
    }

    private void RefuseShiftedHoliday()
    {
        if (_cursor.At('-') || _cursor.At('+'))
            Fail(HoursError.Unsupported(_cursor.Column, "A number of days before or after is", "Nombre de jours avant ou après :"));
    }

    private int ParseWeekdayRange(int first)
    {
        _cursor.TakeWord();
        var last = first;
        if (_cursor.Take('-'))
        {
            (var kind, last) = HoursWords.Read(_cursor.PeekWord());
            if (kind != WordKind.Weekday)
            {
                Fail(HoursError.Expected(_cursor.Column, "a weekday", "un jour de la semaine"));
                return 0;
            }
            _cursor.TakeWord();
        }
        var column = _cursor.Column;
        if (_cursor.At('['))
            Fail(HoursError.Unsupported(column, "The nth weekday of a month is", "Le nᵉ jour de semaine du mois :"));
        var mask = 0;
        for (var day = first; ; day = (day % 7) + 1)
        {
            mask |= 1 << day;
            if (day == last)
                return mask;
        }
    }

    private MinuteSpan[]? ParseTimes()
    {
        var spans = new List<MinuteSpan>();
        bool another;
        do
        {
            if (ParseSpan() is not { } span)
                return null;
            spans.Add(span);
            var ahead = _cursor;
            another = ahead.Take(',') && ahead.AtDigit && !ahead.At("24/7");
            if (another)
                _cursor = ahead;
        }
        while (another);
        return [.. spans];
    }

    private MinuteSpan? ParseSpan()
    {
        var start = ParseTime(HoursRule.Day - 1);
        if (_error is not null || RefuseAfterTime())
            return null;
        var column = _cursor.Column;
        if (!_cursor.Take('-'))
        {
            Fail(HoursError.Expected(column, "\"-\" and the end of the span", "« - » et la fin de la plage"));
            return null;
        }
        if (!_cursor.AtDigit && Refuse(_cursor.Column))
            return null;
        var end = ParseTime(2 * HoursRule.Day);
        if (_error is not null || RefuseAfterTime())
            return null;
        return new MinuteSpan(start, end > start ? end : end + HoursRule.Day);
    }

    private int ParseTime(int latest)
    {
        var column = _cursor.Column;
        var hours = _cursor.TakeNumber(out var digits);
        if (digits == 4 && hours > 1900)
            return Fail(HoursError.Unsupported(column, "Years are", "Années :"), 0);
        if (digits is 0 or > 2)
            return Fail(HoursError.Expected(column, "a time as 09:00", "une heure comme 09:00"), 0);
        var colon = _cursor.Column;
        if (!_cursor.Take(':'))
            return Fail(HoursError.Expected(colon, "\":\" and minutes", "« : » et des minutes"), 0);
        var minutesColumn = _cursor.Column;
        var minutes = _cursor.TakeNumber(out digits);
        if (digits != 2 || minutes > 59)
            return Fail(HoursError.Expected(minutesColumn, "minutes from 00 to 59", "des minutes de 00 à 59"), 0);
        var time = (hours * 60) + minutes;
        var (english, french) = ($"a time up to {latest / 60:00}:{latest % 60:00}", $"une heure jusqu'à {latest / 60:00}:{latest % 60:00}");
        return time <= latest ? time : Fail(HoursError.Expected(column, english, french), 0);
    }

    private bool RefuseAfterTime()
    {
        var column = _cursor.Column;
        if (_cursor.At('+'))
            Fail(HoursError.Unsupported(column, "An open end (+) is", "Fin ouverte (+) :"));
        else if (_cursor.At('/'))
            RefuseSlash();
        return _error is not null;
    }

    // "08:00-18:00/01:30" is a period; "09:00-12:30 / 14:00-19:30" is how many people write a lunch break.
    private void RefuseSlash()
    {
        var ahead = _cursor;
        var isLunch = ahead.Take('/') && ahead.TakeNumber(out _) >= 0 && ahead.Take(':') && ahead.TakeNumber(out _) >= 0 && ahead.At('-');
        Fail(isLunch
            ? HoursError.Expected(_cursor.Column, "\",\" between two spans", "« , » entre deux plages")
            : HoursError.Unsupported(_cursor.Column, "A period (/) is", "Période (/) :"));
    }

    // Constructs of the full syntax that this project knows by sight.
    private bool Refuse(int column)
    {
        var word = _cursor.PeekWord();
        if (HoursWords.Read(word).Kind == WordKind.Unsupported)
            Fail(HoursWords.Refuse(word, column));
        else if (_cursor.At('"'))
            Fail(HoursError.Unsupported(column, "Comments are", "Commentaires :"));
        else if (_cursor.Take("||"))
            Fail(HoursError.Unsupported(column, "The fallback operator (||) is", "Opérateur de repli (||) :"));
        else if (_cursor.At('('))
            Fail(HoursError.Unsupported(column, "Variable times are", "Heures variables :"));
        else if (_cursor.At('['))
            Fail(HoursError.Unsupported(column, "The nth weekday of a month is", "Le nᵉ jour de semaine du mois :"));
        return _error is not null;
    }

    private static HoursError ExpectedInList(int column) =>
        HoursError.Expected(column, "another day after the comma (\";\" starts a new rule)", "un autre jour après la virgule (« ; » commence une nouvelle règle)");

    private HoursRule? Fail(HoursError error) => Fail<HoursRule>(error);

    private int Fail(HoursError error, int value)
    {
        _error ??= error;
        return value;
    }

    private T? Fail<T>(HoursError error)
        where T : class
    {
        _error ??= error;
        return null;
    }
}
