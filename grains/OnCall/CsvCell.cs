using System.Buffers;
using System.Text;

namespace Realtime.OnCall;

/// <summary>
/// Cells of the CSV files that people open in a spreadsheet. A cell that a spreadsheet would run as a formula (it begins with <c>=</c>, <c>+</c>, <c>-</c>,
/// <c>@</c>, a tab or a carriage return) gets an apostrophe in front, and loses it when it is read again; so does one that already looks so, and what was
/// written is always what is read. Source: OWASP, "CSV Injection", read 2026-11-28.
/// </summary>
internal static class CsvCell
{
    private static readonly SearchValues<char> MustBeQuoted = SearchValues.Create(";\"\r\n\t");

    /// <summary>A row: harmless cells, quoted where they must be, and a line break.</summary>
    public static StringBuilder AppendRow(this StringBuilder csv, params IReadOnlyList<string?> cells) =>
        csv.AppendJoin(';', cells.Select(cell => Quoted(Harmless(cell ?? "")))).Append("\r\n");

    /// <summary>The cell in a form that no spreadsheet runs.</summary>
    public static string Harmless(string cell) => LooksRun(cell) ? $"'{cell}" : cell;

    /// <summary>The inverse of <see cref="Harmless"/>.</summary>
    public static string AsWritten(string cell) => cell is ['\'', ..] && LooksRun(cell) ? cell[1..] : cell;

    // Apostrophes in front change nothing, so that the answer is the same with one more; nor do spaces, which some programs drop.
    private static bool LooksRun(string cell)
    {
        var bare = cell.AsSpan().TrimStart('\'');
        return bare is ['\t' or '\r', ..] || bare.TrimStart("' \t\r\n") is ['=' or '+' or '-' or '@', ..];
    }

    // White space at either end would be taken for carelessness unless it is quoted.
    private static string Quoted(string cell) =>
        cell.AsSpan().ContainsAny(MustBeQuoted) || cell.Length != cell.AsSpan().Trim().Length ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
