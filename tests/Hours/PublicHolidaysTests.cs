using NodaTime;
using NodaTime.Text;
using Realtime.Hours;
using Sylvan.Data.Csv;

namespace Realtime.Tests.Hours;

public sealed class PublicHolidaysTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, HolidayZone> OfficialNames = new(StringComparer.Ordinal)
    {
        ["Métropole"] = HolidayZone.Metropole,
        ["Alsace-Moselle"] = HolidayZone.AlsaceMoselle,
        ["Guadeloupe"] = HolidayZone.Guadeloupe,
        ["Martinique"] = HolidayZone.Martinique,
        ["Guyane"] = HolidayZone.Guyane,
        ["La Réunion"] = HolidayZone.Reunion,
        ["Mayotte"] = HolidayZone.Mayotte,
        ["Saint-Barthélémy"] = HolidayZone.SaintBarthelemy,
        ["Saint-Martin"] = HolidayZone.SaintMartin,
        ["Saint-Pierre-et-Miquelon"] = HolidayZone.SaintPierreEtMiquelon,
        ["Wallis-et-Futuna"] = HolidayZone.WallisEtFutuna,
        ["Polynésie Française"] = HolidayZone.Polynesie,
        ["Nouvelle-Calédonie"] = HolidayZone.NouvelleCaledonie,
    };

    [Fact]
    public void Every_date_of_every_zone_from_2006_to_2031_is_as_the_official_calendar_has_it()
    {
        var official = Official(out var rows);
        var compared = 0;
        for (var date = new LocalDate(2006, 1, 1); date.Year <= 2031; date = date.PlusDays(1))
            foreach (var zone in OfficialNames.Values)
            {
                var names = official.GetValueOrDefault((zone, date), []);
                Assert.True(names.Count > 0 == PublicHolidays.IsHoliday(date, zone), $"{date} in {zone}");
                var name = PublicHolidays.Name(date, zone);
                Assert.True(name is null ? names.Count == 0 : names.Contains(name), $"{date} in {zone}: {name}");
                compared++;
            }
        output.WriteLine($"{compared} dates of 13 zones compared; {rows} zone-dates in the file, {official.Count} distinct.");
        Assert.Equal(13 * 9496, compared);
        Assert.Equal(3952, rows);
        // Ascension fell on 1 May in 2008, a day with two names in each zone; three local feasts fell on a common one.
        Assert.Equal(3952 - 13 - 3, official.Count);
    }

    [Theory]
    [InlineData(1954, 4, 18)]
    [InlineData(1981, 4, 19)]
    [InlineData(2008, 3, 23)]
    [InlineData(2038, 4, 25)]
    [InlineData(2049, 4, 18)]
    [InlineData(2285, 3, 22)]
    public void Easter_falls_where_the_almanacs_have_it(int year, int month, int day) => Assert.Equal(new LocalDate(year, month, day), PublicHolidays.Easter(year));

    [Theory]
    [InlineData("2017-05-27", HolidayZone.SaintMartin, true)]
    [InlineData("2018-05-27", HolidayZone.SaintMartin, false)]
    [InlineData("2018-05-28", HolidayZone.SaintMartin, true)]
    [InlineData("1980-12-20", HolidayZone.Reunion, false)]
    [InlineData("1981-12-20", HolidayZone.Reunion, true)]
    [InlineData("1982-05-22", HolidayZone.Martinique, false)]
    [InlineData("1983-05-22", HolidayZone.Martinique, true)]
    [InlineData("1955-05-08", HolidayZone.Metropole, true)]
    [InlineData("1970-05-08", HolidayZone.Metropole, false)]
    [InlineData("1982-05-08", HolidayZone.Metropole, true)]
    [InlineData("1946-05-01", HolidayZone.Metropole, false)]
    [InlineData("2026-04-03", HolidayZone.AlsaceMoselle, true)]
    [InlineData("2026-04-03", HolidayZone.Guadeloupe, false)]
    [InlineData("2400-12-25", HolidayZone.Polynesie, true)]
    public void A_holiday_holds_in_its_zone_from_the_year_of_its_text(string date, HolidayZone zone, bool expected) =>
        Assert.Equal(expected, PublicHolidays.IsHoliday(LocalDatePattern.Iso.Parse(date).Value, zone));

    [Fact]
    public void Every_rule_states_its_source() =>
        Assert.All(HolidayRule.Fixed.Concat(HolidayRule.Movable), rule => Assert.Matches("(loi|ordonnance|arrêté|avis|code).* [0-9]", rule.Source));

    private static Dictionary<(HolidayZone Zone, LocalDate Date), List<string>> Official(out int rows)
    {
        var official = new Dictionary<(HolidayZone, LocalDate), List<string>>();
        rows = 0;
        using var csv = CsvDataReader.Create(Campaign.SharedData("holidays/jours_feries.csv"));
        while (csv.Read())
            foreach (var zone in csv.GetString(2).Split('|'))
            {
                var key = (OfficialNames[zone], LocalDatePattern.Iso.Parse(csv.GetString(0)).Value);
                if (!official.TryGetValue(key, out var names))
                    official.Add(key, names = []);
                names.Add(csv.GetString(1));
                rows++;
            }
        return official;
    }
}
