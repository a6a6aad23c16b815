using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Realtime.Pharmacies;

namespace Realtime.Benchmarks.Stock;

/// <summary>
/// Buyers who come at a steady pace, whether those before them were answered or not, and order at the pharmacies that are fed. An order's latency counts from when it was due: who
/// has to wait for his turn waits.
/// </summary>
internal sealed class Buyers(FedProduct product, IReadOnlyList<PharmacyId> pharmacies)
{
    private const int AtOnce = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentQueue<(string Order, string Token)> _open = [];
    private int _buyers;

    /// <summary>Orders that were placed.</summary>
    public int Placed => _buyers;

    /// <summary>They come as long as something goes on; the latency of every order in milliseconds, the shortest first.</summary>
    public async Task<double[]> ComeDuring(Task something)
    {
        var (start, orders) = (Stopwatch.GetTimestamp(), new List<Task<double>>());
        while (!something.IsCompleted)
        {
            var due = orders.Count * Pace;
            if (due - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } early)
                await Task.Delay(early);
            orders.Add(Order(start, due));
        }
        await something;
        var latencies = await Task.WhenAll(orders);
        Array.Sort(latencies);
        return latencies;
    }

    /// <summary>They cancel all that is open, so that the next turn finds queues as short as this one did.</summary>
    public Task CancelAll() => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
    {
        while (_open.TryDequeue(out var order))
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/orders/{order.Order}/cancel");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", order.Token);
            using var answer = await product.Http.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        }
    }));

    /// <summary>Orders one box, by a buyer whom nobody has seen before.</summary>
    public async Task<HttpResponseMessage> Order(PharmacyId pharmacy, string product13)
    {
        var buyer = Interlocked.Increment(ref _buyers);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/pharmacies/{pharmacy}/orders")
        {
            Content = JsonContent.Create(new
            {
                lines = new[] { new { cip13 = product13, quantity = 1 } },
                buyer = new { name = $"Buyer {buyer}", phone = $"06{buyer:D8}", birthDate = "1985-04-23" },
                answers = new { treated = new { relation = "self", birthYear = 1985, weightKg = 70 } },
                consent = true,
            }),
        };
        request.Headers.Add("Idempotency-Key", $"buyer-{buyer}");
        return await product.Http.SendAsync(request);
    }

    private async Task<double> Order(long start, TimeSpan due)
    {
        var pharmacy = pharmacies[_buyers % pharmacies.Count];
        using var answer = await Order(pharmacy, Snapshots.Ordered.ToString());
        if (answer.StatusCode != HttpStatusCode.Created)
            throw new InvalidOperationException($"{pharmacy} answered an order {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}.");
        var latency = (Stopwatch.GetElapsedTime(start) - due).TotalMilliseconds;
        var told = await answer.Content.ReadFromJsonAsync<JsonElement>();
        _open.Enqueue((told.GetProperty("orderId").GetString()!, told.GetProperty("token").GetString()!));
        return latency;
    }
}
