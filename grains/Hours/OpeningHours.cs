using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using NodaTime;

namespace Realtime.Hours;

/// <summary>
/// A stretch of one local civil day, in minutes after its midnight: from <paramref name="Start"/> up to but not including
/// <paramref name="End"/>, both 0 to 1,440. <paramref name="FromEve"/>: it began on the day before and runs over.
/// </summary>
/// <param name="Start">First minute.</param>
/// <param name="End">First minute after it.</param>
/// <param name="FromEve">Whether it began on the day before.</param>
/// <param name="Look">What it shows; closed only where a comment says why.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LocalSpan(int Start, int End, bool FromEve, Look Look);

/// <summary>
/// Opening hours in the syntax of OpenStreetMap's <c>opening_hours</c>, or rather the part of it that pharmacies need: weekdays and the nth of
/// a month, public and school holidays (<c>PH</c>, <c>SH</c>), years, weeks, months, dates, <c>easter</c>, several spans a day, nights, open ends
/// (<c>18:00+</c>), <c>off</c>, <c>open</c>, <c>unknown</c>, comments, <c>24/7</c>, and <c>;</c>, <c>,</c> and <c>||</c> between rules.
/// Everything else is refused with its place, never guessed at.
/// <para>What an open end leaves open is unknown for as long as the field's reference evaluator guesses: from 22:00 on eight hours, from 17:00 on
/// ten, before that to midnight, and never past the next span of its rule. A comment without a state is unknown. A rule after <c>||</c> speaks
/// wherever those before it leave the door shut, an <c>off</c> included.</para>
/// <para>A span belongs to the day it starts. On a day, the last matching rule after a semicolon replaces the whole of it: the spans that
/// earlier rules start on that day, with what they run past midnight, and what earlier rules spill into it from the night before.</para>
/// <para>Immutable. The text alone knows no zone: the calendar of public holidays is given with the question.</para>
/// Source: wiki.openstreetmap.org/wiki/Key:opening_hours/specification, read 2026-11-22.
/// </summary>
public sealed class OpeningHours
{
    /// <summary>Longer texts are refused unread; the longest real one is under 200 characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>A longer comment in quotation marks is refused, as OpenStreetMap does.</summary>
    public const int LongestComment = 255;

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
        SpeaksOfSchools = Array.Exists(rules, rule => rule.Schools != HolidaySelector.None);
    }

    /// <summary>The text as it was given.</summary>
    public string Text { get; }

    /// <summary>Whether any rule selects public holidays (<c>PH</c>). A date such as <c>Dec 25 off</c> does not count.</summary>
    public bool SpeaksOfHolidays { get; }

    /// <summary>Whether any rule selects school holidays (<c>SH</c>).</summary>
    public bool SpeaksOfSchools { get; }

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
    /// The stretches of one local civil day that are open, unknown or shut with a reason: where they overlap, the later in the list covers the earlier.
    /// </summary>
    /// <param name="date">The day.</param>
    /// <param name="today">What it is.</param>
    /// <param name="yesterday">What the day before was.</param>
    /// <param name="into">Receives the stretches; cleared first.</param>
    internal void SpansOf(LocalDate date, DayKind today, DayKind yesterday, List<LocalSpan> into)
    {
        into.Clear();
        var first = LastReplacement(date, today);
        var eve = _anyNight ? date.PlusDays(-1) : default;
        var firstOfEve = _anyNight ? Math.Max(first, LastReplacement(eve, yesterday)) : _rules.Length;
        for (var i = first; i < _rules.Length; i++)
        {
            var rule = _rules[i];
            if (rule.Matches(date, today))
                Apply(rule, 0, into);
            if (i >= firstOfEve && rule.RunsPastMidnight && rule.Matches(eve, yesterday))
                Apply(rule, HoursRule.Day, into);
        }
    }

    /// <summary>Whether the hours of a day depend on its being one of school holidays.</summary>
    internal bool DependOnSchools(LocalDate date, DayKind day)
    {
        var school = day | DayKind.SchoolHoliday;
        for (var i = Math.Min(LastReplacement(date, day), LastReplacement(date, school)); i < _rules.Length; i++)
            if (_rules[i].Matches(date, day) != _rules[i].Matches(date, school))
                return true;
        return false;
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
            SpansOf(new LocalDate(2026, 11, 23 + (i / 2)), i % 2 == 0 ? DayKind.PublicHoliday : DayKind.Plain, DayKind.Plain, spans);
            var isOpen = spans.Exists(span => span is (0, HoursRule.Day, _, _)) && spans.TrueForAll(span => span.Look == Look.Open);
            if ((!isOpen && spans.Count > 0) || (always is not null && always != isOpen))
                return null;
            always = isOpen;
        }
        return always;
    }

    private int LastReplacement(LocalDate date, DayKind day)
    {
        var last = _rules.Length - 1;
        while (last > 0 && !(_replaces[last] && _rules[last].Matches(date, day)))
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
            var part = new LocalSpan(start, end, shift != 0, span.IsOpenEnd ? rule.OpenEnd : rule.Look);
            if (rule.Fallback)
                FillIn(part, into, 0, into.Count);
            else
                Cover(part, into);
        }
    }

    private static void Cover(LocalSpan part, List<LocalSpan> into)
    {
        var isShut = part.Look.State == ServiceState.Closed;
        if (isShut)
            CutOut(part.Start, part.End, into);
        if (!isShut || part.Look.Reason is not null)
            into.Add(part);
    }

    // Adds what none of the stretches from the first to the last takes up; those that are shut take up nothing.
    private static void FillIn(LocalSpan part, List<LocalSpan> into, int first, int last)
    {
        for (var i = first; i < last; i++)
        {
            var taken = into[i];
            if (taken.Look.State == ServiceState.Closed || taken.Start >= part.End || taken.End <= part.Start)
                continue;
            if (taken.Start > part.Start)
                FillIn(part with { End = taken.Start }, into, i + 1, last);
            if (taken.End >= part.End)
                return;
            part = part with { Start = taken.End };
        }
        into.Add(part);
    }

    private static void CutOut(int start, int end, List<LocalSpan> from)
    {
        for (var i = from.Count - 1; i >= 0; i--)
        {
            var span = from[i];
            if (span.Start >= end || span.End <= start)
                continue;
            // What is left stays where it stood, under whatever covers it.
            from.RemoveAt(i);
            if (span.End > end)
                from.Insert(i, span with { Start = end });
            if (span.Start < start)
                from.Insert(i, span with { End = start });
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
