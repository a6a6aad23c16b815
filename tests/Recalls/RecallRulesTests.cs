using NodaTime;
using Realtime.Idempotency;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Recalls;

namespace Realtime.Tests.Recalls;

/// <summary>The rules of one recall, and the book of all of them.</summary>
public sealed class RecallRulesTests
{
    private static readonly Instant At = Instant.FromUtc(2026, 11, 23, 9, 0);
    private static readonly Cip13 Product = Cip13.Parse("3400938358926");
    private static readonly RequestKey Declaring = new("declare", "a"), Withdrawing = new("withdraw", "b");
    private static readonly PharmacyId[] Pharmacies = [.. Enumerable.Range(0, 2_500).Select(DemoCountry.IdOf)];

    [Fact]
    public void A_recall_holds_until_it_is_withdrawn_once_and_its_turn_among_the_pharmacies_begins_anew_then()
    {
        var state = Declared();
        Assert.True(state.Facts is { IsActive: true, IsSpread: false, Seq: 1 });
        Assert.False(RecallRules.IsSpreadBy(state, 7));
        state = Then(state, new RecallSpread(1, 40, 3), 2);
        Assert.Equal((true, 2L, 40, 3), (state.Facts!.IsSpread, state.Facts.Seq, state.Visited, state.WithoutLots));
        // Told twice, it has ended once.
        Assert.False(RecallRules.IsSpreadBy(state, 1));

        Assert.Null(RecallRules.DecideWithdrawal(state, Withdrawing));
        state = Then(state, new RecallWithdrawn("erreur de lot", Withdrawing), 3);

        Assert.Equal((false, false, 3L, "erreur de lot"), (state.Facts!.IsActive, state.Facts.IsSpread, state.Turn, state.Facts.WithdrawnFor));
        // What was on its way for the declaration ends nothing any more.
        Assert.False(RecallRules.IsSpreadBy(state, 1));
        Assert.True(RecallRules.IsSpreadBy(state, 3));
        Assert.Equal(RecallRefusal.Withdrawn, RecallRules.DecideWithdrawal(state, new("another", "b")));
        Assert.Equal(RecallRefusal.KeyReused, RecallRules.DecideWithdrawal(state, Withdrawing with { Command = "another reason" }));
    }

    [Fact]
    public void What_was_never_declared_is_not_withdrawn_nor_by_the_key_that_declared_it()
    {
        Assert.Equal(RecallRefusal.Unknown, RecallRules.DecideWithdrawal(RecallState.Empty, Withdrawing));
        Assert.Equal(RecallRefusal.KeyReused, RecallRules.DecideWithdrawal(Declared(), Declaring with { Command = "b" }));
    }

    [Fact]
    public void Only_what_is_news_makes_rows_and_each_of_them_fits_64_KB()
    {
        RecallHolding[] found = [.. Pharmacies.Select(id => new RecallHolding(id, 100_000, 1_000))];
        var state = Declared();

        var rows = RecallRules.DecideReached(state, found, 2_500).ToArray();
        Assert.Equal([1_000, 1_000, 500], rows.Select(row => row.Pharmacies.Count));
        Assert.All(rows, row => Assert.InRange(RecallJson.Write(row).Payload.Length, 1, 64 * 1024));
        state = rows.Aggregate(state, (before, row) => Then(before, row, 2));

        Assert.Equal(2_500, state.Holders.Count);
        Assert.Empty(RecallRules.DecideReached(state, found, 0));
        var fewer = Assert.Single(RecallRules.DecideReached(state, [found[0], found[1] with { Boxes = 3 }], 0));
        Assert.Equal([new(found[1].Id, 3, 1_000)], fewer.Pharmacies);
        // Nobody counts here: what was counted before stands.
        Assert.Equal(2_500, fewer.Visited);
        Assert.Empty(RecallRules.DecideReached(Then(state, new RecallWithdrawn("x", Withdrawing), 5), [found[1] with { Boxes = 3 }], 0));
    }

