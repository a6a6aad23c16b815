using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Web.Stock;

/// <summary>
/// What one pharmacy has of what was asked for. Each level is read once, so that what is judged is what is shown: the masks may be a moment older.
/// </summary>
internal static class StockRead
{
    /// <summary>Reads the levels of the products, then of what would do for those that are not there.</summary>
    /// <param name="asked">The products' masks.</param>
    /// <param name="number">The pharmacy's number.</param>
    /// <param name="levels">Receives the levels in place of what it holds; each product comes once.</param>
    /// <returns>Whether the pharmacy has all of them, or what would do.</returns>
    public static bool TryRead(ReadOnlySpan<StockMask> asked, int number, List<(Cip13 Product, StockLevel Level)> levels)
    {
        levels.Clear();
        foreach (var mask in asked)
            levels.Add((mask.Planes[0].Product, mask.Planes[0].At(number)));
        for (var i = 0; i < asked.Length; i++)
            if (!levels[i].Level.IsThere() && !AnyOther(asked[i].Planes[1..], number, levels))
                return false;
        return true;
    }

    private static bool AnyOther(ReadOnlySpan<LevelPlane> others, int number, List<(Cip13 Product, StockLevel Level)> levels)
    {
        var any = false;
        foreach (var plane in others)
        {
            var place = levels.FindIndex(one => one.Product == plane.Product);
            var level = place < 0 ? plane.At(number) : levels[place].Level;
            any |= level.IsThere();
            if (place < 0 && level.IsThere())
                levels.Add((plane.Product, level));
        }
        return any;
    }
}
