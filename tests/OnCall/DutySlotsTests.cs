using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;

namespace Realtime.Tests.OnCall;

public sealed class DutySlotsTests
{
    private static readonly Zone Paris = Zones.Of("75056", null)!;
    private static readonly Zone Reunion = Zones.Of("97411", null)!;
    private static readonly Zone Metz = Zones.Of("57463", null)!;

    [Theory]
    [InlineData("2026-06-05", 12)]
    [InlineData("2026-03-28", 11)]
    [InlineData("2026-10-24", 13)]
    public void A_night_runs_from_eight_to_eight_by_the_clock(string date, int hours)
    {
        var slot = Assert.Single(Of(OnCallKind.Night, date, 1, Paris));
        Assert.Equal(Duration.FromHours(hours), slot.End - slot.Start);
        Assert.Equal((new LocalTime(20, 0), new LocalTime(8, 0)), (Local(slot.Start, Paris), Local(slot.End, Paris)));
    }

    [Fact]
    public void A_Sunday_that_is_a_holiday_is_one_period()
    {
        Assert.Single(Of(OnCallKind.SundayOrHoliday, "2026-11-01", 1, Paris));
        Assert.Single(Of(OnCallKind.SundayOrHoliday, "2026-12-20", 1, Reunion));
        Assert.Empty(Of(OnCallKind.Day, "2026-12-20", 1, Reunion));
    }

    [Fact]
    public void A_year_has_a_night_for_every_date_and_a_day_of_either_kind()
    {
        // 52 Sundays in 2026 and 11 holidays, of which 1 November alone is a Sunday.
        Assert.Equal(365, Of(OnCallKind.Night, "2026-01-01", 365, Paris).Count);
        Assert.Equal(52 + 11 - 1, Of(OnCallKind.SundayOrHoliday, "2026-01-01", 365, Paris).Count);
        Assert.Equal(365 - 62, Of(OnCallKind.Day, "2026-01-01", 365, Paris).Count);
    }

    [Fact]
    public void A_holiday_is_one_of_the_zone_alone()
    {
        Assert.Single(Of(OnCallKind.SundayOrHoliday, "2026-04-03", 1, Metz));
        Assert.Empty(Of(OnCallKind.SundayOrHoliday, "2026-04-03", 1, Paris));
        Assert.Single(Of(OnCallKind.Day, "2026-04-03", 1, Paris));
    }

    [Fact]
    public void A_sector_has_the_periods_that_it_organises_by_start_and_none_overlap()
    {
        var sector = new OnCallSector
        {
            Code = "75-A",
            Name = "A",
            Department = "75",
            Pharmacies = [],
            Kinds = [new(OnCallKind.Night, Disclosure.Public), new(OnCallKind.SundayOrHoliday, Disclosure.Public)],
        };
        var slots = DutySlots.Of(sector, new LocalDate(2026, 12, 24), new LocalDate(2026, 12, 28), Paris);
        Assert.Equal([OnCallKind.Night, OnCallKind.SundayOrHoliday, OnCallKind.Night, OnCallKind.Night, OnCallKind.SundayOrHoliday, OnCallKind.Night], slots.Select(slot => slot.Kind));
        Assert.All(slots.Zip(slots.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
    }

    [Fact]
    public void A_range_that_is_empty_has_none() => Assert.Empty(Of(OnCallKind.Night, "2026-12-24", 0, Paris));

    private static IReadOnlyList<DutySlot> Of(OnCallKind kind, string date, int days, Zone zone)
    {
        var from = NodaTime.Text.LocalDatePattern.Iso.Parse(date).Value;
        return DutySlots.Of(kind, from, from.PlusDays(days), zone);
    }

    private static LocalTime Local(Instant instant, Zone zone) => instant.InZone(zone.Time).TimeOfDay;
}
