using System.Collections.Concurrent;
using Realtime.Idempotency;
using Realtime.Pharmacies;
using Realtime.Recalls;
using Realtime.Stock;

namespace Realtime.Tests.Recalls;

/// <summary>A turn among pharmacies of which some cannot be asked.</summary>
public sealed class RecallTurnTests
{
    private static readonly PharmacyId[] Pharmacies = [.. Enumerable.Range(0, 300).Select(DemoCountry.IdOf)];

    [Fact]
    public async Task One_that_always_fails_keeps_no_other_from_being_asked_nor_what_was_found_from_being_told()
    {
        var (owner, asked, isMended) = (new Owner(), new ConcurrentQueue<PharmacyId>(), false);
        var broken = Pharmacies[3];
        var turn = new RecallTurn(owner, 1, (pharmacy, _) =>
        {
            asked.Enqueue(pharmacy);
            return pharmacy == broken && !isMended ? throw new InvalidOperationException("broken") : Task.FromResult(new RecallReach(5, [], pharmacy == Pharmacies[0], true));
        });

        await turn.Visit(Pharmacies.ToAsyncEnumerable(), TestContext.Current.CancellationToken);

        Assert.Equal(Pharmacies.Except([broken]), owner.Told.Select(one => one.Id).Order());
        Assert.Equal((1L, 299, 1, 1), owner.Spreads.Last());
        Assert.Equal("broken", Assert.Single(turn.Left).Value);
        asked.Clear();
        await turn.VisitLeft(TestContext.Current.CancellationToken);
        Assert.Equal([broken], asked);
        Assert.Equal((1L, 299, 1, 1), owner.Spreads.Last());
        isMended = true;
        await turn.VisitLeft(TestContext.Current.CancellationToken);
        Assert.Empty(turn.Left);
        Assert.Equal((1L, 300, 1, 0), owner.Spreads.Last());
        Assert.Equal(Pharmacies, owner.Told.Select(one => one.Id).Order());
    }

    [Fact]
    public async Task Where_pharmacies_cannot_be_read_to_the_end_what_was_found_is_told_and_the_turn_has_not_ended()
    {
        var owner = new Owner();
        var turn = new RecallTurn(owner, 1, (_, _) => Task.FromResult(new RecallReach(5, [], false, true)));

        await Assert.ThrowsAsync<InvalidOperationException>(() => turn.Visit(Cut(), TestContext.Current.CancellationToken));

        Assert.Equal(Pharmacies.Take(10), owner.Told.Select(one => one.Id).Order());
        Assert.Empty(owner.Spreads);
    }

    [Fact]
    public void Those_that_are_left_are_asked_more_and_more_rarely_up_to_every_minute() =>
        Assert.Equal([1, 5, 30, 60, 60, 60], Enumerable.Range(1, 6).Select(times => (int)RecallSpreader.RestAfter(times).TotalSeconds));

    private static async IAsyncEnumerable<PharmacyId> Cut()
    {
        foreach (var pharmacy in Pharmacies.Take(10))
            yield return pharmacy;
        await Task.Yield();
        throw new InvalidOperationException("The store does not answer.");
    }

    /// <summary>A recall that only listens.</summary>
    private sealed class Owner : IRecallGrain
    {
        public ConcurrentQueue<RecallHolding> Told { get; } = [];

        public ConcurrentQueue<(long Turn, int Visited, int WithoutLots, int Failed)> Spreads { get; } = [];

        public Task Reached(IReadOnlyList<RecallHolding> found, int visited)
        {
            foreach (var one in found)
                Told.Enqueue(one);
            return Task.CompletedTask;
        }

        public Task Spread(long turn, int visited, int withoutLots, int failed)
        {
            Spreads.Enqueue((turn, visited, withoutLots, failed));
            return Task.CompletedTask;
        }

        public Task<RecallAnswer> Declare(RecallAsked asked, RequestKey request, string actor) => throw new NotSupportedException();

        public Task<RecallAnswer> Withdraw(string reason, RequestKey request, string actor) => throw new NotSupportedException();

        public Task<RecallAnswer> Acknowledge(PharmacyId pharmacy, string actor) => throw new NotSupportedException();

        public Task Resume() => throw new NotSupportedException();

        public Task<RecallPage?> Page(PharmacyId? after, int limit) => throw new NotSupportedException();

        public Task<RecallHolder?> At(PharmacyId pharmacy) => throw new NotSupportedException();
    }
}
