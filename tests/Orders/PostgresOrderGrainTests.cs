using Npgsql;
using Realtime.Journal;
using Realtime.Keys;

namespace Realtime.Tests.Orders;

public sealed class PostgresOrderGrainTests(PostgresServer server) : OrderGrainSuite
{
    private NpgsqlDataSource? _source;

    public override async ValueTask InitializeAsync()
    {
        _source = PostgresSource.Open(await server.NewDatabase());
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_source is not null)
            await _source.DisposeAsync();
    }

    protected override void Configure(ISiloBuilder silo)
    {
        silo.Services.AddPostgresJournal(_source!).AddPostgresKeys(_source!, PostgresSource.Setting);
        silo.AddPostgresSnapshots().AddPostgresReminders();
    }
}
