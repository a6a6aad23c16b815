using System.Text;
using Realtime.Coverage;

namespace Realtime.Tests.Coverage;

public sealed class CommunesFileTests
{
    private const string Header = "insee,name,postcode,type,lat,lon,population2021\n";
    private const string Good = "01001,Abergement-Clémenciat,01400,COM,46.1517,4.9306,832\n";

    [Fact]
    public void A_commune_counts_once_whatever_its_postcodes()
    {
        var reading = Read(Header + Good + Good.Replace("01400", "01410"));

        Assert.Equal(new("01001", "Abergement-Clémenciat", new(46.1517, 4.9306), 832), Assert.Single(reading.Communes));
        Assert.Equal((1, 1), (reading.Read, reading.Skipped));
    }

    [Fact]
    public void Delegated_communes_are_counted_in_the_one_they_are_part_of_and_split_towns_by_their_arrondissements()
    {
        var reading = Read(Header + Good + "01001,Part,01400,COMD,46.1,4.9,12\n75056,Paris,75001,COM,48.8,2.3,2000000\n75101,Paris 1er,75001,ARM,48.8,2.3,16000\n13055,Marseille,13001,COM,43.3,5.4,800000\n");

        Assert.Equal(["01001", "75101", "13055"], reading.Communes.Select(one => one.Insee));
        Assert.Equal(2, reading.Skipped);
    }

    [Theory]
    [InlineData("01002,B,01640,COM,,5.4,267", "line 3: 01002 \"B\": no coordinates.")]
    [InlineData("01002,B,01640,COM,46,5.4,", "line 3: 01002 \"B\": no population.")]
    [InlineData("01002,B,01640,COM,46,5.4,-1", "line 3: 01002 \"B\": '-1' is no number of inhabitants.")]
    [InlineData("01002,B,01640,COM,96,5.4,1", "line 3: 01002 \"B\": '96, 5.4' is no position in degrees.")]
    [InlineData("01002,B,01640,COM,NaN,5.4,1", "line 3: 01002 \"B\": 'NaN, 5.4' is no position in degrees.")]
    [InlineData("01002,B,01640,TOWN,46,5.4,1", "line 3: 01002 \"B\": 'TOWN' is none of the types COM, ARM, COMD and COMA.")]
    [InlineData("1002,B,01640,COM,46,5.4,1", "line 3: 1002 \"B\": not an INSEE code: five digits, or 2A or 2B and three.")]
    [InlineData("2C002,B,01640,COM,46,5.4,1", "line 3: 2C002 \"B\": not an INSEE code: five digits, or 2A or 2B and three.")]
    [InlineData("01002,,01640,COM,46,5.4,1", "line 3: 01002 \"\": no name.")]
    [InlineData("01001,Abergement-Clémenciat,01400,COM,46.1517,4.9306,833", "line 3: 01001 \"Abergement-Clémenciat\": line 2 says something else of the same commune.")]
    public void A_line_that_is_no_good_is_named_and_leaves_the_others(string line, string note)
    {
        var reading = Read($"{Header}{Good}{line}\n2A004,\"Ajaccio, \"\"la\"\"\",20000,COM,41.9,8.7,70000\n");

        Assert.Equal(note, Assert.Single(reading.Errors).ToString());
        Assert.Equal(["Abergement-Clémenciat", "Ajaccio, \"la\""], reading.Communes.Select(one => one.Name));
    }

    [Theory]
    [InlineData("", "line 1, column 1: the header is ''")]
    [InlineData("Finess;Titre\n", "line 1, column 1: the header is 'Finess;Titre'")]
    [InlineData(Header + "01001,A,01400,COM,46.1", "line 2, column 23: the record has 5 fields, not 7.")]
    [InlineData(Header + Good + "01002,\"B,01640,COM,46,5.4,267\n", "line 3, column 7: a quote opens here and never closes")]
    public void A_file_that_is_no_good_says_where(string text, string sentence)
    {
        Assert.False(CommunesFile.TryRead(Encoding.UTF8.GetBytes(text), out _, out var fault));
        Assert.StartsWith(sentence, fault.ToString());
    }

    [Fact]
    public void Nobody_and_a_missing_end_are_worth_a_warning()
    {
        var reading = Read(Header + "55039,Beaumont-en-Verdunois,55100,COM,49.2,5.4,0");

        Assert.Equal(["line 2: 55039 \"Beaumont-en-Verdunois\": no inhabitants: it is measured, and weighs nothing in any mean.", "line 2: the file does not end with a line break; its last line may be cut short."],
            reading.Warnings.Select(note => note.ToString()));
        Assert.Single(reading.Communes);
    }

    [Fact]
    public void The_store_gives_back_what_it_was_given_under_a_name_that_the_order_of_lines_does_not_change()
    {
        var communes = Read(Header + Good + "2A004,Ajaccio,20000,COM,41.9,8.7,70000\n").Communes;
        var (payload, hash) = CommunesFile.Pack(communes);

        Assert.Equal(communes, CommunesFile.Unpack(payload));
        Assert.Equal(hash, CommunesFile.Pack([.. communes.Reverse()]).Hash);
        Assert.NotEqual(hash, CommunesFile.Pack([.. communes.Take(1)]).Hash);
        Assert.Contains("newer", Assert.Throws<InvalidDataException>(() => CommunesFile.Unpack([2, .. payload.AsSpan(1)])).Message);
        Assert.ThrowsAny<Exception>(() => CommunesFile.Unpack(payload[..^8]));
    }

    [Fact]
    public void The_table_beside_the_project_counts_every_inhabitant_once()
    {
        Assert.True(CommunesFile.TryRead(File.ReadAllBytes(Campaign.SharedData("communes/communes.csv")), out var reading, out _));

        Assert.Equal((34_973, 0, 1_231), (reading.Read, reading.Errors.Count, reading.Skipped));
        Assert.Equal(67_403_175, reading.Communes.Sum(one => (long)one.Population));
        Assert.Equal(45, reading.Communes.Count(one => one.Name.Contains("Arrondissement", StringComparison.Ordinal)));
        // Mayotte's are not stated.
        Assert.Equal(23, reading.Warnings.Count);
        Assert.Equal(101, Communes.Of("", reading.Communes).Departments.Count);
    }

    private static CommunesReading Read(string text)
    {
        Assert.True(CommunesFile.TryRead(Encoding.UTF8.GetBytes(text), out var reading, out var fault), fault?.ToString());
        return reading;
    }
}
