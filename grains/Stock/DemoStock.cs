using System.Collections.Frozen;
using Realtime.Pharmacies;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>
/// What the demo's pharmacies have on their shelves before anything is written about it: a pure function of the seed, so that twenty thousand shelves need no rows.
/// Each pharmacy and product draws for itself, so that one product can be asked about without the others.
/// </summary>
internal static class DemoStock
{
    // 17 in a hundred shelves are empty or nearly so: enough to be seen, few enough to find a box nearby.
    private const int EmptyPerMille = 90, LowPerMille = 80;
    private const int Few = 2, Least = 3, Spread = 38;

    // Ibuprofen 400 mg, by ten and by twelve: every visitor's first order.
    private static readonly FrozenSet<Cip13> AlwaysThere = new[] { Cip13.Parse("3400938358926"), Cip13.Parse("3400936251892") }.ToFrozenSet();
    private const int ThereAtLeast = 12;

    private const int MostProducts = 1 << 8;

    private static readonly FrozenDictionary<Cip13, int> Places = DemoProducts.Set.Presentations.Select((box, i) => (box.Cip13, i)).ToFrozenDictionary(p => p.Cip13, p => p.i);

    /// <summary>The products that the demo's pharmacies may have.</summary>
    public static IEnumerable<Cip13> Products => Places.Keys;

    /// <summary>Boxes of one product on the shelf of one pharmacy; null where it is no pharmacy or no product of the demo.</summary>
    /// <param name="id">The pharmacy.</param>
    /// <param name="cip13">The product.</param>
    /// <param name="seed">Seed of the country.</param>
    public static int? BoxesOf(PharmacyId id, Cip13 cip13, int seed = DemoCountry.DefaultSeed)
    {
        if (DemoCountry.IndexOf(id) is not { } index || !Places.TryGetValue(cip13, out var place))
            return null;
        var draw = DemoDraw.For(seed, DemoTopic.Stock, (index * MostProducts) + place);
        if (AlwaysThere.Contains(cip13))
            return ThereAtLeast + draw.Below(Spread);
        var chance = draw.Below(1000);
        return chance < EmptyPerMille ? 0 : chance < EmptyPerMille + LowPerMille ? 1 + draw.Below(Few) : Least + draw.Below(Spread);
    }
}
