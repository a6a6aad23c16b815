using System.Text.Json;
using Realtime.Journal;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Live;

namespace Realtime.Web.Stock;

/// <summary>
/// Keeps <see cref="Shelves"/> in step with the journal: most rows say nothing of levels, those that do name the levels that crossed or say until when all are believed, and
/// where that is not enough the stream's public state says all of them.
/// </summary>
internal sealed partial class StockFollower(Shelves shelves, ILogger<StockFollower> log) : IRowFollower
{
    public string Prefix => StockStreams.Prefix;

    public async ValueTask Begin(IJournal journal, CancellationToken stopping)
    {
        await foreach (var state in journal.PublicStates(Prefix, stopping))
            Take(state);
    }

    public async ValueTask Take(IReadOnlyList<JournalRow> rows, IJournal journal, CancellationToken stopping)
    {
        var unclear = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
            if (StockStreams.TryRead(row.Stream, out var pharmacy) && CrossedLevels.Announced(row.Event.Payload.Span, out var said)
                && (said is null || !shelves.Take(pharmacy, row.Seq, said)))
                unclear.Add(row.Stream);
        foreach (var stream in unclear)
            await foreach (var state in journal.PublicStates(stream, stopping))
                if (state.Stream == stream)
                    Take(state);
    }

    private void Take(PublicState state)
    {
        if (!StockStreams.TryRead(state.Stream, out var pharmacy))
            return;
        try
        {
            shelves.Take(StockFacts.Read(state.Payload.Span));
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            // A newer program may have written it. That pharmacy's levels are unknown then; the others are none the worse.
            LogNotUnderstood(e, pharmacy);
            shelves.Take(new StockFacts(pharmacy, state.Seq, new Dictionary<Cip13, StockLevel>()));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The stored levels of {Id} are not understood by this version; what it has is unknown.")]
    private partial void LogNotUnderstood(Exception e, PharmacyId id);
}
