using NodaTime;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>What the counter is told of one product on its shelves. Pure.</summary>
internal sealed class ProductFigures
{
    /// <summary>More days of stock than these, and the product is a slow mover.</summary>
    public const int SlowDays = 180;

    private const double DaysPerWeek = 7;
    private readonly LocalDate _today;
    private readonly bool _seenLongEnough;

    /// <summary>Reads the figures of a product.</summary>
    /// <param name="shelf">What is known of it.</param>
    /// <param name="seen">Over which stretch.</param>
    /// <param name="today">The pharmacy's own day.</param>
    public ProductFigures(ShelfView shelf, Observation seen, LocalDate today)
    {
        (Shelf, _today, _seenLongEnough) = (shelf, today, seen.IsWhole);
        // Weeks that are over are dropped from the shelf only when another begins to count.
        LeftByWeek = new int[seen.Weeks];
        foreach (var week in shelf.Left)
            if (week.Week >= seen.FirstWeek && week.Week < seen.FirstWeek + seen.Weeks)
                LeftByWeek[week.Week - seen.FirstWeek] += week.Boxes;
        Left = LeftByWeek.Sum();
        PerDay = seen.PerDay(Left);
        Expired = BoxesOf(lot => lot.IsExpiredOn(today));
        NextExpiry = shelf.Lots.Where(lot => lot.Boxes > 0).Min(lot => lot.Expiry);
    }

    /// <summary>What is known of it.</summary>
    public ShelfView Shelf { get; }

    /// <summary>Which product.</summary>
    public Cip13 Cip13 => Shelf.Cip13;

    /// <summary>Boxes that left in each week of the observation, the oldest first.</summary>
    public int[] LeftByWeek { get; }

    /// <summary>All of them.</summary>
    public int Left { get; }

    /// <summary>Boxes a day; null where the observation is too short.</summary>
    public double? PerDay { get; }

    /// <summary>Boxes a week; null where the observation is too short.</summary>
    public double? PerWeek => PerDay * DaysPerWeek;

    /// <summary>Boxes whose last day is over.</summary>
    public int Expired { get; }

    /// <summary>Boxes on hand that may be handed out: neither expired nor recalled.</summary>
    public int Usable => Math.Max(0, Shelf.Boxes.OnHand - Shelf.Boxes.Unsellable);

    /// <summary>What the public is told of it.</summary>
    public StockLevel Level => Shelf.Boxes.IsOld ? StockLevel.Unknown : StockLevels.Of(Shelf.Boxes.Available);

    /// <summary>The earliest last day of a box, expired ones included; null where nobody has said any.</summary>
    public LocalDate? NextExpiry { get; }

    /// <summary>Days until the shelf is empty if boxes leave as they did; null where none left or the observation is too short.</summary>
    public double? DaysOfStock => PerDay > 0 ? Usable / PerDay : null;

    /// <summary>Boxes lie there and none left in the thirteen weeks that are remembered, or there are more than <see cref="SlowDays"/> days of stock.</summary>
    public bool IsSlow => Usable > 0 && ((Left == 0 && _seenLongEnough) || DaysOfStock > SlowDays);

    /// <summary>It sells, and no box can be promised.</summary>
    public bool IsShort => Left > 0 && Level == StockLevel.OutOfStock;

    /// <summary>Boxes whose last day is one of the next, today among them; expired ones are not.</summary>
    /// <param name="days">0 or more.</param>
    public int ExpiringWithin(int days) => BoxesOf(lot => IsExpiringWithin(lot, days));

    /// <summary>Whether the last day of a lot is one of the next.</summary>
    public bool IsExpiringWithin(LotBoxes lot, int days) => !lot.IsExpiredOn(_today) && lot.Expiry <= _today.PlusDays(days);

    private int BoxesOf(Func<LotBoxes, bool> which) => Shelf.Lots.Where(which).Sum(lot => lot.Boxes);
}
