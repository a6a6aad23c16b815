using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;
using Realtime.Coverage;
using Realtime.Identity;
using Realtime.Journal;
using Realtime.Keys;
using Realtime.Mail;
using Realtime.OnCall;
using Realtime.Orders;
using Realtime.People;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Push;
using Realtime.Recalls;
using Realtime.Sets;
using Realtime.Webhooks;

namespace Realtime;

/// <summary>What every process of the product needs: its settings, its clock, its store, and its part in the cluster.</summary>
public static class RealtimeServices
{
    /// <summary>The connection string that puts <c>web</c> and <c>silo</c> into cluster mode, on PostgreSQL.</summary>
    public const string Store = "Realtime";

    /// <summary>The connection string of the keys of orders; where there is none they stand in a schema of their own in <see cref="Store"/>.</summary>
    private const string KeysStore = "RealtimeKeys";

    // A silo that is dead is voted out within two to three seconds. Who asks waits no longer than that before asking again,
    // so that the second or third try finds the grain on a silo that lives.
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(1.5);

    /// <summary>The string of <see cref="Store"/>, or null where the process is to embed its store.</summary>
    public static string? StoreOf(IConfiguration configuration) =>
        configuration.GetConnectionString(Store) is { Length: > 0 } text ? text : null;

    /// <summary>A silo in this very process, on a SQLite file in a directory that it holds for itself.</summary>
    /// <exception cref="DataDirectoryException">Another process holds the directory, or it cannot be written.</exception>
    public static void AddEmbeddedSilo(this IHostApplicationBuilder builder)
    {
        var options = builder.AddBasics();
        builder.AddMail();
        var directory = DataDirectory.Open(options.DataDirectory, Directory.GetCurrentDirectory());
        // By a factory, so that the container gives the directory back, last of all, when the process ends.
        builder.Services.AddSingleton(_ => directory);
        builder.Services.AddSingleton(SecretOf(builder, options, () => Secret.OfFile(Path.Combine(directory.Path, "secret.key"))));
        builder.Services.AddSqliteJournal().AddSqliteKeys();
        RequireFree(IPAddress.Loopback, options.SiloPort, RealtimeOptions.Variable(nameof(options.SiloPort)));
        RequireFree(IPAddress.Loopback, options.GatewayPort, RealtimeOptions.Variable(nameof(options.GatewayPort)));
        builder.Services.AddSiloHandshake();
        builder.UseOrleans(silo => silo
            // Snapshots are keyed by the service's id: it never changes.
            .UseLocalhostClustering(options.SiloPort, options.GatewayPort, primarySiloEndpoint: null, serviceId: "realtime", clusterId: "embedded")
            .AddSqliteSnapshots()
            .AddSqliteReminders()
            .RemindEvery(options.ReminderSeconds));
        builder.AddSiloWork();
    }

