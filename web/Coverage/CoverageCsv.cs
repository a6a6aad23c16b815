using System.Globalization;
using System.Text;
using Realtime.Coverage;

namespace Realtime.Web.Coverage;

/// <summary>The same figures for spreadsheets: RFC 4180, UTF-8, a header, one line for each commune of a department, or for the country (<c>FR</c>) and each department.</summary>
internal static class CoverageCsv
{
    /// <summary>The file.</summary>
    public static string Of(CoverageAnswer answer, bool communes)
    {
        var text = new StringBuilder();
        if (communes)
            WriteCommunes(text, answer.Communes);
        else
            WriteDepartments(text, answer);
        return text.ToString();
    }

    private static void WriteCommunes(StringBuilder to, IReadOnlyList<CommuneCoverage> communes)
    {
        Line(to, "insee", "name", "lat", "lon", "population", "landmass", "meters", "pharmacy");
        foreach (var one in communes)
            Line(to, one.Insee, one.Name, one.Lat, one.Lon, one.Population, one.Landmass, one.Meters, one.Pharmacy);
    }

    private static void WriteDepartments(StringBuilder to, CoverageAnswer answer)
    {
        var classes = CoverageFigures.Classes.SelectMany(meters => new object[] { $"communesBeyond{meters / 1000}km", $"populationBeyond{meters / 1000}km" });
        Line(to, ["department", "population", "meanMeters", "medianMeters", "p90Meters", .. classes, "communesUnreached", "populationUnreached"]);
        foreach (var (code, figures) in answer.Departments.Select(one => (one.Department, one.Figures)).Prepend(("FR", answer.Country)))
            Line(to, [code, figures.Population, figures.MeanMeters, figures.MedianMeters, figures.P90Meters,
                .. figures.Beyond.SelectMany(beyond => new object[] { beyond.Communes, beyond.Population }), figures.Unreached.Communes, figures.Unreached.Population]);
    }

    private static void Line(StringBuilder to, params IEnumerable<object?> fields) => to.AppendJoin(',', fields.Select(Field)).Append("\r\n");

    private static string Field(object? value)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
