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
        var unclear = new Dictionary<string, List<Said>>(StringComparer.Ordinal);
        foreach (var row in rows)
            if (StockStreams.TryRead(row.Stream, out var pharmacy) && CrossedLevels.Announced(row.Event.Payload.Span, out var levels))
                Take(new(pharmacy, row.Seq, levels), row.Stream, unclear);
        foreach (var (stream, held) in unclear)
            await TakeAll(stream, held, journal, stopping);
    }

    // What comes after a row that is not clear is held back: it goes on top of the levels that are still to be read.
    private void Take(Said said, string stream, Dictionary<string, List<Said>> unclear)
    {
        if (unclear.TryGetValue(stream, out var held))
            held.Add(said);
        else if (!Take(said))
            unclear.Add(stream, [said]);
    }

    private bool Take(Said said) => said.Levels is { } levels && shelves.Take(said.Pharmacy, said.Seq, levels);

    private async Task TakeAll(string stream, List<Said> held, IJournal journal, CancellationToken stopping)
    {
        await foreach (var state in journal.PublicStates(stream, stopping))
            if (state.Stream == stream)
                Take(state);
        // The state was read after these rows and holds all levels that they name; until when they are believed may be said by a row alone.
        foreach (var said in held)
            Take(said);
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

    /// <summary>What a row of a pharmacy's stream says of its levels; null where the stream's public state must say it.</summary>
    private readonly record struct Said(PharmacyId Pharmacy, long Seq, RowLevels? Levels);
}
