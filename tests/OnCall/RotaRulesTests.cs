using CsCheck;
using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;
using static Realtime.Tests.OnCall.Rotas;

namespace Realtime.Tests.OnCall;

/// <summary>What is decided and what follows, for every command and every refusal.</summary>
public sealed class RotaRulesTests
{
    private static readonly RotaEvent[] Begun = [new SectorSet(Sector()), new SectorSet(Sector("B")), new RotaSet("A", Monday, [Night(0, 0), Night(1, 1), Night(2, 2), Night(3, 0)])];

    // ---- Sectors ----

    [Fact]
    public void A_sector_is_made_once_and_the_same_again_changes_nothing()
    {
        Assert.True(RotaRules.DecideSector(Given(), Sector(), out var happened, out _));
        Assert.Equal("A", happened!.Sector.Code);
        Assert.True(RotaRules.DecideSector(Given(happened), Sector(), out var again, out _));
        Assert.Null(again);
        Assert.True(RotaRules.DecideSector(Given(happened), Sector(members: 5), out var other, out _));
        Assert.Equal(5, Given(happened, other!).Sectors["A"].Pharmacies.Count);
    }

    [Fact]
    public void Another_departments_sector_and_one_too_many_are_refused()
    {
        Assert.Equal(RotaRefusalKind.SectorElsewhere, RefusalOfSector(Given(), Sector(department: "69")));
        var full = Given(Enumerable.Range(0, RotaRules.MostSectors).Select(i => new SectorSet(Sector($"S{i}"))));
        Assert.Equal(RotaRefusalKind.TooMany, RefusalOfSector(full, Sector("one more")));
        Assert.Null(RefusalOfSector(full, Sector("S7", members: 2)));
    }

    [Fact]
    public void Whom_one_calls_is_a_table_in_which_a_row_that_says_what_the_one_before_it_says_is_none()
    {
        CallTable Row(int day, string tel) => new(Evening(day), [new("Commissariat", tel)]);
        RotaRules.DecideSector(Given(), Sector(calls: Row(0, "17")), out var first, out _);
        RotaRules.DecideSector(Given(first!), Sector(calls: Row(5, "112")), out var later, out _);
        Assert.Equal([(Evening(0), "17"), (Evening(5), "112")], later!.Sector.Calls.Select(row => (row.From, row.Numbers[0].Tel)));
        RotaRules.DecideSector(Given(first!, later), Sector(calls: Row(6, "112")), out var same, out _);
        Assert.Null(same);
        // What is stated from an instant on replaces what was to hold after it.
        RotaRules.DecideSector(Given(first!, later), Sector(calls: Row(3, "18")), out var between, out _);
        Assert.Equal([(Evening(0), "17"), (Evening(3), "18")], between!.Sector.Calls.Select(row => (row.From, row.Numbers[0].Tel)));
    }

    // ---- Rotas and drafts ----

    [Fact]
    public void A_rota_replaces_what_was_planned_from_its_beginning_on_and_leaves_what_ended_before()
    {
        var rota = Given([.. Begun, new RotaSet("A", Evening(1), [Night(1, 3), Night(2, 4)])]);

        Assert.Equal([Night(0, 0), Night(1, 3), Night(2, 4)], rota.RotaOf("A"));
    }

    [Fact]
    public void A_rota_begins_where_it_says_or_with_its_first_duty_or_now()
    {
        Assert.Equal(Evening(2), Rota(null, Night(3, 1), Night(2, 0)).From);
        Assert.Equal([Night(2, 0), Night(3, 1)], Rota(null, Night(3, 1), Night(2, 0)).Duties);
        Assert.Equal(Evening(1), Rota(Evening(1), Night(2, 0)).From);
        Assert.Equal(Monday, Rota(null).From);

        static RotaSet Rota(Instant? from, params Duty[] duties) => RotaRules.DecideRota(Given(Begun), Sector(), from, duties, Monday, out var happened, out _) ? happened : throw new InvalidOperationException();
    }

