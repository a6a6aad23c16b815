using System.Globalization;
using System.Text.Json;
using Realtime.Web.Edge;

namespace Realtime.Benchmarks.Lgo;

/// <summary>An order that the kit placed.</summary>
/// <param name="Id">Which.</param>
/// <param name="Token">What its buyer shows.</param>
/// <param name="Cip13">Of which product it is one box.</param>
/// <param name="Buyer">Words by which its buyer would be recognized.</param>
internal sealed record KitOrder(string Id, string Token, string Cip13, IReadOnlyList<string> Buyer);

/// <summary>Orders of buyers who do not exist: each has a telephone of its own, as a contact may have two open orders in a pharmacy.</summary>
internal sealed class KitOrders(LgoServer server, string pharmacy, string connector, string? staff, DateTimeOffset started)
{
    private const string BirthDate = "1985-04-23", Note = "Essai du kit de conformité LGO : à ignorer";

    private readonly Dictionary<string, KitOrder> _open = new(StringComparer.Ordinal);
    private readonly long _run = started.ToUnixTimeMilliseconds();
    private int _placed, _collected, _keys;

    private string FeedPath => $"/api/v1/lgo/{pharmacy}/orders";

    /// <summary>How many boxes of a product the kit's own orders hold.</summary>
    public int OpenOf(string cip13) => _open.Values.Count(order => order.Cip13 == cip13);

    /// <summary>Orders a box.</summary>
    /// <returns>The order; what came instead where it was not taken.</returns>
    public async Task<(KitOrder? Order, Answer Answer)> Place(string cip13)
    {
        var number = (_run * 100 + ++_placed) % 100_000_000;
        var (name, phone) = ($"Zzkit{number:D8} Essai", $"07{number:D8}");
        var answer = await server.Send(HttpMethod.Post, $"/api/v1/pharmacies/{pharmacy}/orders", null, new
        {
            lines = new[] { new { cip13, quantity = 1 } },
            buyer = new { name, phone, birthDate = BirthDate },
            answers = new { },
            consent = true,
            note = Note,
        }, ("Idempotency-Key", Key()));
        if (answer.Status != 201 || answer.Text("orderId") is not { } id || answer.Text("token") is not { } token)
            return (null, answer);
        return (_open[id] = new(id, token, cip13, [$"Zzkit{number:D8}", $"{number:D8}", BirthDate, Note]), answer);
    }

    /// <summary>The order as its buyer sees it.</summary>
    public Task<Answer> Seen(KitOrder order) => server.Get($"/api/v1/orders/{order.Id}", order.Token);

    /// <summary>The buyer goes back on it.</summary>
    public async Task<Answer> Cancel(KitOrder order)
    {
        var answer = await server.Send(HttpMethod.Post, $"/api/v1/orders/{order.Id}/cancel", order.Token, null, ("Idempotency-Key", Key()));
        if (answer.Status == 200)
            _open.Remove(order.Id);
        return answer;
    }

    /// <summary>A pharmacist takes it on, and thereby validates it.</summary>
    public async Task<Answer> Accept(KitOrder order) =>
        await server.Send(HttpMethod.Post, $"/api/v1/counter/{pharmacy}/orders/{order.Id}/accept", staff, null, ("If-Match", await VersionOf(order)), ("Idempotency-Key", Key()));

    /// <summary>The connector says that it is ready, or was collected.</summary>
    /// <param name="order">Which.</param>
    /// <param name="act"><c>ready</c> or <c>collect</c>.</param>
    /// <param name="body">What goes with it.</param>
    /// <param name="version">The version it is about; null for the present one.</param>
    /// <param name="key">Key of the request; null for one of its own.</param>
    public async Task<Answer> Act(KitOrder order, string act, object body, string? version = null, string? key = null)
    {
        var answer = await server.Send(HttpMethod.Post, $"{FeedPath}/{order.Id}/{act}", connector, body, ("If-Match", version ?? await VersionOf(order)), ("Idempotency-Key", key ?? Key()));
        if (act == "collect" && answer.Status == 200 && _open.Remove(order.Id))
            _collected++;
        return answer;
    }

    /// <summary>The order's version, as <c>If-Match</c> names it.</summary>
    public async Task<string> VersionOf(KitOrder order) => $"\"{(await Seen(order)).Number("seq")}\"";

    /// <summary>A page of the feed of orders.</summary>
    public Task<Answer> Changes(long after, int limit = 100, int wait = 0) => server.Get($"{FeedPath}?after={after}&limit={limit}{(wait > 0 ? $"&wait={wait}" : "")}", connector);

    /// <summary>What the feed of orders answers to a query as it is.</summary>
    public Task<Answer> ChangesOf(string query, bool asNobody = false) => server.Get($"{FeedPath}?{query}", asNobody ? null : connector);

    /// <summary>Reads the feed of orders from a place to its end.</summary>
    /// <returns>The last state of every order that it told of, and where it ended; the answer that was none, where one came.</returns>
    public async Task<(Dictionary<string, string> States, long End, Answer? Wrong)> Read(long after, int limit)
    {
        var states = new Dictionary<string, string>(StringComparer.Ordinal);
        while (true)
        {
            var page = await Changes(after, limit);
            if (page.Status != 200 || page.Number("seq") is not { } next)
                return (states, after, page);
            foreach (var item in page.Items("items"))
                if (OrderIn(item) is { } order && order.Text("orderId") is { } id)
                    states[id] = order.Text("state") ?? "";
            if (next <= after)
                return (states, after, null);
            after = next;
        }
    }

    /// <summary>Whether a page tells of an order.</summary>
    public static bool Tells(Answer page, KitOrder order) => page.Items("items").Any(item => OrderIn(item)?.Text("orderId") == order.Id);

    /// <summary>An Idempotency-Key that nobody has used.</summary>
    public string Key() => string.Create(CultureInfo.InvariantCulture, $"lgo-kit-{_run}-{++_keys}");

    /// <summary>Ends what is open.</summary>
    /// <returns>What stays, in sentences for the report.</returns>
    public async Task<IReadOnlyList<Sentence>> End()
    {
        var left = new List<Sentence>();
        foreach (var order in _open.Values.ToList())
            if (await Cancel(order) is { Status: not 200 } answer)
                left.Add(new($"order {order.Id} could not be cancelled ({answer.Told})", $"la commande {order.Id} n'a pas pu être annulée ({answer.Told})"));
        if (_placed > 0)
            left.Add(new($"{_placed} orders of buyers named Zzkit… were placed and ended, {_collected} of them by collection", $"{_placed} commandes d'acheteurs nommés Zzkit… ont été passées et closes, dont {_collected} par retrait"));
        return left;
    }

    private static JsonElement? OrderIn(JsonElement item) => ((JsonElement?)item).Member("order") ?? item;
}
