using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;
using static Realtime.Tests.Hours.Place;

namespace Realtime.Tests.Hours;

/// <summary>What a pharmacy declared against its hours, and what wins. 2026-12-25, a Friday, is a public holiday everywhere, the 26th in Alsace-Moselle too.</summary>
public sealed class ExceptionalTimeTests
{
    private const string Week = "Mo-Sa 09:00-19:00";
    private static readonly LocalDate Christmas = new(2026, 12, 25);
    private static readonly OnCallPeriod Duty = new(Paris.At("2026-11-23 19:00"), Paris.At("2026-11-24 09:00"), OnCallKind.Night, Access.Bell);

    [Fact]
    public void An_exceptional_opening_opens_what_is_closed_and_what_is_unknown_and_says_why()
    {
        var opening = new ExceptionalOpening("e1", Paris.At("2026-11-22 10:00"), Paris.At("2026-11-22 12:00"), "vaccination");
        Assert.Equal("22 10:00-12:00 ouverture exceptionnelle : vaccination, 23 09:00-19:00", Reasons(Paris, Week, "2026-11-22", 2, opening));
        Assert.Equal(
            "22 00:00-10:00 Unknown horaires non communiqués, 22 10:00-12:00 ouverture exceptionnelle : vaccination, 22 12:00-23 00:00 Unknown horaires non communiqués",
            Reasons(Paris, null, "2026-11-22", 1, opening));
        Assert.Equal(
            new Status(ServiceState.Open, opening.Start, opening.End, Access.WalkIn, "ouverture exceptionnelle : vaccination", null, null),
            On(Paris, Week, [opening]).StatusAt(Paris.At("2026-11-22 11:00")));
    }

    [Fact]
    public void A_vacation_closes_whole_local_dates_its_last_one_included()
    {
        var vacation = new Vacation("e1", new(2026, 11, 24), new(2026, 11, 25), "fêtes", null);
        Assert.Equal("23 09:00-19:00, 26 09:00-19:00", Reasons(Paris, Week, "2026-11-23", 4, vacation));
        var schedule = On(Paris, "24/7; PH open", [vacation]);
        Assert.Equal(
            new Status(ServiceState.Closed, Paris.At("2026-11-24 00:00"), Paris.At("2026-11-26 00:00"), null, "congés : fêtes", null, null),
            schedule.StatusAt(Paris.At("2026-11-25 23:59")));
    }

    [Theory]
    // Both nights on which the clocks change: whole dates, of 23 and of 25 hours; and a leap day.
    [InlineData("2026-03-29", 23)]
    [InlineData("2026-10-25", 25)]
    [InlineData("2028-02-29", 24)]
    public void A_vacation_of_one_date_is_as_long_as_the_date(string date, int hours)
    {
        var day = NodaTime.Text.LocalDatePattern.Iso.Parse(date).Value;
        Assert.Equal(Duration.FromHours(hours), new Vacation("e1", day, day, "r", null).In(Paris).Duration);
        Assert.Equal(Duration.FromHours(hours), new HolidayWorked("e1", day, "off").In(Paris).Duration);
    }

