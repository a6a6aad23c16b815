using NodaTime;
using Realtime.OnCall;

namespace Realtime.Hours;

/// <summary>
/// When one pharmacy serves: its hours, the public holidays of its zone, what it declared against them and its public duty, put together.
/// <para>Precedence, the stronger first: closure of the whole department, closure and vacation, exceptional opening, on-call duty, public holiday with
/// hours of its own, age of the hours, holiday overlay, hours; the reason says which of them won. A closure or a vacation makes everything closed, duty or
/// not. An exceptional opening makes everything else open. A duty makes what is closed or unknown on call and leaves what is open open. A public holiday
/// that the pharmacy gave hours has those in place of all that its ordinary hours say of that date, their night and their age included.
/// On any other public holiday (a local date of the zone) hours that do not speak of holidays are unknown for the whole civil day, for a night
/// that starts on it to the end of that night, and for what the night before spills into it. Without hours everything is unknown.</para>
/// <para>Pure and immutable; the same question always has the same answer as long as the duty given has.</para>
/// </summary>
public sealed class Schedule
{
    /// <summary>How far a change of state is looked for, backwards and forwards: a year and a few days, so that yearly hours find their next change.</summary>
    public static readonly Duration Horizon = Duration.FromDays(370);

    private readonly Zone _zone;
    private readonly OpeningHours? _hours;
    private readonly Instant? _hoursUntil;
    private readonly DeclaredTimes _declared;
    private readonly Func<Instant, Instant, IEnumerable<OnCallPeriod>>? _duty;

    /// <summary>Puts a schedule together.</summary>
    /// <param name="zone">The calendar of public holidays and the clock on the wall.</param>
    /// <param name="hours">Opening hours; null where nobody has stated them.</param>
    /// <param name="closures">Exceptional closures in any order; where two overlap, the one that starts first gives the reason.</param>
    /// <param name="duty">The public on-call periods that intersect [from, to), in any order; null where there are none. Must be pure.</param>
    /// <param name="hoursUntil">From this instant on the hours are too old to be believed: unknown; null where they do not age.</param>
    /// <param name="departmentClosures">Closures of the whole department, which nothing is stronger than; null where there are none.</param>
    /// <param name="exceptions">Exceptional openings, public holidays with hours of their own and vacations, in any order; where two of a kind overlap, the one that starts first gives the reason.</param>
    public Schedule(
        Zone zone, OpeningHours? hours, IReadOnlyList<Closure> closures, Func<Instant, Instant, IEnumerable<OnCallPeriod>>? duty, Instant? hoursUntil = null,
        IReadOnlyList<Closure>? departmentClosures = null, IReadOnlyList<ExceptionalTime>? exceptions = null)
    {
        _zone = zone;
        _hours = hours;
        _hoursUntil = hoursUntil;
        _declared = new(zone, closures, exceptions ?? [], departmentClosures ?? []);
        _duty = duty;
    }

    private Schedule(Schedule other) => (_zone, _hours, _hoursUntil, _declared) = (other._zone, other._hours, other._hoursUntil, other._declared);

    /// <summary>The same without duty: when the pharmacy serves by itself.</summary>
    public Schedule WithoutDuty() => new(this);

    /// <summary>Everything but closed within [from, to): merged, sorted, clipped to the range. Empty where the range is.</summary>
    public IReadOnlyList<ScheduleInterval> Intervals(Instant from, Instant to) => from < to ? Serving(Draw(from, to)) : [];

    /// <summary>The state at an instant; cheaper than its status, since nothing is looked for before or after.</summary>
    public ServiceState StateAt(Instant t) => Draw(t, t + Duration.Epsilon).LookOf(0).State;

    /// <summary>The status at an instant.</summary>
    public Status StatusAt(Instant t) => Timeline(t, t + Duration.Epsilon)[0].Status;

