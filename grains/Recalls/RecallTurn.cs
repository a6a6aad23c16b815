using Realtime.Pharmacies;
using Realtime.Stock;

namespace Realtime.Recalls;

/// <summary>One turn of a recall among the pharmacies. One that cannot be asked holds up no other, and is known to be left.</summary>
/// <param name="owner">The recall, which is told.</param>
/// <param name="number">The row that sends for the pharmacies.</param>
/// <param name="ask">Takes the recall to one pharmacy.</param>
internal sealed class RecallTurn(IRecallGrain owner, long number, Func<PharmacyId, CancellationToken, Task<RecallReach>> ask)
{
    private const int AtOnce = 64;

    private readonly Lock _gate = new();
    private readonly List<RecallHolding> _found = [];
    private readonly SortedDictionary<PharmacyId, string> _left = [];
    private int _withoutLots;

    /// <summary>How many pharmacies were asked, and answered.</summary>
    public int Visited { get; private set; }

    /// <summary>The pharmacies that could not be asked, each with why, by number.</summary>
    public IReadOnlyDictionary<PharmacyId, string> Left => _left;

    /// <summary>Asks pharmacies, and tells the recall what they hold and how many are left. Whatever ends it early, what was found is told.</summary>
    public async Task Visit(IAsyncEnumerable<PharmacyId> pharmacies, CancellationToken stopping)
    {
        try
        {
            await Parallel.ForEachAsync(pharmacies, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping }, Visit);
        }
        finally
        {
            await Tell(Taken(atLeast: 1));
        }
        await owner.Spread(number, Visited, _withoutLots, _left.Count);
    }

    /// <summary>Asks those that are left, and nobody else.</summary>
    public Task VisitLeft(CancellationToken stopping) => Visit(_left.Keys.ToArray().ToAsyncEnumerable(), stopping);

    private async ValueTask Visit(PharmacyId pharmacy, CancellationToken stopping)
    {
        try
        {
            Note(pharmacy, await ask(pharmacy, stopping));
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            lock (_gate)
                _left[pharmacy] = failure.Message;
        }
        await Tell(Taken(RecallRules.MostInRow));
    }

    private void Note(PharmacyId pharmacy, RecallReach reach)
    {
        lock (_gate)
        {
            _left.Remove(pharmacy);
            Visited++;
            _withoutLots += reach.HasUnknownLots ? 1 : 0;
            if (reach.IsBarred)
                _found.Add(RecallHolding.Of(pharmacy, reach));
        }
    }

    private RecallHolding[] Taken(int atLeast)
    {
        lock (_gate)
        {
            RecallHolding[] taken = _found.Count >= atLeast ? [.. _found] : [];
            if (taken.Length > 0)
                _found.Clear();
            return taken;
        }
    }

    private Task Tell(RecallHolding[] found) => found.Length > 0 ? owner.Reached(found, Visited) : Task.CompletedTask;
}
