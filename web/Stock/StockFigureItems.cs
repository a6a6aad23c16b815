using NodaTime;
using NodaTime.Text;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Edge;

namespace Realtime.Web.Stock;

/// <summary>Boxes of one lot.</summary>
/// <param name="Code">The lot, as the box says it, in capitals.</param>
/// <param name="Expiry">The last day on which they may be handed out; null where nobody has said.</param>
/// <param name="Boxes">How many.</param>
/// <param name="Expired">Whether that day is over.</param>
public sealed record LotItem(string Code, string? Expiry, int Boxes, bool Expired);

/// <summary>One product on the shelves.</summary>
/// <param name="Cip13">Which.</param>
/// <param name="Name">Its name; its code where the catalogue no longer has it.</param>
/// <param name="Label">What the box holds; null where the catalogue no longer has it.</param>
/// <param name="Quantity">Boxes on hand, held ones included.</param>
/// <param name="Held">Held for open orders.</param>
/// <param name="Available">What can be promised.</param>
/// <param name="Unsellable">Boxes that nobody may be given: expired or recalled.</param>
/// <param name="Level">As the public is told.</param>
/// <param name="DaysOfStock">Days until the shelf is empty if boxes leave as they did, to a tenth; null where none left, or boxes were seen for fewer than 14 days.</param>
/// <param name="PerWeek">Boxes a week, to a tenth; null where boxes were seen for fewer than 14 days.</param>
/// <param name="Left">Boxes that left in each week since they are seen, at most 13 weeks, the oldest first; the last is the present week.</param>
/// <param name="Slow">Whether it hardly moves: none left in 13 weeks, or more than 180 days of stock.</param>
/// <param name="Lots">Its lots, the first expired first.</param>
public sealed record ShelfItem(
    string Cip13, string Name, string? Label, int Quantity, int Held, int Available, int Unsellable, string Level, double? DaysOfStock, double? PerWeek, IReadOnlyList<int> Left, bool Slow, IReadOnlyList<LotItem> Lots)
{
    internal static ShelfItem Of(ProductFigures one, Catalogue catalogue, LocalDate today)
    {
        var boxes = one.Shelf.Boxes;
        var product = catalogue.TryFind(one.Cip13, out var found) ? found : null;
        return new(one.Cip13.ToString(), product?.Name ?? one.Cip13.ToString(), product?.Label, boxes.OnHand, boxes.Held, boxes.Available, boxes.Unsellable, LevelWords.Of(one.Level),
            Figure.Tenths(one.DaysOfStock), Figure.Tenths(one.PerWeek), one.LeftByWeek, one.IsSlow,
            [.. one.Shelf.Lots.Select(lot => new LotItem(lot.Code, lot.Expiry is { } day ? LocalDatePattern.Iso.Format(day) : null, lot.Boxes, lot.IsExpiredOn(today)))]);
    }
}

/// <summary>A page of the shelves.</summary>
/// <param name="Total">Products that the filter and the question let through.</param>
/// <param name="Items">Some of them.</param>
/// <param name="Cursor">Give it back for the next page; null where there is none.</param>
public sealed record ShelvesAnswer(int Total, IReadOnlyList<ShelfItem> Items, string? Cursor);

/// <summary>Boxes that left in a week.</summary>
/// <param name="From">Its Monday, an ISO day; weeks begin at 0:00 UTC.</param>
/// <param name="Boxes">How many.</param>
public sealed record WeekItem(string From, int Boxes);

/// <summary>How long boxes lie on the shelves.</summary>
/// <param name="Days">Boxes that may be handed out, divided by those that leave a day; null where none left, or boxes were seen for fewer than 14 days.</param>
/// <param name="DaysByValue">The same, each box weighed by its regulated price.</param>
/// <param name="PricedBoxes">Boxes with such a price.</param>
/// <param name="TradeMeanDays">What the trade usually has, about.</param>
public sealed record RotationItem(double? Days, double? DaysByValue, int PricedBoxes, int TradeMeanDays);

/// <summary>Products that hardly move.</summary>
/// <param name="Products">How many.</param>
/// <param name="Boxes">Their boxes.</param>
public sealed record SlowItem(int Products, int Boxes);

