using System.Globalization;
using System.Text;
using Realtime.Pharmacies;

namespace Realtime.Tests.Pharmacies;

public sealed class FinessFileTests
{
    [Fact]
    public void A_pharmacy_is_read_from_its_two_lines()
    {
        var record = Assert.Single(Read(Structure(), Place()).Records);
        Assert.Equal(("010002335", "PHARMACIE DE FLAUGERGUES"), (record.Id.Value, record.Name));
        Assert.Equal(new Address("625 BIS AV LEON BLUM, BP 107", "01500", "AMBERIEU EN BUGEY"), record.Address);
        Assert.Equal(("01004", "0474350415", null), (record.Insee, record.Phone, record.Hours));
        Assert.InRange(Lambert93Tests.MetersFromOracle(881398.6, 6543082.9, record.Latitude, record.Longitude), 0, 0.01);
    }

    [Fact]
    public void The_long_name_is_taken_where_there_is_one() =>
        Assert.Equal("GRANDE PHARMACIE DE L'AVENUE", Assert.Single(Read(Structure(longName: "GRANDE PHARMACIE  DE L'AVENUE"), Place()).Records).Name);

    [Fact]
    public void Lines_may_come_in_any_order_and_later_extractions_open_with_a_line_of_their_own() =>
        Assert.Single(Read("finess;etalab;86;2019-03-08", Place(), Structure()).Records);

    [Fact]
    public void A_place_whose_source_is_joined_by_commas_is_read_too()
    {
        var record = Assert.Single(Read(Structure(), "geolocalisation;010002335;881398.6;6543082.9;1,ATLASANTE,96,BAN,EPSG:2154 RGF93 / Lambert-93 (Métropole);2026-05-04").Records);
        Assert.InRange(Lambert93Tests.MetersFromOracle(881398.6, 6543082.9, record.Latitude, record.Longitude), 0, 0.01);
    }

    [Fact]
    public void Other_establishments_are_skipped_and_counted()
    {
        var reading = Read(Structure(category: "500"), Structure(), Place());
        Assert.Equal((1, 1, 1), (reading.Read, reading.Records.Count, reading.Skipped));
    }

    [Theory]
    [InlineData("1", "4", "01004")]
    [InlineData("01", "004", "01004")]
    [InlineData("75", "112", "75112")]
    [InlineData("2A", "4", "2A004")]
    [InlineData("2B", "033", "2B033")]
    [InlineData("9A", "101", "97101")]
    [InlineData("9A", "123", "97123")]
    [InlineData("9D", "411", "97411")]
    [InlineData("9F", "611", "97611")]
    [InlineData("97", "411", "97411")]
    [InlineData("974", "411", "97411")]
    [InlineData("974", "11", "97411")]
    [InlineData("976", "8", "97608")]
    [InlineData("988", "18", "98818")]
    [InlineData("971", "411", null)]
    [InlineData("9A", "1", null)]
    [InlineData("1", "", null)]
    [InlineData("1", "4x", null)]
    [InlineData("", "4", null)]
    [InlineData("2C", "004", null)]
    [InlineData("100", "004", null)]
    public void A_commune_is_put_together_with_its_lost_zeros(string department, string commune, string? insee) =>
        Assert.Equal(insee, FinessFile.InseeOf(department, commune));

    [Theory]
    [InlineData("UTM_N20", "the projection 'UTM_N20' is not supported, only LAMBERT_93.")]
    [InlineData("", "the projection '' is not supported, only LAMBERT_93.")]
    public void Another_projection_is_refused_by_name(string projection, string sentence) => AssertRejected(sentence, Structure(), Place(projection: projection));

    [Theory]
    [InlineData("", "6543082.9", "the coordinates '' and '6543082.9' are not numbers.")]
    [InlineData("8,8E+05", "6543082.9", "the coordinates '8,8E+05' and '6543082.9' are not numbers.")]
    [InlineData("881398.6", "65430829", "the coordinates 881398.6 and 65430829 lie outside mainland France.")]
    public void Coordinates_that_are_no_place_are_refused(string x, string y, string sentence) => AssertRejected(sentence, Structure(), Place(x: x, y: y));

    [Fact]
    public void A_pharmacy_without_a_place_is_refused() => AssertRejected("no coordinates: the file has no geolocalisation line for it.", Structure());

    [Fact]
    public void A_number_whose_key_is_wrong_is_refused() =>
        AssertRejected("not a FINESS number: nine characters, the last a check digit.", Structure(number: "010002336"), Place(number: "010002336"));

    [Fact]
    public void A_pharmacy_that_is_nowhere_in_France_is_refused() =>
        AssertRejected("neither the commune '98 4' nor '98000 MONACO' is a place in France.", Structure(department: "98", routing: "98000 MONACO"), Place());

    [Fact]
    public void A_pharmacy_stated_twice_is_taken_once() =>
        Assert.Equal("the same FINESS number stands on line 1.", Assert.Single(Read(Structure(), Structure(), Place()).Errors).Sentence);

