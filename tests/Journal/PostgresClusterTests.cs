using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>Two real silos that know each other only through PostgreSQL: membership, snapshots and reminders by our own SQL.</summary>
public sealed class PostgresClusterTests(PostgresServer server) : IAsyncLifetime
{
    private readonly List<IHost> _silos = [];
    private NpgsqlDataSource? _source;

    private IGrainFactory Grains => _silos[0].Services.GetRequiredService<IGrainFactory>();

    public async ValueTask InitializeAsync()
    {
        _source = PostgresSource.Open(await server.NewDatabase());
        Migrations.Run(new PostgresDialect(_source));
        for (var silo = 0; silo < 2; silo++)
        {
            _silos.Add(Silo(_source));
            await _silos[silo].StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.StopAsync();
            silo.Dispose();
        }
        if (_source is not null)
            await _source.DisposeAsync();
    }

    [Fact]
    public async Task Two_silos_meet_share_the_grains_and_keep_their_snapshots()
    {
        var management = Grains.GetGrain<IManagementGrain>(0);
        Assert.Equal(2, (await management.GetHosts(onlyActive: true)).Count);
        var tallies = Enumerable.Range(0, 40).Select(i => Grains.GetGrain<ITallyGrain>($"{i}")).ToList();
        foreach (var amount in new[] { 1, 2, 3, 4 })
            await Task.WhenAll(tallies.Select(tally => tally.Add(amount)));
        var places = (await management.GetDetailedGrainStatistics()).Where(grain => grain.GrainType.Contains("Tally", StringComparison.OrdinalIgnoreCase)).GroupBy(grain => grain.SiloAddress).ToList();
        Assert.Equal(2, places.Count);
        Assert.Equal(40, places.Sum(place => place.Count()));
        // From the other silo: a call to what is here, and one to what is there.
        var others = _silos[1].Services.GetRequiredService<IGrainFactory>();
        for (var i = 0; i < 40; i++)
            Assert.Equal(10, (await others.GetGrain<ITallyGrain>($"{i}").Total()).Total);
        Assert.Equal(40L, Query("SELECT count(*) FROM OrleansStorage WHERE convert_from(PayloadBinary, 'UTF8') LIKE '%\"seq\":4%'"));
    }

    [Fact]
    public async Task A_snapshot_spares_the_rows_before_it_on_whatever_silo_the_grain_comes_back()
    {
        var tally = Grains.GetGrain<ITallyGrain>("t");
        foreach (var amount in new[] { 1, 2, 3, 4, 5 })
            await tally.Add(amount);
        await Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        var back = await tally.Total();
        Assert.Equal((15, 1), (back.Total, back.Replayed));
    }

    [Fact]
    public async Task A_reminder_is_kept_read_back_changed_and_taken_away()
    {
        var grain = Grains.GetGrain<IRemindedGrain>("r");
        await grain.Remind("later", TimeSpan.FromMinutes(90));
        Assert.Equal(["later"], await grain.Reminders());
        await grain.Remind("later", TimeSpan.FromMinutes(120));
        await grain.Remind("other", TimeSpan.FromMinutes(90));
        Assert.Equal(["later", "other"], (await grain.Reminders()).Order());
        Assert.Equal(7_200_000L, Query("SELECT Period FROM OrleansRemindersTable WHERE ReminderName = 'later'"));
        await grain.Forget("later");
        Assert.Equal(["other"], await grain.Reminders());
        Assert.Equal("timestamp with time zone", Query("SELECT pg_typeof(StartTime)::text FROM OrleansRemindersTable"));
    }

