using Realtime.Stock;

namespace Realtime.Web.Stock;

/// <summary>
/// Levels of one product by the pharmacy's number, in as little room as there are pharmacies that speak of it. Whoever reads takes no lock: what is there is changed in place, one
/// whole entry at a time, and what needs more room is copied and handed back complete.
/// </summary>
internal abstract class LevelStore
{
    /// <summary>Bits of a level, and all of them set.</summary>
    protected const int LevelBits = 2, LevelMask = (1 << LevelBits) - 1;

    /// <summary>One that knows nothing yet.</summary>
    public static LevelStore Empty { get; } = new FewLevels([], 0);

    /// <summary>The level at a pharmacy; unknown where nothing was written.</summary>
    public abstract StockLevel At(int number);

    /// <summary>Writes the level at a pharmacy; one thread at a time.</summary>
    /// <returns>The store that holds it: this one, or a larger one in its place.</returns>
    public abstract LevelStore With(int number, StockLevel level);

    /// <summary>Marks the number of every pharmacy where there is a box; the others stay as they are. The writer's alone.</summary>
    public abstract void MarkThere(Span<bool> there);

    /// <summary>For a product that few pharmacies speak of: four bytes each, in the order in which they came, sought a vector at a time.</summary>
    /// <param name="entries">Number and level; <see cref="Free"/> where none has come yet.</param>
    /// <param name="count">How many have come.</param>
    private sealed class FewLevels(uint[] entries, int count) : LevelStore
    {
        // At that many the other store takes little more for a whole country, and this one would be slow.
        private const int Most = 1_000;
        private const uint Free = uint.MaxValue;
        private const int FirstRoom = 4;

        private int _count = count;

        public override StockLevel At(int number) => PlaceOf(number) is >= 0 and var place ? (StockLevel)(Volatile.Read(ref entries[place]) & LevelMask) : StockLevel.Unknown;

        public override LevelStore With(int number, StockLevel level)
        {
            var place = PlaceOf(number) is >= 0 and var known ? known : _count;
            if (place == entries.Length)
                return Larger().With(number, level);
            Volatile.Write(ref entries[place], ((uint)number << LevelBits) | (uint)level);
            _count = Math.Max(_count, place + 1);
            return this;
        }

        public override void MarkThere(Span<bool> there)
        {
            foreach (var entry in entries.AsSpan(0, _count))
                if (((StockLevel)(entry & LevelMask)).IsThere())
                    there[(int)(entry >> LevelBits)] = true;
        }

        private int PlaceOf(int number) => entries.AsSpan().IndexOfAnyInRange((uint)number << LevelBits, ((uint)number << LevelBits) | LevelMask);

        private LevelStore Larger()
        {
            if (_count >= Most)
                return entries.Aggregate((LevelStore)new ManyLevels([]), (store, entry) => store.With((int)(entry >> LevelBits), (StockLevel)(entry & LevelMask)));
            var larger = new uint[Math.Min(Most, Math.Max(FirstRoom, entries.Length * 3 / 2))];
            entries.CopyTo(larger, 0);
            larger.AsSpan(entries.Length).Fill(Free);
            return new FewLevels(larger, _count);
        }
    }

    /// <summary>For a product that many pharmacies speak of: two bits for every pharmacy, 5 KB for a country.</summary>
    /// <param name="levels">By number.</param>
    private sealed class ManyLevels(byte[] levels) : LevelStore
    {
        private const int PerByte = 8 / LevelBits;

        public override StockLevel At(int number)
        {
            var place = number / PerByte;
            return place < levels.Length ? (StockLevel)((Volatile.Read(ref levels[place]) >> ShiftOf(number)) & LevelMask) : StockLevel.Unknown;
        }

        public override LevelStore With(int number, StockLevel level)
        {
            var place = number / PerByte;
            if (place >= levels.Length)
                return new ManyLevels([.. levels, .. new byte[place + 1 + (place / 8) - levels.Length]]).With(number, level);
            var others = levels[place] & ~(LevelMask << ShiftOf(number));
            Volatile.Write(ref levels[place], (byte)(others | ((int)level << ShiftOf(number))));
            return this;
        }

        public override void MarkThere(Span<bool> there)
        {
            for (var number = 0; number < there.Length; number++)
                there[number] |= At(number).IsThere();
        }

        private static int ShiftOf(int number) => number % PerByte * LevelBits;
    }
}