    [Theory]
    // No longer unknown: open in its spans, and closed outside them.
    [InlineData(Week, "09:00-12:30", "24 09:00-19:00, 25 09:00-12:30 jour férié travaillé : Jour de Noël, 26 09:00-19:00")]
    [InlineData(Week, "09:00-12:30, 14:00-18:00", "24 09:00-19:00, 25 09:00-12:30 jour férié travaillé : Jour de Noël, 25 14:00-18:00 jour férié travaillé : Jour de Noël, 26 09:00-19:00")]
    [InlineData(Week, "off", "24 09:00-19:00, 26 09:00-19:00")]
    [InlineData("24/7", "10:00-12:00", "24 00:00-25 00:00, 25 10:00-12:00 jour férié travaillé : Jour de Noël, 26 00:00-27 00:00")]
    // It replaces what the hours say of holidays too, and their night.
    [InlineData("Mo-Sa 09:00-19:00; PH 20:00-02:00", "10:00-12:00", "24 09:00-19:00, 25 10:00-12:00 jour férié travaillé : Jour de Noël, 26 09:00-19:00")]
    // The night of the eve stops at midnight, and the holiday's ordinary night does not take place; its own runs on.
    [InlineData("22:00-06:00", "10:00-12:00", "24 00:00-06:00, 24 22:00-25 00:00, 25 10:00-12:00 jour férié travaillé : Jour de Noël, 26 22:00-27 00:00")]
    [InlineData("22:00-06:00", "off", "24 00:00-06:00, 24 22:00-25 00:00, 26 22:00-27 00:00")]
    [InlineData("22:00-06:00", "20:00-02:00", "24 00:00-06:00, 24 22:00-25 00:00, 25 20:00-26 02:00 jour férié travaillé : Jour de Noël, 26 22:00-27 00:00")]
    [InlineData(null, "10:00-12:00", "24 00:00-25 00:00 Unknown horaires non communiqués, 25 10:00-12:00 jour férié travaillé : Jour de Noël, 26 00:00-27 00:00 Unknown horaires non communiqués")]
    public void A_holiday_worked_has_its_own_hours_and_no_others(string? hours, string day, string expected) =>
        Assert.Equal(expected, Reasons(Paris, hours, "2026-12-24", 3, new HolidayWorked("e1", Christmas, day)));

    [Fact]
    public void A_night_of_one_holiday_worked_stops_where_the_next_one_begins()
    {
        var night = new HolidayWorked("e1", Christmas, "22:00-06:00");
        Assert.Equal(
            "25 22:00-26 06:00 jour férié travaillé : Jour de Noël, 26 06:00-27 00:00 Unknown jour férié, horaires à confirmer", Reasons(Strasbourg, Week, "2026-12-25", 2, night));
        Assert.Equal(
            "25 22:00-26 00:00 jour férié travaillé : Jour de Noël, 26 10:00-11:00 jour férié travaillé : 2ème jour de Noël",
            Reasons(Strasbourg, Week, "2026-12-25", 2, new HolidayWorked("e2", Christmas.PlusDays(1), "10:00-11:00"), night));
    }

    [Fact]
    public void A_holiday_that_is_none_in_the_zone_says_nothing() =>
        Assert.Equal("26 09:00-19:00", Reasons(Paris, Week, "2026-12-26", 1, new HolidayWorked("e1", Christmas.PlusDays(1), "off")));

    [Fact]
    public void A_closed_holiday_says_which()
    {
        var status = On(Paris, Week, [new HolidayWorked("e1", Christmas, "off")]).StatusAt(Paris.At("2026-12-25 10:00"));
        Assert.Equal((ServiceState.Closed, "jour férié : Jour de Noël"), (status.State, status.Reason));
    }

    [Fact]
    public void A_duty_says_which_it_is()
    {
        foreach (var (kind, reason) in new[] { (OnCallKind.Night, "garde de nuit"), (OnCallKind.SundayOrHoliday, "garde du dimanche ou jour férié"), (OnCallKind.Day, "garde de jour") })
            Assert.Equal(reason, On(Paris, Week, [], duty: Duty with { Kind = kind }).StatusAt(Duty.Start).Reason);
    }

