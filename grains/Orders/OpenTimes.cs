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

    // An order may be a week old when its page changes, and be promised another week; two days are to spare, so that the range serves for a while.
    private static readonly Duration Past = Furthest + Duration.FromDays(1);
    private static readonly Duration Range = Past + Furthest + Duration.FromDays(2);

    // Where nobody knows the hours.
    private static readonly Duration Blind = Duration.FromHours(48);

    private readonly Instant _from;
    private readonly Interval[] _open;
    private readonly bool _unknown;
    private readonly DateTimeZone _zone;

    /// <summary>Looks at a schedule around an instant.</summary>
    /// <param name="schedule">Hours, holidays, closures and public duty together.</param>
    /// <param name="zone">The clock on the wall.</param>
    /// <param name="now">The instant it is: what was promised in the week before may be asked about too.</param>
    /// <param name="duty">Whether orders are read during public duty.</param>
    public OpenTimes(Schedule schedule, DateTimeZone zone, Instant now, bool duty)
    {
        (_from, _zone) = (now - Past, zone);
        var intervals = schedule.Intervals(_from, _from + Range);
        _unknown = intervals.Any(i => i.State == ServiceState.Unknown && i.End > now);
        _open = Merge(intervals.Where(i => i.State == ServiceState.Open || duty && i.State == ServiceState.OnCall));
    }

    /// <summary>Whether this can still be asked about promises made at an instant.</summary>
    public bool Covers(Instant now) => now >= _from + Past && now + Furthest + Duration.FromDays(1) < _from + Range;

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
