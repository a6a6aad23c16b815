using System.Diagnostics;
using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;
using Realtime.Pharmacies;

namespace Realtime.Tests.OnCall;

public sealed class RotaCheckTests
{
    private static readonly Zone Paris = Zones.Of("75056", null)!;
    private static readonly LocalDate Monday = new(2026, 11, 2);

    [Fact]
    public void A_sound_rota_has_no_findings()
    {
        OnCallSector[] sectors = [Sector("A", [0, 1, 2], OnCallKind.Night, OnCallKind.SundayOrHoliday), Sector("B", [3, 4], OnCallKind.Day)];
        Assert.Empty(RotaCheck.Of(sectors, Filled(sectors, Monday, 28), [], Monday, Monday.PlusDays(28), Paris));
    }

    [Fact]
    public void A_gap_is_the_stretch_that_nobody_covers()
    {
        OnCallSector[] sectors = [Sector("A", [0, 1, 2], OnCallKind.Night)];
        Duty[] duties = [Serve("A", 0, Monday, 20, 22), Serve("A", 1, Monday, 24, 30)];
        var findings = RotaCheck.Of(sectors, duties, [], Monday, Monday.PlusDays(1), Paris);
        Assert.Equal([At(Monday, 22), At(Monday, 30)], findings.Select(finding => finding.Start));
        Assert.Equal([At(Monday, 24), At(Monday, 32)], findings.Select(finding => finding.End));
        Assert.Equal("Sector A, night: nobody is on duty from 2026-11-02 22:00 to 2026-11-03 00:00.", findings[0].English);
        Assert.Equal("Secteur A, nuit : personne n'est de garde du 02/11/2026 22:00 au 03/11/2026 00:00.", findings[0].French);
        Assert.Equal("gap", findings[0].Word);
    }

    [Fact]
    public void A_duty_of_another_kind_or_another_sector_covers_nothing()
    {
        OnCallSector[] sectors = [Sector("A", [0, 1], OnCallKind.Night)];
        Duty[] duties = [Serve("A", 0, Monday, 20, 32, OnCallKind.Day), Serve("B", 1, Monday, 20, 32)];
        var findings = RotaCheck.Of(sectors, duties, [], Monday, Monday.PlusDays(1), Paris);
        Assert.Equal(["gap", "not-organised", "unknown-sector"], findings.Select(finding => finding.Word));
    }

    [Fact]
    public void Two_of_a_sector_on_one_period_are_a_double_booking_for_as_long_as_both_serve()
    {
        OnCallSector[] sectors = [Sector("A", [0, 1], OnCallKind.Night)];
        var finding = Assert.Single(RotaCheck.Of(sectors, [Serve("A", 1, Monday, 20, 32), Serve("A", 0, Monday, 30, 32)], [], Monday, Monday.PlusDays(1), Paris));
        Assert.Equal((RotaFault.DoubleBooking, At(Monday, 30), At(Monday, 32)), (finding.Fault, finding.Start, finding.End));
        Assert.Equal([Id(0), Id(1)], finding.Pharmacies);
    }

