using System.Buffers;
using System.Collections.Immutable;
using NodaTime;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>
/// Products of one pharmacy with what is known of them, in the order of their codes, in some five bytes each and a dozen more for each lot: ten thousand products with a lot
/// are 170 KB, where a tree of objects would be two megabytes. One is found by halving among places that are noted every 32 products. Immutable.
/// </summary>
internal sealed class PackedItems
{
    /// <summary>No product.</summary>
    public static readonly PackedItems None = new([]);

    private const long FirstPlace = 340_090_000_000;
    private const int CheckDigits = 10, Stride = 32;
    private const int HasReserve = 1, IsCounted = 2, HasLots = 4, HasLeft = 8;
    private static readonly LocalDate FirstDay = new(2000, 1, 1);

    private readonly byte[] _bytes;
    private readonly (long Place, int Start)[] _anchors; // the place before an entry, and where that entry begins

    private PackedItems(byte[] bytes)
    {
        _bytes = bytes;
        var anchors = new List<(long, int)>();
        var (place, at) = (0L, 0);
        for (Count = 0; at < bytes.Length; Count++)
        {
            if (Count % Stride == 0)
                anchors.Add((place, at));
            place += Packing.Take(bytes, ref at);
            Skip(ref at);
        }
        _anchors = [.. anchors];
    }

    /// <summary>How many products.</summary>
    public int Count { get; }

    /// <summary>As they are kept and sent.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Packs products.</summary>
    /// <param name="items">In ascending order of their codes, each once.</param>
    public static PackedItems Of(IEnumerable<(Cip13 Product, InventoryItem Item)> items)
    {
        using var one = Packing.Buffer();
        var body = one.Bytes;
        return Of(items.Select(item =>
        {
            body.ResetWrittenCount();
            Write(body, item.Item);
            return new PackedItem(item.Product, body.WrittenMemory);
        }));
    }

    /// <summary>Packs products that are packed each by itself: what is known of them is copied, and not read.</summary>
    /// <param name="items">In ascending order of their codes, each once.</param>
    public static PackedItems Of(IEnumerable<PackedItem> items)
    {
        using var whole = Packing.Buffer();
        var (bytes, last) = (whole.Bytes, 0L);
        foreach (var (product, body) in items)
        {
            var place = (product.Number / CheckDigits) - FirstPlace;
            bytes.Put(place - last);
            bytes.Put(body.Length);
            bytes.Write(body.Span);
            last = place;
        }
        return bytes.WrittenCount == 0 ? None : new(bytes.WrittenSpan.ToArray());
    }

    /// <summary>What <see cref="Bytes"/> gave.</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static PackedItems Read(byte[] bytes) => bytes.Length == 0 ? None : new(bytes);

    /// <summary>What is known of a product; null where nothing is.</summary>
    public InventoryItem? Find(Cip13 product)
    {
        var wanted = (product.Number / CheckDigits) - FirstPlace;
        var first = AnchorBefore(wanted);
        if (first < 0)
            return null;
        var (place, at) = _anchors[first];
        for (var i = 0; i < Stride && at < _bytes.Length; i++)
        {
            place += Packing.Take(_bytes, ref at);
            if (place == wanted)
                return Body(ref at);
            if (place > wanted)
                return null;
            Skip(ref at);
        }
        return null;
    }

    /// <summary>All of them, in order.</summary>
    public IEnumerable<(Cip13 Product, InventoryItem Item)> All() => Each().Select(one => (one.Product, one.Read()));

    /// <summary>All of them, in order, each packed by itself.</summary>
    public IEnumerable<PackedItem> Each()
    {
        var (place, at) = (0L, 0);
        while (at < _bytes.Length)
        {
            place += Packing.Take(_bytes, ref at);
            var length = (int)Packing.Take(_bytes, ref at);
            yield return new(Cip13.OfPlace(FirstPlace + place), _bytes.AsMemory(at, length));
            at += length;
        }
    }