    [Fact]
    public void More_boxes_than_somebody_has_seen_are_to_be_seen_again_and_fewer_are_not()
    {
        var state = Then(Then(Declared(), Reached(5), 2), new RecallAcknowledged(Pharmacies[0]), 3);
        Assert.Equal(At, state.Holders[Pharmacies[0]].AcknowledgedAt);
        Assert.Equal(At, Then(state, Reached(2), 4).Holders[Pharmacies[0]].AcknowledgedAt);
        Assert.Null(Then(state, Reached(6), 4).Holders[Pharmacies[0]].AcknowledgedAt);
    }

    [Fact]
    public void The_book_never_unlearns_whatever_comes_late()
    {
        var first = Declared().Facts!;
        var withdrawn = first with { WithdrawnAt = At, Seq = 3 };
        var book = RecallBook.Empty.With(first);
        Assert.True(book.IsRecalled(Product, "LOT1"));
        Assert.Same(book, book.With(first));

        book = book.With(withdrawn);

        Assert.Same(book, book.With(first));
        Assert.False(book.IsRecalled(Product, "LOT1"));
        Assert.Equal([withdrawn], book.Of(Product));
        var newer = first with { Id = RecallStreams.IdOf(Withdrawing), DeclaredAt = At + Duration.FromDays(1) };
        Assert.Equal([newer, withdrawn], book.With(newer).All);
        Assert.True(book.With(newer).IsRecalled(Product, "LOT1"));
        Assert.False(book.With(newer).IsRecalled(Product, "lot1"));
    }

    [Fact]
    public void The_book_has_the_newest_first_in_whatever_order_they_come()
    {
        var recalls = Enumerable.Range(0, 500).Select(i => Declared().Facts! with { Id = RecallStreams.IdOf(new($"{i}", "a")), DeclaredAt = At + Duration.FromMinutes(i / 2) }).ToArray();
        var book = recalls.OrderBy(recall => recall.Id, StringComparer.Ordinal).Aggregate(RecallBook.Empty, (before, recall) => before.With(recall));

        Assert.Equal(recalls.OrderByDescending(recall => recall.DeclaredAt).ThenByDescending(recall => recall.Id, StringComparer.Ordinal), book.All);
        Assert.Equal(book.All, book.Of(Product));
        Assert.All(recalls, recall => Assert.Same(recall, book.Find(recall.Id)));
        // What becomes of one keeps its place.
        Assert.Equal(book.All.Select(recall => recall.Id), recalls.Aggregate(book, (before, recall) => before.With(recall with { Seq = 2 })).All.Select(recall => recall.Id));
    }

    [Fact]
    public void While_pharmacies_could_not_be_asked_a_turn_has_not_ended_and_how_many_is_told_once()
    {
        var state = Declared();
        var some = RecallRules.DecideSpread(state, new(1, 39, 3, Failed: 2))!;
        state = Then(state, some, 2);
        Assert.Equal((false, 1L, 39, 2), (state.Facts!.IsSpread, state.Facts.Seq, state.Visited, state.Failed));
        Assert.Null(RecallRules.DecideSpread(state, some));
        state = Then(state, RecallRules.DecideSpread(state, new(1, 41, 3))!, 3);
        Assert.Equal((true, 41, 0), (state.Facts!.IsSpread, state.Visited, state.Failed));
        Assert.Null(RecallRules.DecideSpread(state, new(1, 41, 3)));
    }

    [Fact]
    public void An_id_follows_from_the_request_and_looks_like_one()
    {
        var id = RecallStreams.IdOf(Declaring);
        Assert.Equal(id, RecallStreams.IdOf(Declaring with { Command = "another" }));
        Assert.NotEqual(id, RecallStreams.IdOf(Withdrawing));
        Assert.Matches("^[0-7][0-9A-HJKMNP-TV-Z]{25}$", id);
    }

    private static RecallState Declared() => Then(RecallState.Empty, new RecallDeclared("MED26/1", Product, ["LOT1", "LOT2"], "ANSM", Declaring), 1);

    private static RecallReached Reached(int boxes) => new([new(Pharmacies[0], boxes, 0)], 1);

    private static RecallState Then(RecallState state, RecallEvent happened, long seq) => RecallRules.Evolve(RecallStreams.IdOf(Declaring), state, happened, seq, At);
}
