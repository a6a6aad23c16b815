using System.Buffers;
using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>
/// Levels by product, four bytes each, in ascending order. A pharmacy of twenty thousand products takes no large object, and nothing is hashed where all are only gone through.
/// </summary>
internal sealed class PackedLevels : IReadOnlyDictionary<Cip13, StockLevel>
{
    // Codes share their first five digits, and the last one follows from the others.
    private const long First = 3_400_900_000_000, Places = 10_000_000;
    private const int CheckDigits = 10;
    private const int LevelBits = 2, LevelMask = (1 << LevelBits) - 1;
    private const int More = 0x80;

    // The place, with the level in the two lowest bits.
    private readonly int[] _entries;

    private PackedLevels(int[] entries) => _entries = entries;

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public IEnumerable<Cip13> Keys => _entries.Select(ProductOf);

    /// <inheritdoc/>
    public IEnumerable<StockLevel> Values => _entries.Select(LevelOf);

    /// <inheritdoc/>
    public StockLevel this[Cip13 key] => TryGetValue(key, out var level) ? level : throw new KeyNotFoundException($"The level of {key} is not known.");

    /// <summary>Packs levels: each as the distance to the one before with the level in the two lowest bits, seven bits to a byte.</summary>
    /// <param name="levels">By product, in ascending order, each once.</param>
    /// <param name="bytes">Receives them.</param>
    public static void Pack(IEnumerable<(Cip13 Product, StockLevel Level)> levels, ArrayBufferWriter<byte> bytes)
    {
        var last = 0L;
        foreach (var (product, level) in levels)
        {
            var place = PlaceOf(product);
            bytes.Put(((place - last) << LevelBits) | (byte)level);
            last = place;
        }
    }

    /// <summary>Reads what <see cref="Pack"/> packed.</summary>
    /// <exception cref="FormatException">It did not pack that.</exception>
    public static PackedLevels Unpack(ReadOnlySpan<byte> bytes)
    {
        var entries = new int[NumbersIn(bytes)];
        var (at, place) = (0, 0L);
        for (var i = 0; i < entries.Length; i++)
        {
            var number = Packing.Take(bytes, ref at);
            place += number >> LevelBits;
            if (place is < 0 or >= Places || (i > 0 && number <= LevelMask))
                throw new FormatException("The packed levels are not those of products in ascending order.");
            entries[i] = ((int)place << LevelBits) | (int)(number & LevelMask);
        }
        return at == bytes.Length ? new(entries) : throw new FormatException("The packed levels end in the middle of one.");
    }

    /// <summary>Whether what <see cref="Pack"/> packed speaks of a product; it is read only as far as that, and into nothing.</summary>
    /// <exception cref="FormatException">It did not pack that.</exception>
    public static bool SpeaksOf(ReadOnlySpan<byte> bytes, Cip13 product)
    {
        var (sought, at, place) = (PlaceOf(product), 0, 0L);
        while (at < bytes.Length)
        {
            place += Packing.Take(bytes, ref at) >> LevelBits;
            if (place >= sought)
                return place == sought;
        }
        return false;
    }

    /// <inheritdoc/>
    public bool ContainsKey(Cip13 key) => TryGetValue(key, out _);

    /// <inheritdoc/>
    public bool TryGetValue(Cip13 key, [MaybeNullWhen(false)] out StockLevel value)
    {
        var sought = (int)PlaceOf(key) << LevelBits;
        var at = _entries.AsSpan().BinarySearch(sought);
        at = at < 0 ? ~at : at;
        var isKnown = at < _entries.Length && (_entries[at] & ~LevelMask) == sought;
        value = isKnown ? LevelOf(_entries[at]) : StockLevel.Unknown;
        return isKnown;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<Cip13, StockLevel>> GetEnumerator() => _entries.Select(entry => KeyValuePair.Create(ProductOf(entry), LevelOf(entry))).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static long PlaceOf(Cip13 product) => (product.Number - First) / CheckDigits;

    private static Cip13 ProductOf(int entry) => Cip13.OfPlace((First / CheckDigits) + (entry >> LevelBits));

    private static StockLevel LevelOf(int entry) => (StockLevel)(entry & LevelMask);

    private static int NumbersIn(ReadOnlySpan<byte> bytes)
    {
        var numbers = 0;
        foreach (var one in bytes)
            numbers += one < More ? 1 : 0;
        return numbers;
    }
}
