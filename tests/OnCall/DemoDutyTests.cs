using System.Diagnostics;
using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;
using Realtime.Pharmacies;

namespace Realtime.Tests.OnCall;

public sealed class DemoDutyTests
{
    private static readonly DemoCountry Country = DemoCountry.Create();
    private static readonly DateTimeZone Paris = DateTimeZoneProviders.Tzdb["Europe/Paris"];
    private static readonly Lazy<Schedule[]> Schedules = new(MakeSchedules);

    [Fact]
    public void Twelve_to_fourteen_hundred_serve_at_three_in_the_morning_on_any_day() =>
        AssertServing(3, Days(new LocalDate(2026, 11, 20), 13, 28).Append(new LocalDate(2027, 1, 1)).Append(new LocalDate(2027, 3, 28)).Append(new LocalDate(2027, 7, 14)));

    [Fact]
    public void Twelve_to_fourteen_hundred_serve_at_ten_on_Sundays() => AssertServing(10, Days(new LocalDate(2026, 11, 22), 14, 26));

    [Fact]
    public void Twelve_to_fourteen_hundred_serve_at_ten_on_public_holidays() =>
        AssertServing(10, [new(2026, 12, 25), new(2027, 1, 1), new(2027, 3, 29), new(2027, 5, 1), new(2027, 7, 14), new(2027, 11, 11)]);

