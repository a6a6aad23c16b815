
namespace Realtime.Tests.Orders;

[Collection(nameof(KillSuites))]
public sealed class PostgresHoldKillTests(PostgresServer server, ITestOutputHelper output) : HoldKillSuite("PostgreSQL, silo and web", output)
{
    private protected override async Task<KillableService> Start(params (string, string)[] settings) => await DividedService.Start(await server.NewDatabase(), settings);
}
