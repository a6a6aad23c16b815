using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;

namespace Realtime.Tests.Hours;

/// <summary>The three questions of a schedule have one answer, and it is that of a plain reading minute by minute.</summary>
public sealed class ScheduleConsistencyTests(ITestOutputHelper output)
{
    private static readonly int Rounds = Campaign.Long ? 5_000 : 500;

    private readonly Random _random = new(Campaign.Seed);
    private readonly string[] _holidayHours = [HolidayWorked.Off, "09:00-12:30", "00:00-24:00", "02:30-03:30,10:00-11:00", "20:00-08:00", "22:00-02:00,08:00-12:00"];
    private readonly HoursGenerator _texts = new(Campaign.Seed, schools: true);

    // Eves of the nights on which the clocks change, of a 29 February, of holidays in a row and of school holidays.
    private static readonly string[] Eves = ["2026-03-28 18:00", "2026-10-24 18:00", "2028-02-28 12:00", "2026-11-10 16:00", "2026-12-24 12:00", "2024-12-31 15:00", "2026-04-03 20:00"];

    // Every second year is told; of the others only the holidays are.
    private static readonly SchoolCalendar Schools = new(
        Enumerable.Range(2023, 6).SelectMany(year => new[] { Days(year, 4, 4, 20), Days(year, 10, 17, 15), Days(year, 12, 19, 13) }),
        Enumerable.Range(2023, 6).Where(year => year % 2 == 0).Select(year => Days(year, 1, 1, 365)));

    private static readonly Zone Told = Place.Strasbourg with { Schools = new([Days(2024, 2, 20, 14), Days(2026, 10, 17, 15), Days(2026, 12, 19, 13)], [Days(2020, 1, 1, 4_000)]) };

