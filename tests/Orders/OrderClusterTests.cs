using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Realtime.Pharmacies;
using Realtime.Tests.Cluster;

namespace Realtime.Tests.Orders;

/// <summary>Two silos and two web nodes: buyers call one node, counters ring on the other; timed, hence alone on the machine.</summary>
[Collection(nameof(ClusterTests))]
public sealed class OrderClusterTests(PostgresServer server, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Every_order_rings_at_its_counter_and_nothing_is_lost_though_silos_are_killed()
    {
        var kills = Campaign.Long ? 20 : 3;
        await using var service = await ClusteredService.Start(await server.NewDatabase());
        var campaign = new OrderCampaign(service, pharmacies: 24, orders: Campaign.Long ? 20_000 : 1_500);
        await campaign.Stock();
        await using var counters = await Ringing.Join(service, campaign);
        await campaign.Run(kills);

        var before = await campaign.Check();
        var again = await campaign.AskAgain(before);
        var replayed = await campaign.Replay();
        var after = await campaign.Check();
        await campaign.CompareShelves(after);
        await counters.Rang(campaign.Acknowledged, Patience);

        output.WriteLine(campaign.Line("two silos, two web nodes", kills, after, replayed, again));
        output.WriteLine(string.Join(", ", campaign.Answers.OrderByDescending(answer => answer.Value).Select(answer => $"{answer.Key}: {answer.Value}")));
        output.WriteLine($"| {campaign.Acknowledged.Count} acknowledged | {counters.Count} rang | {counters.Joins} reconnections |");
        Assert.Equal([], before.Sentences);
        Assert.Equal([], after.Sentences);
        // Nobody was told anything worse than to try again: both nodes live.
        Assert.Empty(campaign.Worse(processDies: false));
    }

    [Fact]
    public async Task An_order_that_is_placed_on_one_node_rings_on_the_other_within_250_ms()
    {
        const int orders = 200, warm = 20;
        await using var service = await ClusteredService.Start(await server.NewDatabase());
        var campaign = new OrderCampaign(service, pharmacies: 20, orders);
        await campaign.Stock(least: 40);
        await using var counters = await Ringing.Join(service, campaign);
        var (fromAnswer, fromAsking) = (new List<double>(), new List<double>());
        for (var i = -warm; i < orders; i++)
        {
            var asking = Stopwatch.GetTimestamp();
            var taken = Assert.Single(await campaign.Rush(1, [(campaign.Pharmacies[(i + warm) % campaign.Pharmacies.Count], campaign.Products[0], 1)]));
            var answered = Stopwatch.GetTimestamp();
            var rang = await counters.Of(taken.GetProperty("orderId").GetString()!).WaitAsync(Patience);
            if (i < 0)
                continue;
            fromAnswer.Add(Math.Max(0, Stopwatch.GetElapsedTime(answered, rang).TotalMilliseconds));
            fromAsking.Add(Stopwatch.GetElapsedTime(asking, rang).TotalMilliseconds);
        }
        output.WriteLine($"| {orders} orders, one at a time | placed on web 1, rang on web 2 | after the answer: {Quantiles(fromAnswer)} | after the asking: {Quantiles(fromAsking)} |");
        Assert.InRange(fromAnswer.Order().ElementAt((int)(orders * 0.99)), 0, 250);
    }

    private static string Quantiles(List<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        return $"p50 {sorted[sorted.Length / 2]:F1} ms, p99 {sorted[(int)(sorted.Length * 0.99)]:F1} ms, worst {sorted[^1]:F1} ms";
    }

    /// <summary>The screens of all counters, on one connection that joins again where it is cut.</summary>
    private sealed class Ringing : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource<long>> _rang = new(StringComparer.Ordinal);
        private readonly IReadOnlyList<PharmacyId> _pharmacies;
        private readonly HubConnection _hub;
        private int _joins;

        private Ringing(KillableService service, OrderCampaign campaign)
        {
            _pharmacies = campaign.Pharmacies;
            _hub = new HubConnectionBuilder()
                .WithUrl(new Uri(service.Counters.BaseAddress!, "/hubs/counter"), options => options.AccessTokenProvider = async () => await campaign.Token(campaign.Pharmacies[0]))
                .WithAutomaticReconnect()
                .Build();
            _hub.On<JsonElement>("OrderPlaced", message => Ring(message.GetProperty("order")));
            _hub.Reconnected += _ => JoinAll();
        }

        /// <summary>Orders that rang, or were there when a counter joined.</summary>
        public int Count => _rang.Count(order => order.Value.Task.IsCompleted);

        /// <summary>How often the connection came back.</summary>
        public int Joins => _joins - 1;

        public static async Task<Ringing> Join(KillableService service, OrderCampaign campaign)
        {
            var counters = new Ringing(service, campaign);
            await counters._hub.StartAsync();
            await counters.JoinAll();
            return counters;
        }

        /// <summary>When an order rang.</summary>
        public Task<long> Of(string orderId) => _rang.GetOrAdd(orderId, _ => New()).Task;

        /// <summary>Waits until all of them have rung.</summary>
        public async Task Rang(IReadOnlyCollection<string> orders, TimeSpan patience)
        {
            var all = Task.WhenAll(orders.Select(Of));
            await Task.WhenAny(all, Task.Delay(patience));
            Assert.Equal([], orders.Where(order => !Of(order).IsCompleted));
        }

        public ValueTask DisposeAsync() => _hub.DisposeAsync();

        private static TaskCompletionSource<long> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

        private void Ring(JsonElement order) => _rang.GetOrAdd(order.GetProperty("orderId").GetString()!, _ => New()).TrySetResult(Stopwatch.GetTimestamp());

        private async Task JoinAll()
        {
            Interlocked.Increment(ref _joins);
            foreach (var pharmacy in _pharmacies)
                foreach (var order in (await Joined(pharmacy)).GetProperty("orders").EnumerateArray())
                    Ring(order);
        }

        private async Task<JsonElement> Joined(PharmacyId pharmacy)
        {
            for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(200))
                try
                {
                    return await _hub.InvokeAsync<JsonElement>("JoinCounter", pharmacy.Value);
                }
                catch (HubException away) when (Stopwatch.GetElapsedTime(started) < Patience && away.Message.Contains("overloaded", StringComparison.Ordinal))
                {
                    // The silo has just been killed: a counter asks again.
                }
        }
    }
}
