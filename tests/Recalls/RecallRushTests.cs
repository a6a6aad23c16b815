using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Journal;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Recalls;
using Realtime.Stock;
using Realtime.Tests.Cluster;
using Realtime.Tests.Counter;
using Realtime.Tests.Orders;
using Realtime.Web.Stock;

namespace Realtime.Tests.Recalls;

/// <summary>A recall over the whole country; timed, hence alone on the machine.</summary>
[Collection(nameof(ClusterTests))]
public sealed class RecallRushTests(ITestOutputHelper output)
{
    private const string Recalled = "RECALLED", Good = "GOOD";
    private const int WithOrders = 10;
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);
    private static readonly Cip13 Product = Cip13.Parse(OrderDesk.Suppository);
    private static readonly CounterHand Hand = new("pharmacist", true, null);

    [Fact]
    public async Task A_recalled_lot_is_barred_in_every_pharmacy_that_holds_it_within_five_seconds_and_no_order_with_it_becomes_ready()
    {
        await using var desk = new OrderDesk(await RealtimeHost.Start(demo: true, start: OrderDesk.MondayTen));
        var country = await Fill(desk);
        var (concerned, spared) = (await Place(desk, country.Holders), await Place(desk, country.Others));
        var ears = await Task.WhenAll(concerned.Select(async order => (await Ear.AtCounter(desk, order.Pharmacy.Value)).Ear));
        await When(Stopwatch.StartNew(), () => Task.FromResult(country.Holders.Concat(country.Others).All(id => LevelOf(desk, id) == StockLevel.InStock)));
        var journal = desk.Host.Services.GetRequiredService<IJournal>();
        var cursors = await journal.Ends();

        var clock = Stopwatch.StartNew();
        var recall = (await desk.Send(HttpMethod.Post, "/api/v1/recalls", await desk.Token("operator"), new { reference = "MED26/117", cip13 = OrderDesk.Suppository, lots = new[] { Recalled }, source = "ANSM" }).Expect(201)).Text("id")!;
        var answered = clock.Elapsed;
        var all = await Task.WhenAll(
            When(clock, async () => (await Task.WhenAll(concerned.Select(order => Ready(desk, order)))).All(answer => answer.Refusal?.Kind == OrderRefusalKind.LotRecalled)),
            When(clock, async () => (await Task.WhenAll(concerned.Select(order => Order(desk, order.Pharmacy.Value)))).All(answer => answer.Refusal?.Kind == OrderRefusalKind.OutOfStock)),
            When(clock, Counting(country.Holders.Length, async () => (await journal.TailOf(cursors, [OrderJson.RecalledKind])).Count)),
            When(clock, () => Task.FromResult(country.Holders.All(id => LevelOf(desk, id) == StockLevel.OutOfStock))),
            When(clock, Counting(ears.Length, async () => (await Task.WhenAll(ears.Select(ear => ear.Next("RecallReceived")))).Length)),
            When(clock, async () => await Standing(desk, recall) is { Recall.IsSpread: true, Holders: var holders } && holders == country.Holders.Length));

        output.WriteLine($"| {country.Holders.Length} of {country.Holders.Length + country.Others.Length} pharmacies hold the lot | declared {answered.TotalSeconds:F2} s | orders not made ready {all[0]:F2} s | orders refused {all[1]:F2} s | rows {all[2]:F2} s | levels {all[3]:F2} s | {ears.Length} counters {all[4]:F2} s | taken to all of them {all[5]:F2} s |");
        Assert.All(all, seconds => Assert.InRange(seconds, 0, Promise.TotalSeconds));
        foreach (var order in concerned)
        {
            // Whatever is scanned or said: a box of the lot is in no bag.
            Assert.Equal(OrderRefusalKind.LotRecalled, (await Ready(desk, order)).Refusal!.Kind);
            Assert.Equal(OrderRefusalKind.LotRecalled, (await Ready(desk, order, Scanned(Good, Recalled) with { RecallChecked = true })).Refusal!.Kind);
            Assert.Null((await Ready(desk, order, Scanned(Good, Good))).Refusal);
        }
        // The negative control: an order where only another lot lies asks nobody anything.
        Assert.All(await Task.WhenAll(spared.Select(order => Ready(desk, order))), answer => Assert.Null(answer.Refusal));
        Assert.All(country.Others, id => Assert.Equal(StockLevel.InStock, LevelOf(desk, id)));
        foreach (var ear in ears)
            await ear.DisposeAsync();
    }

    /// <summary>Some pharmacies hold the lot that will be recalled, the others one that will not; all of them speak of the product.</summary>
    private static async Task<(PharmacyId[] Holders, PharmacyId[] Others)> Fill(OrderDesk desk)
    {
        var demo = DemoCountry.Create().Pharmacies;
        var (holders, pharmacies) = Campaign.Long ? (2_000, demo.Count) : (50, 150);
        var grains = desk.Host.Services.GetRequiredService<IGrainFactory>();
        // Those that take orders come first and last, so that both kinds have some.
        PharmacyId[] country = [.. demo.OrderByDescending(pharmacy => pharmacy.HasClickAndCollect).Take(pharmacies).Select(pharmacy => pharmacy.Record.Id)];
        PharmacyId[] orders = [.. country.Take(2 * WithOrders)];
        PharmacyId[] chosen = [.. orders.Take(WithOrders), .. country.Skip(2 * WithOrders).Take(holders - WithOrders)];
        var isHolder = chosen.ToHashSet();
        await Parallel.ForEachAsync(country, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (id, _) =>
            await grains.Feed(id.Value, desk.Now, !isHolder.Contains(id) ? [(Product, 12, Good)] : orders.Contains(id) ? [(Product, 9, Recalled), (Product, 3, Good)] : [(Product, 9, Recalled)]));
        return (chosen, [.. country.Where(id => !isHolder.Contains(id))]);
    }

    // Two boxes each: with the one that is never promised they are all that a holder has of the good lot.
    private static async Task<OrderId[]> Place(OrderDesk desk, PharmacyId[] pharmacies) => await Task.WhenAll(pharmacies.Take(WithOrders).Select(async id =>
    {
        var placed = (await Order(desk, id.Value)).Receipt!.Id;
        Assert.Null((await desk.Queue(id.Value).Accept(placed, Hand, null)).Refusal);
        return placed;
    }));

    private static Task<PlaceAnswer> Order(OrderDesk desk, string id) => desk.Queue(id).Place(
        new() { Lines = [new(Product, 2)], Buyer = new("Zoé Été", $"06 {desk.NextKey()}", null, "1985-04-23"), Consent = true }, new(desk.NextKey(), "order"), "buyer");

    private static Task<OrderAnswer> Ready(OrderDesk desk, OrderId order, BoxCheck? check = null) => desk.Queue(order.Pharmacy.Value).Ready(order, Hand, check ?? BoxCheck.None, null);

    private static BoxCheck Scanned(params string[] lots) => new([.. lots.Select(lot => new ScannedBox(Product, lot, null, null))], false);

    private static StockLevel LevelOf(OrderDesk desk, PharmacyId id) => desk.Host.Services.GetRequiredService<Shelves>().LevelsOf(id).FirstOrDefault(one => one.Product == Product).Level;

    private static Task<RecallPage?> Standing(OrderDesk desk, string recall) => desk.Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRecallGrain>(recall).Page(null, 1);

    private static Func<Task<bool>> Counting(int awaited, Func<Task<int>> more)
    {
        var count = 0;
        return async () => (count += await more()) >= awaited;
    }

    /// <summary>The seconds until something is so.</summary>
    private static async Task<double> When(Stopwatch clock, Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), "It does not come to that.");
            await Task.Delay(10);
        }
        return clock.Elapsed.TotalSeconds;
    }
}
