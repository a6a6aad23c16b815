using Npgsql;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>Two processes fence each other on every stream, the checkpoints' own too.</summary>
public sealed class PostgresAuditKillTests(PostgresServer server) : AuditKillSuite, IAsyncLifetime
{
    private NpgsqlDataSource? _source;
    private string _connection = "";

    protected override string Store => _connection;

    protected override int Writers => 2;

    protected override JournalDialect Dialect => new PostgresDialect(_source!);

    public async ValueTask InitializeAsync()
    {
        _connection = await server.NewDatabase();
        _source = PostgresSource.Open(_connection);
    }

    public async ValueTask DisposeAsync()
    {
        if (_source is not null)
            await _source.DisposeAsync();
    }
}
