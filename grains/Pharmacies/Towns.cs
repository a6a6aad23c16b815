using System.Globalization;
using System.Text;
using Realtime.Hours;

namespace Realtime.Pharmacies;

/// <summary>A French town, or an arrondissement of Paris, Lyon or Marseille.</summary>
/// <param name="Name">As the French write it.</param>
/// <param name="Insee">INSEE code of its commune: five characters.</param>
/// <param name="Postcode">The first postcode of its commune: five digits.</param>
/// <param name="Latitude">WGS84 degrees of its centre.</param>
/// <param name="Longitude">WGS84 degrees of its centre.</param>
/// <param name="Population">Inhabitants as the source counts them; more than 0.</param>
/// <param name="PartOf">INSEE code of the town that this arrondissement is part of; null for a town.</param>
public sealed record Town(string Name, string Insee, string Postcode, double Latitude, double Longitude, int Population, string? PartOf)
{
    /// <summary>The department, two characters (<c>75</c>, <c>2A</c>), or the overseas territory, three (<c>974</c>, <c>988</c>).</summary>
    public string Department { get; } = Towns.DepartmentOf(Insee);

    /// <summary>The calendar and the clock of the town.</summary>
    public Zone Zone { get; } = Zones.Of(Insee, Postcode) ?? throw new FormatException($"{Name} ({Insee}, {Postcode}) is in no French zone.");
}

/// <summary>
/// The towns of France, mainland, Corsica and overseas, with their centre and population.
/// Source: <c>data/towns.csv</c>, made from GeoNames (CC BY 4.0) and the INSEE commune table; see <c>data/README.md</c>.
/// </summary>
public static class Towns
{
    /// <summary>Every town, the most populous first; ties by INSEE code.</summary>
    public static IReadOnlyList<Town> All { get; } = Read();

    // Parallel to All: what a query is compared with.
    private static readonly string[] Folded = [.. All.Select(town => Fold(town.Name))];

    /// <summary>The department of a commune: two characters (<c>75</c>, <c>2A</c>), or three overseas (<c>974</c>, <c>988</c>).</summary>
    /// <param name="insee">INSEE code of the commune, five characters.</param>
    public static string DepartmentOf(string insee) => insee.AsSpan(0, 2) is "97" or "98" ? insee[..3] : insee[..2];

    /// <summary>
    /// The towns whose name begins as <paramref name="query"/> does, or has a later word that does. Accents, case and hyphens do not matter, and
    /// <c>st</c> and <c>ste</c> before another word stand for <c>saint</c> and <c>sainte</c>. First the names that are the query, then those
    /// that begin with it (an article aside), then the others; the most populous first within each. Digits alone are the beginning of a postcode
    /// and find the towns whose first postcode begins so: a large town's other postcodes are not in the table.
    /// </summary>
    /// <param name="query">What was typed so far; nothing but spaces or punctuation finds nothing.</param>
    /// <param name="limit">At most so many towns, 1 or more.</param>
    public static IReadOnlyList<Town> Search(string query, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var sought = Fold(query);
        if (sought.Length == 0)
            return [];
        if (sought.All(c => char.IsAsciiDigit(c) || c == ' '))
            return OfPostcode(sought.Replace(" ", "", StringComparison.Ordinal), limit);

        var inside = $" {sought}";
        List<Town> same = [], begins = [], contains = [];
        for (var i = 0; i < Folded.Length; i++)
        {
            var name = Folded[i];
            if (name == sought)
                same.Add(All[i]);
            else if (begins.Count < limit && BeginsWith(name, sought))
                begins.Add(All[i]);
            else if (contains.Count < limit && name.Contains(inside, StringComparison.Ordinal))
                contains.Add(All[i]);
        }
        return [.. same.Concat(begins).Concat(contains).Take(limit)];
    }

    private static Town[] OfPostcode(string digits, int limit) => [.. All.Where(town => town.Postcode.StartsWith(digits, StringComparison.Ordinal)).Take(limit)];

    private static bool BeginsWith(string name, string sought)
    {
        if (name.StartsWith(sought, StringComparison.Ordinal))
            return true;
        var space = name.IndexOf(' ', StringComparison.Ordinal);
        return space is > 0 and < 4
            && name.AsSpan(0, space) is "l" or "la" or "le" or "les"
            && name.AsSpan(space + 1).StartsWith(sought, StringComparison.Ordinal);
    }

    // The process runs in the invariant culture, where Unicode decomposition is not to be relied on: the letters of French names are few.
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
            _ = char.ToLowerInvariant(c) switch
            {
                >= 'a' and <= 'z' or >= '0' and <= '9' => folded.Append(char.ToLowerInvariant(c)),
                'à' or 'á' or 'â' or 'ã' or 'ä' => folded.Append('a'),
                'ç' => folded.Append('c'),
                'è' or 'é' or 'ê' or 'ë' => folded.Append('e'),
                'ì' or 'í' or 'î' or 'ï' => folded.Append('i'),
                'ñ' => folded.Append('n'),
                'ò' or 'ó' or 'ô' or 'ö' => folded.Append('o'),
                'ù' or 'ú' or 'û' or 'ü' => folded.Append('u'),
                'ÿ' => folded.Append('y'),
                'œ' => folded.Append("oe"),
                'æ' => folded.Append("ae"),
                // Combining accents disappear, so that a decomposed é is an e.
                >= '\u0300' and <= '\u036f' => folded,
                _ => folded.Append(' '),
            };
        var words = folded.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        // The last word may still be growing: "st" on its own may become Strasbourg.
        for (var i = 0; i < words.Length - 1; i++)
            words[i] = words[i] switch { "st" => "saint", "ste" => "sainte", var word => word };
        return string.Join(' ', words);
    }

    private static Town[] Read()
    {
        using var stream = typeof(Towns).Assembly.GetManifestResourceStream("towns.csv")
            ?? throw new InvalidOperationException("towns.csv is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(ReadLine)];
    }

    private static Town ReadLine(string line)
    {
        // No field of this file holds a comma or a quote: its generator would fail its own test.
        var f = line.Split(',');
        static double Degrees(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        return new Town(f[0], f[1], f[2], Degrees(f[3]), Degrees(f[4]), int.Parse(f[5], CultureInfo.InvariantCulture), f[6].Length == 0 ? null : f[6]);
    }
}