    [Fact]
    public void Duties_that_are_wrong_are_refused_by_their_place_and_what_is_wrong()
    {
        var day = Night(1, 1) with { Period = Night(1, 1).Period with { Kind = OnCallKind.Day } };
        var stranger = Night(1, 9);
        var backwards = Night(1, 1) with { Period = Night(1, 1).Period with { End = Evening(1) } };
        var endless = Night(1, 1) with { Period = Night(1, 1).Period with { End = Evening(1) + RotaRules.LongestDuty + Duration.FromSeconds(1) } };
        var overlapping = Night(0, 0) with { Period = Night(0, 0).Period with { Start = Evening(0) + Duration.FromHours(11), End = Evening(1) } };

        Assert.Equal((RotaRefusalKind.InvalidDuty, 1, "kind"), RefusalOfRota(Night(0, 0), day));
        Assert.Equal((RotaRefusalKind.InvalidDuty, 1, "pharmacy"), RefusalOfRota(Night(0, 0), stranger));
        Assert.Equal((RotaRefusalKind.InvalidDuty, 1, "end"), RefusalOfRota(Night(0, 0), backwards));
        Assert.Equal((RotaRefusalKind.InvalidDuty, 1, "end"), RefusalOfRota(Night(0, 0), endless));
        Assert.Equal((RotaRefusalKind.InvalidDuty, 1, "overlap"), RefusalOfRota(Night(0, 0), overlapping));
        Assert.Null(RefusalOfRota(Night(0, 0), Night(0, 1)));
        Assert.Equal((RotaRefusalKind.UnknownSector, -1, null), Refusal(RotaRules.DecideRota(Given(), null, null, [], Monday, out _, out var refusal), refusal));
        Assert.Equal((RotaRefusalKind.UnknownSector, -1, null), Refusal(RotaRules.DecideDraft(Given(), null, null, [], Monday, out _, out refusal), refusal));
    }

    [Fact]
    public void A_duty_that_starts_before_the_rota_does_is_refused_since_it_would_stand_beside_what_stays()
    {
        Assert.Equal((RotaRefusalKind.InvalidDuty, 0, "start"), Refusal(RotaRules.DecideRota(Given(Begun), Sector(), Evening(2), [Night(1, 1)], Monday, out _, out var refusal), refusal));
        Assert.Equal((RotaRefusalKind.InvalidDuty, 1, "start"), Refusal(RotaRules.DecideDraft(Given(Begun), Sector(), Evening(2), [Night(2, 1), Night(1, 1)], Monday, out _, out refusal), refusal));
        Assert.True(RotaRules.DecideRota(Given(Begun), Sector(), Evening(1), [Night(1, 1)], Monday, out _, out _));
    }

    [Fact]
    public void More_duties_or_texts_than_a_row_holds_are_refused()
    {
        Duty[] most = [.. Enumerable.Range(0, RotaRules.MostDuties).Select(i => Night(i, i % 6, instructions: $"{i % RotaRules.MostTexts}"))];
        Assert.Null(RefusalOfRota(most));
        Assert.Equal((RotaRefusalKind.TooLarge, -1, null), RefusalOfRota([.. most, Night(2_000, 0)]));
        Assert.Equal((RotaRefusalKind.TooLarge, -1, null), RefusalOfRota([.. most[1..], Night(2_000, 0, instructions: "one more")]));
    }

    [Fact]
    public void A_draft_changes_nothing_until_it_is_published_and_all_of_a_publication_come_at_once()
    {
        DraftSet[] drafts = [new("A", Evening(0), [Night(0, 5)]), new("B", Evening(0), [Night(0, 4, "B")])];
        var drafted = Given([.. Begun, .. drafts]);
        Assert.Equal(Given(Begun).Rotas.Values.SelectMany(duties => duties), drafted.Rotas.Values.SelectMany(duties => duties));
        Assert.Equal(Given(Begun).Touched, drafted.Touched);

        Assert.True(RotaRules.DecidePublication(drafted, ["B", "A", "B"], out var published, out _));
        Assert.Equal(["A", "B"], published.Sectors);
        var after = Given([.. Begun, .. drafts, published]);
        Assert.Empty(after.Drafts);
        Assert.Equal([Night(0, 5), Night(0, 4, "B")], after.Rotas.Values.SelectMany(duties => duties));
        // The three who had nights from then on, and the two who have them now; and of the other sector, which had no rota yet, everybody of the demo.
        Assert.Equal(Ids[..6], after.Touched.Where(one => one.Value == Monday + Duration.FromMinutes(after.Seq - 1)).Select(one => one.Key).Order());

        Assert.Equal((RotaRefusalKind.NoDraft, 1, "C"), Refusal(RotaRules.DecidePublication(drafted, ["A", "C"], out _, out var refusal), refusal));
        Assert.Equal((RotaRefusalKind.NoDraft, -1, null), Refusal(RotaRules.DecidePublication(drafted, [], out _, out refusal), refusal));
        Assert.Equal(["B"], Given([.. Begun, .. drafts, new DraftDropped("A")]).Drafts.Keys);
    }

