namespace Realtime.Hours;

/// <summary>The part that reads which minutes of a day.</summary>
internal ref partial struct HoursParser
{
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
            another = ahead.Take(',') && ahead.AtDigit && !ahead.At("24/7") && !ahead.AtYear();
            if (another)
                _cursor = ahead;
        }
        while (another);
        return [.. spans];
    }

    private MinuteSpan? ParseSpan()
    {
        var start = ParseTime(HoursRule.Day - 1);
        if (_error is not null || RefusePlusOrSlash())
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
        if (_error is not null || RefusePlusOrSlash())
            return null;
        return new MinuteSpan(start, end > start ? end : end + HoursRule.Day);
    }

    private int ParseTime(int latest)
    {
        var column = _cursor.Column;
        var hours = _cursor.TakeNumber(out var digits);
        if (digits == 4 && hours >= HoursCursor.FirstYear)
            return Fail(YearElsewhere(column), 0);
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

    private bool RefusePlusOrSlash()
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
}
