using NodaTime;
using Realtime.Orders;
using Realtime.Products;
using Realtime.Recalls;
using Realtime.Stock;

namespace Realtime.Tests.Stock;

/// <summary>Lots that nobody is given: expired ones, and recalled ones.</summary>
public sealed class LotRulesTests
{
    private static readonly LocalDate Monday = new(2026, 11, 23);
    private static readonly Recall Bad = new("01M83T5FZ08PAQ1Y7TZFQ2RE5J", "MED 26/A011", Orders.Counter.Ibuprofen, ["BAD"], "ANSM", Orders.Counter.MondayTen) { Seq = 1 };

    // ---- Expiry ----

    [Fact]
    public void A_lot_is_promised_through_its_last_day_and_not_after_it()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 3, "A", Monday), (Orders.Counter.Ibuprofen, 2, "B", Monday.PlusDays(1)), (Orders.Counter.Ibuprofen, 4, "OLD", Monday.PlusDays(-1)));
        Assert.Equal((9, 4, 4), Boxes(counter));
        // Midnight in Paris is eleven in the evening by the world's clock.
        counter.Now = Instant.FromUtc(2026, 11, 23, 22, 59, 59);
        counter.Turn();
        Assert.Equal((9, 4, 4), Boxes(counter));

        counter.Now = Instant.FromUtc(2026, 11, 23, 23, 0);
        counter.Turn();
        Assert.Equal((9, 7, 1), Boxes(counter));

        counter.Now = Instant.FromUtc(2026, 11, 24, 23, 0);
        counter.Turn();
        Assert.Equal((9, 9, 0), Boxes(counter));
        Assert.Null(counter.State.NextExpiry);
    }

    [Fact]
    public void Boxes_held_of_a_lot_that_expires_are_a_shortage()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 3, "A", Monday));
        counter.Place(2);
        counter.Now = Instant.FromUtc(2026, 11, 24, 8, 0);
        var before = counter.State;

        counter.Turn();

        Assert.True(counter.State.CountOf(Orders.Counter.Ibuprofen)!.Value.IsShort);
        Assert.Equal([new StockShortage(Orders.Counter.Ibuprofen, 2, 0)], OrderFacts.Complete(new DayTurned(Monday.PlusDays(1)), before, counter.State).Short!);
    }

    [Fact]
    public void The_first_to_expire_that_may_be_handed_out_leaves_first_and_comes_back_where_it_was()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 1, "OLD", Monday.PlusDays(-1)), (Orders.Counter.Ibuprofen, 2, "A", Monday.PlusDays(9)), (Orders.Counter.Ibuprofen, 2, "B", Monday.PlusDays(20)), (Orders.Counter.Ibuprofen, 2, null, null));
        var before = counter.State.ItemOf(Orders.Counter.Ibuprofen)!;
        var id = counter.PlaceUpTo(OrderState.Collected, 3);

        Assert.Equal([new("OLD", Monday.PlusDays(-1), 1), new("B", Monday.PlusDays(20), 1)], counter.State.ItemOf(Orders.Counter.Ibuprofen)!.Lots);

        counter.Do(OrderQueue.Undo(counter.State, id, false, Orders.Counter.Preparer, counter.Page, OrderRules.Default, counter.Now));
        Assert.True(before.HasSameBoxes(counter.State.ItemOf(Orders.Counter.Ibuprofen)!));
        Assert.Empty(counter.State.ItemOf(Orders.Counter.Ibuprofen)!.Left);
    }

    [Fact]
    public void Boxes_that_were_scanned_leave_their_own_lot_and_the_order_knows_it()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 2, "A", Monday.PlusDays(9)), (Orders.Counter.Ibuprofen, 3, "B", Monday.PlusDays(20)));
        var id = counter.PlaceUpTo(OrderState.Accepted, 2);
        counter.Do(OrderQueue.Ready(counter.State, id, Scanned("B", "B"), Orders.Counter.Pharmacist, counter.Page, counter.Now));
        counter.Do(OrderQueue.Collect(counter.State, id, true, BoxCheck.None, Orders.Counter.Preparer, counter.Page, counter.Now));

        Assert.Equal([new("A", Monday.PlusDays(9), 2), new("B", Monday.PlusDays(20), 1)], counter.State.ItemOf(Orders.Counter.Ibuprofen)!.Lots);
        Assert.Equal(["B", "B"], counter[id].Scans!.Select(scan => scan.Lot));
    }

    [Fact]
    public void A_box_that_was_not_ordered_or_is_past_its_last_day_is_refused_by_name()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 5, "A", Monday.PlusDays(9)));
        var id = counter.PlaceUpTo(OrderState.Accepted, 1);

        Assert.Equal(OrderRefusalKind.ScanMismatch, Ready(counter, id, Scanned("A", "A")));
        Assert.Equal(OrderRefusalKind.ScanMismatch, Ready(counter, id, new([new(Orders.Counter.Spedifen, "A", null, null)], false)));
        Assert.Equal(OrderRefusalKind.LotExpired, Ready(counter, id, new([new(Orders.Counter.Ibuprofen, "A", Monday.PlusDays(-1), null)], false)));
        Assert.Null(Ready(counter, id, new([new(Orders.Counter.Ibuprofen, "A", Monday, null)], false)));
    }

    [Fact]
    public void Lots_are_looked_at_anew_where_midnight_came_before_the_feed()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 5, "A", Monday), (Orders.Counter.Ibuprofen, 5, "B", Monday.PlusDays(1)));
        counter.Now = Instant.FromUtc(2026, 11, 23, 23, 0);
        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 5, "A", Monday), (Orders.Counter.Ibuprofen, 5, "B", Monday.PlusDays(1))));
        Assert.Equal(Monday.PlusDays(1), counter.State.NextExpiry);
    }

    // ---- Recalls ----

    [Fact]
    public void A_box_that_says_it_is_recalled_is_refused_where_nobody_has_told_any_lot()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 9, null, null));
        var (early, book) = (counter.PlaceUpTo(OrderState.Accepted), RecallBook.Empty.With(Bad));
        counter.Recall(book);
        var late = counter.PlaceUpTo(OrderState.Accepted);

        Assert.True(counter[early].Recalled);
        Assert.Equal(OrderRefusalKind.LotRecalled, Ready(counter, early, BoxCheck.None));
        Assert.Equal(OrderRefusalKind.LotRecalled, OrderQueue.Ready(counter.State, late, Scanned("BAD"), Orders.Counter.Pharmacist, counter.Page with { Recalls = book }, counter.Now).Refusal!.Kind);
        Assert.Null(Ready(counter, late, BoxCheck.None));
    }

    [Fact]
    public void What_was_scanned_when_it_was_bagged_need_not_be_scanned_again_when_it_is_handed_over()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 4, "BAD", null), (Orders.Counter.Ibuprofen, 9, "GOOD", null));
        var id = counter.PlaceUpTo(OrderState.Accepted);
        counter.Recall(RecallBook.Empty.With(Bad));
        counter.Do(OrderQueue.Ready(counter.State, id, Scanned("GOOD"), Orders.Counter.Pharmacist, counter.Page, counter.Now));
        Assert.Null(Collect(counter, id, BoxCheck.None));
    }

    [Fact]
    public void A_recalled_lot_is_barred_and_the_others_are_promised()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 4, "BAD", Monday.PlusDays(90)), (Orders.Counter.Ibuprofen, 3, "GOOD", Monday.PlusDays(90)));

        var recalled = (LotsRecalled)Assert.Single(counter.Recall(RecallBook.Empty.With(Bad)));

        Assert.Equal(("01M83T5FZ08PAQ1Y7TZFQ2RE5J", 4), (recalled.Recall, recalled.Boxes));
        Assert.Equal((7, 4, 2), Boxes(counter));
        Assert.Empty(counter.Recall(RecallBook.Empty.With(Bad)));
    }

    [Fact]
    public void A_pharmacy_without_the_lot_writes_nothing_until_a_feed_brings_it()
    {
        var (counter, book) = (Fed((Orders.Counter.Ibuprofen, 4, "GOOD", null)), RecallBook.Empty.With(Bad));
        Assert.Empty(counter.Recall(book));

        counter.Take(counter.Fed(FeedKind.Delta, null, (Orders.Counter.Ibuprofen, 4, "GOOD", null), (Orders.Counter.Ibuprofen, 2, "BAD", null)), book);

        Assert.Equal((6, 2, 3), Boxes(counter));
    }

    [Fact]
    public void An_order_of_the_product_is_not_ready_before_somebody_has_looked()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 4, "BAD", null), (Orders.Counter.Ibuprofen, 9, "GOOD", null));
        var (early, other) = (counter.PlaceUpTo(OrderState.Accepted, 2), counter.PlaceUpTo(OrderState.Accepted, 1));
        counter.Recall(RecallBook.Empty.With(Bad));
        var late = counter.PlaceUpTo(OrderState.Accepted, 1);

        Assert.True(counter[early].Recalled);
        Assert.False(counter[late].Recalled);
        Assert.Equal(OrderRefusalKind.LotRecalled, Ready(counter, early, BoxCheck.None));
        Assert.Equal(OrderRefusalKind.LotRecalled, Ready(counter, early, Scanned("GOOD")));
        Assert.Equal(OrderRefusalKind.LotRecalled, Ready(counter, early, Scanned("GOOD", "BAD") with { RecallChecked = true }));
        Assert.Equal(OrderRefusalKind.LotRecalled, Ready(counter, late, BoxCheck.None));
        Assert.Null(Ready(counter, early, Scanned("GOOD", "GOOD")));
        Assert.Null(Ready(counter, other, new([], RecallChecked: true)));
    }

    [Fact]
    public void An_order_in_its_bag_is_not_handed_over_before_somebody_has_looked_unless_its_boxes_are_known()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 4, "BAD", null), (Orders.Counter.Ibuprofen, 9, "GOOD", null));
        var (unknown, good, bad) = (counter.PlaceUpTo(OrderState.Ready), counter.PlaceUpTo(OrderState.Accepted), counter.PlaceUpTo(OrderState.Accepted));
        counter.Do(OrderQueue.Ready(counter.State, good, Scanned("GOOD"), Orders.Counter.Pharmacist, counter.Page, counter.Now));
        counter.Do(OrderQueue.Ready(counter.State, bad, Scanned("BAD"), Orders.Counter.Pharmacist, counter.Page, counter.Now));

        var recalled = (LotsRecalled)Assert.Single(counter.Recall(RecallBook.Empty.With(Bad)));

        Assert.Equal(new[] { unknown, bad }.Order(), recalled.Orders);
        Assert.Equal(OrderRefusalKind.LotRecalled, Collect(counter, unknown, BoxCheck.None));
        Assert.Null(Collect(counter, unknown, new([], RecallChecked: true)));
    }

    [Fact]
    public void Without_the_recall_the_same_order_is_ready()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 4, "BAD", null));
        var id = counter.PlaceUpTo(OrderState.Accepted, 2);
        counter.Recall(RecallBook.Empty.With(Bad with { Lots = ["OTHER"] }));
        Assert.Null(Ready(counter, id, BoxCheck.None));
    }

    [Fact]
    public void A_recall_that_is_withdrawn_bars_nothing_any_more()
    {
        var counter = Fed((Orders.Counter.Ibuprofen, 4, "BAD", null));
        var id = counter.PlaceUpTo(OrderState.Accepted, 2);
        counter.Recall(RecallBook.Empty.With(Bad));

        var lifted = (RecallLifted)Assert.Single(counter.Recall(RecallBook.Empty.With(Bad).With(Bad with { WithdrawnAt = counter.Now, Seq = 2 })));

        Assert.Equal([id], lifted.Orders);
        Assert.Equal((4, 0, 1), Boxes(counter));
        Assert.Null(Ready(counter, id, BoxCheck.None));
    }

    private static Orders.Counter Fed(params (Cip13, int, string?, LocalDate?)[] lines)
    {
        var counter = new Orders.Counter();
        counter.Take(counter.Fed(FeedKind.Snapshot, null, lines));
        return counter;
    }

    private static BoxCheck Scanned(params string[] lots) => new([.. lots.Select(lot => new ScannedBox(Orders.Counter.Ibuprofen, lot, null, null))], RecallChecked: false);

    private static OrderRefusalKind? Ready(Orders.Counter counter, OrderId id, BoxCheck check) => OrderQueue.Ready(counter.State, id, check, Orders.Counter.Pharmacist, counter.Page, counter.Now).Refusal?.Kind;

    private static OrderRefusalKind? Collect(Orders.Counter counter, OrderId id, BoxCheck check) => OrderQueue.Collect(counter.State, id, true, check, Orders.Counter.Preparer, counter.Page, counter.Now).Refusal?.Kind;

    private static (int OnHand, int Unsellable, int Available) Boxes(Orders.Counter counter) => counter.State.CountOf(Orders.Counter.Ibuprofen) is { } count ? (count.OnHand, count.Unsellable, count.Available) : default;
}
