using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using NodaTime;

namespace Realtime.Hours;

/// <summary>
/// A stretch of one local civil day, in minutes after its midnight: from <paramref name="Start"/> up to but not including
/// <paramref name="End"/>, both 0 to 1,440. <paramref name="FromEve"/>: it began on the day before and runs over.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LocalSpan(int Start, int End, bool FromEve);

/// <summary>
/// Opening hours in the syntax of OpenStreetMap's <c>opening_hours</c>, or rather the part of it that pharmacies need: weekdays, public
/// holidays (<c>PH</c>), months and dates, several spans a day, nights, <c>off</c>, <c>24/7</c>, <c>;</c> and <c>,</c> between rules.
/// Everything else is refused with its place, never guessed at.
/// <para>A span belongs to the day it starts. On a day, the last matching rule after a semicolon replaces the whole of it: the spans that
/// earlier rules start on that day, with what they run past midnight, and what earlier rules spill into it from the night before.</para>
/// <para>Immutable. The text alone knows no zone: the calendar of public holidays is given with the question.</para>
/// Source: wiki.openstreetmap.org/wiki/Key:opening_hours/specification, read 2026-11-22.
/// </summary>
public sealed class OpeningHours
{
    /// <summary>Longer texts are refused unread; the longest real one is under 200 characters.</summary>
    public const int MaxLength = 4096;

    private readonly HoursRule[] _rules;
    private readonly bool[] _replaces;
    private readonly bool _anyNight;

    private OpeningHours(string text, HoursRule[] rules)
    {
        Text = text;
        _rules = rules;
        _replaces = Array.ConvertAll(rules, rule => rule.Replaces);
        _anyNight = Array.Exists(rules, rule => rule.RunsPastMidnight);
        Always = FindAlways();
        SpeaksOfHolidays = Array.Exists(rules, rule => rule.Holidays != HolidaySelector.None);
    }

    /// <summary>The text as it was given.</summary>
    public string Text { get; }

    /// <summary>Whether any rule selects public holidays (<c>PH</c>). A date such as <c>Dec 25 off</c> does not count.</summary>
    public bool SpeaksOfHolidays { get; }

    /// <summary>True where every day is open from midnight to midnight, false where none ever opens; null for all others and for nights.</summary>
    internal bool? Always { get; }

    /// <summary>Reads a text of at most <see cref="MaxLength"/> characters; never throws, in time proportional to its length.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out OpeningHours? hours, [NotNullWhen(false)] out HoursError? error)
    {
        hours = null;
        if (text.Length > MaxLength)
        {
            error = new HoursError(MaxLength + 1, $"At most {MaxLength} characters are read.", $"Au plus {MaxLength} caractères.");
            return false;
        }
        if (!new HoursParser(text).TryParse(out var rules, out error))
            return false;
        hours = new OpeningHours(text, rules);
        return true;
    }

    /// <summary>Reads a text.</summary>
    /// <exception cref="FormatException">It is not opening hours that this project can evaluate; the message says where.</exception>
    public static OpeningHours Parse(string text) =>
        TryParse(text, out var hours, out var error) ? hours : throw new FormatException($"Column {error.Column}: {error.English}");

    /// <summary>
    /// The open stretches of one local civil day, in no particular order, possibly overlapping where rules do; appended to <paramref name="into"/>.
    /// </summary>
    /// <param name="date">The day.</param>
    /// <param name="isHoliday">Whether it is a public holiday.</param>
    /// <param name="wasHoliday">Whether the day before was one.</param>
    /// <param name="into">Receives the stretches; cleared first.</param>
    public void SpansOf(LocalDate date, bool isHoliday, bool wasHoliday, List<LocalSpan> into)
    {
        into.Clear();
        var first = LastReplacement(date, isHoliday);
        var eve = _anyNight ? date.PlusDays(-1) : default;
        var firstOfEve = _anyNight ? Math.Max(first, LastReplacement(eve, wasHoliday)) : _rules.Length;
        for (var i = first; i < _rules.Length; i++)
        {
            var rule = _rules[i];
            if (rule.Matches(date, isHoliday))
                Apply(rule, 0, into);
            if (i >= firstOfEve && rule.RunsPastMidnight && rule.Matches(eve, wasHoliday))
                Apply(rule, HoursRule.Day, into);
        }
    }

    // A week of holidays and a week of other days show all that rules can say that speak of every week alike.
    private bool? FindAlways()
    {
        if (_anyNight || Array.Exists(_rules, rule => rule.IsSeasonal))
            return null;
        bool? always = null;
        var spans = new List<LocalSpan>();
        for (var i = 0; i < 14; i++)
        {
            SpansOf(new LocalDate(2026, 11, 23 + (i / 2)), isHoliday: i % 2 == 0, wasHoliday: false, spans);
            var isOpen = spans.Exists(span => span is (0, HoursRule.Day, _));
            if ((!isOpen && spans.Count > 0) || (always is not null && always != isOpen))
                return null;
            always = isOpen;
        }
        return always;
    }

    private int LastReplacement(LocalDate date, bool isHoliday)
    {
        var last = _rules.Length - 1;
        while (last > 0 && !(_replaces[last] && _rules[last].Matches(date, isHoliday)))
            last--;
        return last;
    }

    private static void Apply(HoursRule rule, int shift, List<LocalSpan> into)
    {
        foreach (var span in rule.Spans)
        {
            var start = Math.Max(span.Start - shift, 0);
            var end = Math.Min(span.End - shift, HoursRule.Day);
            if (start >= end)
                continue;
            if (rule.Opens)
                into.Add(new LocalSpan(start, end, shift != 0));
            else
                CutOut(start, end, into);
        }
    }

    private static void CutOut(int start, int end, List<LocalSpan> from)
    {
        for (var i = from.Count - 1; i >= 0; i--)
        {
            var span = from[i];
            if (span.Start >= end || span.End <= start)
                continue;
            from.RemoveAt(i);
            if (span.Start < start)
                from.Add(span with { End = start });
            if (span.End > end)
                from.Add(span with { Start = end });
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
