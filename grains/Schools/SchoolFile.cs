using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;
using Realtime.Pharmacies;
using Sylvan.Data.Csv;

namespace Realtime.Schools;

/// <summary>What reading the official calendar gave.</summary>
/// <param name="Years">The school years it states; empty where a record is wrong, as a table is taken whole.</param>
/// <param name="Read">How many records of pupils' holidays it holds.</param>
/// <param name="Skipped">How many others: what concerns teachers alone, and the first days of school.</param>
/// <param name="Errors">What is wrong, in the order of the file.</param>
/// <param name="Warnings">Records that are left out all the same, in the order of the file.</param>
public sealed record SchoolReading(IReadOnlyList<SchoolYear> Years, int Read, int Skipped, IReadOnlyList<LineNote> Errors, IReadOnlyList<LineNote> Warnings);

/// <summary>
/// Reads the calendar that the Ministry publishes (data.education.gouv.fr, <c>fr-en-calendrier-scolaire</c>, CSV with <c>;</c>): one record for each holiday of
/// each academy, from the local midnight it begins to the one on which school begins again. Pure.
/// </summary>
public static partial class SchoolFile
{
    private static readonly string[] Columns = ["Description", "Population", "Date de début", "Date de fin", "Académies", "Zones", "annee_scolaire"];

    private static readonly OffsetDateTimePattern[] Patterns =
        [OffsetDateTimePattern.Rfc3339, OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:sso<m>"), OffsetDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mmo<Z+HH:mm>")];

    private sealed record Row(SchoolZone Zone, string Year, SchoolBreak Break);

    /// <summary>Reads the whole file. False with what is wrong where it is not UTF-8, is cut short, is not well-formed or is another kind of file.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SchoolReading? reading, [NotNullWhen(false)] out FileFault? fault)
    {
        reading = null;
        if (!FileText.TryDecode(bytes, out var text, out fault))
            return false;
        fault = CheckHeader(text);
        if (fault is not null || !CsvStructure.TryCheck(text, Columns.Length, out var starts, out fault))
            return false;
        // Its last field is a year of at least four digits: a file cut within it would lose a year unseen, but for the line break that ends it.
        if (text[^1] != '\n')
            fault = new FileFault(starts[^1], 1, "the last line has no end: the file is cut short.");
        else
            reading = ReadRecords(text, starts);
        return fault is null;
    }

    private static FileFault? CheckHeader(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var names = (end < 0 ? text : text[..end]).Split(CsvStructure.Delimiter);
        for (int i = 0, column = 1; i < Columns.Length; column += names[i].Length + 1, i++)
            if (i >= names.Length || names[i].Trim('"') != Columns[i])
                return new FileFault(1, column, $"column {i + 1} is '{FileText.Shortened(i < names.Length ? names[i].Trim('"') : "")}' where '{Columns[i]}' is expected; this is not the school calendar.");
        return names.Length == Columns.Length ? null : new FileFault(1, 1, $"the header has {names.Length} columns, not {Columns.Length}; this is not the school calendar.");
    }

    private static SchoolReading ReadRecords(string text, List<int> starts)
    {
        var (rows, errors, warnings, skipped) = (new List<Row>(), new List<LineNote>(), new List<LineNote>(), 0);
        var options = new CsvDataReaderOptions { Delimiter = CsvStructure.Delimiter, CsvStyle = CsvStyle.Standard, Comment = '\0', BufferSize = 1 << 16, MaxBufferSize = Math.Max(1 << 17, 2 * text.Length) };
        using var csv = CsvDataReader.Create(new StringReader(text.TrimEnd('\r', '\n')), options);
        for (var row = 1; csv.Read(); row++)
        {
            if (!ConcernsPupils(csv))
                skipped++;
            else if (!SchoolZones.TryParse(csv.GetString(5), out var zone))
                warnings.Add(new LineNote(starts[row], csv.GetString(0), $"'{FileText.Shortened(csv.GetString(5))}' is no zone that is known here; the record is left out."));
            else if (TryReadRow(csv, zone.Value, out var read, out var sentence))
                rows.Add(read);
            else
                errors.Add(new LineNote(starts[row], csv.GetString(0), sentence));
        }
        return new SchoolReading(errors.Count > 0 ? [] : YearsOf(rows), rows.Count + errors.Count, skipped + warnings.Count, errors, warnings);
    }

    private static bool ConcernsPupils(CsvDataReader csv) =>
        !csv.GetString(1).Trim().Equals("Enseignants", StringComparison.OrdinalIgnoreCase) && !FirstDay().IsMatch(csv.GetString(0));

    private static bool TryReadRow(CsvDataReader csv, SchoolZone zone, [NotNullWhen(true)] out Row? row, out string sentence)
    {
        row = null;
        var (first, back, year) = (DayOf(csv.GetString(2), zone), DayOf(csv.GetString(3), zone), csv.GetString(6).Trim());
        sentence = first is null ? $"'{FileText.Shortened(csv.GetString(2))}' is not an instant as 2026-10-17T00:00:00+02:00."
            : back is null && csv.GetString(3).Trim().Length > 0 ? $"'{FileText.Shortened(csv.GetString(3))}' is not an instant as 2026-10-17T00:00:00+02:00."
            : back < first ? "it ends before it begins."
            : !IsYear(year) ? $"'{FileText.Shortened(year)}' is not a school year as 2026-2027."
            : Math.Abs(first.Value.Year - int.Parse(year.AsSpan(0, 4), System.Globalization.CultureInfo.InvariantCulture)) > 1 ? $"its beginning is not within the school year {year}."
            : "";
        if (sentence.Length > 0)
            return false;
        // Of the summer after the last year known only the first day is published.
        var last = back is null || back == first ? null : back.Value.PlusDays(-1).ToString("uuuu-MM-dd", null);
        row = new Row(zone, year, new SchoolBreak(first!.Value.ToString("uuuu-MM-dd", null), last));
        return true;
    }

    private static bool IsYear(string text) => text.Length is 4 or 9 && Year().Match(text) is { Success: true } match
        && (text.Length == 4 || int.Parse(match.Groups["last"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) == int.Parse(match.Groups["first"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) + 1);

    // Some exports state the midnight of Paris for places overseas: the midnight nearest to the instant is meant in either case.
    private static LocalDate? DayOf(string text, SchoolZone zone)
    {
        foreach (var pattern in Patterns)
            if (pattern.Parse(text.Trim()) is { Success: true, Value: var moment })
                return (moment.ToInstant() + Duration.FromHours(12)).InZone(SchoolZones.TimeOf(zone)).Date;
        return null;
    }

    private static List<SchoolYear> YearsOf(List<Row> rows) =>
    [
        .. rows.GroupBy(row => (row.Zone, row.Year)).OrderBy(year => year.Key.Zone).ThenBy(year => year.Key.Year, StringComparer.Ordinal).Select(year => new SchoolYear(
            year.Key.Zone, year.Key.Year, [.. year.Select(row => row.Break).Distinct().OrderBy(b => b.First, StringComparer.Ordinal).ThenBy(b => b.Last, StringComparer.Ordinal)])),
    ];

    [GeneratedRegex("^(pr[ée])?rentr[ée]e", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FirstDay();

    [GeneratedRegex("^(?<first>2[0-9]{3})(-(?<last>2[0-9]{3}))?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Year();
}
