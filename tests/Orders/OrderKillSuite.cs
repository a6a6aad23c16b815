namespace Realtime.Tests.Orders;

/// <summary>Buyers and counters of some tens of pharmacies, each request sent once to five times, while the product is killed with SIGKILL in full work.</summary>
/// <param name="name">Of the store, for the figures.</param>
/// <param name="output">Takes the figures.</param>
public abstract class OrderKillSuite(string name, ITestOutputHelper output)
{
    [Fact]
    public async Task What_was_acknowledged_is_there_once_and_no_box_is_promised_twice_whoever_is_killed_meanwhile()
    {
        var kills = Campaign.Long ? 50 : 5;
        await using var service = await Start();
        var campaign = new OrderCampaign(service, pharmacies: Campaign.Long ? 80 : 24, orders: Campaign.Long ? 100_000 : 5_000);
        await campaign.Stock();
        await campaign.Run(kills);

        var before = await campaign.Check();
        var again = await campaign.AskAgain(before);
        var replayed = await campaign.Replay();
        var after = await campaign.Check();
        await campaign.CompareShelves(after);

        output.WriteLine(campaign.Line(name, kills, after, replayed, again));
        output.WriteLine(string.Join(", ", campaign.Answers.OrderByDescending(answer => answer.Value).Select(answer => $"{answer.Key}: {answer.Value}")));
        Assert.True(!before.Sentences.Any() && !after.Sentences.Any(), string.Join('\n', before.Sentences.Concat(after.Sentences)));
        Assert.Empty(campaign.Worse(processDies: true));
        Assert.True(again > 0, "Nobody who was refused could have it later: the campaign shows nothing of that.");
    }

    /// <summary>The product on a store of its own.</summary>
    private protected abstract Task<KillableService> Start();
}