    [Fact]
    public void One_pharmacy_in_two_sectors_at_once_is_found_and_one_after_the_other_is_not()
    {
        OnCallSector[] sectors = [Sector("A", [0], OnCallKind.Night), Sector("B", [0], OnCallKind.Night, OnCallKind.SundayOrHoliday)];
        var sunday = Monday.PlusDays(6);
        Duty[] duties = [Serve("A", 0, sunday, 20, 32), Serve("B", 0, sunday, 20, 32), Serve("B", 0, sunday, 8, 20, OnCallKind.SundayOrHoliday)];
        var finding = Assert.Single(RotaCheck.Of(sectors, duties, [], sunday, sunday.PlusDays(1), Paris));
        Assert.Equal((RotaFault.TwoPlaces, "A", At(sunday, 20), At(sunday, 32)), (finding.Fault, finding.Sector, finding.Start, finding.End));
        Assert.Contains("A night, B night", finding.English, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_does_not_belong_or_is_exempt_is_found()
    {
        OnCallSector[] sectors = [Sector("A", [0], OnCallKind.Night)];
        Duty[] duties = [Serve("A", 0, Monday, 20, 32), Serve("A", 1, Monday.PlusDays(1), 20, 32)];
        ExemptSpan[] exempt = [new(Id(0), At(Monday, 31), At(Monday, 40)), new(Id(0), At(Monday, 30), At(Monday, 31))];
        var findings = RotaCheck.Of(sectors, duties, exempt, Monday, Monday.PlusDays(2), Paris);
        Assert.Equal([(RotaFault.Exempt, At(Monday, 30), At(Monday, 32)), (RotaFault.NotInSector, At(Monday, 44), At(Monday, 56))], findings.Select(f => (f.Fault, f.Start, f.End)));
    }

    [Fact]
    public void Findings_equal_those_of_a_walk_from_minute_to_minute()
    {
        var random = new Random(Campaign.Seed);
        var seen = new HashSet<RotaFault>();
        for (var round = 0; round < (Campaign.Long ? 500 : 40); round++)
        {
            // Around the night that lasts thirteen hours and All Saints' Day.
            var from = new LocalDate(2026, 10, 24).PlusDays(random.Next(0, 9));
            var to = from.PlusDays(random.Next(1, 4));
            var sectors = RandomSectors(random);
            var duties = Enumerable.Range(0, random.Next(0, 14)).Select(_ => RandomDuty(random, from, to)).ToList();
            var exempt = Enumerable.Range(0, random.Next(0, 4)).Select(_ => RandomStretch(random, from, to)).Select(s => new ExemptSpan(Id(random.Next(4)), s.Start, s.End)).ToList();
            var findings = RotaCheck.Of(sectors, duties, exempt, from, to, Paris);
            var told = findings.SelectMany(f => Minutes(f.Start, f.End).Select(m => Line(m, f.Fault, f.Sector, f.Kind, f.Pharmacies)));
            Assert.True(Walk(sectors, duties, exempt, from, to).ToHashSet(StringComparer.Ordinal).SetEquals(told), $"seed {Campaign.Seed}, round {round}");
            Assert.Equal(findings.OrderBy(f => f.Start).Select(f => f.Start), findings.Select(f => f.Start));
            seen.UnionWith(findings.Select(f => f.Fault));
        }
        Assert.Equal(Enum.GetValues<RotaFault>(), seen.Order());
    }

    [Fact]
    public void A_year_of_two_hundred_pharmacies_is_checked_well_within_a_second()
    {
        var sectors = Enumerable.Range(0, 12).Select(s => Sector($"S{s:D2}", [.. Enumerable.Range(s * 17, 17)], OnCallKind.Night, OnCallKind.SundayOrHoliday)).ToArray();
        var duties = Filled(sectors, new LocalDate(2026, 1, 1), 365).ToList();
        var clock = Stopwatch.StartNew();
        Assert.Empty(RotaCheck.Of(sectors, duties, [], new LocalDate(2026, 1, 1), new LocalDate(2027, 1, 1), Paris));
        TestContext.Current.TestOutputHelper?.WriteLine($"{duties.Count} duties checked in {clock.ElapsedMilliseconds} ms");
        Assert.InRange(clock.ElapsedMilliseconds, 0, 1000);
    }

    // Every minute by itself, every rule spelled out; nothing is shared with what is tested but the periods to be served.
    private static IEnumerable<string> Walk(OnCallSector[] sectors, List<Duty> duties, List<ExemptSpan> exempt, LocalDate from, LocalDate to)
    {
        var slots = sectors.ToDictionary(sector => sector.Code, sector => DutySlots.Of(sector, from, to, Paris));
        foreach (var minute in Minutes(At(from, 0), At(to, 8)))
        {
            var active = duties.Where(d => d.Period.Start <= minute && minute < d.Period.End).ToList();
            foreach (var sector in sectors)
                foreach (var slot in slots[sector.Code].Where(slot => slot.Start <= minute && minute < slot.End))
                    if (!active.Exists(d => d.Sector == sector.Code && d.Period.Kind == slot.Kind))
                        yield return Line(minute, RotaFault.Gap, sector.Code, slot.Kind, []);
            foreach (var group in active.GroupBy(d => (d.Sector, d.Period.Kind)))
                if (group.Select(d => d.Pharmacy).Distinct().Count() > 1)
                    yield return Line(minute, RotaFault.DoubleBooking, group.Key.Sector, group.Key.Kind, group.Select(d => d.Pharmacy).Distinct().Order());
            foreach (var group in active.GroupBy(d => d.Pharmacy).Where(g => g.Count() > 1))
            {
                var first = group.OrderBy(d => d.Sector, StringComparer.Ordinal).ThenBy(d => d.Period.Kind).First();
                yield return Line(minute, RotaFault.TwoPlaces, first.Sector, first.Period.Kind, [group.Key]);
            }
            foreach (var duty in active)
            {
                var sector = Array.Find(sectors, s => s.Code == duty.Sector);
                if (sector is null)
                    yield return Line(minute, RotaFault.UnknownSector, duty.Sector, duty.Period.Kind, [duty.Pharmacy]);
                if (sector is not null && !sector.Pharmacies.Contains(duty.Pharmacy))
                    yield return Line(minute, RotaFault.NotInSector, duty.Sector, duty.Period.Kind, [duty.Pharmacy]);
                if (sector is not null && sector.KindOf(duty.Period.Kind) is null)
                    yield return Line(minute, RotaFault.NotOrganised, duty.Sector, duty.Period.Kind, [duty.Pharmacy]);
                if (exempt.Exists(e => e.Pharmacy == duty.Pharmacy && e.Start <= minute && minute < e.End))
                    yield return Line(minute, RotaFault.Exempt, duty.Sector, duty.Period.Kind, [duty.Pharmacy]);
            }
        }
    }

    private static string Line(Instant minute, RotaFault fault, string sector, OnCallKind kind, IEnumerable<PharmacyId> who) => $"{minute} {fault} {sector} {kind} {string.Join(' ', who)}";

    private static IEnumerable<Instant> Minutes(Instant start, Instant end)
    {
        for (var minute = start; minute < end; minute += Duration.FromMinutes(1))
            yield return minute;
    }

    private static OnCallSector[] RandomSectors(Random random) =>
    [
        .. new[] { "A", "B" }.Select(code => Sector(
            code,
            [.. Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0)],
            [.. Enum.GetValues<OnCallKind>().Where(_ => random.Next(3) > 0)])),
    ];

    private static Duty RandomDuty(Random random, LocalDate from, LocalDate to)
    {
        var (start, end) = RandomStretch(random, from, to);
        return new Duty(random.Next(8) == 0 ? "C" : random.Next(2) == 0 ? "A" : "B", Id(random.Next(4)), new OnCallPeriod(start, end, (OnCallKind)random.Next(3), Access.Bell));
    }

    // Mostly on the hours of duty, so that stretches touch and cover; sometimes anywhere.
    private static (Instant Start, Instant End) RandomStretch(Random random, LocalDate from, LocalDate to)
    {
        var days = Period.DaysBetween(from, to);
        var hour = random.Next(4) == 0 ? random.Next(-30, (days * 24) + 20) : (random.Next(-1, days + 1) * 24) + (random.Next(2) == 0 ? 8 : 20);
        var hours = random.Next(3) == 0 ? random.Next(1, 40) : 12;
        return (At(from, hour) + Duration.FromMinutes(random.Next(5) == 0 ? 7 : 0), At(from, hour + hours) + Duration.FromMinutes(random.Next(5) == 0 ? 11 : 0) + Duration.FromHours(1));
    }

    private static IEnumerable<Duty> Filled(OnCallSector[] sectors, LocalDate from, int days) =>
        sectors.SelectMany(sector => DutySlots.Of(sector, from, from.PlusDays(days), Paris).Select((slot, i) =>
            new Duty(sector.Code, sector.Pharmacies[i % sector.Pharmacies.Count], new OnCallPeriod(slot.Start, slot.End, slot.Kind, Access.Bell))));

    private static Duty Serve(string sector, int pharmacy, LocalDate date, int fromHour, int toHour, OnCallKind kind = OnCallKind.Night) =>
        new(sector, Id(pharmacy), new OnCallPeriod(At(date, fromHour), At(date, toHour), kind, Access.Bell));

    private static OnCallSector Sector(string code, int[] members, params OnCallKind[] kinds) => new()
    {
        Code = code,
        Name = code,
        Department = "75",
        Pharmacies = [.. members.Select(Id)],
        Kinds = [.. kinds.Select(kind => new SectorKind(kind, Disclosure.Public))],
    };

    private static PharmacyId Id(int index) => PharmacyId.FromBody($"99{index:D6}");

    private static Instant At(LocalDate date, int hour) => (date.AtMidnight() + Period.FromHours(hour)).InZoneLeniently(Paris.Time).ToInstant();
}
