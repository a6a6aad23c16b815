[assembly: AssemblyFixture(typeof(Realtime.Tests.PostgresServer))]

namespace Realtime.Tests;

/// <summary>The tests' own PostgreSQL server: started when the first test asks for a database, stopped and deleted when the run ends.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private PostgresInstance? _running;

    /// <summary>A new empty database; its connection string.</summary>
    public async Task<string> NewDatabase() => await (await Started()).NewDatabase();

    /// <summary>Where the server keeps its files, once everything that it was told has been written to them.</summary>
    public async Task<string> Files() => await (await Started()).Files();

    public async ValueTask DisposeAsync()
    {
        if (_running is not null)
            await _running.Stop();
        _starting.Dispose();
    }

    private async Task<PostgresInstance> Started()
    {
        await _starting.WaitAsync();
        try
        {
            return _running ??= await PostgresInstance.Start(RealtimeHost.FreePort());
        }
        finally
        {
            _starting.Release();
        }
    }
}