    // ---- Swaps ----

    [Fact]
    public void A_swap_is_proposed_accepted_and_confirmed_and_each_has_the_other_ones_duty()
    {
        var rota = Given(Begun);
        Assert.True(RotaRules.DecideSwap(rota, Key(Night(0, 0)), Key(Night(1, 1)), Monday, out var proposed, out _));
        Assert.Equal(($"75-{rota.Seq + 1}", SwapState.Proposed), (proposed.Swap.Id, proposed.Swap.State));
        rota = Given([.. Begun, proposed]);
        Assert.True(RotaRules.DecideAnswer(rota, proposed.Swap.Id, SwapState.Accepted, Monday, out var accepted, out _));
        rota = Given([.. Begun, proposed, accepted]);
        Assert.True(RotaRules.DecideConfirmation(rota, proposed.Swap.Id, true, null, Monday, out var confirmed, out _));
        rota = Given([.. Begun, proposed, accepted, confirmed]);

        Assert.Equal([Night(0, 1), Night(1, 0), Night(2, 2), Night(3, 0)], rota.RotaOf("A"));
        Assert.Equal(SwapState.Confirmed, rota.FindSwap(proposed.Swap.Id)!.State);
        Assert.Equal([rota.Touched[Ids[0]]], rota.Touched.Where(one => one.Key == Ids[0] || one.Key == Ids[1]).Select(one => one.Value).Distinct());
    }

    [Fact]
    public void Two_who_serve_the_same_night_exchange_their_places_and_neither_is_lost()
    {
        RotaEvent[] twice = [new SectorSet(Sector()), new RotaSet("A", Monday, [Night(0, 0, instructions: "au 3"), Night(0, 1)])];
        var swapped = Swapped(twice, Key(Night(0, 0)), Key(Night(0, 1)));

        Assert.Equal([Night(0, 0, instructions: "au 3"), Night(0, 1)], swapped.RotaOf("A"));
    }

    [Fact]
    public void How_one_gets_in_is_the_pharmacys_and_goes_with_it_between_duties_of_one_kind()
    {
        RotaEvent[] begun = [new SectorSet(Sector()), new RotaSet("A", Monday, [Night(0, 0, instructions: "au 3"), Night(1, 1), Sunday(6, 2)])];

        Assert.Equal([Night(0, 1), Night(1, 0, instructions: "au 3"), Sunday(6, 2)], Swapped(begun, Key(Night(0, 0)), Key(Night(1, 1))).RotaOf("A"));
        Assert.Equal([Night(0, 2), Night(1, 1), Sunday(6, 0)], Swapped(begun, Key(Night(0, 0)), Key(Sunday(6, 2))).RotaOf("A"));
    }

    [Theory]
    [InlineData(SwapState.Declined)]
    [InlineData(SwapState.Withdrawn)]
    public void A_swap_that_is_declined_or_withdrawn_leaves_the_rota_as_it_was_and_its_duties_free(SwapState answer)
    {
        var proposed = new SwapProposed(new("75-4", Key(Night(0, 0)), Key(Night(1, 1)), SwapState.Proposed, Monday));
        foreach (RotaEvent[] before in new RotaEvent[][] { [], [new SwapAccepted("75-4")] })
        {
            Assert.True(RotaRules.DecideAnswer(Given([.. Begun, proposed, .. before]), "75-4", answer, Monday, out var ended, out _));
            var rota = Given([.. Begun, proposed, .. before, ended]);
            Assert.Equal((answer, false), (rota.FindSwap("75-4")!.State, rota.FindSwap("75-4")!.IsOpen));
            Assert.Equal(Given(Begun).RotaOf("A"), rota.RotaOf("A"));
            Assert.True(RotaRules.DecideSwap(rota, Key(Night(0, 0)), Key(Night(1, 1)), Monday, out _, out _));
        }
    }

    [Fact]
    public void A_planner_refuses_with_a_reason_what_is_proposed_or_accepted()
    {
        var proposed = new SwapProposed(new("75-4", Key(Night(0, 0)), Key(Night(1, 1)), SwapState.Proposed, Monday));
        Assert.True(RotaRules.DecideConfirmation(Given([.. Begun, proposed]), "75-4", false, "pas cette nuit", Monday, out var refused, out _));
        var swap = Given([.. Begun, proposed, refused]).FindSwap("75-4")!;
        Assert.Equal((SwapState.Refused, "pas cette nuit"), (swap.State, swap.Reason));
    }

