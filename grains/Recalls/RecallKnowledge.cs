using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Journal;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Stock;

namespace Realtime.Recalls;

/// <summary>
/// In every silo: the recalls, as known at most a tenth of a second ago, for grains that must give nobody a box of a recalled lot. It follows the journal as web nodes do;
/// until it has read it once, whoever asks waits.
/// </summary>
internal sealed partial class RecallKnowledge(IJournal journal, Clock clock, ILogger<RecallKnowledge> log) : BackgroundService
{
    private static readonly string[] Kinds = [.. RecallJson.FactKinds, OrderJson.RecalledKind];
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<(string Recall, RecallHolding Held)[]> _found =
        Channel.CreateBounded<(string, RecallHolding)[]>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    private RecallBook _book = RecallBook.Empty;

    /// <summary>What is known.</summary>
    public ValueTask<RecallBook> Current => _begun.Task.IsCompletedSuccessfully ? new(Volatile.Read(ref _book)) : Begun();

    /// <summary>Somebody brings a recall along, whose row this silo may not have read yet; from here on it is known. What is known already is not unlearned.</summary>
    public void Seen(Recall recall) => ImmutableInterlocked.Update(ref _book, static (book, recall) => book.With(recall), recall);

    /// <summary>Boxes that pharmacies have found, as their rows tell. For one reader.</summary>
    public IAsyncEnumerable<(string Recall, RecallHolding Held)[]> Found(CancellationToken stopping) => _found.Reader.ReadAllAsync(stopping);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Give the host its thread back: an embedded store answers synchronously.
        await Task.Yield();
        LaneCursors? cursors = null;
        using var beat = new PeriodicTimer(Poll, clock.Time);
        do
            try
            {
                if (cursors is null)
                {
                    // Noted before the states are read: a change in between is read twice, never missed.
                    var ends = await journal.Ends(stoppingToken);
                    await Take(RecallStreams.Prefix, stoppingToken);
                    cursors = ends;
                    _begun.TrySetResult();
                }
                // The cursors move only once everything behind them has been read.
                var next = cursors.Copy();
                var rows = await journal.TailOf(next, Kinds, stoppingToken);
                foreach (var stream in rows.Select(row => row.Stream).Where(stream => stream.StartsWith(RecallStreams.Prefix, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
                    await Take(stream, stoppingToken);
                TellFound(rows);
                cursors = next;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure.Message);
            }
        while (await beat.WaitForNextTickAsync(stoppingToken));
    }

    private void TellFound(IReadOnlyList<JournalRow> rows)
    {
        var found = rows.Where(row => row.Event.Kind == OrderJson.RecalledKind && StockStreams.TryRead(row.Stream, out _)).Select(Read).ToArray();
        if (found.Length > 0)
            _found.Writer.TryWrite(found);
    }

    private static (string Recall, RecallHolding Held) Read(JournalRow row)
    {
        var recalled = (LotsRecalled)OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span);
        return (recalled.Recall, new(PharmacyId.Parse(row.Stream[StockStreams.Prefix.Length..]), recalled.Boxes, recalled.Orders.Count));
    }

    private async Task Take(string prefix, CancellationToken stopping)
    {
        await foreach (var state in journal.PublicStates(prefix, stopping))
            if (state.Stream.StartsWith(RecallStreams.Prefix, StringComparison.Ordinal))
                Seen(RecallJson.ReadFacts(state.Payload.Span));
    }

    private async ValueTask<RecallBook> Begun()
    {
        await _begun.Task;
        return Volatile.Read(ref _book);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Recalls could not be read ({Cause}); they are asked for again at once.")]
    private partial void LogFailed(string cause);
}