    // The last anchor whose entry may be the wanted one or lie before it.
    private int AnchorBefore(long wanted)
    {
        var (low, high) = (0, _anchors.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_anchors[middle].Place < wanted || middle == 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low - 1;
    }

    private void Skip(ref int at)
    {
        var length = (int)Packing.Take(_bytes, ref at);
        at = length >= 0 && length <= _bytes.Length - at ? at + length : throw new FormatException("The packed stock ends in the middle of a product.");
    }

    private InventoryItem Body(ref int at)
    {
        var length = (int)Packing.Take(_bytes, ref at);
        var body = _bytes.AsSpan(at, length);
        at += length;
        return Read(body);
    }

    private static void Write(ArrayBufferWriter<byte> bytes, InventoryItem item)
    {
        bytes.Put((item.Reserve is null ? 0 : HasReserve) | (item.CountedAt is null ? 0 : IsCounted) | (item.Lots.IsEmpty ? 0 : HasLots) | (item.Left.IsEmpty ? 0 : HasLeft));
        bytes.Put(Folded(item.OnHand));
        if (item.Reserve is { } reserve)
            bytes.Put(reserve);
        if (item.CountedAt is { } counted)
            bytes.Put(counted.ToUnixTimeTicks());
        if (!item.Lots.IsEmpty)
            bytes.Put(item.Lots.Length);
        foreach (var lot in item.Lots)
        {
            bytes.Put(lot.Expiry is { } day ? 1 + Period.DaysBetween(FirstDay, day) : 0);
            bytes.Put(lot.Boxes);
            bytes.Put(lot.Code);
        }
        if (!item.Left.IsEmpty)
            bytes.Put(item.Left.Length);
        var last = 0;
        foreach (var week in item.Left)
        {
            bytes.Put(week.Week - last);
            bytes.Put(week.Boxes);
            last = week.Week;
        }
    }

    /// <summary>What is known of one product.</summary>
    internal static InventoryItem Read(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        var flags = Packing.Take(bytes, ref at);
        return new()
        {
            OnHand = Unfolded(Packing.Take(bytes, ref at)),
            Reserve = (flags & HasReserve) != 0 ? (int)Packing.Take(bytes, ref at) : null,
            CountedAt = (flags & IsCounted) != 0 ? Instant.FromUnixTimeTicks(Packing.Take(bytes, ref at)) : null,
            Lots = (flags & HasLots) != 0 ? Lots(bytes, ref at) : [],
            Left = (flags & HasLeft) != 0 ? Weeks(bytes, ref at) : [],
        };
    }

    // Numbers below nothing between those above it, so that small ones stay short.
    private static long Folded(int number) => number < 0 ? (-(long)number << 1) - 1 : (long)number << 1;

    private static int Unfolded(long folded) => (int)((folded >> 1) ^ -(folded & 1));

    /// <summary>
    /// Whether one that a feed says and one that is known are alike at first sight: the same boxes of the same lots, which nobody counted since and of which nobody chose a reserve.
    /// Else they have to be read.
    /// </summary>
    internal static bool AreAlike(ReadOnlySpan<byte> known, ReadOnlySpan<byte> said) =>
        (known[0] & ~HasLeft) == said[0] && (said[0] & ~HasLots) == 0 && ((known[0] & HasLeft) == 0 ? known[1..].SequenceEqual(said[1..]) : known[1..].StartsWith(said[1..]));

    private static ImmutableArray<LotBoxes> Lots(ReadOnlySpan<byte> bytes, ref int at)
    {
        var lots = new LotBoxes[(int)Packing.Take(bytes, ref at)];
        for (var i = 0; i < lots.Length; i++)
        {
            var (days, boxes) = ((int)Packing.Take(bytes, ref at), (int)Packing.Take(bytes, ref at));
            lots[i] = new(Packing.TakeText(bytes, ref at), days == 0 ? null : FirstDay.PlusDays(days - 1), boxes);
        }
        return [.. lots];
    }

    private static ImmutableArray<WeekBoxes> Weeks(ReadOnlySpan<byte> bytes, ref int at)
    {
        var weeks = new WeekBoxes[(int)Packing.Take(bytes, ref at)];
        var last = 0;
        for (var i = 0; i < weeks.Length; i++)
        {
            last += (int)Packing.Take(bytes, ref at);
            weeks[i] = new(last, (int)Packing.Take(bytes, ref at));
        }
        return [.. weeks];
    }
}

/// <summary>A product with what is known of it, packed.</summary>
/// <param name="Product">Which.</param>
/// <param name="Body">See <see cref="PackedItems"/>; good until the next one is asked for.</param>
internal readonly record struct PackedItem(Cip13 Product, ReadOnlyMemory<byte> Body)
{
    /// <summary>What is known of it.</summary>
    public InventoryItem Read() => PackedItems.Read(Body.Span);

    /// <summary>Whether a feed says of it what is known, as far as that is seen without reading; false where it has to be read.</summary>
    public bool IsAlike(PackedItem said) => PackedItems.AreAlike(Body.Span, said.Body.Span);
}