    [Theory]
    [InlineData("4,09527E+13", 1)]
    [InlineData("409527000", 1)]
    [InlineData("40952741200015", 0)]
    [InlineData("", 0)]
    public void A_damaged_SIRET_is_pointed_out_and_the_pharmacy_kept(string siret, int warnings)
    {
        var reading = Read(Structure(siret: siret), Place());
        Assert.Single(reading.Records);
        Assert.Equal(warnings, reading.Warnings.Count(warning => warning.Kind == ImportWarning.DamagedSiret));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Both_encodings_give_the_same_name(bool old)
    {
        var encoding = old ? CodePagesEncodingProvider.Instance.GetEncoding(1252)! : Encoding.UTF8;
        Assert.True(FinessFile.TryRead(encoding.GetBytes($"{Structure(name: "PHARMACIE DE L'ÉVÊCHÉ")}\n{Place()}\n"), out var reading, out _));
        Assert.Equal("PHARMACIE DE L'ÉVÊCHÉ", Assert.Single(reading.Records).Name);
        Assert.Equal(old, reading.Warnings.Any(warning => warning.Kind == ImportWarning.OldEncoding));
    }

    [Theory]
    [InlineData("structureet;010002335;x", 1, 24, "the line has 3 fields, not 32")]
    [InlineData("geolocalisation;010002335;881398.6;65430", 1, 41, "the line has 4 fields, not 12:")]
    [InlineData("Finess;Titre", 1, 1, "'Finess' stands where structureet or geolocalisation is expected")]
    [InlineData("", 1, 1, "'' stands where structureet")]
    public void A_file_that_is_cut_or_another_one_is_located(string text, int line, int column, string sentence)
    {
        Assert.False(FinessFile.TryRead(Encoding.UTF8.GetBytes(text), out _, out var fault));
        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.StartsWith(sentence, fault.Sentence);
    }

    [Fact]
    public void A_file_cut_anywhere_within_a_line_gives_nothing_but_for_the_last_field()
    {
        var file = $"{Structure()}\n{Place()}\n";
        var lastField = file.LastIndexOf(';');
        for (var length = file.IndexOf('\n') + 2; length <= lastField; length++)
            Assert.False(FinessFile.TryRead(Encoding.UTF8.GetBytes(file[..length]), out _, out _), $"cut after {length} characters");
        Assert.True(FinessFile.TryRead(Encoding.UTF8.GetBytes(file[..^3]), out var reading, out _));
        Assert.Contains(reading.Warnings, warning => warning.Kind == ImportWarning.NoFinalLineBreak);
    }

    [Fact]
    public void The_sample_gives_three_pharmacies_within_a_metre_of_the_oracle()
    {
        var file = Campaign.SharedData("finess/finess-cs1100507-2016-extrait.csv");
        Assert.True(FinessFile.TryRead(File.ReadAllBytes(file), out var reading, out var fault), fault?.ToString());
        Assert.Equal((3, 3, 0), (reading.Read, reading.Records.Count, reading.Skipped));
        Assert.Equal(["010002301", "010002335", "010002350"], reading.Records.Select(record => record.Id.Value));
        Assert.All(reading.Records, record => Assert.Equal(("01004", "01500", "AMBERIEU EN BUGEY"), (record.Insee, record.Address.Postcode, record.Address.City)));
        Assert.Equal(3, reading.Warnings.Count(warning => warning.Kind == ImportWarning.DamagedSiret));
        var places = File.ReadLines(file).Select(line => line.Split(';')).Where(fields => fields[0] == "geolocalisation").ToDictionary(fields => fields[1]);
        Assert.All(reading.Records, record => Assert.InRange(
            Lambert93Tests.MetersFromOracle(Metres(places[record.Id.Value][2]), Metres(places[record.Id.Value][3]), record.Latitude, record.Longitude), 0, 1));
        // And they are where the town is, so that no swapped axis hides behind the oracle.
        Assert.All(reading.Records, record => Assert.True(Math.Abs(record.Latitude - 45.9575) < 0.02 && Math.Abs(record.Longitude - 5.3606) < 0.03));
    }

    private static double Metres(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static void AssertRejected(string sentence, params string[] lines)
    {
        var reading = Read(lines);
        Assert.Empty(reading.Records);
        Assert.Equal(sentence, Assert.Single(reading.Errors).Sentence);
    }

    private static ImportReading Read(params string[] lines) =>
        FinessFile.TryRead(Encoding.UTF8.GetBytes(string.Join("\r\n", lines) + "\r\n"), out var reading, out var fault)
            ? reading
            : throw new InvalidOperationException($"The fixture is not well-formed: {fault}");

    private static string Structure(
        string number = "010002335", string name = "PHARMACIE DE FLAUGERGUES ", string longName = "", string category = "620", string department = "1",
        string routing = "01500 AMBERIEU EN BUGEY", string siret = "") =>
        $"structureet;{number};010002327;{name};{longName};;;625;AV;LEON BLUM;BIS;BP 107;4;{department};AIN;{routing};474350415;;{category};Pharmacie d'Officine;3201;Commerce;{siret};;1;Tarif Libre;;;02/07/2013;02/08/2012;17/11/2015;";

    private static string Place(string number = "010002335", string x = "881398.6", string y = "6543082.9", string projection = "LAMBERT_93") =>
        $"geolocalisation;{number};{x};{y};1;ATLASANTE;100;IGN;BD_ADRESSE;V2.1;{projection};2016-02-29";
}
