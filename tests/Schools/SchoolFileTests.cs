using System.Text;
using Realtime.Pharmacies;
using Realtime.Schools;

namespace Realtime.Tests.Schools;

/// <summary>The official calendar of school holidays, as it is published.</summary>
public sealed class SchoolFileTests
{
    private const string Header = "Description;Population;Date de début;Date de fin;Académies;Zones;annee_scolaire\n";
    private const string Autumn = "Vacances de la Toussaint;-;2026-10-16T22:00:00+00:00;2026-11-01T23:00:00+00:00;Créteil;Zone C;2026-2027\n";

    [Fact]
    public void Academies_of_a_zone_say_the_same_and_days_are_those_of_the_zones_clock()
    {
        var reading = Read(
            Autumn + Autumn.Replace("Créteil", "Paris", StringComparison.Ordinal)
            + "Vacances de Noël;Élèves;2026-12-18T23:00:00+00:00;2027-01-03T23:00:00+00:00;Paris;Zone C;2026-2027\n"
            + "\"Début des Vacances d'Été\";-;2027-07-02T22:00:00+00:00;2027-07-02T22:00:00+00:00;Paris;Zone C;2026-2027\n"
            + "Rentrée scolaire des élèves;-;2026-08-31T22:00:00+00:00;2026-08-31T22:00:00+00:00;Paris;Zone C;2026-2027\n"
            + "Prérentrée des enseignants;Enseignants;2026-08-30T22:00:00+00:00;2026-08-30T22:00:00+00:00;Paris;Zone C;2026-2027\n");
        var year = Assert.Single(reading.Years);
        Assert.Equal((SchoolZone.C, "2026-2027"), (year.Zone, year.Year));
        Assert.Equal([new("2026-10-17", "2026-11-01"), new("2026-12-19", "2027-01-03"), new("2027-07-03", null)], year.Breaks);
        Assert.Equal((4, 2, 0), (reading.Read, reading.Skipped, reading.Errors.Count));
    }

    [Theory]
    // Local midnights, the midnights of Paris, with an offset or as Z: the same days.
    [InlineData("2026-10-09T20:00:00+00:00", "2026-10-25T20:00:00+00:00", "Réunion", SchoolZone.Reunion)]
    [InlineData("2026-10-09T22:00:00+00:00", "2026-10-25T23:00:00+00:00", "Réunion", SchoolZone.Reunion)]
    [InlineData("2026-10-10T00:00:00+04:00", "2026-10-26T00:00:00+04:00", "Réunion", SchoolZone.Reunion)]
    [InlineData("2026-10-10T04:00:00Z", "2026-10-26T04:00:00Z", "Guadeloupe", SchoolZone.Guadeloupe)]
    [InlineData("2026-10-09T22:00:00+00:00", "2026-10-25T23:00:00+00:00", "Martinique", SchoolZone.Martinique)]
    [InlineData("2026-10-10T10:00:00+00:00", "2026-10-26T10:00:00+00:00", "Polynésie", SchoolZone.Polynesie)]
    [InlineData("2026-10-09T22:00:00+00:00", "2026-10-25T23:00:00+00:00", "Polynésie", SchoolZone.Polynesie)]
    [InlineData("2026-10-09T13:00:00+00:00", "2026-10-25T13:00:00+00:00", "Nouvelle Calédonie", SchoolZone.NouvelleCaledonie)]
    [InlineData("2026-10-09T12:00:00+00:00", "2026-10-25T12:00:00+00:00", "Wallis et Futuna", SchoolZone.WallisEtFutuna)]
    [InlineData("2026-10-10T03:00:00+00:00", "2026-10-26T03:00:00+00:00", "Saint Pierre et Miquelon", SchoolZone.SaintPierreEtMiquelon)]
    [InlineData("2026-10-10T03:00:00+00:00", "2026-10-26T03:00:00+00:00", "Guyane", SchoolZone.Guyane)]
    [InlineData("2026-10-09T21:00:00+00:00", "2026-10-25T21:00:00+00:00", "Mayotte", SchoolZone.Mayotte)]
    [InlineData("2026-10-10T00:00:00+02:00", "2026-10-26T00:00:00+01:00", "Corse", SchoolZone.Corse)]
    [InlineData("2026-10-10T00:00:00+02:00", "2026-10-26T00:00:00+01:00", "Zone A", SchoolZone.A)]
    public void Overseas_too_a_holiday_begins_and_ends_at_the_midnight_that_is_meant(string start, string end, string name, SchoolZone zone)
    {
        var year = Assert.Single(Read($"Vacances;-;{start};{end};X;{name};2026-2027\n").Years);
        Assert.Equal((zone, new SchoolBreak("2026-10-10", "2026-10-25")), (year.Zone, Assert.Single(year.Breaks)));
    }

