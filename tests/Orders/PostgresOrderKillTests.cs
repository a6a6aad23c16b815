namespace Realtime.Tests.Orders;

/// <summary>The only silo and the only web node are killed in turns.</summary>
[Collection(nameof(KillSuites))]
public sealed class PostgresOrderKillTests(PostgresServer server, ITestOutputHelper output) : OrderKillSuite("PostgreSQL, silo and web", output)
{
    private protected override async Task<KillableService> Start() => await DividedService.Start(await server.NewDatabase());
}
