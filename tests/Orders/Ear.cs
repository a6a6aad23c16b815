using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;

namespace Realtime.Tests.Orders;

/// <summary>A client of a hub, and what the server calls on it, as JSON whichever protocol it came by.</summary>
internal sealed class Ear : IAsyncDisposable
{
    private static readonly string[] Calls = ["OrderPlaced", "OrderChanged", "CounterPaused", "StockShort", "PharmacyChanged", "RecallReceived", "RecallAcknowledged", "RecallWithdrawn"];
    private readonly Channel<(string Call, JsonElement Said)> _heard = Channel.CreateUnbounded<(string, JsonElement)>();
    private readonly bool _messagePack;
    private HubConnection _connection = null!;

    private Ear(bool messagePack) => _messagePack = messagePack;

    /// <summary>On <c>/hubs/counter</c>, by default as a pharmacist there, and joined; the answer.</summary>
    public static async Task<(Ear Ear, JsonElement Joined)> AtCounter(OrderDesk desk, string pharmacy, bool messagePack = false, string role = "staff")
    {
        var ear = await Connected(desk, "counter", $"{role}:{pharmacy}", messagePack);
        return (ear, await ear.Ask("JoinCounter", pharmacy));
    }

    /// <summary>On <c>/hubs/live</c>, watching an order; the answer.</summary>
    public static async Task<(Ear Ear, JsonElement Watched)> OfBuyer(OrderDesk desk, Taken order, bool messagePack = false)
    {
        var ear = await Connected(desk, "live", null, messagePack);
        return (ear, await ear.Ask("WatchOrder", order.Id, order.Token));
    }

    public static async Task<Ear> Connected(OrderDesk desk, string hub, string? scope, bool messagePack = false)
    {
        var ear = new Ear(messagePack);
        ear._connection = await desk.Connect(hub, scope, messagePack, connection =>
        {
            foreach (var call in Calls)
                if (messagePack)
                    connection.On<object>(call, said => ear._heard.Writer.TryWrite((call, Json(said))));
                else
                    connection.On<JsonElement>(call, said => ear._heard.Writer.TryWrite((call, said)));
        });
        return ear;
    }

    /// <summary>Calls a method of the hub.</summary>
    public async Task<JsonElement> Ask(string method, params object?[] arguments) =>
        _messagePack ? Json(await _connection.InvokeCoreAsync<object>(method, arguments)) : await _connection.InvokeCoreAsync<JsonElement>(method, arguments);

    /// <summary>Calls a method of the hub that answers nothing.</summary>
    public Task Tell(string method, params object?[] arguments) => _connection.InvokeCoreAsync(method, arguments);

    /// <summary>The next call of a name that is of interest; whatever came before it is passed over.</summary>
    public async Task<JsonElement> Next(string call, Func<JsonElement, bool>? which = null)
    {
        using var patience = new CancellationTokenSource(OrderDesk.Patience);
        var seen = new List<string>();
        try
        {
            while (true)
            {
                var (name, said) = await _heard.Reader.ReadAsync(patience.Token);
                if (name == call && which?.Invoke(said) != false)
                    return said;
                seen.Add($"{name} {said}");
            }
        }
        catch (OperationCanceledException late)
        {
            throw new InvalidOperationException($"No such {call} came; what came: {string.Join('\n', seen)}", late);
        }
    }

    /// <summary>Whether anything has come that nobody has asked for.</summary>
    public bool HasMore => _heard.Reader.TryPeek(out _);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // Members that are null are left out of JSON where the contract leaves them out; MessagePack has them all.
    private static JsonElement Json(object? value) => JsonSerializer.SerializeToElement(Node(value));

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        IDictionary<object, object> map => new JsonObject(map.Select(pair => KeyValuePair.Create((string)pair.Key, Node(pair.Value)))),
        string text => JsonValue.Create(text),
        System.Collections.IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Node)]),
        _ => JsonSerializer.SerializeToNode(value),
    };
}
