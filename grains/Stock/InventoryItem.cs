using System.Collections.Immutable;
using NodaTime;

namespace Realtime.Stock;

/// <summary>What is known of one product on the shelves of one pharmacy, apart from what orders hold of it. Immutable.</summary>
internal sealed record InventoryItem
{
    /// <summary>Nothing there, and nobody has spoken of it.</summary>
    public static readonly InventoryItem Nothing = new();

    /// <summary>Boxes there, held ones included; below nothing where more were handed over than somebody had counted.</summary>
    public int OnHand { get; init; }

    /// <summary>Boxes never promised; null where the pharmacy's usual number holds.</summary>
    public int? Reserve { get; init; }

    /// <summary>When somebody counted by hand; null where a feed has spoken since.</summary>
    public Instant? CountedAt { get; init; }

    /// <summary>The lots that are known, the first expired first; together at most <see cref="OnHand"/>: of the other boxes nobody has said the lot.</summary>
    public ImmutableArray<LotBoxes> Lots { get; init; } = [];

    /// <summary>Boxes that left, by week, the oldest first; at most <see cref="WeekBoxes.Kept"/> weeks.</summary>
    public ImmutableArray<WeekBoxes> Left { get; init; } = [];

    /// <summary>Whether it is as a feed said it, and nobody has counted since.</summary>
    public bool IsFed => CountedAt is null;

    /// <summary>Boxes whose lot nobody has said.</summary>
    public int WithoutLot => Math.Max(0, OnHand - Lots.Sum(lot => lot.Boxes));

    /// <summary>Whether the same boxes of the same lots are there.</summary>
    public bool HasSameBoxes(InventoryItem other) => OnHand == other.OnHand && Lots.AsSpan().SequenceEqual(other.Lots.AsSpan());

    /// <summary>Somebody counted. Where there are fewer boxes than the lots had, those that expire first are gone.</summary>
    public InventoryItem Counted(int boxes, Instant at) => this with { OnHand = boxes, CountedAt = at, Lots = Fitting(Lots, boxes) };

    /// <summary>Boxes leave: those of the lots that were seen, else those that expire first and may still be handed out; then those whose lot nobody knows.</summary>
    /// <param name="boxes">How many.</param>
    /// <param name="seen">Codes of the lots that were scanned, one for each box of a known lot.</param>
    /// <param name="barred">Lots that nobody hands out, as expired or recalled ones.</param>
    /// <param name="taken">Receives the lots that they were of, as far as that is known.</param>
    public InventoryItem Without(int boxes, IReadOnlyList<string> seen, Func<LotBoxes, bool> barred, out ImmutableArray<LotBoxes> taken)
    {
        var lots = Lots.ToArray();
        var gone = new int[lots.Length];
        var left = boxes;
        foreach (var code in seen.Take(boxes))
        {
            if (Array.FindIndex(lots, lot => lot.Code == code) is var place and >= 0 && gone[place] < lots[place].Boxes)
                gone[place]++;
            left--;
        }
        for (var i = 0; i < lots.Length && left > 0; i++)
            if (!barred(lots[i]) && Math.Min(left, lots[i].Boxes - gone[i]) is var some and > 0)
            {
                gone[i] += some;
                left -= some;
            }
        taken = [.. lots.Select((lot, i) => lot with { Boxes = gone[i] }).Where(lot => lot.Boxes > 0)];
        var stay = lots.Select((lot, i) => lot with { Boxes = lot.Boxes - gone[i] }).Where(lot => lot.Boxes > 0).ToImmutableArray();
        return this with { OnHand = OnHand - boxes, Lots = Fitting(stay, OnHand - boxes) };
    }

    /// <summary>Boxes come back, of the lots that they were taken from.</summary>
    public InventoryItem With(int boxes, ImmutableArray<LotBoxes> lots) => this with { OnHand = OnHand + boxes, Lots = Fitting(Sorted(Lots.Concat(lots)), OnHand + boxes) };

    /// <summary>With boxes that left in a week, or, below nothing, that came back.</summary>
    public InventoryItem Leaving(int boxes, int week)
    {
        if (boxes == 0)
            return this;
        var (kept, sum) = (ImmutableArray.CreateBuilder<WeekBoxes>(Left.Length + 1), boxes);
        foreach (var one in Left)
            if (one.Week == week)
                sum += one.Boxes;
            else if (one.Week > week - WeekBoxes.Kept)
                kept.Add(one);
        var place = kept.Count;
        while (place > 0 && kept[place - 1].Week > week)
            place--;
        if (sum > 0)
            kept.Insert(place, new(week, sum));
        return this with { Left = kept.DrainToImmutable() };
    }

    /// <summary>Lots in the order in which they are handed out, each code and day once.</summary>
    public static ImmutableArray<LotBoxes> Sorted(IEnumerable<LotBoxes> lots)
    {
        var sorted = lots.GroupBy(lot => (lot.Code, lot.Expiry)).Select(group => group.First() with { Boxes = group.Sum(lot => lot.Boxes) }).Where(lot => lot.Boxes > 0).ToArray();
        Array.Sort(sorted, LotBoxes.FirstExpired);
        return [.. sorted];
    }

    // A shelf has no more boxes in lots than it has boxes.
    private static ImmutableArray<LotBoxes> Fitting(ImmutableArray<LotBoxes> lots, int boxes)
    {
        var over = lots.Sum(lot => lot.Boxes) - Math.Max(0, boxes);
        if (over <= 0)
            return lots;
        var stay = ImmutableArray.CreateBuilder<LotBoxes>(lots.Length);
        foreach (var lot in lots)
        {
            var gone = Math.Min(over, lot.Boxes);
            over -= gone;
            if (gone < lot.Boxes)
                stay.Add(lot with { Boxes = lot.Boxes - gone });
        }
        return stay.ToImmutable();
    }
}
