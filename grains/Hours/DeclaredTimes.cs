using NodaTime;

namespace Realtime.Hours;

/// <summary>A stretch to be painted in one look.</summary>
internal readonly record struct Stroke(Instant Start, Instant End, Look Look);

/// <summary>
/// What was declared against the hours of one pharmacy, laid out on the clock and the calendar of its zone, in layers of which the schedule decides the precedence.
/// Each is in the order in which it is painted: what comes later covers what came before.
/// </summary>
internal sealed class DeclaredTimes
{
    private readonly LocalDate[] _holidays;

    public DeclaredTimes(Zone zone, IReadOnlyList<Closure> closures, IReadOnlyList<ExceptionalTime> exceptions, IReadOnlyList<Closure> departmentClosures)
    {
        var times = new LocalTimes(zone.Time);
        var holidays = exceptions.OfType<HolidayWorked>().Where(holiday => PublicHolidays.IsHoliday(holiday.Date, zone.Holidays)).OrderBy(holiday => holiday.Date).ToArray();
        _holidays = Array.ConvertAll(holidays, holiday => holiday.Date);
        Holidays = [.. holidays.SelectMany(holiday => Of(holiday, zone, times))];
        Openings = [.. FirstOnTop(exceptions.OfType<ExceptionalOpening>().Select(opening => (opening.Id, Of(opening))))];
        Closures = [.. FirstOnTop(closures.Select(closure => (closure.Id, Of(closure))).Concat(exceptions.OfType<Vacation>().Select(vacation => (vacation.Id, Of(vacation, zone)))))];
        DepartmentClosures = [.. FirstOnTop(departmentClosures.Select(closure => (closure.Id, Of(closure))))];
    }

    /// <summary>Public holidays that have hours of their own, by date: the whole civil day, its spans, and the night that runs on.</summary>
    public Stroke[] Holidays { get; }

    /// <summary>Exceptional openings; where two overlap, the one that starts first gives the reason.</summary>
    public Stroke[] Openings { get; }

    /// <summary>Closures and vacations; where two overlap, the one that starts first gives the reason.</summary>
    public Stroke[] Closures { get; }

    /// <summary>Closures of the whole department; where two overlap, the one that starts first gives the reason.</summary>
    public Stroke[] DepartmentClosures { get; }

    /// <summary>Whether a date has hours of its own, so that the ordinary ones say nothing of it.</summary>
    public bool Replaces(LocalDate date) => _holidays.Length > 0 && Array.IndexOf(_holidays, date) >= 0;

    private static IEnumerable<Stroke> FirstOnTop(IEnumerable<(string Id, Stroke Stroke)> strokes) =>
        strokes.OrderByDescending(named => named.Stroke.Start).ThenByDescending(named => named.Id, StringComparer.Ordinal).Select(named => named.Stroke);

    private static Stroke Of(Closure closure) => new(closure.Start, closure.End, new(ServiceState.Closed, Reason: closure.Reason));

    private static Stroke Of(ExceptionalOpening opening) => new(opening.Start, opening.End, Look.Open with { Reason = $"ouverture exceptionnelle : {opening.Reason}" });

    private static Stroke Of(Vacation vacation, Zone zone)
    {
        var closed = vacation.In(zone);
        return new(closed.Start, closed.End, new(ServiceState.Closed, Reason: $"congés : {vacation.Reason}"));
    }

    private static IEnumerable<Stroke> Of(HolidayWorked holiday, Zone zone, LocalTimes times)
    {
        var name = PublicHolidays.Name(holiday.Date, zone.Holidays);
        var day = new Stroke(times.At(holiday.Date, 0), times.At(holiday.Date, HoursRule.Day), holiday.Hours == HolidayWorked.Off ? Look.Closed with { Reason = $"jour férié : {name}" } : Look.Closed);
        return [day, .. holiday.Open(times).Select(open => new Stroke(open.Start, open.End, Look.Open with { Reason = $"jour férié travaillé : {name}" }))];
    }
}