/// <summary>Boxes that expire.</summary>
/// <param name="Days">Within so many days, today among them; 0 for those whose last day is over.</param>
/// <param name="Boxes">Boxes, those of the shorter stretches included.</param>
/// <param name="Lots">Their lots.</param>
/// <param name="Products">Their products.</param>
/// <param name="ValueCents">Euro cents at the public's regulated price; what has none counts nothing.</param>
public sealed record ExpiringItem(int Days, int Boxes, int Lots, int Products, long ValueCents);

/// <summary>The feed by which the stock is known.</summary>
/// <param name="Seq">The last that was taken.</param>
/// <param name="TakenAt">When its boxes were counted.</param>
/// <param name="FreshUntil">From when on it is too old to promise anything by; null where that is not foreseen.</param>
/// <param name="Fresh">Whether it is believed now.</param>
public sealed record FedItem(long Seq, string? TakenAt, string? FreshUntil, bool Fresh);

/// <summary>A counter's shelves in figures.</summary>
/// <param name="ObservedSince">Since when boxes that leave are looked at: 13 weeks ago, or when somebody first spoke of the stock; null where nobody has.</param>
/// <param name="ObservedDays">Whole days since then; with fewer than 14, no mean is told.</param>
/// <param name="Fed">The feed; null where stock is counted by hand alone.</param>
/// <param name="Products">Products of which there is a box.</param>
/// <param name="Boxes">Boxes on hand.</param>
/// <param name="ValueCents">What those with a regulated price are worth to the public.</param>
/// <param name="DatedBoxes">Boxes whose last day is known.</param>
/// <param name="Rotation">How long boxes lie there.</param>
/// <param name="Weeks">Boxes that left by week, the oldest first; the last is the present week.</param>
/// <param name="Slow">Products that hardly move; null where boxes were seen for fewer than 14 days.</param>
/// <param name="OutOfStock">Products that sell and of which no box can be promised.</param>
/// <param name="Expired">Boxes whose last day is over.</param>
/// <param name="Expiring">Boxes that expire within 30, 60 and 90 days.</param>
public sealed record StockFiguresItem(
    string? ObservedSince, int ObservedDays, FedItem? Fed, int Products, int Boxes, long ValueCents, int DatedBoxes, RotationItem Rotation, IReadOnlyList<WeekItem> Weeks, SlowItem? Slow, int OutOfStock,
    ExpiringItem Expired, IReadOnlyList<ExpiringItem> Expiring)
{
    internal static StockFiguresItem Of(StockFigures figures, FeedStanding fed, DateTimeZone zone)
    {
        var seen = figures.Seen;
        string? InZone(Instant? at) => at is { } known && known < Instant.MaxValue ? Moments.In(zone, known) : null;
        return new(
            seen.From < seen.Until ? InZone(seen.From) : null, seen.Days, fed.Seq > 0 ? new(fed.Seq, InZone(fed.TakenAt), InZone(fed.FreshUntil), fed.IsFresh) : null,
            figures.Products, figures.Boxes, figures.ValueCents, figures.DatedBoxes,
            new(Figure.Tenths(figures.Rotation.Days), Figure.Tenths(figures.Rotation.DaysByValue), figures.Rotation.PricedBoxes, Realtime.Stock.Rotation.TradeMeanDays),
            [.. figures.LeftByWeek.Select((boxes, week) => new WeekItem(LocalDatePattern.Iso.Format(Observation.StartOf(seen.FirstWeek + week).InUtc().Date), boxes))],
            figures.Slow is { } slow ? new(slow.Products, slow.Boxes) : null, figures.Short,
            Told(0, figures.Expired), [.. figures.Expiring.Select((boxes, i) => Told(StockFigures.Horizons[i], boxes))]);
    }

    private static ExpiringItem Told(int days, ExpiringBoxes boxes) => new(days, boxes.Boxes, boxes.Lots, boxes.Products, boxes.ValueCents);
}

/// <summary>Figures as people read them.</summary>
internal static class Figure
{
    /// <summary>To a tenth; null stays null.</summary>
    public static double? Tenths(double? figure) => figure is { } known ? Math.Round(known, 1, MidpointRounding.AwayFromZero) : null;
}
