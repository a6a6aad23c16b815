using NodaTime;
using Realtime.Hours;

namespace Realtime.Orders;

/// <summary>
/// When somebody is at the counter to read orders, over a range: open, or on public duty where the pharmacy takes orders then. Time that nobody has confirmed is not
/// counted as open. Pure; made once per version of a page and asked for every order.
/// </summary>
internal sealed class OpenTimes
{
    /// <summary>No promise reaches further than this.</summary>
    public static readonly Duration Furthest = Duration.FromDays(7);

    // What is asked about may lie in the range's last day and reach a week further.
    private static readonly Duration Range = Duration.FromDays(9);

    // Where nobody knows the hours.
    private static readonly Duration Blind = Duration.FromHours(48);

    private readonly Instant _from;
    private readonly Interval[] _open;
    private readonly bool _unknown;
    private readonly DateTimeZone _zone;

    /// <summary>Looks at a schedule from an instant on.</summary>
    /// <param name="schedule">Hours, holidays, closures and public duty together.</param>
    /// <param name="zone">The clock on the wall.</param>
    /// <param name="from">First instant that may be asked about.</param>
    /// <param name="duty">Whether orders are read during public duty.</param>
    public OpenTimes(Schedule schedule, DateTimeZone zone, Instant from, bool duty)
    {
        (_from, _zone) = (from, zone);
        var intervals = schedule.Intervals(from, from + Range);
        _unknown = intervals.Any(i => i.State == ServiceState.Unknown);
        _open = Merge(intervals.Where(i => i.State == ServiceState.Open || duty && i.State == ServiceState.OnCall));
    }

    /// <summary>Whether an instant is in the range that this was made for: an hour of it is left, and a week more.</summary>
    public bool Covers(Instant at) => at >= _from && at + Furthest + Duration.FromHours(1) < _from + Range;

    /// <summary>Whether somebody is there at an instant.</summary>
    public bool IsOpenAt(Instant at) => Array.Exists(_open, i => i.Contains(at));

    /// <summary>The instant at which so much open time has passed since <paramref name="from"/>; where the week holds less, <see cref="Otherwise"/>.</summary>
    public Instant After(Instant from, Duration open)
    {
        foreach (var interval in _open)
        {
            var start = Instant.Max(interval.Start, from);
            if (interval.End <= start)
                continue;
            if (start + open <= interval.End)
                return Instant.Min(start + open, from + Furthest);
            open -= interval.End - start;
        }
        return Otherwise(from);
    }

    /// <summary>The end of the second day on which somebody is there at or after <paramref name="from"/>; where the week holds no two, <see cref="Otherwise"/>.</summary>
    public Instant EndOfSecondDay(Instant from)
    {
        LocalDate? first = null;
        foreach (var (date, end) in Days(from))
            if (first is { } one && date > one)
                return Instant.Min(EndOf(date, from), from + Furthest);
            else
                first ??= date;
        return Otherwise(from);
    }

    /// <summary>The next instant at which a door that is shut at <paramref name="from"/>, or shuts after it, opens; null where none does within the week.</summary>
    public Instant? NextOpening(Instant from)
    {
        foreach (var interval in _open)
            if (interval.Start > from)
                return interval.Start;
        return null;
    }

    /// <summary>The end of the local day of an instant.</summary>
    public Instant EndOfDay(Instant at) => _zone.AtStartOfDay(at.InZone(_zone).Date.PlusDays(1)).ToInstant();

    /// <summary>What holds where the hours do not say: two days where they are not known, else the week that nothing outlasts.</summary>
    private Instant Otherwise(Instant from) => from + (_unknown ? Blind : Furthest);

    private Instant EndOf(LocalDate date, Instant from) => Days(from).Where(day => day.Date == date).Max(day => day.End);

    // Every local day on which somebody is there, with where that ends; a night belongs to both of its days.
    private IEnumerable<(LocalDate Date, Instant End)> Days(Instant from)
    {
        foreach (var interval in _open)
            for (var start = Instant.Max(interval.Start, from); start < interval.End;)
            {
                var midnight = EndOfDay(start);
                var end = Instant.Min(midnight, interval.End);
                yield return (start.InZone(_zone).Date, end);
                start = end;
            }
    }

    private static Interval[] Merge(IEnumerable<ScheduleInterval> intervals)
    {
        var merged = new List<Interval>();
        foreach (var next in intervals)
            if (merged is [.., var last] && last.End == next.Start)
                merged[^1] = new(last.Start, next.End);
            else
                merged.Add(new(next.Start, next.End));
        return [.. merged];
    }
}