    [Fact]
    public async Task Each_silo_reads_the_reminders_of_its_own_range_and_together_they_read_all()
    {
        for (var i = 0; i < 20; i++)
            await Grains.GetGrain<IRemindedGrain>($"r{i}").Remind("later", TimeSpan.FromMinutes(90));
        var table = _silos[0].Services.GetRequiredService<IReminderTable>();
        var (low, high) = (await table.ReadRows(0, uint.MaxValue / 2), await table.ReadRows(uint.MaxValue / 2, 0));
        Assert.Equal(20, low.Reminders.Concat(high.Reminders).Select(reminder => reminder.GrainId).Distinct().Count());
        Assert.Equal(20, low.Reminders.Count + high.Reminders.Count);
        Assert.NotEmpty(low.Reminders);
        Assert.NotEmpty(high.Reminders);
    }

    [Fact]
    public async Task A_silo_that_stops_is_no_longer_a_gateway_and_its_times_were_instants()
    {
        Assert.Equal(2L, Query("SELECT count(*) FROM OrleansMembershipTable WHERE Status = 3 AND ProxyPort > 0"));
        Assert.Equal("timestamp with time zone", Query("SELECT pg_typeof(IAmAliveTime)::text FROM OrleansMembershipTable LIMIT 1"));
        Assert.Equal(true, Query("SELECT bool_and(StartTime BETWEEN now() - interval '5 minutes' AND now() + interval '1 minute') FROM OrleansMembershipTable"));
        await _silos[1].StopAsync();
        var tables = _silos[0].Services.GetRequiredService<IMembershipTable>();
        var members = (await tables.ReadAllAsync()).Members.Select(member => member.Item1).ToList();
        Assert.Equal([SiloStatus.Active, SiloStatus.Dead], members.Select(member => member.Status).Order());
        await tables.CleanupDefunctSiloEntriesAsync(DateTimeOffset.MaxValue.AddYears(-1));
        Assert.Equal(SiloStatus.Active, Assert.Single((await tables.ReadAllAsync()).Members).Item1.Status);
    }

    [Fact]
    public async Task A_membership_change_on_an_old_version_of_the_table_is_refused()
    {
        var table = _silos[0].Services.GetRequiredService<IMembershipTable>();
        var read = await table.ReadAllAsync();
        var (entry, etag) = read.Members[0];
        Assert.True(await table.UpdateRowAsync(entry, etag, read.Version.Next()));
        Assert.False(await table.UpdateRowAsync(entry, etag, read.Version.Next()));
        Assert.False(await table.InsertRowAsync(entry, (await table.ReadAllAsync()).Version.Next()));
        Assert.Equal(read.Version.Version + 1, (await table.ReadAllAsync()).Version.Version);
    }

    private object? Query(string sql)
    {
        using var command = _source!.CreateCommand(sql);
        return command.ExecuteScalar();
    }

    private static IHost Silo(NpgsqlDataSource source)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddPostgresJournal(source);
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = ("realtime", "tests"))
            .ConfigureEndpoints(IPAddress.Loopback, RealtimeHost.FreePort(), RealtimeHost.FreePort())
            .UseAdoNetClustering((AdoNetClusteringSiloOptions options) => (options.Invariant, options.DataSource) = ("Npgsql", source))
            .UseAdoNetReminderService((AdoNetReminderTableOptions options) => (options.Invariant, options.DataSource) = ("Npgsql", source))
            .AddPostgresSnapshots());
        return builder.Build();
    }
}

[Alias("realtime.tests.IRemindedGrain")]
public interface IRemindedGrain : IGrainWithStringKey
{
    [Alias("Remind")]
    Task Remind(string name, TimeSpan period);

    [Alias("Forget")]
    Task Forget(string name);

    [Alias("Reminders")]
    Task<List<string>> Reminders();
}

[GrainType("tests-reminded")]
public sealed class RemindedGrain : Grain, IRemindedGrain, IRemindable
{
    public Task Remind(string name, TimeSpan period) => this.RegisterOrUpdateReminder(name, period, period);

    public async Task Forget(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public async Task<List<string>> Reminders() => [.. (await this.GetReminders()).Select(reminder => reminder.ReminderName)];

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