    [Fact]
    public void Swaps_that_cannot_be_are_refused_each_by_its_own_word()
    {
        var rota = Given([.. Begun, new RotaSet("B", Monday, [Night(1, 0, "B"), Night(0, 4, "B")])]);
        Assert.Equal((RotaRefusalKind.SamePharmacy, -1, null), RefusalOfSwap(rota, Night(0, 0), Night(3, 0)));
        Assert.Equal((RotaRefusalKind.UnknownDuty, -1, "give"), RefusalOfSwap(rota, Night(0, 3), Night(1, 1)));
        Assert.Equal((RotaRefusalKind.UnknownDuty, -1, "take"), RefusalOfSwap(rota, Night(0, 0), Night(1, 2)));
        Assert.Equal((RotaRefusalKind.UnknownDuty, -1, "give"), RefusalOfSwap(rota, Night(0, 0), Night(1, 1), Evening(0)));
        Assert.Equal((RotaRefusalKind.UnknownDuty, -1, "take"), RefusalOfSwap(rota, Night(1, 1), Night(0, 0), Evening(0)));
        Assert.Null(RefusalOfSwap(rota, Night(0, 0), Night(2, 2), Evening(0) - Duration.FromSeconds(1)));
        // The first pharmacy serves in the other sector that night.
        Assert.Equal((RotaRefusalKind.AtOnce, -1, null), RefusalOfSwap(rota, Night(0, 0), Night(1, 1)));
        Assert.Equal((RotaRefusalKind.AtOnce, -1, null), RefusalOfSwap(rota, Night(1, 1), Night(0, 0)));
    }

    [Fact]
    public void A_duty_in_an_open_swap_is_not_offered_again_and_a_department_has_no_end_of_swaps()
    {
        var proposed = new SwapProposed(new("75-4", Key(Night(0, 0)), Key(Night(1, 1)), SwapState.Proposed, Monday));
        var rota = Given([.. Begun, proposed]);
        Assert.Equal((RotaRefusalKind.AlreadyOffered, -1, null), RefusalOfSwap(rota, Night(2, 2), Night(1, 1)));
        Assert.Equal((RotaRefusalKind.AlreadyOffered, -1, null), RefusalOfSwap(rota, Night(0, 0), Night(2, 2)));
        var full = rota with { Swaps = [.. Enumerable.Range(0, RotaRules.MostSwaps).Select(i => new Swap($"75-{i}", Key(Night(100 + i, 0)), Key(Night(100 + i, 1)), SwapState.Proposed, Monday))] };
        Assert.Equal((RotaRefusalKind.TooMany, -1, null), RefusalOfSwap(full, Night(0, 0), Night(1, 1)));
    }

    [Fact]
    public void What_was_not_accepted_is_not_confirmed_and_what_is_over_stays_so()
    {
        var proposed = new SwapProposed(new("75-4", Key(Night(0, 0)), Key(Night(1, 1)), SwapState.Proposed, Monday));
        var (accepted, confirmed) = (new SwapAccepted("75-4"), new SwapConfirmed("75-4", Key(Night(0, 0)), Key(Night(1, 1))));
        Assert.Equal((RotaRefusalKind.WrongState, -1, "proposed"), RefusalOfConfirmation([.. Begun, proposed], true));
        Assert.Equal((RotaRefusalKind.WrongState, -1, "accepted"), RefusalOfAnswer([.. Begun, proposed, accepted], SwapState.Accepted));
        foreach (var confirm in new[] { true, false })
            Assert.Equal((RotaRefusalKind.WrongState, -1, "confirmed"), RefusalOfConfirmation([.. Begun, proposed, accepted, confirmed], confirm));
        foreach (var answer in new[] { SwapState.Accepted, SwapState.Declined, SwapState.Withdrawn })
            Assert.Equal((RotaRefusalKind.WrongState, -1, "confirmed"), RefusalOfAnswer([.. Begun, proposed, accepted, confirmed], answer));
        Assert.Equal((RotaRefusalKind.UnknownSwap, -1, null), RefusalOfConfirmation(Begun, true));
        Assert.Equal((RotaRefusalKind.UnknownSwap, -1, null), RefusalOfAnswer(Begun, SwapState.Accepted));
    }

