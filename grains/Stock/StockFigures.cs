using NodaTime;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>Boxes that expire: how many, of how many lots and products, and what they are worth.</summary>
/// <param name="Boxes">Boxes.</param>
/// <param name="Lots">Lots.</param>
/// <param name="Products">Products.</param>
/// <param name="ValueCents">Euro cents at the public's price; boxes without a regulated price count nothing.</param>
internal readonly record struct ExpiringBoxes(int Boxes, int Lots, int Products, long ValueCents);

/// <summary>How long boxes lie there.</summary>
/// <param name="Days">Boxes that may be handed out, divided by those that leave a day; null where none left or the observation is too short.</param>
/// <param name="DaysByValue">The same of the products with a regulated price, each box weighed by it.</param>
/// <param name="PricedBoxes">Boxes that the second speaks of.</param>
internal readonly record struct Rotation(double? Days, double? DaysByValue, int PricedBoxes)
{
    /// <summary>What the trade usually has, about: the mean of officines, as the request for these figures states it (November 2026).</summary>
    public const int TradeMeanDays = 40;
}

/// <summary>What the counter is told of all its shelves together. Pure.</summary>
internal sealed record StockFigures
{
    /// <summary>Days ahead for which expiring boxes are told.</summary>
    public static readonly int[] Horizons = [30, 60, 90];

    /// <summary>Over which stretch.</summary>
    public required Observation Seen { get; init; }

    /// <summary>Products of which there is a box.</summary>
    public required int Products { get; init; }

    /// <summary>Boxes on hand.</summary>
    public required int Boxes { get; init; }

    /// <summary>What those with a regulated price are worth to the public, euro cents.</summary>
    public required long ValueCents { get; init; }

    /// <summary>Boxes whose last day is known.</summary>
    public required int DatedBoxes { get; init; }

    /// <summary>How long boxes lie there.</summary>
    public required Rotation Rotation { get; init; }

    /// <summary>Boxes that left in each week of the observation, the oldest first.</summary>
    public required int[] LeftByWeek { get; init; }

    /// <summary>Products that hardly move, and their boxes; null where the observation is too short.</summary>
    public required (int Products, int Boxes)? Slow { get; init; }

    /// <summary>Products that sell and of which no box can be promised.</summary>
    public required int Short { get; init; }

    /// <summary>Boxes whose last day is over.</summary>
    public required ExpiringBoxes Expired { get; init; }

    /// <summary>Boxes whose last day is one of the next 30, 60 and 90, each with those before.</summary>
    public required ExpiringBoxes[] Expiring { get; init; }

    /// <summary>The figures of a pharmacy's products.</summary>
    /// <param name="products">All of them.</param>
    /// <param name="seen">Over which stretch.</param>
    /// <param name="today">The pharmacy's own day.</param>
    /// <param name="priceOf">Euro cents of a box; null where its price is free or not known.</param>
    public static StockFigures Of(IReadOnlyList<ProductFigures> products, Observation seen, LocalDate today, Func<Cip13, int?> priceOf) => new()
    {
        Seen = seen,
        Products = products.Count(one => one.Shelf.Boxes.OnHand > 0),
        Boxes = Total(products.Select(one => one.Shelf.Boxes.OnHand)),
        ValueCents = products.Sum(one => (long)one.Shelf.Boxes.OnHand * (priceOf(one.Cip13) ?? 0)),
        DatedBoxes = Total(products.SelectMany(one => one.Shelf.Lots.Where(lot => lot.Expiry is not null).Select(lot => lot.Boxes))),
        Rotation = RotationOf(products, seen, priceOf),
        LeftByWeek = [.. Enumerable.Range(0, seen.Weeks).Select(week => Total(products.Select(one => one.LeftByWeek[week])))],
        Slow = seen.IsEnough ? (products.Count(one => one.IsSlow), Total(products.Where(one => one.IsSlow).Select(one => one.Usable))) : null,
        Short = products.Count(one => one.IsShort),
        Expired = Expiry(products, (_, lot) => lot.IsExpiredOn(today), priceOf),
        Expiring = [.. Horizons.Select(days => Expiry(products, (one, lot) => one.IsExpiringWithin(lot, days), priceOf))],
    };

    private static Rotation RotationOf(IReadOnlyList<ProductFigures> products, Observation seen, Func<Cip13, int?> priceOf)
    {
        var priced = products.Select(one => (one.Usable, one.Left, Price: priceOf(one.Cip13))).Where(one => one.Price is not null).ToList();
        return new(
            Days(products.Sum(one => (long)one.Usable), products.Sum(one => (long)one.Left), seen),
            Days(priced.Sum(one => (long)one.Usable * one.Price!.Value), priced.Sum(one => (long)one.Left * one.Price!.Value), seen),
            Total(priced.Select(one => one.Usable)));
    }

    // However much somebody says there is, a sum is a number.
    private static int Total(IEnumerable<int> boxes) => (int)Math.Min(int.MaxValue, boxes.Sum(some => (long)some));

    private static double? Days(long there, long left, Observation seen) => seen.PerDay(left) is > 0 and var perDay ? there / perDay : null;

    private static ExpiringBoxes Expiry(IReadOnlyList<ProductFigures> products, Func<ProductFigures, LotBoxes, bool> which, Func<Cip13, int?> priceOf)
    {
        var found = products.SelectMany(one => one.Shelf.Lots.Where(lot => lot.Boxes > 0 && which(one, lot)), (one, lot) => (one.Cip13, lot.Boxes)).ToList();
        return new(Total(found.Select(one => one.Boxes)), found.Count, found.Select(one => one.Cip13).Distinct().Count(), found.Sum(one => (long)one.Boxes * (priceOf(one.Cip13) ?? 0)));
    }
}
