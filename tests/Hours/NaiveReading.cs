using NodaTime;
using Realtime.Hours;

namespace Realtime.Tests.Hours;

/// <summary>Known faults of the reference evaluator, to be imitated when a difference is explained.</summary>
[Flags]
internal enum Faults
{
    None = 0,

    /// <summary>It keeps public holidays that the official calendar does not have.</summary>
    OtherHolidays = 1,

    /// <summary>A night span overridden on its own day still runs after midnight.</summary>
    OverriddenNightRunsOn = 2,

    /// <summary>The day before is found by going back 24 hours, which in the first hour after the Sunday of spring daylight saving is Saturday.</summary>
    EveIsADayOfHours = 4,

    /// <summary>Asked in the midst of an open end that another span of its rule follows in the text, it says closed; asked at its first minute, unknown. Under that span the open end runs on.</summary>
    OpenEndIsForgotten = 8,

    /// <summary>A range to Easter ends on the day before it, whereas one to a date includes it.</summary>
    EasterIsLeftOut = 16,

    /// <summary>The night of a rule after <c>||</c> covers what is open after midnight.</summary>
    FallbackNightCovers = 32,
}

/// <summary>What a text shows at one instant, worked out rule by rule for that minute alone: slow, and too plain to be wrong in the same way as the product.</summary>
internal sealed class NaiveReading(string text, Zone zone, Func<LocalDate, bool> otherHolidays)
{
    private readonly HoursRule[] _rules = new HoursParser(text).TryParse(out var rules, out var error) ? rules : throw new FormatException(error.English);

    public Look At(Instant t, Faults faults = Faults.None)
    {
        var wall = t.InZone(zone.Time);
        var minute = (wall.Hour * 60) + wall.Minute;
        var today = wall.Date;
        var eve = faults.HasFlag(Faults.EveIsADayOfHours) ? (t - Duration.FromHours(24)).InZone(zone.Time).Date : today.PlusDays(-1);
        var shown = Look.Closed;
        for (var i = 0; i < _rules.Length; i++)
        {
            var rule = _rules[i];
            if (Matches(rule, today, faults))
            {
                shown = rule.Replaces ? Look.Closed : shown;
                for (var k = 0; k < rule.Spans.Length; k++)
                    if (Covers(SpanOf(rule.Spans[k], faults), minute) && (!rule.Fallback || shown.State == ServiceState.Closed))
                        shown = faults.HasFlag(Faults.OpenEndIsForgotten) && IsForgotten(rule, k, minute) ? Look.Of(ServiceState.Closed, rule.OpenEnd.Reason) : LookOf(rule, rule.Spans[k]);
            }
            if (!Matches(rule, eve, faults) || (!faults.HasFlag(Faults.OverriddenNightRunsOn) && Array.Exists(_rules[(i + 1)..], later => later.Replaces && Matches(later, eve, faults))))
                continue;
            foreach (var span in rule.Spans)
                if (Covers(SpanOf(span, faults), minute + 1440) && (!rule.Fallback || faults.HasFlag(Faults.FallbackNightCovers) || shown.State == ServiceState.Closed))
                    shown = LookOf(rule, span);
        }
        return shown;
    }

    private static bool Covers(MinuteSpan span, int minute) => span.Start <= minute && minute < span.End;

    private static MinuteSpan SpanOf(MinuteSpan span, Faults faults) => !span.IsOpenEnd || !faults.HasFlag(Faults.OpenEndIsForgotten) ? span
        : span with { End = span.Start >= 22 * 60 ? span.Start + 480 : span.Start >= 17 * 60 ? span.Start + 600 : 1440 };

    private static bool IsForgotten(HoursRule rule, int k, int minute) =>
        rule.Spans[k].IsOpenEnd && rule.Look.State != ServiceState.Closed && minute > rule.Spans[k].Start && k + 1 < rule.Spans.Length && !Covers(rule.Spans[k + 1], minute);

    private static Look LookOf(HoursRule rule, MinuteSpan span) => span.IsOpenEnd ? rule.OpenEnd : rule.Look;

    private bool Matches(HoursRule rule, LocalDate date, Faults faults)
    {
        var isHoliday = faults.HasFlag(Faults.OtherHolidays) ? otherHolidays(date) : PublicHolidays.IsHoliday(date, zone.Holidays);
        var kind = (isHoliday ? DayKind.PublicHoliday : DayKind.Plain) | (zone.Schools?.IsHoliday(date) == true ? DayKind.SchoolHoliday : DayKind.Plain);
        return rule.Matches(date, kind) && !(faults.HasFlag(Faults.EasterIsLeftOut) && OnlyEndsRange(rule, date));
    }

    private static bool OnlyEndsRange(HoursRule rule, LocalDate date) =>
        rule.Movable is not null && (rule.Dates![date.Month - 1] >> date.Day & 1) == 0
        && Array.TrueForAll(rule.Movable, range => !range.Contains(date) || (range.Last.Moves && range.First != range.Last && range.Last.In(date.Year) == (date.Month, date.Day)));
}
