using NodaTime;
using Realtime.Orders;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Tests.Stock;

/// <summary>In which order feeds are taken, what one changes, and until when it is believed.</summary>
public sealed class FeedRulesTests
{
    private static readonly LocalDate Later = new(2028, 6, 30);

    // ---- What is there ----

    [Fact]
    public void A_snapshot_says_all_that_is_there_and_one_box_of_each_is_never_promised()
    {
        var counter = new Orders.Counter().With(Orders.Counter.Spedifen, 9);
        counter.Now += Duration.FromMinutes(1);

        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 5, null, null)));

        Assert.Equal((5, 1, 4), Boxes(counter, Orders.Counter.Ibuprofen));
        // A reserve that was said stays, be it none.
        Assert.Equal((0, 0, 0), Boxes(counter, Orders.Counter.Spedifen));
        Assert.Equal(4, Assert.Single(counter.TryPlace(counter.Asks(5)).Refusal!.Missing).Available);
        Assert.NotNull(counter.TryPlace(counter.Asks(4)).Happened);
    }

    [Fact]
    public void A_delta_says_how_many_there_are_now_of_what_it_names_and_nothing_of_the_rest()
    {
        var counter = new Orders.Counter();
        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 5, null, null), (Orders.Counter.Spedifen, 7, null, null)));

        counter.Take(counter.Fed(FeedKind.Delta, null, (Orders.Counter.Spedifen, 3, null, null)));

        Assert.Equal((5, 3), (Boxes(counter, Orders.Counter.Ibuprofen).OnHand, Boxes(counter, Orders.Counter.Spedifen).OnHand));
    }

    [Fact]
    public void Lots_of_one_product_are_added_up_and_the_first_to_expire_come_first()
    {
        var counter = new Orders.Counter();
        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 2, "b2", Later), (Orders.Counter.Ibuprofen, 1, "A1", null), (Orders.Counter.Ibuprofen, 3, " b2 ", Later), (Orders.Counter.Ibuprofen, 4, "C3", Later.PlusDays(-1))));

        Assert.Equal(10, Boxes(counter, Orders.Counter.Ibuprofen).OnHand);
        Assert.Equal([new("C3", Later.PlusDays(-1), 4), new("B2", Later, 5), new("A1", null, 1)], counter.State.ItemOf(Orders.Counter.Ibuprofen)!.Lots);
    }

    [Fact]
    public void A_product_whose_only_line_was_not_taken_keeps_what_it_had()
    {
        var counter = new Orders.Counter();
        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 5, null, null), (Orders.Counter.Spedifen, 7, null, null)));
        using var lines = new FeedSet.Builder();
        lines.Add(Orders.Counter.Ibuprofen, 3, "", null);
        lines.Doubt(Orders.Counter.Spedifen);
        lines.Doubt(Orders.Counter.Ibuprofen);

        counter.Take(counter.Fed(FeedKind.Snapshot, null) with { Lines = lines.Build(), Accepted = 1, Rejected = new(2, [new(4, FeedError.InvalidQuantity)]) });

        Assert.Equal((3, 7), (Boxes(counter, Orders.Counter.Ibuprofen).OnHand, Boxes(counter, Orders.Counter.Spedifen).OnHand));
    }

    [Fact]
    public void A_snapshot_of_which_no_line_could_be_taken_empties_no_shelf_and_makes_nothing_fresh()
    {
        var counter = new Orders.Counter();
        var before = counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 5, null, null)));
        counter.Now += Duration.FromMinutes(5);

        var fed = counter.Take(counter.Fed(FeedKind.Snapshot, null) with { Rejected = new(9, [new(2, FeedError.InvalidJson)]) });

        Assert.Equal((5, before.FreshUntil, 2), (Boxes(counter, Orders.Counter.Ibuprofen).OnHand, fed.FreshUntil, counter.State.Feed!.Seq));
        counter.Take(counter.Fed(FeedKind.Snapshot, null));
        Assert.Equal(0, Boxes(counter, Orders.Counter.Ibuprofen).OnHand);
    }

    [Fact]
    public void A_reserve_that_somebody_chose_stays()
    {
        var counter = new Orders.Counter().With(Orders.Counter.Ibuprofen, 9, reserve: 3);
        counter.Now += Duration.FromMinutes(1);
        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 5, null, null)));
        Assert.Equal((5, 3, 2), Boxes(counter, Orders.Counter.Ibuprofen));
    }

    // ---- Who looked last ----

    [Fact]
    public void Boxes_handed_over_after_the_feed_was_counted_are_taken_off_again_and_those_before_it_are_not()
    {
        var counter = new Orders.Counter().With(Orders.Counter.Ibuprofen, 10);
        counter.PlaceUpTo(OrderState.Collected, 2);
        counter.Now += Duration.FromMinutes(5);
        var counted = counter.Now;
        counter.Now += Duration.FromMinutes(1);
        counter.PlaceUpTo(OrderState.Collected, 3);
        counter.Now += Duration.FromMinutes(1);

        counter.Take(counter.Fed(FeedKind.Snapshot, counted, (Orders.Counter.Ibuprofen, 8, null, null)));

        Assert.Equal(5, Boxes(counter, Orders.Counter.Ibuprofen).OnHand);
        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 5, null, null)));
        Assert.Equal(5, Boxes(counter, Orders.Counter.Ibuprofen).OnHand);
    }

    [Fact]
    public void Boxes_that_came_back_after_it_was_counted_are_put_back_again()
    {
        var counter = new Orders.Counter().With(Orders.Counter.Ibuprofen, 10);
        var id = counter.PlaceUpTo(OrderState.Collected, 3);
        counter.Now += Duration.FromSeconds(30);
        var counted = counter.Now;
        counter.Now += Duration.FromSeconds(30);
        counter.Do(OrderQueue.Undo(counter.State, id, false, Orders.Counter.Preparer, counter.Page, OrderRules.Default, counter.Now));
        counter.Now += Duration.FromSeconds(30);

        counter.Take(counter.Fed(FeedKind.Delta, counted, (Orders.Counter.Ibuprofen, 7, null, null)));

        Assert.Equal(10, Boxes(counter, Orders.Counter.Ibuprofen).OnHand);
    }

    [Fact]
    public void What_somebody_counted_by_hand_after_it_stands_until_a_later_one()
    {
        var counter = new Orders.Counter();
        var counted = counter.Now;
        counter.Now += Duration.FromMinutes(1);
        counter.With(Orders.Counter.Ibuprofen, 3);
        counter.Now += Duration.FromMinutes(1);

        counter.Take(counter.Fed(FeedKind.Snapshot, counted, (Orders.Counter.Ibuprofen, 8, null, null)));
        Assert.Equal(3, Boxes(counter, Orders.Counter.Ibuprofen).OnHand);

        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 8, null, null)));
        Assert.Equal(8, Boxes(counter, Orders.Counter.Ibuprofen).OnHand);
    }

    [Fact]
    public void Fewer_boxes_than_are_held_are_not_refused_they_raise_a_shortage()
    {
        var counter = new Orders.Counter().With(Orders.Counter.Ibuprofen, 9);
        counter.Place(4);
        var before = counter.State;

        var fed = counter.Take(counter.Fed(FeedKind.Snapshot, counter.Now, (Orders.Counter.Ibuprofen, 3, null, null)));

        Assert.Equal([new StockShortage(Orders.Counter.Ibuprofen, 4, 3)], OrderFacts.Complete(fed, before, counter.State).Short!);
    }

    [Fact]
    public void A_count_by_hand_that_agrees_with_what_is_known_stands_against_an_older_feed_too()
    {
        var counter = new Orders.Counter();
        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 5, null, null)));
        var takenAt = counter.Now + Duration.FromMinutes(1);
        counter.Now += Duration.FromMinutes(5);
        counter.Do(OrderQueue.Count(counter.State, Orders.Counter.Ibuprofen, 5, null, counter.Now));
        counter.Now += Duration.FromMinutes(1);

        counter.Take(counter.Fed(FeedKind.Snapshot, takenAt, (Orders.Counter.Ibuprofen, 9, null, null)));

        Assert.Equal(5, Boxes(counter, Orders.Counter.Ibuprofen).OnHand);
    }

    [Fact]
    public void However_many_boxes_the_lines_of_one_product_add_up_to_no_more_are_counted_than_a_shelf_holds()
    {
        var (counter, lines) = (new Orders.Counter(), new FeedSet.Builder());
        for (var i = 0; i < 44_000; i++)
            lines.Add(Orders.Counter.Ibuprofen, 100_000, $"L{i % 3}", null);

        counter.Take(counter.Fed(FeedKind.Snapshot, null) with { Lines = lines.Build(), Accepted = 44_000 });

        Assert.Equal(100_000, Boxes(counter, Orders.Counter.Ibuprofen).OnHand);
        Assert.Equal(0, counter.State.ItemOf(Orders.Counter.Ibuprofen)!.WithoutLot);
        lines.Dispose();
    }

    // ---- In order ----

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Only_the_next_number_is_taken(long seq)
    {
        var counter = new Orders.Counter();
        counter.Take(counter.Fed(FeedKind.Snapshot, null));
        counter.Take(counter.Fed(FeedKind.Delta, null));

        var refusal = FeedRules.Take(counter.State, counter.Fed(FeedKind.Delta, null) with { Seq = seq }, counter.Page, counter.Now).Refusal!;

        Assert.Equal((OrderRefusalKind.SequenceGap, 2), (refusal.Kind, refusal.Number));
    }

    [Fact]
    public void Another_feed_of_the_last_number_is_refused_as_such()
    {
        var counter = new Orders.Counter();
        counter.Take(counter.Fed(FeedKind.Snapshot, null));
        var again = counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 1, null, null)) with { Seq = 1 };
        Assert.Equal(OrderRefusalKind.SequenceReused, FeedRules.Take(counter.State, again, counter.Page, counter.Now).Refusal!.Kind);
    }

    // ---- How much is written ----

    [Fact]
    public void A_snapshot_that_says_nothing_new_is_one_row_below_a_kilobyte()
    {
        var (counter, lines) = (new Orders.Counter(), ManyLines(10_000));
        counter.Take(counter.Fed(FeedKind.Snapshot, null, lines));
        counter.Now += Duration.FromMinutes(5);

        var fed = counter.Take(counter.Fed(FeedKind.Snapshot, null, lines));

        Assert.Empty(fed.Changes);
        Assert.Equal(0, fed.Parts);
        Assert.InRange(OrderJson.Write(OrderFacts.Complete(fed, counter.State, counter.State)).Payload.Length, 1, 1_000);
    }

    [Fact]
    public void A_feed_of_many_changes_is_written_in_rows_below_64_KB_and_takes_effect_with_the_last()
    {
        var (counter, lines) = (new Orders.Counter(), ManyLines(20_000));
        var rows = FeedRules.Rows((StockFed)FeedRules.Take(counter.State, counter.Fed(FeedKind.Snapshot, null, lines), counter.Page, counter.Now).Happened!).ToArray();

        Assert.InRange(rows.Length, 5, 20);
        foreach (var row in rows)
        {
            Assert.Empty(counter.State.Inventory.All());
            Assert.InRange(OrderJson.Write(row).Payload.Length, 1, Realtime.Journal.JournalEvent.MaxPayload);
            counter.Happen(row);
        }
        Assert.Equal(lines.Select(line => (line.Cip13, line.Boxes)).Order(), counter.State.Counts().Select(one => (one.Cip13, one.Count.OnHand)));
        Assert.Empty(counter.State.Staged);
    }

    [Fact]
    public void Parts_of_a_feed_that_was_never_taken_are_forgotten_with_the_next()
    {
        var (counter, lines) = (new Orders.Counter(), ManyLines(20_000));
        counter.Happen(FeedRules.Rows((StockFed)FeedRules.Take(counter.State, counter.Fed(FeedKind.Snapshot, null, lines), counter.Page, counter.Now).Happened!).First());

        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 5, null, null)));

        Assert.Equal([(Orders.Counter.Ibuprofen, 5)], counter.State.Counts().Select(one => (one.Cip13, one.Count.OnHand)));
    }

    [Fact]
    public void Lines_that_were_not_taken_are_told_again_from_the_row()
    {
        var counter = new Orders.Counter();
        RejectedLine[] listed = [new(2, FeedError.InvalidJson), new(3, FeedError.UnknownProduct), new(70_000, FeedError.LineTooLong)];
        var feed = counter.Fed(FeedKind.Snapshot, null) with { Rejected = new(5, listed) };

        var told = FeedRules.RejectedOf((StockFed)FeedRules.Take(counter.State, feed, counter.Page, counter.Now).Happened!);

        Assert.Equal(5, told.Count);
        Assert.Equal(listed, told.Listed);
    }

    // ---- How long it is believed ----

    [Fact]
    public void By_a_feed_older_than_two_open_hours_nothing_is_promised_until_the_next()
    {
        var counter = new Orders.Counter { HasEmail = false };
        counter.Now = Orders.Counter.MondayTen + Duration.FromHours(8);
        // Taken at six in the evening; the doors shut at seven and open at nine.
        var fed = counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 5, null, null)));
        Assert.Equal(Orders.Counter.MondayTen + Duration.FromHours(24), fed.FreshUntil);
        counter.Now = fed.FreshUntil - Duration.FromSeconds(1);
        Assert.NotNull(counter.TryPlace(counter.Asks(1)).Happened);

        counter.Now = fed.FreshUntil;
        Assert.Equal(0, Assert.Single(counter.TryPlace(counter.Asks(1)).Refusal!.Missing).Available);

        counter.Take(counter.Fed(FeedKind.Delta, null));
        Assert.NotNull(counter.TryPlace(counter.Asks(1)).Happened);
    }

    [Fact]
    public void Who_counts_by_hand_when_it_is_too_old_is_believed_and_the_feed_is_not_until_its_next()
    {
        var counter = new Orders.Counter();
        var fed = counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 5, null, null), (Orders.Counter.Spedifen, 7, null, null)));
        counter.Now = fed.FreshUntil;

        counter.Do(OrderQueue.Count(counter.State, Orders.Counter.Ibuprofen, 5, null, counter.Now));

        Assert.Equal((StockLevel.InStock, StockLevel.Unknown), (counter.State.LevelOf(Orders.Counter.Ibuprofen), counter.State.LevelOf(Orders.Counter.Spedifen)));
        Assert.NotNull(counter.TryPlace(counter.Asks(5)).Happened);
        Assert.NotNull(counter.TryPlace(counter.Asks(1, Orders.Counter.Spedifen)).Refusal);
        counter.Now += Duration.FromMinutes(1);
        counter.Take(counter.Fed(FeedKind.Delta, null));
        Assert.Equal(StockLevel.InStock, counter.State.LevelOf(Orders.Counter.Spedifen));
    }

    [Fact]
    public void The_public_facts_are_written_where_levels_cross_and_else_every_half_hour_at_most()
    {
        var counter = new Orders.Counter();
        Assert.True(Told(0, 5));
        Assert.False(Told(5, 5));
        Assert.False(Told(24, 4));
        Assert.True(Told(1, 4));
        Assert.True(Told(1, 2));
        Assert.False(Told(1, 2));

        bool Told(int minutes, int boxes)
        {
            counter.Now += Duration.FromMinutes(minutes);
            var before = counter.State;
            var fed = counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, boxes, null, null)));
            return OrderFacts.IsTold(OrderFacts.Complete(fed, before, counter.State));
        }
    }

    [Fact]
    public void The_public_facts_never_say_fresh_for_longer_than_the_feed_is()
    {
        var counter = new Orders.Counter();
        var (first, said) = (counter.Now, Instant.MinValue);
        Take(first, 5);
        counter.Now += Duration.FromMinutes(25);
        // A level crosses: the facts are written with the newer instant.
        Take(counter.Now, 2);
        counter.Now += Duration.FromMinutes(1);
        Take(first + Duration.FromMinutes(5), 2);
        Assert.True(said <= counter.State.Feed!.FreshUntil, $"facts {said}, feed {counter.State.Feed.FreshUntil}");

        void Take(Instant takenAt, int boxes)
        {
            var before = counter.State;
            var fed = counter.Take(counter.Fed(FeedKind.Snapshot, takenAt, (Orders.Counter.Ibuprofen, boxes, null, null)));
            if (OrderFacts.IsTold(OrderFacts.Complete(fed, before, counter.State)))
                said = StockFacts.Read(OrderFacts.Write(counter.State, 1)).FreshUntil!.Value;
        }
    }

    [Fact]
    public void The_public_facts_of_a_feed_that_is_believed_no_more_still_say_of_what_it_spoke()
    {
        var counter = new Orders.Counter();
        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 5, null, null), (Orders.Counter.Spedifen, 5, null, null)));
        counter.Now += Duration.FromHours(3);
        counter.With(Orders.Counter.Spedifen, 4);
        Assert.True(StockFacts.SpeaksOf(OrderFacts.Write(counter.State, 2), Orders.Counter.Ibuprofen));
    }

    // ---- What left ----

    [Fact]
    public void Boxes_that_are_gone_from_one_feed_to_the_next_and_those_handed_over_have_left_and_a_count_is_no_sale()
    {
        var counter = new Orders.Counter().With(Orders.Counter.Ibuprofen, 20);
        counter.PlaceUpTo(OrderState.Collected, 2);
        counter.Now += Duration.FromMinutes(1);
        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 15, null, null)));
        counter.Now += Duration.FromMinutes(1);
        counter.With(Orders.Counter.Ibuprofen, 11);
        counter.Now += Duration.FromMinutes(1);
        counter.Take(counter.Fed(FeedKind.Snapshot, null, (Orders.Counter.Ibuprofen, 30, null, null)));

        Assert.Equal([new WeekBoxes(WeekBoxes.WeekOf(counter.Now), 2 + 3)], counter.State.ItemOf(Orders.Counter.Ibuprofen)!.Left);
    }

    [Fact]
    public void A_quarter_of_a_year_is_remembered_and_no_more()
    {
        var item = InventoryItem.Nothing;
        for (var week = 100; week < 140; week++)
            item = item.Leaving(week % 3, week);
        Assert.All(item.Left, one => Assert.InRange(one.Week, 140 - WeekBoxes.Kept, 139));
        Assert.Equal(Enumerable.Range(127, 13).Sum(week => week % 3), item.Left.Sum(one => one.Boxes));
        Assert.Equal(0, WeekBoxes.WeekOf(Instant.FromUtc(1970, 1, 5, 0, 0)));
        Assert.Equal(-1, WeekBoxes.WeekOf(Instant.FromUtc(1970, 1, 4, 23, 59)));
    }

    internal static (Cip13 Cip13, int Boxes, string? Lot, LocalDate? Expiry)[] ManyLines(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (Cip13.OfPlace(340_093_000_000 + (i * 7)), (i % 40) + 1, (string?)$"LOT{i % 97:D5}", (LocalDate?)Later.PlusDays(i % 300)))];

    private static (int OnHand, int Reserve, int Available) Boxes(Orders.Counter counter, Cip13 cip13) => counter.State.CountOf(cip13) is { } count ? (count.OnHand, count.Reserve, count.Available) : default;
}
