using NodaTime;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>
/// The public duty of the demo country. In each sector one pharmacy serves every night (20:00 to 08:00 of its own clock) and one, of other sectors
/// with other neighbours, every Sunday and public holiday by day (08:00 to 20:00); a Sunday that is a holiday is one duty. The rota goes round: nobody
/// serves two nights in a row unless alone in the sector. The hours are those of the national agreement of pharmacists and health insurance since
/// 2012-11-07: night 20–8, day 8–20 (avenant in force: JORFARTI000049892241, read 2026-11-22).
/// </summary>
internal sealed class DemoDuty
{
    // Calibrated so that 1,200 to 1,400 pharmacies serve at night and on Sundays: about 1,200 night sectors, and about 1,000 by day, when some
    // 300 others are open by themselves.
    private const double MembersPerNightSector = 16.8;
    private const double MembersPerDaySector = 19.8;

    private const int Evening = 20 * 60;
    private const int Morning = 8 * 60;

    // Days are counted from a Monday, so that seven of them are a week of the calendar; before this one there is no duty.
    private static readonly LocalDate FirstMonday = new(1900, 1, 1);

    private readonly Zone[] _zones;
    private readonly RotaPlace[] _nights;
    private readonly RotaPlace[] _days;
    private readonly Lazy<Dictionary<string, OnCallSector>> _sectors;

    /// <summary>Cuts the sectors.</summary>
    /// <param name="pharmacies">All pharmacies of the country; they keep their index.</param>
    /// <param name="seed">Seed of the country.</param>
    public DemoDuty(IReadOnlyList<Pharmacy> pharmacies, int seed)
    {
        _zones = [.. pharmacies.Select(pharmacy => Zones.Of(pharmacy.Record.Insee, pharmacy.Record.Address.Postcode)!)];
        _nights = DemoSectors.Cut(pharmacies, _zones, MembersPerNightSector, DemoDraw.For(seed, DemoTopic.Duty, (int)OnCallKind.Night));
        _days = DemoSectors.Cut(pharmacies, _zones, MembersPerDaySector, DemoDraw.For(seed, DemoTopic.Duty, (int)OnCallKind.SundayOrHoliday));
        _sectors = new(() => SectorsOf(pharmacies).ToDictionary(sector => sector.Code, StringComparer.Ordinal));
    }

    /// <summary>Every sector of the country, by code.</summary>
    public IReadOnlyDictionary<string, OnCallSector> Sectors => _sectors.Value;

    /// <summary>The sector in which the pharmacy at <paramref name="index"/> serves a kind of duty; null for <see cref="OnCallKind.Day"/>, which nobody serves.</summary>
    public string? SectorOf(int index, string department, OnCallKind kind) => kind switch
    {
        OnCallKind.Night => CodeOf(department, kind, _nights[index].Sector),
        OnCallKind.SundayOrHoliday => CodeOf(department, kind, _days[index].Sector),
        _ => null,
    };

    private static string CodeOf(string department, OnCallKind kind, int number) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{department}-{(kind == OnCallKind.Night ? 'N' : 'D')}{number:D2}");

    private IEnumerable<OnCallSector> SectorsOf(IReadOnlyList<Pharmacy> pharmacies) =>
        new[] { OnCallKind.Night, OnCallKind.SundayOrHoliday }.SelectMany(kind => Enumerable.Range(0, pharmacies.Count)
            .GroupBy(i => (Department: Towns.DepartmentOf(pharmacies[i].Record.Insee!), (kind == OnCallKind.Night ? _nights : _days)[i].Sector))
            .Select(group => SectorOf(kind, group.Key.Department, group.Key.Sector, [.. group.OrderBy(i => (kind == OnCallKind.Night ? _nights : _days)[i].Position).Select(i => pharmacies[i])])));

    // The seed's duty is known for all time, and shown as far ahead as anything can be asked.
    private static OnCallSector SectorOf(OnCallKind kind, string department, int number, Pharmacy[] members) => new()
    {
        Code = CodeOf(department, kind, number),
        Name = $"{(kind == OnCallKind.Night ? "Nuit" : "Dimanche et fête")} {number}, {members[0].Record.Address.City}",
        Department = department,
        Pharmacies = [.. members.Select(member => member.Record.Id)],
        Kinds = [new(kind, Disclosure.Public, SectorKind.FurthestHorizonDays)],
    };

    /// <summary>The zone of the pharmacy at <paramref name="index"/>.</summary>
    public Zone ZoneOf(int index) => _zones[index];

    /// <summary>The duties of the pharmacy at <paramref name="index"/> that intersect [from, to), whole, by start.</summary>
    public IEnumerable<OnCallPeriod> Of(int index, Instant from, Instant to)
    {
        var zone = _zones[index];
        var times = new LocalTimes(zone.Time);
        var last = times.DateAt(to);
        // A night that began on the eve may reach into the range.
        for (var date = times.DateAt(from).PlusDays(-1); date <= last; date = date.PlusDays(1))
        {
            if (HasDayDuty(index, date, zone.Holidays) && DayDuty(index, date, times) is var day && Intersects(day))
                yield return day;
            if (_nights[index].Serves(DayNumber(date)) && NightDuty(date, times) is var night && Intersects(night))
                yield return night;
        }

        bool Intersects(OnCallPeriod period) => period.Start < to && from < period.End;
    }

    private bool HasDayDuty(int index, LocalDate date, HolidayZone holidays)
    {
        var rota = _days[index];
        var week = DayNumber(date) / 7;
        if (date.DayOfWeek == IsoDayOfWeek.Sunday)
            return rota.Serves(week);
        // A holiday within the week falls to the other half of the rota, so that in a sector of six or more nobody gets it next to a Sunday; two in one
        // week (25 and 26 December in Alsace) fall to two neighbours. The calendar is asked last: it costs the most.
        return rota.Serves(week + (rota.Size / 2) + ((int)date.DayOfWeek % 2)) && PublicHolidays.IsHoliday(date, holidays);
    }

    private static OnCallPeriod DayDuty(int index, LocalDate date, LocalTimes times)
    {
        // Two in three open the door by day, the third serves through the hatch.
        var walkIn = index % 3 != 0;
        return new OnCallPeriod(
            times.At(date, Morning),
            times.At(date, Evening),
            OnCallKind.SundayOrHoliday,
            walkIn ? Access.WalkIn : Access.Bell,
            Instructions: walkIn ? "La pharmacie est ouverte pour la garde : entrez." : "Pharmacie de garde : sonnez, on vous sert au guichet.");
    }

    private static OnCallPeriod NightDuty(LocalDate date, LocalTimes times) =>
        new(
            times.At(date, Evening),
            times.At(date.PlusDays(1), Morning),
            OnCallKind.Night,
            Access.Bell,
            Instructions: "Le pharmacien de garde vient vous servir à la porte.");

    private static int DayNumber(LocalDate date) => Period.DaysBetween(FirstMonday, date);
}
