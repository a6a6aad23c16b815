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
}

/// <summary>Whether a text is open at one instant, worked out rule by rule for that minute alone: slow, and too plain to be wrong in the same way as the product.</summary>
internal sealed class NaiveReading(string text, Zone zone, Func<LocalDate, bool> otherHolidays)
{
    private readonly HoursRule[] _rules = new HoursParser(text).TryParse(out var rules, out var error) ? rules : throw new FormatException(error.English);

    public bool IsOpen(Instant t, Faults faults = Faults.None)
    {
        var wall = t.InZone(zone.Time);
        var minute = (wall.Hour * 60) + wall.Minute;
        var today = wall.Date;
        var eve = faults.HasFlag(Faults.EveIsADayOfHours) ? (t - Duration.FromHours(24)).InZone(zone.Time).Date : today.PlusDays(-1);
        var open = false;
        for (var i = 0; i < _rules.Length; i++)
        {
            var rule = _rules[i];
            if (Matches(rule, today, faults))
            {
                open &= !rule.Replaces;
                if (rule.Times is null || Array.Exists(rule.Times, span => span.Start <= minute && minute < span.End))
                    open = rule.Opens;
            }
            if (rule.Times is not null && Array.Exists(rule.Times, span => minute < span.End - 1440) && Matches(rule, eve, faults)
                && (faults.HasFlag(Faults.OverriddenNightRunsOn) || !Array.Exists(_rules[(i + 1)..], later => later.Replaces && Matches(later, eve, faults))))
                open = rule.Opens;
        }
        return open;
    }

    private bool Matches(HoursRule rule, LocalDate date, Faults faults) =>
        rule.Matches(date, faults.HasFlag(Faults.OtherHolidays) ? otherHolidays(date) : PublicHolidays.IsHoliday(date, zone.Holidays));
}
