using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Web.Stock;

/// <summary>
/// The level of one product at every pharmacy, by the pharmacy's number in <see cref="Shelves"/>. Nobody's level is known at first. One thread writes at a time; any number read
/// meanwhile without a lock.
/// </summary>
/// <param name="product">Of which product.</param>
/// <param name="ages">Whose levels are too old to be believed.</param>
internal sealed class LevelPlane(Cip13 product, ShelfAges ages)
{
    private LevelStore _levels = LevelStore.Empty;

    /// <summary>Of which product.</summary>
    public Cip13 Product => product;

    /// <summary>The masks that follow from these levels; the writer's alone.</summary>
    public List<StockMask> Masks { get; } = [];

    /// <summary>The level at a pharmacy; unknown where it is too old to be believed.</summary>
    public StockLevel At(int number) => ages.IsStale(number) ? StockLevel.Unknown : Volatile.Read(ref _levels).At(number);

    /// <summary>Writes the level at a pharmacy; false where it was that already.</summary>
    public bool Set(int number, StockLevel level)
    {
        if (_levels.At(number) == level)
            return false;
        Volatile.Write(ref _levels, _levels.With(number, level));
        return true;
    }

    /// <summary>Marks the number of every pharmacy where there is a box, however old its levels; the writer's alone.</summary>
    public void MarkThere(Span<bool> there) => _levels.MarkThere(there);
}
