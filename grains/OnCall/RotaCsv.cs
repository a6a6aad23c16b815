using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>What is wrong with a line of a rota's file.</summary>
/// <param name="Line">Line in the file, from 1, on which the record starts.</param>
/// <param name="Column">Name of the column as the file has it; empty where the whole line is meant.</param>
/// <param name="English">One sentence.</param>
/// <param name="French">The same sentence.</param>
public sealed record RotaLineError(int Line, string Column, string English, string French);

/// <summary>What reading a rota's file gave. Every record is a duty or has at least one error.</summary>
/// <param name="Duties">With the line of each, in the order of the file.</param>
/// <param name="Errors">By line; where the header or the structure is wrong, they are all there is.</param>
public sealed record RotaReading(IReadOnlyList<(int Line, Duty Duty)> Duties, IReadOnlyList<RotaLineError> Errors);

/// <summary>
/// Rotas as CSV, for spreadsheets, the ARS and the CPAM. Read are UTF-8 and Windows-1252, <c>;</c> and <c>,</c>, names of columns and words in French or English
/// with or without accents; instants as RFC 3339 or by the clock of the zone (<c>2026-12-24 20:00</c>, <c>24/12/2026 20:00</c>; a time that the clock skips moves
/// forward, one that it shows twice is its first showing). Written are <c>;</c> and instants with their offset, so that reading gives the same duties.
/// </summary>
public static class RotaCsv
{
    /// <summary>Reads a whole file; pure.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="zone">The clock by which times without an offset are meant.</param>
    public static RotaReading Read(ReadOnlySpan<byte> bytes, DateTimeZone zone)
    {
        if (!CsvRows.TryRead(FileText.DecodeEither(bytes, out _), out var rows, out var faultLine))
            return Refused(
                faultLine,
                "a quote opens and does not close, or text follows a closing quote: the file is damaged.",
                "un guillemet s'ouvre sans se fermer, ou du texte suit un guillemet fermant : le fichier est abîmé.");
        if (rows.Count == 0 || rows[0].IsBlank)
            return Refused(1, "the names of the columns are missing.", "les noms des colonnes manquent.");
        var columns = RotaColumns.Of(rows[0], out var wrong);
        if (columns is null)
            return new RotaReading([], wrong);
        var (duties, errors) = (new List<(int, Duty)>(), new List<RotaLineError>());
        foreach (var row in rows.Skip(1).Where(row => !row.IsBlank))
            if (new RotaRow(row, columns, new LocalTimes(zone), errors).Read() is { } duty)
                duties.Add((row.Line, duty));
        return new RotaReading(duties, errors);
    }

    /// <summary>Writes duties in the order given, in UTF-8 with a byte order mark, which spreadsheets need to show accents.</summary>
    /// <param name="duties">What is written.</param>
    /// <param name="zone">The clock whose offset instants are written with.</param>
    /// <param name="nameOf">The name of a pharmacy; null where nobody knows it.</param>
    /// <param name="french">Whether names of columns and words are French.</param>
    public static byte[] Write(IEnumerable<Duty> duties, DateTimeZone zone, Func<PharmacyId, string?> nameOf, bool french)
    {
        var csv = new StringBuilder("\uFEFF");
        csv.AppendRow([.. RotaColumns.All.Select(column => french ? column.French : column.English)]);
        foreach (var (sector, pharmacy, period) in duties)
            csv.AppendRow(
                sector,
                pharmacy.Value,
                nameOf(pharmacy),
                At(period.Start),
                At(period.End),
                RotaWords.Of(period.Kind, french),
                RotaWords.Of(period.Access, french),
                period.Phone,
                period.Instructions,
                period.InstructionsEn);
        return Encoding.UTF8.GetBytes(csv.ToString());

        string At(Instant instant) => OffsetDateTimePattern.Rfc3339.Format(instant.InZone(zone).ToOffsetDateTime());
    }

    private static RotaReading Refused(int line, string english, string french) => new([], [new RotaLineError(line, "", english, french)]);
}

/// <summary>A column of a rota's file.</summary>
/// <param name="French">Its name in French files.</param>
/// <param name="English">Its name in English files.</param>
/// <param name="IsRequired">Whether a file must have it.</param>
internal sealed record RotaColumn(string French, string English, bool IsRequired);

/// <summary>Where the columns of one file stand.</summary>
internal sealed class RotaColumns
{
    public static readonly RotaColumn Sector = new("secteur", "sector", true);
    public static readonly RotaColumn Pharmacy = new("pharmacie", "pharmacy", true);
    public static readonly RotaColumn Name = new("nom", "name", false);
    public static readonly RotaColumn Start = new("debut", "start", true);
    public static readonly RotaColumn End = new("fin", "end", true);
    public static readonly RotaColumn Kind = new("type", "kind", true);
    public static readonly RotaColumn Access = new("acces", "access", false);
    public static readonly RotaColumn Phone = new("telephone", "phone", false);
    public static readonly RotaColumn Instructions = new("consignes", "instructions", false);
    public static readonly RotaColumn InstructionsEn = new("consignesEn", "instructionsEn", false);

