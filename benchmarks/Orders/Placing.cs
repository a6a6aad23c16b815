using System.Collections.Concurrent;
using System.Diagnostics;
using NodaTime;
using Realtime.Idempotency;
using Realtime.Journal;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Benchmarks.Orders;

/// <summary>
/// Buyers who place orders, each another one, through the whole grain path. What was acknowledged is remembered and held against the journal, the stock and the screens: a fast
/// wrong run fails.
/// </summary>
internal sealed class Placing : IAsyncDisposable
{
    private const int Boxes = 1_000_000, AtOnce = 32, Rows = 10_000;
    private static readonly Cip13 Ibuprofen = Cip13.Parse("3400938358926");

    // As the web node keeps its references; and so does what this is compared with.
    private readonly ConcurrentDictionary<PharmacyId, IOrderQueueGrain> _queues = new();
    private readonly ConcurrentDictionary<PharmacyId, int> _held = new();
    private readonly ConcurrentQueue<OrderId> _unverified = new();
    private readonly Installation _installation;
    private readonly LaneCursors _cursors;
    private readonly IReadOnlyList<Screen> _screens;
    private long _buyers;

    private Placing(Installation installation, LaneCursors cursors, IReadOnlyList<Screen> screens) => (_installation, _cursors, _screens) = (installation, cursors, screens);

    /// <summary>Every pharmacy that takes orders.</summary>
    public static IReadOnlyList<PharmacyId> Pharmacies { get; } =
        [.. DemoCountry.Create().Pharmacies.Where(pharmacy => pharmacy.Page?.Modules is { ClickAndCollect: true }).Select(pharmacy => pharmacy.Record.Id)];

    /// <summary>Orders that were found where they belong.</summary>
    public int Verified { get; private set; }

    /// <summary>How long after it was placed each order rang, at the counters with a screen.</summary>
    public IEnumerable<Duration> Delays => _screens.SelectMany(screen => screen.Delays);

    /// <summary>Before the first order: the first so many pharmacies get a screen at their counter.</summary>
    public static async Task<Placing> Begin(Installation installation, int screens) =>
        new(installation, await installation.Journal.Ends(), await Task.WhenAll(Pharmacies.Take(screens).Select(pharmacy => Screen.Join(installation, pharmacy))));

    /// <summary>Fills the shelves of some pharmacies, and places the first order in each: that is when a queue asks for its reminder.</summary>
    public async Task Open(IEnumerable<PharmacyId> pharmacies)
    {
        foreach (var some in pharmacies.Where(id => !_held.ContainsKey(id)).Chunk(AtOnce))
            await Task.WhenAll(some.Select(async id =>
            {
                var answer = await Patiently.Ask(() => _installation.Grains.GetGrain<IStockGrain>(id.Value).Count(Ibuprofen, Boxes, null, null, "benchmark"));
                if (answer.Stock is not { OnHand: Boxes })
                    throw new InvalidOperationException($"The shelf of {id} could not be filled: {answer.Refusal}.");
                await Place(id);
            }));
        await Verify();
    }

    /// <summary>
    /// So many buyers at a time for a while, each of whom orders again as soon as he is answered; orders a second. Only then all of them are verified, and cancelled, so that the
    /// next turn finds queues as short as this one did.
    /// </summary>
    /// <param name="buyers">In flight.</param>
    /// <param name="duration">How long.</param>
    /// <param name="where">Where each of the buyers orders.</param>
    public async Task<double> Turn(int buyers, TimeSpan duration, Func<int, PharmacyId> where)
    {
        var placed = Enumerable.Range(0, buyers).Select(_ => new List<OrderId>()).ToArray();
        var rate = await Load.Run(buyers, duration, async buyer => placed[buyer].Add(await Place(where(buyer))));
        await Verify();
        await CancelAll(placed);
        return rate;
    }

    /// <summary>Gives a pharmacy a history of orders that were placed and cancelled; how many a second were placed.</summary>
    /// <param name="pharmacy">Where.</param>
    /// <param name="orders">How many.</param>
    /// <param name="buyers">In flight.</param>
    public async Task<double> Fill(PharmacyId pharmacy, int orders, int buyers)
    {
        var watch = Stopwatch.StartNew();
        var shares = await Task.WhenAll(Enumerable.Range(0, buyers).Select(async buyer =>
        {
            List<OrderId> placed = [];
            for (var i = buyer; i < orders; i += buyers)
                placed.Add(await Place(pharmacy));
            return placed;
        }));
        var rate = orders / watch.Elapsed.TotalSeconds;
        await Verify();
        await CancelAll(shares);
        return rate;
    }

