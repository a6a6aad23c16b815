using System.Collections.Immutable;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>
/// All that is known of the products of one pharmacy: a packed base, and over it what has changed since, which is packed in once it has grown. Immutable; a change costs what
/// a small tree costs, and now and then the whole.
/// </summary>
internal sealed class Inventory
{
    /// <summary>Nobody has spoken of any product.</summary>
    public static readonly Inventory Empty = new(PackedItems.None, ImmutableSortedDictionary<Cip13, InventoryItem>.Empty);

    // Changes that are kept beside the base before they are packed in.
    private const int LeastChanges = 64, Share = 16;

    private readonly PackedItems _base;
    private readonly ImmutableSortedDictionary<Cip13, InventoryItem> _changes;

    private Inventory(PackedItems packed, ImmutableSortedDictionary<Cip13, InventoryItem> changes) => (_base, _changes) = (packed, changes);

    /// <summary>Products, some of them perhaps counted twice: good enough to weigh it.</summary>
    public int Weight => _base.Count + _changes.Count;

    /// <summary>What is known of a product; null where nobody has spoken of it.</summary>
    public InventoryItem? Find(Cip13 product) => _changes.TryGetValue(product, out var changed) ? changed : _base.Find(product)?.Read();

    /// <summary>The same where it is packed, of which nothing is made; null where nobody has spoken of it, or it has changed lately.</summary>
    public PackedItem? FindPacked(Cip13 product) => _changes.ContainsKey(product) ? null : _base.Find(product);

    /// <summary>With something else known of a product.</summary>
    public Inventory With(Cip13 product, InventoryItem item)
    {
        var changes = _changes.SetItem(product, item);
        return changes.Count <= Math.Max(LeastChanges, _base.Count / Share) ? new(_base, changes) : new Inventory(_base, changes).Packed();
    }

    /// <summary>With something else known of many products.</summary>
    /// <param name="items">In ascending order of their codes, each once.</param>
    public Inventory With(IEnumerable<PackedItem> items) => new(PackedItems.Of(Merged(Each(), items)), _changes.Clear());

    /// <summary>All products, in the order of their codes.</summary>
    public IEnumerable<(Cip13 Product, InventoryItem Item)> All() => Each().Select(one => (one.Product, one.Read()));

    /// <summary>The same, each packed by itself: most of them are only compared, or copied.</summary>
    public IEnumerable<PackedItem> Each() => _changes.IsEmpty ? _base.Each() : Merged(_base.Each(), PackedItems.Of(_changes.Select(pair => (pair.Key, pair.Value))).Each());

    /// <summary>As it is kept.</summary>
    public byte[] Write() => Packed()._base.Bytes;

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static Inventory Read(byte[] bytes) => new(PackedItems.Read(bytes), Empty._changes);

    private Inventory Packed() => _changes.IsEmpty ? this : new(PackedItems.Of(Each()), _changes.Clear());

    // Of two that speak of one product the second is right.
    private static IEnumerable<PackedItem> Merged(IEnumerable<PackedItem> first, IEnumerable<PackedItem> second)
    {
        using var old = first.GetEnumerator();
        var more = old.MoveNext();
        foreach (var changed in second)
        {
            for (; more && old.Current.Product.CompareTo(changed.Product) < 0; more = old.MoveNext())
                yield return old.Current;
            if (more && old.Current.Product == changed.Product)
                more = old.MoveNext();
            yield return changed;
        }
        for (; more; more = old.MoveNext())
            yield return old.Current;
    }
}
