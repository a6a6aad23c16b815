using Realtime.Tests.Orders;

namespace Realtime.Tests.OnCall;

/// <summary>Duties are exchanged while the product is killed with SIGKILL in full work.</summary>
/// <param name="name">Of the store, for the figures.</param>
/// <param name="output">Takes the figures.</param>
public abstract class SwapKillSuite(string name, ITestOutputHelper output)
{
    [Fact]
    public async Task No_half_of_a_swap_is_ever_there_and_what_was_confirmed_holds_whoever_is_killed_meanwhile()
    {
        var kills = Campaign.Long ? 100 : 2;
        await using var service = await Start();
        await using var campaign = new SwapCampaign(service);
        await campaign.Begin();
        await campaign.Run(kills, between: 4);
        await campaign.Check();

        output.WriteLine($"{name}: {kills} kills, {campaign.Confirmed} swaps confirmed, {campaign.Repeated} requests sent again, {campaign.Looks} looks at all duties: half swaps 0, lost 0, made twice 0");
        Assert.Empty(campaign.Sentences);
        Assert.True(campaign.Confirmed > kills && campaign.Looks > kills && campaign.Repeated > 0, "Nothing was going on while it was killed.");
    }

    /// <summary>The product on a store of its own.</summary>
    private protected abstract Task<KillableService> Start();
}

[Collection(nameof(KillSuites))]
public sealed class SqliteSwapKillTests(ITestOutputHelper output) : SwapKillSuite("SQLite, one process", output)
{
    private protected override async Task<KillableService> Start() => await EmbeddedService.Start();
}

/// <summary>The only silo and the only web node are killed in turns.</summary>
[Collection(nameof(KillSuites))]
public sealed class PostgresSwapKillTests(PostgresServer server, ITestOutputHelper output) : SwapKillSuite("PostgreSQL, silo and web", output)
{
    private protected override async Task<KillableService> Start() => await DividedService.Start(await server.NewDatabase());
}
