using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Realtime.Journal;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Stock;

namespace Realtime.Recalls;

/// <summary>
/// In every silo: the recalls, as known at most a tenth of a second ago, for grains that must give nobody a box of a recalled lot. Until they have been read once, whoever asks waits.
/// </summary>
internal sealed class RecallKnowledge(IJournal journal, Clock clock, ILogger<RecallKnowledge> log)
    : FactsFollower("Recalls", RecallStreams.Prefix, TimeSpan.FromMilliseconds(100), journal, clock, log)
{
    private static readonly string[] Followed = [.. RecallJson.FactKinds, OrderJson.RecalledKind];
    private readonly Channel<(string Recall, RecallHolding Held)[]> _found =
        Channel.CreateBounded<(string, RecallHolding)[]>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest });

    private RecallBook _book = RecallBook.Empty;

    /// <summary>What is known.</summary>
    public ValueTask<RecallBook> Current => Begun.IsCompletedSuccessfully ? new(Volatile.Read(ref _book)) : OnceBegun();

    /// <summary>Somebody brings a recall along, whose row this silo may not have read yet; from here on it is known. What is known already is not unlearned.</summary>
    public void Seen(Recall recall) => ImmutableInterlocked.Update(ref _book, static (book, recall) => book.With(recall), recall);

    /// <summary>Boxes that pharmacies have found, as their rows tell. For one reader.</summary>
    public IAsyncEnumerable<(string Recall, RecallHolding Held)[]> Found(CancellationToken stopping) => _found.Reader.ReadAllAsync(stopping);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Kinds => Followed;

    /// <inheritdoc/>
    protected override void Take(PublicState state) => Seen(RecallJson.ReadFacts(state.Payload.Span));

    /// <inheritdoc/>
    protected override void Take(IReadOnlyList<JournalRow> rows)
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

    private async ValueTask<RecallBook> OnceBegun()
    {
        await Begun;
        return Volatile.Read(ref _book);
    }
}