    [Fact]
    public void A_swap_whose_duties_are_no_longer_what_they_were_is_neither_accepted_nor_confirmed()
    {
        var proposed = new SwapProposed(new("75-4", Key(Night(0, 0)), Key(Night(1, 1)), SwapState.Proposed, Monday));
        RotaSet replaced = new("A", Evening(1), [Night(1, 5)]), busy = new("B", Monday, [Night(1, 0, "B")]);
        Assert.Equal((RotaRefusalKind.UnknownDuty, -1, "take"), RefusalOfAnswer([.. Begun, proposed, replaced], SwapState.Accepted));
        Assert.Equal((RotaRefusalKind.UnknownDuty, -1, "take"), RefusalOfConfirmation([.. Begun, proposed, new SwapAccepted("75-4"), replaced], true));
        Assert.Equal((RotaRefusalKind.AtOnce, -1, null), RefusalOfConfirmation([.. Begun, proposed, new SwapAccepted("75-4"), busy], true));
        Assert.Null(RefusalOfConfirmation([.. Begun, proposed, new SwapAccepted("75-4"), replaced], false));
    }

    // ---- Measures ----

    [Fact]
    public void A_strike_an_exemption_and_a_requisition_cut_what_is_served_to_the_second_and_leave_what_is_planned()
    {
        var strike = Measure(MeasureKind.Strike, 1, 2) with { Start = Evening(1) + Duration.FromHours(3), End = Evening(1) + Duration.FromHours(5) };
        var requisition = Measure(MeasureKind.Requisition, 1, 2, Ids[4]) with { Sector = "A", Reference = "2026-117", Duty = OnCallKind.Night, Access = Access.Bell };
        var rota = Given([.. Begun, Taken(strike), Taken(Measure(MeasureKind.Exemption, 0, 9, Ids[0])), Taken(requisition)]);

        Assert.Equal(
            [(Ids[1], Evening(1), strike.Start), (Ids[4], Evening(1), Evening(2)), (Ids[1], strike.End, Evening(1) + Duration.FromHours(12)), (Ids[2], Evening(2), Evening(2) + Duration.FromHours(12))],
            rota.Served().OrderBy(duty => duty.Period.Start).ThenBy(duty => duty.Pharmacy).Select(duty => (duty.Pharmacy, duty.Period.Start, duty.Period.End)));
        Assert.Equal(4, rota.RotaOf("A").Length);
    }

    [Fact]
    public void A_strike_of_some_or_of_one_sector_leaves_the_others_on_duty()
    {
        RotaEvent[] begun = [.. Begun, new RotaSet("B", Monday, [Night(0, 4, "B")])];
        Assert.DoesNotContain(Given([.. begun, Taken(Measure(MeasureKind.Strike, 0, 9) with { Sector = "A" })]).Served(), duty => duty.Sector == "A");
        Assert.Contains(Given([.. begun, Taken(Measure(MeasureKind.Strike, 0, 9) with { Sector = "A" })]).Served(), duty => duty.Sector == "B");
        Assert.Equal([Ids[1], Ids[2], Ids[4]], Given([.. begun, Taken(Measure(MeasureKind.Strike, 0, 9, Ids[0]))]).Served().Select(duty => duty.Pharmacy).Order());
    }

    [Fact]
    public void A_measure_that_lacks_what_its_kind_needs_is_refused_by_the_member()
    {
        var requisition = Measure(MeasureKind.Requisition, 0, 1, Ids[0]) with { Sector = "A", Reference = "2026-117", Duty = OnCallKind.Night, Access = Access.Bell };
        Assert.Null(Lack(requisition));
        Assert.Equal("reference", Lack(requisition with { Reference = " " }));
        Assert.Equal("sector", Lack(requisition with { Sector = null }));
        Assert.Equal("duty", Lack(requisition with { Duty = null }));
        Assert.Equal("duty", Lack(requisition with { Duty = OnCallKind.Day }));
        Assert.Equal("access", Lack(requisition with { Access = null }));
        Assert.Equal("pharmacies", Lack(requisition with { Pharmacies = [] }));
        Assert.Equal("end", Lack(requisition with { End = requisition.Start + RotaRules.LongestDuty + Duration.FromSeconds(1) }));
        Assert.Equal("pharmacies", Lack(Measure(MeasureKind.Exemption, 0, 1)));
        Assert.Equal("pharmacies", Lack(Measure(MeasureKind.Exemption, 0, 1, Ids[0], Ids[1])));
        Assert.Equal("pharmacies", Lack(Measure(MeasureKind.Closure, 0, 1, Ids[0])));
        Assert.Equal("end", Lack(Measure(MeasureKind.Closure, 1, 1)));
        Assert.Equal("end", Lack(Measure(MeasureKind.Closure, 0, 400)));
        Assert.Equal("end", Lack(Measure(MeasureKind.Closure, -3, -2)));
        Assert.Null(Lack(Measure(MeasureKind.Closure, -3, 2)));

        static string? Lack(Measure measure) => RotaRules.DecideMeasure(Given(Begun), measure.Sector is null ? null : Sector(), measure, Monday, out _, out var refusal) ? null : refusal.Detail;
    }

