using NodaTime;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Tests.Stock;

/// <summary>What the counter is told of its shelves.</summary>
public sealed class StockFiguresTests
{
    // A Saturday, ten in the morning in Paris.
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 28, 9, 0);
    private static readonly LocalDate Today = new(2026, 11, 28);
    private static readonly int ThisWeek = WeekBoxes.WeekOf(Now);

    [Fact]
    public void Boxes_are_seen_leaving_from_the_first_word_of_them_for_at_most_thirteen_weeks()
    {
        var quarter = Observation.Of(Now - Duration.FromDays(400), Now);
        Assert.Equal((89, 13, true, true), (quarter.Days, quarter.Weeks, quarter.IsWhole, quarter.IsEnough));
        Assert.Equal(Instant.FromUtc(2026, 8, 31, 0, 0), quarter.From);
        var tenDays = Observation.Of(Now - Duration.FromDays(10), Now);
        Assert.Equal((10, 2, false, false), (tenDays.Days, tenDays.Weeks, tenDays.IsWhole, tenDays.IsEnough));
        Assert.Equal((0, 1, false, false), Observation.Of(null, Now) is var never ? (never.Days, never.Weeks, never.IsWhole, never.IsEnough) : default);
        Assert.Equal((0, 1), Observation.Of(Now + Duration.FromHours(1), Now) is var ahead ? (ahead.Days, ahead.Weeks) : default);
    }

    [Fact]
    public void A_mean_needs_fourteen_days()
    {
        var shelf = Shelf(1, 10, left: [(ThisWeek, 7)]);
        var early = Of(shelf, days: 13.9);
        Assert.Equal((null, null, null), (early.PerDay, early.PerWeek, early.DaysOfStock));
        var later = Of(shelf, days: 14);
        Assert.Equal((0.5, 3.5, 20.0), (later.PerDay, later.PerWeek, later.DaysOfStock));
    }

    [Fact]
    public void Days_of_stock_are_the_boxes_that_may_be_handed_out_over_those_that_leave_a_day()
    {
        var one = Of(Shelf(1, 30, unsellable: 10, lots: [("OLD", Today.PlusDays(-1), 10)], left: [(ThisWeek - 3, 12), (ThisWeek, 16)]), days: 28);
        Assert.Equal((28, 20, 10), (one.Left, one.Usable, one.Expired));
        Assert.Equal(20.0, one.DaysOfStock!.Value, 9);
        Assert.Null(Of(Shelf(1, 30), days: 28).DaysOfStock);
        Assert.Equal(0.0, Of(Shelf(1, 0, left: [(ThisWeek, 3)]), days: 28).DaysOfStock);
    }

    [Fact]
    public void What_left_before_the_thirteen_weeks_no_longer_counts()
    {
        var one = Of(Shelf(1, 30, left: [(ThisWeek - 13, 100), (ThisWeek - 12, 5), (ThisWeek - 1, 2)]), days: 400);
        Assert.Equal(7, one.Left);
        Assert.Equal([5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0], one.LeftByWeek);
    }

    [Fact]
    public void A_slow_mover_did_not_move_for_thirteen_weeks_or_has_more_than_180_days_of_stock()
    {
        Assert.True(Of(Shelf(1, 1), days: 400).IsSlow);
        Assert.False(Of(Shelf(1, 1), days: 60).IsSlow);
        Assert.False(Of(Shelf(1, 0), days: 400).IsSlow);
        Assert.False(Of(Shelf(1, 3, unsellable: 3), days: 400).IsSlow);
        Assert.False(Of(Shelf(1, 180, left: [(ThisWeek, 28)]), days: 28).IsSlow);
        Assert.True(Of(Shelf(1, 181, left: [(ThisWeek, 28)]), days: 28).IsSlow);
        Assert.False(Of(Shelf(1, 181, left: [(ThisWeek, 10)]), days: 10).IsSlow);
    }

    [Fact]
    public void Short_is_what_sells_and_cannot_be_promised()
    {
        Assert.True(Of(Shelf(1, 0, left: [(ThisWeek, 1)]), days: 28).IsShort);
        Assert.False(Of(Shelf(1, 0), days: 28).IsShort);
        Assert.False(Of(Shelf(1, 2, left: [(ThisWeek, 1)]), days: 28).IsShort);
        Assert.False(Of(Shelf(1, 0, isOld: true, left: [(ThisWeek, 1)]), days: 28).IsShort);
        Assert.Equal(StockLevel.Unknown, Of(Shelf(1, 5, isOld: true), days: 28).Level);
    }

    [Fact]
    public void The_last_day_of_a_lot_is_a_day_on_which_it_may_be_handed_out()
    {
        var one = Of(Shelf(1, 31, lots: [("A", Today.PlusDays(-1), 1), ("B", Today, 2), ("C", Today.PlusDays(30), 4), ("D", Today.PlusDays(31), 8), ("E", null, 16)]), days: 28);
        Assert.Equal((1, 6, 14, 14), (one.Expired, one.ExpiringWithin(30), one.ExpiringWithin(60), one.ExpiringWithin(90)));
        Assert.Equal((0, 2), (one.ExpiringWithin(-1), one.ExpiringWithin(0)));
        Assert.Equal(Today.PlusDays(-1), one.NextExpiry);
    }

    [Fact]
    public void The_whole_shelf_rotates_by_its_boxes_and_by_their_worth()
    {
        var seen = Observation.Of(Now - Duration.FromDays(28), Now);
        // Twenty cheap boxes of which one leaves a day, ten dear ones of which a quarter does, and one without a price that does not move.
        ProductFigures[] products =
        [
            new(Shelf(1, 20, left: [(ThisWeek - 1, 28)], lots: [("A", Today.PlusDays(40), 20)]), seen, Today),
            new(Shelf(2, 10, left: [(ThisWeek, 7)], lots: [("B", Today.PlusDays(10), 4), ("C", Today.PlusDays(80), 6)]), seen, Today),
            new(Shelf(3, 5, lots: [("D", Today.PlusDays(-5), 2)], unsellable: 2), seen, Today),
            new(Shelf(4, 0, left: [(ThisWeek, 1)]), seen, Today),
        ];
        var figures = StockFigures.Of(products, seen, Today, cip13 => cip13 == Code(1) ? 200 : cip13 == Code(2) ? 4000 : null);

        Assert.Equal((3, 35, 20 * 200 + (10L * 4000), 32), (figures.Products, figures.Boxes, figures.ValueCents, figures.DatedBoxes));
        Assert.Equal(33 / (36.0 / 28), figures.Rotation.Days!.Value, 9);
        Assert.Equal(((20 * 200) + (10 * 4000)) / (((28 * 200) + (7 * 4000)) / 28.0), figures.Rotation.DaysByValue!.Value, 9);
        Assert.Equal(30, figures.Rotation.PricedBoxes);
        Assert.Equal([0, 0, 0, 28, 8], figures.LeftByWeek);
        Assert.Equal(new(2, 1, 1, 0), figures.Expired);
        Assert.Equal([new(4, 1, 1, 16_000), new(24, 2, 2, 20_000), new(30, 3, 2, 44_000)], figures.Expiring);
        Assert.Equal((0, 0), figures.Slow);
        Assert.Equal(1, figures.Short);
    }

    [Fact]
    public void Of_a_pharmacy_that_was_fed_for_ten_days_no_mean_is_told()
    {
        var seen = Observation.Of(Now - Duration.FromDays(10), Now);
        var figures = StockFigures.Of([new(Shelf(1, 20, left: [(ThisWeek, 3)]), seen, Today)], seen, Today, _ => 100);
        Assert.Equal((null, null, null), (figures.Rotation.Days, figures.Rotation.DaysByValue, figures.Slow));
        Assert.Equal([0, 3], figures.LeftByWeek);
        var none = StockFigures.Of([], Observation.Of(null, Now), Today, _ => null);
        Assert.Equal((0, 0, null), (none.Products, none.Boxes, none.Rotation.Days));
    }

    [Theory]
    [InlineData("Name", false, "1 2 3 4")]
    [InlineData("Name", true, "4 3 2 1")]
    [InlineData("Quantity", false, "4 2 3 1")]
    [InlineData("Quantity", true, "1 3 2 4")]
    [InlineData("DaysOfStock", false, "4 2 1 3")]
    [InlineData("DaysOfStock", true, "1 2 4 3")]
    [InlineData("Expiry", false, "3 1 2 4")]
    [InlineData("Expiry", true, "1 3 4 2")]
    public void A_list_is_in_order_and_what_is_not_known_comes_last(string sort, bool descending, string expected)
    {
        var (page, more) = StockList.Page(Four(), Enum.Parse<StockSort>(sort), descending, null, 10);
        Assert.Equal(expected, string.Join(' ', page.Select(one => one.Place.Name)));
        Assert.False(more);
    }

    [Fact]
    public void Pages_hold_each_product_once_in_every_order()
    {
        var random = new Random(Campaign.Seed);
        var products = Enumerable.Range(0, 200).Select(i => (Of(Shelf(i, random.Next(5), lots: random.Next(2) == 0 ? [] : [("A", Today.PlusDays(random.Next(5)), 1)], left: [(ThisWeek, random.Next(3))]), days: 28), $"name {random.Next(20)}")).ToList();
        foreach (var sort in Enum.GetValues<StockSort>())
            foreach (var descending in new[] { false, true })
            {
                var (seen, after, more) = (new List<Cip13>(), (StockPlace?)null, true);
                while (more)
                {
                    (var page, more) = StockList.Page(products, sort, descending, after, 7);
                    seen.AddRange(page.Select(one => one.Product.Cip13));
                    after = page[^1].Place;
                }
                Assert.True(seen.Count == 200 && seen.Distinct().Count() == 200, $"seed {Campaign.Seed}, {sort} {descending}: {seen.Count} listed, {seen.Distinct().Count()} distinct");
            }
    }

    [Fact]
    public void A_filter_lets_through_what_it_says()
    {
        var dated = Of(Shelf(1, 9, unsellable: 1, lots: [("A", Today.PlusDays(-1), 1), ("B", Today.PlusDays(50), 3), ("C", Today.PlusDays(91), 5)], left: [(ThisWeek, 9)]), days: 28);
        Assert.Equal([StockFilter.All, StockFilter.Expired, StockFilter.Expiring60, StockFilter.Expiring90], Enum.GetValues<StockFilter>().Where(filter => filter.Lets(dated)));
        Assert.Equal([StockFilter.All, StockFilter.Slow], Enum.GetValues<StockFilter>().Where(filter => filter.Lets(Of(Shelf(1, 9), days: 400))));
        Assert.Equal([StockFilter.All, StockFilter.Short], Enum.GetValues<StockFilter>().Where(filter => filter.Lets(Of(Shelf(1, 0, left: [(ThisWeek, 9)]), days: 28))));
    }

    // Boxes: 9, 4, 4 and 0; the third never moved; the second and the fourth say no last day.
    private static List<(ProductFigures, string)> Four() =>
    [
        (Of(Shelf(3, 4, lots: [("C", Today, 1)]), days: 28), "3"),
        (Of(Shelf(1, 9, lots: [("A", Today.PlusDays(9), 1)], left: [(ThisWeek, 1)]), days: 28), "1"),
        (Of(Shelf(4, 0, left: [(ThisWeek, 1)]), days: 28), "4"),
        (Of(Shelf(2, 4, left: [(ThisWeek, 1)]), days: 28), "2"),
    ];

    private static ProductFigures Of(ShelfView shelf, double days) => new(shelf, Observation.Of(Now - Duration.FromDays(days), Now), Today);

    private static Cip13 Code(int product) => Cip13.OfPlace(340_090_000_000 + product);

    private static ShelfView Shelf(int product, int onHand, int unsellable = 0, bool isOld = false, (string Code, LocalDate? Expiry, int Boxes)[]? lots = null, (int Week, int Boxes)[]? left = null) => new(
        Code(product), new(Code(product), onHand, 0, 0, 0, isOld ? 0 : onHand - unsellable) { Unsellable = unsellable, IsOld = isOld },
        [.. (lots ?? []).Select(lot => new LotBoxes(lot.Code, lot.Expiry, lot.Boxes))], [.. (left ?? []).Select(week => new WeekBoxes(week.Week, week.Boxes))]);
}
