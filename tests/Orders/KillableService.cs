using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Realtime.Identity;
using Realtime.Journal;
using Realtime.Tests.Cluster;

namespace Realtime.Tests.Orders;

/// <summary>The product as real processes that a campaign calls, kills with SIGKILL and starts again.</summary>
internal abstract class KillableService : IAsyncDisposable
{
    /// <summary>Tokens are given to the demo's client in Development only.</summary>
    protected static readonly (string Name, string Value) Development = ("ASPNETCORE_ENVIRONMENT", "Development");

    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Where buyers call now.</summary>
    public abstract HttpClient Buyers { get; }

    /// <summary>Where counters call now.</summary>
    public virtual HttpClient Counters => Buyers;

    /// <summary>The installation's secret, from which codes in the journal follow.</summary>
    public abstract Secret Secret { get; }

    /// <summary>What its processes wrote, for whoever looks for what broke in them.</summary>
    public virtual string Said => "";

    /// <summary>Settings of its processes from their next start on, where it takes any.</summary>
    public (string Name, string Value)[] Settings { get; set; } = [];

    /// <summary>Kills one of its processes, which may be the only one, and starts it again.</summary>
    /// <param name="number">Which kill it is, from 0.</param>
    public abstract Task Kill(int number);

    /// <summary>Waits until all of it is there.</summary>
    public virtual Task Whole() => Buyers.WaitUntilReady(Patience);

    /// <summary>Reads the journal beside it, in whatever state it is.</summary>
    public abstract Task<T> Opened<T>(Func<IJournal, Task<T>> read);

    public abstract ValueTask DisposeAsync();

    /// <summary>Waits until what was started is whole, and leaves no process behind where it does not come to that.</summary>
    protected async Task Started()
    {
        try
        {
            await Whole();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }
}

/// <summary>One process with its store in a file.</summary>
internal sealed class EmbeddedService : KillableService
{
    private readonly string _data = Directory.CreateTempSubdirectory("realtime-orders-kill-").FullName;
    private readonly List<HttpClient> _clients = [];
    private ProductProcess? _web;
    private SqliteDialect? _dialect;
    private SqlJournal? _journal;

    private EmbeddedService()
    {
    }

    public override HttpClient Buyers => _clients[^1];

    public override Secret Secret => Secret.OfFile(Path.Combine(_data, "secret.key"));

    public override string Said => _web?.Said ?? "";

    public static async Task<EmbeddedService> Start(params (string Name, string Value)[] settings)
    {
        var service = new EmbeddedService { Settings = settings };
        service.StartWeb();
        await service.Started();
        return service;
    }

    public override async Task Kill(int number)
    {
        await _web!.Kill();
        StartWeb();
    }

    // The directory is the process's own, but a reader of the file harms nobody.
    public override Task<T> Opened<T>(Func<IJournal, Task<T>> read) =>
        read(_journal ??= new SqlJournal(_dialect = new SqliteDialect(Path.Combine(_data, "realtime.db")), TimeProvider.System, NullLogger<SqlJournal>.Instance));

    public override ValueTask DisposeAsync()
    {
        _web?.Dispose();
        _journal?.Dispose();
        _dialect?.Dispose();
        _clients.ForEach(client => client.Dispose());
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_data, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void StartWeb()
    {
        _web?.Dispose();
        _web = ProductProcess.Web(_data, demo: true, out var client, Settings);
        // Callers of the one before may still be on their way.
        _clients.Add(client);
    }
}

/// <summary>One silo and one web node on PostgreSQL, of which the one is killed and then the other: nobody stays to take over.</summary>
internal sealed class DividedService : KillableService
{
    private readonly string _store;
    private readonly NpgsqlDataSource _source;
    private readonly (int Silo, int Gateway) _ports = (RealtimeHost.FreePort(), RealtimeHost.FreePort());
    private readonly List<HttpClient> _clients = [];
    private ProductProcess? _silo, _web;
    private SqlJournal? _journal;

    private DividedService(string store) => (_store, _source) = (store, PostgresSource.Open(store));

    public override HttpClient Buyers => _clients[^1];

    public override Secret Secret => Secret.Parse(ProductProcess.Secret);

    public override string Said => $"silo:\n{_silo?.Said}\nweb:\n{_web?.Said}";

    public static async Task<DividedService> Start(string store, params (string Name, string Value)[] settings)
    {
        var service = new DividedService(store) { Settings = settings };
        service.StartSilo();
        service.StartWeb();
        await service.Started();
        return service;
    }

    public override async Task Kill(int number)
    {
        if (number % 2 == 0)
        {
            await _silo!.Kill();
            StartSilo();
        }
        else
        {
            await _web!.Kill();
            StartWeb();
        }
    }

    public override Task<T> Opened<T>(Func<IJournal, Task<T>> read) => read(_journal ??= new SqlJournal(new PostgresDialect(_source), TimeProvider.System, NullLogger<SqlJournal>.Instance));

    public override async ValueTask DisposeAsync()
    {
        _web?.Dispose();
        _silo?.Dispose();
        _journal?.Dispose();
        _clients.ForEach(client => client.Dispose());
        await _source.DisposeAsync();
    }

    private void StartSilo()
    {
        _silo?.Dispose();
        _silo = ProductProcess.SiloNode(_store, _ports.Silo, _ports.Gateway, Settings);
    }

    private void StartWeb()
    {
        _web?.Dispose();
        _web = ProductProcess.WebNode(_store, out var client, settings: [Development, .. Settings]);
        _clients.Add(client);
    }
}

/// <summary>The product in this process: nothing of it is killed.</summary>
internal sealed class HostedService(RealtimeHost host) : KillableService
{
    public override HttpClient Buyers => host.Client;

    public override Secret Secret => host.Services.GetRequiredService<Secret>();

    public override Task Kill(int number) => throw new NotSupportedException("The tests would die with it.");

    public override Task<T> Opened<T>(Func<IJournal, Task<T>> read) => read(host.Services.GetRequiredService<IJournal>());

    public override ValueTask DisposeAsync() => host.DisposeAsync();
}

/// <summary>Two silos, of which one is killed while the other stays, and two web nodes: buyers call one of them and counters the other.</summary>
internal sealed class ClusteredService : KillableService
{
    private readonly RealCluster _cluster;

    private ClusteredService(RealCluster cluster) => _cluster = cluster;

    public override HttpClient Buyers => _cluster.Webs[0];

    public override HttpClient Counters => _cluster.Webs[1];

    public override Secret Secret => Secret.Parse(ProductProcess.Secret);

    public override string Said => _cluster.Said;

    public static async Task<ClusteredService> Start(string store) => new(await RealCluster.Start(store, null, Development));

    public override async Task Kill(int number)
    {
        await _cluster.KillSilo(number % 2);
        await _cluster.Members(1);
        _cluster.StartSilo(number % 2);
    }

    public override Task Whole() => _cluster.Members(2);

    public override Task<T> Opened<T>(Func<IJournal, Task<T>> read) => read(_cluster.Journal);

    public override ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