    [Theory]
    [InlineData("Vacances;-;17/10/2026;2026-11-01T23:00:00+00:00;Paris;Zone C;2026-2027", "'17/10/2026' is not an instant as 2026-10-17T00:00:00+02:00.")]
    [InlineData("Vacances;-;;2026-11-01T23:00:00+00:00;Paris;Zone C;2026-2027", "'' is not an instant as 2026-10-17T00:00:00+02:00.")]
    [InlineData("Vacances;-;2026-10-16T22:00:00+00:00;soon;Paris;Zone C;2026-2027", "'soon' is not an instant as 2026-10-17T00:00:00+02:00.")]
    [InlineData("Vacances;-;2026-11-16T22:00:00+00:00;2026-11-01T23:00:00+00:00;Paris;Zone C;2026-2027", "it ends before it begins.")]
    [InlineData("Vacances;-;2026-10-16T22:00:00+00:00;2026-11-01T23:00:00+00:00;Paris;Zone C;2026-2028", "'2026-2028' is not a school year as 2026-2027.")]
    [InlineData("Vacances;-;2026-10-16T22:00:00+00:00;2026-11-01T23:00:00+00:00;Paris;Zone C;", "'' is not a school year as 2026-2027.")]
    [InlineData("Vacances;-;2026-10-16T22:00:00+00:00;2026-11-01T23:00:00+00:00;Paris;Zone C;2021-2022", "its beginning is not within the school year 2021-2022.")]
    public void A_wrong_record_is_named_with_its_line_and_nothing_is_taken(string line, string sentence)
    {
        var reading = Read(Autumn + line + "\n");
        var error = Assert.Single(reading.Errors);
        Assert.Equal((3, "Vacances", sentence), (error.Line, error.Culprit, error.Sentence));
        Assert.Empty(reading.Years);
        Assert.Equal(2, reading.Read);
    }

    [Fact]
    public void A_zone_that_is_not_known_is_left_out_with_a_warning()
    {
        var reading = Read(Autumn + Autumn.Replace("Zone C", "Zone D", StringComparison.Ordinal));
        Assert.Equal(("'Zone D' is no zone that is known here; the record is left out.", 3), (Assert.Single(reading.Warnings).Sentence, reading.Warnings[0].Line));
        Assert.Equal((1, 1, 1), (reading.Years.Count, reading.Read, reading.Skipped));
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("Description;Population;Date de début\n", 1, 38)]
    [InlineData("Description;Population;Debut;Date de fin;Académies;Zones;annee_scolaire\n", 1, 24)]
    [InlineData(Header + "Vacances;-;2026\n", 2, 16)]
    [InlineData(Header + "Vacances de la Toussaint;-;2026-10-16T22:00:00+00:00;2026-11-01T23:00:00+00:00;Créteil;Zone C;2026-2027", 2, 1)]
    public void Another_file_or_a_piece_of_one_is_refused_whole(string text, int line, int column)
    {
        Assert.False(SchoolFile.TryRead(Encoding.UTF8.GetBytes(text), out _, out var fault));
        Assert.Equal((line, column), (fault.Line, fault.Column));
    }

    [Fact]
    public void A_file_that_is_not_UTF_8_is_refused() => Assert.False(SchoolFile.TryRead(Encoding.Latin1.GetBytes(Header + Autumn), out _, out FileFault? _));

    [Theory]
    [InlineData("75056", null, SchoolZone.C)]
    [InlineData(null, "69001", SchoolZone.A)]
    [InlineData(null, "67000", SchoolZone.B)]
    [InlineData(null, "13001", SchoolZone.B)]
    [InlineData("2A004", null, SchoolZone.Corse)]
    [InlineData(null, "20200", SchoolZone.Corse)]
    [InlineData(null, "01000", SchoolZone.A)]
    [InlineData(null, "97400", SchoolZone.Reunion)]
    [InlineData(null, "98713", SchoolZone.Polynesie)]
    [InlineData(null, "98800", SchoolZone.NouvelleCaledonie)]
    [InlineData("97105", "75001", SchoolZone.Guadeloupe)]
    [InlineData(null, "97133", null)]
    [InlineData("97801", null, null)]
    [InlineData("97123", null, null)]
    [InlineData(null, "98000", null)]
    [InlineData(null, null, null)]
    public void A_place_has_the_calendar_of_its_academy(string? insee, string? postcode, SchoolZone? zone) => Assert.Equal(zone, SchoolZones.Of(insee, postcode));

    [Fact]
    public void The_ninety_six_departments_of_the_mainland_are_shared_out_among_the_zones()
    {
        string[] all = [.. Enumerable.Range(1, 95).Where(d => d != 20).Select(d => $"{d:00}"), "2A", "2B"];
        var zones = all.GroupBy(department => SchoolZones.Of(department + "001", null)).ToDictionary(zone => zone.Key!.Value, zone => zone.Count());
        Assert.Equal((32, 41, 21, 2), (zones[SchoolZone.A], zones[SchoolZone.B], zones[SchoolZone.C], zones[SchoolZone.Corse]));
    }

    private static SchoolReading Read(string records)
    {
        Assert.True(SchoolFile.TryRead(Encoding.UTF8.GetBytes(Header + records), out var reading, out var fault), $"{fault}");
        return reading;
    }
}
