using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;
using Realtime.Hours;

namespace Realtime.Tests.Hours;

/// <summary>Zones, and local times written as text, for tests that read like a diary.</summary>
internal static class Place
{
    public static readonly Zone Paris = Zones.Of("75056", null)!;
    public static readonly Zone Strasbourg = Zones.Of("67482", null)!;
    public static readonly Zone Guadeloupe = Zones.Of("97105", null)!;
    public static readonly Zone Reunion = Zones.Of("97411", null)!;

    private static readonly LocalDateTimePattern Minutes = LocalDateTimePattern.CreateWithInvariantCulture("yyyy-MM-dd HH:mm");

    /// <summary>The instant of a local time as <c>2026-11-23 09:00</c>, the first where the clocks show it twice.</summary>
    public static Instant At(this Zone zone, string local) => zone.Time.AtLeniently(Minutes.Parse(local).Value).ToInstant();

    /// <summary>The open stretches that the text alone has on <paramref name="days"/> days from a date, as <c>23 09:00-12:00, 24 …</c> in local time.</summary>
    public static string Show(this Zone zone, string hours, string firstDate, int days = 1, bool reasons = false)
    {
        var from = zone.At(firstDate + " 00:00");
        var to = zone.Time.AtLeniently(Minutes.Parse(firstDate + " 00:00").Value.PlusDays(days)).ToInstant();
        return zone.Show(Schedule.Literal(OpeningHours.Parse(hours), zone, from, to), reasons);
    }

    /// <summary>Intervals as text; the day of the start, the times on the wall, the state where it is not open, and on demand the reason.</summary>
    public static string Show(this Zone zone, IEnumerable<ScheduleInterval> intervals, bool reasons = false)
    {
        var text = new StringBuilder();
        foreach (var interval in intervals)
        {
            var (start, end) = (interval.Start.InZone(zone.Time), interval.End.InZone(zone.Time));
            var nights = Period.DaysBetween(start.Date, end.Date);
            text.Append(text.Length > 0 ? ", " : "").Append(start.ToString("dd HH:mm", CultureInfo.InvariantCulture)).Append('-')
                .Append(nights > 0 ? end.ToString("dd HH:mm", CultureInfo.InvariantCulture) : end.ToString("HH:mm", CultureInfo.InvariantCulture))
                .Append(interval.State == ServiceState.Open ? "" : $" {interval.State}")
                .Append(reasons && interval.Reason is { } reason ? $" ({reason})" : "");
        }
        return text.ToString();
    }
}
