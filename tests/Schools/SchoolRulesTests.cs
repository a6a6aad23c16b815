using NodaTime;
using Realtime.Journal;
using Realtime.Schools;

namespace Realtime.Tests.Schools;

/// <summary>What a table tells, and what the audit holds it against.</summary>
public sealed class SchoolRulesTests
{
    private static readonly SchoolYear First = new(SchoolZone.A, "2025-2026", [new("2025-10-18", "2025-11-02"), new("2026-07-04", "2026-08-31")]);
    private static readonly SchoolYear Second = new(SchoolZone.A, "2026-2027", [new("2026-10-17", "2026-11-01"), new("2027-07-03", null)]);
    private static readonly SchoolYear Fourth = new(SchoolZone.A, "2028-2029", [new("2028-10-21", "2028-11-05"), new("2028-12-23", "2029-01-07")]);

    [Theory]
    [InlineData("2025-10-17", null)]
    [InlineData("2025-10-18", true)]
    [InlineData("2025-11-02", true)]
    [InlineData("2025-11-03", false)]
    [InlineData("2026-08-31", true)]
    [InlineData("2026-09-01", false)]
    [InlineData("2026-10-17", true)]
    [InlineData("2027-07-02", false)]
    // The summer begins and nobody has said when it ends; a year is missing; the last one ends.
    [InlineData("2027-07-03", null)]
    [InlineData("2028-10-20", null)]
    [InlineData("2028-10-21", true)]
    [InlineData("2028-12-01", false)]
    [InlineData("2029-01-07", true)]
    [InlineData("2029-01-08", null)]
    public void A_day_is_told_between_the_first_and_the_last_holiday_of_years_that_follow_each_other(string date, bool? expected)
    {
        var calendars = SchoolRules.Compile(new SchoolTable([Fourth, First, Second]));
        Assert.Equal(expected, calendars[SchoolZone.A].IsHoliday(NodaTime.Text.LocalDatePattern.Iso.Parse(date).Value));
        Assert.False(calendars.ContainsKey(SchoolZone.B));
    }

    [Fact]
    public void A_year_stated_again_replaces_itself_alone_and_what_is_known_is_no_news()
    {
        var table = SchoolRules.Evolve(SchoolRules.Evolve(SchoolTable.Empty, new([First, Second])), new([Second with { Breaks = [new("2026-10-18", "2026-11-02")] }]));
        Assert.Equal([First.Breaks.Length, 1], table.Years.Select(year => year.Breaks.Length));
        Assert.Empty(SchoolRules.News(table, [First]));
        Assert.Equal([Second], SchoolRules.News(table, [First, Second]));
    }

    [Fact]
    public void The_table_is_computed_anew_from_its_rows_and_a_holiday_that_nobody_stated_is_not_in_it()
    {
        var facts = SchoolFacts.All.Begin("school/all")!;
        SchoolYearsStated[] happened = [new([First]), new([Second])];
        for (var i = 0; i < happened.Length; i++)
        {
            var (kind, version, payload) = SchoolJson.Write(happened[i]);
            facts.Take(new JournalRow("school/all", i + 1, 1, i + 1, Instant.FromUtc(2026, 11, 23, 11, 0), new JournalEvent(kind, version, "operator", "test", payload), default));
        }
        var (seq, written) = facts.Written()!.Value;
        Assert.Equal(2, seq);
        Assert.Equal(written, facts.InTodaysWords(SchoolJson.WriteTable(new SchoolTable([First, Second]))));
        Assert.NotEqual(written, facts.InTodaysWords(SchoolJson.WriteTable(new SchoolTable([First, Second with { Breaks = [] }]))));
        Assert.Throws<InvalidOperationException>(() => SchoolJson.Read("school.stated", 2, "{}"u8));
    }
}
