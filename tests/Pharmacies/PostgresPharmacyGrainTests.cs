using Npgsql;
using Realtime.Journal;

namespace Realtime.Tests.Pharmacies;

public sealed class PostgresPharmacyGrainTests(PostgresServer server) : PharmacyGrainSuite
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
        silo.Services.AddPostgresJournal(_source!);
        silo.AddPostgresSnapshots();
    }
}