    /// <summary>Each layer is laid over all that are weaker: at 22:00 on Christmas Day the stronger of any two gives state and reason.</summary>
    [Fact]
    public void The_stronger_wins_whichever_two_meet()
    {
        var at = Paris.At("2026-12-25 22:00");
        var (start, end) = (Paris.At("2026-12-25 20:00"), Paris.At("2026-12-26 00:00"));
        Closure[] closures = [new("c1", start, end, "travaux", null)];
        var vacation = new Vacation("e1", Christmas, Christmas, "fêtes", null);
        var opening = new ExceptionalOpening("e2", start, end, "renfort");
        var duty = new OnCallPeriod(start, end, OnCallKind.Night, Access.Bell);
        var holiday = new HolidayWorked("e3", Christmas, "10:00-12:00");
        var worked = new HolidayWorked("e3", Christmas, "20:00-23:00");

        Assert.Equal("Closed congés : fêtes", Seen(closures, duty, worked, opening, vacation)); // the vacation starts first
        Assert.Equal("Closed travaux", Seen(closures, duty, worked, opening));
        Assert.Equal("Closed cyclone", SeenIn(closures, duty, [new("d1", at, end, "cyclone", null)], [worked, opening, vacation]));
        Assert.Equal("Closed congés : fêtes", Seen([], duty, worked, opening, vacation));
        Assert.Equal("Open ouverture exceptionnelle : renfort", Seen([], duty, worked, opening));
        Assert.Equal("Open jour férié travaillé : Jour de Noël", Seen([], duty, worked));
        Assert.Equal("OnCall garde de nuit", Seen([], duty, holiday));
        Assert.Equal("OnCall garde de nuit", Seen([], duty));
        Assert.Equal("Closed ", Seen([], null, holiday));
        Assert.Equal("Unknown horaires non confirmés depuis longtemps", Seen([], null));

        string Seen(Closure[] closed, OnCallPeriod? period, params ExceptionalTime[] exceptions) => SeenIn(closed, period, [], exceptions);
        string SeenIn(Closure[] closed, OnCallPeriod? period, Closure[] department, ExceptionalTime[] exceptions)
        {
            var schedule = new Schedule(Paris, OpeningHours.Parse("24/7"), closed, period is null ? null : (_, _) => [period], hoursUntil: start, department, exceptions);
            var status = schedule.StatusAt(at);
            return $"{status.State} {status.Reason}";
        }
    }

    [Fact]
    public void Where_openings_overlap_the_one_that_starts_first_gives_the_reason()
    {
        var first = new ExceptionalOpening("e2", Paris.At("2026-11-22 10:00"), Paris.At("2026-11-22 12:00"), "a");
        var second = new ExceptionalOpening("e1", Paris.At("2026-11-22 11:00"), Paris.At("2026-11-22 13:00"), "b");
        const string expected = "22 10:00-12:00 ouverture exceptionnelle : a, 22 12:00-13:00 ouverture exceptionnelle : b";
        Assert.Equal(expected, Reasons(Paris, Week, "2026-11-22", 1, first, second));
        Assert.Equal(expected, Reasons(Paris, Week, "2026-11-22", 1, second, first));
    }

    [Theory]
    [InlineData("off", null)]
    [InlineData("09:00-12:30", null)]
    [InlineData("9:00-12:30, 20:00-02:00", null)]
    [InlineData("", 1)]
    [InlineData("24/7", 3)]
    [InlineData("closed", 1)]
    [InlineData("09:00-12:30; off", 12)]
    [InlineData("2026 09:00-12:30", 3)]
    [InlineData("Mo 09:00-12:30", 1)]
    [InlineData("09:00-12:60", 10)]
    public void Hours_of_one_day_are_spans_alone(string hours, int? column)
    {
        Assert.Equal(column is null, HolidayWorked.TryParse(hours, out var error));
        Assert.Equal(column, error?.Column);
    }

    private static Schedule On(Zone zone, string? hours, ExceptionalTime[] exceptions, OnCallPeriod? duty = null) =>
        new(zone, hours is null ? null : OpeningHours.Parse(hours), [], duty is null ? null : (_, _) => [duty], exceptions: exceptions);

    private static string Reasons(Zone zone, string? hours, string firstDate, int days, params ExceptionalTime[] exceptions)
    {
        var from = zone.At(firstDate + " 00:00");
        var intervals = On(zone, hours, exceptions).Intervals(from, from + Duration.FromDays(days));
        return string.Join(", ", intervals.Select(interval => zone.Show([interval]) + (interval.Reason is null ? "" : " " + interval.Reason)));
    }
}
