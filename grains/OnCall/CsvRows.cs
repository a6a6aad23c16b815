using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Realtime.OnCall;

/// <summary>A record of a CSV file.</summary>
/// <param name="Line">The line it starts on, from 1.</param>
/// <param name="Cells">Its cells; white space around those that are not quoted is gone.</param>
internal sealed record CsvRow(int Line, IReadOnlyList<string> Cells)
{
    /// <summary>Whether nothing stands in it.</summary>
    public bool IsBlank => Cells.All(cell => cell.Length == 0);
}

/// <summary>Takes a CSV text (RFC 4180) apart, with <c>;</c> or <c>,</c> between cells: whichever the first line has more of.</summary>
internal sealed class CsvRows(string text)
{
    private readonly char _separator = SeparatorOf(text);
    private readonly StringBuilder _cell = new();
    private int _at;
    private int _line = 1;

    /// <summary>All records; false with the line on which a quote opens that never closes, or after which text follows one.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out List<CsvRow>? rows, out int faultLine)
    {
        var reader = new CsvRows(text);
        rows = [];
        for (faultLine = 0; reader._at < text.Length;)
        {
            var line = reader._line;
            if (reader.ReadRow() is not { } cells)
            {
                (rows, faultLine) = (null, line);
                return false;
            }
            rows.Add(new CsvRow(line, cells));
        }
        return true;
    }

    private static char SeparatorOf(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var header = end < 0 ? text.AsSpan() : text.AsSpan(0, end);
        return header.Count(',') > header.Count(';') ? ',' : ';';
    }

    private List<string>? ReadRow()
    {
        var cells = new List<string>();
        while (true)
        {
            if (ReadCell() is not { } cell)
                return null;
            cells.Add(cell);
            if (_at < text.Length && text[_at] == _separator)
            {
                _at++;
                continue;
            }
            SkipLineBreak();
            return cells;
        }
    }

    private string? ReadCell()
    {
        var start = _at;
        while (_at < text.Length && text[_at] == ' ')
            _at++;
        if (_at < text.Length && text[_at] == '"')
            return ReadQuoted();
        while (_at < text.Length && text[_at] != _separator && text[_at] is not ('\r' or '\n'))
            _at++;
        return text[start.._at].Trim();
    }

    private string? ReadQuoted()
    {
        _cell.Clear();
        for (_at++; _at < text.Length; _at++)
        {
            if (text[_at] == '\n')
                _line++;
            if (text[_at] != '"')
                _cell.Append(text[_at]);
            else if (_at + 1 < text.Length && text[_at + 1] == '"')
                _cell.Append(text[_at++]);
            else
                return EndQuoted();
        }
        return null;
    }

    private string? EndQuoted()
    {
        for (_at++; _at < text.Length && text[_at] == ' ';)
            _at++;
        return _at == text.Length || text[_at] == _separator || text[_at] is '\r' or '\n' ? _cell.ToString() : null;
    }

    // A line ends with CR LF, LF, or the CR alone of old spreadsheets.
    private void SkipLineBreak()
    {
        if (_at == text.Length)
            return;
        if (text[_at++] == '\r' && _at < text.Length && text[_at] == '\n')
            _at++;
        _line++;
    }
}
