using Realtime.Products;

namespace Realtime.Stock;

/// <summary>By what a list of products is in order.</summary>
internal enum StockSort
{
    /// <summary>By name.</summary>
    Name,

    /// <summary>By boxes on hand.</summary>
    Quantity,

    /// <summary>By days of stock.</summary>
    DaysOfStock,

    /// <summary>By the earliest last day of a box.</summary>
    Expiry,
}

/// <summary>Which products a list holds.</summary>
internal enum StockFilter
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those that hardly move.</summary>
    Slow,

    /// <summary>Those that sell and of which no box can be promised.</summary>
    Short,

    /// <summary>Those with boxes whose last day is over.</summary>
    Expired,

    /// <summary>Those with boxes whose last day is one of the next thirty.</summary>
    Expiring30,

    /// <summary>The next sixty.</summary>
    Expiring60,

    /// <summary>The next ninety.</summary>
    Expiring90,
}

/// <summary>Where a product stands in a list; a page begins after such a place, so that what is sold meanwhile neither repeats nor hides another.</summary>
/// <param name="Key">What the list is in order of; null, and last, where that is not known or it is the name.</param>
/// <param name="Name">Its name.</param>
/// <param name="Cip13">Which product.</param>
internal readonly record struct StockPlace(long? Key, string Name, Cip13 Cip13)
{
    // So many places to a day of stock.
    private const double Fineness = 1000;

    /// <summary>The place of a product.</summary>
    public static StockPlace Of(ProductFigures product, string name, StockSort sort) => new(
        sort switch
        {
            StockSort.Quantity => product.Shelf.Boxes.OnHand,
            StockSort.DaysOfStock => product.DaysOfStock is { } days ? (long)Math.Round(days * Fineness) : null,
            StockSort.Expiry => product.NextExpiry is { } day ? NodaTime.Period.DaysBetween(Epoch, day) : null,
            _ => null,
        },
        name, product.Cip13);

    private static NodaTime.LocalDate Epoch => new(1970, 1, 1);

    /// <summary>Which of two comes first.</summary>
    /// <param name="other">The other.</param>
    /// <param name="descending">Whether the greatest comes first; what is not known comes last in either order.</param>
    public int CompareTo(StockPlace other, bool descending)
    {
        if (Key is null != other.Key is null)
            return Key is null ? 1 : -1;
        var order = Nullable.Compare(Key, other.Key);
        order = order != 0 ? order : string.Compare(Name, other.Name, StringComparison.OrdinalIgnoreCase);
        order = order != 0 ? order : Cip13.CompareTo(other.Cip13);
        return descending ? -order : order;
    }
}

/// <summary>The list of a pharmacy's products as the counter asks for it. Pure.</summary>
internal static class StockList
{
    /// <summary>The products that a filter lets through.</summary>
    public static bool Lets(this StockFilter filter, ProductFigures product) => filter switch
    {
        StockFilter.Slow => product.IsSlow,
        StockFilter.Short => product.IsShort,
        StockFilter.Expired => product.Expired > 0,
        StockFilter.Expiring30 => product.ExpiringWithin(30) > 0,
        StockFilter.Expiring60 => product.ExpiringWithin(60) > 0,
        StockFilter.Expiring90 => product.ExpiringWithin(90) > 0,
        _ => true,
    };

    /// <summary>One page of a list, and how many products the whole has.</summary>
    /// <param name="products">What the list holds, each with its name, in any order.</param>
    /// <param name="sort">By what it is in order.</param>
    /// <param name="descending">Whether the greatest comes first.</param>
    /// <param name="after">The last place of the page before; null for the first.</param>
    /// <param name="limit">At most so many, 1 or more.</param>
    public static (IReadOnlyList<(StockPlace Place, ProductFigures Product)> Page, bool More) Page(
        IEnumerable<(ProductFigures Product, string Name)> products, StockSort sort, bool descending, StockPlace? after, int limit)
    {
        var places = products.Select(one => (Place: StockPlace.Of(one.Product, one.Name, sort), one.Product))
            .Where(one => after is not { } last || one.Place.CompareTo(last, descending) > 0).ToList();
        places.Sort((a, b) => a.Place.CompareTo(b.Place, descending));
        return ([.. places.Take(limit)], places.Count > limit);
    }
}
