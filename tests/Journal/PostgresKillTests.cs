using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>Two processes write the same streams at once and are killed; a reader follows them all the while.</summary>
public sealed class PostgresKillTests(PostgresServer server) : KillSuite, IAsyncLifetime
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;
    private NpgsqlDataSource? _source;
    private SqlJournal? _journal;
    private string _connection = "";

    protected override string Store => _connection;

    protected override int Writers => 2;

    public async ValueTask InitializeAsync()
    {
        _connection = await server.NewDatabase();
        _source = PostgresSource.Open(_connection);
        _journal = new SqlJournal(new PostgresDialect(_source), TimeProvider.System, NullLogger<SqlJournal>.Instance);
        _following = Task.Run(FollowThem, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _journal?.Dispose();
        if (_source is not null)
            await _source.DisposeAsync();
        _stop.Dispose();
        _turn.Dispose();
    }

    protected override async Task<T> Opened<T>(Func<IJournal, Task<T>> read)
    {
        await _turn.WaitAsync();
        try
        {
            return await read(_journal!);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task FollowThem()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Opened(Follow);
            await Task.Delay(20);
        }
    }
}
