using NodaTime;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.Tests.Hours;

public sealed class ZonesTests
{
    [Theory]
    [InlineData("75056", null, HolidayZone.Metropole, "Europe/Paris")]
    [InlineData("2A004", null, HolidayZone.Metropole, "Europe/Paris")]
    [InlineData("2B033", "20200", HolidayZone.Metropole, "Europe/Paris")]
    [InlineData(null, "20000", HolidayZone.Metropole, "Europe/Paris")]
    [InlineData(null, "01500", HolidayZone.Metropole, "Europe/Paris")]
    [InlineData(null, "57000", HolidayZone.AlsaceMoselle, "Europe/Paris")]
    [InlineData("67482", null, HolidayZone.AlsaceMoselle, "Europe/Paris")]
    [InlineData(null, "68100", HolidayZone.AlsaceMoselle, "Europe/Paris")]
    [InlineData(null, "97110", HolidayZone.Guadeloupe, "America/Guadeloupe")]
    [InlineData(null, "97200", HolidayZone.Martinique, "America/Martinique")]
    [InlineData(null, "97300", HolidayZone.Guyane, "America/Cayenne")]
    [InlineData(null, "97400", HolidayZone.Reunion, "Indian/Reunion")]
    [InlineData(null, "97500", HolidayZone.SaintPierreEtMiquelon, "America/Miquelon")]
    [InlineData(null, "97650", HolidayZone.Mayotte, "Indian/Mayotte")]
    [InlineData(null, "97133", HolidayZone.SaintBarthelemy, "America/St_Barthelemy")]
    [InlineData(null, "97150", HolidayZone.SaintMartin, "America/Marigot")]
    [InlineData("97701", "97133", HolidayZone.SaintBarthelemy, "America/St_Barthelemy")]
    [InlineData("97801", "97150", HolidayZone.SaintMartin, "America/Marigot")]
    [InlineData("97123", null, HolidayZone.SaintBarthelemy, "America/St_Barthelemy")]
    [InlineData("97127", null, HolidayZone.SaintMartin, "America/Marigot")]
    [InlineData(null, "98600", HolidayZone.WallisEtFutuna, "Pacific/Wallis")]
    [InlineData(null, "98713", HolidayZone.Polynesie, "Pacific/Tahiti")]
    [InlineData("98735", null, HolidayZone.Polynesie, "Pacific/Tahiti")]
    [InlineData("98731", null, HolidayZone.Polynesie, "Pacific/Marquesas")]
    [InlineData(null, "98742", HolidayZone.Polynesie, "Pacific/Marquesas")]
    [InlineData("98719", null, HolidayZone.Polynesie, "Pacific/Gambier")]
    [InlineData(null, "98755", HolidayZone.Polynesie, "Pacific/Gambier")]
    [InlineData("98718", "98740", HolidayZone.Polynesie, "Pacific/Marquesas")]
    [InlineData("98723", "98796", HolidayZone.Polynesie, "Pacific/Marquesas")]
    [InlineData("98746", "98743", HolidayZone.Polynesie, "Pacific/Marquesas")]
    [InlineData("98756", "98747", HolidayZone.Polynesie, "Pacific/Marquesas")]
    [InlineData("98757", "98746", HolidayZone.Polynesie, "Pacific/Marquesas")]
    [InlineData("98719", "98792", HolidayZone.Polynesie, "Pacific/Gambier")]
    [InlineData("97501", "97500", HolidayZone.SaintPierreEtMiquelon, "America/Miquelon")]
    [InlineData("97608", "97615", HolidayZone.Mayotte, "Indian/Mayotte")]
    [InlineData("98613", "98600", HolidayZone.WallisEtFutuna, "Pacific/Wallis")]
    [InlineData(null, "98800", HolidayZone.NouvelleCaledonie, "Pacific/Noumea")]
    public void A_commune_or_a_postcode_tells_the_zone(string? insee, string? postcode, HolidayZone holidays, string timeZone)
    {
        var zone = Zones.Of(insee, postcode);
        Assert.Equal((holidays, timeZone), (zone?.Holidays, zone?.Time.Id));
    }

    [Fact]
    public void The_commune_decides_before_the_postcode() => Assert.Equal(HolidayZone.AlsaceMoselle, Zones.Of("67482", "75001")?.Holidays);