    [Fact]
    public void A_measure_that_is_ended_is_over_from_then_on_and_one_that_had_not_begun_never_was()
    {
        var begun = Taken(Measure(MeasureKind.Strike, -1, 9));
        var coming = Taken(Measure(MeasureKind.Strike, 1, 9));
        var closed = Given([.. Begun, begun]);
        Assert.True(RotaRules.DecideEnd(closed, begun.Measure.Id, Monday, out var ended, out _));
        Assert.Equal(Monday + Duration.FromMinutes(closed.Seq), Given([.. Begun, begun, ended]).Measures.Single().End);
        Assert.Empty(Given([.. Begun, coming, new MeasureEnded(coming.Measure.Id)]).Measures);

        Assert.Equal((RotaRefusalKind.UnknownMeasure, -1, null), Refusal(RotaRules.DecideEnd(closed, "75-99", Monday, out _, out var refusal), refusal));
        Assert.Equal((RotaRefusalKind.UnknownMeasure, -1, null), Refusal(RotaRules.DecideEnd(closed, begun.Measure.Id, Evening(9), out _, out refusal), refusal));
        var full = closed with { Measures = [.. Enumerable.Repeat(begun.Measure, RotaRules.MostMeasures)] };
        Assert.Equal((RotaRefusalKind.TooMany, -1, null), Refusal(RotaRules.DecideMeasure(full, null, begun.Measure, Monday, out _, out refusal), refusal));
        Assert.Equal((RotaRefusalKind.UnknownSector, -1, null), Refusal(RotaRules.DecideMeasure(closed, null, begun.Measure with { Sector = "Z" }, Monday, out _, out refusal), refusal));
    }

    [Fact]
    public void What_was_sent_to_an_authority_is_kept_with_its_proof()
    {
        var sending = new Sending("ars", Evening(0), Evening(9), 4, new string('a', 64), Monday, "accusé 12");
        Assert.Equal([sending], Given([.. Begun, new DutiesSent(sending)]).Sendings);
    }

    // ---- What the public may know ----

    [Fact]
    public void Hidden_duty_touches_nobody_and_is_in_no_public_part()
    {
        RotaEvent[] hidden = [new SectorSet(Sector("H", nights: Disclosure.Hidden))];
        RotaEvent[] with =
        [
            .. hidden, new RotaSet("H", Monday, [Night(0, 0, "H"), Night(1, 1, "H")]), new DraftSet("H", Evening(2), [Night(2, 2, "H")]), new DraftsPublished(["H"]),
            new SwapProposed(new("75-5", Key(Night(0, 0, "H")), Key(Night(1, 1, "H")), SwapState.Proposed, Monday)), new SwapAccepted("75-5"),
            new SwapConfirmed("75-5", Key(Night(0, 0, "H")), Key(Night(1, 1, "H"))), Taken(Measure(MeasureKind.Strike, 0, 9)), Taken(Measure(MeasureKind.Exemption, 0, 9, Ids[0])),
        ];
        var rota = Given(with);
        Assert.Equal(Given(hidden).Touched, rota.Touched);
        Assert.Null(rota.ClosuresAt);
        Assert.Empty(PublicDuties.Of(rota));
    }

