using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;
using static Realtime.Tests.Hours.Place;

namespace Realtime.Tests.Hours;

/// <summary>What wins over what. 2026-11-11, a Wednesday, is a public holiday; 2026-11-23 is a plain Monday.</summary>
public sealed class ScheduleTests
{
    private const string Week = "Mo-Sa 09:00-19:00";

    [Fact]
    public void Within_its_hours_a_pharmacy_is_open_to_who_walks_in()
    {
        var status = On(Week).StatusAt(Paris.At("2026-11-23 09:00"));
        Assert.Equal(new Status(ServiceState.Open, Paris.At("2026-11-23 09:00"), Paris.At("2026-11-23 19:00"), Access.WalkIn, null, null, null), status);
    }

    [Fact]
    public void The_second_of_closing_is_closed_until_the_next_opening()
    {
        var status = On(Week).StatusAt(Paris.At("2026-11-28 19:00"));
        Assert.Equal(new Status(ServiceState.Closed, Paris.At("2026-11-28 19:00"), Paris.At("2026-11-30 09:00"), null, null, null, null), status);
    }

    [Fact]
    public void Without_hours_everything_is_unknown()
    {
        var schedule = new Schedule(Paris, null, [], null);
        Assert.Equal(new Status(ServiceState.Unknown, null, null, null, "horaires non communiqués", null, null), schedule.StatusAt(Paris.At("2026-11-11 10:00")));
        var interval = Assert.Single(schedule.Intervals(Paris.At("2026-11-01 00:00"), Paris.At("2026-12-01 00:00")));
        Assert.Equal((Paris.At("2026-11-01 00:00"), Paris.At("2026-12-01 00:00")), (interval.Start, interval.End));
    }

    [Fact]
    public void Hours_too_old_to_be_believed_are_unknown_but_duty_and_closures_stand()
    {
        var old = Paris.At("2026-11-24 12:00");
        var duty = new OnCallPeriod(Paris.At("2026-11-24 20:00"), Paris.At("2026-11-25 08:00"), OnCallKind.Night, Access.Bell);
        var closure = new Closure("1", Paris.At("2026-11-26 00:00"), Paris.At("2026-11-27 00:00"), "inventaire", null);
        var schedule = new Schedule(Paris, OpeningHours.Parse(Week), [closure], (_, _) => [duty], hoursUntil: old);

        Assert.Equal((ServiceState.Open, old), (schedule.StatusAt(old - Duration.Epsilon).State, schedule.StatusAt(old - Duration.Epsilon).Until));
        Assert.Equal((ServiceState.Unknown, "horaires non confirmés depuis longtemps"), (schedule.StatusAt(old).State, schedule.StatusAt(old).Reason));
        Assert.Equal(ServiceState.OnCall, schedule.StatusAt(duty.Start).State);
        Assert.Equal(ServiceState.Unknown, schedule.StatusAt(duty.End).State);
        Assert.Equal(ServiceState.Closed, schedule.StatusAt(closure.Start).State);
    }

    [Fact]
    public void On_a_public_holiday_hours_that_do_not_speak_of_it_are_unknown_all_day()
    {
        var schedule = On(Week);
        var expected = new Status(
            ServiceState.Unknown, Paris.At("2026-11-11 00:00"), Paris.At("2026-11-12 00:00"), null, "jour férié, horaires à confirmer", null, null);
        Assert.Equal(expected, schedule.StatusAt(Paris.At("2026-11-11 00:00")));
        Assert.Equal(expected, schedule.StatusAt(Paris.At("2026-11-11 10:00")));
        Assert.Equal(ServiceState.Closed, schedule.StatusAt(Paris.At("2026-11-12 00:00")).State);
        Assert.Equal(
            "10 09:00-19:00, 11 00:00-12 00:00 Unknown, 12 09:00-19:00",
            Paris.Show(schedule.Intervals(Paris.At("2026-11-10 00:00"), Paris.At("2026-11-13 00:00"))));
    }

    [Theory]
    [InlineData("Mo-Sa 09:00-19:00; PH off", ServiceState.Closed)]
    [InlineData("Mo-Sa 09:00-19:00; PH 09:00-12:00", ServiceState.Open)]
    [InlineData("Mo-Sa,PH 09:00-19:00", ServiceState.Open)]
    [InlineData("Mo-Sa 09:00-19:00; Nov 11 off", ServiceState.Unknown)]
    public void On_a_public_holiday_hours_that_speak_of_it_hold(string hours, ServiceState expected) =>
        Assert.Equal(expected, On(hours).StatusAt(Paris.At("2026-11-11 10:00")).State);

