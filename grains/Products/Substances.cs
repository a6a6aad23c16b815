using System.Collections.Frozen;
using System.Globalization;

namespace Realtime.Products;

/// <summary>How a substance of the medicines database counts towards the substance that a rule names.</summary>
/// <param name="Name">The substance as rules name it, as <c>ibuprofène</c>.</param>
/// <param name="Rank">Among the rows of one link, the salt and its fraction, the one of the lowest rank that states an amount is counted, and no other.</param>
/// <param name="Factor">Mass counted for one unit of mass of this one.</param>
internal sealed record SubstancePart(string Name, int Rank, decimal Factor);

/// <summary>Substances that rules name, with their salts. Source: <c>data/substances.csv</c>, row by row.</summary>
internal static class Substances
{
    /// <summary>Grams of one international unit of vitamin D, by the arrêté of 22 February 1990, which gives 20,000 UI as 0.0005 g.</summary>
    private const decimal GramsPerUnitOfVitaminD = 0.000_000_025m;

    private static readonly FrozenDictionary<string, SubstancePart> ByCode = Table.Read("substances.csv").ToFrozenDictionary(
        row => row["code"],
        row => new SubstancePart(string.Intern(row["substance"]), int.Parse(row["rank"], CultureInfo.InvariantCulture), decimal.Parse(row["factor"], CultureInfo.InvariantCulture)),
        StringComparer.Ordinal);

    /// <summary>What a code of the composition file counts as; null where no rule names it.</summary>
    public static SubstancePart? Find(string code) => ByCode.GetValueOrDefault(code);

    /// <summary>Whether rules know a substance of this name.</summary>
    public static bool Knows(string name) => ByCode.Values.Any(part => part.Name == name);

    /// <summary>Grams in so many international units of a substance; null where the two have no fixed proportion.</summary>
    public static decimal? GramsOf(string substance, decimal internationalUnits) => substance == "vitamine D" ? internationalUnits * GramsPerUnitOfVitaminD : null;
}
