using System.Globalization;
using Realtime.Pharmacies;

namespace Realtime.Products;

/// <summary>What reading a whole set of files gave.</summary>
/// <param name="Set">The set; null where anything was wrong, for half a set would sell what needs a prescription.</param>
/// <param name="Read">Records in all files together, blank lines apart.</param>
/// <param name="Errors">What is wrong, by file and line.</param>
/// <param name="Warnings">What is worth saying about files that are taken all the same.</param>
internal sealed record BdpmReading(BdpmSet? Set, int Read, IReadOnlyList<FileNote> Errors, IReadOnlyList<FileNote> Warnings);

/// <summary>Something said about a line of a file, or about the whole file where the line is 0.</summary>
internal sealed record FileNote(string File, int Line, string Sentence)
{
    public override string ToString() => Line == 0 ? $"{File}: {Sentence}" : $"{File}: line {Line}: {Sentence}";
}

/// <summary>
/// Reads the files of the public medicines database as they are published (checked against those of July 2025): tab-separated, no header, no quotes, each
/// in UTF-8 or in Windows-1252. Pure: the same bytes always give the same reading. One wrong line refuses the whole set: a lost condition of prescription
/// would put a medicine on sale.
/// </summary>
internal static class BdpmFolder
{
    public const string SpecialitiesFile = "CIS_bdpm.txt", PresentationsFile = "CIS_CIP_bdpm.txt", ComponentsFile = "CIS_COMPO_bdpm.txt", ConditionsFile = "CIS_CPD_bdpm.txt",
        GroupsFile = "CIS_GENER_bdpm.txt", DisruptionsFile = "CIS_CIP_Dispo_Spec.txt", MajorInterestsFile = "CIS_MITM.txt";

    /// <summary>The files of a set; each must be there.</summary>
    public static IReadOnlyList<string> Files { get; } = [SpecialitiesFile, PresentationsFile, ComponentsFile, ConditionsFile, GroupsFile, DisruptionsFile, MajorInterestsFile];

    /// <summary>Reads a set.</summary>
    /// <param name="bytesOf">The bytes of each of <see cref="Files"/>.</param>
    public static BdpmReading Read(Func<string, byte[]> bytesOf)
    {
        List<FileNote> errors = [], warnings = [];
        var read = 0;
        List<T> Rows<T>(string file, int columns, Func<BdpmLine, T?> row) where T : class
        {
            var lines = new BdpmLines(file, FileText.DecodeEither(bytesOf(file), out var isOld), columns, errors, warnings);
            if (isOld)
                warnings.Add(new(file, 0, "is not UTF-8; it was read as Windows-1252."));
            var rows = lines.Read(row);
            read += lines.Count;
            return rows;
        }

        HashSet<string> specialities = new(StringComparer.Ordinal);
        HashSet<Cip13> codes = [];
        var set = new BdpmSet(
            Rows(SpecialitiesFile, 12, line => line.Cis is not { } cis ? null
                : !specialities.Add(cis) ? line.Wrong<Speciality>($"the CIS {cis} stands on an earlier line too.")
                : line[1].Length == 0 ? line.Wrong<Speciality>("no name.")
                : new Speciality(cis, line[1], line[2], line[3], line[4], line[6], line[10])),
            Rows(PresentationsFile, 13, line => line.Cis is not { } cis || line.Code(6) is not { } code ? null
                : !codes.Add(code) ? line.Wrong<Presentation>($"the CIP13 {code} stands on an earlier line too.")
                : line[1] != code.Cip7 ? line.Wrong<Presentation>($"the CIP7 '{FileText.Shortened(line[1])}' is not the one within the CIP13 {code}.")
                : !TryReadCents(line[10], out var cents) ? line.Wrong<Presentation>($"the price '{FileText.Shortened(line[10])}' is not an amount in euros.")
                : new Presentation(cis, code, line[2], line[3], line[4], cents)),
            Rows(ComponentsFile, 9, line => line.Cis is not { } cis ? null
                : line[6] is not ("SA" or "FT") ? line.Wrong<Component>($"'{FileText.Shortened(line[6])}' is neither SA nor FT.")
                : new Component(cis, line[1], line[2], line[3], line[4], line[5], line[6] == "FT", line[7])),
            Rows(ConditionsFile, 2, line => line.Cis is not { } cis ? null
                : line[1].Length == 0 ? line.Wrong<Condition>("no condition.")
                : new Condition(cis, line[1])),
            Rows(GroupsFile, 6, line => line.CisAt(2) is not { } cis ? null
                : line[0].Length == 0 || !line[0].All(char.IsAsciiDigit) ? line.Wrong<GroupMember>($"'{FileText.Shortened(line[0])}' is not the number of a generic group.")
                : new GroupMember(line[0], cis, line[3])),
            Rows(DisruptionsFile, 8, line => ReadDisruption(line)),
            Rows(MajorInterestsFile, 4, line => line.Cis is { } cis ? new MajorInterest(cis, line[1]) : null));
        return new(errors.Count == 0 ? set : null, read, errors, warnings);
    }

    private static Disruption? ReadDisruption(BdpmLine line)
    {
        if (line.Cis is not { } cis)
            return null;
        Cip13? box = null;
        if (line[1].Length > 0)
        {
            if (line.Code(1) is not { } code)
                return null;
            box = code;
        }
        if (line[2] is not ("1" or "2" or "3" or "4"))
            return line.Wrong<Disruption>($"'{FileText.Shortened(line[2])}' is not a kind of disruption, 1 to 4.");
        var dates = new string[3];
        for (var i = 0; i < dates.Length; i++)
            if (!TryReadDay(line[4 + i], out dates[i]))
                return line.Wrong<Disruption>($"'{FileText.Shortened(line[4 + i])}' is not a day as 31/12/2025.");
        return new Disruption(cis, box, line[2][0] - '0', dates[0], dates[1], dates[2], line[7]);
    }

    // Days are kept as ISO 8601, empty where there is none.
    private static bool TryReadDay(string text, out string iso)
    {
        iso = "";
        if (text.Length == 0)
            return true;
        if (!DateOnly.TryParseExact(text, "dd/MM/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return false;
        iso = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return true;
    }

    // As "25,36", and "1,234,56" for what others write 1 234,56: the last comma is the decimal one.
    private static bool TryReadCents(string text, out int? cents)
    {
        cents = null;
        if (text.Length == 0)
            return true;
        var comma = text.LastIndexOf(',');
        var plain = comma < 0 ? text : $"{text[..comma].Replace(",", "", StringComparison.Ordinal)}.{text[(comma + 1)..]}";
        if (!decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var euros) || euros is < 0 or > 10_000_000 || decimal.Round(euros, 2) != euros)
            return false;
        cents = (int)(euros * 100);
        return true;
    }
}
