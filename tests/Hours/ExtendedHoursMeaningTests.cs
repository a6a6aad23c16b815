using NodaTime;
using Realtime.Hours;
using static Realtime.Tests.Hours.Place;

namespace Realtime.Tests.Hours;

/// <summary>What states, comments, fallbacks, open ends, Easter and school holidays mean, on days of which 2026-11-23 is a Monday without anything special.</summary>
public sealed class ExtendedHoursMeaningTests
{
    private static readonly Zone Told = Paris with
    {
        Schools = new(
            [new DateInterval(new LocalDate(2026, 10, 17), new LocalDate(2026, 11, 1))],
            [new DateInterval(new LocalDate(2026, 10, 17), new LocalDate(2026, 12, 18))]),
    };

    [Theory]
    [InlineData("Mo 09:00-12:00 open", "23 09:00-12:00")]
    [InlineData("Mo 09:00-12:00 unknown", "23 09:00-12:00 Unknown (horaires à confirmer)")]
    [InlineData("unknown", "23 00:00-24 00:00 Unknown (horaires à confirmer)")]
    [InlineData("Mo 09:00-12:00 \"sur rendez-vous\"", "23 09:00-12:00 Unknown (sur rendez-vous)")]
    [InlineData("\"sur rendez-vous\"", "23 00:00-24 00:00 Unknown (sur rendez-vous)")]
    [InlineData("Mo 09:00-12:00 unknown \" sur rendez-vous \"", "23 09:00-12:00 Unknown (sur rendez-vous)")]
    [InlineData("Mo 09:00-12:00 open \"par la cour\"", "23 09:00-12:00 (par la cour)")]
    [InlineData("24/7 open \"automate\"", "23 00:00-24 00:00 (automate)")]
    [InlineData("24/7 \"travaux\"", "23 00:00-24 00:00 Unknown (travaux)")]
    [InlineData("Mo-Fr 09:00-12:00; Mo off \"inventaire\"", "")]
    // A later rule of the same day covers what it speaks of, in the order of the text.
    [InlineData("Mo 09:00-18:00, Mo 12:00-14:00 \"selon affluence\"", "23 09:00-12:00, 23 12:00-14:00 Unknown (selon affluence), 23 14:00-18:00")]
    [InlineData("Mo 12:00-14:00 unknown, Mo 09:00-18:00", "23 09:00-18:00")]
    [InlineData("Mo 09:00-18:00; Mo 12:00-14:00 unknown", "23 12:00-14:00 Unknown (horaires à confirmer)")]
    [InlineData("Mo 09:00-18:00; 12:00-14:00 unknown", "23 09:00-12:00, 23 12:00-14:00 Unknown (horaires à confirmer), 23 14:00-18:00")]
    [InlineData("Mo 09:00-18:00, Mo 10:00-16:00 \"a\", Mo 12:00-14:00 off", "23 09:00-10:00, 23 10:00-12:00 Unknown (a), 23 14:00-16:00 Unknown (a), 23 16:00-18:00")]
    public void A_state_and_a_comment_are_shown_with_their_reason(string hours, string expected) => Assert.Equal(expected, Paris.Show(hours, "2026-11-23", reasons: true));

    [Theory]
    [InlineData("Mo-Fr 09:00-12:00; Mo off \"inventaire\"", "2026-11-23 10:00", "inventaire")]
    [InlineData("Mo-Fr 09:00-18:00; 12:00-14:00 off \"pause\"", "2026-11-23 13:00", "pause")]
    [InlineData("Mo-Fr 09:00-18:00; 12:00-14:00 off \"pause\"", "2026-11-23 20:00", null)]
    [InlineData("Mo off \"a\"; Mo off", "2026-11-23 13:00", null)]
    [InlineData("Mo 09:00-12:00 || off \"voir affiche\"", "2026-11-23 13:00", "voir affiche")]
    public void A_closed_door_says_why(string hours, string at, string? reason)
    {
        var status = new Schedule(Paris, OpeningHours.Parse(hours), [], null).StatusAt(Paris.At(at));
        Assert.Equal((ServiceState.Closed, reason), (status.State, status.Reason));
    }

    [Fact]
    public void A_comment_on_open_hours_is_the_reason_of_an_open_door()
    {
        var status = new Schedule(Paris, OpeningHours.Parse("Mo 09:00-12:00 open \"par la cour\""), [], null).StatusAt(Paris.At("2026-11-23 10:00"));
        Assert.Equal((ServiceState.Open, Access.WalkIn, "par la cour", Paris.At("2026-11-23 12:00")), (status.State, status.Access, status.Reason, status.Until));
    }

