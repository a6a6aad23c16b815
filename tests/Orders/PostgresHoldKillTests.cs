using Realtime.Tests.Cluster;

namespace Realtime.Tests.Orders;

[Collection(nameof(ClusterTests))]
public sealed class PostgresHoldKillTests(PostgresServer server, ITestOutputHelper output) : HoldKillSuite("PostgreSQL, silo and web", output)
{
    private protected override async Task<KillableService> Start(params (string, string)[] settings) => await DividedService.Start(await server.NewDatabase(), settings);
}