    /// <summary>In the order in which they are written.</summary>
    public static readonly IReadOnlyList<RotaColumn> All = [Sector, Pharmacy, Name, Start, End, Kind, Access, Phone, Instructions, InstructionsEn];

    private readonly Dictionary<RotaColumn, int> _places = [];
    private readonly IReadOnlyList<string> _names;

    private RotaColumns(IReadOnlyList<string> names) => _names = names;

    /// <summary>Cells in every record.</summary>
    public int Count => _names.Count;

    /// <summary>Finds the columns by their names; null, with what is wrong, where one is unknown, twice there or missing. A column without a name is not read.</summary>
    public static RotaColumns? Of(CsvRow header, out List<RotaLineError> errors)
    {
        errors = [];
        var columns = new RotaColumns(header.Cells);
        for (var place = 0; place < header.Cells.Count; place++)
        {
            var name = header.Cells[place];
            if (name.Length == 0)
                continue;
            var plain = RotaWords.Plain(name);
            var column = All.FirstOrDefault(column => plain == RotaWords.Plain(column.French) || plain == RotaWords.Plain(column.English));
            if (column is null)
                errors.Add(new RotaLineError(
                    header.Line, name, "this column is not known; take it out or correct its name.", "cette colonne est inconnue ; retirez-la ou corrigez son nom."));
            else if (!columns._places.TryAdd(column, place))
                errors.Add(new RotaLineError(header.Line, name, "this column is there twice.", "cette colonne est présente deux fois."));
        }
        foreach (var missing in All.Where(column => column.IsRequired && !columns._places.ContainsKey(column)))
            errors.Add(new RotaLineError(header.Line, missing.French, $"the column '{missing.English}' is missing.", $"la colonne « {missing.French} » manque."));
        return errors.Count == 0 ? columns : null;
    }

    /// <summary>What a row holds in the column; empty where the file lacks it.</summary>
    public string Cell(CsvRow row, RotaColumn column) => _places.TryGetValue(column, out var place) ? CsvCell.AsWritten(row.Cells[place]) : "";

    /// <summary>The column's name as the file has it.</summary>
    public string NameOf(RotaColumn column) => _places.TryGetValue(column, out var place) ? _names[place] : column.French;
}

/// <summary>Reads one record and says everything that is wrong with it.</summary>
internal sealed class RotaRow(CsvRow row, RotaColumns columns, LocalTimes times, List<RotaLineError> errors)
{
    private static readonly OffsetDateTimePattern Rfc3339 = OffsetDateTimePattern.Rfc3339;

