using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Realtime.Hours;

namespace Realtime.Pharmacies;

/// <summary>
/// Reads the register of establishments, FINESS, as it is published: the extraction <c>cs1100507</c> with a line for each establishment
/// (<c>structureet</c>) and one for its place (<c>geolocalisation</c>), no header, or the JSON that replaces it (see <see cref="FinessPlusFile"/>),
/// told apart by the first character. Only pharmacies are read. The register knows no opening hours.
/// Source: the extraction of 2016 and those of 2019 to 2026, which join the source of a place by commas; read 2026-11-22. Pure.
/// </summary>
public static partial class FinessFile
{
    /// <summary>The category of community pharmacies in both formats (TRE-R397).</summary>
    internal const string Officine = "620";

    private const int StructureFields = 32;

    private sealed record PlaceLine(string X, string Y, string Projection);

    /// <summary>
    /// Reads the whole file, UTF-8 or Windows-1252. False with what is wrong where it is cut short or is another kind of file; a pharmacy that is
    /// wrong by itself is one of the reading's errors and leaves the others alone.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ImportReading? reading, [NotNullWhen(false)] out FileFault? fault)
    {
        if (FileText.WithoutMark(bytes).TrimStart(" \t\r\n"u8).StartsWith("{"u8))
            return FinessPlusFile.TryRead(bytes, out reading, out fault);
        var text = FileText.DecodeEither(bytes, out var isOld);
        reading = null;
        var draft = new ReadingDraft();
        if (!TryReadLines(draft, text, out var structures, out var places, out fault))
            return false;
        if (isOld)
            draft.Warn(ImportWarning.OldEncoding, 1, "the file is not UTF-8; it is read as Windows-1252.");
        foreach (var (line, fields) in structures)
            ReadStructure(draft, line, fields, places);
        draft.CheckEnd(text, text.AsSpan().Count('\n') + 1);
        reading = draft.End();
        return true;
    }