    /// <summary>A member of the cluster on PostgreSQL.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="store">Npgsql connection string.</param>
    public static void AddClusterSilo(this IHostApplicationBuilder builder, string store)
    {
        var options = builder.AddBasics();
        builder.AddMail();
        builder.Services.AddSingleton(SecretOf(builder, options, NoSecret));
        var source = builder.AddPostgres(store);
        var (keys, setting) = KeysSourceOf(builder.Configuration, source);
        builder.Services.AddPostgresKeys(keys, setting);
        var address = IPAddress.Parse(options.SiloAddress);
        RequireFree(address, options.SiloPort, RealtimeOptions.Variable(nameof(options.SiloPort)));
        RequireFree(address, options.GatewayPort, RealtimeOptions.Variable(nameof(options.GatewayPort)));
        builder.Services.AddSiloHandshake();
        builder.UseOrleans(silo =>
        {
            silo.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.DataSource) = (Invariant, source));
            silo.AddPostgresSnapshots().AddPostgresReminders().RemindEvery(options.ReminderSeconds);
            silo.ConfigureEndpoints(address, options.SiloPort, options.GatewayPort);
            silo.Configure<ClusterOptions>(Name);
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                (membership.ProbeTimeout, membership.NumMissedProbesLimit) = (Probe, 2);
                // By default no probe is given up before 2.5 seconds, nor sooner by a silo that feels unwell.
                (membership.MinProbeTimeout, membership.MaxProbeTimeout, membership.ExtendProbeTimeoutDuringDegradation) = (Probe / 2, Probe * 2, false);
                membership.NumVotesForDeathDeclaration = 1;
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            });
            silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = Answer);
        });
        builder.AddSiloWork();
    }

    /// <summary>The store of a web node: the database that the settings name, with silos elsewhere, or a file and a silo in this process.</summary>
    public static void AddStore(this IHostApplicationBuilder builder)
    {
        if (StoreOf(builder.Configuration) is { } store)
            builder.AddClusterClient(store);
        else
            builder.AddEmbeddedSilo();
    }

    /// <summary>A silo, on the database that the settings name or else on a file.</summary>
    public static void AddSilo(this IHostApplicationBuilder builder)
    {
        if (StoreOf(builder.Configuration) is { } store)
            builder.AddClusterSilo(store);
        else
            builder.AddEmbeddedSilo();
    }

    /// <summary>A client of the cluster: it reads the journal itself and asks grains only for changes.</summary>
    /// <param name="builder">The process.</param>
    /// <param name="store">Npgsql connection string.</param>
    public static void AddClusterClient(this IHostApplicationBuilder builder, string store)
    {
        var options = builder.AddBasics();
        builder.Services.AddSingleton(SecretOf(builder, options, NoSecret));
        var source = builder.AddPostgres(store);
        // Patients are answered from the index, whether or not a silo is there yet.
        builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        builder.Services.AddClientHandshake();
        builder.UseOrleansClient(client =>
        {
            client.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.DataSource) = (Invariant, source));
            client.Configure<ClusterOptions>(Name);
            client.Configure<GatewayOptions>(gateway => gateway.GatewayListRefreshPeriod = TimeSpan.FromSeconds(2));
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = Answer);
            client.UseConnectionRetryFilter(async (_, cancellation) =>
            {
                await Task.Delay(Probe, cancellation);
                return true;
            });
        });
    }

    // What every silo does beside its grains.
    private static void AddSiloWork(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHostedService<AuditKeeper>();
        builder.Services.AddHostedService<PageFollower>();
        builder.Services.AddSingleton<OnCallKnowledge>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OnCallKnowledge>());
        builder.Services.AddSingleton<RecallKnowledge>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RecallKnowledge>());
        builder.Services.AddSingleton<RecallSpreader>();
        builder.Services.AddHostedService(services => services.GetRequiredService<RecallSpreader>());
        builder.Services.AddSingleton<OrderPost>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OrderPost>());
        builder.Services.AddSingleton(services => WebhookGuard.Of(services.GetRequiredService<RealtimeOptions>(), builder.Environment.IsDevelopment()));
        builder.Services.AddSingleton<PushPost>();
        builder.Services.AddSingleton<WebhookSender>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WebhookSender>());
        builder.Services.AddHostedService<WebhookFollower>();
    }

    /// <summary>Where a cluster keeps the keys of orders, and the environment variable that names it.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="journal">The database of the journal.</param>
    /// <exception cref="StoreException">The connection string is malformed or names no host.</exception>
    internal static (NpgsqlDataSource Source, string Setting) KeysSourceOf(IConfiguration configuration, NpgsqlDataSource journal)
    {
        const string setting = $"ConnectionStrings__{KeysStore}";
        return configuration.GetConnectionString(KeysStore) is { Length: > 0 } apart ? (PostgresSource.Open(apart, setting), setting) : (journal, PostgresSource.Setting);
    }

    private static void RemindEvery(this ISiloBuilder silo, int seconds) =>
        silo.Configure<ReminderOptions>(reminders => reminders.MinimumReminderPeriod = TimeSpan.FromSeconds(seconds));

    private const string Invariant = "Npgsql";

    private static void Name(ClusterOptions cluster) => (cluster.ServiceId, cluster.ClusterId) = ("realtime", "realtime");

    private static NpgsqlDataSource AddPostgres(this IHostApplicationBuilder builder, string store)
    {
        var source = PostgresSource.Open(store);
        // By a factory, so that the container closes its connections in the end.
        builder.Services.AddSingleton(_ => source);
        builder.Services.AddPostgresJournal(source);
        return source;
    }

    private static RealtimeOptions AddBasics(this IHostApplicationBuilder builder)
    {
        var options = RealtimeOptions.Read(builder.Configuration);
        builder.Services.AddSingleton(Options.Create(options));
        builder.Services.AddSingleton(options);
        builder.Services.TryAddSingleton(new Clock(TimeProvider.System));
        var demo = DemoOf(builder, options);
        builder.Services.AddSingleton(demo);
        builder.Services.AddSingleton<Sealing>();
        builder.Services.AddSingleton<OrderSecrets>();
        builder.Services.AddSingleton<VapidKey>();
        builder.Services.AddSingleton(services => new DemoPeople(demo.IsOn && builder.Environment.IsDevelopment(), services.GetRequiredService<Sealing>()));
        // By a factory, so that reading the tables is no part of the way to the first answer.
        builder.Services.AddSingleton(_ => new Shelf(DoseRules.Of(options.MostBoxes)));
        builder.Services.AddSingleton<SetStore>();
        builder.Services.AddHostedService<CatalogueFollower>();
        builder.Services.AddSingleton<Atlas>();
        builder.Services.AddHostedService<CommunesFollower>();
        return options;
    }

    // Letters are written by grains: a web node of a cluster has none.
    private static void AddMail(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(MailOptions.Read(builder.Configuration));
        builder.Services.AddSingleton<Mailer>();
    }

    /// <summary>The demo country where the settings, or else the environment, switch it on.</summary>
    internal static DemoWorld DemoOf(IHostApplicationBuilder builder, RealtimeOptions options) =>
        new(options.Demo ?? builder.Environment.IsDevelopment() ? DemoCountry.Create() : null);

    /// <summary>The secret that the settings hold, or what <paramref name="other"/> gives; a cluster in Development takes the one that everybody knows.</summary>
    internal static Secret SecretOf(IHostApplicationBuilder builder, RealtimeOptions options, Func<Secret> other)
    {
        var setting = RealtimeOptions.Variable(nameof(options.Secret));
        try
        {
            var secret = options.Secret is { Length: > 0 } text ? Secret.Parse(text)
                : builder.Environment.IsDevelopment() && StoreOf(builder.Configuration) is not null ? Secret.Parse(Secret.Demo)
                : other();
            return builder.Environment.IsDevelopment() || !secret.IsDemo
                ? secret
                : throw new FormatException("this one is everybody's and serves Development only; 'openssl rand -base64 32' makes one of your own");
        }
        catch (FormatException wrong)
        {
            throw RealtimeOptions.Refusal($"{setting}: {wrong.Message}.");
        }
    }

    /// <summary>What a cluster outside Development is told where it has none.</summary>
    internal static Secret NoSecret() => throw new FormatException("a cluster needs one, the same on every node, kept outside the database; 'openssl rand -base64 32' makes one");

    // Orleans shares a port that another process listens on, and then answers for it at random: better not to start.
    private static void RequireFree(IPAddress address, int port, string setting)
    {
        using var listener = new TcpListener(address, port) { ExclusiveAddressUse = true };
        try
        {
            listener.Start();
        }
        catch (SocketException taken)
        {
            throw RealtimeOptions.Refusal($"{setting}: port {port} on {address} cannot be had ({taken.Message}); stop the process that has it, or choose another port.");
        }
    }
}
