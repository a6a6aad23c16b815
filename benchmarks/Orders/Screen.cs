using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using NodaTime;
using NodaTime.Text;
using Realtime.Orders;
using Realtime.Pharmacies;

namespace Realtime.Benchmarks.Orders;

/// <summary>The screen at the counter of one pharmacy: a real connection to the web node, which rings for every order that is placed there.</summary>
internal sealed class Screen : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Duration> _rang = new(StringComparer.Ordinal);
    private readonly Clock _clock;
    private readonly HubConnection _connection;

    private Screen(Clock clock, PharmacyId pharmacy, HubConnection connection) => (_clock, Pharmacy, _connection) = (clock, pharmacy, connection);

    /// <summary>Whose counter.</summary>
    public PharmacyId Pharmacy { get; }

    /// <summary>How long after it was placed each order rang.</summary>
    public IReadOnlyCollection<Duration> Delays => [.. _rang.Values];

    /// <summary>Connects and joins, before the first order that it is to ring for.</summary>
    public static async Task<Screen> Join(Installation installation, PharmacyId pharmacy)
    {
        using var http = new HttpClient { BaseAddress = installation.Web };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = "demo",
            ["client_secret"] = "demo-secret",
            ["scope"] = $"staff:{pharmacy}",
        });
        using var answer = await http.PostAsync(new Uri("/connect/token", UriKind.Relative), form);
        var token = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString();
        var connection = new HubConnectionBuilder().WithUrl(new Uri(installation.Web, "/hubs/counter"), http => http.AccessTokenProvider = () => Task.FromResult(token)).Build();
        var screen = new Screen(installation.Clock, pharmacy, connection);
        connection.On<JsonElement>("OrderPlaced", screen.Ring);
        await connection.StartAsync();
        await connection.InvokeAsync<JsonElement>("JoinCounter", pharmacy.Value);
        return screen;
    }

    /// <summary>Waits until every one of the orders has rung.</summary>
    /// <exception cref="InvalidOperationException">One does not.</exception>
    public async Task WaitFor(IEnumerable<OrderId> orders)
    {
        var since = _clock.Time.GetTimestamp();
        foreach (var order in orders.Select(order => order.ToString()))
            while (!_rang.ContainsKey(order))
            {
                if (_clock.Time.GetElapsedTime(since) > Patience)
                    throw new InvalidOperationException($"Order {order} never rang at its counter.");
                await Task.Delay(20);
            }
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    private void Ring(JsonElement message)
    {
        var order = message.GetProperty("order");
        var placed = OffsetDateTimePattern.ExtendedIso.WithCulture(CultureInfo.InvariantCulture).Parse(order.GetProperty("timeline")[0].GetProperty("at").GetString()!).GetValueOrThrow().ToInstant();
        _rang[order.GetProperty("orderId").GetString()!] = _clock.Now - placed;
    }
}