    [Fact]
    public void Timeline_intervals_and_status_agree()
    {
        var asked = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (text, schedule, from, to) = Draw();
            var context = $"seed {Campaign.Seed}, round {round}: {text} from {from} to {to}";
            var timeline = schedule.Timeline(from, to);
            Assert.True(timeline[0].Start == from && timeline[^1].End == to, context);
            for (var i = 0; i < timeline.Count; i++)
            {
                var phase = timeline[i];
                Assert.True(phase.Start < phase.End, context);
                Assert.True(i == 0 || (timeline[i - 1].End == phase.Start && Face(timeline[i - 1].Status) != Face(phase.Status)), context);
                Assert.True(phase.Status.Since is not { } since || since <= phase.Start, context);
                Assert.True(phase.Status.Until is not { } until || until >= phase.End, context);
                foreach (var t in new[] { phase.Start, Between(phase.Start, phase.End), phase.End - Duration.Epsilon })
                {
                    Assert.True(phase.Status == AsSeenFrom(phase.Status, t, schedule.StatusAt(t)), $"{context}, at {t}: {phase.Status} or {schedule.StatusAt(t)}");
                    asked++;
                }
            }
            var serving = timeline.Where(phase => phase.Status.State != ServiceState.Closed).Select(phase => (phase.Start, phase.End, Face(phase.Status)));
            var intervals = schedule.Intervals(from, to).Select(interval => (interval.Start, interval.End, Face(interval)));
            Assert.True(serving.SequenceEqual(intervals), context);
        }
        output.WriteLine($"{Rounds} schedules, {asked} instants asked (seed {Campaign.Seed}).");
    }

    /// <summary>The precedence, said again as plainly as it can be: the first layer that covers an instant decides.</summary>
    [Fact]
    public void What_holds_at_an_instant_is_what_the_strongest_layer_says()
    {
        var decided = new Dictionary<string, int>();
        for (var round = 0; round < Rounds; round++)
        {
            var drawn = DrawLayers();
            for (var i = 0; i < 20; i++)
            {
                var t = drawn.From + Duration.FromMinutes(_random.Next(-2 * 24 * 60, 12 * 24 * 60));
                var (layer, expected) = drawn.Strongest(t);
                var status = drawn.Schedule.StatusAt(t);
                Assert.True(expected is null || expected == (status.State, status.Reason), $"seed {Campaign.Seed}, round {round}: {drawn} at {t}: {layer} {expected} or {status}");
                decided[layer] = decided.GetValueOrDefault(layer) + 1;
            }
        }
        output.WriteLine($"{string.Join(", ", decided.Select(pair => $"{pair.Key} {pair.Value}"))} (seed {Campaign.Seed}).");
        Assert.Equal(7, decided.Count);
    }

    [Fact]
    public void The_state_changes_at_until_and_not_before()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (text, schedule, from, _) = Draw();
            var status = schedule.StatusAt(from);
            var context = $"seed {Campaign.Seed}, round {round}: {text} at {from}: {status}";
            if (status.Until is { } until)
                Assert.True(schedule.StatusAt(until).State != status.State && schedule.StatusAt(until - Duration.Epsilon).State == status.State, context);
            if (status.Since is { } since)
                Assert.True(schedule.StatusAt(since).State == status.State && schedule.StatusAt(since - Duration.Epsilon).State != status.State, context);
            if (status.Since is { } start && status.Until is { } end)
                Assert.True(schedule.StatusAt(Between(start, end)).State == status.State, context);
        }
    }

    [Fact]
    public void What_is_shown_is_what_a_reading_minute_by_minute_finds()
    {
        var compared = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var text = _texts.Next();
            var hours = OpeningHours.Parse(text);
            var naive = new NaiveReading(text, Told, _ => false);
            for (var i = 0; i < 40; i++)
            {
                var t = RandomInstants.Next(_random, Place.Strasbourg.Time);
                var shown = Schedule.Literal(hours, Told, t);
                Assert.True(shown == naive.At(t), $"seed {Campaign.Seed}: {text} at {t.InZone(Place.Strasbourg.Time)}: {shown}");
                compared++;
            }
        }
        output.WriteLine($"{compared} instants compared (seed {Campaign.Seed}).");
    }

    private Layers DrawLayers()
    {
        var from = RandomInstants.Next(_random, Place.Strasbourg.Time);
        var closures = Enumerable.Range(0, _random.Next(3)).Select(i => (Id: $"c{i}", Span: Span(from))).Select(one => new Closure(one.Id, one.Span.Start, one.Span.End, $"raison {one.Id}", null)).ToList();
        var duties = Enumerable.Range(0, _random.Next(4)).Select(_ => Span(from)).Select(span => new OnCallPeriod(span.Start, span.End, (OnCallKind)_random.Next(3), Access.Bell)).ToList();
        return new(_texts.Next(), from, Ordered(from), closures, duties, Exceptions(from));
    }

    private sealed record Layers(string Text, Instant From, List<Closure> Ordered, List<Closure> Closures, List<OnCallPeriod> Duties, List<ExceptionalTime> Exceptions)
    {
        private readonly OpeningHours _hours = OpeningHours.Parse(Text);

        public Schedule Schedule => new(Place.Strasbourg, _hours, Closures, (a, b) => Duties.Where(duty => duty.Start < b && duty.End > a), null, Ordered, Exceptions);

        // Null where only the state of what lies beneath says: a duty leaves what is open open, and plain hours have tests of their own.
        public (string Layer, (ServiceState, string?)? Expected) Strongest(Instant t)
        {
            if (Ordered.Exists(c => c.Start <= t && t < c.End))
                return ("department", (ServiceState.Closed, "cyclone"));
            var closed = Closures.Select(c => (c.Start, c.End, Reason: c.Reason)).Concat(Exceptions.OfType<Vacation>().Select(v => (v.In(Place.Strasbourg).Start, v.In(Place.Strasbourg).End, Reason: $"congés : {v.Reason}")))
                .Where(c => c.Start <= t && t < c.End).OrderBy(c => c.Start).ToArray();
            if (closed.Length > 0)
                return ("closure", closed.Length > 1 && closed[0].Start == closed[1].Start ? null : (ServiceState.Closed, closed[0].Reason));
            var opening = Exceptions.OfType<ExceptionalOpening>().Where(o => o.Start <= t && t < o.End).MinBy(o => o.Start);
            if (opening is not null)
                return ("opening", (ServiceState.Open, $"ouverture exceptionnelle : {opening.Reason}"));
            var beneath = new Schedule(Place.Strasbourg, _hours, [], null, exceptions: Exceptions.OfType<HolidayWorked>().ToList()).StatusAt(t);
            if (Duties.Exists(duty => duty.Start <= t && t < duty.End))
                return beneath.State == ServiceState.Open ? ("open on duty", (beneath.State, beneath.Reason)) : ("duty", null);
            return Exceptions.OfType<HolidayWorked>().FirstOrDefault(h => h.Date == DateOf(t)) is { } holiday ? ("holiday", OnHoliday(holiday, t)) : ("hours", (beneath.State, beneath.Reason));
        }

        // By the minute on the wall; no public holiday is a day on which the clocks change.
        private static (ServiceState, string?) OnHoliday(HolidayWorked holiday, Instant t)
        {
            var name = PublicHolidays.Name(holiday.Date, Place.Strasbourg.Holidays);
            if (holiday.Hours == HolidayWorked.Off)
                return (ServiceState.Closed, $"jour férié : {name}");
            var wall = t.InZone(Place.Strasbourg.Time).TimeOfDay.ToString("HH:mm", null);
            var open = holiday.Hours.Split(',').Select(span => span.Split('-')).Any(ends => string.CompareOrdinal(ends[0], wall) <= 0 && (string.CompareOrdinal(ends[1], ends[0]) < 0 || string.CompareOrdinal(wall, ends[1]) < 0));
            return open ? (ServiceState.Open, $"jour férié travaillé : {name}") : (ServiceState.Closed, null);
        }
    }

    // A change further away than the horizon of one instant may lie within that of the range: then only the timeline knows it.
    private static Status AsSeenFrom(Status inTimeline, Instant t, Status asked) => asked with
    {
        Since = asked.Since ?? (inTimeline.Since < t - Schedule.Horizon ? inTimeline.Since : null),
        Until = asked.Until ?? (inTimeline.Until > t + Schedule.Horizon ? inTimeline.Until : null),
    };

    private (string Text, Schedule Schedule, Instant From, Instant To) Draw()
    {
        var text = _texts.Next();
        var from = _random.Next(3) == 0 ? Place.Strasbourg.At(Eves[_random.Next(Eves.Length)]) : RandomInstants.Next(_random, Place.Strasbourg.Time);
        var to = from + Duration.FromMinutes(_random.Next(1, 14 * 24 * 60));
        var duties = Enumerable.Range(0, _random.Next(4)).Select(_ => Span(from)).Select(span =>
            new OnCallPeriod(span.Start, span.End, (OnCallKind)_random.Next(3), (Access)_random.Next(3), Instructions: _random.Next(2) == 0 ? null : "Sonnez.")).ToList();
        var closures = Enumerable.Range(0, _random.Next(3)).Select(i => Span(from)).Select((span, i) => new Closure($"{i}", span.Start, span.End, $"raison {i}", null)).ToList();
        var hours = _random.Next(20) == 0 ? null : OpeningHours.Parse(text);
        var until = _random.Next(8) == 0 ? Span(from).Start : (Instant?)null;
        var exceptions = Exceptions(from);
        return ($"{text} with {string.Join(", ", exceptions)}", new Schedule(_random.Next(2) == 0 ? Place.Strasbourg : Place.Strasbourg with { Schools = Schools }, hours, closures, (a, b) => duties.Where(duty => duty.Start < b && duty.End > a), until, Ordered(from), exceptions), from, to);
    }

    private List<Closure> Ordered(Instant near) => _random.Next(5) > 0 ? [] : [Ordered(Span(near))];

    private static Closure Ordered((Instant Start, Instant End) span) => new("d1", span.Start, span.End, "cyclone", null);

    // A third of the schedules has none, and every holiday near may have hours of its own, those of a night too.
    private List<ExceptionalTime> Exceptions(Instant near)
    {
        var exceptions = new List<ExceptionalTime>();
        if (_random.Next(3) == 0)
            return exceptions;
        for (var i = _random.Next(3); i > 0; i--)
        {
            var (start, end) = Span(near);
            exceptions.Add(_random.Next(2) == 0
                ? new ExceptionalOpening($"e{i}", start, end, $"raison {i}")
                : new Vacation($"e{i}", DateOf(start), DateOf(end), $"raison {i}", null));
        }
        for (var date = DateOf(near).PlusDays(-2); date < DateOf(near).PlusDays(15); date = date.PlusDays(1))
            if (PublicHolidays.IsHoliday(date, Place.Strasbourg.Holidays) && _random.Next(3) > 0)
                exceptions.Add(new HolidayWorked($"h{date.Day}", date, _holidayHours[_random.Next(_holidayHours.Length)]));
        return exceptions;
    }

    private static LocalDate DateOf(Instant instant) => instant.InZone(Place.Strasbourg.Time).Date;

    private (Instant Start, Instant End) Span(Instant near)
    {
        var start = near + Duration.FromMinutes(_random.Next(-5 * 24 * 60, 14 * 24 * 60));
        return (start, start + Duration.FromMinutes(_random.Next(1, 3 * 24 * 60)));
    }

    private static DateInterval Days(int year, int month, int day, int count) => new(new LocalDate(year, month, day), new LocalDate(year, month, day).PlusDays(count - 1));

    private Instant Between(Instant start, Instant end) => start + ((end - start) * _random.NextDouble());

    private static (ServiceState, Access?, string?, string?, string?) Face(Status status) =>
        (status.State, status.Access, status.Reason, status.Phone, status.Instructions);

    private static (ServiceState, Access?, string?, string?, string?) Face(ScheduleInterval interval) =>
        (interval.State, interval.Access, interval.Reason, interval.Phone, interval.Instructions);
}
