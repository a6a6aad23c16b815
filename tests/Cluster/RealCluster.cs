using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.Tests.Cluster;

/// <summary>Two silos and two web nodes as real processes on one PostgreSQL database, and the tests' own Orleans client.</summary>
internal sealed class RealCluster : IAsyncDisposable
{
    private readonly string _store;
    private readonly (int Silo, int Gateway)[] _ports = [(RealtimeHost.FreePort(), RealtimeHost.FreePort()), (RealtimeHost.FreePort(), RealtimeHost.FreePort())];
    private readonly ProductProcess[] _silos = new ProductProcess[2];
    private readonly List<ProductProcess> _webs = [];
    private IHost? _client;

    private RealCluster(string store) => _store = store;

    public List<HttpClient> Webs { get; } = [];

    public string Store => _store;

    /// <summary>What its processes wrote.</summary>
    public string Said => string.Join('\n', _silos.Concat(_webs).Select((process, number) => $"process {number}:\n{process.Said}"));

    public IJournal Journal => _client!.Services.GetRequiredService<IJournal>();

    /// <param name="store">The database.</param>
    /// <param name="secondWeb">How the second web node reaches it; null for the same way.</param>
    /// <param name="webSettings">Settings of the web nodes.</param>
    public static async Task<RealCluster> Start(string store, string? secondWeb = null, params (string Name, string Value)[] webSettings)
    {
        var cluster = new RealCluster(store);
        cluster.StartSilo(0);
        cluster.StartSilo(1);
        foreach (var way in new[] { store, secondWeb ?? store })
        {
            cluster._webs.Add(ProductProcess.WebNode(way, out var http, settings: webSettings));
            cluster.Webs.Add(http);
        }
        try
        {
            await cluster.Connect();
            await cluster.Members(2);
            foreach (var web in cluster.Webs)
                await web.WaitUntilReady(TimeSpan.FromSeconds(60));
        }
        catch
        {
            // No process is left behind where it does not come up.
            await cluster.DisposeAsync();
            throw;
        }
        return cluster;
    }

    public void StartSilo(int which) => _silos[which] = ProductProcess.SiloNode(_store, _ports[which].Silo, _ports[which].Gateway);

    /// <summary>Waits until the cluster has so many members that are alive and known to be.</summary>
    public async Task Members(int count)
    {
        var management = _client!.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(90), $"The cluster did not come to {count} members.\n{Said}");
            try
            {
                if ((await management.GetHosts(onlyActive: true)).Count == count)
                    return;
            }
            catch (Exception e) when (e is TimeoutException or OrleansException)
            {
                // The management grain itself has moved from the silo that was killed: ask again.
            }
        }
    }

    public async Task KillSilo(int which)
    {
        await _silos[which].Kill();
        _silos[which].Dispose();
    }

    public IPharmacyGrain Pharmacy(string id) => _client!.Services.GetRequiredService<IGrainFactory>().GetGrain<IPharmacyGrain>(id);

    public Realtime.People.ITeamGrain Team(string id) => _client!.Services.GetRequiredService<IGrainFactory>().GetGrain<Realtime.People.ITeamGrain>(id);

    public static async Task<JsonElement> Page(HttpClient web, string id) => await web.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{id}");

    public static async Task<HubConnection> Watch(HttpClient web, Action<JsonElement> changed, params IEnumerable<string> ids)
    {
        var phone = new HubConnectionBuilder().WithUrl(new Uri(web.BaseAddress!, "/hubs/live")).Build();
        phone.On("PharmacyChanged", changed);
        await phone.StartAsync();
        foreach (var id in ids)
            await phone.InvokeAsync<JsonElement>("WatchPharmacy", id);
        return phone;
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.StopAsync();
            _client.Dispose();
        }
        foreach (var process in _webs.Concat(_silos))
            process?.Dispose();
        Webs.ForEach(w => w.Dispose());
    }

    private async Task Connect()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Configuration["Realtime:Secret"] = ProductProcess.Secret;
        builder.AddClusterClient(_store);
        _client = builder.Build();
        _ = _client.Services.GetRequiredService<IJournal>();
        await _client.StartAsync();
    }
}