    [Fact]
    public void A_commune_that_is_not_known_leaves_it_to_the_postcode() => Assert.Equal(HolidayZone.AlsaceMoselle, Zones.Of("?", "67000")?.Holidays);

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "")]
    [InlineData(null, "7500")]
    [InlineData(null, "750011")]
    [InlineData(null, "7500A")]
    [InlineData(null, "٧٥٠٠١")]
    [InlineData(null, "98000")]
    [InlineData(null, "97900")]
    [InlineData("98412", null)]
    [InlineData("98901", "98799")]
    [InlineData(null, "99138")]
    [InlineData(null, "00100")]
    [InlineData("2C001", null)]
    [InlineData("20004", null)]
    [InlineData("A5056", null)]
    public void Anywhere_else_is_unknown(string? insee, string? postcode) => Assert.Null(Zones.Of(insee, postcode));

    [Theory]
    [InlineData("Europe/Paris", HolidayZone.Metropole)]
    [InlineData("America/Marigot", HolidayZone.SaintMartin)]
    [InlineData("Pacific/Marquesas", HolidayZone.Polynesie)]
    [InlineData("Indian/Reunion", HolidayZone.Reunion)]
    public void A_time_zone_has_a_calendar_by_default(string timeZone, HolidayZone holidays) =>
        Assert.Equal((holidays, timeZone), (Zones.OfTimeZone(timeZone)?.Holidays, Zones.OfTimeZone(timeZone)?.Time.Id));

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("europe/paris")]
    [InlineData("")]
    public void A_time_zone_that_is_not_French_has_none(string timeZone) => Assert.Null(Zones.OfTimeZone(timeZone));

    [Theory]
    [InlineData("97110", "-04")]
    [InlineData("97133", "-04")]
    [InlineData("97150", "-04")]
    [InlineData("97300", "-03")]
    [InlineData("97400", "+04")]
    [InlineData("97600", "+03")]
    [InlineData("97500", "-02")]
    [InlineData("98742", "-09:30")]
    [InlineData("98755", "-09")]
    [InlineData("98800", "+11")]
    [InlineData("98600", "+12")]
    [InlineData("75001", "+02")]
    public void The_clock_of_a_zone_is_right_in_July_2026(string postcode, string offset) =>
        Assert.Equal(offset, Zones.Of(null, postcode)!.Time.GetUtcOffset(Instant.FromUtc(2026, 7, 1, 0, 0)).ToString());

    [Fact]
    public void Every_town_overseas_has_the_same_zone_by_its_commune_and_by_its_postcode()
    {
        var overseas = Towns.All.Where(town => town.Insee.StartsWith("97", StringComparison.Ordinal) || town.Insee.StartsWith("98", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            ["971", "972", "973", "974", "975", "976", "977", "978", "986", "987", "988"],
            overseas.Select(town => town.Department).Distinct().Order(StringComparer.Ordinal));
        Assert.All(overseas, town => Assert.Equal(Zones.Of(town.Insee, null), Zones.Of(null, town.Postcode)));
    }

    [Theory]
    // Paris goes over on the last Sundays of March and October, Miquelon on the second of March and the first of November, the others never.
    [InlineData("75001", "2026-03-28T19:00Z", "2026-03-29T06:00Z", 11)]
    [InlineData("75001", "2026-10-24T18:00Z", "2026-10-25T07:00Z", 13)]
    [InlineData("97500", "2026-03-07T23:00Z", "2026-03-08T10:00Z", 11)]
    [InlineData("97500", "2026-10-31T22:00Z", "2026-11-01T11:00Z", 13)]
    [InlineData("97500", "2026-03-28T22:00Z", "2026-03-29T10:00Z", 12)]
    [InlineData("97500", "2026-10-24T22:00Z", "2026-10-25T10:00Z", 12)]
    [InlineData("75001", "2026-03-07T19:00Z", "2026-03-08T07:00Z", 12)]
    [InlineData("98742", "2026-03-29T05:30Z", "2026-03-29T17:30Z", 12)]
    [InlineData("98742", "2026-10-25T05:30Z", "2026-10-25T17:30Z", 12)]
    [InlineData("98755", "2026-03-29T05:00Z", "2026-03-29T17:00Z", 12)]
    public void A_night_from_eight_to_eight_lasts_as_long_as_the_clocks_say(string postcode, string start, string end, int hours)
    {
        var (from, to) = (Moment(start), Moment(end));
        var schedule = new Schedule(Zones.Of(null, postcode)!, OpeningHours.Parse("Mo-Su,PH 20:00-08:00"), [], null);
        var night = Assert.Single(schedule.Intervals(from - Duration.FromHours(6), to + Duration.FromHours(6)));
        Assert.Equal((from, to, Duration.FromHours(hours)), (night.Start, night.End, night.End - night.Start));
    }

    [Theory]
    [InlineData("75001", "2026-03-29", "02:15-02:45", "2026-03-29T01:15Z")]
    [InlineData("75001", "2026-10-25", "02:15-02:45", "2026-10-25T00:15Z")]
    [InlineData("97500", "2026-03-08", "02:15-02:45", "2026-03-08T05:15Z")]
    [InlineData("97500", "2026-11-01", "01:15-01:45", "2026-11-01T03:15Z")]
    [InlineData("97500", "2026-03-29", "02:15-02:45", "2026-03-29T04:15Z")]
    [InlineData("98742", "2026-03-29", "02:15-02:45", "2026-03-29T11:45Z")]
    public void A_skipped_half_hour_moves_by_the_gap_and_a_repeated_one_is_its_first_showing(string postcode, string date, string span, string start)
    {
        var zone = Zones.Of(null, postcode)!;
        var midnight = NodaTime.Text.LocalDatePattern.Iso.Parse(date).Value.AtStartOfDayInZone(zone.Time).ToInstant();
        var open = Assert.Single(new Schedule(zone, OpeningHours.Parse($"Mo-Su,PH {span}"), [], null).Intervals(midnight, midnight + Duration.FromHours(12)));
        Assert.Equal((Moment(start), Moment(start) + Duration.FromMinutes(30)), (open.Start, open.End));
    }

    private static Instant Moment(string text) => NodaTime.Text.InstantPattern.ExtendedIso.Parse(text.Replace("Z", ":00Z", StringComparison.Ordinal)).Value;
}
