using System.Text;
using NodaTime;
using NodaTime.Text;
using Realtime.Hours;
using Realtime.OnCall;
using Realtime.Pharmacies;

namespace Realtime.Tests.OnCall;

public sealed class MonthlyStatementTests
{
    private const string Ordinary = "Mo-Sa 08:30-19:30; PH off";

    private static readonly Zone Paris = Zones.Of("75056", null)!;
    private static readonly PharmacyId Me = PharmacyId.FromBody("99000001");

    [Fact]
    public void A_night_earns_its_indemnity_and_the_fees_of_its_hours()
    {
        var line = Assert.Single(Make("2026-03", Night("2026-03-10")).Lines);
        Assert.Equal((1, 20_000), (line.Periods, line.IndemnityCents));
        Assert.Equal([new(PeriodClass.Night, 1000, 360), new FeeMinutes(PeriodClass.DeepNight, 2000, 360)], line.Fees);
        Assert.Empty(line.Reasons);
    }

    [Theory]
    [InlineData("2026-03-28", 300)]
    [InlineData("2026-10-24", 420)]
    public void A_night_in_which_the_clock_changes_has_an_hour_less_or_more_in_its_depth(string date, int minutes) =>
        Assert.Equal([360, minutes], Assert.Single(Make(date[..7], Night(date)).Lines).Fees.Select(fee => fee.Minutes));

    [Fact]
    public void A_night_over_the_end_of_the_month_is_split_and_its_indemnity_counted_where_it_begins()
    {
        var duty = Night("2026-03-31");
        var (march, april) = (Assert.Single(Make("2026-03", duty).Lines), Assert.Single(Make("2026-04", duty).Lines));
        Assert.Equal((20_000, 0), (march.IndemnityCents, april.IndemnityCents));
        Assert.Equal((march.End, At("2026-04-01 00:00")), (april.Start, april.Start));
        Assert.Equal([new FeeMinutes(PeriodClass.Night, 1000, 240)], march.Fees);
        Assert.Equal([new(PeriodClass.Night, 1000, 120), new FeeMinutes(PeriodClass.DeepNight, 2000, 360)], april.Fees);
        Assert.Empty(march.Reasons);
        Assert.Equal([FeeReason.CountedBefore], april.Reasons);
    }

    [Fact]
    public void A_night_over_a_change_of_tariff_is_split_at_midnight()
    {
        var lines = Make("2012-11", Night("2012-11-06")).Lines;
        Assert.Equal([2006, 2012], lines.Select(line => line.Table!.From.Year));
        Assert.Equal([7_500, 0], lines.Select(line => line.IndemnityCents));
        Assert.Equal([new(PeriodClass.Night, 600, 180), new FeeMinutes(PeriodClass.Day, 200, 60)], lines[0].Fees);
        Assert.Equal([new FeeMinutes(PeriodClass.Night, 800, 480)], lines[1].Fees);
        lines = Make("2025-01", Night("2025-01-07")).Lines;
        Assert.Equal([19_000, 0], lines.Select(line => line.IndemnityCents));
        Assert.Equal([new(PeriodClass.Night, 1000, 120), new FeeMinutes(PeriodClass.DeepNight, 2000, 360)], lines[1].Fees);
    }

    [Fact]
    public void A_pharmacy_open_day_and_night_earns_the_indemnity_and_no_fees()
    {
        var line = Assert.Single(Make("2026-03", "24/7; PH 00:00-24:00", Night("2026-03-10")).Lines);
        Assert.Equal((20_000, 0), (line.IndemnityCents, line.Fees.Count));
        Assert.Equal([FeeReason.OwnHours], line.Reasons);
    }

    [Fact]
    public void Own_hours_earn_no_fee_and_the_rest_of_the_duty_does()
    {
        var sunday = Assert.Single(Make("2026-03", "Mo-Sa 08:30-19:30; Su 09:00-12:00; PH off", By("2026-03-08", OnCallKind.SundayOrHoliday)).Lines);
        Assert.Equal([new FeeMinutes(PeriodClass.SundayOrHoliday, 600, 540)], sunday.Fees);
        Assert.Equal(20_000, sunday.IndemnityCents);
        var day = Assert.Single(Make("2026-03", By("2026-03-10", OnCallKind.Day)).Lines);
        Assert.Equal([new FeeMinutes(PeriodClass.Day, 200, 60)], day.Fees);
        Assert.Equal((0, 0), (day.Periods, day.IndemnityCents));
        Assert.Equal([FeeReason.OwnHours, FeeReason.NoIndemnity], day.Reasons);
    }

    [Fact]
    public void Without_the_list_there_is_no_indemnity_but_fees_there_are()
    {
        var line = Assert.Single(MonthlyStatement.Make(Request("2026-03", Ordinary, Night("2026-03-10")) with { WasTransmitted = _ => false }).Lines);
        Assert.Equal((1, 0, 720), (line.Periods, line.IndemnityCents, line.Fees.Sum(fee => fee.Minutes)));
        Assert.Equal([FeeReason.NotTransmitted], line.Reasons);
    }

