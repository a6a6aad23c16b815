using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.SignalR.Client;
using NodaTime;
using Realtime.Tests.Orders;

namespace Realtime.Tests.OnCall;

/// <summary>One of two nodes that live through the same, each with a store of its own and a clock that stands still until it is set.</summary>
internal sealed partial class TwinWorld : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly HubConnection _phone;

    private TwinWorld(RealtimeHost host, HubConnection phone)
    {
        (Host, _phone, Desk, Orders) = (host, phone, new(host.Client), new(host));
        phone.On<JsonElement>("PharmacyChanged", message => _heard.Enqueue($"PharmacyChanged {message.GetRawText()}"));
        phone.On<JsonElement>("NearestChanged", message => _heard.Enqueue($"NearestChanged {message.GetRawText()}"));
    }

    public RealtimeHost Host { get; }

    public RotaDesk Desk { get; }

    public OrderDesk Orders { get; }

    /// <summary>What its watcher was told, in order.</summary>
    public IReadOnlyList<string> Heard => [.. _heard];

    public static async Task<TwinWorld> Start(Instant now)
    {
        var host = await RealtimeHost.Start(demo: true, start: now, stands: true);
        var phone = new HubConnectionBuilder().WithUrl(new Uri(host.Address, "/hubs/live")).Build();
        var world = new TwinWorld(host, phone);
        await phone.StartAsync();
        return world;
    }

    /// <summary>Watches; the answer, but for the life of the store.</summary>
    public async Task<string> Watch(string method, params object[] arguments) => Alike((await _phone.InvokeCoreAsync<JsonElement>(method, arguments)).GetRawText());

    /// <summary>Moves its clock, and waits until the node has lived through all of it.</summary>
    public async Task Move(Instant to)
    {
        Host.Time.Stop(to);
        await Settle(to);
    }

    /// <summary>Waits until what was written has been read, and shown.</summary>
    public async Task Settle(Instant now)
    {
        for (var i = 0; ; i++)
        {
            // What is read by a reading that began after the clock was set is taken in by a beat that began after it too, or by the one that follows at once.
            var answer = await Host.Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=48.85&lon=2.35&k=1");
            if (answer.Moment("asOf") >= now && i > 0)
                break;
            Assert.True(i < 300, $"The node did not reach {now}.");
            await Task.Delay(30);
        }
        await Task.Delay(60);
    }

    /// <summary>All that a call is answered: status, headers and body, but for what no two calls have alike.</summary>
    public async Task<string> Ask(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (body is not null)
            request.Headers.Add("Idempotency-Key", Orders.NextKey());
        using var answer = await Host.Client.SendAsync(request);
        return Alike(await TextOf(answer));
    }

    /// <summary>Orders a box and takes it back again; both answers.</summary>
    public async Task<string> Order(string id)
    {
        using var placed = await Orders.Order(id, Orders.Asks());
        var text = await TextOf(placed);
        if (!placed.IsSuccessStatusCode)
            return Alike(text);
        using var cancelled = await Orders.Buyer(Taken.Of(await placed.Content.ReadFromJsonAsync<JsonElement>()), HttpMethod.Post, "cancel", null);
        return Alike(text + await TextOf(cancelled));
    }

    public async ValueTask DisposeAsync()
    {
        await _phone.DisposeAsync();
        await Host.DisposeAsync();
    }

    private static async Task<string> TextOf(HttpResponseMessage answer)
    {
        var text = new StringBuilder().Append((int)answer.StatusCode).Append('\n');
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not "Date").OrderBy(header => header.Key, StringComparer.Ordinal))
            text.Append(name).Append(": ").AppendJoin(", ", values).Append('\n');
        return text.Append(await answer.Content.ReadAsStringAsync()).ToString();
    }

    // Orders, their tokens and codes are drawn by lot, and each store has a life of its own; everything else must be alike.
    private static string Alike(string text) => Drawn().Replace(text, match => match.Value[..(match.Value.IndexOf(':', StringComparison.Ordinal) + 1)] + new string('*', 8));

    [GeneratedRegex("""[0-9]{9}-[0-9A-HJKMNP-TV-Z]{26}|"(?:token|pickupCode|epoch|traceId)":"[^"]*"|traceparent: [^\n]*""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Drawn();
}