    [Fact]
    public void Nights_run_from_eight_to_eight_by_the_clock_of_the_place_and_one_rings_the_bell()
    {
        foreach (var (pharmacy, period) in PeriodsOfAll(new LocalDate(2027, 3, 20), 14).Where(duty => duty.Period.Kind == OnCallKind.Night))
        {
            var (start, end) = Local(pharmacy, period);
            Assert.Equal((new LocalTime(20, 0), new LocalTime(8, 0), start.Date.PlusDays(1)), (start.TimeOfDay, end.TimeOfDay, end.Date));
            Assert.Equal(Access.Bell, period.Access);
            Assert.Contains("garde", period.Instructions, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_night_that_loses_an_hour_lasts_eleven_and_the_one_that_gains_one_thirteen()
    {
        Assert.Equal([Duration.FromHours(11)], ParisNights(new LocalDate(2027, 3, 27)));
        Assert.Equal([Duration.FromHours(13)], ParisNights(new LocalDate(2027, 10, 30)));
        Assert.Equal([Duration.FromHours(12)], ParisNights(new LocalDate(2027, 6, 5)));

        static IEnumerable<Duration> ParisNights(LocalDate date) => PeriodsOfAll(date, 1)
            .Where(duty => duty.Period.Kind == OnCallKind.Night && Country.ZoneOf(duty.Pharmacy).Time.Id == "Europe/Paris" && Local(duty.Pharmacy, duty.Period).Start.Date == date)
            .Select(duty => duty.Period.End - duty.Period.Start).Distinct();
    }

    [Fact]
    public void Days_run_from_eight_to_eight_on_Sundays_and_holidays_only()
    {
        var days = PeriodsOfAll(new LocalDate(2027, 4, 20), 28).Where(duty => duty.Period.Kind != OnCallKind.Night).ToList();
        foreach (var (pharmacy, period) in days)
        {
            var (start, end) = Local(pharmacy, period);
            Assert.Equal((OnCallKind.SundayOrHoliday, new LocalTime(8, 0), new LocalTime(20, 0), start.Date), (period.Kind, start.TimeOfDay, end.TimeOfDay, end.Date));
            Assert.True(start.DayOfWeek == IsoDayOfWeek.Sunday || PublicHolidays.IsHoliday(start.Date, Country.ZoneOf(pharmacy).Holidays), $"{pharmacy} {start}");
        }
        Assert.Equal([Access.WalkIn, Access.Bell], days.Select(day => day.Period.Access).Distinct().Order());
        Assert.All(days, day => Assert.EndsWith(".", day.Period.Instructions));
    }

    [Fact]
    public void A_holiday_of_Alsace_is_served_in_Alsace_alone()
    {
        var goodFriday = new LocalDate(2027, 3, 26);
        var served = PeriodsOfAll(goodFriday, 1).Where(duty => duty.Period.Kind == OnCallKind.SundayOrHoliday && Local(duty.Pharmacy, duty.Period).Start.Date == goodFriday)
            .Select(duty => Country.ZoneOf(duty.Pharmacy).Holidays).Distinct();
        Assert.Equal([HolidayZone.AlsaceMoselle], served);
    }

    [Fact]
    public void A_Sunday_that_is_a_holiday_is_one_duty()
    {
        var allSaints = new LocalDate(2026, 11, 1);
        Assert.Equal((IsoDayOfWeek.Sunday, true), (allSaints.DayOfWeek, PublicHolidays.IsHoliday(allSaints, HolidayZone.Metropole)));
        var served = PeriodsOfAll(allSaints, 1).Where(duty => duty.Period.Kind == OnCallKind.SundayOrHoliday && Local(duty.Pharmacy, duty.Period).Start.Date == allSaints).ToList();
        Assert.Equal(served.Count, served.Select(duty => duty.Pharmacy).Distinct().Count());
        var ordinary = allSaints.PlusDays(7);
        Assert.Equal(served.Count, PeriodsOfAll(ordinary, 1).Count(duty => duty.Period.Kind == OnCallKind.SundayOrHoliday && Local(duty.Pharmacy, duty.Period).Start.Date == ordinary));
    }

    [Fact]
    public void Every_department_has_somebody_every_night_and_every_Sunday()
    {
        var departments = Country.Pharmacies.Select(DepartmentOf).Distinct().Order().ToList();
        Assert.Equal(107, departments.Count);
        var sunday = new LocalDate(2027, 2, 7);
        var periods = PeriodsOfAll(sunday, 7);
        foreach (var night in Days(sunday, 1, 7))
            Assert.Equal(departments, periods.Where(duty => duty.Period.Kind == OnCallKind.Night && Local(duty.Pharmacy, duty.Period).Start.Date == night).Select(duty => DepartmentOf(duty.Pharmacy)).Distinct().Order());
        Assert.Equal(departments, periods.Where(duty => duty.Period.Kind == OnCallKind.SundayOrHoliday).Select(duty => DepartmentOf(duty.Pharmacy)).Distinct().Order());
    }

    [Fact]
    public void Nights_go_round_so_that_nobody_serves_two_in_a_row_unless_alone()
    {
        var start = new LocalDate(2027, 1, 1);
        foreach (var nights in PeriodsOfAll(start, 120).Where(duty => duty.Period.Kind == OnCallKind.Night).GroupBy(duty => duty.Pharmacy))
        {
            var gaps = nights.Select(duty => Local(duty.Pharmacy, duty.Period).Start.Date).Order().ToList() is var dates
                ? dates.Zip(dates.Skip(1), Period.DaysBetween).Distinct().ToList()
                : [];
            // One gap, the size of the sector, over and over: the fairest rota there is.
            var gap = Assert.Single(gaps);
            Assert.True(gap > 1 || Country.Pharmacies.Count(pharmacy => DepartmentOf(pharmacy) == DepartmentOf(nights.Key) && Country.ZoneOf(pharmacy.Record.Id) == Country.ZoneOf(nights.Key)) == 1);
        }
    }

    [Fact]
    public void Sundays_are_shared_fairly_over_a_year()
    {
        var counts = PeriodsOfAll(new LocalDate(2027, 1, 1), 365)
            .Where(duty => duty.Period.Kind == OnCallKind.SundayOrHoliday && DepartmentOf(duty.Pharmacy) == "59")
            .CountBy(duty => duty.Pharmacy).Select(count => count.Value).ToList();
        Assert.Equal(Country.Pharmacies.Count(pharmacy => DepartmentOf(pharmacy) == "59"), counts.Count);
        // 52 Sundays and 9 other holidays among 19 or 20 pharmacies.
        Assert.InRange(counts.Min(), 2, 3);
        Assert.InRange(counts.Max(), 3, 5);
    }

    [Fact]
    public void Sectors_by_night_are_not_the_sectors_by_day()
    {
        var sunday = new LocalDate(2027, 2, 7);
        var counts = PeriodsOfAll(sunday, 1).Where(duty => Local(duty.Pharmacy, duty.Period).Start.Date == sunday).CountBy(duty => duty.Period.Kind).ToDictionary();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", counts));
        Assert.NotEqual(counts[OnCallKind.Night], counts[OnCallKind.SundayOrHoliday]);
    }

    [Fact]
    public void A_range_gives_the_whole_periods_that_touch_it_and_no_others()
    {
        var random = new Random(Campaign.Seed);
        var (start, end) = (Instant.FromUtc(2027, 1, 1, 0, 0), Instant.FromUtc(2027, 12, 31, 0, 0));
        for (var i = 0; i < 2_000; i++)
        {
            var id = DemoCountry.IdOf(random.Next(DemoCountry.Size));
            var all = Country.Duty(id)(start, end).ToList();
            var from = start + Duration.FromMinutes(random.Next(500_000));
            var to = from + Duration.FromMinutes(1 + random.Next(20_000));
            var expected = all.Where(period => period.Start < to && from < period.End);
            Assert.True(expected.SequenceEqual(Country.Duty(id)(from, to)), $"seed {Campaign.Seed}: {id} from {from} to {to}");
        }
    }

    [Fact]
    public void The_end_of_a_duty_is_no_longer_part_of_it()
    {
        var duty = Country.Duty(DemoCountry.IdOf(0));
        var period = duty(Instant.FromUtc(2027, 1, 1, 0, 0), Instant.FromUtc(2027, 3, 1, 0, 0)).First();
        Assert.Equal([period], duty(period.End - Duration.Epsilon, period.End));
        Assert.Empty(duty(period.End, period.End + Duration.FromHours(1)));
        Assert.Equal([period], duty(period.Start, period.Start + Duration.Epsilon));
        Assert.Empty(duty(period.Start - Duration.FromHours(1), period.Start));
    }

    [Fact]
    public void The_same_seed_gives_the_same_rota_and_another_seed_another()
    {
        Assert.Equal(Rota(Country), Rota(DemoCountry.Create()));
        Assert.NotEqual(Rota(Country), Rota(DemoCountry.Create(DemoCountry.DefaultSeed + 1)));

        static List<OnCallPeriod> Rota(DemoCountry country) => [.. Enumerable.Range(0, 200)
            .SelectMany(i => country.Duty(DemoCountry.IdOf(i * 100))(Instant.FromUtc(2027, 1, 1, 0, 0), Instant.FromUtc(2027, 2, 1, 0, 0)))];
    }

    [Fact]
    public void Asking_for_a_few_days_costs_microseconds()
    {
        var from = Instant.FromUtc(2027, 1, 1, 0, 0);
        var ids = Enumerable.Range(0, 2_000).Select(DemoCountry.IdOf).ToList();
        var (best, asked) = (double.MaxValue, 0);
        for (var round = 0; round < 5; round++)
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 2_000; i++)
                asked += Country.Duty(ids[i])(from, from + Duration.FromDays(3)).Count();
            best = Math.Min(best, watch.Elapsed.TotalMicroseconds / 2_000);
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{best:F1} µs");
        Assert.InRange(asked, 1_000, 10_000);
        // Generous, for unoptimized builds on shared machines; an enumeration of the sectors would cost milliseconds.
        Assert.InRange(best, 0, 100);
    }

    private static void AssertServing(int hour, IEnumerable<LocalDate> dates)
    {
        var counts = dates.Select(date => (Date: date, Count: ServingAt(date, hour))).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"{hour}:00 {counts.Min(count => count.Count)} to {counts.Max(count => count.Count)}: {string.Join(", ", counts.Select(count => $"{count.Date:ddd yyyy-MM-dd} {count.Count}"))}");
        Assert.All(counts, count => Assert.True(count.Count is >= 1200 and <= 1400, $"{count.Date:yyyy-MM-dd}: {count.Count}"));
    }

    // A range of one tick is the state without the search for its neighbours, which a count does not need.
    private static int ServingAt(LocalDate date, int hour)
    {
        var at = date.At(new LocalTime(hour, 0)).InZoneStrictly(Paris).ToInstant();
        return Schedules.Value.Count(schedule => schedule.Intervals(at, at + Duration.Epsilon) is [{ State: ServiceState.Open or ServiceState.OnCall }]);
    }

    private static Schedule[] MakeSchedules()
    {
        var parsed = Country.Pharmacies.Select(pharmacy => pharmacy.Record.Hours).OfType<string>().Distinct().ToDictionary(text => text, OpeningHours.Parse);
        return [.. Country.Pharmacies.Select(pharmacy => new Schedule(
            Country.ZoneOf(pharmacy.Record.Id), pharmacy.Record.Hours is { } text ? parsed[text] : null, [], Country.Duty(pharmacy.Record.Id)))];
    }

    // Every period of every pharmacy that touches the days from a date on, by the clock of Paris.
    private static List<(PharmacyId Pharmacy, OnCallPeriod Period)> PeriodsOfAll(LocalDate first, int days)
    {
        var (from, to) = (Paris.AtStartOfDay(first).ToInstant() - Duration.FromDays(1), Paris.AtStartOfDay(first.PlusDays(days)).ToInstant() + Duration.FromDays(1));
        return [.. Country.Pharmacies.SelectMany(pharmacy => Country.Duty(pharmacy.Record.Id)(from, to).Select(period => (pharmacy.Record.Id, period)))];
    }

    private static (LocalDateTime Start, LocalDateTime End) Local(PharmacyId pharmacy, OnCallPeriod period)
    {
        var zone = Country.ZoneOf(pharmacy).Time;
        return (period.Start.InZone(zone).LocalDateTime, period.End.InZone(zone).LocalDateTime);
    }

    private static string DepartmentOf(PharmacyId id) => Country.TryFind(id, out var pharmacy) ? DepartmentOf(pharmacy) : throw new KeyNotFoundException(id.Value);

    private static string DepartmentOf(Pharmacy pharmacy) => Towns.DepartmentOf(pharmacy.Record.Insee!);

    private static IEnumerable<LocalDate> Days(LocalDate first, int step, int count) => Enumerable.Range(0, count).Select(i => first.PlusDays(i * step));
}