    [Fact]
    public void Hours_that_are_silent_on_holidays_are_unknown_and_taken_for_closed()
    {
        var line = Assert.Single(Make("2026-07", "Mo-Sa 08:30-19:30", By("2026-07-14", OnCallKind.SundayOrHoliday)).Lines);
        Assert.Equal([new FeeMinutes(PeriodClass.SundayOrHoliday, 600, 720)], line.Fees);
        Assert.Equal([FeeReason.HoursUnknown], line.Reasons);
    }

    [Fact]
    public void A_duty_of_Sundays_and_holidays_on_an_ordinary_day_earns_no_indemnity() =>
        Assert.Equal([FeeReason.OwnHours, FeeReason.NoIndemnity], Assert.Single(Make("2026-03", By("2026-03-10", OnCallKind.SundayOrHoliday)).Lines).Reasons);

    [Fact]
    public void Three_nights_in_one_duty_are_three_periods()
    {
        var line = Assert.Single(Make("2026-03", Serve("A", "2026-03-06 20:00", "2026-03-09 08:00", OnCallKind.Night)).Lines);
        Assert.Equal((3, 60_000), (line.Periods, line.IndemnityCents));
        Assert.Equal([new(PeriodClass.Night, 1000, 3 * 360), new(PeriodClass.DeepNight, 2000, 3 * 360), new(PeriodClass.SundayOrHoliday, 600, 720), new FeeMinutes(PeriodClass.Day, 200, 60)], line.Fees);
    }

    [Fact]
    public void A_night_served_for_two_sectors_is_paid_once()
    {
        var lines = Make("2026-03", Night("2026-03-10"), Night("2026-03-10", "B")).Lines;
        Assert.Equal([20_000, 0], lines.Select(line => line.IndemnityCents));
        Assert.Equal([720, 0], lines.Select(line => line.Fees.Sum(fee => fee.Minutes)));
        Assert.Equal([FeeReason.CountedOnce], lines[1].Reasons);
    }

    [Fact]
    public void Less_than_half_a_night_earns_fees_and_no_indemnity()
    {
        var line = Assert.Single(Make("2026-03", Serve("A", "2026-03-10 20:00", "2026-03-11 01:00", OnCallKind.Night)).Lines);
        Assert.Equal((0, 0, 300), (line.Periods, line.IndemnityCents, line.Fees.Sum(fee => fee.Minutes)));
        Assert.Equal([FeeReason.TooShort], line.Reasons);
    }

    [Fact]
    public void Duties_of_others_and_of_other_months_are_left_out()
    {
        var theirs = Night("2026-03-10") with { Pharmacy = PharmacyId.FromBody("99000002") };
        Assert.Empty(Make("2026-03", theirs, Night("2026-02-10"), Night("2026-04-10")).Lines);
        Assert.Equal([FeeReason.NoTariff], Assert.Single(Make("2005-03", Night("2005-03-10")).Lines).Reasons);
    }

    [Fact]
    public void Prescriptions_earn_the_fee_of_their_class_and_without_them_there_is_the_tariff_alone()
    {
        var request = Request("2026-03", Ordinary, Night("2026-03-10"), By("2026-03-08", OnCallKind.SundayOrHoliday));
        var bare = MonthlyStatement.Make(request);
        Assert.Null(bare.FeesCents);
        Assert.All(bare.Totals, total => Assert.Null(total.Cents));
        var table = new LocalDate(2025, 1, 8);
        var counts = new Dictionary<(LocalDate, PeriodClass), int> { [(table, PeriodClass.Night)] = 7, [(table, PeriodClass.DeepNight)] = 2, [(table, PeriodClass.Day)] = 9 };
        var statement = MonthlyStatement.Make(request with { Prescriptions = counts });
        Assert.Equal([(PeriodClass.Night, 7_000), (PeriodClass.DeepNight, 4_000), (PeriodClass.SundayOrHoliday, 0)], statement.Totals.Select(total => (total.Class, total.Cents!.Value)));
        Assert.Equal((40_000, 11_000), (statement.IndemnityCents, statement.FeesCents));
        Assert.Throws<ArgumentOutOfRangeException>(() => MonthlyStatement.Make(request with { Prescriptions = new Dictionary<(LocalDate, PeriodClass), int> { [(table, PeriodClass.Night)] = -1 } }));
    }

