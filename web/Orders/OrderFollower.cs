using NodaTime;
using Realtime.Journal;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Web.Counter;
using Realtime.Web.Edge;
using Realtime.Web.Live;

namespace Realtime.Web.Orders;

/// <summary>
/// Tells counters and buyers of this node what happened to their orders, whichever node it was written on. A row only says which orders changed; what they are now is asked
/// of the queue that owns them, and only where somebody here watches. Each pharmacy is asked apart, so that one that does not answer delays no other; it is asked again until it does.
/// </summary>
internal sealed partial class OrderFollower(Country country, Counters counters, Watches watches, IGrainFactory grains, OrderSecrets secrets, Clock clock, ILogger<OrderFollower> log) : IRowFollower
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly Lock _gate = new();
    private readonly Dictionary<PharmacyId, News> _pending = [];
    private readonly HashSet<PharmacyId> _asking = [];

    /// <inheritdoc/>
    public string Prefix => OrderJson.Prefix;

    /// <inheritdoc/>
    /// <remarks>Nobody watches yet.</remarks>
    public ValueTask Begin(IJournal journal, CancellationToken stopping) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask Take(IReadOnlyList<JournalRow> rows, IJournal journal, CancellationToken stopping)
    {
        foreach (var row in rows)
            if (PharmacyId.TryParse(row.Stream[Prefix.Length..], out var pharmacy) && (counters.HasAnybody(pharmacy) || watches.WatchesOrdersOf(pharmacy)))
                Note(pharmacy, OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span), row.At, stopping);
        return ValueTask.CompletedTask;
    }

    private void Note(PharmacyId pharmacy, OrderEvent happened, Instant at, CancellationToken stopping)
    {
        lock (_gate)
        {
            if (!_pending.TryGetValue(pharmacy, out var news))
                _pending[pharmacy] = news = new();
            news.Changed.UnionWith(happened.Touches);
            if (happened is OrderPlaced placed)
                news.Placed.Add(placed.Id);
            foreach (var shortage in happened.Short ?? [])
                news.Short[shortage.Cip13] = shortage;
            news.At = Instant.Max(news.At, at);
            if (!_asking.Add(pharmacy))
                return;
        }
        _ = Task.Run(() => Tell(pharmacy, stopping), stopping);
    }

    private async Task Tell(PharmacyId pharmacy, CancellationToken stopping)
    {
        while (Next(pharmacy) is { } news)
            try
            {
                var orders = news.Changed.Count == 0 ? [] : await grains.GetGrain<IOrderQueueGrain>(pharmacy.Value).Some([.. news.Changed]);
                if (country.TryFind(pharmacy, out var place))
                    Post(place, news, orders);
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                LogWaits(pharmacy, failure.Message);
                GiveBack(pharmacy, news);
                await Task.Delay(Pause, clock.Time, stopping);
            }
    }

    private void Post(Place place, News news, IReadOnlyList<OrderView> orders)
    {
        var zone = place.Zone.Time;
        var at = Moments.In(zone, news.At);
        foreach (var order in orders)
        {
            counters.Tell(order.Id.Pharmacy, CounterOrderItem.Of(order, zone), news.Placed.Contains(order.Id));
            watches.Tell(order.Id, () => new OrderChanged(order.Id.ToString(), OrderItem.Of(order, zone, secrets), order.Seq, at));
        }
        foreach (var shortage in news.Short.Values)
            counters.Tell(place.Facts.Record.Id, new StockShort(shortage.Cip13.ToString(), shortage.Held, shortage.OnHand));
    }

    private News? Next(PharmacyId pharmacy)
    {
        lock (_gate)
        {
            if (_pending.Remove(pharmacy, out var news))
                return news;
            _asking.Remove(pharmacy);
            return null;
        }
    }

    private void GiveBack(PharmacyId pharmacy, News news)
    {
        lock (_gate)
            if (_pending.TryGetValue(pharmacy, out var later))
                later.Include(news);
            else
                _pending[pharmacy] = news;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Counters of {Pharmacy} wait for news of their orders: {Cause}")]
    private partial void LogWaits(PharmacyId pharmacy, string cause);

    private sealed class News
    {
        public HashSet<OrderId> Changed { get; } = [];

        public HashSet<OrderId> Placed { get; } = [];

        public Dictionary<Realtime.Products.Cip13, StockShortage> Short { get; } = [];

        public Instant At { get; set; } = Instant.MinValue;

        public void Include(News earlier)
        {
            Changed.UnionWith(earlier.Changed);
            Placed.UnionWith(earlier.Placed);
            foreach (var (cip13, shortage) in earlier.Short)
                Short.TryAdd(cip13, shortage);
        }
    }
}
