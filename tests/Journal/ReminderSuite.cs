using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>Reminders in a real silo, as the product registers them, on a real store. One store per test; each silo reaches the same one.</summary>
public abstract class ReminderSuite
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reminder_fires_in_the_silo_that_comes_after_and_no_more_once_it_is_taken_back()
    {
        var key = NewKey();
        await using (var silo = await Silo.Start(Register, ("ReminderSeconds", "1")))
        {
            await silo.Grain(key).Remind(TimeSpan.FromSeconds(1));
            await AlarmGrain.Rings(key, Patience);
        }
        await using (var silo = await Silo.Start(Register, ("ReminderSeconds", "1")))
        {
            AlarmGrain.Forget(key);
            await AlarmGrain.Rings(key, Patience);
            await silo.Grain(key).Silence();
            Assert.False(await silo.Grain(key).IsSet());
        }
        AlarmGrain.Forget(key);
        await using (var silo = await Silo.Start(Register, ("ReminderSeconds", "1")))
        {
            await Assert.ThrowsAsync<TimeoutException>(() => AlarmGrain.Rings(key, TimeSpan.FromSeconds(3)));
            Assert.False(await silo.Grain(key).IsSet());
        }
    }

    [Fact]
    public async Task Nobody_is_reminded_more_often_than_the_settings_allow()
    {
        await using var silo = await Silo.Start(Register);
        await Assert.ThrowsAnyAsync<ArgumentException>(() => silo.Grain(NewKey()).Remind(TimeSpan.FromSeconds(59)));
        await silo.Grain(NewKey()).Remind(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Reminders_are_found_by_grain_by_name_and_by_range_and_removed_by_who_knows_their_version()
    {
        await using var silo = await Silo.Start(Register);
        var table = silo.Reminders;
        var start = new DateTime(2027, 5, 1, 12, 0, 0, DateTimeKind.Utc).AddTicks(1_234_560);
        List<GrainId> grains = [.. Enumerable.Range(0, 20).Select(i => GrainId.Create("waits", $"{i}"))];
        foreach (var grain in grains)
            await table.UpsertRow(new ReminderEntry { GrainId = grain, ReminderName = "opens", StartAt = start, Period = TimeSpan.FromDays(30) });
        var first = (await table.ReadRow(grains[0], "opens"))!;
        Assert.Equal((grains[0], "opens", start, TimeSpan.FromDays(30)), (first.GrainId, first.ReminderName, first.StartAt, first.Period));
        Assert.Null(await table.ReadRow(grains[0], "closes"));
        await table.UpsertRow(new ReminderEntry { GrainId = grains[0], ReminderName = "closes", StartAt = start, Period = TimeSpan.FromMinutes(1) });
        Assert.Equal(["closes", "opens"], (await table.ReadRows(grains[0])).Reminders.Select(row => row.ReminderName).Order(StringComparer.Ordinal));

        var hashes = grains.Select(grain => grain.GetUniformHashCode()).Order().ToList();
        foreach (var (begin, end) in new[] { (hashes[3], hashes[12]), (hashes[12], hashes[3]), (hashes[5], hashes[5]), (0u, uint.MaxValue), (0u, 0u), (uint.MaxValue / 2, uint.MaxValue / 2 + 1) })
            Assert.Equal(
                grains.Where(grain => grain.GetUniformHashCode() is var hash && (begin < end ? hash > begin && hash <= end : hash > begin || hash <= end)).ToHashSet(),
                (await table.ReadRows(begin, end)).Reminders.Select(row => row.GrainId).ToHashSet());

        var later = await table.UpsertRow(new ReminderEntry { GrainId = grains[0], ReminderName = "opens", StartAt = start, Period = TimeSpan.FromMinutes(2) });
        Assert.False(await table.RemoveRow(grains[0], "opens", first.ETag!));
        Assert.False(await table.RemoveRow(grains[0], "never", first.ETag!));
        Assert.Equal(TimeSpan.FromMinutes(2), (await table.ReadRow(grains[0], "opens"))!.Period);
        Assert.True(await table.RemoveRow(grains[0], "opens", later!));
        Assert.Null(await table.ReadRow(grains[0], "opens"));
    }

    [Fact]
    public async Task Reminders_are_written_in_time_while_the_journal_is_busy()
    {
        await using var silo = await Silo.Start(Register);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var load = Enumerable.Range(0, 64).Select(stream => AppendUntil(silo.Journal, $"load/{stream}", stop.Token)).ToList();
        var (slowest, begun) = (TimeSpan.Zero, Stopwatch.StartNew());
        // A second at least, so that the load has begun however fast the reminders are.
        for (var i = 0; i < 100 || begun.Elapsed < TimeSpan.FromSeconds(1); i++)
        {
            var watch = Stopwatch.StartNew();
            await silo.Reminders.UpsertRow(new ReminderEntry { GrainId = GrainId.Create("busy", $"{i}"), ReminderName = "r", StartAt = DateTime.UnixEpoch, Period = TimeSpan.FromMinutes(1) });
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }
        await stop.CancelAsync();
        var rows = (await Task.WhenAll(load)).Sum();
        TestContext.Current.TestOutputHelper?.WriteLine($"a second of reminders beside {rows} rows, the slowest in {slowest.TotalMilliseconds:N0} ms");
        Assert.True(rows > 100, "There was no load to speak of.");
        Assert.True(slowest < TimeSpan.FromSeconds(0.5), $"A reminder took {slowest}.");
    }

    /// <summary>Adds a silo on the test's store as the product does.</summary>
    protected abstract void Register(HostApplicationBuilder builder);

    private static string NewKey() => $"{Guid.CreateVersion7():N}";

    private static async Task<long> AppendUntil(IJournal journal, string stream, CancellationToken stop)
    {
        JournalRow? last = null;
        while (!stop.IsCancellationRequested)
            last = await journal.Append(new Append(stream, (last?.Seq ?? 0) + 1, last?.Hash ?? default, Instant.FromUnixTimeSeconds(0), new JournalEvent("Noted", 1, "a", "load", "1"u8.ToArray()), null), Cancellation);
        return last?.Seq ?? 0;
    }

    private sealed class Silo(IHost host) : IAsyncDisposable
    {
        public IReminderTable Reminders => host.Services.GetRequiredService<IReminderTable>();

        public IJournal Journal => host.Services.GetRequiredService<IJournal>();

        public static async Task<Silo> Start(Action<HostApplicationBuilder> register, params (string Name, string Value)[] settings)
        {
            var builder = Host.CreateApplicationBuilder();
            builder.Logging.ClearProviders();
            builder.Configuration.AddInMemoryCollection([
                new("Realtime:SiloPort", $"{RealtimeHost.FreePort()}"),
                new("Realtime:GatewayPort", $"{RealtimeHost.FreePort()}"),
                new("Realtime:Secret", ProductProcess.Secret),
                .. settings.Select(setting => KeyValuePair.Create($"Realtime:{setting.Name}", (string?)setting.Value)),
            ]);
            register(builder);
            var host = builder.Build();
            _ = host.Services.GetRequiredService<IJournal>();
            await host.StartAsync();
            return new Silo(host);
        }

        public IAlarmGrain Grain(string key) => host.Services.GetRequiredService<IGrainFactory>().GetGrain<IAlarmGrain>(key);

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }
}

/// <summary>A grain that lets itself be reminded.</summary>
[Alias("realtime.tests.IAlarmGrain")]
public interface IAlarmGrain : IGrainWithStringKey
{
    [Alias("Remind")]
    Task Remind(TimeSpan period);

    [Alias("Silence")]
    Task Silence();

    [Alias("IsSet")]
    Task<bool> IsSet();
}

[GrainType("tests-alarm")]
public sealed class AlarmGrain : Grain, IAlarmGrain, IRemindable
{
    private const string Name = "alarm";
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> Rung = new();

    /// <summary>Waits until the grain of that key has been reminded.</summary>
    /// <exception cref="TimeoutException">It was not.</exception>
    public static Task Rings(string key, TimeSpan patience) => Of(key).Task.WaitAsync(patience);

    /// <summary>What rang until now counts no more.</summary>
    public static void Forget(string key) => Rung.TryRemove(key, out _);

    public async Task Remind(TimeSpan period) => await this.RegisterOrUpdateReminder(Name, TimeSpan.Zero, period);

    public async Task Silence() => await this.UnregisterReminder((await this.GetReminder(Name))!);

    public async Task<bool> IsSet() => await this.GetReminder(Name) is not null;

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Of(this.GetPrimaryKeyString()).TrySetResult();
        return Task.CompletedTask;
    }

    private static TaskCompletionSource Of(string key) => Rung.GetOrAdd(key, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
