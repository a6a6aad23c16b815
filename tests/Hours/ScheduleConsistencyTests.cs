using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;

namespace Realtime.Tests.Hours;

/// <summary>The three questions of a schedule have one answer, and it is that of a plain reading minute by minute.</summary>
public sealed class ScheduleConsistencyTests(ITestOutputHelper output)
{
    private static readonly int Rounds = Campaign.Long ? 5_000 : 500;

    private readonly Random _random = new(Campaign.Seed);
    private readonly HoursGenerator _texts = new(Campaign.Seed);

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
    public void What_is_open_is_what_a_reading_minute_by_minute_finds()
    {
        var compared = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var text = _texts.Next();
            var hours = OpeningHours.Parse(text);
            var naive = new NaiveReading(text, Place.Strasbourg, _ => false);
            for (var i = 0; i < 40; i++)
            {
                var t = RandomInstants.Next(_random, Place.Strasbourg.Time);
                var open = Schedule.Literal(hours, Place.Strasbourg, t, t + Duration.Epsilon).Count > 0;
                Assert.True(open == naive.IsOpen(t), $"seed {Campaign.Seed}: {text} at {t.InZone(Place.Strasbourg.Time)}: {open}");
                compared++;
            }
        }
        output.WriteLine($"{compared} instants compared (seed {Campaign.Seed}).");
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
        var from = RandomInstants.Next(_random, Place.Paris.Time);
        var to = from + Duration.FromMinutes(_random.Next(1, 14 * 24 * 60));
        var duties = Enumerable.Range(0, _random.Next(4)).Select(_ => Span(from)).Select(span =>
            new OnCallPeriod(span.Start, span.End, OnCallKind.Night, (Access)_random.Next(3), Instructions: _random.Next(2) == 0 ? null : "Sonnez.")).ToList();
        var closures = Enumerable.Range(0, _random.Next(3)).Select(i => Span(from)).Select((span, i) => new Closure($"{i}", span.Start, span.End, $"raison {i}", null)).ToList();
        var hours = _random.Next(20) == 0 ? null : OpeningHours.Parse(text);
        return (text, new Schedule(Place.Paris, hours, closures, (a, b) => duties.Where(duty => duty.Start < b && duty.End > a)), from, to);
    }

    private (Instant Start, Instant End) Span(Instant near)
    {
        var start = near + Duration.FromMinutes(_random.Next(-5 * 24 * 60, 14 * 24 * 60));
        return (start, start + Duration.FromMinutes(_random.Next(1, 3 * 24 * 60)));
    }

    private Instant Between(Instant start, Instant end) => start + ((end - start) * _random.NextDouble());

    private static (ServiceState, Access?, string?, string?, string?) Face(Status status) =>
        (status.State, status.Access, status.Reason, status.Phone, status.Instructions);

    private static (ServiceState, Access?, string?, string?, string?) Face(ScheduleInterval interval) =>
        (interval.State, interval.Access, interval.Reason, interval.Phone, interval.Instructions);
}
