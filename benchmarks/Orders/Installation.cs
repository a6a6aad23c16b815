using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NodaTime;
using Npgsql;
using Realtime.Journal;
using Realtime.Keys;
using Realtime.Products;
using Realtime.Tests;
using Realtime.Web.Counter;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;
using Realtime.Web.Orders;
using Realtime.Web.Stock;

namespace Realtime.Benchmarks.Orders;

/// <summary>
/// The product as a cluster runs it, on a PostgreSQL server of its own with fsync and synchronous_commit on: a silo, and a web node that follows the journal and tells screens.
/// Both live in this process; the web node is a client of the silo by TCP and reads the journal by itself, as in a process of its own.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly PostgresInstance _server;
    private readonly IHost _silo;
    private readonly WebApplication _web;

    private Installation(PostgresInstance server, string connection, IHost silo, WebApplication web) => (_server, Connection, _silo, _web) = (server, connection, silo, web);

    /// <summary>The database.</summary>
    public string Connection { get; }

    /// <summary>Where the database listens.</summary>
    public int Port => _server.Port;

    /// <summary>Calls grains from within the silo's process.</summary>
    public IGrainFactory Grains => _silo.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The silo's journal.</summary>
    public IJournal Journal => _silo.Services.GetRequiredService<IJournal>();

    /// <summary>The product's clock.</summary>
    public Clock Clock => _silo.Services.GetRequiredService<Clock>();

    /// <summary>Address of the web node.</summary>
    public Uri Web => new(_web.Urls.First());

    /// <summary>How far the web node's knowledge lies behind.</summary>
    public Duration Lag => Clock.Now - _web.Services.GetRequiredService<Country>().Standing.AsOf;

    /// <summary>Starts all of it and waits until the web node knows the country.</summary>
    public static async Task<Installation> Start()
    {
        var server = await PostgresInstance.Start(FreePort());
        var connection = await server.NewDatabase();
        await RequireDurability(connection);
        // Mid-morning of a working day, whenever this runs: orders ring, grow loud after a minute, and have their deadlines the same day.
        var clock = new Clock(new ShiftedTime(Instant.FromUtc(2027, 3, 2, 9, 0)));
        var settings = Settings(connection);
        var silo = Silo(connection, clock, settings);
        var web = WebNode(clock, settings);
        _ = silo.Services.GetRequiredService<IJournal>();
        _ = silo.Services.GetRequiredService<IKeyStore>();
        await silo.StartAsync();
        _ = web.Services.GetRequiredService<IJournal>();
        await web.StartAsync();
        while (!web.Services.GetRequiredService<Country>().Standing.Ready || silo.Services.GetRequiredService<Shelf>().Catalogue is null)
            await Task.Delay(50);
        return new(server, connection, silo, web);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
        await _silo.StopAsync();
        _silo.Dispose();
        await _server.Stop();
    }

    private static Dictionary<string, string?> Settings(string connection) => new()
    {
        ["ConnectionStrings:Realtime"] = connection,
        ["Realtime:SiloPort"] = $"{FreePort()}",
        ["Realtime:GatewayPort"] = $"{FreePort()}",
        ["Realtime:RateLimits"] = "false",
        ["Realtime:HubConnections"] = "1000000",
        ["Logging:LogLevel:Default"] = "Error",
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Error",
        ["urls"] = $"http://127.0.0.1:{FreePort()}",
    };

    private static IHost Silo(string connection, Clock clock, Dictionary<string, string?> settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton(clock);
        builder.AddClusterSilo(connection);
        return builder.Build();
    }

    // As web/Program.cs, without what no screen of this benchmark asks for.
    private static WebApplication WebNode(Clock clock, Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddSingleton(clock);
        builder.AddEdge();
        builder.AddStore();
        builder.AddIdentity();
        builder.AddLive();
        builder.AddStock();
        builder.AddCounter();
        builder.AddOrders();
        var app = builder.Build();
        app.UseEdge();
        app.UseIdentity();
        app.MapSignIn();
        app.MapCounter();
        app.MapLive();
        return app;
    }

    private static async Task RequireDurability(string connection)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        foreach (var setting in (string[])["fsync", "synchronous_commit", "full_page_writes"])
        {
            await using var command = source.CreateCommand($"SHOW {setting}");
            if ($"{await command.ExecuteScalarAsync()}" != "on")
                throw new InvalidOperationException($"{setting} is not on: nothing that this server says it has written would count.");
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The system's time, shifted; it runs at its usual speed.</summary>
    private sealed class ShiftedTime(Instant start) : TimeProvider
    {
        private readonly TimeSpan _shift = start.ToDateTimeOffset() - System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;
    }
}
