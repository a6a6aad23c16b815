using NodaTime;
using Realtime.Hours;

namespace Realtime.Tests.Hours;

/// <summary>Instants of 2024–2028, where mistakes live more often than chance would have it: nights, holidays, clock changes, full quarters.</summary>
internal static class RandomInstants
{
    private static readonly LocalDate First = new(2024, 1, 1);
    private static readonly int Days = Period.DaysBetween(First, new LocalDate(2029, 1, 1));

    public static Instant Next(Random random, DateTimeZone zone)
    {
        var date = First.PlusDays(random.Next(Days));
        var minute = random.Next(24 * 60);
        switch (random.Next(10))
        {
            case 0 or 1: // the small hours
                minute = random.Next(9 * 60);
                break;
            case 2: // around a holiday of some zone
                while (!PublicHolidays.IsHoliday(date, HolidayZone.AlsaceMoselle) && !PublicHolidays.IsHoliday(date, HolidayZone.Guadeloupe))
                    date = date.PlusDays(1).Year > 2028 ? First : date.PlusDays(1);
                date = date.PlusDays(random.Next(-1, 2));
                break;
            case 3: // the weekend and the Monday of a clock change
                date = new LocalDate(date.Year, random.Next(2) == 0 ? 3 : 10, 31).With(DateAdjusters.PreviousOrSame(IsoDayOfWeek.Sunday)).PlusDays(random.Next(-1, 2));
                minute = random.Next(7 * 60);
                break;
            case 4: // a full quarter, where spans begin and end
                minute -= minute % 15;
                break;
        }
        return zone.AtLeniently(date.AtMidnight().PlusMinutes(minute)).ToInstant();
    }
}
