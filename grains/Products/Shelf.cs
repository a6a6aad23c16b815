namespace Realtime.Products;

/// <summary>The catalogue this node works with, and the rules. The <see cref="CatalogueFollower"/> alone swaps it, whole; readers take no lock.</summary>
/// <param name="rules">The product's rules.</param>
internal sealed class Shelf(DoseRules rules)
{
    private volatile Catalogue? _catalogue;

    /// <summary>The rules of all years.</summary>
    public DoseRules Rules => rules;

    /// <summary>The catalogue; null until it is known which one is in force, or while the one in force cannot be read.</summary>
    public Catalogue? Catalogue => _catalogue;

    /// <summary>Whether the journal was asked once which catalogue is in force, be the answer good or not: one that cannot be read must not keep a node from serving the rest.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>Notes that it was asked.</summary>
    public void Settle() => IsSettled = true;

    /// <summary>Puts another catalogue in the place of the present one.</summary>
    public void Swap(Catalogue catalogue) => _catalogue = catalogue;
}
