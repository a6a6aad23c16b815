using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
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
        using var room = Packing.Buffer();
        return Of(items.Select(item => PackedItem.Of(item.Product, item.Item, room.Bytes)));
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
    public PackedItem? Find(Cip13 product)
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
                return new(product, Body(ref at));
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
            yield return new(Cip13.OfPlace(FirstPlace + place), Body(ref at));
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

    private ReadOnlyMemory<byte> Body(ref int at)
    {
        var length = (int)Packing.Take(_bytes, ref at);
        at += length;
        return _bytes.AsMemory(at - length, length);
    }

    /// <summary>Writes what is known of one product.</summary>
    internal static void Write(ArrayBufferWriter<byte> bytes, InventoryItem item)
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
            WriteLot(bytes, lot.Code, lot.Expiry, lot.Boxes);
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

    /// <summary>Writes boxes that a feed names, as <see cref="InventoryItem"/> with at most one lot is written.</summary>
    /// <param name="bytes">Receives them.</param>
    /// <param name="boxes">How many, 0 or more.</param>
    /// <param name="lot">Code of their lot, as <see cref="LotBoxes.CodeOf(string)"/> writes it; empty where nobody has said it.</param>
    /// <param name="expiry">The last day on which they may be handed out; null where nobody has said.</param>
    internal static void Write(ArrayBufferWriter<byte> bytes, int boxes, ReadOnlySpan<char> lot, LocalDate? expiry)
    {
        var isOfLot = boxes > 0 && (!lot.IsEmpty || expiry is not null);
        bytes.Put(isOfLot ? HasLots : 0);
        bytes.Put(Folded(boxes));
        if (!isOfLot)
            return;
        bytes.Put(1);
        WriteLot(bytes, lot, expiry, boxes);
    }

    /// <summary>What is known of one product.</summary>
    internal static InventoryItem Read(ReadOnlySpan<byte> bytes)
    {
        var (boxes, at) = Boxes(bytes);
        return new()
        {
            OnHand = boxes.OnHand,
            Reserve = boxes.Reserve,
            CountedAt = boxes.CountedAt,
            Lots = (bytes[0] & HasLots) != 0 ? Lots(bytes, ref at) : [],
            Left = (bytes[0] & HasLeft) != 0 ? Weeks(bytes, ref at) : [],
        };
    }

    /// <summary>The same, without lots and weeks, of which nothing is made.</summary>
    /// <returns>That, and where the lots begin.</returns>
    internal static (PackedBoxes Boxes, int At) Boxes(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        var flags = Packing.Take(bytes, ref at);
        var boxes = new PackedBoxes(
            Unfolded(Packing.Take(bytes, ref at)),
            (flags & HasReserve) != 0 ? (int)Packing.Take(bytes, ref at) : null,
            (flags & IsCounted) != 0 ? Instant.FromUnixTimeTicks(Packing.Take(bytes, ref at)) : null);
        return (boxes, at);
    }

    /// <summary>The boxes of lots whose last day is over on a day, and the first of the days that are some lot's last and are not over.</summary>
    internal static (int Expired, LocalDate? Next) Expiring(ReadOnlySpan<byte> bytes, LocalDate on)
    {
        if ((bytes[0] & HasLots) == 0)
            return default;
        var (today, at) = (NumberOf(on), Boxes(bytes).At);
        var (expired, next) = (0, 0);
        for (var lots = Packing.Take(bytes, ref at); lots > 0; lots--)
        {
            var (day, boxes) = ((int)Packing.Take(bytes, ref at), (int)Packing.Take(bytes, ref at));
            Packing.SkipText(bytes, ref at);
            if (day > 0 && day < today)
                expired += boxes;
            else if (day > 0 && (next == 0 || day < next))
                next = day;
        }
        return (expired, DayOf(next));
    }

    private static void WriteLot(ArrayBufferWriter<byte> bytes, ReadOnlySpan<char> code, LocalDate? expiry, int boxes)
    {
        bytes.Put(expiry is { } day ? NumberOf(day) : 0);
        bytes.Put(boxes);
        bytes.Put(code);
    }

    private static int NumberOf(LocalDate day) => 1 + Period.DaysBetween(FirstDay, day);

    private static LocalDate? DayOf(int number) => number == 0 ? null : FirstDay.PlusDays(number - 1);

    // Numbers below nothing between those above it, so that small ones stay short.
    private static long Folded(int number) => number < 0 ? (-(long)number << 1) - 1 : (long)number << 1;

    private static int Unfolded(long folded) => (int)((folded >> 1) ^ -(folded & 1));

    /// <summary>Whether nobody has counted it since a feed spoke of it, nor chosen a reserve.</summary>
    internal static bool IsFedAlone(ReadOnlySpan<byte> body) => (body[0] & ~(HasLots | HasLeft)) == 0;

    /// <summary>Whether the same boxes of the same lots are in two of which <see cref="IsFedAlone"/> holds; the second names no weeks.</summary>
    internal static bool HaveSameBoxes(ReadOnlySpan<byte> known, ReadOnlySpan<byte> said) =>
        (known[0] & ~HasLeft) == said[0] && ((known[0] & HasLeft) == 0 ? known[1..].SequenceEqual(said[1..]) : known[1..].StartsWith(said[1..]));

    private static ImmutableArray<LotBoxes> Lots(ReadOnlySpan<byte> bytes, ref int at)
    {
        var lots = new LotBoxes[(int)Packing.Take(bytes, ref at)];
        for (var i = 0; i < lots.Length; i++)
        {
            var (day, boxes) = ((int)Packing.Take(bytes, ref at), (int)Packing.Take(bytes, ref at));
            lots[i] = new(Packing.TakeText(bytes, ref at), DayOf(day), boxes);
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(lots);
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
        return ImmutableCollectionsMarshal.AsImmutableArray(weeks);
    }
}