    [Theory]
    [InlineData("Mo 09:00-12:00 || \"appeler\"", "23 00:00-09:00 Unknown (appeler), 23 09:00-12:00, 23 12:00-24 00:00 Unknown (appeler)")]
    [InlineData("Mo 09:00-12:00 || Mo 11:00-14:00 unknown || Mo 13:00-15:00 open", "23 09:00-12:00, 23 12:00-14:00 Unknown (horaires à confirmer), 23 14:00-15:00")]
    // An off leaves the door shut, and so the fallback speaks.
    [InlineData("Mo off || Mo 09:00-12:00 open", "23 09:00-12:00")]
    [InlineData("Mo 09:00-12:00 unknown || Mo 08:00-13:00", "23 08:00-09:00, 23 09:00-12:00 Unknown (horaires à confirmer), 23 12:00-13:00")]
    // What follows a fallback after a semicolon replaces again; what follows after a comma is one too.
    [InlineData("Mo 09:00-12:00 || \"appeler\"; Mo 10:00-11:00", "23 10:00-11:00")]
    [InlineData("Mo 09:00-12:00 || Mo 11:00-13:00 \"a\", Mo 08:00-14:00", "23 08:00-12:00, 23 12:00-13:00 Unknown (a), 23 13:00-14:00")]
    [InlineData("Mo 05:00-07:00 || Su 22:00-06:00 unknown", "23 00:00-05:00 Unknown (horaires à confirmer), 23 05:00-07:00")]
    public void A_fallback_speaks_where_all_before_it_leave_the_door_shut(string hours, string expected) => Assert.Equal(expected, Paris.Show(hours, "2026-11-23", reasons: true));

    [Theory]
    [InlineData("Mo 18:00+", "23 18:00-24 04:00 Unknown (heure de fermeture non précisée)")]
    [InlineData("Mo 10:00+", "23 10:00-24 00:00 Unknown (heure de fermeture non précisée)")]
    [InlineData("Mo 22:00+", "23 22:00-24 06:00 Unknown (heure de fermeture non précisée)")]
    [InlineData("Mo 00:00+", "23 00:00-24 00:00 Unknown (heure de fermeture non précisée)")]
    [InlineData("Mo 10:00-14:00+", "23 10:00-14:00, 23 14:00-24 00:00 Unknown (heure de fermeture non précisée)")]
    [InlineData("Mo 10:00-19:00+ open \"par la cour\"", "23 10:00-19:00 (par la cour), 23 19:00-24 05:00 Unknown (par la cour)")]
    [InlineData("Mo 22:00-02:00+", "23 22:00-24 02:00, 24 02:00-10:00 Unknown (heure de fermeture non précisée)")]
    [InlineData("Mo 07:00+,12:00-16:00", "23 07:00-12:00 Unknown (heure de fermeture non précisée), 23 12:00-16:00")]
    [InlineData("Mo 18:00+,22:00-23:00", "23 18:00-22:00 Unknown (heure de fermeture non précisée), 23 22:00-23:00")]
    [InlineData("Mo 10:00-20:00; Mo 18:00+ off", "23 10:00-18:00")]
    public void An_open_end_is_unknown_for_as_long_as_is_guessed(string hours, string expected) => Assert.Equal(expected, Paris.Show(hours, "2026-11-23", 2, reasons: true));

