namespace Realtime.Hours;

/// <summary>The part that reads which days: years, dates, months, weeks, weekdays, holidays.</summary>
internal ref partial struct HoursParser
{
    // Of the calendar of ISO 8601, in which every fifth or sixth year has it.
    private const int LastWeek = 53;

    // So often a month may have one weekday.
    private const int MostInMonth = 5;

    private const int LastYear = 9_999;

    private const int LastStep = 53;

    // "2026", "2026-2028", "2026-2040/2", "2026+", and lists of these; null where no year is named.
    private YearRange[]? ParseYears()
    {
        if (!_cursor.AtYear())
            return null;
        var years = new List<YearRange>();
        do
        {
            var first = ParseYear(from: HoursCursor.FirstYear);
            var last = _error is null && _cursor.Take('-') ? ParseYear(from: first) : _error is null && _cursor.Take('+') ? LastYear : first;
            years.Add(new(first, last, _error is null && last != first && _cursor.Take('/') ? ParseNumber(1, LastStep, "a number of years", "un nombre d'années") : 1));
        }
        while (_error is null && _cursor.Take(','));
        return [.. years];
    }

    private int ParseYear(int from)
    {
        var column = _cursor.Column;
        return _cursor.AtYear() && _cursor.TakeNumber(out _) is var year && year >= from ? year
            : Fail(HoursError.Expected(column, $"a year from {from}", $"une année à partir de {from}"), from);
    }

    private uint[]? ParseDates(out EasterRange[]? movable)
    {
        movable = null;
        if (HoursWords.Read(_cursor.PeekWord()).Kind is not (WordKind.Month or WordKind.Easter))
            return null;
        var dates = new uint[12];
        List<EasterRange>? ranges = null;
        do
        {
            var (kind, month) = HoursWords.Read(_cursor.PeekWord());
            if (kind is not (WordKind.Month or WordKind.Easter))
                return Fail<uint[]>(ExpectedInList(_cursor.Column));
            if (kind == WordKind.Easter)
                ParseFromEaster(ref ranges);
            else
                ParseFromMonth(dates, ref ranges, month);
        }
        while (_error is null && _cursor.Take(','));
        movable = ranges?.ToArray();
        return dates;
    }

    private void ParseFromMonth(uint[] dates, ref List<EasterRange>? ranges, int month)
    {
        _cursor.TakeWord();
        if (_cursor.AtDigit && !_cursor.AtTime())
            ParseDaysOfMonth(dates, ref ranges, month);
        else
            ParseMonths(dates, month);
    }

    private void ParseMonths(uint[] dates, int first)
    {
        var last = first;
        if (_cursor.Take('-'))
        {
            var column = _cursor.Column;
            (var kind, last) = HoursWords.Read(_cursor.PeekWord());
            if (kind != WordKind.Month)
            {
                Fail(HoursError.Expected(column, "a month", "un mois"));
                return;
            }
            _cursor.TakeWord();
            RefuseNextYear(column, last < first);
        }
        MonthDays.Add(dates, (first, 1), (last, MonthDays.InMonth(last)));
    }

    // After a month: "24", "24-26", "24-Jan 02", "24-easter", "24,26,28-30".
    private void ParseDaysOfMonth(uint[] dates, ref List<EasterRange>? ranges, int month)
    {
        bool another;
        do
        {
            var first = (Month: month, Day: ParseDay(month));
            var last = first;
            var isRange = _error is null && _cursor.Take('-');
            var toEaster = isRange && HoursWords.Read(_cursor.PeekWord()).Kind == WordKind.Easter;
            if (toEaster)
                AddRange(ref ranges, _cursor.Column, new(month, first.Day), ParseEaster());
            else if (isRange)
                last = ParseEndOfRange(first);
            if (_error is not null || RefuseOpenOrStepped())
                return;
            if (!toEaster)
                MonthDays.Add(dates, first, last);
            var ahead = _cursor;
            another = ahead.Take(',') && ahead.AtDigit && !ahead.AtTime();
            if (another)
                _cursor = ahead;
        }
        while (another);
    }

    // "easter", "easter +1 day", "easter -2 days-easter +1 day", "easter-Oct 31".
    private void ParseFromEaster(ref List<EasterRange>? ranges)
    {
        var first = ParseEaster();
        var last = first;
        var column = _cursor.Column;
        if (_error is null && _cursor.Take('-'))
        {
            column = _cursor.Column;
            last = ParseMovableEnd();
        }
        if (_error is null && !RefuseOpenOrStepped())
            AddRange(ref ranges, column, first, last);
    }

    private MovableDay ParseMovableEnd()
    {
        var (kind, month) = HoursWords.Read(_cursor.PeekWord());
        if (kind == WordKind.Easter)
            return ParseEaster();
        if (kind != WordKind.Month)
            Fail(HoursError.Expected(_cursor.Column, "a date as Oct 31, or \"easter\"", "une date comme Oct 31, ou « easter »"));
        _cursor.TakeWord();
        return _error is null ? new(month, ParseDay(month)) : default;
    }

    // At "easter": the word, and how many days before or after.
    private MovableDay ParseEaster()
    {
        _cursor.TakeWord();
        var ahead = _cursor;
        var isAfter = ahead.Take('+');
        if (!isAfter && !(ahead.Take('-') && ahead.AtDigit))
            return new(0, 0);
        _cursor = ahead;
        var days = ParseNumber(1, MovableDay.Furthest, "a number of days", "un nombre de jours");
        if (_error is null && !HoursWords.IsDays(_cursor.PeekWord()))
            Fail(HoursError.Expected(_cursor.Column, "\"day\" or \"days\"", "« day » ou « days »"));
        _cursor.TakeWord();
        return new(0, isAfter ? days : -days);
    }

    // Where Easter would have to be known to tell whether a range ends in its year, it has no meaning that holds every year.
    private void AddRange(ref List<EasterRange>? ranges, int column, MovableDay first, MovableDay last)
    {
        var range = new EasterRange(first, last);
        RefuseNextYear(column, range.EndsNextYear);
        if (_error is null && !range.EndsInItsYear && !range.EndsNextYear)
            Fail(HoursError.Expected(column, "an end that does not come before the beginning in any year", "une fin qui ne précède le début aucune année"));
        (ranges ??= []).Add(range);
    }

    // "Dec 24+" and "Dec 1-31/2".
    private bool RefuseOpenOrStepped()
    {
        if (_cursor.At('+'))
            Fail(HoursError.Unsupported(_cursor.Column, "A date with an open end (+) is", "Date sans fin (+) :"));
        else
            RefuseSlash();
        return _error is not null;
    }

    private (int Month, int Day) ParseEndOfRange((int Month, int Day) first)
    {
        var column = _cursor.Column;
        var (kind, month) = HoursWords.Read(_cursor.PeekWord());
        if (kind == WordKind.Month)
        {
            _cursor.TakeWord();
            var end = (month, ParseDay(month));
            RefuseNextYear(column, end.CompareTo(first) < 0);
            return end;
        }
        var last = (first.Month, Day: ParseDay(first.Month));
        if (_error is null && last.Day < first.Day)
            Fail(HoursError.Expected(column, "a day that is not before the first one", "un jour qui n'est pas avant le premier"));
        return last;
    }

    // "2026 Dec 24-Jan 02": of which year the end is, readers do not agree.
    private void RefuseNextYear(int column, bool endsNextYear)
    {
        if (_namesYears && endsNextYear)
            Fail(HoursError.Expected(column, "an end in the same year (the next year takes a rule of its own)", "une fin dans la même année (l'année suivante prend sa propre règle)"));
    }

    private int ParseDay(int month)
    {
        var column = _cursor.Column;
        var day = _cursor.TakeNumber(out _);
        if (day is >= HoursCursor.FirstYear and <= LastYear)
            Fail(YearElsewhere(column));
        else if (day < 1 || day > MonthDays.InMonth(month))
            Fail(HoursError.Expected(column, $"a day from 1 to {MonthDays.InMonth(month)}", $"un jour de 1 à {MonthDays.InMonth(month)}"));
        return day;
    }

    // "week 10", "week 10-20", "week 1-53/2", and lists of these; 0 where no week is named.
    private long ParseWeeks()
    {
        if (HoursWords.Read(_cursor.PeekWord()).Kind != WordKind.Week)
            return 0;
        _cursor.TakeWord();
        var weeks = 0L;
        do
        {
            var first = ParseNumber(1, LastWeek, "a week", "une semaine");
            var last = _error is null && _cursor.Take('-') ? ParseNumber(first, LastWeek, "a week", "une semaine") : first;
            var step = _error is null && _cursor.Take('/') ? ParseNumber(1, LastStep, "a number of weeks", "un nombre de semaines") : 1;
            for (var week = first; _error is null && week <= last; week += step)
                weeks |= 1L << week;
        }
        while (_error is null && _cursor.Take(','));
        return weeks;
    }

    private int ParseNumber(int from, int to, string english, string french)
    {
        var column = _cursor.Column;
        var number = _cursor.AtTime() ? -1 : _cursor.TakeNumber(out _);
        return number >= from && number <= to ? number : Fail(HoursError.Expected(column, $"{english} from {from} to {to}", $"{french} de {from} à {to}"), to);
    }

    // "PH" alone and "PH Mo-Fr" (both must hold), or a list: "Mo-Fr", "Sa,Su", "Su,PH" and "PH,Su" (one or the other); "SH" alike.
    private int ParseWeekdays(out HolidaySelector holidays, out HolidaySelector schools, out int[]? nth)
    {
        (holidays, schools, nth) = (HolidaySelector.None, HolidaySelector.None, null);
        var ahead = _cursor;
        if (TakeHoliday(ref ahead) is var alone and not WordKind.Other && !ahead.At(','))
        {
            _cursor = ahead;
            Select(alone, HolidaySelector.Required, ref holidays, ref schools);
            RefuseShiftedHoliday();
        }
        else
        {
            alone = WordKind.Other;
        }
        var (mask, inList) = (0, false);
        do
        {
            var (kind, day) = HoursWords.Read(_cursor.PeekWord());
            if (kind == WordKind.Weekday)
                mask |= ParseWeekdayRange(day, ref nth);
            else if (alone == WordKind.Other && TakeHoliday(ref _cursor) is var listed and not WordKind.Other)
                Select(listed, HolidaySelector.AmongWeekdays, ref holidays, ref schools);
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

    // "PH" or "SH"; Other where neither comes next.
    private static WordKind TakeHoliday(ref HoursCursor cursor)
    {
        var (kind, _) = HoursWords.Read(cursor.PeekWord());
        if (kind is not (WordKind.PublicHoliday or WordKind.SchoolHoliday))
            return WordKind.Other;
        cursor.TakeWord();
        return kind;
    }

    private static void Select(WordKind kind, HolidaySelector how, ref HolidaySelector holidays, ref HolidaySelector schools)
    {
        if (kind == WordKind.PublicHoliday)
            holidays = how;
        else
            schools = how;
    }

    private void RefuseShiftedHoliday()
    {
        if (_cursor.At('-') || _cursor.At('+'))
            Fail(HoursError.Unsupported(_cursor.Column, "A number of days before or after is", "Nombre de jours avant ou après :"));
    }

    private int ParseWeekdayRange(int first, ref int[]? nth)
    {
        _cursor.TakeWord();
        if (_cursor.Take('['))
        {
            (nth ??= new int[8])[first] |= ParseNth();
            return 0;
        }
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
            Fail(HoursError.Expected(column, "one weekday before \"[\", not several", "un seul jour devant « [ », non plusieurs"));
        var mask = 0;
        for (var day = first; ; day = (day % 7) + 1)
        {
            mask |= 1 << day;
            if (day == last)
                return mask;
        }
    }

    // After "[": "1]", "1,3]", "2-4]", "-1]".
    private int ParseNth()
    {
        var mask = 0;
        do
        {
            var fromEnd = _cursor.Take('-');
            var first = ParseNumber(1, MostInMonth, "a number", "un nombre");
            var last = _error is null && !fromEnd && _cursor.Take('-') ? ParseNumber(first, MostInMonth, "a number", "un nombre") : first;
            for (var n = first; _error is null && n <= last; n++)
                mask |= 1 << (fromEnd ? HoursRule.FromEnd + n : n);
        }
        while (_error is null && _cursor.Take(','));
        var column = _cursor.Column;
        if (_error is null && !_cursor.Take(']'))
            Fail(HoursError.Expected(column, "\"]\" or a comma", "« ] » ou une virgule"));
        return mask;
    }

    private static HoursError YearElsewhere(int column) => HoursError.Expected(column, "the year at the beginning of its rule", "l'année au début de sa règle");

    private static HoursError ExpectedInList(int column) => HoursError.Expected(
        column,
        "another day after the comma (\";\" starts a new rule)",
        "un autre jour après la virgule (« ; » commence une nouvelle règle)");
}
