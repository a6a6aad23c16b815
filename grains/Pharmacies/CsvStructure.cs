using System.Diagnostics.CodeAnalysis;

namespace Realtime.Pharmacies;

/// <summary>
/// Whether a whole text is well-formed CSV (RFC 4180, mostly with <c>;</c>), checked before anything of it is used, so that a file cut in the middle
/// changes nothing. It also knows on which line each record starts, which a reader that sees only records cannot tell once fields hold line breaks.
/// </summary>
internal static class CsvStructure
{
    /// <summary>What separates fields in the files of the French administration.</summary>
    public const char Delimiter = ';';

    /// <summary>The lines on which records start, the header's included; false with the first fault. Empty lines at the very end are no records.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="columns">Fields in every record.</param>
    /// <param name="starts">Lines from 1.</param>
    /// <param name="fault">What is wrong, and where.</param>
    /// <param name="delimiter">What separates fields.</param>
    public static bool TryCheck(string text, int columns, out List<int> starts, [NotNullWhen(false)] out FileFault? fault, char delimiter = Delimiter)
    {
        starts = [];
        fault = null;
        var place = new Place(text.TrimEnd('\r', '\n'), delimiter);
        while (!place.AtEnd && fault is null)
        {
            starts.Add(place.Line);
            fault = CheckRecord(ref place, columns);
        }
        return fault is null;
    }

    private static FileFault? CheckRecord(ref Place place, int columns)
    {
        var line = place.Line;
        for (var fields = 1; ; fields++)
        {
            if (CheckField(ref place) is { } fault)
                return fault;
            if (!place.AtEnd && place.Current == place.Delimiter)
            {
                place.Step();
                continue;
            }
            var column = place.Column;
            place.StepOverLineBreak();
            return fields == columns ? null : new FileFault(line, column, $"the record has {fields} fields, not {columns}.");
        }
    }

    // Stops at the delimiter, the line break or the end that closes the field.
    private static FileFault? CheckField(ref Place place)
    {
        if (place.AtEnd || place.Current != '"')
            return CheckBareField(ref place);

        var (line, column) = (place.Line, place.Column);
        place.Step();
        while (true)
        {
            while (!place.AtEnd && place.Current != '"')
                place.Step();
            if (place.AtEnd)
                return new FileFault(line, column, "a quote opens here and never closes: the file is cut short or damaged.");
            place.Step();
            if (place.AtEnd || place.Current is '\r' or '\n' || place.Current == place.Delimiter)
                return null;
            if (place.Current != '"')
                return new FileFault(place.Line, place.Column, "text follows a closing quote.");
            place.Step();
        }
    }

    private static FileFault? CheckBareField(ref Place place)
    {
        for (; !place.AtEnd && place.Current is not ('\r' or '\n') && place.Current != place.Delimiter; place.Step())
            if (place.Current is '"' or '\0')
                return new FileFault(place.Line, place.Column, place.Current == '"' ? "a quote stands inside a field that is not quoted." : "a zero byte: this is not a text file.");
        return null;
    }

    private ref struct Place(ReadOnlySpan<char> text, char delimiter)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _at;
        private int _lineStart;

        public readonly char Delimiter => delimiter;

        public int Line { get; private set; } = 1;

        public readonly int Column => _at - _lineStart + 1;

        public readonly bool AtEnd => _at >= _text.Length;

        public readonly char Current => _text[_at];

        public void Step()
        {
            if (_text[_at++] == '\n')
            {
                Line++;
                _lineStart = _at;
            }
        }

        public void StepOverLineBreak()
        {
            if (!AtEnd && Current == '\r')
                Step();
            if (!AtEnd && Current == '\n')
                Step();
        }
    }
}