    private static readonly IPattern<LocalDateTime> Local = new CompositePatternBuilder<LocalDateTime>
    {
        { LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm"), _ => true },
        { LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm"), _ => true },
        { LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm:'00'"), _ => true },
        { LocalDateTimePattern.CreateWithInvariantCulture("dd/MM/uuuu H:mm"), _ => true },
        { LocalDateTimePattern.CreateWithInvariantCulture("dd/MM/uuuu H:mm:'00'"), _ => true },
    }.Build();

    /// <summary>The duty; null where something is wrong.</summary>
    public Duty? Read()
    {
        var before = errors.Count;
        if (row.Cells.Count != columns.Count)
        {
            errors.Add(new RotaLineError(
                row.Line, "", $"the line has {row.Cells.Count} cells, not {columns.Count}.", $"la ligne a {row.Cells.Count} cellules au lieu de {columns.Count}."));
            return null;
        }
        var sector = Text(RotaColumns.Sector) ?? Wrong<string>(RotaColumns.Sector, "the sector is missing.", "le secteur manque.");
        var pharmacy = ReadPharmacy();
        var (start, end) = (ReadInstant(RotaColumns.Start), ReadInstant(RotaColumns.End));
        if (start >= end)
            Wrong<Instant?>(RotaColumns.End, "the duty ends before it begins.", "la garde finit avant de commencer.");
        var kind = ReadKind();
        var access = ReadAccess(kind);
        return errors.Count > before
            ? null
            : new Duty(sector!, pharmacy!.Value, new OnCallPeriod(
                start!.Value, end!.Value, kind!.Value, access!.Value, Text(RotaColumns.Phone), Text(RotaColumns.Instructions), Text(RotaColumns.InstructionsEn)));
    }

    private PharmacyId? ReadPharmacy()
    {
        var text = columns.Cell(row, RotaColumns.Pharmacy);
        return PharmacyId.TryParse(text, out var id) ? id : Wrong<PharmacyId?>(
            RotaColumns.Pharmacy,
            $"'{FileText.Shortened(text)}' is not a FINESS number: nine characters, the last a check digit.",
            $"« {FileText.Shortened(text)} » n'est pas un numéro FINESS : neuf caractères, le dernier étant une clé.");
    }

    private Instant? ReadInstant(RotaColumn column)
    {
        var text = columns.Cell(row, column);
        if (Rfc3339.Parse(text) is { Success: true } exact)
            return exact.Value.ToInstant();
        if (Local.Parse(text) is { Success: true } local)
            return times.At(local.Value.Date, (local.Value.Hour * 60) + local.Value.Minute);
        return Wrong<Instant?>(
            column,
            $"'{FileText.Shortened(text)}' is not a time such as 2026-12-24 20:00 or 2026-12-24T20:00:00+01:00.",
            $"« {FileText.Shortened(text)} » n'est pas une heure comme 24/12/2026 20:00 ou 2026-12-24T20:00:00+01:00.");
    }

    private OnCallKind? ReadKind()
    {
        var text = columns.Cell(row, RotaColumns.Kind);
        return RotaWords.Kind(text) ?? Wrong<OnCallKind?>(
            RotaColumns.Kind,
            $"'{FileText.Shortened(text)}' is not night, sundayOrHoliday or day.",
            $"« {FileText.Shortened(text)} » n'est pas nuit, dimanche ou jour.");
    }

    private Access? ReadAccess(OnCallKind? kind)
    {
        var text = columns.Cell(row, RotaColumns.Access);
        if (text.Length == 0)
            return DutySlots.UsualAccess(kind ?? OnCallKind.Night);
        return RotaWords.Access(text) ?? Wrong<Access?>(
            RotaColumns.Access,
            $"'{FileText.Shortened(text)}' is not walkIn, bell or phoneFirst.",
            $"« {FileText.Shortened(text)} » n'est pas ouvert, sonnette ou telephone.");
    }

    private string? Text(RotaColumn column) => columns.Cell(row, column) is { Length: > 0 } text ? text : null;

    private T? Wrong<T>(RotaColumn column, string english, string french)
    {
        errors.Add(new RotaLineError(row.Line, columns.NameOf(column), english, french));
        return default;
    }
}

/// <summary>The words that stand in the cells and headers of rotas; case, accents and white space do not matter when they are read.</summary>
internal static class RotaWords
{
    /// <summary>The word of a kind.</summary>
    public static string Of(OnCallKind kind, bool french) => kind switch
    {
        OnCallKind.Night => french ? "nuit" : "night",
        OnCallKind.SundayOrHoliday => french ? "dimanche" : "sundayOrHoliday",
        OnCallKind.Day => french ? "jour" : "day",
        _ => throw new InvalidOperationException($"No word for {kind}."),
    };

    /// <summary>The word of a way in.</summary>
    public static string Of(Access access, bool french) => access switch
    {
        Hours.Access.WalkIn => french ? "ouvert" : "walkIn",
        Hours.Access.Bell => french ? "sonnette" : "bell",
        Hours.Access.PhoneFirst => french ? "telephone" : "phoneFirst",
        _ => throw new InvalidOperationException($"No word for {access}."),
    };

    /// <summary>The kind that a word names; null for any other.</summary>
    public static OnCallKind? Kind(string word) => Find(word, Enum.GetValues<OnCallKind>(), Of);

    /// <summary>The way in that a word names; null for any other.</summary>
    public static Access? Access(string word) => Find(word, Enum.GetValues<Access>(), Of);

    /// <summary>Small letters without the accents of French, white space, dots, hyphens and underscores. The process is culture-invariant and decomposes no letters by itself.</summary>
    public static string Plain(string word) => string.Concat(word
        .Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && !char.IsWhiteSpace(c) && c is not ('.' or '-' or '_'))
        .Select(c => char.ToLowerInvariant(c) switch
        {
            'é' or 'è' or 'ê' or 'ë' => 'e',
            'à' or 'â' => 'a',
            'î' or 'ï' => 'i',
            'ô' => 'o',
            'ù' or 'û' or 'ü' => 'u',
            'ç' => 'c',
            var plain => plain,
        }));

    private static T? Find<T>(string word, T[] values, Func<T, bool, string> wordOf)
        where T : struct
    {
        var plain = Plain(word);
        foreach (var value in values)
            if (plain == Plain(wordOf(value, true)) || plain == Plain(wordOf(value, false)))
                return value;
        return null;
    }
}
