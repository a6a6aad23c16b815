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
            if (!ParseSpan(spans))
                return null;
            var ahead = _cursor;
            another = ahead.Take(',') && ahead.AtDigit && !ahead.At("24/7") && !ahead.AtYear();
            if (another)
                _cursor = ahead;
        }
        while (another);
        BoundOpenEnds(spans);
        return [.. spans];
    }

    // "09:00-12:00", "18:00+", "09:00-12:00+". An open end goes before its span, as the field's reference evaluator has it.
    private bool ParseSpan(List<MinuteSpan> spans)
    {
        var start = ParseTime(HoursRule.Day - 1);
        if (_error is not null || RefuseSlash())
            return false;
        if (TakeOpenEnd(start, spans))
            return _error is null;
        var column = _cursor.Column;
        if (!_cursor.Take('-'))
        {
            Fail(HoursError.Expected(column, "\"-\" and the end of the span", "« - » et la fin de la plage"));
            return false;
        }
        if (!_cursor.AtDigit && Refuse(_cursor.Column))
            return false;
        var end = ParseTime(2 * HoursRule.Day);
        if (_error is not null || RefuseSlash())
            return false;
        end = end > start ? end : end + HoursRule.Day;
        TakeOpenEnd(end, spans);
        spans.Add(new MinuteSpan(start, end));
        return _error is null && !RefuseSlash();
    }

    // How long a door stays open that nobody shuts at a stated time is guessed, and shown as unknown.
    private bool TakeOpenEnd(int start, List<MinuteSpan> spans)
    {
        var column = _cursor.Column;
        if (!_cursor.Take('+'))
            return false;
        var end = start >= 22 * 60 ? start + (8 * 60) : start >= 17 * 60 ? start + (10 * 60) : HoursRule.Day;
        if (end > 2 * HoursRule.Day)
            Fail(HoursError.Expected(column, "a time up to 40:00 before \"+\"", "une heure jusqu'à 40:00 devant « + »"));
        spans.Add(new MinuteSpan(start, end, IsOpenEnd: true));
        return true;
    }

    // "07:00+,12:00-16:00": who opens again at noon was shut before.
    private static void BoundOpenEnds(List<MinuteSpan> spans)
    {
        for (var i = 0; i < spans.Count; i++)
            for (var next = i + 1; spans[i].IsOpenEnd && next < spans.Count; next++)
                if (spans[next].Start > spans[i].Start && spans[next].Start < spans[i].End)
                    spans[i] = spans[i] with { End = spans[next].Start };
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

    // "08:00-18:00/01:30" is a period; "09:00-12:30 / 14:00-19:30" is how many people write a lunch break.
    private bool RefuseSlash()
    {
        if (!_cursor.At('/'))
            return false;
        var ahead = _cursor;
        var isLunch = ahead.Take('/') && ahead.TakeNumber(out _) >= 0 && ahead.Take(':') && ahead.TakeNumber(out _) >= 0 && ahead.At('-');
        Fail(isLunch
            ? HoursError.Expected(_cursor.Column, "\",\" between two spans", "« , » entre deux plages")
            : HoursError.Unsupported(_cursor.Column, "A period (/) is", "Période (/) :"));
        return true;
    }
}
