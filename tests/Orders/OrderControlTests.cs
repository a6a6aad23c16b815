using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Orleans.TestingHost;
using Realtime.Idempotency;
using Realtime.Identity;
using Realtime.Journal;
using Realtime.Keys;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Tests.Journal;

namespace Realtime.Tests.Orders;

/// <summary>Negative controls: what the campaigns look for is found where a guard is taken away, and is not found where it stands.</summary>
public sealed class OrderControlTests : IDisposable
{
    private const int Boxes = 30, Buyers = 80;
    private static readonly PharmacyId Pharmacy = OrderCampaign.Takers(1).Single();
    private static readonly Cip13 Product = OrderSilo.Sold(boxes: 3);
    private readonly DataDirectory _data = DataDirectory.Open(Directory.CreateTempSubdirectory("realtime-control-").FullName, "/");
    private readonly ShiftedTime _time = new(Instant.FromUtc(2026, 11, 23, 9, 30));

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _data.Dispose();
        Directory.Delete(_data.Path, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_activations_of_one_queue_only_the_fence_keeps_each_from_undoing_what_the_other_promised(bool fenced)
    {
        await using var one = await Silo(fenced);
        await using var two = await Silo(fenced);
        var queues = new[] { one, two }.Select(silo => silo.Client.GetGrain<IOrderQueueGrain>(Pharmacy.Value)).ToArray();
        await Asked(() => one.Client.GetGrain<IStockGrain>(Pharmacy.Value).Count(Product, Boxes, null, null, "test"));
        // Both know the stock before either sells.
        _ = await two.Client.GetGrain<IStockGrain>(Pharmacy.Value).Boxes(Product);
        var codes = new OrderCodes(Secret.Parse(Secret.Demo));
        var wishes = await Task.WhenAll(Enumerable.Range(0, Buyers).Select(buyer => Buy(queues[buyer % 2], buyer, codes)));

        var check = new OrderCheck();
        using var dialect = new SqliteDialect(_data.Database);
        using var journal = new SqlJournal(dialect, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<SqlJournal>.Instance);
        check.Take(Pharmacy, await journal.Read(OrderJson.StreamOf(Pharmacy), 0), wishes, codes);

        var told = wishes.Count(wish => wish.Given is not null);
        TestContext.Current.TestOutputHelper?.WriteLine($"fenced {fenced}: {told} orders acknowledged of {Boxes} boxes, {string.Join(", ", Enum.GetValues<OrderFault>().Select(kind => $"{kind} {check.Count(kind)}"))}");
        if (fenced)
        {
            Assert.Equal([], check.Sentences);
            Assert.Equal(Boxes, told);
            return;
        }
        Assert.True(check.Count(OrderFault.Missing) > 0 && check.Count(OrderFault.Hole) > 0, "The campaign would not see a missing fence.");
        Assert.True(told > Boxes, "No box was promised twice.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_the_key_keeps_a_request_that_is_sent_again_from_being_carried_out_again(bool withFreshKeys)
    {
        await using var service = new HostedService(await RealtimeHost.Start(demo: true));
        var campaign = new OrderCampaign(service, pharmacies: 4, orders: 200) { WithFreshKeys = withFreshKeys };
        await campaign.Stock();
        await campaign.Run(kills: 0);

        var check = await campaign.Check();

        TestContext.Current.TestOutputHelper?.WriteLine(campaign.Line($"fresh keys {withFreshKeys}", 0, check, 0, 0));
        if (withFreshKeys)
            Assert.True(check.Count(OrderFault.Duplicate) > 0, "The campaign would not see what is carried out twice.");
        else
            Assert.Equal([], check.Sentences);
    }

    [Fact]
    public void A_refusal_while_there_was_enough_and_a_promise_beyond_what_there_is_are_seen()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 2);
        counter.Place(2);
        var (told, stock) = (counter.Now, counter.State.CountOf(Counter.Ibuprofen));
        Assert.Equal(0, stock!.Value.Available);
        var rows = RowsOf(counter.Events);
        var wish = new Wish(Counter.Pharmacy, Wish.Place, "k") { Lines = [(Counter.Ibuprofen, 1)] };
        wish.Hear(new(409, "out-of-stock", [], told, told));
        Assert.Equal([], Checked(rows, wish).Sentences);

        var early = new Wish(Counter.Pharmacy, Wish.Place, "k") { Lines = [(Counter.Ibuprofen, 1)] };
        early.Hear(new(409, "out-of-stock", [], told - Duration.FromMinutes(2), told - Duration.FromMinutes(1)));
        Assert.Equal(1, Checked(rows, early).Count(OrderFault.RefusedWhileFree));

        var oversold = RowsOf([.. counter.Events, (((OrderPlaced)counter.Events[^1].Happened) with { Id = counter.Asks().Id }, counter.Now)]);
        Assert.Equal(1, Checked(oversold).Count(OrderFault.Oversold));
    }

    [Fact]
    public void A_feed_from_which_boxes_handed_over_since_were_not_taken_off_again_is_seen()
    {
        var counter = new Counter().With(Counter.Ibuprofen, 10);
        counter.PlaceUpTo(OrderState.Collected, 2);
        var said = new FeedSaid(1, FeedKind.Snapshot, counter.Now - Duration.FromMinutes(5), [(Counter.Ibuprofen, 10)]);
        var wish = new Wish(Counter.Pharmacy, Wish.Feed, "k") { Said = said };
        counter.Now += Duration.FromSeconds(1);
        var before = counter.State;
        // Somebody counted, which would stand against an older feed, before all that.
        counter.Take(counter.Fed(said.Kind, said.TakenAt, (Counter.Ibuprofen, 10, null, null)));
        Assert.Equal([], Checked(RowsOf(counter.Events), wish).Sentences);

        var forgetful = FeedRules.Take(before with { HandedOver = [] }, counter.Fed(said.Kind, counter.Now, (Counter.Ibuprofen, 10, null, null)) with { Seq = 1 }, counter.Page, counter.Now);
        var rows = RowsOf([.. counter.Events.SkipLast(1), ((StockFed)forgetful.Happened! with { TakenAt = said.TakenAt }, counter.Now)]);
        Assert.True(Checked(rows, wish).Count(OrderFault.Ledger) > 0, "The campaign would not see boxes that come back from the dead.");
    }

    private static OrderCheck Checked(IReadOnlyList<JournalRow> rows, params Wish[] wishes)
    {
        var check = new OrderCheck();
        check.Take(Counter.Pharmacy, rows, wishes, new OrderCodes(Secret.Parse(Secret.Demo)));
        return check;
    }

    private static List<JournalRow> RowsOf(IReadOnlyList<(OrderEvent Happened, Instant At)> events)
    {
        var rows = new List<JournalRow>();
        foreach (var (happened, at) in events)
        {
            var (kind, version, payload) = OrderJson.Write(happened);
            var row = new JournalRow(OrderJson.StreamOf(Counter.Pharmacy), rows.Count + 1, 1, rows.Count + 1, at, new JournalEvent(kind, version, "a", "test", payload), default);
            rows.Add(row with { Hash = JournalHash.Of(rows.Count == 0 ? default : rows[^1].Hash.Span, row) });
        }
        return rows;
    }

    private static async Task<Wish> Buy(IOrderQueueGrain queue, int buyer, OrderCodes codes)
    {
        var wish = new Wish(Pharmacy, Wish.Place, $"wish-{buyer}") { Phone = $"06{buyer:D8}", Lines = [(Product, 1)] };
        var asked = new OrderAsked { Lines = [new(Product, 1)], Buyer = new("Claude Martin", wish.Phone, null, "1985-04-23"), Consent = true };
        var answer = await Asked(() => queue.Place(asked, new RequestKey(codes.KeyOf(wish), "order"), "buyer"));
        if (answer.Receipt is { } receipt)
            wish.Hear(new(201, "", JsonSerializer.SerializeToUtf8Bytes(new { orderId = receipt.Id.ToString() }), receipt.At, receipt.At));
        return wish;
    }

    // Whoever is fenced asks again, as every node does.
    private static async Task<T> Asked<T>(Func<Task<T>> ask)
    {
        for (var tries = 0; ; tries++)
            try
            {
                return await ask();
            }
            catch (Exception lost) when (lost is JournalException or OrleansException && tries < 100)
            {
                // Fenced, or on its way to an activation that has just ended so: the next one reads the truth.
            }
    }

    private async Task<InProcessTestCluster> Silo(bool fenced)
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(_data).AddSqliteJournal().AddSqliteKeys();
            if (!fenced)
                silo.Services.AddSingleton<JournalDialect>(services => new AlteredDialect(services.GetRequiredService<SqliteDialect>()) { Insert = SqliteJournalTests.Overwriting });
            silo.AddSqliteSnapshots().AddSqliteReminders();
            silo.AddOrdersForTests(_time);
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
