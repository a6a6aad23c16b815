using System.Runtime.InteropServices;
using NodaTime;

namespace Realtime.Hours;

/// <summary>An end of a range of dates: a date without a year, or so many days after Easter Sunday.</summary>
/// <param name="Month">1 to 12; 0 where the day moves with Easter.</param>
/// <param name="Day">1 to 31 of the month, or days after Easter, before it where negative.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MovableDay(int Month, int Day)
{
    /// <summary>So many days before or after Easter at most, so that the day stays within the year.</summary>
    public const int Furthest = 80;

    /// <summary>Whether it moves.</summary>
    public bool Moves => Month == 0;

    /// <summary>The earliest month and day on which it ever falls.</summary>
    public (int Month, int Day) Earliest => Moves ? Of(new LocalDate(2001, 3, 22).PlusDays(Day)) : (Month, Day);

    /// <summary>The latest. Days before Easter fall later where a 29 February lies between.</summary>
    public (int Month, int Day) Latest => Moves ? Of(new LocalDate(2000, 4, 25).PlusDays(Day)) : (Month, Day);

    /// <summary>The month and day on which it falls in a year.</summary>
    public (int Month, int Day) In(int year) => Moves ? Of(PublicHolidays.Easter(year).PlusDays(Day)) : (Month, Day);

    private static (int Month, int Day) Of(LocalDate date) => (date.Month, date.Day);
}

/// <summary>Every day from the first to the last, both included, of which at least one moves with Easter; past the end of the year where the last is always the earlier one.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EasterRange(MovableDay First, MovableDay Last)
{
    /// <summary>Whether the last day falls in the year of the first, whatever the year.</summary>
    public bool EndsInItsYear => First.Moves && Last.Moves ? First.Day <= Last.Day : First.Latest.CompareTo(Last.Earliest) <= 0;

    /// <summary>Whether the last day falls in the next year, whatever the year.</summary>
    public bool EndsNextYear => !(First.Moves && Last.Moves) && First.Earliest.CompareTo(Last.Latest) > 0;

    /// <summary>Whether a day is one of them.</summary>
    public bool Contains(LocalDate date)
    {
        var (first, last, day) = (First.In(date.Year), Last.In(date.Year), (date.Month, date.Day));
        var (begun, over) = (day.CompareTo(first) >= 0, day.CompareTo(last) > 0);
        return EndsNextYear ? begun || !over : begun && !over;
    }
}
