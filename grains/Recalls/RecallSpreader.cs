using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Journal;
using Realtime.Pharmacies;
using Realtime.Stock;

namespace Realtime.Recalls;

/// <summary>
/// In every silo: takes a recall to each pharmacy whose stock speaks of the product, many at once, and tells the recall what they hold. Queues look at the recalls by
/// themselves before whatever they do; this makes levels, flags and counters follow where nobody asks for anything. It keeps nothing: a turn that does not end, for
/// whatever reason, is begun anew by whichever silo sees first that it has not, and a pharmacy that is asked twice answers the same.
/// </summary>
internal sealed partial class RecallSpreader(IJournal journal, RecallKnowledge knowledge, IGrainFactory grains, Clock clock, ILogger<RecallSpreader> log) : BackgroundService
{
    private const int AtOnce = 64, Attempts = 3;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200), Watch = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(string Id, long Turn), Recall> _here = new();
    private readonly Channel<(string Id, long Turn)> _turns = Channel.CreateUnbounded<(string, long)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Takes a turn on, unless it is here already.</summary>
    /// <param name="recall">As it is to be applied.</param>
    /// <param name="turn">The row that sends for the pharmacies.</param>
    public void Put(Recall recall, long turn)
    {
        if (_here.TryAdd((recall.Id, turn), recall))
            _turns.Writer.TryWrite((recall.Id, turn));
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(TakeTurns(stoppingToken), Remind(stoppingToken), HearOfLateOnes(stoppingToken));

    private async Task TakeTurns(CancellationToken stopping)
    {
        await foreach (var (id, turn) in _turns.Reader.ReadAllAsync(stopping))
            try
            {
                await Spread(_here[(id, turn)], turn, stopping);
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                LogBroken(id, failure.Message);
            }
            finally
            {
                _here.TryRemove((id, turn), out _);
            }
    }

    // Whoever began it may be gone. The recall itself knows whether there is anything left to do.
    private async Task Remind(CancellationToken stopping)
    {
        using var beat = new PeriodicTimer(Watch, clock.Time);
        while (await beat.WaitForNextTickAsync(stopping))
            foreach (var recall in (await knowledge.Current).All.Where(recall => !recall.IsSpread))
                try
                {
                    await grains.GetGrain<IRecallGrain>(recall.Id).Resume();
                }
                catch (Exception failure) when (!stopping.IsCancellationRequested)
                {
                    LogBroken(recall.Id, failure.Message);
                }
    }

    // A delivery may bring boxes of a lot that was recalled long ago.
    private async Task HearOfLateOnes(CancellationToken stopping)
    {
        await foreach (var found in knowledge.Found(stopping))
            foreach (var recall in found.GroupBy(one => one.Recall, one => one.Held))
                try
                {
                    await grains.GetGrain<IRecallGrain>(recall.Key).Reached([.. recall], 0);
                }
                catch (Exception failure) when (!stopping.IsCancellationRequested)
                {
                    // The pharmacy has barred the lots all the same, and is counted when somebody there acknowledges.
                    LogBroken(recall.Key, failure.Message);
                }
    }

    private async Task Spread(Recall recall, long turn, CancellationToken stopping)
    {
        var (owner, found, gate, visited, withoutLots) = (grains.GetGrain<IRecallGrain>(recall.Id), new List<RecallHolding>(), new Lock(), 0, 0);
        await Parallel.ForEachAsync(Speaking(recall, stopping), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stopping }, async (pharmacy, cancelled) =>
        {
            var reach = await Ask(recall, pharmacy, cancelled);
            RecallHolding[] page = [];
            lock (gate)
            {
                (visited, withoutLots) = (visited + 1, withoutLots + (reach.HasUnknownLots ? 1 : 0));
                if (reach.IsBarred)
                    found.Add(RecallHolding.Of(pharmacy, reach));
                if (found.Count == RecallRules.MostInRow)
                {
                    page = [.. found];
                    found.Clear();
                }
            }
            if (page.Length > 0)
                await owner.Reached(page, visited);
        });
        if (found.Count > 0)
            await owner.Reached(found, visited);
        await owner.Spread(turn, visited, withoutLots);
        LogSpread(recall.Id, visited);
    }

    // Only what pharmacies say in public is read, so that those which have never heard of the product are not woken.
    private async IAsyncEnumerable<PharmacyId> Speaking(Recall recall, [EnumeratorCancellation] CancellationToken stopping)
    {
        await foreach (var state in journal.PublicStates(StockStreams.Prefix, stopping))
            if (StockStreams.TryRead(state.Stream, out var pharmacy) && StockFacts.SpeaksOf(state.Payload.Span, recall.Cip13))
                yield return pharmacy;
    }

    private async Task<RecallReach> Ask(Recall recall, PharmacyId pharmacy, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await grains.GetGrain<IStockGrain>(pharmacy.Value).ApplyRecall(recall);
            }
            catch (Exception failure) when (attempt < Attempts && failure is JournalException or TimeoutException or OrleansException)
            {
                await Task.Delay(Again, clock.Time, stopping);
            }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Recall {Id} has not been taken to every pharmacy yet: {Cause}. It will be tried again.")]
    private partial void LogBroken(string id, string cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Recall {Id} was taken to {Visited} pharmacies that speak of the product.")]
    private partial void LogSpread(string id, int visited);
}
