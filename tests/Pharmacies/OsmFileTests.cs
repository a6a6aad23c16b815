using System.Text;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.Tests.Pharmacies;

public sealed class OsmFileTests
{
    [Fact]
    public void A_feature_is_read_whole()
    {
        var record = Assert.Single(Read(Feature()).Records);
        Assert.Equal(("790010128", "Pharmacie d'Essai", "+33 5 49 75 64 98"), (record.Id.Value, record.Name, record.Phone));
        Assert.Equal(new Address("19 Rue Haute", "79230", "Vouillé"), record.Address);
        Assert.Equal((46.32, -0.45, "Mo-Sa 08:30-20:00", null), (record.Latitude, record.Longitude, record.Hours, record.Insee));
    }

    [Fact]
    public void Other_features_are_skipped_and_counted()
    {
        var reading = Read(Feature().Replace("\"pharmacy\"", "\"cafe\""), Feature());
        Assert.Equal((1, 1), (reading.Read, reading.Skipped));
    }

    [Theory]
    [InlineData("\"ref:FR:FINESS\":\"790010128\"", "\"ref\":\"1\"", "line 2: node/1 \"Pharmacie d'Essai\": no FINESS number (ref:FR:FINESS).")]
    [InlineData("790010128", "790010129", "line 2: 790010129 \"Pharmacie d'Essai\": not a FINESS number: nine characters, the last a check digit.")]
    [InlineData("79230", "7923", "line 2: 790010128 \"Pharmacie d'Essai\": '7923' is not the postcode of a French town.")]
    [InlineData("[-0.45,46.32]", "[-0.45]", "line 2: 790010128 \"Pharmacie d'Essai\": the coordinates of its Point are no place on Earth.")]
    [InlineData("[-0.45,46.32]", "[-0.45,146.32]", "line 2: 790010128 \"Pharmacie d'Essai\": the coordinates of its Point are no place on Earth.")]
    [InlineData("\"Point\"", "\"LineString\"", "line 2: 790010128 \"Pharmacie d'Essai\": a geometry of type 'LineString' has no place; Point, Polygon and MultiPolygon have.")]
    [InlineData("\"name\":\"Pharmacie d'Essai\",", "", "line 2: 790010128 \"\": no name.")]
    public void What_a_pharmacy_lacks_is_named(string usual, string other, string error) => Assert.Equal(error, Assert.Single(Read(Feature().Replace(usual, other)).Errors).ToString());

    [Theory]
    [InlineData("Polygon", "[[[2,48],[2.004,48],[2.004,48.002],[2,48.002],[2,48]]]", 48.001, 2.002)]
    [InlineData("Polygon", "[[[2,48],[2.003,48],[2,48.003],[2,48]]]", 48.001, 2.001)]
    [InlineData("Polygon", "[[[2,48],[2,48.002],[2.004,48.002],[2.004,48],[2,48]]]", 48.001, 2.002)]
    [InlineData("MultiPolygon", "[[[[2,48],[2.002,48],[2.002,48.002],[2,48.002],[2,48]]],[[[2.004,48],[2.006,48],[2.006,48.002],[2.004,48.002],[2.004,48]]]]", 48.001, 2.003)]
    public void A_building_stands_at_its_centre_of_area(string type, string coordinates, double latitude, double longitude)
    {
        var record = Assert.Single(Read(Feature().Replace("\"Point\"", $"\"{type}\"").Replace("[-0.45,46.32]", coordinates)).Records);
        Assert.Equal((latitude, longitude), (Math.Round(record.Latitude, 9), Math.Round(record.Longitude, 9)));
    }

