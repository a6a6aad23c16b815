using System.Globalization;
using System.Text.RegularExpressions;

namespace Realtime.Products;

/// <summary>
/// What a box holds, read from its label as the medicines database words it: <c>2 tube(s) polypropylène de 8 comprimé(s)</c> holds 16 tablets,
/// <c>3 flacon(s) de 60 ml avec pompe</c> holds 180 ml. A label that can be read in two ways is not read at all.
/// </summary>
internal sealed partial class BoxLabel
{
    // Every noun by which the files count what is taken one by one, with the plurals and joined forms they use.
    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["comprime"] = "comprime",
        ["gelule"] = "gelule",
        ["capsule"] = "capsule",
        ["sachet"] = "sachet",
        ["stick"] = "stick",
        ["suppositoire"] = "suppositoire",
        ["ovule"] = "ovule",
        ["pastille"] = "pastille",
        ["gomme"] = "gomme",
        ["lyophilisat"] = "lyophilisat",
        ["emplatre"] = "emplatre",
        ["dispositif"] = "dispositif",
        ["dose"] = "dose",
        ["recipient"] = "recipient",
        ["unidose"] = "recipient",
        ["ampoule"] = "ampoule",
        ["flacon"] = "flacon",
        ["cartouche"] = "cartouche",
        ["film"] = "film",
        ["tablette"] = "tablette",
        ["pilule"] = "pilule",
        ["compresse"] = "compresse",
    };

    private readonly string _label;
    private readonly string[] _parts;

    public BoxLabel(string label)
    {
        // "(s)" and the like only make plurals; what else stands in parentheses describes.
        _label = Parenthesis().Replace(PluralMark().Replace(PlainText.Fold(label), ""), " ");
        _parts = Joint().Split(_label);
    }

    /// <summary>The unit that a reference such as <c>un sachet-dose de 4 g</c> counts by; null where it is none that boxes are counted in.</summary>
    public static string? UnitOf(string folded)
    {
        var first = Word().Matches(folded).Select(match => match.Value).FirstOrDefault(word => word is not ("un" or "une" or "par" or "pour" or "chaque"));
        return first is null ? null : Canonical(first);
    }

    /// <summary>How many of a unit the box holds; null where the label does not say so beyond doubt.</summary>
    public int? Count(string unit)
    {
        var counts = Counts();
        var of = counts.FindIndex(count => count.Noun == unit);
        if (of < 0 || counts.FindLastIndex(count => count.Noun == unit) != of)
            return null;
        // "12 plaquettes de 1 comprimé": every container that is counted before multiplies.
        var total = 1L;
        for (var i = 0; i <= of; i++)
            total *= counts[i].Number;
        return total is > 0 and <= 100_000 ? (int)total : null;
    }

    /// <summary>How much the box holds, in grams or millilitres; null where the label does not say so beyond doubt.</summary>
    public Amount? Content()
    {
        var amounts = _parts.Where(part => !IsMeasure().IsMatch(part)).SelectMany(part => AmountOf().Matches(part)).ToList();
        if (amounts is not [var one] || !Amount.TryOf(one.Groups["number"].Value, one.Groups["unit"].Value, out var each))
            return null;
        var counts = Counts();
        // What is counted beside the first containers would have to be told apart from what they hold.
        return counts.Count switch
        {
            0 => each,
            1 => each with { Value = each.Value * counts[0].Number },
            _ => null,
        };
    }

    // Numbers that stand right before a noun, outside of what only says how the box is arranged or what comes with it.
    private List<(long Number, string Noun)> Counts() =>
        [.. Counted().Matches(Arrangement().Replace(_parts[0], " "))
            .Select(match => (long.Parse(match.Groups["number"].Value.Replace(" ", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), Canonical(match.Groups["noun"].Value) ?? match.Groups["noun"].Value))
            .Where(count => !Measures.Contains(count.Item2))];

    private static string? Canonical(string word) =>
        Units.TryGetValue(word, out var unit) || (word.EndsWith('s') && Units.TryGetValue(word[..^1], out unit)) ? unit : null;

    // A number before one of these is an amount, not a count.
    private static readonly HashSet<string> Measures = new(StringComparer.Ordinal) { "g", "mg", "kg", "ml", "l", "cl", "cm", "mm", "microgrammes", "ui", "pour" };

    [GeneratedRegex(@"\((?:s|x|e|es|se|ses|le|les|aux|ve|ves)\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PluralMark();

    [GeneratedRegex(@"\([^()]*\)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Parenthesis();

    [GeneratedRegex(@"\s(?:avec|accompagne\w*|munis?|surmontes?|equipes?)\s|\set avec\s", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Joint();

    [GeneratedRegex(@"[a-z]+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<![\d,.])(?<number>\d{1,3}(?: \d{3})+|\d+)\s+(?<noun>[a-z]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Counted();

    [GeneratedRegex(@"\bpar\s+[a-z]+\s+de\s+\d+\s+[a-z]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Arrangement();

    [GeneratedRegex(@"(?<![\d,.])(?<number>\d[\d ]*(?:[.,]\d+)?)\s*(?<unit>kg|mg|g|ml|cl|l)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AmountOf();

    // What is measured with, not what is measured.
    [GeneratedRegex(@"gobelet|seringue|cuillere|pipette|mesure|dosette|doseur|godet|verre gradue", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IsMeasure();
}