/// <summary>A product with what is known of it, packed.</summary>
/// <param name="Product">Which.</param>
/// <param name="Body">See <see cref="PackedItems"/>; good until the next one is asked for.</param>
internal readonly record struct PackedItem(Cip13 Product, ReadOnlyMemory<byte> Body)
{
    /// <summary>Packs what is known of a product into room that is used again for the next.</summary>
    public static PackedItem Of(Cip13 product, InventoryItem item, ArrayBufferWriter<byte> room)
    {
        room.ResetWrittenCount();
        PackedItems.Write(room, item);
        return new(product, room.WrittenMemory);
    }

    /// <summary>What is known of it.</summary>
    public InventoryItem Read() => PackedItems.Read(Body.Span);

    /// <summary>Its boxes.</summary>
    public PackedBoxes Boxes => PackedItems.Boxes(Body.Span).Boxes;

    /// <summary>Boxes of lots whose last day is over on a day.</summary>
    public int ExpiredOn(LocalDate day) => PackedItems.Expiring(Body.Span, day).Expired;

    /// <summary>The first of the days that are some lot's last and are not over on a day; null where there is none.</summary>
    public LocalDate? FirstExpiry(LocalDate day) => PackedItems.Expiring(Body.Span, day).Next;

    /// <summary>Whether it is as a feed said it: nobody has counted since, nor chosen a reserve.</summary>
    public bool IsFedAlone => PackedItems.IsFedAlone(Body.Span);

    /// <summary>Whether a feed says of one of which <see cref="IsFedAlone"/> holds what is known.</summary>
    public bool HasSameBoxes(PackedItem said) => PackedItems.HaveSameBoxes(Body.Span, said.Body.Span);
}

/// <summary>Boxes of one product, as <see cref="InventoryItem"/> says them, without their lots.</summary>
/// <param name="OnHand">Boxes there.</param>
/// <param name="Reserve">Boxes never promised; null where the usual number holds.</param>
/// <param name="CountedAt">When somebody counted by hand; null where a feed has spoken since.</param>
internal readonly record struct PackedBoxes(int OnHand, int? Reserve, Instant? CountedAt);
