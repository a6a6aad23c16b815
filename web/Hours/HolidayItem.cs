using NodaTime;
using NodaTime.Text;
using Realtime.Hours;

namespace Realtime.Web.Hours;

/// <summary>A public holiday.</summary>
/// <param name="Date">Local date.</param>
/// <param name="Name">In French.</param>
public sealed record HolidayItem(string Date, string Name)
{
    /// <summary>The public holidays of a zone among dates.</summary>
    internal static IReadOnlyList<HolidayItem> Among(IEnumerable<LocalDate> dates, Zone zone) =>
        [.. dates.Where(date => PublicHolidays.IsHoliday(date, zone.Holidays)).Select(date => new HolidayItem(LocalDatePattern.Iso.Format(date), PublicHolidays.Name(date, zone.Holidays)!))];

    /// <summary>The public holidays that a range touches, by the zone's own clock; its end is not in it.</summary>
    internal static IReadOnlyList<HolidayItem> Between(Instant from, Instant to, Zone zone)
    {
        var first = from.InZone(zone.Time).Date;
        var days = Period.DaysBetween(first, to.Minus(Duration.Epsilon).InZone(zone.Time).Date) + 1;
        return Among(Enumerable.Range(0, days).Select(first.PlusDays), zone);
    }
}