    [Theory]
    // The night of the eve stops at the holiday's midnight; the holiday's own night stays unknown to its end.
    [InlineData("22:00-06:00", "10 00:00-06:00, 10 22:00-11 00:00, 11 00:00-12 06:00 Unknown, 12 22:00-13 00:00")]
    [InlineData("22:00-06:00; PH off", "10 00:00-06:00, 10 22:00-11 00:00, 12 22:00-13 00:00")]
    [InlineData("Tu 22:00-06:00", "10 22:00-11 00:00, 11 00:00-12 00:00 Unknown")]
    [InlineData("We 22:00-06:00", "11 00:00-12 06:00 Unknown")]
    // What the day after opens by itself is open even while the holiday's night is unknown.
    [InlineData("We 22:00-06:00, Th 05:00-12:00", "11 00:00-12 05:00 Unknown, 12 05:00-12:00")]
    [InlineData("24/7", "10 00:00-11 00:00, 11 00:00-12 00:00 Unknown, 12 00:00-13 00:00")]
    public void A_night_is_never_shown_open_on_a_holiday_it_does_not_speak_of(string hours, string expected) =>
        Assert.Equal(expected, Paris.Show(On(hours).Intervals(Paris.At("2026-11-10 00:00"), Paris.At("2026-11-13 00:00"))));

    [Fact]
    public void A_holiday_is_a_local_date()
    {
        // At 02:00 UTC on 1 May it is still 30 April in Guadeloupe and already 1 May in Réunion.
        var t = Instant.FromUtc(2026, 5, 1, 2, 0);
        Assert.Equal(ServiceState.Open, new Schedule(Guadeloupe, OpeningHours.Parse("24/7"), [], null).StatusAt(t).State);
        Assert.Equal(ServiceState.Unknown, new Schedule(Reunion, OpeningHours.Parse("24/7"), [], null).StatusAt(t).State);
    }

    [Fact]
    public void The_string_alone_knows_no_holiday_overlay()
    {
        var literal = Schedule.Literal(OpeningHours.Parse(Week), Paris, Paris.At("2026-11-11 00:00"), Paris.At("2026-11-12 00:00"));
        Assert.Equal("11 09:00-19:00", Paris.Show(literal));
    }

    [Fact]
    public void Duty_makes_closed_and_unknown_on_call_and_leaves_open_open()
    {
        var night = new OnCallPeriod(Paris.At("2026-11-10 18:00"), Paris.At("2026-11-11 12:00"), OnCallKind.Night, Access.Bell, "0102030405", "Sonnez.");
        var schedule = On(Week, duty: [night]);
        Assert.Equal(
            "10 09:00-19:00, 10 19:00-11 12:00 OnCall, 11 12:00-12 00:00 Unknown",
            Paris.Show(schedule.Intervals(Paris.At("2026-11-10 00:00"), Paris.At("2026-11-12 00:00"))));
        Assert.Equal(
            new Status(ServiceState.OnCall, Paris.At("2026-11-10 19:00"), Paris.At("2026-11-11 12:00"), Access.Bell, "garde de nuit", "0102030405", "Sonnez."),
            schedule.StatusAt(Paris.At("2026-11-11 03:00")));
        Assert.Equal(ServiceState.OnCall, new Schedule(Paris, null, [], (_, _) => [night]).StatusAt(Paris.At("2026-11-11 03:00")).State);
    }