    [Fact]
    public void What_a_hidden_row_lets_go_for_its_age_touches_nobody_either()
    {
        var closure = Measure(MeasureKind.Closure, 1, 2) with { Id = "75-7" };
        var rota = Given([.. Begun, new SectorSet(Sector("H", nights: Disclosure.Hidden)), new MeasureTaken(closure), new MeasureTaken(Measure(MeasureKind.Requisition, 0, 1, Ids[4]) with { Id = "75-6", Sector = "A", Reference = "r", Duty = OnCallKind.Night, Access = Access.Bell })]);
        var late = Evening(10) + RotaRules.Kept;

        var after = RotaRules.Evolve(rota, new MeasureTaken(Measure(MeasureKind.Strike, 420, 421) with { Sector = "H" }), rota.Seq + 1, late);

        Assert.Single(after.Measures);
        Assert.Equal(rota.ClosuresAt, after.ClosuresAt);
        Assert.Equal(rota.Touched, after.Touched);
        // Of the same sector, whose old public nights go with a rota of hidden Sundays.
        var mixed = RotaRules.Evolve(rota, new RotaSet("A", late, [Sunday(430, 0)]), rota.Seq + 1, late);
        Assert.Equal([Sunday(430, 0)], mixed.RotaOf("A"));
        Assert.Equal(rota.Touched, mixed.Touched);
    }

    // ---- Whatever is asked ----

    private enum Act
    {
        Rota,
        Draft,
        Publish,
        Swap,
        Answer,
        Confirm,
        Measure,
        End,
    }