    /// <summary>One order of one box by a buyer whom nobody has seen before; durable when it returns.</summary>
    public async Task<OrderId> Place(PharmacyId pharmacy)
    {
        var buyer = Interlocked.Increment(ref _buyers);
        var (asked, request) = (Asked(buyer), new RequestKey($"{buyer:D22}", "AAAAAAAAAAAAAAAAAAAAAA"));
        var queue = _queues.GetOrAdd(pharmacy, static (id, grains) => grains.GetGrain<IOrderQueueGrain>(id.Value), _installation.Grains);
        var answer = await Patiently.Ask(() => queue.Place(asked, request, "buyer"));
        if (answer is not { Receipt.Id: var order })
            throw new InvalidOperationException($"{pharmacy} refused an order: {answer.Refusal}.");
        _unverified.Enqueue(order);
        _held.AddOrUpdate(pharmacy, 1, (_, before) => before + 1);
        return order;
    }

    /// <summary>
    /// Every order that was acknowledged since the last time is in the journal, once, and no other is; every box of them is held, and no other; and each of them has rung where
    /// there is a screen.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not so; the message names the first that is wrong.</exception>
    public async Task Verify()
    {
        OrderId[] acknowledged = [.. _unverified];
        _unverified.Clear();
        var missing = acknowledged.ToHashSet();
        if (missing.Count != acknowledged.Length)
            throw new InvalidOperationException("Two orders were given one id.");
        while (await _installation.Journal.Tail(_cursors, Rows) is { Count: > 0 } rows)
            foreach (var row in rows.Where(row => row.Event.Kind == "order.placed"))
                if (OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span) is not OrderPlaced placed || row.Stream != OrderJson.StreamOf(placed.Id.Pharmacy) || !missing.Remove(placed.Id))
                    throw new InvalidOperationException($"Row {row.Seq} of {row.Stream} holds an order that nobody was answered, or holds it again.");
        if (missing.Count > 0)
            throw new InvalidOperationException($"{missing.Count} orders were acknowledged and are not in the journal, {missing.First()} among them.");
        foreach (var some in _held.Chunk(AtOnce))
            await Task.WhenAll(some.Select(pair => VerifyStock(pair.Key, pair.Value)));
        foreach (var screen in _screens)
            await screen.WaitFor(acknowledged.Where(order => order.Pharmacy == screen.Pharmacy));
        Verified += acknowledged.Length;
    }

    /// <summary>The chain of every stream that was written holds from its first row to its last.</summary>
    /// <exception cref="InvalidOperationException">One does not.</exception>
    public async Task VerifyChains()
    {
        foreach (var pharmacy in _held.Keys)
            if (JournalHash.FirstBroken(await _installation.Journal.Read(OrderJson.StreamOf(pharmacy), 0)) is { } broken)
                throw new InvalidOperationException($"The chain of {OrderJson.StreamOf(pharmacy)} is broken at row {broken}.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var screen in _screens)
            await screen.DisposeAsync();
    }

    private Task CancelAll(IEnumerable<List<OrderId>> shares) => Task.WhenAll(shares.Select(async share =>
    {
        foreach (var order in share)
            await Cancel(order);
    }));

    private async Task Cancel(OrderId order)
    {
        var answer = await Patiently.Ask(() => _installation.Grains.GetGrain<IOrderQueueGrain>(order.Pharmacy.Value).Cancel(order, null, "buyer"));
        // Asked again it is refused, since it was cancelled then.
        if (answer.Refusal is { State: not OrderState.Cancelled } refusal)
            throw new InvalidOperationException($"Order {order} could not be cancelled: {refusal}.");
        _held.AddOrUpdate(order.Pharmacy, 0, (_, before) => before - 1);
    }

    private async Task VerifyStock(PharmacyId pharmacy, int held)
    {
        var stock = await Patiently.Ask(() => _installation.Grains.GetGrain<IStockGrain>(pharmacy.Value).Boxes(Ibuprofen));
        if (stock is null || stock.Held != held || stock.OnHand != Boxes)
            throw new InvalidOperationException($"{pharmacy} should hold {held} boxes of {Boxes} and holds {stock?.Held} of {stock?.OnHand}.");
    }

    private static OrderAsked Asked(long buyer) => new()
    {
        Lines = [new(Ibuprofen, 1)],
        Buyer = new($"Buyer {buyer}", $"06{buyer:D8}", $"buyer{buyer}@example.org", "1985-04-23"),
        Answers = """{"treated":{"relation":"self","birthYear":1985,"weightKg":70}}""",
        Answered = true,
        Consent = true,
        Note = "After six in the evening, please.",
    };
}
