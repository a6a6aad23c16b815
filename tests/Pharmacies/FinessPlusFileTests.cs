using System.Text;
using Realtime.Pharmacies;

namespace Realtime.Tests.Pharmacies;

/// <summary>No file of this format is at hand: the fixtures follow its published schema and what is known of the files.</summary>
public sealed class FinessPlusFileTests
{
    [Fact]
    public void An_establishment_is_read_as_the_schema_has_it()
    {
        var record = Assert.Single(Read(Establishment()).Records);
        Assert.Equal(("010002335", "PHARMACIE DE FLAUGERGUES"), (record.Id.Value, record.Name));
        Assert.Equal(new Address("625 AV LEON BLUM", "01500", "AMBERIEU EN BUGEY"), record.Address);
        Assert.Equal(("01004", "0474350415", null), (record.Insee, record.Phone, record.Hours));
        Assert.Equal((45.957, 5.361), (record.Latitude, record.Longitude));
    }

    [Fact]
    public void Codes_may_be_plain_texts_and_names_of_another_case() =>
        Assert.Single(Read(Establishment().Replace("""{"code":"620"}""", "\"620\"").Replace("""{"code":"A"}""", "\"A\"").Replace("categorieEntite", "categorieentite")).Records);

    [Theory]
    [InlineData("\"620\"", "\"500\"")]
    [InlineData("\"code\":\"A\"", "\"code\":\"I\"")]
    public void What_is_no_pharmacy_or_none_any_more_is_skipped(string usual, string other)
    {
        var reading = Read(Establishment().Replace(usual, other), Establishment());
        Assert.Equal((1, 1), (reading.Read, reading.Skipped));
    }

    [Theory]
    [InlineData("5.361", "45.957", "E", "N", 45.957, 5.361)]
    [InlineData("1.5", "48.0", "W", "N", 48.0, -1.5)]
    [InlineData("1.5", "48.0", "O", "N", 48.0, -1.5)]
    [InlineData("-1.5", "48.0", "W", "N", 48.0, -1.5)]
    [InlineData("700000", "6600000", "E", "N", 46.5, 3)]
    [InlineData("881398.6", "6543082.9", "5.361", "45.957", 45.957, 5.361)]
    public void A_place_may_be_degrees_or_metres_of_the_mainland(string x, string y, string east, string north, double latitude, double longitude)
    {
        var record = Assert.Single(Read(Establishment(x: x, y: y, east: east, north: north)).Records);
        Assert.Equal((latitude, longitude), (Math.Round(record.Latitude, 9), Math.Round(record.Longitude, 9)));
    }

    [Theory]
    [InlineData("657242.9", "1795384.4", "97101", "the coordinates 657242.9 and 1795384.4 are metres in a projection that the file does not name; only LAMBERT_93 is supported.")]
    [InlineData("657242.9", "1795384.4", "01004", "the coordinates 657242.9 and 1795384.4 lie outside mainland France.")]
    [InlineData("", "", "01004", "no coordinates.")]
    [InlineData("est", "nord", "01004", "the coordinates 'est' and 'nord' are not numbers.")]
    public void A_place_that_is_none_is_refused(string x, string y, string insee, string sentence) => AssertRejected(sentence, Establishment(x: x, y: y, insee: insee));

    [Theory]
    [InlineData("\"010002335\"", "\"010002336\"", "not a FINESS number: nine characters, the last a check digit.")]
    [InlineData("\"adresse\":[", "\"adresse\":[],\"autre\":[", "no address.")]
    [InlineData("\"code\":\"A\"", "\"code\":\"X\"", "its etatObjet 'X' is neither A nor I.")]
    public void What_a_pharmacy_lacks_is_named(string usual, string other, string sentence) => AssertRejected(sentence, Establishment().Replace(usual, other));

    [Fact]
    public void A_pharmacy_that_is_nowhere_in_France_is_refused() =>
        AssertRejected("neither the commune '?' nor the postcode '98000' is of France.", Establishment(insee: "?", postcode: "98000"));

    [Fact]
    public void The_main_address_wins_over_the_others() => Assert.Equal("01500", Assert.Single(Read(Establishment().Replace(
        "\"adresse\":[", "\"adresse\":[{\"usageAdresse\":\"04\",\"cogCommune\":\"75101\",\"codePostal\":\"75001\"},")).Records).Address.Postcode);

    [Fact]
    public void The_line_of_a_pharmacy_is_that_of_its_legal_entity()
    {
        Assert.True(FinessFile.TryRead(Encoding.UTF8.GetBytes("{\n\"gco\": {},\n\"pmej\": [\n{\"ege\": []},\n{\"ege\": [" + Establishment(x: "") + "]}]}"), out var reading, out _));
        Assert.Equal(5, Assert.Single(reading.Errors).Line);
    }

    [Theory]
    [InlineData("{\n  \"pmej\": [\n    {\"ege\": [}\n", 3, 14, "not JSON: ")]
    [InlineData("{\n  \"pmej\": [\n    {\"ege\": [", 3, 14, "not JSON: ")]
    [InlineData("{\"pmej\": []} x", 1, 14, "not JSON: ")]
    [InlineData("{\"features\": []}", 1, 1, "there is no array \"pmej\"; this is not the FINESS file of structures.")]
    public void A_file_that_is_cut_or_another_one_is_located(string text, int line, int column, string sentence)
    {
        Assert.False(FinessFile.TryRead(Encoding.UTF8.GetBytes(text), out _, out var fault));
        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.StartsWith(sentence, fault.Sentence);
    }

    private static void AssertRejected(string sentence, string establishment)
    {
        var reading = Read(establishment);
        Assert.Empty(reading.Records);
        Assert.Equal(sentence, Assert.Single(reading.Errors).Sentence);
    }

    private static ImportReading Read(params string[] establishments) =>
        FinessFile.TryRead(Encoding.UTF8.GetBytes($$$"""{"pmej":[{"informationsGeneralesPmej":{"numFinessPm":"010002327"},"ege":[{{{string.Join(',', establishments)}}}]}],"gco":{},"gcc":{}}"""), out var reading, out var fault)
            ? reading
            : throw new InvalidOperationException($"The fixture is not well-formed: {fault}");

    private static string Establishment(string x = "5.361", string y = "45.957", string east = "E", string north = "N", string insee = "01004", string postcode = "01500") => $$$"""
        {"informationsGeneralesEGE":{"numFinessEge":"010002335","nomEgeCourt":"PHIE FLAUGERGUES","nomEgeLong":"PHARMACIE DE FLAUGERGUES"},
        "etatObjet":{"code":"A"},"categorieEntiteGeographiqueExercice":{"code":"620"},
        "adresse":[{"usageAdresse":"03","numeroVoie":"625","typeVoie":"AV","libelleVoie":"LEON BLUM","complementVoie":null,"cogCommune":"{{{insee}}}","ligneAcheminement":"01500 AMBERIEU EN BUGEY",
        "codePostal":"{{{postcode}}}","coordonneesGeographique":{"coordonneeX":"{{{x}}}","coordonneeY":"{{{y}}}","directionLatitude":"{{{north}}}","directionLongitude":"{{{east}}}"}}],
        "roleEge":[],"contact":[{"typeContact":{"roleContact":"1"},"telecom":{"telephone":"0474350415","telecopie":null,"courriel":null}}]}
        """.ReplaceLineEndings("");
}
