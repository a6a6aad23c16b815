using System.Globalization;
using NodaTime;

namespace Realtime.Products;

/// <summary>
/// Real medicines without prescription for the demo, from <c>data/demo-products.csv</c>: facts of the public medicines database of July 2025, read by the
/// very rules that read an import.
/// </summary>
internal static class DemoProducts
{
    /// <summary>The version of the demo's catalogue.</summary>
    public const string Version = "demo";

    /// <summary>The demo's set, read when first asked for.</summary>
    public static BdpmSet Set => Lazily.Value;

    private static readonly Lazy<BdpmSet> Lazily = new(Read);

    /// <summary>The demo's catalogue.</summary>
    public static Catalogue Catalogue(DoseRules rules, Instant at) => Products.Catalogue.Of(Version, Set, rules, at);

    private static BdpmSet Read()
    {
        var rows = Table.Read("demo-products.csv").ToList();
        var specialities = rows.DistinctBy(row => row["cis"]).ToList();
        return new(
            [.. specialities.Select(row => new Speciality(row["cis"], row["name"], row["form"], row["routes"].Replace('+', ';'), "Autorisation active", "Commercialisée", ""))],
            [.. rows.Select(row => new Presentation(row["cis"], Cip13.Parse(row["cip13"]), row["label"], "Présentation active", "Déclaration de commercialisation",
                row["priceCents"].Length == 0 ? null : int.Parse(row["priceCents"], CultureInfo.InvariantCulture)))],
            [.. specialities.SelectMany(row => row["composition"].Split('|').Select(part => part.Split(':')).Select(part => new Component(row["cis"], row["form"], part[0], part[1], part[2], part[3], part[4] == "FT", part[5])))],
            [],
            [.. specialities.SelectMany(row => row["groups"].Split('+', StringSplitOptions.RemoveEmptyEntries).Select(group => new GroupMember(group, row["cis"], "")))],
            [],
            []);
    }
}
