using NodaTime;
using Realtime.Hours;

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
}
