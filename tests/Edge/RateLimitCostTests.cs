using System.Diagnostics;
using Realtime.Web.Edge;

namespace Realtime.Tests.Edge;

/// <summary>What the rate limits cost those who keep to them.</summary>
// While no other test runs: a ratio of microseconds is measured.
[Collection(nameof(StartTests))]
public sealed class RateLimitCostTests(ITestOutputHelper output)
{
    private const string Nearest = "/api/v1/pharmacies/nearest?lat=48.8566&lon=2.3522";

    [Fact]
    public async Task Nearest_is_as_fast_with_them_as_without()
    {
        await using var without = await RealtimeHost.Start(demo: true);
        await using var with = await RealtimeHost.Start(demo: true, settings: new Dictionary<string, string>
        {
            ["Realtime:RateLimits"] = "true",
            ["Realtime:CallsAtOnce"] = "1000000",
            ["Realtime:CallsPerMinute"] = "10000000",
        });
        var (limited, free) = (new List<double>(), new List<double>());
        for (var round = 0; round < 24; round++)
        {
            // Each goes first as often as the other; the first rounds warm both up.
            var (one, other) = round % 2 == 0 ? (await Round(without), await Round(with)) : Swap(await Round(with), await Round(without));
            if (round < 4)
                continue;
            free.Add(one);
            limited.Add(other);
        }
        var (median, medianFree) = (limited.Order().ElementAt(limited.Count / 2), free.Order().ElementAt(free.Count / 2));

        output.WriteLine($"nearest: {medianFree:F1} µs without, {median:F1} µs with, ratio {median / medianFree:F3}");
        Assert.InRange(median / medianFree, 0, 1.5);
    }

    [Fact]
    public async Task A_hundred_thousand_addresses_are_forgotten_once_they_call_no_more()
    {
        using var quota = new Quota("default", 600, 3_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var callers = Fill(quota);
        output.WriteLine($"{callers.Length} addresses take {(GC.GetTotalMemory(forceFullCollection: true) - before) / (double)callers.Length:F0} bytes each");
        Assert.True(callers.Count(c => c.IsAlive) > callers.Length / 2, "They are forgotten at once: nothing would be limited.");

        // The bucket is full again after 20 ms, and gone ten seconds later.
        var started = Stopwatch.GetTimestamp();
        int left;
        do
        {
            await Task.Delay(500);
            GC.Collect();
            left = callers.Count(c => c.IsAlive);
        }
        while (left > 0 && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(40));

        output.WriteLine($"forgotten after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        Assert.Equal(0, left);
    }

    // In a method of its own, so that nothing here keeps them.
    private static WeakReference[] Fill(Quota quota)
    {
        var callers = new WeakReference[100_000];
        for (var i = 0; i < callers.Length; i++)
        {
            var caller = new RateCaller(UInt128.Zero, $"{i}");
            callers[i] = new(caller.Client);
            Assert.True(quota.TryTake(caller, out _, out _));
        }
        return callers;
    }

    private static (double, double) Swap(double second, double first) => (first, second);

    // Microseconds a call, over one connection.
    private static async Task<double> Round(RealtimeHost host)
    {
        const int Calls = 200;
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            using var answer = await host.Client.GetAsync(Nearest);
            answer.EnsureSuccessStatusCode();
        }
        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / Calls;
    }
}
