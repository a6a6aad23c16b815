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
    private const int Attempts = 3, MostNamed = 20;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(200), Watch = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan[] Rests = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1)];

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
        await foreach (var key in _turns.Reader.ReadAllAsync(stopping))
        {
            var (recall, turn) = (_here[key], TurnOf(key));
            // Pharmacies that cannot be asked hold up no other recall.
            if (await IsTaken(key.Id, turn.Visit(Speaking(recall, stopping), stopping), stopping) && turn.Left.Count > 0)
                _ = GoOn(key, recall, turn, stopping);
            else
                _here.TryRemove(key, out _);
        }
    }

    private RecallTurn TurnOf((string Id, long Number) key)
    {
        var recall = _here[key];
        return new(grains.GetGrain<IRecallGrain>(key.Id), key.Number, (pharmacy, stopping) => Ask(recall, pharmacy, stopping));
    }

    // While it goes on it is here, so that nobody begins it anew.
    private async Task GoOn((string Id, long Number) key, Recall recall, RecallTurn turn, CancellationToken stopping)
    {
        await IsTaken(key.Id, TakeLeft(recall, turn, stopping), stopping);
        _here.TryRemove(key, out _);
    }

    private async Task<bool> IsTaken(string id, Task taking, CancellationToken stopping)
    {
        try
        {
            await taking;
            return true;
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            LogBroken(id, failure.Message);
            return false;
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

    /// <summary>How long those that could not be asked are left alone before they are asked again.</summary>
    /// <param name="times">How often they were, from 1.</param>
    internal static TimeSpan RestAfter(int times) => Rests[Math.Min(times, Rests.Length) - 1];

    private async Task TakeLeft(Recall recall, RecallTurn turn, CancellationToken stopping)
    {
        for (var times = 1; turn.Left.Count > 0; times++)
        {
            LogLeft(recall.Id, turn.Left.Count, string.Join(", ", turn.Left.Keys.Take(MostNamed)), turn.Left.First().Value);
            await Task.Delay(RestAfter(times), clock.Time, stopping);
            // A withdrawal makes a turn of its own, which asks these as well.
            if ((await knowledge.Current).Find(recall.Id) is { } known && known.IsActive != recall.IsActive)
                return;
            await turn.VisitLeft(stopping);
        }
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
            catch (Exception failure) when (attempt < Attempts && failure is JournalException or OrleansException)
            {
                await Task.Delay(Again, clock.Time, stopping);
            }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Recall {Id} has not been taken to every pharmacy yet: {Cause}. It will be tried again.")]
    private partial void LogBroken(string id, string cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Recall {Id} could not be taken to {Count} pharmacies ({Some}; the first because: {Cause}). They are asked again by themselves.")]
    private partial void LogLeft(string id, int count, string some, string cause);
}