    /// <summary>
    /// The statuses within [from, to), closed ones included: contiguous, each different from its neighbours, clipped to the range, while
    /// <see cref="Status.Since"/> and <see cref="Status.Until"/> are not: they are looked for up to <see cref="Horizon"/> before and after the range.
    /// </summary>
    public IReadOnlyList<Phase> Timeline(Instant from, Instant to)
    {
        if (from >= to)
            return [];
        var phases = new List<Phase>();
        var canvas = Draw(from, to);
        var since = ChangeBefore(from, look => look.State != canvas.LookOf(0).State);
        // A state may outlast a look of it: the open door of a Sunday follows the bell of the night.
        var began = since == from ? since : ChangeBefore(from, look => look != canvas.LookOf(0));
        for (var i = 0; i < canvas.Count;)
        {
            // One run of one state may hold several looks, as two duties back to back.
            var state = canvas.LookOf(i).State;
            var runEnd = i + 1;
            while (runEnd < canvas.Count && canvas.LookOf(runEnd).State == state)
                runEnd++;
            var until = runEnd < canvas.Count ? canvas.StartOf(runEnd) : ChangeAfter(to, state);
            for (int next; i < runEnd; i = next)
            {
                next = EndOfLook(canvas, i);
                phases.Add(new Phase(canvas.StartOf(i), canvas.EndOf(next - 1), i == 0 ? began : canvas.StartOf(i), StatusOf(canvas.LookOf(i), since, until)));
            }
            since = until;
        }
        return phases;
    }

    /// <summary>What the text alone means within [from, to), as OpenStreetMap reads it: no holiday overlay, no closure, no duty.</summary>
    public static IReadOnlyList<ScheduleInterval> Literal(OpeningHours hours, Zone zone, Instant from, Instant to)
    {
        if (from >= to)
            return [];
        var canvas = new Canvas(from, to, Look.Closed);
        PaintHours(canvas, hours, zone, from, to, overlay: false, declared: null);
        return Serving(canvas);
    }

    /// <summary>What the text alone shows at an instant, with the reason of a closed door too.</summary>
    internal static Look Literal(OpeningHours hours, Zone zone, Instant at)
    {
        var canvas = new Canvas(at, at + Duration.Epsilon, Look.Closed);
        PaintHours(canvas, hours, zone, at, at + Duration.Epsilon, overlay: false, declared: null);
        return canvas.LookOf(0);
    }

    private Canvas Draw(Instant from, Instant to)
    {
        var canvas = new Canvas(from, to, _hours is null ? Look.NoHours : Look.Closed);
        if (_hours is not null)
            PaintHours(canvas, _hours, _zone, from, to, overlay: !_hours.SpeaksOfHolidays, _declared);
        if (_hours is not null && _hoursUntil is { } until)
            canvas.Paint(until, to, Look.OldHours);
        Paint(canvas, _declared.Holidays);
        if (_duty is not null)
            foreach (var period in _duty(from, to).OrderByDescending(period => period.Start).ThenByDescending(period => period.End))
                canvas.Paint(period.Start, period.End, Look.Of(period), spareOpen: true);
        Paint(canvas, _declared.Openings);
        Paint(canvas, _declared.Closures);
        Paint(canvas, _declared.DepartmentClosures);
        return canvas;
    }

    private static void Paint(Canvas canvas, Stroke[] strokes)
    {
        foreach (var stroke in strokes)
            canvas.Paint(stroke.Start, stroke.End, stroke.Look);
    }

    private static void PaintHours(Canvas canvas, OpeningHours hours, Zone zone, Instant from, Instant to, bool overlay, DeclaredTimes? declared)
    {
        if (hours.Always == true)
            canvas.Paint(from, to, Look.Open);
        if (hours.Always is not null && !overlay)
            return;
        var times = new LocalTimes(zone.Time);
        var spans = new List<LocalSpan>();
        var last = times.DateAt(to);
        var date = times.DateAt(from);
        var eve = KindOf(date.PlusDays(-1), hours, zone);
        for (; date <= last; date = date.PlusDays(1))
        {
            var today = KindOf(date, hours, zone);
            if (Silence(today, overlay) is { } silent)
            {
                canvas.Paint(times.At(date, 0), times.At(date, HoursRule.Day), silent);
            }
            else if (hours.Always is null)
            {
                PaintDay(canvas, date, hours, today, eve, Silence(eve, overlay), times, spans, isAlone: declared?.Replaces(date.PlusDays(-1)) == true);
            }
            eve = today;
        }
    }

    private static DayKind KindOf(LocalDate date, OpeningHours hours, Zone zone)
    {
        var kind = PublicHolidays.IsHoliday(date, zone.Holidays) ? DayKind.PublicHoliday : DayKind.Plain;
        return hours.SpeaksOfSchools ? kind | SchoolKindOf(date, kind, hours, zone) : kind;
    }

