using NodaTime;
using Realtime.Hours;
using Realtime.Orders;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Tests.Orders;

/// <summary>The rules of stock and orders, by what happened before, what is asked, and what comes of it.</summary>
public sealed class OrderQueueTests
{
    private static readonly Duration Minute = Duration.FromMinutes(1), Hour = Duration.FromHours(1);

    // ---- Boxes ----

    [Fact]
    public void Placing_within_stock_holds_the_boxes_and_placing_beyond_it_is_refused()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 3);
        counter.Place(2);

        var refusal = counter.TryPlace(counter.Asks(2)).Refusal!;

        Assert.Equal((OrderRefusalKind.OutOfStock, new MissingBoxes(Counter.Ibuprofen, 2, 1)), (refusal.Kind, Assert.Single(refusal.Missing)));
        Assert.NotNull(counter.TryPlace(counter.Asks(1)).Happened);
    }

    [Fact]
    public void A_product_that_nobody_has_spoken_of_is_not_there() =>
        Assert.Equal(0, Assert.Single(new Counter().TryPlace(new Counter().Asks()).Refusal!.Missing).Available);

    [Fact]
    public void The_reserve_is_never_promised()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 5, reserve: 2);
        Assert.Equal(3, Assert.Single(counter.TryPlace(counter.Asks(4)).Refusal!.Missing).Available);
        Assert.NotNull(counter.TryPlace(counter.Asks(3)).Happened);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("refuse")]
    [InlineData("expire")]
    public void An_order_that_ends_before_it_is_bagged_gives_its_boxes_back_at_once(string how)
    {
        var counter = new Counter().With(Counter.Ibuprofen, 2);
        var id = counter.Place(2);
        End(counter, id, how);
        Assert.Equal(2, counter.State.CountOf(Counter.Ibuprofen)!.Value.Available);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("refuse")]
    [InlineData("expire")]
    public void An_order_that_ends_while_bagged_keeps_its_boxes_from_others_until_they_are_back_on_the_shelf(string how)
    {
        var counter = new Counter { HasEmail = false }.With(Counter.Ibuprofen, 2);
        var id = counter.PlaceUpTo(OrderState.Ready, 2);
        End(counter, id, how);
        Assert.Equal((0, 2), (counter.State.CountOf(Counter.Ibuprofen)!.Value.Available, counter.State.CountOf(Counter.Ibuprofen)!.Value.ToReshelve));

        counter.Do(OrderQueue.Reshelve(counter.State, id));

        Assert.Equal(2, counter.State.CountOf(Counter.Ibuprofen)!.Value.Available);
        Assert.False(counter.State.Orders.ContainsKey(id));
        Assert.Equal(OrderRefusalKind.UnknownOrder, OrderQueue.Reshelve(counter.State, id).Refusal!.Kind);
    }

    [Fact]
    public void Boxes_leave_the_stock_when_they_are_handed_over_and_come_back_when_that_is_undone()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 5);
        var id = counter.PlaceUpTo(OrderState.Collected, 2);
        Assert.Equal((3, 3), (counter.State.CountOf(Counter.Ibuprofen)!.Value.OnHand, counter.State.CountOf(Counter.Ibuprofen)!.Value.Available));

        counter.Do(OrderQueue.Undo(counter.State, id, false, Counter.Preparer, counter.Page, OrderRules.Default, counter.Now));

        Assert.Equal((5, 3, OrderState.Ready), (counter.State.CountOf(Counter.Ibuprofen)!.Value.OnHand, counter.State.CountOf(Counter.Ibuprofen)!.Value.Available, counter[id].State));
    }

    [Fact]
    public void Counting_fewer_boxes_than_are_held_is_taken_and_raises_a_shortage_that_the_counter_settles()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 4);
        var (first, second) = (counter.Place(2), counter.Place(2));

        var counted = counter.Do(OrderQueue.Count(counter.State, Counter.Ibuprofen, 3, null, counter.Now));
        Assert.Equal(new StockShortage(Counter.Ibuprofen, 4, 3), Assert.Single(OrderFacts.Complete(counted, new() { Pharmacy = Counter.Pharmacy }, counter.State).Short!));
        Assert.Equal(0, counter.State.CountOf(Counter.Ibuprofen)!.Value.Available);
        Assert.Equal(OrderRefusalKind.StillShort, OrderQueue.Settle(counter.State, Counter.Ibuprofen, [first, second], counter.Page, counter.Now).Refusal!.Kind);

        counter.Do(OrderQueue.Settle(counter.State, Counter.Ibuprofen, [second], counter.Page, counter.Now));

        Assert.Equal((OrderState.Refused, OrderState.Submitted), (counter[first].State, counter[second].State));
        Assert.Equal(1, counter.State.CountOf(Counter.Ibuprofen)!.Value.Available);
        Assert.Equal(OrderRefusalKind.NotShort, OrderQueue.Settle(counter.State, Counter.Ibuprofen, [second], counter.Page, counter.Now).Refusal!.Kind);
    }

    [Fact]
    public void Where_the_pharmacy_confirms_orders_those_that_nobody_has_taken_on_hold_at_most_half_of_what_there_is()
    {
        var counter = new Counter(modules: new(ClickAndCollect: true, Confirmation: true)).With(Counter.Ibuprofen, 10);
        var first = counter.Place(3);
        counter.Place(2);
        Assert.Equal(0, Assert.Single(counter.TryPlace(counter.Asks(1)).Refusal!.Missing).Available);

        counter.Do(OrderQueue.Accept(counter.State, first, Counter.Pharmacist, counter.Page, counter.Now));

        // Seven can be promised without the two that wait: half of them is three, and two are taken.
        Assert.Equal(1, Assert.Single(counter.TryPlace(counter.Asks(2)).Refusal!.Missing).Available);
        Assert.NotNull(counter.TryPlace(counter.Asks(5, byCounter: true)).Happened);
    }

    // ---- Who may order ----

    [Fact]
    public void A_pharmacy_whose_module_is_off_or_that_is_paused_takes_no_orders_but_at_its_own_counter()
    {
        var off = new Counter(modules: new()).With(Counter.Ibuprofen, 5);
        Assert.Equal(OrderRefusalKind.ClickAndCollectOff, off.TryPlace(off.Asks()).Refusal!.Kind);
        Assert.NotNull(off.TryPlace(off.Asks(byCounter: true)).Happened);

        var paused = new Counter().With(Counter.Ibuprofen, 5);
        paused.Facts = paused.Facts with { Paused = new(paused.Now, paused.Now + Hour, "inventaire") };
        Assert.Equal(OrderRefusalKind.Paused, paused.TryPlace(paused.Asks()).Refusal!.Kind);
        paused.Now += Hour;
        Assert.NotNull(paused.TryPlace(paused.Asks()).Happened);
    }

    [Fact]
    public void A_buyer_is_sixteen_on_the_day_by_the_pharmacys_clock()
    {
        // One minute to midnight in Paris: whoever turns sixteen tomorrow waits until then.
        var counter = new Counter("24/7; PH off") { Now = Instant.FromUtc(2026, 11, 23, 22, 59) };
        counter.With(Counter.Ibuprofen, 5);
        Assert.Equal(OrderRefusalKind.Age, counter.TryPlace(counter.Asks(born: "2010-11-24")).Refusal!.Kind);
        counter.Now += Minute;
        Assert.NotNull(counter.TryPlace(counter.Asks(born: "2010-11-24")).Happened);
    }

    [Fact]
    public void Without_consent_and_without_answers_that_the_pharmacy_asks_for_nothing_is_taken()
    {
        var counter = new Counter(modules: new(ClickAndCollect: true, Questions: true)).With(Counter.Ibuprofen, 5);
        Assert.Equal(OrderRefusalKind.Consent, counter.TryPlace(counter.Asks() with { Consent = false }).Refusal!.Kind);
        Assert.Equal(OrderRefusalKind.AnswersMissing, counter.TryPlace(counter.Asks()).Refusal!.Kind);
        Assert.NotNull(counter.TryPlace(counter.Asks() with { Answered = true }).Happened);
    }

    [Fact]
    public void A_contact_has_two_open_orders_in_a_pharmacy_and_no_third_until_one_has_ended()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 9);
        var first = counter.Place(contact: "tel");
        counter.Place(contact: "tel");
        Assert.Equal((OrderRefusalKind.TooManyOpenOrders, 2L), (counter.TryPlace(counter.Asks(contact: "tel")).Refusal!.Kind, counter.TryPlace(counter.Asks(contact: "tel")).Refusal!.Number));
        Assert.NotNull(counter.TryPlace(counter.Asks(contact: "other")).Happened);

        counter.Do(OrderQueue.Cancel(counter.State, first));

        Assert.NotNull(counter.TryPlace(counter.Asks(contact: "tel")).Happened);
    }

    [Fact]
    public void The_dose_law_refuses_unless_the_pharmacy_looks_at_doses_itself_and_never_lets_a_prescription_pass()
    {
        DoseProblem dose = new(DoseProblemKind.DoseLimitExceeded, [Counter.Ibuprofen], "ibuprofène", null), prescription = new(DoseProblemKind.PrescriptionOnly, [Counter.Ibuprofen], null, null);
        var counter = new Counter().With(Counter.Ibuprofen, 9);
        Assert.Equal(OrderRefusalKind.DoseLaw, counter.TryPlace(counter.Asks() with { Verdict = new(counter.Now, [], [], [dose], []) }).Refusal!.Kind);

        var alert = new Counter(modules: new(ClickAndCollect: true, DoseAlert: true)).With(Counter.Ibuprofen, 9);
        Assert.True(((OrderPlaced)alert.TryPlace(alert.Asks() with { Verdict = new(alert.Now, [], [], [dose], []) }).Happened!).DoseAlert);
        Assert.Equal([prescription], alert.TryPlace(alert.Asks() with { Verdict = new(alert.Now, [], [], [dose, prescription], []) }).Refusal!.Doses);
    }

    // ---- What the counter does ----

    [Fact]
    public void An_order_goes_its_way_and_no_step_can_be_left_out()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 5);
        var id = counter.Place();
        Assert.Equal(OrderRefusalKind.WrongState, OrderQueue.Ready(counter.State, id, BoxCheck.None, Counter.Pharmacist, counter.Page, counter.Now).Refusal!.Kind);
        counter.Do(OrderQueue.Accept(counter.State, id, Counter.Preparer, counter.Page, counter.Now));
        Assert.Equal(OrderRefusalKind.NotValidated, OrderQueue.Ready(counter.State, id, BoxCheck.None, Counter.Pharmacist, counter.Page, counter.Now).Refusal!.Kind);
        Assert.Equal(OrderRefusalKind.PharmacistOnly, OrderQueue.Validate(counter.State, id, Counter.Preparer, counter.Page, counter.Now).Refusal!.Kind);
        counter.Do(OrderQueue.Validate(counter.State, id, Counter.Pharmacist, counter.Page, counter.Now));
        counter.Do(OrderQueue.Ready(counter.State, id, BoxCheck.None, Counter.Preparer, counter.Page, counter.Now));
        counter.Do(OrderQueue.Collect(counter.State, id, true, BoxCheck.None, Counter.Preparer, counter.Page, counter.Now));

        Assert.Equal([OrderState.Submitted, OrderState.Accepted, OrderState.Ready, OrderState.Collected], counter[id].Timeline.Select(step => step.State));
        Assert.Equal(5, counter[id].Seq);
        Assert.Equal(OrderRefusalKind.WrongState, OrderQueue.Collect(counter.State, id, true, BoxCheck.None, Counter.Preparer, counter.Page, counter.Now).Refusal!.Kind);
        Assert.Equal(OrderRefusalKind.WrongState, OrderQueue.Cancel(counter.State, id).Refusal!.Kind);
    }

    [Fact]
    public void A_pharmacist_who_accepts_has_validated()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 5);
        Assert.True(counter[counter.PlaceUpTo(OrderState.Accepted)].Validated);
    }

    [Fact]
    public void An_act_on_another_version_than_the_present_one_is_stale()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 5);
        var id = counter.Place();
        counter.Do(OrderQueue.Acknowledge(counter.State, id));
        // Seeing an order is no new version of it.
        counter.Do(OrderQueue.Accept(counter.State, id, new(true, 1), counter.Page, counter.Now));
        var refusal = OrderQueue.Ready(counter.State, id, BoxCheck.None, new(true, 1), counter.Page, counter.Now).Refusal!;
        Assert.Equal((OrderRefusalKind.Stale, 2L), (refusal.Kind, refusal.Number));
    }

    [Fact]
    public void Fewer_boxes_are_offered_and_the_buyer_decides()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 5);
        var id = counter.PlaceUpTo(OrderState.Accepted, 3);
        Decision Offer(int boxes) => OrderQueue.Propose(counter.State, id, new Dictionary<Cip13, int> { [Counter.Ibuprofen] = boxes }, Counter.Preparer, counter.Page, counter.Now);
        Assert.All(new[] { 0, 3, 4 }, boxes => Assert.Equal(OrderRefusalKind.InvalidOffer, Offer(boxes).Refusal!.Kind));
        Assert.Equal(OrderRefusalKind.InvalidOffer, OrderQueue.Propose(counter.State, id, new Dictionary<Cip13, int> { [Counter.Ibuprofen] = 1, [Counter.Spedifen] = 1 }, Counter.Preparer, counter.Page, counter.Now).Refusal!.Kind);
        Assert.Equal(OrderRefusalKind.WrongState, OrderQueue.AcceptOffer(counter.State, id).Refusal!.Kind);
        counter.Do(Offer(1));
        // Until the buyer has said so the boxes stay held.
        Assert.Equal((OrderState.Proposed, 2), (counter[id].State, counter.State.CountOf(Counter.Ibuprofen)!.Value.Available));

        counter.Do(OrderQueue.AcceptOffer(counter.State, id));

        Assert.Equal((OrderState.Accepted, 1, 4), (counter[id].State, counter[id].Lines[0].Quantity, counter.State.CountOf(Counter.Ibuprofen)!.Value.Available));
    }

    [Fact]
    public void A_declined_offer_ends_the_order()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 5);
        var id = counter.PlaceUpTo(OrderState.Accepted, 3);
        counter.Do(OrderQueue.Propose(counter.State, id, new Dictionary<Cip13, int> { [Counter.Ibuprofen] = 1 }, Counter.Preparer, counter.Page, counter.Now));
        counter.Do(OrderQueue.DeclineOffer(counter.State, id));
        Assert.Equal((5, false), (counter.State.CountOf(Counter.Ibuprofen)!.Value.Available, counter.State.Orders.ContainsKey(id)));
    }

    [Fact]
    public void Five_wrong_codes_lock_the_code_and_then_a_pharmacist_must_look()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 5);
        var id = counter.PlaceUpTo(OrderState.Ready);
        Decision Code(bool right) => OrderQueue.Collect(counter.State, id, right, BoxCheck.None, Counter.Preparer, counter.Page, counter.Now);
        for (var i = 0; i < 5; i++)
            Assert.Equal(OrderRefusalKind.WrongCode, counter.Refused(Code(false)));
        Assert.Equal(OrderRefusalKind.CodeLocked, counter.Refused(Code(true)));
        Assert.Equal(OrderRefusalKind.PharmacistOnly, OrderQueue.Collect(counter.State, id, null, BoxCheck.None, Counter.Preparer, counter.Page, counter.Now).Refusal!.Kind);
        counter.Do(OrderQueue.Collect(counter.State, id, null, BoxCheck.None, Counter.Pharmacist, counter.Page, counter.Now));
        Assert.Equal(OrderState.Collected, counter[id].State);
    }

    [Fact]
    public void Anybody_undoes_within_two_minutes_and_a_pharmacist_with_a_reason_to_the_end_of_the_day_one_step_and_no_more()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 5);
        var id = counter.PlaceUpTo(OrderState.Ready);
        Decision Undo(bool reason, Hand hand) => OrderQueue.Undo(counter.State, id, reason, hand, counter.Page, OrderRules.Default, counter.Now);

        counter.Now += Minute * 2;
        Assert.Equal(OrderRefusalKind.PharmacistOnly, Undo(true, Counter.Preparer).Refusal!.Kind);
        Assert.Equal(OrderRefusalKind.PharmacistOnly, Undo(false, Counter.Pharmacist).Refusal!.Kind);
        counter.Now = Instant.FromUtc(2026, 11, 23, 22, 59);
        Assert.NotNull(Undo(true, Counter.Pharmacist).Happened);
        counter.Now += Minute;
        Assert.Equal(OrderRefusalKind.NothingToUndo, Undo(true, Counter.Pharmacist).Refusal!.Kind);

        counter.Now -= Minute;
        counter.Do(Undo(true, Counter.Pharmacist));
        Assert.Equal(OrderState.Accepted, counter[id].State);
        Assert.Equal(OrderRefusalKind.NothingToUndo, Undo(true, Counter.Pharmacist).Refusal!.Kind);
    }

    [Fact]
    public void A_refusal_is_not_undone_where_its_boxes_are_somebody_elses_by_now()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 2);
        var id = counter.Place(2);
        counter.Do(OrderQueue.Refuse(counter.State, id, Counter.Preparer, counter.Page, counter.Now));
        counter.Place(1);
        Assert.Equal(OrderRefusalKind.OutOfStock, OrderQueue.Undo(counter.State, id, false, Counter.Preparer, counter.Page, OrderRules.Default, counter.Now).Refusal!.Kind);
    }

    [Fact]
    public void An_order_written_down_at_the_counter_is_accepted_and_rings_nobody()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 2);
        var asked = counter.Asks(1, byCounter: true) with { ByPharmacist = true };
        counter.Do(counter.TryPlace(asked));
        Assert.Equal((OrderState.Accepted, true, true), (counter[asked.Id].State, counter[asked.Id].Validated, counter[asked.Id].Acknowledged));
        Assert.Empty(counter.Wait(Hour * 3));
    }

    // ---- What time does ----

    [Fact]
    public void An_order_that_nobody_answers_rings_louder_is_handed_over_the_buyer_telephones_and_it_expires()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 5);
        var id = counter.Place();
        Assert.Equal([id], Assert.Single(counter.Wait(Minute)).Loud);
        Assert.Equal([id], Assert.Single(counter.Wait(Minute * 2)).HandedOver);
        Assert.Equal([id], Assert.Single(counter.Wait(Minute * 12)).Counted);
        Assert.Equal([id], Assert.Single(counter.Wait(Minute * 15)).Late);
        Assert.Equal((true, Notices.Placed | Notices.HandOver | Notices.CallThem), (counter[id].Late, counter[id].Owed));
        Assert.Empty(counter.Wait(Minute * 90 - Duration.FromSeconds(1)));
        Assert.Equal([id], Assert.Single(counter.Wait(Duration.FromSeconds(1))).Expired);
        Assert.Equal(5, counter.State.CountOf(Counter.Ibuprofen)!.Value.Available);
    }

    [Fact]
    public void What_is_seen_stops_ringing_but_its_time_goes_on()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 5);
        var id = counter.Place();
        counter.Do(OrderQueue.Acknowledge(counter.State, id));
        Assert.Empty(counter.Wait(Minute * 14));
        Assert.Null(OrderQueue.Acknowledge(counter.State, id).Happened);
        Assert.Equal([id], Assert.Single(counter.Wait(Minute)).Counted);
    }

    [Fact]
    public void An_order_of_the_evening_is_read_the_next_morning()
    {
        var counter = new Counter { Now = Instant.FromUtc(2026, 11, 23, 20, 0) };
        counter.With(Counter.Ibuprofen, 5);
        var ahead = counter[counter.Place()].Deadlines;
        // Tuesday, nine in the morning in Paris, and half an hour and two hours later.
        Assert.Equal((Instant.FromUtc(2026, 11, 24, 8, 30), Instant.FromUtc(2026, 11, 24, 10, 0)), (ahead.ExpectedBy, ahead.HeldUntil));
    }

    [Theory]
    [InlineData("Mo-Fr 09:00-19:00; PH off", "2026-11-23T09:00:00Z", "2026-11-24T18:00:00Z")] // Monday: to Tuesday evening
    [InlineData("Mo-Fr 09:00-19:00; PH off", "2026-11-27T17:59:00Z", "2026-11-30T18:00:00Z")] // Friday, a minute before closing: to Monday evening
    [InlineData("Mo-Fr 09:00-19:00; PH off", "2026-11-27T18:30:00Z", "2026-12-01T18:00:00Z")] // Friday evening: Monday is the first day
    [InlineData("24/7; PH open", "2026-11-23T09:00:00Z", "2026-11-24T23:00:00Z")] // never shut: to the end of tomorrow
    [InlineData("Fr 09:00-12:00; PH off", "2026-11-27T08:30:00Z", "2026-12-04T08:30:00Z")] // once a week: never beyond seven days
    [InlineData(null, "2026-11-23T09:00:00Z", "2026-11-25T09:00:00Z")] // unknown hours: 48 hours
    public void A_bag_is_held_to_the_end_of_the_second_opening_day(string? hours, string now, string until)
    {
        var counter = new Counter(hours) { Now = NodaTime.Text.InstantPattern.General.Parse(now).Value };
        counter.With(Counter.Ibuprofen, 5);
        Assert.Equal(until, NodaTime.Text.InstantPattern.General.Format(counter[counter.PlaceUpTo(OrderState.Ready)].Deadlines.HeldUntil));
    }

    [Fact]
    public void Three_unanswered_orders_pause_the_pharmacy_until_it_next_opens_and_count_no_second_time()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 9);
        counter.Place();
        counter.Place();
        Assert.Null(Assert.Single(counter.Wait(Minute * 15), passed => passed.Counted.Count > 0).Pause);
        counter.Place();

        var pause = Assert.Single(counter.Wait(Minute * 15), passed => passed.Pause is not null).Pause!;

        Assert.Equal(Instant.FromUtc(2026, 11, 24, 8, 0), pause.Until);
        Assert.Equal(pause.Until, counter.State.CalledPause!.Until);
        // Somebody resumes by hand: the same three are no reason to pause again, three others are.
        counter.Place();
        counter.Place();
        Assert.All(counter.Wait(Minute * 15), passed => Assert.Null(passed.Pause));
        counter.Place();
        Assert.Single(counter.Wait(Minute * 15), passed => passed.Pause is not null);
    }

    [Fact]
    public void A_closure_moves_the_holds_that_it_would_cut_and_no_other()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 9);
        var (bagged, waiting, accepted) = (counter.PlaceUpTo(OrderState.Ready), counter.Place(), counter.PlaceUpTo(OrderState.Accepted));
        var before = counter[accepted].Deadlines;
        // Closed from Monday noon to Wednesday morning.
        counter.Facts = counter.Facts with { Seq = 2, Closures = [new("c2", Instant.FromUtc(2026, 11, 23, 11, 0), Instant.FromUtc(2026, 11, 25, 8, 0), "travaux", null)] };

        counter.Do(OrderQueue.Move(counter.State, counter.Page, OrderRules.Default));

        Assert.Equal(Instant.FromUtc(2026, 11, 25, 18, 0), counter[bagged].Deadlines.HeldUntil);
        // Two hours were left of the two that it takes: none is lost. The one placed now keeps its time.
        Assert.Equal(Instant.FromUtc(2026, 11, 23, 11, 0), counter[waiting].Deadlines.HeldUntil);
        Assert.Equal(before, counter[accepted].Deadlines);
        Assert.True(counter[bagged].Owed.HasFlag(Notices.Moved));
        Assert.Null(OrderQueue.Move(counter.State, counter.Page, OrderRules.Default).Happened);
    }

    [Fact]
    public void A_vacation_or_an_opening_that_is_taken_back_moves_the_holds_that_it_would_cut()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 9);
        var bagged = counter.PlaceUpTo(OrderState.Ready);
        var facts = counter.Facts;
        // From Tuesday to Thursday: the second day on which somebody is there is Friday.
        counter.Facts = facts with { Seq = 2, Exceptions = [new Vacation("e2", new(2026, 11, 24), new(2026, 11, 26), "fêtes", null)] };
        counter.Do(OrderQueue.Move(counter.State, counter.Page, OrderRules.Default));
        Assert.Equal(Instant.FromUtc(2026, 11, 27, 18, 0), counter[bagged].Deadlines.HeldUntil);

        // Ready on a Friday and held to the Saturday on which the door opens exceptionally; without that, to the Monday.
        counter = new Counter { Now = Instant.FromUtc(2026, 11, 27, 9, 0) }.With(Counter.Ibuprofen, 9);
        counter.Facts = facts with { Seq = 2, Exceptions = [new ExceptionalOpening("e2", Instant.FromUtc(2026, 11, 28, 8, 0), Instant.FromUtc(2026, 11, 28, 12, 0), "renfort")] };
        var held = counter.PlaceUpTo(OrderState.Ready);
        Assert.Equal(Instant.FromUtc(2026, 11, 28, 12, 0), counter[held].Deadlines.HeldUntil);
        counter.Facts = facts with { Seq = 3 };
        counter.Do(OrderQueue.Move(counter.State, counter.Page, OrderRules.Default));
        Assert.Equal(Instant.FromUtc(2026, 11, 30, 18, 0), counter[held].Deadlines.HeldUntil);
    }

    [Fact]
    public void A_closure_that_is_taken_back_makes_no_hold_shorter()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 9);
        var id = counter.PlaceUpTo(OrderState.Ready);
        var facts = counter.Facts;
        counter.Facts = facts with { Seq = 2, Closures = [new("c2", Instant.FromUtc(2026, 11, 24, 8, 0), Instant.FromUtc(2026, 11, 25, 8, 0), "travaux", null)] };
        counter.Do(OrderQueue.Move(counter.State, counter.Page, OrderRules.Default));
        var held = counter[id].Deadlines.HeldUntil;
        counter.Facts = facts with { Seq = 3 };
        Assert.Null(OrderQueue.Move(counter.State, counter.Page, OrderRules.Default).Happened);
        Assert.Equal(Instant.FromUtc(2026, 11, 25, 18, 0), held);
    }

    [Fact]
    public void Closed_orders_leave_the_live_state_when_nobody_may_undo_them_any_more()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 9);
        var id = counter.PlaceUpTo(OrderState.Collected);
        counter.Happen(new NoticesSent([new(id, counter[id].Owed)]));
        Assert.True(counter.State.Orders.ContainsKey(id));
        counter.Now += Duration.FromHours(15);
        counter.With(Counter.Spedifen, 1);
        Assert.False(counter.State.Orders.ContainsKey(id));
    }

    [Fact]
    public void What_is_owed_to_a_buyer_of_a_closed_order_keeps_it_for_a_day_or_until_it_was_sent()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 9);
        var (one, other) = (counter.Place(), counter.Place());
        counter.Wait(Hour * 2);
        Assert.Equal(Notices.Expired, counter[one].Owed);
        counter.Happen(new NoticesSent([new(one, Notices.Expired)]));
        Assert.False(counter.State.Orders.ContainsKey(one));
        counter.Now += Hour * 24;
        counter.With(Counter.Spedifen, 1);
        Assert.False(counter.State.Orders.ContainsKey(other));
        Assert.Empty(counter.State.Owing);
    }

    [Fact]
    public void The_greatest_order_fits_a_row_and_with_all_its_messages_the_history()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 9);
        var name = new string('é', OrderLine.LongestName);
        var asked = counter.Asks();
        var placed = (OrderPlaced)counter.TryPlace(asked).Happened!;
        // Answers of 4,000 and a note of 500 characters of three bytes each, under their seal.
        placed = placed with
        {
            Lines = [.. Enumerable.Range(0, 50).Select(i => new OrderLine(Cip13.OfPlace(340_090_000_000 + i), 99, name, 99_999))],
            Doses = [.. Enumerable.Range(0, 100).Select(i => new OrderDose(new string('é', 40), "oralSolid", 1.234567m, 6m, 0.12345678901234567))],
            Person = new byte[(4_000 + 500 + 600) * 3],
            Contacts = [new('c', 22), new('c', 22)],
            KeyId = new('k', 22),
        };
        Assert.InRange(OrderJson.Write(placed).Payload.Length, 20_000, Realtime.Journal.JournalEvent.MaxPayload);
        counter.Happen(placed);
        for (var i = 0; i < OrderQueue.MostMessages; i++)
            counter.Happen(new MessageSent(asked.Id, i % 2 == 0, new byte[(500 * 3) + 28]));
        Assert.Equal(OrderRefusalKind.TooMany, OrderQueue.Write(counter.State, asked.Id, null).Refusal!.Kind);
        Assert.InRange(OrderJson.WriteOrder(counter[asked.Id] with { Timeline = [.. Enumerable.Repeat(counter[asked.Id].Timeline[0], OrderQueue.MostSteps + 5)] }).Length, 80_000, Realtime.Journal.HistoryEntry.MaxPayload);
    }

    // ---- The waiting list ----

    [Fact]
    public void Boxes_that_come_free_are_told_to_those_who_asked_first_and_to_no_more_than_there_are()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 0);
        foreach (var (name, quantity) in new[] { ("a", 2), ("b", 3), ("c", 1) })
            counter.Do(OrderQueue.Wait(counter.State, new Waiter(name, Counter.Ibuprofen, quantity, name, "key", [])));
        Assert.Equal(OrderRefusalKind.AlreadyWaiting, OrderQueue.Wait(counter.State, new Waiter("d", Counter.Ibuprofen, 1, "a", "key", [])).Refusal!.Kind);
        Assert.Null(OrderQueue.Call(counter.State, counter.Now).Happened);

        counter.With(Counter.Ibuprofen, 3);
        Assert.Equal(["a"], ((WaitersCalled)counter.Do(OrderQueue.Call(counter.State, counter.Now))).Ids);
        // One box is left for b, who wants three; c does not overtake.
        Assert.Null(OrderQueue.Call(counter.State, counter.Now).Happened);
        // For a day, told or not, two of the boxes are a's.
        counter.Happen(new NoticesSent([new(null, Notices.None, "a")]));
        Assert.Null(OrderQueue.Call(counter.State, counter.Now).Happened);
        counter.With(Counter.Ibuprofen, 4);
        counter.Now += Waiter.Claim - Duration.Epsilon;
        Assert.Null(OrderQueue.Call(counter.State, counter.Now).Happened);
        counter.Now += Duration.Epsilon;
        Assert.Equal(["b", "c"], ((WaitersCalled)counter.Do(OrderQueue.Call(counter.State, counter.Now))).Ids);
        Assert.Equal(["b", "c"], counter.State.Waiters.Select(waiter => waiter.Id));
        // Who was told may ask anew.
        counter.Do(OrderQueue.Wait(counter.State, new Waiter("e", Counter.Ibuprofen, 1, "a", "key", [])));
    }

    private static void End(Counter counter, OrderId id, string how)
    {
        if (how == "cancel")
            counter.Do(OrderQueue.Cancel(counter.State, id));
        else if (how == "refuse")
            counter.Do(OrderQueue.Refuse(counter.State, id, Counter.Preparer, counter.Page, counter.Now));
        else
            counter.Wait(Duration.FromDays(8));
    }
}
