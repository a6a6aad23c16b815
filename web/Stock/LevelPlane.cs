using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Web.Stock;

/// <summary>
/// The level of one product at every pharmacy, by the pharmacy's number in <see cref="Shelves"/>, two bits each: 5 KB for a country. Nobody's level is known at first.
/// One thread writes at a time; any number read meanwhile without a lock.
/// </summary>
internal sealed class LevelPlane(Cip13 product)
{
    private const int LevelBits = 2, PerByte = 8 / LevelBits, LevelMask = (1 << LevelBits) - 1;

    private byte[] _levels = [];

    /// <summary>Of which product.</summary>
    public Cip13 Product => product;

    /// <summary>The masks that follow from these levels; the writer's alone.</summary>
    public List<StockMask> Masks { get; } = [];

    /// <summary>The level at a pharmacy.</summary>
    public StockLevel At(int number)
    {
        var levels = Volatile.Read(ref _levels);
        var place = number / PerByte;
        return place < levels.Length ? (StockLevel)((Volatile.Read(ref levels[place]) >> ShiftOf(number)) & LevelMask) : StockLevel.Unknown;
    }

    /// <summary>Writes the level at a pharmacy; false where it was that already.</summary>
    public bool Set(int number, StockLevel level)
    {
        if (At(number) == level)
            return false;
        var place = number / PerByte;
        // The larger copy is complete before a reader gets hold of it.
        if (place >= _levels.Length)
            Volatile.Write(ref _levels, [.. _levels, .. new byte[place + 1 + (place / 8) - _levels.Length]]);
        var others = _levels[place] & ~(LevelMask << ShiftOf(number));
        Volatile.Write(ref _levels[place], (byte)(others | ((int)level << ShiftOf(number))));
        return true;
    }

    private static int ShiftOf(int number) => number % PerByte * LevelBits;
}
