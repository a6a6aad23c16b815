using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;

namespace Realtime.Tests.Orders;

/// <summary>Many callers on a service that is killed while they call, and what must hold afterwards.</summary>
/// <param name="service">The service.</param>
/// <param name="pharmacies">How many pharmacies they call.</param>
/// <param name="orders">How many orders are to be acknowledged.</param>
internal sealed class OrderCampaign(KillableService service, int pharmacies, int orders)
{
    private const int Callers = 32, MostAskedAgain = 1_000;
    private static readonly string[] Retries = ["503 overloaded", "409 request-in-flight"];

    private readonly Callers _callers = new(service, [.. Takers(pharmacies)]);
    private readonly ConcurrentQueue<Wish> _wishes = [];
    private readonly ConcurrentQueue<string> _acknowledged = [];
    private readonly Dictionary<PharmacyId, PlainShelf?> _shelves = [];
    private readonly Stopwatch _watch = new();
    private int _last;

    public IReadOnlyList<PharmacyId> Pharmacies { get; } = [.. Takers(pharmacies)];

    /// <summary>Two of which the law lets a buyer have several boxes.</summary>
    public IReadOnlyList<Cip13> Products { get; } = Sold(2);

    public bool IsOver => _acknowledged.Count >= orders;

    /// <summary>Ids of the orders that somebody was told are taken.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>How often each answer came, by status and word.</summary>
    public IReadOnlyDictionary<string, int> Answers => _callers.Answers;

    /// <summary>The token of a counter.</summary>
    public Task<string> Token(PharmacyId counter) => _callers.Token(counter);

    /// <summary>How many orders were refused for want of boxes, for a while or for good.</summary>
    public int Refused => _wishes.Count(wish => wish.OutOfStock.Count > 0);

    /// <summary>Boxes held in all pharmacies, as of the last <see cref="Check"/>.</summary>
    public int Held => _shelves.Values.Sum(shelf => Products.Sum(cip13 => shelf![cip13].Held));

    /// <summary>Whether each sending has a key of its own: for the negative control.</summary>
    public bool WithFreshKeys { get; init; }

    /// <summary>Pharmacies of the demo that take orders.</summary>
    public static IEnumerable<PharmacyId> Takers(int count) => DemoCountry.Create().Pharmacies.Where(pharmacy => pharmacy.HasClickAndCollect).Take(count).Select(pharmacy => pharmacy.Record.Id);

    /// <summary>Products of which the law lets a buyer have three boxes at once, each beside the others.</summary>
    public static Cip13[] Sold(int count)
    {
        var (rules, at) = (DoseRules.Of(5), NodaTime.Instant.FromUtc(2026, 11, 23, 9, 0));
        return [.. DemoProducts.Catalogue(rules, at).Products.Where(product => DoseLaw.MostBoxes(product.Cip13, product.Facts, rules, at, 5) >= 3).DistinctBy(product => product.Facts.Parts[0].Substance).Take(count).Select(product => product.Cip13)];
    }

    public static Request RequestOf(Wish wish) => new(HttpMethod.Post, $"/api/v1/pharmacies/{wish.Pharmacy}/orders", new
    {
        lines = wish.Lines.Select(line => new { cip13 = line.Cip13.ToString(), quantity = line.Quantity }),
        buyer = new { name = "Claude Martin", birthDate = "1985-04-23", phone = wish.Phone },
        consent = true,
    });

    public static Request RequestOf(PharmacyId pharmacy, Cip13 cip13, int boxes) =>
        new(HttpMethod.Put, $"/api/v1/counter/{pharmacy}/stock/{cip13}", new { quantity = boxes }, Counter: pharmacy);

    public Sender SenderOf(Random random) => new(_callers, random) { WithFreshKeys = WithFreshKeys };

    /// <summary>An act that is still to be sent.</summary>
    public Wish NewWish(PharmacyId pharmacy, string act) => Kept(new(pharmacy, act, $"wish-{Interlocked.Increment(ref _last)}"));

    /// <summary>An order that is still to be sent, of a buyer who orders nothing else.</summary>
    public Wish NewOrder(PharmacyId pharmacy, IReadOnlyList<(Cip13, int)> lines)
    {
        var number = Interlocked.Increment(ref _last);
        return Kept(new(pharmacy, Wish.Place, $"wish-{number}") { Phone = $"06{number:D8}", Lines = lines });
    }