    [Fact]
    public void The_months_of_random_duties_add_up_to_a_walk_from_minute_to_minute()
    {
        var random = new Random(Campaign.Seed);
        var hours = OpeningHours.Parse("Mo-Sa 08:30-12:30,14:00-19:30; Fr 08:30-24:00; PH off");
        var own = new Schedule(Paris, hours, [], null);
        for (var round = 0; round < (Campaign.Long ? 500 : 20); round++)
        {
            var from = new LocalDate(random.Next(2) == 0 ? 2012 : 2024, random.Next(2) == 0 ? 11 : 12, 1);
            Duty[] duties = [.. Enumerable.Range(0, 6).Select(_ => RandomDuty(random, from))];
            var lines = Enumerable.Range(-1, 6).SelectMany(month => MonthlyStatement.Make(
                Request("2026-03", Ordinary, duties) with { Month = new YearMonth(from.PlusMonths(month).Year, from.PlusMonths(month).Month), Own = own }).Lines).ToList();
            var told = lines.SelectMany(line => line.Fees, (line, fee) => (line.Table!.From, fee.Class, fee.Minutes)).GroupBy(fee => (fee.From, fee.Class)).ToDictionary(group => group.Key, group => group.Sum(fee => fee.Minutes));
            Assert.True(told.Where(fee => fee.Value > 0).OrderBy(fee => fee.Key).SequenceEqual(Walk(duties, own).OrderBy(fee => fee.Key)), $"seed {Campaign.Seed}, round {round}");
        }
    }

    [Fact]
    public void Every_row_of_the_file_is_marked_as_an_estimate()
    {
        var request = Request("2026-03", Ordinary, Night("2026-03-10", "=A")) with { Prescriptions = new Dictionary<(LocalDate, PeriodClass), int> { [(new LocalDate(2025, 1, 8), PeriodClass.Night)] = 3 } };
        var rows = Encoding.UTF8.GetString(StatementCsv.Write(MonthlyStatement.Make(request), Paris.Time, french: true)).TrimEnd().Split("\r\n");
        Assert.Equal("\uFEFFestimation;ligne;pharmacie;mois;secteur;type;début;fin;barème;périodes;indemnité;minutes nuit;honoraire nuit;minutes cœur de nuit;honoraire cœur de nuit;minutes dimanche ou férié;honoraire dimanche ou férié;minutes jour;honoraire jour;ordonnances;honoraires;motifs", rows[0]);
        Assert.Equal($"estimé;garde;{Me};2026-03;'=A;nuit;2026-03-10 20:00;2026-03-11 08:00;2025-01-08;1;200,00;360;10,00;360;20,00;;;;;;;", rows[1]);
        Assert.Equal($"estimé;total par classe;{Me};2026-03;;;;;2025-01-08;;;360;10,00;;;;;;;3;30,00;", rows[2]);
        Assert.Equal($"estimé;total;{Me};2026-03;;;;;;1;200,00;;;;;;;;;;30,00;", rows[^1]);
        Assert.All(rows.Skip(1), row => Assert.StartsWith("estimé;", row, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Equal(rows[0].Count(c => c == ';'), row.Count(c => c == ';')));
        Assert.Contains("200.00", Encoding.UTF8.GetString(StatementCsv.Write(MonthlyStatement.Make(request), Paris.Time, french: false)), StringComparison.Ordinal);
    }

    // Each minute of any duty once, by the class of that minute, unless the pharmacy is open by itself.
    private static Dictionary<(LocalDate, PeriodClass), int> Walk(Duty[] duties, Schedule own)
    {
        var minutes = new HashSet<Instant>();
        foreach (var duty in duties)
            for (var minute = duty.Period.Start; minute < duty.Period.End; minute += Duration.FromMinutes(1))
                minutes.Add(minute);
        return minutes.Where(minute => own.StateAt(minute) != ServiceState.Open).GroupBy(minute => (FeeRules.TableAt(minute, Paris)!.From, FeeRules.ClassAt(minute, Paris)!.Value)).ToDictionary(group => group.Key, group => group.Count());
    }

    private static Duty RandomDuty(Random random, LocalDate from)
    {
        var start = from.AtMidnight().InZoneStrictly(Paris.Time).ToInstant() + Duration.FromMinutes(random.Next(60 * 24 * 60));
        return new Duty("A", Me, new OnCallPeriod(start, start + Duration.FromMinutes(random.Next(1, 2500)), (OnCallKind)random.Next(3), Access.Bell));
    }

    private static MonthlyStatement Make(string month, params Duty[] duties) => Make(month, Ordinary, duties);

    private static MonthlyStatement Make(string month, string hours, params Duty[] duties) => MonthlyStatement.Make(Request(month, hours, duties));

    private static StatementRequest Request(string month, string hours, params Duty[] duties) => new()
    {
        Pharmacy = Me,
        Zone = Paris,
        Month = YearMonthPattern.Iso.Parse(month).Value,
        Duties = duties,
        Own = new Schedule(Paris, OpeningHours.Parse(hours), [], null),
        WasTransmitted = _ => true,
    };

    private static Duty Night(string date, string sector = "A") => Serve(sector, $"{date} 20:00", $"{LocalDatePattern.Iso.Format(LocalDatePattern.Iso.Parse(date).Value.PlusDays(1))} 08:00", OnCallKind.Night);

    private static Duty By(string date, OnCallKind kind) => Serve("A", $"{date} 08:00", $"{date} 20:00", kind);

    private static Duty Serve(string sector, string start, string end, OnCallKind kind) => new(sector, Me, new OnCallPeriod(At(start), At(end), kind, Access.Bell));

    private static Instant At(string local) => LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm").Parse(local).Value.InZoneStrictly(Paris.Time).ToInstant();
}
