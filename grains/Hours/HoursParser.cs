using System.Diagnostics.CodeAnalysis;

namespace Realtime.Hours;

/// <summary>
/// Reads the rules of an opening-hours text in one pass from left to right; looks ahead past one number at most, so its time is
/// proportional to the length. The first thing it does not know ends the reading with its place.
/// </summary>
internal ref partial struct HoursParser(string text)
{
    private HoursCursor _cursor = new(text);
    private HoursError? _error;
    private bool _namesYears; // the rule that is being read

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
        var years = ParseYears();
        _namesYears = years is not null;
        var dates = _error is null ? ParseDates() : null;
        var weeks = _error is null ? ParseWeeks() : 0;
        if (years is not null || dates is not null || weeks != 0)
            _cursor.Take(':');
        var holidays = HolidaySelector.None;
        int[]? nth = null;
        var weekdays = _error is null ? ParseWeekdays(out holidays, out nth) : 0;
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
            Years = years,
            Dates = dates,
            Weeks = weeks,
            Weekdays = weekdays,
            Nth = nth,
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
            Fail(HoursError.Expected(column, "a weekday before \"[\"", "un jour de la semaine avant « [ »"));
        return _error is not null;
    }

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
