using System.Diagnostics;
using System.Globalization;
using NodaTime;
using NodaTime.Extensions;
using Realtime.Journal;
using Realtime.Orders;

namespace Realtime.Tests.Orders;

/// <summary>Holds whose time runs out while the product is dead, or dies: each ends once, and none is forgotten.</summary>
/// <param name="name">Of the store, for the figures.</param>
/// <param name="output">Takes the figures.</param>
public abstract class HoldKillSuite(string name, ITestOutputHelper output)
{
    // A Monday, ten in the morning in Paris.
    private static readonly Instant Morning = Instant.FromUtc(2026, 11, 23, 9, 0);

    private const int PerPharmacy = 10, Kills = 3, Buyers = 32;
    private const int ReminderSeconds = 5;

    // The interface promises a minute with reminders every minute: these come sooner.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly LaneCursors _cursors = [];
    private readonly Dictionary<OrderId, int> _expired = [];

    [Fact]
    public async Task Every_hold_whose_time_is_over_ends_once_though_the_process_is_killed_before_and_while_they_end()
    {
        var holds = Campaign.Long ? 10_000 : 1_000;
        await using var service = await Start(ClockAt(Morning));
        var campaign = new OrderCampaign(service, holds / PerPharmacy, holds);
        await campaign.Stock(least: PerPharmacy, most: 50);
        var placed = await campaign.Rush(Buyers, [.. Enumerable.Range(0, holds).Select(i => (campaign.Pharmacies[i % campaign.Pharmacies.Count], campaign.Products[0], 1))]);
        Assert.Equal(holds, placed.Count);

        service.Settings = ClockAt(placed.Max(order => order.GetProperty("heldUntil").GetDateTimeOffset()).ToInstant() + Duration.FromMinutes(1));
        var (killed, found) = (new List<int>(), new Stopwatch());
        for (var kill = 0; kill < Kills; kill++)
        {
            // Even numbers: it is the silo that dies. The first time nothing is over yet, then while they end.
            await service.Kill(2 * kill);
            await Expired(service, (kill + 1) * holds / (Kills + 1));
            killed.Add(_expired.Count);
        }
        await service.Kill(2 * Kills);
        found.Restart();
        await Expired(service, holds);
        var took = found.Elapsed;
        await service.Whole();

        var check = await campaign.Check();
        await campaign.CompareShelves(check);
        output.WriteLine(campaign.Line(name, Kills + 1, check, 0, 0));
        output.WriteLine($"| {name} | {holds} holds in {campaign.Pharmacies.Count} pharmacies | killed at {string.Join(", ", killed)} | all ended {took.TotalSeconds:F1} s after the last kill | ended twice {_expired.Count(order => order.Value > 1)} | never ended {holds - _expired.Count} |");
        Assert.Equal([], check.Sentences);
        Assert.Equal(placed.Select(order => order.GetProperty("orderId").GetString()).Order(), _expired.Keys.Select(id => id.ToString()).Order());
        Assert.All(_expired, order => Assert.Equal(1, order.Value));
        Assert.Equal(0, campaign.Held);
        Assert.Contains(killed, ended => ended < holds);
    }

    /// <summary>The product on a store of its own.</summary>
    private protected abstract Task<KillableService> Start(params (string, string)[] settings);

    private static (string, string)[] ClockAt(Instant instant) =>
    [
        ("DOTNET_STARTUP_HOOKS", Path.Combine(AppContext.BaseDirectory, "Realtime.Tests.Writer.dll")),
        ("REALTIME_TESTS_AHEAD", (instant - TimeProvider.System.GetCurrentInstant()).TotalSeconds.ToString(CultureInfo.InvariantCulture)),
        ("Realtime__ReminderSeconds", ReminderSeconds.ToString(CultureInfo.InvariantCulture)),
    ];

    /// <summary>Follows the journal, which wakes nobody, until so many holds have ended.</summary>
    private async Task Expired(KillableService service, int count)
    {
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(10))
        {
            foreach (var row in await service.Opened(journal => journal.TailOf(_cursors, ["time.passed"])))
                foreach (var id in ((TimePassed)OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span)).Expired)
                    _expired[id] = _expired.GetValueOrDefault(id) + 1;
            if (_expired.Count >= count)
                return;
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"{_expired.Count} of {count} holds had ended in time.");
        }
    }
}
