using System.Diagnostics.CodeAnalysis;

namespace Realtime.Hours;

/// <summary>
/// Reads the rules of an opening-hours text in one pass from left to right; looks ahead past two numbers at most, so its time is
/// proportional to the length. The first thing it does not know ends the reading with its place.
/// </summary>
internal ref partial struct HoursParser(string text)
{
    private HoursCursor _cursor = new(text);
    private HoursError? _error;
    private bool _namesYears; // the rule that is being read
    private bool _additional, _fallback; // what separates it from the one before

    /// <summary>The rules in order, or why the text is refused.</summary>
    public bool TryParse([NotNullWhen(true)] out HoursRule[]? result, [NotNullWhen(false)] out HoursError? error)
    {
        var rules = new List<HoursRule>();
        do
        {
            // A text may end in a semicolon: nothing can be misread into it.
            if (!_additional && !_fallback && rules.Count > 0 && _cursor.AtEnd)
                break;
            if (ParseRule(followsNamedDays: rules is [.., { NamesDays: true }]) is not { } rule)
                break;
            rules.Add(rule);
        }
        while (TakeSeparator(rules[^1]));
        error = _error;
        result = error is null ? [.. rules] : null;
        return error is null;
    }

    private HoursRule? ParseRule(bool followsNamedDays)
    {
        if (_cursor.Take("24/7"))
        {
            var always = ParseLook(out _);
            return _error is not null ? null : new HoursRule { Look = always, Additional = _additional, Fallback = _fallback, FollowsNamedDays = followsNamedDays };
        }
        var start = _cursor.Column;
        var years = ParseYears();
        _namesYears = years is not null;
        EasterRange[]? movable = null;
        var dates = _error is null ? ParseDates(out movable) : null;
        var weeks = _error is null ? ParseWeeks() : 0;
        if (years is not null || dates is not null || weeks != 0)
            _cursor.Take(':');
        var (holidays, schools) = (HolidaySelector.None, HolidaySelector.None);
        int[]? nth = null;
        var weekdays = _error is null ? ParseWeekdays(out holidays, out schools, out nth) : 0;
        if (_error is null && _cursor.At("24/7"))
            Fail(HoursError.Expected(_cursor.Column, "a time (24/7 stands without days)", "une heure (24/7 s'écrit sans jours)"));
        var times = _error is null && _cursor.AtDigit ? ParseTimes() : null;
        if (_error is not null)
            return null;
        var look = ParseLook(out var comment);
        if (_error is null && _cursor.Column == start && !Refuse(start))
            return Fail(HoursError.Expected(start, "a day, a month, a time, \"off\" or \"24/7\"", "un jour, un mois, une heure, « off » ou « 24/7 »"));
        return _error is not null ? null : new HoursRule
        {
            Years = years,
            Dates = dates,
            Movable = movable,
            Weeks = weeks,
            Weekdays = weekdays,
            Nth = nth,
            Holidays = holidays,
            Schools = schools,
            Times = times,
            Look = look,
            OpenEnd = look.State != ServiceState.Open ? look : comment is null ? Look.OpenEnd : Look.Of(ServiceState.Unknown, comment),
            Additional = _additional,
            Fallback = _fallback,
            FollowsNamedDays = followsNamedDays,
        };
    }

    // After a rule: its end, a semicolon, "||", or a comma where times or a state came before it (elsewhere a comma belongs to a list).
    // What a comma adds to a fallback is one too.
    private bool TakeSeparator(HoursRule rule)
    {
        _additional = false;
        if (_error is not null || _cursor.AtEnd)
            return false;
        var column = _cursor.Column;
        if (rule.NamesDays || rule.Times is not null || rule.Look != Look.Open)
            _additional = _cursor.Take(',');
        if (_additional)
            return true;
        _fallback = _cursor.Take("||");
        if (_fallback || _cursor.Take(';'))
            return true;
        if (!Refuse(column))
            Fail(HoursError.Expected(column, "the end of the rule, \";\" or a time", "la fin de la règle, « ; » ou une heure"));
        return false;
    }

    // The state and the comment that end a rule. Where neither is written it is open; a comment alone leaves it unknown.
    private Look ParseLook(out string? comment)
    {
        var (kind, _) = HoursWords.Read(_cursor.PeekWord());
        if (kind is WordKind.Open or WordKind.Off or WordKind.Unknown)
            _cursor.TakeWord();
        comment = _cursor.At('"') ? ParseComment() : null;
        return Look.Of(kind switch
        {
            WordKind.Open => ServiceState.Open,
            WordKind.Off => ServiceState.Closed,
            WordKind.Unknown => ServiceState.Unknown,
            _ => comment is null ? ServiceState.Open : ServiceState.Unknown,
        }, comment);
    }

    // The public reads it as the reason, so that it must be something to read.
    private string? ParseComment()
    {
        var column = _cursor.Column;
        if (_cursor.TakeComment() is not { } comment)
            return Fail<string>(HoursError.Expected(column, "a quotation mark that ends the comment begun here", "un guillemet qui ferme le commentaire commencé ici"));
        return comment.Length is > 0 and <= OpeningHours.LongestComment && !comment.AsSpan().ContainsAnyInRange('\0', '\u001f') ? comment
            : Fail<string>(HoursError.Expected(column, $"a comment of 1 to {OpeningHours.LongestComment} characters on one line", $"un commentaire de 1 à {OpeningHours.LongestComment} caractères, sur une ligne"));
    }

    // Constructs of the full syntax that this project knows by sight.
    private bool Refuse(int column)
    {
        var word = _cursor.PeekWord();
        if (HoursWords.Read(word).Kind == WordKind.Unsupported)
            Fail(HoursWords.Refuse(word, column));
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