    /// <summary>A feed that is still to be sent.</summary>
    public Wish NewFeed(PharmacyId pharmacy, FeedSaid said) => Kept(new(pharmacy, Wish.Feed, $"wish-{Interlocked.Increment(ref _last)}") { Said = said });

    public void Acknowledge(string orderId) => _acknowledged.Enqueue(orderId);

    /// <summary>Puts boxes of each product on each shelf.</summary>
    /// <param name="least">Boxes of a product at least.</param>
    /// <param name="most">Boxes of a product at most.</param>
    public Task Stock(int least = 1, int most = 50)
    {
        var random = new Random(Campaign.Seed);
        var counts = Pharmacies.SelectMany(pharmacy => Products.Select(cip13 => (Pharmacy: pharmacy, Boxes: RequestOf(pharmacy, cip13, random.Next(least, most + 1))))).ToArray();
        return Parallel.ForEachAsync(counts, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (count, stop) =>
        {
            // A cluster that has only just started may not know everything yet; what it answers meanwhile is counted with the others.
            for (var begun = Stopwatch.StartNew(); ; await Task.Delay(200, stop))
            {
                var answer = await SenderOf(new Random(Campaign.Seed)).Send(NewWish(count.Pharmacy, Wish.Stock), count.Boxes);
                if (answer.IsSuccess)
                    return;
                Assert.True(answer.Status != 500 && begun.Elapsed < TimeSpan.FromSeconds(20), $"{answer.Status} {answer.Word}\n{service.Said}");
            }
        });
    }

    /// <summary>So many buyers at once order one after another, as much as is said, and nobody does anything else.</summary>
    /// <param name="buyers">How many at once.</param>
    /// <param name="lines">What is ordered, and where.</param>
    /// <returns>The answers to those who got it.</returns>
    public async Task<IReadOnlyCollection<JsonElement>> Rush(int buyers, IReadOnlyList<(PharmacyId Pharmacy, Cip13 Cip13, int Quantity)> lines)
    {
        var taken = new ConcurrentQueue<JsonElement>();
        _watch.Start();
        await Parallel.ForEachAsync(lines.Index(), new ParallelOptions { MaxDegreeOfParallelism = buyers }, async (line, _) =>
        {
            var wish = NewOrder(line.Item.Pharmacy, [(line.Item.Cip13, line.Item.Quantity)]);
            var answer = await SenderOf(new Random(Campaign.Seed + line.Index)).Send(wish, RequestOf(wish));
            Assert.True(answer.IsSuccess || answer.Word == "out-of-stock", $"{answer.Status} {answer.Word}");
            if (answer.IsSuccess)
                taken.Enqueue(answer.Json());
        });
        _watch.Stop();
        foreach (var order in taken)
            Acknowledge(order.GetProperty("orderId").GetString()!);
        return taken;
    }

    /// <summary>Everybody calls, and the service is killed so many times meanwhile.</summary>
    public async Task Run(int kills)
    {
        _watch.Start();
        var calling = Task.WhenAll([.. Enumerable.Range(0, Callers).Select(number => new OrderCaller(this, number).Run()), .. Pharmacies.Select((pharmacy, number) => new Feeder(this, pharmacy, number).Run())]);
        for (var kill = 0; kill < kills; kill++)
        {
            while (!calling.IsCompleted && _acknowledged.Count < (kill + 1L) * orders / (kills + 1))
                await Task.Delay(10);
            if (calling.IsFaulted)
                break;
            await service.Kill(kill);
            await service.Whole();
        }
        await calling;
        _watch.Stop();
    }

    /// <summary>Sends every order that was taken once more: the answer must be the first one, byte for byte.</summary>
    /// <returns>How many were.</returns>
    public async Task<int> Replay()
    {
        var taken = _wishes.Where(wish => wish is { Act: Wish.Place, Given: not null }).ToArray();
        await Parallel.ForEachAsync(taken, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (wish, _) =>
        {
            Answer answer;
            do
                wish.Hear(answer = await _callers.Once(RequestOf(wish), wish.Key));
            while (!answer.IsDefinite);
        });
        return taken.Length;
    }

