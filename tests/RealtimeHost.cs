using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Tests;

/// <summary>
/// The whole product in this process, on real Kestrel, real Orleans and a real SQLite file of its own, with a clock that may be
/// set to another moment and then runs at its usual speed.
/// </summary>
public sealed class RealtimeHost : IAsyncDisposable
{
    private readonly Factory _factory;
    private readonly bool _ownsData;

    private RealtimeHost(Factory factory, string dataDirectory, bool ownsData) => (_factory, DataDirectory, _ownsData) = (factory, dataDirectory, ownsData);

    public string DataDirectory { get; }

    public Uri Address => _factory.ClientOptions.BaseAddress;

    public IServiceProvider Services => _factory.Services;

    public HttpClient Client { get; private init; } = null!;

    internal ShiftedTime Time => _factory.Time;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="demo">Whether the demo country is there.</param>
    /// <param name="start">What its clock shows at the start; null for the real time.</param>
    /// <param name="stands">Whether its clock stands still there until it is set.</param>
    /// <param name="dataDirectory">A store that exists; null for a new one, deleted in the end.</param>
    /// <param name="around">Put around the node's journal.</param>
    /// <param name="settings">By their names in the configuration; these come last, so <c>Realtime:RateLimits</c>, which is off here, may be switched on.</param>
    /// <param name="services">What the node has beside or instead of its own services.</param>
    internal static async Task<RealtimeHost> Start(bool demo, Instant? start = null, string? dataDirectory = null, Func<IJournal, IJournal>? around = null,
        IReadOnlyDictionary<string, string>? settings = null, Action<IServiceCollection>? services = null, bool stands = false)
    {
        var directory = dataDirectory ?? Directory.CreateTempSubdirectory("realtime-").FullName;
        var time = new ShiftedTime(start);
        if (stands && start is { } at)
            time.Stop(at);
        var factory = new Factory(directory, demo, time, around, settings, services);
        factory.UseKestrel(0);
        factory.StartServer();
        var host = new RealtimeHost(factory, directory, dataDirectory is null) { Client = new HttpClient { BaseAddress = factory.ClientOptions.BaseAddress } };
        await host.Client.WaitUntilReady(TimeSpan.FromSeconds(60));
        return host;
    }

    /// <summary>A SignalR client on <c>/hubs/live</c>, started.</summary>
    public async Task<HubConnection> Connect(bool messagePack = false, Action<HubConnection>? before = null)
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(Address, "/hubs/live"));
        if (messagePack)
            builder.AddMessagePackProtocol();
        var connection = builder.Build();
        before?.Invoke(connection);
        await connection.StartAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _factory.DisposeAsync();
        if (_ownsData)
            Directory.Delete(DataDirectory, recursive: true);
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    internal sealed class Factory(string dataDirectory, bool demo, ShiftedTime time, Func<IJournal, IJournal>? around, IReadOnlyDictionary<string, string>? settings, Action<IServiceCollection>? more)
        : WebApplicationFactory<Realtime.Web.Live.Country>
    {
        public ShiftedTime Time => time;

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            builder.UseSetting("Realtime:DataDirectory", dataDirectory);
            builder.UseSetting("Realtime:Demo", demo ? "true" : "false");
            builder.UseSetting("Realtime:SiloPort", FreePort().ToString());
            builder.UseSetting("Realtime:GatewayPort", FreePort().ToString());
            builder.UseSetting("Logging:LogLevel:Default", "Error");
            // These tests call more often than anybody may.
            builder.UseSetting("Realtime:RateLimits", "false");
            foreach (var (name, value) in settings ?? new Dictionary<string, string>())
                builder.UseSetting(name, value);
            builder.ConfigureServices(services =>
            {
                services.AddSingleton(new Clock(time));
                more?.Invoke(services);
                if (around is null)
                    return;
                var inner = services.Last(s => s.ServiceType == typeof(IJournal));
                services.Remove(inner);
                services.AddSingleton<IJournal>(provider => around((IJournal)ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!)));
            });
        }
    }
}

/// <summary>The system's time, shifted so that it showed a given instant when this was made; it runs at its usual speed, unless it was stopped.</summary>
public sealed class ShiftedTime(Instant? start) : TimeProvider
{
    private TimeSpan _shift = start is { } s ? s.ToDateTimeOffset() - System.GetUtcNow() : TimeSpan.Zero;
    private volatile object? _stands;

    public override DateTimeOffset GetUtcNow() => _stands is DateTimeOffset at ? at : System.GetUtcNow() + _shift;

    public Instant Now => Instant.FromDateTimeOffset(GetUtcNow());

    /// <summary>Shows another instant from now on.</summary>
    public void Set(Instant now) => _shift = now.ToDateTimeOffset() - System.GetUtcNow();

    /// <summary>Shows an instant and stands still.</summary>
    public void Stop(Instant at) => _stands = at.ToDateTimeOffset();
}

internal static class Readiness
{
    /// <summary>Asks until the answer is 200; fails when the patience is over, with the last answer.</summary>
    public static async Task WaitUntilReady(this HttpClient client, TimeSpan patience)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        string last;
        do
        {
            try
            {
                using var answer = await client.GetAsync("/health/ready");
                if (answer.StatusCode == HttpStatusCode.OK)
                    return;
                last = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
            }
            catch (HttpRequestException e)
            {
                last = e.Message;
            }
            await Task.Delay(20);
        }
        while (TimeProvider.System.GetElapsedTime(deadline) < patience);
        Assert.Fail($"Not ready within {patience}: {last}");
    }
}