    [Fact]
    public void Without_a_postcode_the_nearest_town_lends_its_zone()
    {
        var reading = Read(Feature(place: "[7.75,48.58]").Replace("\"addr:postcode\":\"79230\",", ""));
        var record = Assert.Single(reading.Records);
        Assert.Equal(HolidayZone.AlsaceMoselle, Zones.Of(record.Insee, record.Address.Postcode)?.Holidays);
        Assert.EndsWith("the nearest town, Strasbourg.", Assert.Single(reading.Warnings, warning => warning.Kind == ImportWarning.NearestTown).Note.Sentence);
        Assert.Equal("no postcode (addr:postcode), and no French town within 30 km.", Assert.Single(Read(Feature(place: "[13.4,52.5]").Replace("\"addr:postcode\":\"79230\",", "")).Errors).Sentence);
    }

    [Theory]
    [InlineData("Mo-Sa 09:00-12:30 / 13:45-19:15", "Mo-Sa 09:00-12:30,13:45-19:15")]
    [InlineData("Mo-Fr 09:00-12:30/14:00-19:30; Sa 09:00-12:30", "Mo-Fr 09:00-12:30,14:00-19:30; Sa 09:00-12:30")]
    [InlineData("Mo-Fr 09:00-12:30 / 14:00-19:30, Sa 09:00-12:30", "Mo-Fr 09:00-12:30,14:00-19:30; Sa 09:00-12:30")]
    [InlineData("Mo-Sa 09:15-12:15 / 14:15-19:15, We 09:00-12:15 / 16:15-19:15", "Mo-Sa 09:15-12:15,14:15-19:15; We 09:00-12:15,16:15-19:15")]
    [InlineData("Mo-Fr 09:00-12:00 / 14:00-18:00; We 19:00-20:00", "Mo-Fr 09:00-12:00,14:00-18:00; We 19:00-20:00")]
    [InlineData("Mo-Fr 09:00-12:00 / 14:00-18:00, PH off", "Mo-Fr 09:00-12:00,14:00-18:00, PH off")]
    public void Malformed_hours_are_repaired_where_they_mean_one_thing(string before, string after)
    {
        var reading = Read(Feature(hours: before));
        Assert.Equal(after, Assert.Single(reading.Records).Hours);
        Assert.Equal((ImportWarning.RepairedHours, $"the hours '{before}' are read as '{after}'."), (Assert.Single(reading.Warnings).Kind, reading.Warnings[0].Note.Sentence));
    }

    [Theory]
    [InlineData("Mo-Fr 08:45-20:00, Sa 08:45-19:30")]
    [InlineData("Mo-Fr 08:00-12:00, We 14:00-18:00")]
    [InlineData("24/7")]
    public void Well_formed_hours_are_left_alone(string hours)
    {
        var reading = Read(Feature(hours: hours));
        Assert.Equal(hours, Assert.Single(reading.Records).Hours);
        Assert.Empty(reading.Warnings);
    }

    [Theory]
    [InlineData("Mo-Fr 08:45-12:30, Su 00:00-00:00", "'00:00-00:00' may mean the whole day or none of it.")]
    [InlineData("Mo-Fr 09:00-12:00 / 14:00-16:00, We 18:00-20:00", "a day is named twice with hours apart: the second may replace the first or add to it.")]
    [InlineData("Mo-Fr 9h-12h", "column 8: ")]
    [InlineData("Mo-Fr 09:00-12:30 / 14:00", "column 19: ")]
    [InlineData("Mo-Fr 09:00-18:00/01:30", "column 18: ")]
    [InlineData("Mo-Fr 09:00-12:30 / 14:00-19:30, Sa matin", "column 19: ")]
    public void Hours_that_may_mean_anything_else_stay_unknown(string hours, string doubt)
    {
        var reading = Read(Feature(hours: hours));
        Assert.Null(Assert.Single(reading.Records).Hours);
        Assert.Equal(ImportWarning.HoursNotUnderstood, Assert.Single(reading.Warnings).Kind);
        Assert.Contains($"' stay unknown: {doubt}", reading.Warnings[0].Note.Sentence);
    }

