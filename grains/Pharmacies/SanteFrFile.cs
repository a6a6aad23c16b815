using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Realtime.Hours;
using Sylvan.Data.Csv;

namespace Realtime.Pharmacies;

/// <summary>
/// Reads the file of flu vaccination places that Santé.fr publishes (open data, <c>lieux-vaccination-grippe-pharmacie.csv</c>, read 2026-11-22): one
/// pharmacy per record, its hours in HTML. Pure: the same bytes always give the same reading, and nothing is written.
/// </summary>
public static partial class SanteFrFile
{
    private static readonly string[] Columns =
        ["Finess", "Titre", "Adresse_voie 1", "Adresse_voie 2", "Adresse_codepostal", "Adresse_ville", "Modalites_accueil", "Adresse_latitude", "Adresse_longitude"];

    /// <summary>
    /// Reads the whole file. False with what is wrong where it is not UTF-8, is cut short, is not well-formed or is another kind of file; a record
    /// that is wrong by itself is one of the reading's errors and leaves the others alone.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out ImportReading? reading, [NotNullWhen(false)] out FileFault? fault)
    {
        reading = null;
        if (!FileText.TryDecode(bytes, out var text, out fault))
            return false;
        fault = CheckHeader(text);
        if (fault is not null)
            return false;
        if (!CsvStructure.TryCheck(text, Columns.Length, out var starts, out fault))
            return false;
        fault = CheckEnd(text, starts[^1]);
        if (fault is not null)
            return false;
        reading = ReadRecords(text, starts);
        return true;
    }

    // Ahead of the structure: a file of another kind is better told so than that its first record has eleven fields.
    private static FileFault? CheckHeader(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var header = end < 0 ? text : text[..end];
        if (header.Length == 0)
            return new FileFault(1, 1, "the file is empty or starts with an empty line; a header is expected.");
        var names = header.Split(CsvStructure.Delimiter);
        for (int i = 0, column = 1; i < Columns.Length; column += names[i].Length + 1, i++)
            if (i >= names.Length)
                return new FileFault(1, header.Length + 1, $"the column '{Columns[i]}' is missing; this is not the Santé.fr file.");
            else if (Unquoted(names[i]) != Columns[i])
                return new FileFault(1, column, $"column {i + 1} is '{FileText.Shortened(Unquoted(names[i]))}' where '{Columns[i]}' is expected; this is not the Santé.fr file.");
        return names.Length == Columns.Length ? null : new FileFault(1, 1, $"the header has {names.Length} columns, not {Columns.Length}; this is not the Santé.fr file.");
    }

    // A file cut within its very last number is well-formed, and would move that pharmacy by kilometres: but as published every coordinate has
    // twelve decimals, so a shorter longitude beside a whole latitude gives the cut away.
    private static FileFault? CheckEnd(string text, int line)
    {
        const int twoCoordinates = 40;
        return CutLongitude().IsMatch(text.AsSpan(Math.Max(0, text.Length - twoCoordinates)))
            ? new FileFault(line, text.Length - text.LastIndexOf('\n'), "the file ends within a longitude: it is cut short.")
            : null;
    }

    private static ImportReading ReadRecords(string text, List<int> starts)
    {
        var draft = new ReadingDraft();
        var options = new CsvDataReaderOptions
        {
            Delimiter = CsvStructure.Delimiter,
            CsvStyle = CsvStyle.Standard,
            // Any line may begin with a number sign without being a comment, and one field may be as large as the file.
            Comment = '\0',
            BufferSize = 1 << 16,
            MaxBufferSize = Math.Max(1 << 17, 2 * text.Length),
        };
        using var csv = CsvDataReader.Create(new StringReader(text.TrimEnd('\r', '\n')), options);
        for (var row = 1; csv.Read(); row++)
        {
            var name = SanteFrHours.Words(csv.GetString(1));
            var entry = draft.Begin(starts[row], csv.GetString(0), name);
            if (!TryReadRecord(csv, entry, name, out var record, out var sentence))
                entry.Reject(sentence);
            else
                entry.Accept(record with { Hours = ReadHours(csv.GetString(6), entry.Warn) });
        }
        draft.CheckEnd(text, starts[^1]);
        return draft.End();
    }

    // The first thing that is wrong rejects the record.
    private static bool TryReadRecord(CsvDataReader csv, DraftEntry entry, string name, [NotNullWhen(true)] out PharmacyRecord? record, out string sentence)
    {
        record = null;
        var postcode = csv.GetString(4).Trim();
        if (!entry.TryIdentify(out var id, out sentence))
            return false;
        if (Zones.Of(null, postcode) is null)
            sentence = $"'{FileText.Shortened(postcode)}' is not the postcode of a French town.";
        else if (!TryReadDegrees(csv.GetString(7), 90, "latitude", out var latitude, out sentence) || !TryReadDegrees(csv.GetString(8), 180, "longitude", out var longitude, out sentence))
            return false;
        else
            record = new PharmacyRecord
            {
                Id = id,
                Name = name,
                Latitude = latitude,
                Longitude = longitude,
                Address = new Address(Street(csv), postcode, SanteFrHours.Words(csv.GetString(5))),
                Phone = ReadPhone(csv.GetString(6)),
            };
        return record is not null;
    }

    private static bool TryReadDegrees(string text, int bound, string what, out double degrees, out string sentence)
    {
        degrees = 0;
        sentence = text.Trim().Length == 0 ? "no coordinates."
            : !double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out degrees) || !double.IsFinite(degrees)
                ? $"the {what} '{FileText.Shortened(text)}' is not a number."
            : Math.Abs(degrees) > bound ? $"the {what} '{FileText.Shortened(text)}' is beyond ±{bound}."
            : "";
        return sentence.Length == 0;
    }

    private static string? ReadHours(string html, Action<ImportWarning, string> warn)
    {
        if (!SanteFrHours.TryReadWeek(html, out var week, out var strange))
            warn(ImportWarning.HoursNotUnderstood, $"the hours stay unknown: '{FileText.Shortened(strange)}' is not understood.");
        else if (week is not null && SanteFrHours.CoversWorkingDays(week))
            return SanteFrHours.ToOsm(week);
        else if (week is not null)
            warn(ImportWarning.ReceptionHours, $"the hours stay unknown: '{SanteFrHours.ToOsm(week)}' does not cover Monday to Friday, so these are hours of reception.");
        return null;
    }

    // The file states one number, "for making an appointment"; it is the counter's, so it is taken as the pharmacy's.
    private static string? ReadPhone(string html) => Phone().Match(html) is { Success: true } match ? match.Groups[1].Value : null;

    private static string Street(CsvDataReader csv) =>
        string.Join(", ", new[] { csv.GetString(2), csv.GetString(3) }.Select(SanteFrHours.Words).Where(part => part.Length > 0));

    private static string Unquoted(string field) => field is ['"', .., '"'] ? field[1..^1] : field;

    [GeneratedRegex(";-?\\d{1,2}\\.\\d{12};-?\\d{0,3}(\\.\\d{0,11})?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CutLongitude();

    [GeneratedRegex("<strong>Téléphone pour la prise de rendez-vous : </strong>(0\\d{9})</p>", RegexOptions.CultureInvariant | RegexOptions.ECMAScript, 1000)]
    private static partial Regex Phone();
}