    /// <summary>The INSEE code of a commune from the two columns of the register, which spreadsheets strip of leading zeros; null where they are no such code.</summary>
    /// <param name="department"><c>1</c>, <c>2A</c>; overseas <c>9A</c> to <c>9F</c>, <c>97</c>, <c>971</c> or <c>988</c>.</param>
    /// <param name="commune">Within the department: <c>4</c> for 004; overseas with the digit of its territory, as <c>101</c>, or without.</param>
    internal static string? InseeOf(string department, string commune)
    {
        if (commune.Length is 0 or > 3 || commune.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return null;
        return department switch
        {
            ['9', >= 'A' and <= 'F'] => commune.Length == 3 ? "97" + commune : null,
            "97" or "98" => commune.Length == 3 ? department + commune : null,
            ['9', '7' or '8', var territory] when commune.Length == 3 => commune[0] == territory ? department[..2] + commune : null,
            ['9', '7' or '8', >= '0' and <= '9'] => department + commune.PadLeft(2, '0'),
            "2A" or "2B" => department + commune.PadLeft(3, '0'),
            [>= '0' and <= '9'] or [>= '0' and <= '9', >= '0' and <= '9'] => department.PadLeft(2, '0') + commune.PadLeft(3, '0'),
            _ => null,
        };
    }

    // Of the hundred thousand establishments of the register one in five is a pharmacy: only these are held.
    private static bool TryReadLines(
        ReadingDraft draft, string text, out List<(int Line, string[] Fields)> structures, out Dictionary<string, PlaceLine> places, [NotNullWhen(false)] out FileFault? fault)
    {
        (structures, places, fault) = ([], [], null);
        var number = 0;
        var lines = text.AsSpan().TrimEnd("\r\n");
        foreach (var range in lines.Split('\n'))
        {
            var line = lines[range].TrimEnd('\r');
            var fields = line.ToString().Split(CsvStructure.Delimiter);
            fault = CheckLine(++number, line.Length, fields);
            if (fault is not null)
                return false;
            if (fields[0] == "geolocalisation")
                places.TryAdd(fields[1], new PlaceLine(fields[2], fields[3], fields[^2].Split(',')[^1].Trim()));
            else if (fields[0] == "structureet" && fields[18].Trim() == Officine)
                structures.Add((number, fields));
            else if (fields[0] == "structureet")
                draft.Skip();
        }
        return true;
    }

    private static FileFault? CheckLine(int line, int length, string[] fields)
    {
        var expected = fields[0] switch
        {
            "structureet" => fields.Length is StructureFields ? null : $"{StructureFields}",
            // Of twelve fields, six that name the source of the place may be one, joined by commas.
            "geolocalisation" => fields.Length == 12 || (fields.Length == 6 && fields[4].Contains(',', StringComparison.Ordinal)) ? null : "12",
            // The extractions of later years open with a line that names the file.
            "finess" when line == 1 => null,
            _ => "",
        };
        return expected is null ? null
            : expected.Length > 0 ? new FileFault(line, length + 1, $"the line has {fields.Length} fields, not {expected}: the file is cut short or is another one.")
            : new FileFault(line, 1, $"'{FileText.Shortened(fields[0])}' stands where structureet or geolocalisation is expected; this is not the FINESS extraction.");
    }

    private static void ReadStructure(ReadingDraft draft, int line, string[] fields, Dictionary<string, PlaceLine> places)
    {
        var name = FileText.Words(fields[4]) is { Length: > 0 } full ? full : FileText.Words(fields[3]);
        var entry = draft.Begin(line, fields[1], name);
        var insee = InseeOf(fields[13].Trim(), fields[12].Trim());
        var town = Routing().Match(fields[15]);
        var (postcode, city) = town.Success ? (town.Groups["postcode"].Value, FileText.Words(town.Groups["city"].Value)) : ("", FileText.Words(fields[15]));
        if (!entry.TryIdentify(out var id, out var sentence))
            entry.Reject(sentence);
        else if (Zones.Of(insee, postcode) is null)
            entry.Reject($"neither the commune '{FileText.Shortened($"{fields[13]} {fields[12]}")}' nor '{FileText.Shortened(fields[15])}' is a place in France.");
        else if (Locate(places, fields[1], out var latitude, out var longitude) is { } objection)
            entry.Reject(objection);
        else
        {
            WarnOfSiret(entry, fields[22].Trim());
            entry.Accept(new PharmacyRecord
            {
                Id = id,
                Name = name,
                Latitude = latitude,
                Longitude = longitude,
                Address = new Address(Street(fields), postcode, city),
                Insee = insee,
                Phone = PhoneOf(fields[16].Trim()),
            });
        }
    }

    // Null, or why there is no place.
    private static string? Locate(Dictionary<string, PlaceLine> places, string number, out double latitude, out double longitude)
    {
        (latitude, longitude) = (0, 0);
        return !places.TryGetValue(number, out var place) ? "no coordinates: the file has no geolocalisation line for it."
            : place.Projection != "LAMBERT_93" && !place.Projection.StartsWith("EPSG:2154", StringComparison.Ordinal) ? $"the projection '{FileText.Shortened(place.Projection)}' is not supported, only LAMBERT_93."
            : !TryReadMetres(place.X, out var x) || !TryReadMetres(place.Y, out var y) ? $"the coordinates '{FileText.Shortened(place.X)}' and '{FileText.Shortened(place.Y)}' are not numbers."
            : !Lambert93.TryToDegrees(x, y, out latitude, out longitude) ? $"the coordinates {place.X} and {place.Y} lie outside mainland France."
            : null;
    }

    private static bool TryReadMetres(string text, out double metres) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out metres) && double.IsFinite(metres);

    // Nothing here uses the SIRET, so that it is not kept; but whoever sees this one should not trust the file's others.
    private static void WarnOfSiret(DraftEntry entry, string siret)
    {
        if (siret.Length > 0 && (siret.Length != 14 || siret.AsSpan().ContainsAnyExceptInRange('0', '9')))
            entry.Warn(ImportWarning.DamagedSiret, $"the SIRET '{FileText.Shortened(siret)}' is not fourteen digits, as a spreadsheet leaves it: it is dropped.");
    }

    private static string? PhoneOf(string text) => text.Length == 0 ? null : text.Length == 9 && text[0] != '0' ? "0" + text : text;

    private static string Street(string[] fields)
    {
        var street = FileText.Words($"{fields[7]} {fields[10]} {fields[8]} {fields[9]}");
        return string.Join(", ", new[] { street, FileText.Words(fields[11]) }.Where(part => part.Length > 0));
    }

    [GeneratedRegex("^\\s*(?<postcode>[0-9]{5})\\s+(?<city>.+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Routing();
}