    [Theory]
    [InlineData("{\"features\": [\n{\"a\": }", 2, 7, "not JSON: ")]
    [InlineData("{\"type\": \"FeatureCollection\"}", 1, 1, "there is no array \"features\"; this is not a GeoJSON file.")]
    [InlineData("[]", 1, 1, "there is no array \"features\"; this is not a GeoJSON file.")]
    [InlineData("", 1, 1, "not JSON: ")]
    public void A_file_that_is_damaged_or_another_one_is_located(string text, int line, int column, string sentence)
    {
        Assert.False(OsmFile.TryRead(Encoding.UTF8.GetBytes(text), out _, out var fault));
        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.StartsWith(sentence, fault.Sentence);
    }

    [Fact]
    public void A_file_cut_anywhere_gives_nothing()
    {
        var file = Encoding.UTF8.GetBytes($"{{\"features\": [\n{Feature()}]}}");
        for (var length = 0; length < file.Length; length++)
            Assert.False(OsmFile.TryRead(file.AsSpan(0, length), out _, out _), $"cut after {length} bytes");
        Assert.True(OsmFile.TryRead(file, out _, out _));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_located()
    {
        Assert.False(OsmFile.TryRead([.. "{\"a\":\n \""u8, 0xE9, .. "\"}"u8], out _, out var fault));
        Assert.Equal("line 2, column 3: byte 0xE9 is not UTF-8; convert the file, or fetch it again.", fault.ToString());
    }

    [Fact]
    public void The_sample_of_Niort_gives_31_of_33()
    {
        var reading = Sample();
        Assert.Equal((33, 31, 0), (reading.Read, reading.Records.Count, reading.Skipped));
        Assert.Equal(
            ["line 7: node/6288915116 \"Vitaléa Médical\": no FINESS number (ref:FR:FINESS).", "line 639: node/2170997223 \"Pharmacie du Géant\": no FINESS number (ref:FR:FINESS)."],
            reading.Errors.Select(error => error.ToString()));
        Assert.Equal(30, reading.Records.Count(record => record.Hours is not null));
        Assert.Equal("790011290", Assert.Single(reading.Records, record => record.Hours is null).Id.Value);
        Assert.StartsWith("line 764: 790011290", Assert.Single(reading.Warnings, warning => warning.Kind == ImportWarning.HoursNotUnderstood).Note.ToString());
        Assert.Equal(["790010755", "790010946", "790011183"], reading.Warnings.Where(warning => warning.Kind == ImportWarning.NearestTown).Select(warning => warning.Note.Culprit[..9]));
        Assert.All(reading.Records, record => Assert.Equal(HolidayZone.Metropole, Zones.Of(record.Insee, record.Address.Postcode)?.Holidays));
    }

    [Fact]
    public void The_repairs_of_the_sample_are_these() =>
        Assert.Equal(Repairs, Sample().Warnings.Where(warning => warning.Kind == ImportWarning.RepairedHours).Select(warning => $"{warning.Note.Culprit[..9]} {warning.Note.Sentence}"));

    private static readonly string[] Repairs =
    [
        "790010995 the hours 'Mo 14:00-19:00, Tu-Fr 09:00-12:15 / 14:15-19:00, We 09:00-12:15 / 14:15-19:15, Sa 09:00-12:00' are read as 'Mo 14:00-19:00; Tu-Fr 09:00-12:15,14:15-19:00; We 09:00-12:15,14:15-19:15; Sa 09:00-12:00'.",
        "790010128 the hours 'Mo-Sa 09:15-12:15 / 14:15-19:15, We 09:00-12:15 / 16:15-19:15' are read as 'Mo-Sa 09:15-12:15,14:15-19:15; We 09:00-12:15,16:15-19:15'.",
        "790010755 the hours 'Mo 10:00-19:30; Tu-Fr 09:00-19:30; Sa 09:00-12:30 / 14:00-19:00' are read as 'Mo 10:00-19:30; Tu-Fr 09:00-19:30; Sa 09:00-12:30,14:00-19:00'.",
        "790010946 the hours 'Mo-Sa 09:00-12:30 / 13:45-19:15' are read as 'Mo-Sa 09:00-12:30,13:45-19:15'.",
        "790011241 the hours 'Mo-Fr 08:45-12:30 / 13:45-19:30, Sa 08:45-12:30 / 14:00-19:00' are read as 'Mo-Fr 08:45-12:30,13:45-19:30; Sa 08:45-12:30,14:00-19:00'.",
        "790010789 the hours 'Mo-Fr 09:00-12:30 / 14:00-19:15, We 09:00-12:30 / 14:30-19:15, Sa 09:00-12:15' are read as 'Mo-Fr 09:00-12:30,14:00-19:15; We 09:00-12:30,14:30-19:15; Sa 09:00-12:15'.",
        "790011118 the hours 'Mo 09:00-12:30 / 14:00-19:30, Tu-Fr 08:30-12:30 / 14:00-19:30, Sa 09:00-12:30 / 14:00-17:00' are read as 'Mo 09:00-12:30,14:00-19:30; Tu-Fr 08:30-12:30,14:00-19:30; Sa 09:00-12:30,14:00-17:00'.",
        "790010623 the hours 'Mo-Fr 09:00-12:30 / 14:00-19:30, Sa 09:00-12:30 / 14:00-19:00' are read as 'Mo-Fr 09:00-12:30,14:00-19:30; Sa 09:00-12:30,14:00-19:00'.",
        "790010839 the hours 'Mo-Fr 09:00-12:30 / 14:00-19:30, Sa 09:00-12:30' are read as 'Mo-Fr 09:00-12:30,14:00-19:30; Sa 09:00-12:30'.",
        "790010573 the hours 'Mo 09:30-12:45 / 14:00-19:45, Tu-Fr 09:00-12:45 / 14:00-19:45, Sa 09:00-12:30 / 14:30-19:00' are read as 'Mo 09:30-12:45,14:00-19:45; Tu-Fr 09:00-12:45,14:00-19:45; Sa 09:00-12:30,14:30-19:00'.",
        "790010607 the hours 'Mo 14:00-19:15, Tu-Fr 09:00-12:15 / 14:00-19:15, Sa 09:00-12:15 / 14:00-17:00' are read as 'Mo 14:00-19:15; Tu-Fr 09:00-12:15,14:00-19:15; Sa 09:00-12:15,14:00-17:00'.",
        "790010151 the hours 'Mo 14:00-19:00, Tu-Fr 09:00-19:00, Sa 09:00-12:30 / 15:00-19:00' are read as 'Mo 14:00-19:00; Tu-Fr 09:00-19:00; Sa 09:00-12:30,15:00-19:00'.",
        "790011183 the hours 'Mo-Fr 09:00-12:30 / 14:15-19:30; Sa 09:00-12:30 / 14:15-19:00' are read as 'Mo-Fr 09:00-12:30,14:15-19:30; Sa 09:00-12:30,14:15-19:00'.",
        "790010672 the hours 'Mo-Fr 09:00-12:30 / 14:00-19:30, Sa 09:00-12:30 / 14:00-17:30' are read as 'Mo-Fr 09:00-12:30,14:00-19:30; Sa 09:00-12:30,14:00-17:30'.",
        "790011043 the hours 'Mo-Fr 09:00-12:30 / 14:00-19:30, Sa 09:00-12:30' are read as 'Mo-Fr 09:00-12:30,14:00-19:30; Sa 09:00-12:30'.",
        "790010904 the hours 'Mo-Fr 09:00-12:15 / 14:15-19:15, Sa 09:00-12:30' are read as 'Mo-Fr 09:00-12:15,14:15-19:15; Sa 09:00-12:30'.",
        "790010961 the hours 'Mo 09:30-12:30 / 14:00-19:15, Tu-Fr 09:00-12:30 / 14:00-19:15, Sa 09:00-12:30' are read as 'Mo 09:30-12:30,14:00-19:15; Tu-Fr 09:00-12:30,14:00-19:15; Sa 09:00-12:30'.",
        "790010284 the hours 'Mo 09:15-12:15 / 14:00-19:30, Tu-Fr 08:45-12:30 / 14:00-19:30, Sa 08:45-12:30 / 14:00-17:00' are read as 'Mo 09:15-12:15,14:00-19:30; Tu-Fr 08:45-12:30,14:00-19:30; Sa 08:45-12:30,14:00-17:00'.",
        "790010698 the hours 'Mo-Th 09:00-12:30 / 14:00-19:30, Fr 09:00-13:00 / 14:30-19:30, Sa 09:00-12:30 / 14:00-18:30' are read as 'Mo-Th 09:00-12:30,14:00-19:30; Fr 09:00-13:00,14:30-19:30; Sa 09:00-12:30,14:00-18:30'.",
        "790010326 the hours 'Mo-Sa 08:30-12:45 / 13:30-19:45, Su 08:30-12:45' are read as 'Mo-Sa 08:30-12:45,13:30-19:45; Su 08:30-12:45'.",
        "790010771 the hours 'Mo 10:00-13:00 / 14:00-19:30, Tu-Fr 09:00-13:00 / 14:00-19:30, Sa 08:45-12:45 / 14:30-18:30' are read as 'Mo 10:00-13:00,14:00-19:30; Tu-Fr 09:00-13:00,14:00-19:30; Sa 08:45-12:45,14:30-18:30'.",
        "790010557 the hours 'Mo-Fr 09:00-12:30 / 14:00-19:30, Sa 09:00-12:30 / 14:00-18:30' are read as 'Mo-Fr 09:00-12:30,14:00-19:30; Sa 09:00-12:30,14:00-18:30'.",
        "790010813 the hours 'Mo 10:00-12:30 / 14:00-19:30, Tu-Fr 09:00-12:30 / 14:00-19:30, Sa 09:00-12:30' are read as 'Mo 10:00-12:30,14:00-19:30; Tu-Fr 09:00-12:30,14:00-19:30; Sa 09:00-12:30'.",
        "790010268 the hours 'Mo-Fr 09:00-12:30 / 14:00-19:15; Sa 09:00-12:30 / 14:00-17:00' are read as 'Mo-Fr 09:00-12:30,14:00-19:15; Sa 09:00-12:30,14:00-17:00'.",
    ];

    private static ImportReading Sample() =>
        OsmFile.TryRead(File.ReadAllBytes(Campaign.SharedData("osm/niort-pharmacies-osm-2019.geojson")), out var reading, out var fault)
            ? reading
            : throw new InvalidOperationException(fault.ToString());

    private static ImportReading Read(params string[] features) =>
        OsmFile.TryRead(Encoding.UTF8.GetBytes($"{{\"type\":\"FeatureCollection\",\"features\": [\n{string.Join(",\n", features)}\n]}}"), out var reading, out var fault)
            ? reading
            : throw new InvalidOperationException($"The fixture is not well-formed: {fault}");

    private static string Feature(string hours = "Mo-Sa 08:30-20:00", string place = "[-0.45,46.32]") =>
        "{\"type\":\"Feature\",\"id\":\"node/1\",\"properties\":{\"amenity\":\"pharmacy\",\"name\":\"Pharmacie d'Essai\",\"addr:housenumber\":\"19\",\"addr:street\":\"Rue Haute\",\"addr:postcode\":\"79230\","
        + $"\"addr:city\":\"Vouillé\",\"phone\":\"+33 5 49 75 64 98\",\"opening_hours\":\"{hours}\",\"ref:FR:FINESS\":\"790010128\"}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":{place}}}}}";
}