    [Fact]
    public void A_closure_wins_over_everything()
    {
        var duty = new OnCallPeriod(Paris.At("2026-11-23 19:00"), Paris.At("2026-11-24 09:00"), OnCallKind.Night, Access.Bell);
        var closure = new Closure("1", Paris.At("2026-11-23 12:00"), Paris.At("2026-11-24 08:00"), "inventaire", null);
        var schedule = On(Week, [closure], [duty]);
        Assert.Equal(
            "23 09:00-12:00, 24 08:00-09:00 OnCall, 24 09:00-19:00",
            Paris.Show(schedule.Intervals(Paris.At("2026-11-23 00:00"), Paris.At("2026-11-25 00:00"))));
        Assert.Equal(
            new Status(ServiceState.Closed, Paris.At("2026-11-23 12:00"), Paris.At("2026-11-24 08:00"), null, "inventaire", null, null),
            schedule.StatusAt(Paris.At("2026-11-23 15:00")));
        Assert.Equal(ServiceState.Closed, new Schedule(Paris, null, [closure], null).StatusAt(Paris.At("2026-11-23 15:00")).State);
        Assert.Equal(ServiceState.Closed, new Schedule(Paris, OpeningHours.Parse(Week), [closure with { Start = Paris.At("2026-11-10 00:00") }], null)
            .StatusAt(Paris.At("2026-11-11 10:00")).State);
    }

    [Fact]
    public void Where_closures_overlap_the_one_that_starts_first_gives_the_reason()
    {
        var first = new Closure("2", Paris.At("2026-11-23 00:00"), Paris.At("2026-11-25 00:00"), "congés", null);
        var second = new Closure("1", Paris.At("2026-11-24 00:00"), Paris.At("2026-11-26 00:00"), "travaux", null);
        foreach (var closures in new[] { new[] { first, second }, [second, first] })
        {
            var schedule = On(Week, closures);
            Assert.Equal("congés", schedule.StatusAt(Paris.At("2026-11-24 12:00")).Reason);
            Assert.Equal("travaux", schedule.StatusAt(Paris.At("2026-11-25 12:00")).Reason);
            Assert.Equal(Paris.At("2026-11-26 09:00"), schedule.StatusAt(Paris.At("2026-11-24 12:00")).Until);
        }
    }

    [Fact]
    public void Until_is_the_next_change_of_state_and_not_of_its_reason()
    {
        var closure = new Closure("1", Paris.At("2026-11-23 22:00"), Paris.At("2026-11-24 06:00"), "travaux", null);
        var schedule = On(Week, [closure]);
        var phases = schedule.Timeline(Paris.At("2026-11-23 20:00"), Paris.At("2026-11-24 08:00"));
        Assert.Equal([null, "travaux", null], phases.Select(phase => phase.Status.Reason));
        Assert.All(phases, phase => Assert.Equal((Paris.At("2026-11-23 19:00"), Paris.At("2026-11-24 09:00")), (phase.Status.Since, phase.Status.Until)));
    }

    [Theory]
    [InlineData("24/7; PH open", ServiceState.Open)]
    [InlineData("off; PH off", ServiceState.Closed)]
    [InlineData("Mo-Su,PH 00:00-24:00", ServiceState.Open)]
    [InlineData("Mo-Su,PH 10:00-10:00", ServiceState.Open)]
    public void What_never_changes_has_no_since_and_no_until(string hours, ServiceState state)
    {
        var status = On(hours).StatusAt(Paris.At("2026-11-23 12:00"));
        Assert.Equal((state, null, null), (status.State, status.Since, status.Until));
    }

    [Theory]
    [InlineData("Nov 24 10:00-12:00; PH off", "2026-11-24 12:00", "2027-11-24 10:00")]
    [InlineData("Feb 29 10:00-12:00; PH off", "2028-02-28 12:00", "2028-02-29 10:00")]
    public void A_change_a_year_away_is_found(string hours, string at, string until) => Assert.Equal(Paris.At(until), On(hours).StatusAt(Paris.At(at)).Until);

    [Fact]
    public void A_change_beyond_the_horizon_is_not_looked_for() =>
        Assert.Null(On("Feb 29 10:00-12:00; PH off").StatusAt(Paris.At("2026-11-23 12:00")).Until);

    [Fact]
    public void An_empty_range_has_nothing_in_it()
    {
        var t = Paris.At("2026-11-23 12:00");
        Assert.Empty(On(Week).Intervals(t, t));
        Assert.Empty(On(Week).Timeline(t, t));
        Assert.Empty(Schedule.Literal(OpeningHours.Parse(Week), Paris, t, t));
    }

    private static Schedule On(string hours, Closure[]? closures = null, OnCallPeriod[]? duty = null) =>
        new(Paris, OpeningHours.Parse(hours), closures ?? [], duty is null ? null : (from, to) => duty.Where(period => period.Start < to && period.End > from));
}
