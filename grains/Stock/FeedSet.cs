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
        private readonly HashSet<Cip13> _unclear = [];
        private readonly Packing.Lent _bodies = Packing.Buffer();
        private Line[] _lines = Room.Rent(LinesAtFirst);

        /// <summary>Lines so far.</summary>
        public int Count { get; private set; }

        /// <summary>Adds a line. It is packed at once, so that nothing is left of it but some bytes.</summary>
        /// <param name="cip13">Of which product.</param>
        /// <param name="quantity">Boxes on hand, 0 to 100,000.</param>
        /// <param name="lot">Code of their lot; empty where it is not said.</param>
        /// <param name="expiry">Last day on which they may be handed out, of the years 2000 to 2099; null where it is not said.</param>
        public void Add(Cip13 cip13, int quantity, ReadOnlySpan<char> lot, LocalDate? expiry)
        {
            if (Count == _lines.Length)
                Grow();
            Span<char> code = stackalloc char[lot.Length];
            var (bodies, start) = (_bodies.Bytes, _bodies.Bytes.WrittenCount);
            // Boxes that expire and are of no named lot are a lot of their own.
            PackedItems.Write(bodies, quantity, LotBoxes.CodeOf(lot, code), expiry);
            _lines[Count++] = new(cip13, start, bodies.WrittenCount - start);
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
            // What is given back twice would be lent to two.
            if (_lines.Length == 0)
                return;
            Room.Return(_lines);
            _bodies.Dispose();
            (_lines, Count) = ([], 0);
        }

        private void Grow()
        {
            var more = Room.Rent(_lines.Length * 2);
            _lines.CopyTo(more, 0);
            Room.Return(_lines);
            _lines = more;
        }

        private IEnumerable<PackedItem> Products()
        {
            using var room = Packing.Buffer();
            for (var (first, next) = (0, 0); first < Count; first = next)
            {
                while (next < Count && _lines[next].Product == _lines[first].Product)
                    next++;
                yield return next == first + 1 ? ItemOf(_lines[first]) : PackedItem.Of(_lines[first].Product, Together(first, next), room.Bytes);
            }
        }

        private InventoryItem Together(int first, int next)
        {
            var (boxes, lots) = (0, new List<LotBoxes>());
            for (var i = first; i < next; i++)
            {
                var line = ItemOf(_lines[i]).Read();
                var counted = Math.Min(line.OnHand, MostBoxes - boxes);
                boxes += counted;
                if (counted > 0)
                    lots.AddRange(line.Lots.Select(lot => lot with { Boxes = counted }));
            }
            return new() { OnHand = boxes, Lots = InventoryItem.Sorted(lots) };
        }

        private PackedItem ItemOf(Line line) => new(line.Product, _bodies.Bytes.WrittenMemory.Slice(line.Start, line.Length));

        private readonly record struct Line(Cip13 Product, int Start, int Length);
    }
}
