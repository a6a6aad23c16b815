using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Realtime.Nearest;
using Realtime.Pharmacies;
using Realtime.Sets;
using Sylvan.Data.Csv;

namespace Realtime.Coverage;

/// <summary>What reading a file of communes gave. Every commune that counts is in <see cref="Communes"/> or has one error.</summary>
/// <param name="Communes">In the order of the file, each once.</param>
/// <param name="Errors">One for each line that is rejected.</param>
/// <param name="Warnings">Worth saying of lines that are taken.</param>
/// <param name="Skipped">Lines that say nothing new: further postcodes of a commune, and those whose people another line counts.</param>
public sealed record CommunesReading(IReadOnlyList<Commune> Communes, IReadOnlyList<LineNote> Errors, IReadOnlyList<LineNote> Warnings, int Skipped)
{
    /// <summary>How many communes the file holds.</summary>
    public int Read => Communes.Count + Errors.Count;
}

/// <summary>
/// Reads a table of communes, <c>insee,name,postcode,type,lat,lon,population2021</c>, one line for each postcode of a commune. No person is counted twice: communes
/// (<c>COM</c>) count, and arrondissements (<c>ARM</c>) in the place of Paris, Lyon and Marseille; delegated and associated communes (<c>COMD</c>, <c>COMA</c>) are
/// part of a commune that has a line of its own. Pure: the same bytes always give the same reading.
/// </summary>
public static class CommunesFile
{
    private const byte Format = 1;
    private const char Delimiter = ',';
    private static readonly string[] Columns = ["insee", "name", "postcode", "type", "lat", "lon", "population2021"];

    // The towns that are split, and how the codes of their arrondissements begin.
    private static readonly (string Town, string Arrondissements)[] Split = [("75056", "751"), ("13055", "132"), ("69123", "6938")];

    /// <summary>Reads the whole file. False with what is wrong where it is not UTF-8, is cut short, is not well-formed or is another kind of file.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out CommunesReading? reading, [NotNullWhen(false)] out FileFault? fault)
    {
        reading = null;
        if (!FileText.TryDecode(bytes, out var text, out fault))
            return false;
        var header = text.AsSpan(0, text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? end : text.Length).ToString();
        if (header != string.Join(Delimiter, Columns))
            fault = new FileFault(1, 1, $"the header is '{FileText.Shortened(header)}' where '{string.Join(Delimiter, Columns)}' is expected; this is no table of communes.");
        if (fault is not null || !CsvStructure.TryCheck(text, Columns.Length, out var starts, out fault, Delimiter))
            return false;
        reading = ReadLines(text, starts);
        return true;
    }

    /// <summary>The payload in which the store keeps communes, and its name.</summary>
    internal static (byte[] Payload, string Hash) Pack(IReadOnlyList<Commune> communes) => SetPayload.Write(Format, to =>
    {
        to.Write(communes.Count);
        // The same communes have the same name, in whatever order a file brought them.
        foreach (var commune in communes.OrderBy(commune => commune.Insee, StringComparer.Ordinal))
        {
            to.Write(commune.Insee);
            to.Write(commune.Name);
            to.Write(commune.At.Latitude);
            to.Write(commune.At.Longitude);
            to.Write(commune.Population);
        }
    });

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Written by a newer program, or damaged.</exception>
    internal static Commune[] Unpack(byte[] payload) => SetPayload.Read("table of communes", Format, payload, from =>
    {
        var communes = new Commune[from.ReadInt32()];
        for (var i = 0; i < communes.Length; i++)
            communes[i] = new(from.ReadString(), from.ReadString(), new(from.ReadDouble(), from.ReadDouble()), from.ReadInt32());
        return communes;
    });

    private static CommunesReading ReadLines(string text, List<int> starts)
    {
        var (taken, errors, warnings, skipped) = (new Dictionary<string, (Commune Commune, int Line)>(StringComparer.Ordinal), new List<LineNote>(), new List<LineNote>(), 0);
        using var csv = CsvDataReader.Create(new StringReader(text.TrimEnd('\r', '\n')), new CsvDataReaderOptions
        {
            Delimiter = Delimiter,
            CsvStyle = CsvStyle.Standard,
            // Any line may begin with a number sign without being a comment, and one field may be as large as the file.
            Comment = '\0',
            BufferSize = 1 << 16,
            MaxBufferSize = Math.Max(1 << 17, 2 * text.Length),
        });
        for (var row = 1; csv.Read(); row++)
        {
            var (insee, type) = (csv.GetString(0).Trim(), csv.GetString(3).Trim());
            if (type is "COMD" or "COMA")
                skipped++;
            else if (!TryReadLine(csv, insee, type, out var commune, out var sentence))
                errors.Add(Note(sentence));
            else if (!taken.TryGetValue(insee, out var first))
            {
                taken.Add(insee, (commune, starts[row]));
                if (commune.Population == 0)
                    warnings.Add(Note("no inhabitants: it is measured, and weighs nothing in any mean."));
            }
            else if (first.Commune == commune)
                skipped++;
            else
                errors.Add(Note($"line {first.Line} says something else of the same commune."));

            LineNote Note(string said) => new(starts[row], $"{FileText.Shortened(insee)} \"{FileText.Shortened(csv.GetString(1))}\"", said);
        }
        foreach (var (town, arrondissements) in Split)
            if (taken.Keys.Any(insee => insee.StartsWith(arrondissements, StringComparison.Ordinal)) && taken.Remove(town))
                skipped++;
        if (!text.EndsWith('\n'))
            warnings.Add(new(starts[^1], "", "the file does not end with a line break; its last line may be cut short."));
        return new([.. taken.Values.OrderBy(one => one.Line).Select(one => one.Commune)], errors, warnings, skipped);
    }

    // The first thing that is wrong rejects the line.
    private static bool TryReadLine(CsvDataReader csv, string insee, string type, [NotNullWhen(true)] out Commune? commune, out string sentence)
    {
        commune = null;
        var name = FileText.Words(csv.GetString(1));
        var (latitude, longitude, people) = (csv.GetString(4), csv.GetString(5), csv.GetString(6));
        var position = default(Position);
        var population = 0;
        sentence = type is not ("COM" or "ARM") ? $"'{FileText.Shortened(type)}' is none of the types COM, ARM, COMD and COMA."
            : !IsInsee(insee) ? "not an INSEE code: five digits, or 2A or 2B and three."
            : name.Length == 0 ? "no name."
            : latitude.Trim().Length == 0 || longitude.Trim().Length == 0 ? "no coordinates."
            : !TryReadPosition(latitude, longitude, out position) ? $"'{FileText.Shortened(latitude)}, {FileText.Shortened(longitude)}' is no position in degrees."
            : people.Trim().Length == 0 ? "no population."
            : !int.TryParse(people, NumberStyles.None, CultureInfo.InvariantCulture, out population) ? $"'{FileText.Shortened(people)}' is no number of inhabitants."
            : "";
        if (sentence.Length == 0)
            commune = new(insee, name, position, population);
        return commune is not null;
    }

    private static bool IsInsee(string text) =>
        text.Length == 5 && char.IsAsciiDigit(text[0]) && (char.IsAsciiDigit(text[1]) || text.StartsWith("2A", StringComparison.Ordinal) || text.StartsWith("2B", StringComparison.Ordinal))
        && text.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0;

    private static bool TryReadPosition(string latitude, string longitude, out Position position)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        position = default;
        return double.TryParse(latitude, style, CultureInfo.InvariantCulture, out var north) && double.TryParse(longitude, style, CultureInfo.InvariantCulture, out var east)
            && Position.TryCreate(north, east, out position);
    }
}
