using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Tests.Cluster;

namespace Realtime.Tests.Orders;

/// <summary>Many buyers at once on few boxes, over HTTP; timed, hence alone on the machine.</summary>
[Collection(nameof(ClusterTests))]
public sealed class OrderRushTests(ITestOutputHelper output)
{
    private const int Buyers = 500, MostOrdered = 3;

    [Fact]
    public async Task Five_hundred_buyers_of_one_pharmacy_are_promised_what_is_there_and_nobody_is_sent_away_from_what_is_left()
    {
        await using var service = new HostedService(await RealtimeHost.Start(demo: true));
        var stocks = Campaign.Long ? Enumerable.Range(1, 50).ToArray() : [1, 2, 7, 19, 50];
        // Each round in a pharmacy of its own.
        var campaign = new OrderCampaign(service, stocks.Length, Buyers * stocks.Length);
        var random = new Random(Campaign.Seed);
        var sold = 0;
        foreach (var (round, boxes) in stocks.Index())
        {
            var (pharmacy, product) = (campaign.Pharmacies[round], campaign.Products[0]);
            Assert.True((await campaign.SenderOf(random).Send(campaign.NewWish(pharmacy, Wish.Stock), OrderCampaign.RequestOf(pharmacy, product, boxes))).IsSuccess);
            var taken = await campaign.Rush(Buyers, [.. Enumerable.Range(0, Buyers).Select(_ => (pharmacy, product, 1 + random.Next(MostOrdered)))]);
            Assert.Equal(boxes, taken.Sum(order => order.GetProperty("lines")[0].GetProperty("quantity").GetInt32()));
            sold += boxes;
        }
        await AssertFair(campaign, $"one pharmacy at a time, {stocks.Length} rounds, {sold} boxes");
    }

    [Fact]
    public async Task Five_hundred_buyers_over_a_thousand_pharmacies_are_promised_what_is_there_and_nobody_is_sent_away_from_what_is_left()
    {
        var (pharmacies, orders) = (1_000, Campaign.Long ? 50_000 : 5_000);
        await using var service = new HostedService(await RealtimeHost.Start(demo: true));
        var campaign = new OrderCampaign(service, pharmacies, orders);
        await campaign.Stock();
        var random = new Random(Campaign.Seed);
        // Some pharmacies are asked far more often than others, so that many run out.
        (PharmacyId, Cip13, int)[] asked = [.. Enumerable.Range(0, orders).Select(_ =>
            (campaign.Pharmacies[(int)(pharmacies * Math.Pow(random.NextDouble(), 4))], campaign.Products[random.Next(campaign.Products.Count)], 1 + random.Next(MostOrdered)))];
        await campaign.Rush(Buyers, asked);
        await AssertFair(campaign, $"{pharmacies} pharmacies");
    }

    private async Task AssertFair(OrderCampaign campaign, string name)
    {
        var before = await campaign.Check();
        var again = await campaign.AskAgain(before);
        var after = await campaign.Check();
        output.WriteLine(campaign.Line(name, 0, after, 0, again));
        Assert.Equal([], before.Sentences);
        Assert.Equal([], after.Sentences);
        Assert.Empty(campaign.Worse(processDies: false));
        // Nothing was given back: whoever was refused once is refused for ever.
        Assert.Equal(0, again);
        Assert.True(campaign.Refused > 0, "Nobody was refused.");
    }
}