    private static readonly Gen<(Act Act, int A, int B, int C, int D)> Acts = Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 11], Gen.Int[0, 11], Gen.Int[0, 11], Gen.Int[0, 11]);

    [Fact]
    public void Whatever_is_asked_no_swap_leaves_a_half_and_no_duty_gets_lost_or_doubled_and_the_journal_gives_the_same_state() =>
        Acts.Array[1, 40].Sample(acts =>
        {
            var rota = Given(new SectorSet(Sector()), new SectorSet(Sector("B", nights: Disclosure.Hidden)));
            var read = rota;
            foreach (var act in acts)
            {
                var at = Monday + Duration.FromMinutes(rota.Seq);
                if (Decided(rota, act, at) is not { } happened)
                    continue;
                var before = rota;
                rota = RotaRules.Evolve(rota, happened, rota.Seq + 1, at);
                var (kind, version, payload) = RotaJson.Write(happened);
                read = RotaRules.Evolve(read, RotaJson.Read(kind, version, payload), read.Seq + 1, at);
                if (Text(rota) != Text(read) || Text(RotaJson.ReadFacts(RotaJson.WriteFacts(rota))) != Text(rota))
                    return false;
                if (rota.Rotas.Values.Any(duties => duties.GroupBy(DutyKey.Of).Any(group => group.Count() > 1)))
                    return false;
                if (happened is SwapConfirmed swap && !IsWhole(before, rota, swap) || happened is not (RotaSet or DraftsPublished or SwapConfirmed) && !Same(before, rota))
                    return false;
            }
            return true;
        }, iter: Campaign.Long ? 20_000 : 1_000, seed: null);

    // Each of the two has what the other one had, and nothing else has changed.
    private static bool IsWhole(DepartmentRota before, DepartmentRota after, SwapConfirmed swap)
    {
        var (given, taken) = (before.Find(swap.Give)!, before.Find(swap.Take)!);
        List<Duty> expected = [.. before.Rotas.Values.SelectMany(duties => duties)];
        expected.Remove(given);
        expected.Remove(taken);
        expected.AddRange([given with { Pharmacy = taken.Pharmacy, Period = given.Period with { Instructions = taken.Period.Instructions } }, taken with { Pharmacy = given.Pharmacy, Period = taken.Period with { Instructions = given.Period.Instructions } }]);
        return expected.OrderBy(duty => $"{duty}", StringComparer.Ordinal).SequenceEqual(after.Rotas.Values.SelectMany(duties => duties).OrderBy(duty => $"{duty}", StringComparer.Ordinal));
    }

    private static bool Same(DepartmentRota before, DepartmentRota after) => before.Rotas.Values.SelectMany(duties => duties).SequenceEqual(after.Rotas.Values.SelectMany(duties => duties));

    private static RotaEvent? Decided(DepartmentRota rota, (Act Act, int A, int B, int C, int D) asked, Instant at)
    {
        var code = asked.A % 2 == 0 ? "A" : "B";
        Duty[] duties = [Night(asked.B, asked.C % 6, code, asked.D == 0 ? null : $"{asked.D}"), Night(asked.B, asked.D % 6, code), Night(asked.B + 1, (asked.C + 1) % 6, code), Night(asked.C, asked.D % 6, code)];
        var swap = rota.Swaps.Length == 0 ? "75-1" : rota.Swaps[asked.A % rota.Swaps.Length].Id;
        var measure = Measure((MeasureKind)(asked.A % 4), asked.B - 2, asked.B + asked.C % 3, asked.A % 4 == 3 ? [] : [Ids[asked.D % 6]]) with
        {
            Sector = asked.A % 4 == 2 || asked.A == 1 ? code : null,
            Reference = "r",
            Duty = OnCallKind.Night,
            Access = Access.Bell,
        };
        switch (asked.Act)
        {
            case Act.Rota when RotaRules.DecideRota(rota, rota.Sectors[code], asked.D % 3 == 0 ? Evening(asked.B - 1) : null, duties, at, out var happened, out _): return happened;
            case Act.Draft when RotaRules.DecideDraft(rota, rota.Sectors[code], asked.D % 3 == 0 ? Evening(asked.B - 1) : null, duties, at, out var happened, out _): return happened;
            case Act.Publish when RotaRules.DecidePublication(rota, asked.B % 2 == 0 ? ["A", "B"] : [code], out var happened, out _): return happened;
            case Act.Swap when Pick(rota, asked.B, asked.A) is { } give && Pick(rota, asked.C, asked.D) is { } take && RotaRules.DecideSwap(rota, Key(give), Key(take), at, out var happened, out _): return happened;
            case Act.Answer when RotaRules.DecideAnswer(rota, swap, asked.B < 8 ? SwapState.Accepted : asked.B < 10 ? SwapState.Declined : SwapState.Withdrawn, at, out var happened, out _): return happened;
            case Act.Confirm when RotaRules.DecideConfirmation(rota, swap, asked.B < 9, null, at, out var happened, out _): return happened;
            case Act.Measure when RotaRules.DecideMeasure(rota, measure.Sector is null ? null : rota.Sectors[code], measure, at, out var happened, out _): return happened;
            case Act.End when rota.Measures.Length > 0 && RotaRules.DecideEnd(rota, rota.Measures[asked.A % rota.Measures.Length].Id, at, out var happened, out _): return happened;
            default: return null;
        }
    }

    private static Duty? Pick(DepartmentRota rota, int which, int more) => rota.Rotas.Values.SelectMany(duties => duties).ToArray() is { Length: > 0 } all ? all[(which + more * 12) % all.Length] : null;

    private static MeasureTaken Taken(Measure measure) => new(measure with { Id = $"75-{measure.Kind}" });

    private static DepartmentRota Swapped(RotaEvent[] begun, DutyKey give, DutyKey take)
    {
        Assert.True(RotaRules.DecideSwap(Given(begun), give, take, Monday, out var proposed, out var refusal), $"{refusal}");
        return Given([.. begun, proposed, new SwapAccepted(proposed.Swap.Id), new SwapConfirmed(proposed.Swap.Id, give, take)]);
    }

    private static RotaRefusalKind? RefusalOfSector(DepartmentRota rota, OnCallSector sector) => RotaRules.DecideSector(rota, sector, out _, out var refusal) ? null : refusal.Kind;

    private static (RotaRefusalKind Kind, int Index, string? Detail)? Refusal(bool decided, RotaRefusal? refusal) => decided ? null : (refusal!.Kind, refusal.Index, refusal.Detail);

    private static (RotaRefusalKind Kind, int Index, string? Detail)? RefusalOfRota(params Duty[] duties) =>
        Refusal(RotaRules.DecideRota(Given(Begun), Sector(), null, duties, Monday, out _, out var refusal), refusal);

    private static (RotaRefusalKind Kind, int Index, string? Detail)? RefusalOfSwap(DepartmentRota rota, Duty give, Duty take, Instant? now = null) =>
        Refusal(RotaRules.DecideSwap(rota, Key(give), Key(take), now ?? Monday, out _, out var refusal), refusal);

    private static (RotaRefusalKind Kind, int Index, string? Detail)? RefusalOfAnswer(RotaEvent[] given, SwapState answer) =>
        Refusal(RotaRules.DecideAnswer(Given(given), "75-4", answer, Monday, out _, out var refusal), refusal);

    private static (RotaRefusalKind Kind, int Index, string? Detail)? RefusalOfConfirmation(RotaEvent[] given, bool confirm) =>
        Refusal(RotaRules.DecideConfirmation(Given(given), "75-4", confirm, null, Monday, out _, out var refusal), refusal);
}
