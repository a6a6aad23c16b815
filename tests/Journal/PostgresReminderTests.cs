using Microsoft.Extensions.Hosting;

namespace Realtime.Tests.Journal;

/// <summary>The same on PostgreSQL, a database for each test.</summary>
public sealed class PostgresReminderTests(PostgresServer server) : ReminderSuite, IAsyncLifetime
{
    private string _connection = "";

    public async ValueTask InitializeAsync() => _connection = await server.NewDatabase();

    public ValueTask DisposeAsync() => default;

    protected override void Register(HostApplicationBuilder builder) => builder.AddClusterSilo(_connection);
}
