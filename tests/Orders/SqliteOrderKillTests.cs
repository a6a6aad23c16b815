namespace Realtime.Tests.Orders;

[Collection(nameof(KillSuites))]
public sealed class SqliteOrderKillTests(ITestOutputHelper output) : OrderKillSuite("SQLite, one process", output)
{
    private protected override async Task<KillableService> Start() => await EmbeddedService.Start();
}
