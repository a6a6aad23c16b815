using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Orleans.TestingHost;
using Realtime.Identity;
using Realtime.Journal;
using Realtime.Keys;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Tests.Orders;
using Realtime.Webhooks;

namespace Realtime.Tests.Webhooks;

/// <summary>A silo on a SQLite file with orders and webhooks, whose clock is set by a test, with private addresses allowed.</summary>
public sealed class WebhookSilo : IAsyncLifetime
{
    private static readonly DemoCountry Country = DemoCountry.Create();
    private readonly DataDirectory _data = DataDirectory.Open(Directory.CreateTempSubdirectory("realtime-webhooks-").FullName, "/");
    private readonly InProcessTestCluster _cluster;
    private int _last = -1, _key;

    public WebhookSilo()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            silo.Services.AddSingleton(_data).AddSqliteJournal().AddSqliteKeys();
            silo.AddSqliteSnapshots().AddSqliteReminders();
            silo.AddOrdersForTests(Time);
            silo.Services.AddSingleton<Sealing>();
            silo.Services.AddSingleton(new WebhookGuard(allowsPrivate: true));
            silo.Services.AddSingleton<WebhookSender>();
            silo.Services.AddHostedService(services => services.GetRequiredService<WebhookSender>());
            silo.Services.AddHostedService<WebhookFollower>();
        });
        _cluster = builder.Build();
    }

    // A Monday morning, when all of the demo's pharmacies that open at all are open.
    internal ShiftedTime Time { get; } = new(Instant.FromUtc(2026, 11, 23, 9, 30));

    internal static Cip13 Box { get; } = OrderSilo.Sold(boxes: 3);

    internal IJournal Journal => _cluster.Silos[0].ServiceProvider.GetRequiredService<IJournal>();

    public async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _data.Dispose();
        Directory.Delete(_data.Path, recursive: true);
    }

    /// <summary>A pharmacy that takes orders and that no other test writes to, with some boxes.</summary>
    internal async Task<WebhookPharmacy> Next(int boxes = 100)
    {
        var id = Country.Pharmacies.Where(pharmacy => pharmacy.HasClickAndCollect).ElementAt(Interlocked.Increment(ref _last)).Record.Id;
        var pharmacy = new WebhookPharmacy(this, id);
        await pharmacy.Count(boxes);
        return pharmacy;
    }

    internal T Grain<T>(PharmacyId id) where T : IGrainWithStringKey => _cluster.Client.GetGrain<T>(id.Value);

    internal Task Deactivate(IAddressable grain) => _cluster.DeactivateAsync(grain);

    internal string NextKey() => $"key {Interlocked.Increment(ref _key)}";
}

[CollectionDefinition(nameof(WebhookSilo))]
public sealed class WebhookSiloCollection : ICollectionFixture<WebhookSilo>;

/// <summary>A pharmacy whose orders are told.</summary>
internal sealed class WebhookPharmacy(WebhookSilo silo, PharmacyId id)
{
    public PharmacyId Id => id;

    public IWebhookGrain Webhooks => silo.Grain<IWebhookGrain>(id);

    public IOrderQueueGrain Queue => silo.Grain<IOrderQueueGrain>(id);

    public Task Count(int boxes) => silo.Grain<IStockGrain>(id).Count(WebhookSilo.Box, boxes, null, null, "test");

    /// <summary>Adds an endpoint for some types, or all.</summary>
    public async Task<(string Id, string Secret)> Add(string url, params string[] events)
    {
        var added = await Webhooks.Add(url, events.Length == 0 ? WebhookMessages.Types : events, null, "p-owner");
        Assert.Null(added.Refusal);
        return (added.Webhook!.Id, added.Secret!);
    }

    /// <summary>Places an order; one that the counter writes down is not awaited by anybody, so that no pause comes of it.</summary>
    public async Task<OrderId> Place(bool byCounter = false)
    {
        var key = silo.NextKey();
        var asked = new OrderAsked { Lines = [new(WebhookSilo.Box, 1)], Buyer = new($"Zoé Été {key}", null, null, "1985-04-23"), Consent = true, ByCounter = byCounter };
        return (await Queue.Place(asked, new(key, "order"), "buyer")).Receipt!.Id;
    }

    public async Task<WebhookView> View() => Assert.Single(await Webhooks.All());
}
