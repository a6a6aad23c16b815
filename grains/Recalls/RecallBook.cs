using System.Collections.Immutable;
using Realtime.Products;

namespace Realtime.Recalls;

/// <summary>Every recall there has been. Immutable: where anything changes there is another book.</summary>
internal sealed class RecallBook
{
    /// <summary>Before the first one.</summary>
    public static readonly RecallBook Empty = new([], ImmutableDictionary.Create<string, Recall>(StringComparer.Ordinal), ImmutableDictionary<Cip13, ImmutableArray<Recall>>.Empty);

    // When a recall was declared never changes, nor does its id: it keeps its place.
    private static readonly Comparer<Recall> NewestFirst = Comparer<Recall>.Create((one, other) =>
        other.DeclaredAt.CompareTo(one.DeclaredAt) is var byTime and not 0 ? byTime : string.CompareOrdinal(other.Id, one.Id));

    private readonly ImmutableArray<Recall> _all;
    private readonly ImmutableDictionary<string, Recall> _byId;
    private readonly ImmutableDictionary<Cip13, ImmutableArray<Recall>> _byProduct;

    private RecallBook(ImmutableArray<Recall> all, ImmutableDictionary<string, Recall> byId, ImmutableDictionary<Cip13, ImmutableArray<Recall>> byProduct) =>
        (_all, _byId, _byProduct) = (all, byId, byProduct);

    /// <summary>All of them, withdrawn ones included, the newest first.</summary>
    public IReadOnlyList<Recall> All => _all;

    /// <summary>Those of a product, withdrawn ones included, the newest first.</summary>
    public IReadOnlyList<Recall> Of(Cip13 cip13) => _byProduct.GetValueOrDefault(cip13, []);

    /// <summary>The recall of this id; null where there is none.</summary>
    public Recall? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Whether boxes of this lot are not to be given to anybody.</summary>
    public bool IsRecalled(Cip13 cip13, string lot) => Of(cip13).Any(recall => recall.IsActive && recall.Names(lot));

    /// <summary>With one more, or with what a known one has become; the same book where it knows that, or more, already.</summary>
    public RecallBook With(Recall recall)
    {
        if (Find(recall.Id) is { } known && known.Seq >= recall.Seq)
            return this;
        return new(Placed(_all, recall), _byId.SetItem(recall.Id, recall), _byProduct.SetItem(recall.Cip13, Placed(_byProduct.GetValueOrDefault(recall.Cip13, []), recall)));
    }

    private static ImmutableArray<Recall> Placed(ImmutableArray<Recall> among, Recall recall)
    {
        var place = among.BinarySearch(recall, NewestFirst);
        return place >= 0 ? among.SetItem(place, recall) : among.Insert(~place, recall);
    }
}
