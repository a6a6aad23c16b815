using static Realtime.Tests.Hours.Place;

namespace Realtime.Tests.Hours;

/// <summary>What texts mean, on days of which 2026-11-23 is a Monday without anything special.</summary>
public sealed class OpeningHoursMeaningTests
{
    [Theory]
    [InlineData("Mo-Fr 08:30-12:30,14:00-19:30", "23 08:30-12:30, 23 14:00-19:30")]
    [InlineData("Tu-Fr 08:30-12:30", "")]
    [InlineData("Sa-Mo 09:00-10:00", "23 09:00-10:00")]
    [InlineData("Tu-Su 09:00-10:00", "")]
    [InlineData("We,Mo 09:00-10:00", "23 09:00-10:00")]
    [InlineData("24/7", "23 00:00-24 00:00")]
    [InlineData("24/7 off", "")]
    [InlineData("24/7; Mo off", "")]
    [InlineData("Mo", "23 00:00-24 00:00")]
    [InlineData("Mo 00:00-00:00", "23 00:00-24 00:00")]
    [InlineData("Mo 09:00-12:00,10:00-14:00,14:00-15:00", "23 09:00-15:00")]
    public void A_weekday_rule_matches_its_days(string hours, string expected) => Assert.Equal(expected, Paris.Show(hours, "2026-11-23"));

