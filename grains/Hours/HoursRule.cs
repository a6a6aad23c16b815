using System.Runtime.InteropServices;
using NodaTime;
using NodaTime.Calendars;

namespace Realtime.Hours;

/// <summary>Minutes of a day, from <paramref name="Start"/> (0 to 1,439) up to but not including <paramref name="End"/> (at most 2,880: past 1,440 is the next day).</summary>
/// <param name="Start">First minute; past 1,440 only for an open end that a night leaves.</param>
/// <param name="End">First minute after it.</param>
/// <param name="IsOpenEnd">Whether it is what a <c>+</c> leaves open, so that <paramref name="End"/> is only guessed.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MinuteSpan(int Start, int End, bool IsOpenEnd = false);

/// <summary>Years of the calendar, both ends included.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
/// <param name="Step">1 for each of them, 2 for every second.</param>
internal readonly record struct YearRange(int First, int Last, int Step)
{
    /// <summary>Whether a year is one of them.</summary>
    public bool Contains(int year) => year >= First && year <= Last && (year - First) % Step == 0;
}

/// <summary>How a rule speaks of public or school holidays.</summary>
internal enum HolidaySelector : byte
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As one more day in the list of weekdays: <c>Su,PH</c>, <c>SH,PH</c>.</summary>
    AmongWeekdays,

    /// <summary>As a condition of its own: <c>PH</c>, <c>SH Mo-Fr</c>.</summary>
    Required,
}

/// <summary>One rule of an opening-hours text: on which days, at which minutes, open, shut or not known.</summary>
internal sealed class HoursRule
{
    /// <summary>Minutes in a day of 24 hours.</summary>
    public const int Day = 24 * 60;

    /// <summary>Where the bits of days counted from the end of a month begin in <see cref="Nth"/>.</summary>
    public const int FromEnd = 8;

    private static readonly MinuteSpan[] WholeDay = [new(0, Day)];

    /// <summary>Bit n for ISO weekday n, 1 = Monday; 0 where the rule names none.</summary>
    public int Weekdays { get; init; }

    /// <summary>For each ISO weekday, which of a month it is: bit n for its nth, bit n + 8 for its nth from the end, n from 1 to 5; null where the rule names no such day.</summary>
    public int[]? Nth { get; init; }

    /// <summary>How the rule speaks of public holidays.</summary>
    public HolidaySelector Holidays { get; init; }

    /// <summary>How the rule speaks of school holidays.</summary>
    public HolidaySelector Schools { get; init; }

    /// <summary>For each month, bit d for its day d; null where the rule names no date.</summary>
    public uint[]? Dates { get; init; }

    /// <summary>Dates that move with Easter, beside those of <see cref="Dates"/>; null where the rule names none.</summary>
    public EasterRange[]? Movable { get; init; }

    /// <summary>In which years; null where the rule names none.</summary>
    public YearRange[]? Years { get; init; }

    /// <summary>Bit n for ISO week n, 1 to 53; 0 where the rule names none.</summary>
    public long Weeks { get; init; }

    /// <summary>When on those days; null where the rule names no time and so means the whole day.</summary>
    public MinuteSpan[]? Times { get; init; }

    /// <summary>What it shows: <c>open</c>, <c>off</c> or <c>unknown</c>, with its comment as the reason.</summary>
    public required Look Look { get; init; }

    /// <summary>What its open ends show.</summary>
    public Look OpenEnd { get; init; } = Look.OpenEnd;

    /// <summary>Whether it came after a comma and so leaves what earlier rules said.</summary>
    public bool Additional { get; init; }

    /// <summary>Whether it came after <c>||</c> and so speaks only where all before it leaves the door shut.</summary>
    public bool Fallback { get; init; }

    /// <summary>Whether the rule before it in the text names days.</summary>
    public bool FollowsNamedDays { get; init; }

    /// <summary>Whether it names days at all.</summary>
    public bool NamesDays => NamesWeekdays || Holidays != HolidaySelector.None || IsSeasonal;

    /// <summary>Whether it speaks of some weeks and not of others.</summary>
    public bool IsSeasonal => Years is not null || Dates is not null || Weeks != 0 || Nth is not null || Schools != HolidaySelector.None;

    private bool NamesWeekdays => Weekdays != 0 || Nth is not null;

    /// <summary>The minutes it speaks of.</summary>
    public MinuteSpan[] Spans => Times ?? WholeDay;

    /// <summary>Whether any of its spans runs past midnight.</summary>
    public bool RunsPastMidnight => Times is not null && Array.Exists(Times, span => span.End > Day);

    /// <summary>
    /// Whether, on a day it matches, everything that earlier rules said of that day is void.
    /// An opening rule after a semicolon does that, and so does <c>off</c> without times; <c>off</c> with times only cuts its times out.
    /// A rule that names no day adds to one that does (<c>Mo 08:00-20:00; 10:00-12:00</c>), as the field's reference evaluator has it.
    /// </summary>
    public bool Replaces => !Fallback && (Look.State == ServiceState.Closed ? Times is null : !Additional && (NamesDays || (Look.State == ServiceState.Open && !FollowsNamedDays)));

    /// <summary>Whether the rule speaks of this day.</summary>
    public bool Matches(LocalDate date, DayKind day)
    {
        if (Years is not null && !IsInYears(date.Year))
            return false;
        if (Dates is not null && (Dates[date.Month - 1] >> date.Day & 1) == 0 && !Moves(date))
            return false;
        if (Weeks != 0 && (Weeks >> WeekYearRules.Iso.GetWeekOfWeekYear(date) & 1) == 0)
            return false;
        var (isHoliday, isSchool) = ((day & DayKind.PublicHoliday) != DayKind.Plain, (day & DayKind.SchoolHoliday) != DayKind.Plain);
        if ((Holidays == HolidaySelector.Required && !isHoliday) || (Schools == HolidaySelector.Required && !isSchool))
            return false;
        if ((Holidays == HolidaySelector.AmongWeekdays && isHoliday) || (Schools == HolidaySelector.AmongWeekdays && isSchool))
            return true;
        return NamesWeekdays ? (Weekdays >> (int)date.DayOfWeek & 1) != 0 || IsNth(date)
            : Holidays != HolidaySelector.AmongWeekdays && Schools != HolidaySelector.AmongWeekdays;
    }

    private bool Moves(LocalDate date)
    {
        if (Movable is null)
            return false;
        foreach (var range in Movable)
            if (range.Contains(date))
                return true;
        return false;
    }

    private bool IsInYears(int year)
    {
        foreach (var years in Years!)
            if (years.Contains(year))
                return true;
        return false;
    }

    private bool IsNth(LocalDate date)
    {
        if (Nth is null)
            return false;
        var (nth, fromEnd) = (((date.Day - 1) / 7) + 1, ((date.Calendar.GetDaysInMonth(date.Year, date.Month) - date.Day) / 7) + 1);
        return (Nth[(int)date.DayOfWeek] & (1 << nth | 1 << (FromEnd + fromEnd))) != 0;
    }
}
