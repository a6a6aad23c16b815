using System.Text;
using Realtime.Products;

namespace Realtime.Tests.Products;

/// <summary>Reading the files of the medicines database.</summary>
public sealed class BdpmFolderTests
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal)
    {
        [BdpmFolder.SpecialitiesFile] = "61266250\tIBUPROFÈNE 400 mg, comprimé\tcomprimé\torale\tAutorisation active\tProcédure nationale\tCommercialisée\t12/03/1998\t\t\t UN TITULAIRE\tNon\n",
        [BdpmFolder.PresentationsFile] = "61266250\t3835892\tplaquette(s) de 10 comprimé(s)\tPrésentation active\tDéclaration de commercialisation\t16/03/2011\t3400938358926\toui\t65 %\t1,196,29\t1,197,31\t1,02\t\n",
        [BdpmFolder.ComponentsFile] = "61266250\tcomprimé\t02092\tIBUPROFÈNE\t400 mg\tun comprimé\tSA\t1\t\n",
        [BdpmFolder.ConditionsFile] = "61266250\tliste I\n\n   \n",
        [BdpmFolder.GroupsFile] = "1\tIBUPROFENE 400 mg\t61266250\t0\t1\t\n",
        [BdpmFolder.DisruptionsFile] = "61266250\t\t2\tTension d'approvisionnement\t03/07/2025\t04/07/2025\t\thttps://ansm.sante.fr/x\n",
        [BdpmFolder.MajorInterestsFile] = "61266250\tM01AE01\tIBUPROFÈNE 400 mg\thttps://x\n",
    };

    [Fact]
    public void A_set_is_read_and_blank_lines_are_not_records()
    {
        var reading = Read();
        Assert.Empty(reading.Errors);
        Assert.Equal((7, 7), (reading.Read, reading.Set!.Count));
        Assert.Equal(119731, Assert.Single(reading.Set.Presentations).PriceCents);
        var news = Assert.Single(reading.Set.Disruptions);
        Assert.Equal(("2025-07-03", "2025-07-04", ""), (news.Start, news.Updated, news.Back));
        Assert.Equal("UN TITULAIRE", reading.Set.Specialities[0].Holder);
    }

    [Theory]
    [InlineData(BdpmFolder.SpecialitiesFile, "61266250", "61266250\tx", 1, "13 columns, not 12")]
    [InlineData(BdpmFolder.SpecialitiesFile, "61266250", "71266250", 1, "'71266250' is not a CIS code")]
    [InlineData(BdpmFolder.PresentationsFile, "3400938358926", "3400938358927", 1, "'3400938358927' is not a CIP13")]
    [InlineData(BdpmFolder.PresentationsFile, "\t3835892", "\t3835893", 1, "the CIP7 '3835893' is not the one within")]
    [InlineData(BdpmFolder.PresentationsFile, "1,197,31", "gratuit", 1, "the price 'gratuit' is not an amount")]
    [InlineData(BdpmFolder.ComponentsFile, "\tSA\t", "\tXX\t", 1, "'XX' is neither SA nor FT")]
    [InlineData(BdpmFolder.ConditionsFile, "liste I\n\n", "liste I\n\n61266250\n", 3, "1 columns, not 2")]
    [InlineData(BdpmFolder.ConditionsFile, "liste I\n", "\n", 1, "no condition")]
    [InlineData(BdpmFolder.GroupsFile, "1\tIBU", "x\tIBU", 1, "'x' is not the number of a generic group")]
    [InlineData(BdpmFolder.DisruptionsFile, "\t2\t", "\t5\t", 1, "'5' is not a kind of disruption")]
    [InlineData(BdpmFolder.DisruptionsFile, "03/07/2025", "2025-07-03", 1, "'2025-07-03' is not a day")]
    public void One_wrong_line_refuses_the_set_and_is_named(string file, string right, string wrong, int line, string sentence)
    {
        _files[file] = _files[file].Replace(right, wrong, StringComparison.Ordinal);
        var reading = Read();
        Assert.Null(reading.Set);
        var error = Assert.Single(reading.Errors);
        Assert.Equal((file, line), (error.File, error.Line));
        Assert.Contains(sentence, error.Sentence);
    }

    [Theory]
    [InlineData(BdpmFolder.SpecialitiesFile)]
    [InlineData(BdpmFolder.PresentationsFile)]
    public void A_code_that_stands_twice_refuses_the_set(string file)
    {
        _files[file] += _files[file];
        Assert.Contains("stands on an earlier line too", Assert.Single(Read().Errors).Sentence);
    }

    [Fact]
    public void An_empty_file_refuses_the_set_for_without_conditions_everything_would_be_for_sale()
    {
        _files[BdpmFolder.ConditionsFile] = "\n";
        Assert.Equal(BdpmFolder.ConditionsFile, Assert.Single(Read().Errors).File);
    }

    [Fact]
    public void A_file_that_does_not_end_with_a_line_break_is_pointed_out()
    {
        _files[BdpmFolder.MajorInterestsFile] = _files[BdpmFolder.MajorInterestsFile].TrimEnd('\n');
        var reading = Read();
        Assert.Equal((7, BdpmFolder.MajorInterestsFile), (reading.Set!.Count, Assert.Single(reading.Warnings).File));
    }

    [Fact]
    public void Each_file_is_read_in_its_own_encoding()
    {
        var plain = CatalogueFile.Write(Read().Set!).Hash;
        foreach (var old in BdpmFolder.Files)
        {
            var reading = BdpmFolder.Read(file => file == old ? Windows1252.GetBytes(_files[file]) : Encoding.UTF8.GetBytes(_files[file]));
            Assert.Equal(plain, CatalogueFile.Write(reading.Set!).Hash);
        }
    }

    [Fact]
    public void The_real_files_read_the_same_in_either_encoding_and_with_either_line_break()
    {
        var folder = RealMedicines.Folder;
        // The files of July 2025 have a few letters that the old encoding lacks: they are taken out first, so that both readings are of the same text.
        var texts = BdpmFolder.Files.ToDictionary(file => file, file => Windows1252.GetString(Windows1252.GetBytes(File.ReadAllText(Path.Combine(folder, file)))), StringComparer.Ordinal);
        var plain = BdpmFolder.Read(file => Encoding.UTF8.GetBytes(texts[file]));
        var reading = BdpmFolder.Read(file => Windows1252.GetBytes(texts[file].ReplaceLineEndings("\n")));

        Assert.Equal(CatalogueFile.Write(plain.Set!).Hash, CatalogueFile.Write(reading.Set!).Hash);
        Assert.Empty(plain.Warnings);
        Assert.All(reading.Warnings, w => Assert.Contains("Windows-1252", w.Sentence));
        Assert.InRange(reading.Warnings.Count, 6, 7); // a file without an accent is the same in both
        Assert.Equal((116_271, 15_788, 20_882, 32_585, 27_467, 10_485, 957, 8_107), reading.Set is var s
            ? (reading.Read, s!.Specialities.Count, s.Presentations.Count, s.Components.Count, s.Conditions.Count, s.Groups.Count, s.Disruptions.Count, s.MajorInterests.Count) : default);
    }

    [Fact]
    public void What_the_store_keeps_is_what_was_read()
    {
        var set = Read().Set!;
        var (payload, hash) = CatalogueFile.Write(set);
        var again = CatalogueFile.Read(payload);
        Assert.Equal((hash, set.Count), (CatalogueFile.Write(again).Hash, again.Count));
        Assert.Equal(set.Presentations, again.Presentations);
        Assert.Equal(set.Disruptions, again.Disruptions);
        Assert.Equal(set.Components, again.Components);

        Assert.Contains("newer", Assert.Throws<InvalidDataException>(() => CatalogueFile.Read([2, .. payload.AsSpan(1)])).Message);
        Assert.ThrowsAny<Exception>(() => CatalogueFile.Read(payload[..^20]));
    }

    [Fact]
    public void A_format_that_was_released_stays_readable()
    {
        // Written by format 1 for the set above; never made anew.
        var kept = CatalogueFile.Read(Convert.FromBase64String(Released));
        Assert.Equal(CatalogueFile.Write(Read().Set!).Hash, CatalogueFile.Write(kept).Hash);
    }

    private const string Released =
        "ARuUAQDkz70uacvciiO4dr8EttvzfC59f62EISQK479GoSMk6+mBBGoJJB62INCiMMDUEn1g54Md8kYfpXwh1zZKCSHDm1xsbooNWD7bf7q9vzm279dHbB2AxW6bqTTOCj+25Uj9OpAWMsK5vWeTFr6Wxk8TJpXxX3DqII1jLJQvI1/bEsefrtnj2ePT5d7Z/RHvxkoWyfwZjcG6brA+Mg6xquvG/G1hS42JQajVQ1uqSBbz2kemkHi8/hj++l+qEvL5TYk+q6AFATtiTC8MpvHnJAPKf4ihyNcG2ZlpRPnKU3DxiIwKEBsd2OrAWvvCOlnyjMn0bq8nEx13tUwMdp2i91bh8Cvge0fAAQ==";

    private BdpmReading Read() => BdpmFolder.Read(file => Encoding.UTF8.GetBytes(_files[file]));
}