    [Theory]
    // Easter is 5 April 2026, 28 March 2027 and 16 April 2028.
    [InlineData("easter 09:00-12:00", "2026-04-05", "05 09:00-12:00")]
    [InlineData("easter 09:00-12:00", "2027-03-28", "28 09:00-12:00")]
    [InlineData("easter 09:00-12:00", "2026-04-06", "")]
    [InlineData("easter +1 day 09:00-12:00", "2026-04-06", "06 09:00-12:00")]
    [InlineData("easter -2 days 09:00-12:00", "2026-04-03", "03 09:00-12:00")]
    [InlineData("easter +39 days 09:00-12:00", "2026-05-14", "14 09:00-12:00")]
    [InlineData("Jan 01,easter +1 day,Dec 25 09:00-12:00", "2026-04-06", "06 09:00-12:00")]
    [InlineData("Jan 01,easter +1 day,Dec 25 09:00-12:00", "2026-12-25", "25 09:00-12:00")]
    [InlineData("easter -2 days-easter +1 day 09:00-12:00", "2026-04-03", "03 09:00-12:00")]
    [InlineData("easter -2 days-easter +1 day 09:00-12:00", "2026-04-06", "06 09:00-12:00")]
    [InlineData("easter -2 days-easter +1 day 09:00-12:00", "2026-04-07", "")]
    [InlineData("Mar 15-easter 09:00-12:00", "2026-04-05", "05 09:00-12:00")]
    [InlineData("Mar 15-easter 09:00-12:00", "2026-03-14", "")]
    [InlineData("easter-Oct 31 09:00-12:00", "2026-10-31", "31 09:00-12:00")]
    [InlineData("easter-Oct 31 09:00-12:00", "2026-04-04", "")]
    [InlineData("Nov 01-easter 09:00-12:00", "2027-02-01", "01 09:00-12:00")]
    [InlineData("Nov 01-easter 09:00-12:00", "2026-11-01", "01 09:00-12:00")]
    [InlineData("Nov 01-easter 09:00-12:00", "2026-04-06", "")]
    [InlineData("2026 easter +1 day 09:00-12:00", "2026-04-06", "06 09:00-12:00")]
    [InlineData("2026 easter +1 day 09:00-12:00", "2027-03-29", "")]
    [InlineData("24/7; easter -2 days-easter +1 day off", "2026-04-04", "")]
    public void Easter_moves_with_its_year(string hours, string day, string expected) => Assert.Equal(expected, Paris.Show(hours, day));

    [Theory]
    [InlineData("Mo-Sa 09:00-19:00; SH 10:00-12:00", "2026-10-19", "19 10:00-12:00")]
    [InlineData("Mo-Sa 09:00-19:00; SH 10:00-12:00", "2026-11-02", "02 09:00-19:00")]
    [InlineData("Mo-Sa 09:00-19:00; SH off", "2026-10-19", "")]
    [InlineData("Mo-Sa 09:00-19:00; SH Sa off", "2026-10-19", "19 09:00-19:00")]
    [InlineData("Mo-Sa 09:00-19:00; SH Sa off", "2026-10-24", "")]
    [InlineData("PH,SH 10:00-12:00", "2026-11-11", "11 10:00-12:00")]
    [InlineData("SH,PH 10:00-12:00", "2026-10-19", "19 10:00-12:00")]
    [InlineData("Su,SH 10:00-12:00", "2026-11-22", "22 10:00-12:00")]
    [InlineData("SH,Su 10:00-12:00", "2026-11-23", "")]
    public void School_holidays_are_those_of_the_table(string hours, string day, string expected) => Assert.Equal(expected, Told.Show(hours, day));

    [Theory]
    // The table ends on 18 December, and without a table nothing is told.
    [InlineData("Mo-Sa 09:00-19:00; SH 10:00-12:00", "21 00:00-22 00:00 Unknown (vacances scolaires, horaires à confirmer)")]
    [InlineData("Mo-Sa 09:00-19:00; SH Sa off", "21 09:00-19:00")]
    [InlineData("SH off; Mo 09:00-19:00", "21 09:00-19:00")]
    [InlineData("Mo 09:00-19:00; SH,Mo off", "")]
    [InlineData("Mo 09:00-19:00; Jul SH off", "21 09:00-19:00")]
    public void A_day_that_school_holidays_govern_and_no_table_tells_is_unknown(string hours, string expected)
    {
        Assert.Equal(expected, Told.Show(hours, "2026-12-21", reasons: true));
        Assert.Equal(expected, Paris.Show(hours, "2026-12-21", reasons: true));
    }

    [Fact]
    public void The_night_of_such_a_day_is_unknown_to_its_end() => Assert.Equal(
        "23 00:00-24 06:00 Unknown, 24 08:00-12:00", Paris.Show("Tu 08:00-12:00; SH Mo 22:00-06:00", "2026-11-23", 2));

    [Fact]
    public void School_holidays_say_nothing_of_public_ones()
    {
        var hours = OpeningHours.Parse("Mo-Sa 09:00-19:00; SH off");
        Assert.False(hours.SpeaksOfHolidays);
        Assert.Equal("jour férié, horaires à confirmer", new Schedule(Told, hours, [], null).StatusAt(Paris.At("2026-11-11 10:00")).Reason);
    }
}
