using Realtime.Pharmacies;

namespace Realtime.Products;

/// <summary>The lines of one file of the medicines database.</summary>
/// <param name="file">Its name, for messages.</param>
/// <param name="text">All of it.</param>
/// <param name="columns">Columns of every line.</param>
/// <param name="errors">Takes what is wrong.</param>
/// <param name="warnings">Takes what is worth saying.</param>
internal sealed class BdpmLines(string file, string text, int columns, List<FileNote> errors, List<FileNote> warnings)
{
    /// <summary>Errors of one file beyond these are only counted: a file of another kind is wrong on every line.</summary>
    private const int ErrorsShown = 50;

    private int _wrong;

    /// <summary>Lines that are not blank.</summary>
    public int Count { get; private set; }

    /// <summary>A record of each line that is not blank and not wrong; <paramref name="row"/> gives null where it has called <see cref="BdpmLine.Wrong"/>.</summary>
    public List<T> Read<T>(Func<BdpmLine, T?> row) where T : class
    {
        var rows = new List<T>();
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            number++;
            var line = text.AsSpan(range).TrimEnd('\r');
            if (line.IsWhiteSpace())
                continue;
            Count++;
            var fields = line.ToString().Split('\t');
            if (fields.Length != columns)
                Wrong(number, $"the line has {fields.Length} columns, not {columns}.");
            else if (row(new BdpmLine(this, number, fields)) is { } record)
                rows.Add(record);
        }
        if (Count == 0)
            errors.Add(new(file, 0, "holds nothing; it was not published so: fetch it again."));
        else if (!text.EndsWith('\n'))
            warnings.Add(new(file, 0, "does not end with a line break; its last line may be cut short."));
        if (_wrong > ErrorsShown)
            errors.Add(new(file, 0, $"… and {_wrong - ErrorsShown} more lines are wrong."));
        return rows;
    }

    internal void Wrong(int line, string sentence)
    {
        if (++_wrong <= ErrorsShown)
            errors.Add(new(file, line, sentence));
    }
}

/// <summary>One line, cut into its columns.</summary>
internal readonly struct BdpmLine(BdpmLines lines, int number, string[] fields)
{
    /// <summary>A column, spaces around it removed.</summary>
    public string this[int column] => fields[column].Trim();

    /// <summary>The CIS code of the first column; null, and an error, where it is none.</summary>
    public string? Cis => CisAt(0);

    /// <summary>The CIS code of a column: eight digits that start with 6; null, and an error, where it is none.</summary>
    public string? CisAt(int column) => this[column] is ['6', ..] and { Length: 8 } cis && cis.All(char.IsAsciiDigit)
        ? cis
        : Wrong<string>($"'{FileText.Shortened(this[column])}' is not a CIS code: eight digits that start with 6.");

    /// <summary>The CIP13 of a column; null, and an error, where it is none.</summary>
    public Cip13? Code(int column)
    {
        if (Cip13.TryParse(this[column], out var code))
            return code;
        lines.Wrong(number, $"'{FileText.Shortened(this[column])}' is not a CIP13: thirteen digits from {Cip13.Prefix}, the last a check digit.");
        return null;
    }

    /// <summary>Notes an error; always null.</summary>
    public T? Wrong<T>(string sentence) where T : class
    {
        lines.Wrong(number, sentence);
        return null;
    }
}
