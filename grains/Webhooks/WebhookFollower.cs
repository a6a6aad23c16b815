using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Realtime.Journal;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Stock;

namespace Realtime.Webhooks;

/// <summary>
/// In every silo: knows which pharmacies have webhooks, and wakes them when something happened there that may be told. When it begins, it wakes all of them, since nobody may
/// have been here to follow; what was in the middle of being sent, the grain's reminder wakes too.
/// </summary>
internal sealed partial class WebhookFollower(IJournal journal, IGrainFactory grains, Clock clock, ILogger<WebhookFollower> log) : BackgroundService
{
    private const int MostWaking = 64, MostDoublings = 8;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly string[] Kinds = [.. OrderJson.AllKinds.Where(kind => kind != WebhookMessages.Untold), .. WebhookMessages.PageKinds, .. WebhookJson.AllKinds];
    private readonly HashSet<PharmacyId> _book = [];
    // Whom to wake, and the newest rows that are known of them.
    private readonly Dictionary<PharmacyId, WebhookCursor> _toWake = [];
    // Whom nobody could wake: how often in a row, and until when nobody tries again.
    private readonly Dictionary<PharmacyId, (int Times, Instant Until)> _resting = [];

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
                    await Take(WebhookStreams.Prefix, stoppingToken);
                    cursors = ends;
                }
                // The cursors move only once everything behind them has been read.
                var next = cursors.Copy();
                // Where nobody wants to be called, orders need not be read; who begins to is woken for all that there is.
                await Take(await journal.TailOf(next, _book.Count == 0 ? WebhookJson.AllKinds : Kinds, stoppingToken), stoppingToken);
                cursors = next;
                await WakeAll();
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure.Message);
            }
        while (await beat.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Take(IReadOnlyList<JournalRow> rows, CancellationToken stopping)
    {
        foreach (var stream in rows.Select(row => row.Stream).Where(stream => WebhookStreams.TryRead(stream, out _)).Distinct(StringComparer.Ordinal))
            await Take(stream, stopping);
        foreach (var row in rows)
            if (StockStreams.TryRead(row.Stream, out var pharmacy))
                Note(pharmacy, row.Seq, 0);
            else if (PharmacyStreams.Is(row.Stream) && PharmacyId.TryParse(row.Stream[PharmacyStreams.Prefix.Length..], out pharmacy))
                Note(pharmacy, 0, row.Seq);
    }

    private async Task Take(string prefix, CancellationToken stopping)
    {
        await foreach (var state in journal.PublicStates(prefix, stopping))
            if (WebhookStreams.TryRead(state.Stream, out var pharmacy))
            {
                if (WebhookJson.ReadFacts(state.Payload.Span).Wanted.Count == 0)
                    _book.Remove(pharmacy);
                else if (_book.Add(pharmacy))
                    Note(pharmacy, 0, 0);
            }
    }

    private void Note(PharmacyId pharmacy, long orders, long page)
    {
        if (!_book.Contains(pharmacy))
            return;
        _toWake[pharmacy] = _toWake.TryGetValue(pharmacy, out var known) switch
        {
            // Whoever is to look at everything looks at these as well.
            true when known == WebhookCursor.Start => known,
            true => new(Math.Max(known.Orders, orders), Math.Max(known.Page, page)),
            false => new(orders, page),
        };
    }

    private async Task WakeAll()
    {
        var now = clock.Now;
        foreach (var some in _toWake.Where(one => !_resting.TryGetValue(one.Key, out var rest) || rest.Until <= now).ToList().Chunk(MostWaking))
            foreach (var (pharmacy, isAwake) in await Task.WhenAll(some.Select(one => Wake(one.Key, one.Value))))
                Note(pharmacy, isAwake);
    }

    // Whom nobody could wake is tried again, twice as late each time up to about a minute, and is then to look at everything.
    private void Note(PharmacyId pharmacy, bool isAwake)
    {
        if (isAwake)
        {
            _toWake.Remove(pharmacy);
            _resting.Remove(pharmacy);
            return;
        }
        var times = _resting.GetValueOrDefault(pharmacy).Times + 1;
        _toWake[pharmacy] = WebhookCursor.Start;
        _resting[pharmacy] = (times, clock.Now + (Duration.FromTimeSpan(Poll) * Math.Pow(2, Math.Min(times, MostDoublings))));
    }

    private async Task<(PharmacyId Pharmacy, bool IsAwake)> Wake(PharmacyId pharmacy, WebhookCursor known)
    {
        try
        {
            await grains.GetGrain<IWebhookGrain>(pharmacy.Value).Wake(known.Orders, known.Page);
            return (pharmacy, true);
        }
        catch (Exception failure)
        {
            LogWaits(pharmacy, failure.Message);
            return (pharmacy, false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What webhooks are to tell could not be read ({Cause}); it is asked for again at once.")]
    private partial void LogFailed(string cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhooks of {Pharmacy} were not woken ({Cause}); they are again in a while.")]
    private partial void LogWaits(PharmacyId pharmacy, string cause);
}
