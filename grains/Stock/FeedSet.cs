using System.Buffers;
using NodaTime;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>The lines of a feed: each product once with its lots, sorted and packed.</summary>
/// <param name="Packed">See <see cref="PackedItems"/>.</param>
/// <param name="Unclear">Products of which a line was not taken: where there is no other line of one, what was known of it before stands.</param>
[GenerateSerializer, Immutable, Alias("realtime.FeedSet")]
internal sealed record FeedSet([property: Id(0)] byte[] Packed, [property: Id(1)] IReadOnlyCollection<Cip13> Unclear)
{
    /// <summary>Gathers the lines of one feed, in any order. Its room is lent: dispose of it.</summary>
    public sealed class Builder : IDisposable
    {
        // More boxes of one product are on no shelf; what is said beyond is not counted.
        private const int MostBoxes = 100_000;

        private const int LinesAtFirst = 1_024;
        // As many at once as a node reads feeds, each of the most lines that one has.
        private static readonly ArrayPool<Line> Room = ArrayPool<Line>.Create(1 << 17, 4);
        private static readonly Comparison<Line> ByProduct = (a, b) => a.Product.CompareTo(b.Product);
        private readonly HashSet<string> _lots = new(StringComparer.Ordinal);
        private readonly HashSet<Cip13> _unclear = [];
        private Line[] _lines = Room.Rent(LinesAtFirst);

        /// <summary>Lines so far.</summary>
        public int Count { get; private set; }

        /// <summary>Adds a line.</summary>
        /// <param name="cip13">Of which product.</param>
        /// <param name="quantity">Boxes on hand, 0 or more.</param>
        /// <param name="lot">Code of their lot; null where it is not said.</param>
        /// <param name="expiry">Last day on which they may be handed out, of the years 2000 to 2099; null where it is not said.</param>
        public void Add(Cip13 cip13, int quantity, string? lot, LocalDate? expiry)
        {
            if (Count == _lines.Length)
                Grow();
            _lines[Count++] = new(cip13, quantity, lot is null ? null : Once(LotBoxes.CodeOf(lot)), expiry);
        }

        /// <summary>A line of a product was not taken: where there is no other of it, nothing is known of it by this feed.</summary>
        public void Doubt(Cip13 cip13) => _unclear.Add(cip13);

        /// <summary>The feed's lines.</summary>
        public FeedSet Build()
        {
            _lines.AsSpan(0, Count).Sort(ByProduct);
            return new(PackedItems.Of(Products()).Bytes, [.. _unclear]);
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            Room.Return(_lines, clearArray: true);
            (_lines, Count) = ([], 0);
        }

        private void Grow()
        {
            var more = Room.Rent(_lines.Length * 2);
            _lines.CopyTo(more, 0);
            Room.Return(_lines, clearArray: true);
            _lines = more;
        }

        private IEnumerable<(Cip13, InventoryItem)> Products()
        {
            for (var (first, next) = (0, 0); first < Count; first = next)
            {
                while (next < Count && _lines[next].Product == _lines[first].Product)
                    next++;
                yield return (_lines[first].Product, next == first + 1 ? OfOne(_lines[first]) : OfMany(_lines.AsSpan(first, next - first)));
            }
        }

        // Boxes that expire and are of no named lot are a lot of their own.
        private static InventoryItem OfOne(Line line) => new() { OnHand = line.Boxes, Lots = line.IsOfLot ? [new LotBoxes(line.Lot ?? "", line.Expiry, line.Boxes)] : [] };

        private static InventoryItem OfMany(ReadOnlySpan<Line> lines)
        {
            var (boxes, lots) = (0, new List<LotBoxes>());
            foreach (var line in lines)
            {
                var counted = Math.Min(line.Boxes, MostBoxes - boxes);
                boxes += counted;
                if (line.IsOfLot && counted > 0)
                    lots.Add(new(line.Lot ?? "", line.Expiry, counted));
            }
            return new() { OnHand = boxes, Lots = InventoryItem.Sorted(lots) };
        }

        // The same lot comes in many lines of one delivery: its code is kept once.
        private string Once(string code)
        {
            if (_lots.TryGetValue(code, out var known))
                return known;
            _lots.Add(code);
            return code;
        }

        private readonly record struct Line(Cip13 Product, int Boxes, string? Lot, LocalDate? Expiry)
        {
            public bool IsOfLot => Boxes > 0 && (Lot is not null || Expiry is not null);
        }
    }
}
