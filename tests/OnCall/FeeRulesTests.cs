using NodaTime;
using NodaTime.Text;
using Realtime.Hours;
using Realtime.OnCall;

namespace Realtime.Tests.OnCall;

public sealed class FeeRulesTests
{
    private static readonly Zone Paris = Zones.Of("75056", null)!;

    // Cents for one prescription, worked out by hand from the tariffs:
    // from 2006: night 21–7 6 €, Sunday or holiday 4 €, day 2 €; from 2012, 2018, 2019: night 20–8 8 €, 5 €, 2 €; from 2025: night 10 €, of which 0–6 20 €, 6 €, 2 €.
    [Theory]
    //                                      00:00  05:59:59 06:00  07:00  07:59:59 08:00  19:59:59 20:00 21:00
    [InlineData("2010-03-09 weekday 2006", new[] { 600, 600, 600, 200, 200, 200, 200, 200, 600 })]
    [InlineData("2010-03-07 Sunday  2006", new[] { 600, 600, 600, 400, 400, 400, 400, 400, 600 })]
    [InlineData("2010-07-14 holiday 2006", new[] { 600, 600, 600, 400, 400, 400, 400, 400, 600 })]
    [InlineData("2015-03-10 weekday 2012", new[] { 800, 800, 800, 800, 800, 200, 200, 800, 800 })]
    [InlineData("2015-03-08 Sunday  2012", new[] { 800, 800, 800, 800, 800, 500, 500, 800, 800 })]
    [InlineData("2015-07-14 holiday 2012", new[] { 800, 800, 800, 800, 800, 500, 500, 800, 800 })]
    [InlineData("2018-09-11 weekday 2018", new[] { 800, 800, 800, 800, 800, 200, 200, 800, 800 })]
    [InlineData("2018-09-09 Sunday  2018", new[] { 800, 800, 800, 800, 800, 500, 500, 800, 800 })]
    [InlineData("2018-11-01 holiday 2018", new[] { 800, 800, 800, 800, 800, 500, 500, 800, 800 })]
    [InlineData("2022-03-08 weekday 2019", new[] { 800, 800, 800, 800, 800, 200, 200, 800, 800 })]
    [InlineData("2022-03-06 Sunday  2019", new[] { 800, 800, 800, 800, 800, 500, 500, 800, 800 })]
    [InlineData("2022-07-14 holiday 2019", new[] { 800, 800, 800, 800, 800, 500, 500, 800, 800 })]
    [InlineData("2026-03-10 weekday 2025", new[] { 2000, 2000, 1000, 1000, 1000, 200, 200, 1000, 1000 })]
    [InlineData("2026-03-08 Sunday  2025", new[] { 2000, 2000, 1000, 1000, 1000, 600, 600, 1000, 1000 })]
    [InlineData("2026-07-14 holiday 2025", new[] { 2000, 2000, 1000, 1000, 1000, 600, 600, 1000, 1000 })]
    public void Fees_are_those_of_the_table_in_force(string day, int[] cents)
    {
        string[] times = ["00:00:00", "05:59:59", "06:00:00", "07:00:00", "07:59:59", "08:00:00", "19:59:59", "20:00:00", "21:00:00"];
        var date = LocalDatePattern.Iso.Parse(day[..10]).Value;
        var isHoliday = PublicHolidays.IsHoliday(date, Paris.Holidays);
        Assert.Equal(day[11..18].Trim(), isHoliday ? "holiday" : date.DayOfWeek == IsoDayOfWeek.Sunday ? "Sunday" : "weekday");
        Assert.Equal(day[19..], FeeTables.On(date)!.From.Year.ToString(null, null));
        Assert.Equal(cents, times.Select(time => FeeRules.TariffCentsAt(At($"{day[..10]} {time}"), Paris)!.Value));
    }

