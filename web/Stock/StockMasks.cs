using System.Collections.Concurrent;
using Realtime.Nearest;
using Realtime.Products;

namespace Realtime.Web.Stock;

/// <summary>
/// The masks of one index that were asked for last; when the index is replaced they go with it. Finding takes no lock and allocates nothing; one thread adds at a time.
/// </summary>
internal sealed class StockMasks(AvailabilityIndex index)
{
    /// <summary>Masks kept: of a country each takes 3 KB, and a few hundred products are what most people ask for.</summary>
    public const int Most = 256;

    private readonly ConcurrentDictionary<Question, StockMask> _masks = new();
    private long _uses;

    /// <summary>The index whose masks these are.</summary>
    public AvailabilityIndex Index => index;

    /// <summary>Every mask that is kept.</summary>
    public IEnumerable<StockMask> All => _masks.Select(kept => kept.Value);

    /// <summary>The masks of all the products; false where one is not kept or a place was added since it was written.</summary>
    public bool TryFind(ReadOnlySpan<Cip13> products, string? catalogue, Span<StockMask> found)
    {
        var places = index.Count;
        for (var i = 0; i < products.Length; i++)
        {
            if (Find(products[i], catalogue) is not { } mask || mask.Covered < places)
                return false;
            found[i] = mask;
        }
        return true;
    }

    /// <summary>The mask of a product, or null where it is not kept.</summary>
    public StockMask? Find(Cip13 product, string? catalogue)
    {
        if (!_masks.TryGetValue(new(product, catalogue), out var mask))
            return null;
        mask.Used = Interlocked.Increment(ref _uses);
        return mask;
    }

    /// <summary>Keeps a mask, and forgets the one that was not asked for longest where there are too many.</summary>
    public void Add(Cip13 product, string? catalogue, StockMask mask)
    {
        if (_masks.Count == Most && _masks.TryRemove(_masks.MinBy(kept => kept.Value.Used).Key, out var oldest))
            Unfollow(oldest);
        mask.Used = Interlocked.Increment(ref _uses);
        foreach (var plane in mask.Planes)
            plane.Masks.Add(mask);
        _masks[new(product, catalogue)] = mask;
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear()
    {
        foreach (var mask in _masks.Values)
            Unfollow(mask);
        _masks.Clear();
    }

    private static void Unfollow(StockMask mask)
    {
        foreach (var plane in mask.Planes)
            plane.Masks.Remove(mask);
    }

    /// <summary>A product, and the catalogue that says what would do for it; null where the product alone will do.</summary>
    private readonly record struct Question(Cip13 Product, string? Catalogue);
}
