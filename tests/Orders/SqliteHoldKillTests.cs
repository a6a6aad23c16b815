using Realtime.Tests.Cluster;

namespace Realtime.Tests.Orders;

[Collection(nameof(ClusterTests))]
public sealed class SqliteHoldKillTests(ITestOutputHelper output) : HoldKillSuite("SQLite, one process", output)
{
    private protected override async Task<KillableService> Start(params (string, string)[] settings) => await EmbeddedService.Start(settings);
}