    /// <summary>Asks again, one after another, for what was refused for want of boxes: whoever can have it now is told so, and nobody else. Follows <see cref="Check"/>.</summary>
    /// <returns>How many got it.</returns>
    public async Task<int> AskAgain(OrderCheck check)
    {
        var (random, got) = (new Random(Campaign.Seed), 0);
        var free = _shelves.SelectMany(shelf => Products.Select(cip13 => (Place: (shelf.Key, cip13), Boxes: shelf.Value?[cip13].Free ?? 0))).ToDictionary(pair => pair.Place, pair => pair.Boxes);
        foreach (var wish in _wishes.Where(wish => wish is { Act: Wish.Place, Given: null, OutOfStock.Count: > 0 }).OrderBy(_ => random.Next()).Take(MostAskedAgain).ToArray())
        {
            var again = NewOrder(wish.Pharmacy, wish.Lines);
            var (answer, there) = (await SenderOf(random).Send(again, RequestOf(again)), wish.Lines.All(line => free[(wish.Pharmacy, line.Cip13)] >= line.Quantity));
            if (answer.IsSuccess != there)
                check.Add(OrderFault.RefusedWhileFree, $"{wish.Pharmacy}: asked again for {string.Join(", ", wish.Lines)} was told {answer.Status} {answer.Word}, and there {(there ? "is" : "is not")} enough");
            if (!answer.IsSuccess)
                continue;
            got++;
            Acknowledge(answer.Json().GetProperty("orderId").GetString()!);
            foreach (var (cip13, quantity) in wish.Lines)
                free[(wish.Pharmacy, cip13)] -= quantity;
        }
        return got;
    }

    /// <summary>Reads every stream and checks it against what was told.</summary>
    public async Task<OrderCheck> Check()
    {
        var (check, codes) = (new OrderCheck(), new OrderCodes(service.Secret));
        var asked = _wishes.ToLookup(wish => wish.Pharmacy);
        foreach (var pharmacy in Pharmacies)
            _shelves[pharmacy] = check.Take(pharmacy, await service.Opened(journal => journal.Read(OrderJson.StreamOf(pharmacy), 0)), [.. asked[pharmacy]], codes);
        return check;
    }

    /// <summary>Whether the service counts the boxes that its journal says. Follows <see cref="Check"/>.</summary>
    public async Task CompareShelves(OrderCheck check)
    {
        var sender = SenderOf(new Random(Campaign.Seed));
        foreach (var (pharmacy, shelf) in _shelves)
            foreach (var cip13 in Products)
            {
                var stock = (await sender.Read(new(HttpMethod.Get, $"/api/v1/counter/{pharmacy}/stock/{cip13}", Counter: pharmacy))).Json();
                var served = new Boxes(stock.GetProperty("quantity").GetInt32(), stock.GetProperty("reserve").GetInt32(), stock.GetProperty("held").GetInt32(), stock.GetProperty("toReshelve").GetInt32());
                if (shelf is null || served != shelf[cip13])
                    check.Add(OrderFault.Ledger, $"{pharmacy}: the service counts {served} of {cip13}, its journal {shelf?[cip13]}");
            }
    }

    /// <summary>Answers that a caller can do nothing with: neither done, nor a refusal with a reason, nor to be tried again.</summary>
    /// <param name="processDies">Whether calls may find nobody.</param>
    public IReadOnlyList<string> Worse(bool processDies) =>
        [.. Answers.Keys.Where(answer => !Retries.Contains(answer) && (answer.StartsWith('5') || answer.StartsWith('0') && !processDies || answer.EndsWith("no-problem", StringComparison.Ordinal)))];

    public string Line(string name, int kills, OrderCheck check, int replayed, int again) =>
        $"| {name} | {_acknowledged.Count} orders acknowledged | {check.Found} acts found | {kills} kills | {check.Feeds} feeds | {check.Rows} rows | {Answers.Values.Sum()} calls | {_watch.Elapsed.TotalSeconds:F0} s | {_acknowledged.Count / _watch.Elapsed.TotalSeconds:F0}/s | "
        + $"{replayed} replayed | {Refused} refused | {again} had it later | {string.Join(", ", Enum.GetValues<OrderFault>().Select(kind => $"{kind} {check.Count(kind)}"))} | seed {Campaign.Seed} |";

    private Wish Kept(Wish wish)
    {
        _wishes.Enqueue(wish);
        return wish;
    }
}
