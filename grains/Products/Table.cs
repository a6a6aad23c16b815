using System.Text;

namespace Realtime.Products;

/// <summary>A small table that travels within the assembly: semicolons between columns, a header, no quotes; see data/README.md.</summary>
internal static class Table
{
    /// <summary>The rows of a table by the names of its columns.</summary>
    /// <exception cref="InvalidOperationException">The table is not in the assembly, or a row has other columns than the header: the program was built wrong.</exception>
    public static IEnumerable<Dictionary<string, string>> Read(string name)
    {
        using var stream = typeof(Table).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = lines[0].Split(';');
        return [.. lines.Skip(1).Select(line => line.Split(';') is var fields && fields.Length == header.Length
            ? header.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)
            : throw new InvalidOperationException($"{name}: '{line}' has other columns than the header."))];
    }
}