    private static DayKind SchoolKindOf(LocalDate date, DayKind kind, OpeningHours hours, Zone zone) => zone.Schools?.IsHoliday(date) switch
    {
        true => DayKind.SchoolHoliday,
        false => DayKind.Plain,
        null => hours.DependOnSchools(date, kind) ? DayKind.Untold : DayKind.Plain,
    };

    // Why the hours say nothing about a day; null where they do.
    private static Look? Silence(DayKind day, bool overlay) =>
        overlay && (day & DayKind.PublicHoliday) != DayKind.Plain ? Look.SilentHoliday : (day & DayKind.Untold) != DayKind.Plain ? Look.SilentSchool : null;

    // A holiday with hours of its own has no night of the ordinary ones to run on: then the day after it is alone.
    private static void PaintDay(
        Canvas canvas, LocalDate date, OpeningHours hours, DayKind today, DayKind eve, Look? night, LocalTimes times, List<LocalSpan> spans, bool isAlone)
    {
        // The uncertain night of a holiday goes first, so that hours of the day itself cover it.
        if (night is not null && !isAlone)
            PaintNight(canvas, date, hours, today, eve, night, times, spans);
        hours.SpansOf(date, today, eve, spans);
        foreach (var span in spans)
            if (!span.FromEve || (night is null && !isAlone))
                canvas.Paint(times.At(date, span.Start), times.At(date, span.End), span.Look);
    }

    // What the eve may have begun, as a day of school holidays or not.
    private static void PaintNight(Canvas canvas, LocalDate date, OpeningHours hours, DayKind today, DayKind eve, Look night, LocalTimes times, List<LocalSpan> spans)
    {
        hours.SpansOf(date, today, eve, spans);
        PaintNight(canvas, date, spans, times, night);
        if ((eve & DayKind.Untold) == DayKind.Plain)
            return;
        hours.SpansOf(date, today, eve | DayKind.SchoolHoliday, spans);
        PaintNight(canvas, date, spans, times, night);
    }

    private static void PaintNight(Canvas canvas, LocalDate date, List<LocalSpan> spans, LocalTimes times, Look night)
    {
        foreach (var span in spans)
            if (span.FromEve && span.Look.State != ServiceState.Closed)
                canvas.Paint(times.At(date, span.Start), times.At(date, span.End), night);
    }

    private static List<ScheduleInterval> Serving(Canvas canvas)
    {
        var intervals = new List<ScheduleInterval>();
        for (int i = 0, next; i < canvas.Count; i = next)
        {
            next = EndOfLook(canvas, i);
            var look = canvas.LookOf(i);
            if (look.State != ServiceState.Closed)
                intervals.Add(new ScheduleInterval(canvas.StartOf(i), canvas.EndOf(next - 1), look.State, look.Access, look.Reason, look.Phone, look.Instructions, look.InstructionsEn));
        }
        return intervals;
    }

    private static int EndOfLook(Canvas canvas, int piece)
    {
        var next = piece + 1;
        while (next < canvas.Count && canvas.LookOf(next) == canvas.LookOf(piece))
            next++;
        return next;
    }

    private static Status StatusOf(Look look, Instant? since, Instant? until) =>
        new(look.State, since, until, look.Access, look.Reason, look.Phone, look.Instructions, look.InstructionsEn);

    // Most states change within two days: the search starts there and widens fourfold, so that a far change costs at most a third more than needed.
    private Instant? ChangeAfter(Instant t, ServiceState state)
    {
        var (from, step) = (t, Duration.FromDays(2));
        for (var limit = t + Horizon; from < limit; step *= 4)
        {
            var to = Instant.Min(from + step, limit);
            var canvas = Draw(from, to);
            for (var i = 0; i < canvas.Count; i++)
                if (canvas.LookOf(i).State != state)
                    return canvas.StartOf(i);
            from = to;
        }
        return null;
    }

    private Instant? ChangeBefore(Instant t, Func<Look, bool> differs)
    {
        var (to, step) = (t, Duration.FromDays(2));
        for (var limit = t - Horizon; to > limit; step *= 4)
        {
            var from = Instant.Max(to - step, limit);
            var canvas = Draw(from, to);
            for (var i = canvas.Count - 1; i >= 0; i--)
                if (differs(canvas.LookOf(i)))
                    return canvas.EndOf(i);
            to = from;
        }
        return null;
    }
}