    [Theory]
    [InlineData("2006-08-31 23:59:59", null, null)]
    [InlineData("2006-09-01 00:00:00", PeriodClass.Night, 600)]
    [InlineData("2012-11-06 20:30:00", PeriodClass.Day, 200)]
    [InlineData("2012-11-06 23:59:59", PeriodClass.Night, 600)]
    [InlineData("2012-11-07 00:00:00", PeriodClass.Night, 800)]
    [InlineData("2012-11-07 07:30:00", PeriodClass.Night, 800)]
    [InlineData("2025-01-07 23:59:59", PeriodClass.Night, 800)]
    [InlineData("2025-01-08 00:00:00", PeriodClass.DeepNight, 2000)]
    // A Sunday night is a night, and so are both ends of it.
    [InlineData("2026-03-08 20:00:00", PeriodClass.Night, 1000)]
    [InlineData("2026-03-09 07:59:59", PeriodClass.Night, 1000)]
    public void Tables_change_at_midnight_and_classes_at_their_hours(string local, PeriodClass? period, int? cents) =>
        Assert.Equal((period, cents), (FeeRules.ClassAt(At(local), Paris), FeeRules.TariffCentsAt(At(local), Paris)));

    [Theory]
    [InlineData("2012-11-06", 7_500)]
    [InlineData("2012-11-07", 15_000)]
    [InlineData("2018-06-13", 15_000)]
    [InlineData("2018-06-14", 17_500)]
    [InlineData("2018-12-31", 17_500)]
    [InlineData("2019-01-01", 19_000)]
    [InlineData("2025-01-07", 19_000)]
    [InlineData("2025-01-08", 20_000)]
    public void Nights_and_Sundays_and_holidays_earn_an_indemnity_and_other_days_none(string date, int cents)
    {
        var table = FeeTables.On(LocalDatePattern.Iso.Parse(date).Value)!;
        Assert.Equal([cents, cents, 0], new[] { OnCallKind.Night, OnCallKind.SundayOrHoliday, OnCallKind.Day }.Select(table.IndemnityOf));
    }

    [Fact]
    public void Nothing_is_due_off_the_roster_nor_within_own_hours()
    {
        var night = At("2026-03-10 23:00:00");
        Assert.Equal(new FeeDue(1000, null), FeeRules.DueAt(night, Paris, onRoster: true, ServiceState.Closed));
        Assert.Equal(new FeeDue(1000, null), FeeRules.DueAt(night, Paris, onRoster: true, ServiceState.Unknown));
        Assert.Equal(new FeeDue(0, FeeReason.OwnHours), FeeRules.DueAt(night, Paris, onRoster: true, ServiceState.Open));
        Assert.Equal(new FeeDue(0, FeeReason.NotOnRoster), FeeRules.DueAt(night, Paris, onRoster: false, ServiceState.Open));
        Assert.Equal(new FeeDue(0, FeeReason.NotOnRoster), FeeRules.DueAt(night, Paris, onRoster: false, ServiceState.Closed));
        Assert.Equal(new FeeDue(0, FeeReason.NoTariff), FeeRules.DueAt(At("2005-03-10 23:00:00"), Paris, onRoster: true, ServiceState.Closed));
    }

    [Fact]
    public void The_clock_and_the_calendar_are_those_of_the_place()
    {
        var reunion = Zones.Of("97411", null)!;
        // 17:30 in Paris is 20:30 in Réunion in winter, and 20 December 2027 is a holiday there alone.
        var evening = At("2027-12-20 17:30:00");
        Assert.Equal((PeriodClass.Day, PeriodClass.Night), (FeeRules.ClassAt(evening, Paris), FeeRules.ClassAt(evening, reunion)));
        Assert.Equal((PeriodClass.Day, PeriodClass.SundayOrHoliday), (FeeRules.ClassAt(At("2027-12-20 12:00:00"), Paris), FeeRules.ClassAt(At("2027-12-20 12:00:00"), reunion)));
    }

    private static Instant At(string local) => LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:ss").Parse(local).Value.InZoneStrictly(Paris.Time).ToInstant();
}
