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
internal sealed partial class WebhookFollower(IJournal journal, IGrainFactory grains, Clock clock, ILogger<WebhookFollower> log)
    : FactsFollower("Webhooks", WebhookStreams.Prefix, Poll, journal, clock, log)
{
    private const int MostWaking = 64, MostDoublings = 8;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly string[] Followed = [.. OrderJson.AllKinds.Where(kind => kind != WebhookMessages.Untold), .. WebhookMessages.PageKinds, .. WebhookJson.AllKinds];
    private readonly HashSet<PharmacyId> _book = [];
    // Whom to wake, and the newest rows that are known of them.
    private readonly Dictionary<PharmacyId, WebhookCursor> _toWake = [];
    // Whom nobody could wake: how often in a row, and until when nobody tries again.
    private readonly Dictionary<PharmacyId, (int Times, Instant Until)> _resting = [];

    /// <inheritdoc/>
    /// <remarks>Where nobody wants to be called, orders need not be read; who begins to is woken for all that there is.</remarks>
    protected override IReadOnlyList<string> Kinds => _book.Count == 0 ? WebhookJson.AllKinds : Followed;

    /// <inheritdoc/>
    protected override void Take(PublicState state)
    {
        if (!WebhookStreams.TryRead(state.Stream, out var pharmacy))
            return;
        if (WebhookJson.ReadFacts(state.Payload.Span).Wanted.Count == 0)
            _book.Remove(pharmacy);
        else if (_book.Add(pharmacy))
            Note(pharmacy, 0, 0);
    }

    /// <inheritdoc/>
    protected override void Take(IReadOnlyList<JournalRow> rows)
    {
        foreach (var row in rows)
            if (StockStreams.TryRead(row.Stream, out var pharmacy))
                Note(pharmacy, row.Seq, 0);
            else if (PharmacyStreams.Is(row.Stream) && PharmacyId.TryParse(row.Stream[PharmacyStreams.Prefix.Length..], out pharmacy))
                Note(pharmacy, 0, row.Seq);
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

    /// <inheritdoc/>
    protected override async Task Settle()
    {
        var now = Clock.Now;
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
        _resting[pharmacy] = (times, Clock.Now + (Duration.FromTimeSpan(Poll) * Math.Pow(2, Math.Min(times, MostDoublings))));
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhooks of {Pharmacy} were not woken ({Cause}); they are again in a while.")]
    private partial void LogWaits(PharmacyId pharmacy, string cause);
}
