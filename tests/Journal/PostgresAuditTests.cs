using Npgsql;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>The same on PostgreSQL, verified beside the silo that goes on writing there.</summary>
public sealed class PostgresAuditTests(PostgresServer server) : AuditSuite
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