    [Theory]
    [InlineData("2026 Mo 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("2025 Mo 09:00-12:00", "2026-11-23", "")]
    [InlineData("2024-2026: Mo 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("2024-2030/2 Mo 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("2025-2031/2 Mo 09:00-12:00", "2026-11-23", "")]
    [InlineData("2024,2026 Mo 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("2027+ Mo 09:00-12:00", "2026-11-23", "")]
    [InlineData("2020+ Mo 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("Mo-Fr 09:00-12:00; 2026 Nov 23-27 off", "2026-11-23", "")]
    [InlineData("Mo-Fr 09:00-12:00; 2025 Nov 23-27 off", "2026-11-23", "23 09:00-12:00")]
    [InlineData("Tu 09:00-12:00, 2026 Mo 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("2026 Nov 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("2026 Oct-Dec Mo 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("2026 Nov Mo[4] 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("2026 22:00-06:00; 2027 off", "2026-12-31", "31 00:00-06:00, 31 22:00-01 00:00")]
    public void A_year_is_that_of_the_day_on_which_a_span_starts(string hours, string day, string expected) => Assert.Equal(expected, Paris.Show(hours, day, hours.Contains("2027 off", StringComparison.Ordinal) ? 2 : 1));

    [Theory]
    // 23 November 2026 is the fourth Monday of its month, and the last but one.
    [InlineData("Mo[4] 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("Mo[3] 09:00-12:00", "2026-11-23", "")]
    [InlineData("Mo[-2] 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("Mo[-1] 09:00-12:00", "2026-11-23", "")]
    [InlineData("Mo[-1] 09:00-12:00", "2026-11-30", "30 09:00-12:00")]
    [InlineData("Mo[1,5] 09:00-12:00", "2026-11-30", "30 09:00-12:00")]
    [InlineData("mo [ 2 - 4 ] 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("Tu[4],Mo 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("Tu[4],Sa,Mo[1] 09:00-12:00", "2026-11-23", "")]
    [InlineData("Mo-Fr 09:00-12:00; Mo[4] off", "2026-11-23", "")]
    [InlineData("Nov Mo[4] 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("Nov Mo[1,4],Tu[2] 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("Dec Mo[1,4],Tu[2] 09:00-12:00", "2026-11-23", "")]
    [InlineData("Feb Sa[-1] 09:00-12:00", "2028-02-26", "26 09:00-12:00")]
    [InlineData("Feb Tu[5] 09:00-12:00", "2028-02-29", "29 09:00-12:00")]
    [InlineData("PH,Mo[1] 09:00-12:00", "2026-11-11", "11 09:00-12:00")]
    public void An_nth_weekday_is_counted_from_either_end_of_its_month(string hours, string day, string expected) => Assert.Equal(expected, Paris.Show(hours, day));

    [Theory]
    // 23 November 2026 begins week 48, and 30 November week 49.
    [InlineData("week 48 Mo 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("week 48: Mo 09:00-12:00", "2026-11-30", "")]
    [InlineData("week 10-47,49-53 Mo 09:00-12:00", "2026-11-23", "")]
    [InlineData("WEEK 2-52/2 Mo 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("week 1-53/2 Mo 09:00-12:00", "2026-11-30", "30 09:00-12:00")]
    [InlineData("Mo 09:00-12:00; week 48 off", "2026-11-23", "")]
    [InlineData("week 48 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("Nov week 48 Mo 09:00-12:00", "2026-11-23", "23 09:00-12:00")]
    [InlineData("Dec week 48 Mo 09:00-12:00", "2026-11-23", "")]
    // The last days of 2024 lie in week 1 of 2025, and the first of 2027 in week 53 of 2026.
    [InlineData("week 1 Mo 09:00-12:00", "2024-12-30", "30 09:00-12:00")]
    [InlineData("week 53 Fr 09:00-12:00; PH Fr 09:00-12:00", "2027-01-01", "01 09:00-12:00")]
    public void A_week_is_that_of_ISO_8601(string hours, string day, string expected) => Assert.Equal(expected, Paris.Show(hours, day));

    [Theory]
    [InlineData("Mo 22:00-06:00", "23 22:00-24 06:00")]
    [InlineData("Mo 22:00-30:00", "23 22:00-24 06:00")]
    [InlineData("Mo 22:00-00:00", "23 22:00-24 00:00")]
    [InlineData("Mo 10:00-10:00", "23 10:00-24 10:00")]
    [InlineData("Mo 22:00-48:00", "23 22:00-25 00:00")]
    public void A_span_past_midnight_belongs_to_the_day_it_starts(string hours, string expected) => Assert.Equal(expected, Paris.Show(hours, "2026-11-22", 4));

    [Theory]
    // The last rule of the day stands alone, whatever came before it.
    [InlineData("Mo-Fr 09:00-18:00; Mo 10:00-12:00", "23 10:00-12:00, 24 09:00-18:00")]
    [InlineData("Mo 10:00-12:00; Mo-Fr 09:00-18:00", "23 09:00-18:00, 24 09:00-18:00")]
    [InlineData("Mo-Fr 09:00-18:00; Mo off", "24 09:00-18:00")]
    [InlineData("Mo-Fr 09:00-18:00; Mo off; Mo 10:00-12:00", "23 10:00-12:00, 24 09:00-18:00")]
    // With what the replaced day runs past midnight.
    [InlineData("Mo 22:00-06:00; Mo 10:00-12:00", "23 10:00-12:00")]
    [InlineData("Mo 22:00-06:00; Mo off", "")]
    // With what an earlier rule spills into it.
    [InlineData("Mo 22:00-06:00; Tu 10:00-12:00", "23 22:00-24 00:00, 24 10:00-12:00")]
    [InlineData("Mo 22:00-06:00; Tu off", "23 22:00-24 00:00")]
    // A night that a later rule starts is not touched by an earlier one.
    [InlineData("Tu 10:00-12:00; Mo 22:00-06:00", "23 22:00-24 06:00, 24 10:00-12:00")]
    public void The_last_matching_rule_after_a_semicolon_replaces_the_whole_day(string hours, string expected) =>
        Assert.Equal(expected, Paris.Show(hours, "2026-11-23", 2));

    [Theory]
    [InlineData("Mo-Fr 09:00-12:00, Mo 14:00-18:00", "23 09:00-12:00, 23 14:00-18:00, 24 09:00-12:00")]
    [InlineData("Mo 22:00-06:00, Tu 10:00-12:00", "23 22:00-24 06:00, 24 10:00-12:00")]
    [InlineData("Mo off, Tu 10:00-12:00", "24 10:00-12:00")]
    [InlineData("Mo-Fr 09:00-18:00, Mo off", "24 09:00-18:00")]
    [InlineData("Mo 09:00-18:00; 10:00-12:00", "23 09:00-18:00, 24 10:00-12:00")]
    public void A_rule_after_a_comma_adds(string hours, string expected) => Assert.Equal(expected, Paris.Show(hours, "2026-11-23", 2));

    [Theory]
    [InlineData("Mo-Fr 08:00-20:00; 12:00-14:00 off", "23 08:00-12:00, 23 14:00-20:00")]
    [InlineData("Mo-Fr 08:00-20:00; Mo 19:00-21:00 off", "23 08:00-19:00")]
    [InlineData("Mo 08:00-10:00,11:00-13:00; Mo 09:00-12:00 off", "23 08:00-09:00, 23 12:00-13:00")]
    public void Off_with_times_cuts_them_out(string hours, string expected) => Assert.Equal(expected, Paris.Show(hours, "2026-11-23"));

    [Theory]
    [InlineData("Jun-Aug 09:00-10:00", "2026-08-31", "31 09:00-10:00")]
    [InlineData("Nov-Feb 09:00-10:00", "2026-02-28", "28 09:00-10:00")]
    [InlineData("Dec 24-Jan 02 09:00-10:00", "2026-12-31", "31 09:00-10:00, 01 09:00-10:00")]
    [InlineData("Dec 24-Jan 02 09:00-10:00", "2027-01-02", "02 09:00-10:00")]
    [InlineData("Dec 24-Jan 02 09:00-10:00", "2026-12-22", "")]
    [InlineData("Dec 24-26,31 09:00-10:00", "2026-12-26", "26 09:00-10:00")]
    [InlineData("Jan,Nov 23 09:00-10:00", "2026-11-23", "23 09:00-10:00")]
    [InlineData("Nov Tu 09:00-10:00", "2026-11-23", "24 09:00-10:00")]
    [InlineData("Nov 23 Tu 09:00-10:00", "2026-11-23", "")]
    [InlineData("Feb 29 09:00-10:00", "2028-02-28", "29 09:00-10:00")]
    [InlineData("Feb 29 09:00-10:00", "2027-02-28", "")]
    [InlineData("Feb 20-28 09:00-10:00", "2027-02-28", "28 09:00-10:00")]
    [InlineData("Dec 01-Feb 29 09:00-10:00", "2027-02-28", "28 09:00-10:00")]
    public void Months_and_dates_select_their_days(string hours, string date, string expected) => Assert.Equal(expected, Paris.Show(hours, date, 2));

    [Theory]
    // 2026-12-25 is a Friday and a public holiday everywhere; the day after it is one in Strasbourg only.
    [InlineData("Mo-Sa 09:00-10:00", "25 09:00-10:00, 26 09:00-10:00")]
    [InlineData("Mo-Sa 09:00-10:00; PH off", "")]
    [InlineData("PH off; Mo-Sa 09:00-10:00", "25 09:00-10:00, 26 09:00-10:00")]
    [InlineData("Mo-Sa 09:00-10:00; PH 11:00-12:00", "25 11:00-12:00, 26 11:00-12:00")]
    [InlineData("PH,Su 09:00-10:00", "25 09:00-10:00, 26 09:00-10:00")]
    [InlineData("Su,PH 09:00-10:00", "25 09:00-10:00, 26 09:00-10:00")]
    [InlineData("PH Sa 09:00-10:00", "26 09:00-10:00")]
    [InlineData("Dec PH 09:00-10:00", "25 09:00-10:00, 26 09:00-10:00")]
    [InlineData("Jan PH 09:00-10:00", "")]
    public void PH_matches_the_holidays_of_the_zone(string hours, string expected) => Assert.Equal(expected, Strasbourg.Show(hours, "2026-12-25", 2));

    [Fact]
    public void The_same_text_follows_another_calendar_elsewhere() => Assert.Equal("26 09:00-10:00", Paris.Show("Mo-Sa 09:00-10:00; PH off", "2026-12-25", 2));

    [Theory]
    // In the night to 29 March 2026 the clocks of Paris jump from 02:00 to 03:00.
    [InlineData("Sa 20:00-08:00", 11 * 60)]
    [InlineData("Sa 20:00-26:30", 6 * 60 + 30)]
    [InlineData("Su 02:30-04:00", 30)]
    [InlineData("Su 02:15-02:45", 30)]
    [InlineData("Su 02:30-03:10", 0)]
    [InlineData("Su 02:00-03:00", 0)]
    [InlineData("Su 02:45-03:15,03:05-03:20,02:10-02:40", 35)]
    public void A_skipped_time_moves_forward_by_the_gap(string hours, int minutes) => Assert.Equal(minutes, OpenMinutes(hours, "2026-03-28"));

    [Theory]
    // In the night to 25 October 2026 they show the hour from 02:00 to 03:00 twice.
    [InlineData("Sa 20:00-08:00", 13 * 60)]
    [InlineData("Sa 20:00-26:30", 6 * 60 + 30)]
    [InlineData("Su 02:30-04:00", 150)]
    [InlineData("Su 02:15-02:45", 30)]
    public void A_repeated_time_is_its_first_showing(string hours, int minutes) => Assert.Equal(minutes, OpenMinutes(hours, "2026-10-24"));

    private static double OpenMinutes(string hours, string saturday)
    {
        var from = Paris.At(saturday + " 00:00");
        var intervals = Realtime.Hours.Schedule.Literal(Realtime.Hours.OpeningHours.Parse(hours), Paris, from, from + NodaTime.Duration.FromDays(3));
        Assert.All(intervals, interval => Assert.True(interval.Start < interval.End));
        Assert.All(intervals.Zip(intervals.Skip(1)), pair => Assert.True(pair.First.End < pair.Second.Start));
        return intervals.Sum(interval => (interval.End - interval.Start).TotalMinutes);
    }
}
