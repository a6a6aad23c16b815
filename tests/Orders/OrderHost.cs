using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Tests.Counter;
using Realtime.Tests.Identity;

namespace Realtime.Tests.Orders;

/// <summary>One node with the demo country, on a Monday at ten in the morning in Paris, on which every test orders at a pharmacy of its own.</summary>
public sealed class OrderHost : IAsyncLifetime
{
    public OrderDesk Desk { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Desk = new(await RealtimeHost.Start(demo: true, start: OrderDesk.MondayTen));

    public ValueTask DisposeAsync() => Desk.DisposeAsync();
}

[CollectionDefinition(nameof(OrderHost))]
public sealed class OrderHostCollection : ICollectionFixture<OrderHost>;

/// <summary>A node of their own for tests that declare recalls: orders of the same product everywhere may be concerned.</summary>
[CollectionDefinition(nameof(RecallingHost))]
public sealed class RecallingHost : ICollectionFixture<OrderHost>;

/// <summary>Orders as buyers and counters handle them, over HTTP and both hubs of a node.</summary>
/// <param name="host">The node.</param>
/// <param name="first">From which pharmacy of the demo on this may take some; from 100 on they are in Paris.</param>
public sealed class OrderDesk(RealtimeHost host, int first = 100) : IAsyncDisposable
{
    /// <summary>Ibuprofen 400 mg by ten (4 g) and by twelve (4.8 g), and suppositories of 0.8 g of paracetamol at 2.22 €, of which five boxes may be ordered at once.</summary>
    public const string Ibuprofen = "3400938358926", Spedifen = "3400936251892", Suppository = "3400933905569";

    /// <summary>Monday 23 November 2026.</summary>
    internal static readonly Instant MondayTen = Instant.FromUtc(2026, 11, 23, 9, 0);

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, Task<string>> _tokens = new(StringComparer.Ordinal);
    private int _last, _contact, _key;

    public RealtimeHost Host => host;

    public HttpClient Client => host.Client;

    internal Instant Now => host.Time.Now;

    public ValueTask DisposeAsync() => host.DisposeAsync();

    /// <summary>A pharmacy that no other test writes to, as the demo has it.</summary>
    public string NextPharmacy() => DemoCountry.IdOf(first + Interlocked.Increment(ref _last)).Value;

    /// <summary>An Idempotency-Key that nobody has used.</summary>
    public string NextKey() => $"key-{Interlocked.Increment(ref _key)}";

    /// <summary>One that keeps these hours and has so many boxes of each product that is named here.</summary>
    public async Task<string> NextPharmacy(string hours, object? modules = null, int boxes = 20)
    {
        var id = NextPharmacy();
        await Change(HttpMethod.Put, id, "hours", new { hours }, 0).Expect(200);
        if (modules is not null)
            await Change(HttpMethod.Put, id, "page", new { phone = "01 99 00 00 00", services = Array.Empty<string>(), news = Array.Empty<string>(), modules }, 1).Expect(200);
        await Sweep(id);
        foreach (var product in new[] { Ibuprofen, Spedifen, Suppository })
            await Stock(id, product, boxes);
        return id;
    }

    /// <summary>Open from nine to seven, Monday to Saturday, and on nobody's account at night; its page stands at 2.</summary>
    public Task<string> ByDay(object? modules = null, int boxes = 20) => NextPharmacy("Mo-Sa 09:00-19:00; PH off", modules ?? new { clickAndCollect = true }, boxes);

    /// <summary>A token of the demo's client.</summary>
    public Task<string> Token(string scope)
    {
        lock (_tokens)
            return _tokens.TryGetValue(scope, out var token) ? token : _tokens[scope] = Client.Token(scope);
    }

    /// <summary>A change by the staff of the pharmacy: by a pharmacist unless another role is named.</summary>
    internal async Task<HttpResponseMessage> Change(HttpMethod method, string id, string act, object? body, long? seq, string? key = null, string role = "staff") =>
        await Client.Change(await Token($"{role}:{id}"), method, id, act, body, seq, key);

    /// <summary>An act about an order, on the version that is named.</summary>
    internal Task<HttpResponseMessage> Act(Taken order, string act, object? body, long? seq, string? key = null, string role = "staff") =>
        Change(HttpMethod.Post, order.Pharmacy, $"orders/{order.Id}/{act}", body, seq, key, role);

    /// <summary>Acts that must succeed, one after the other, from the version that is named; the last answer.</summary>
    internal async Task<JsonElement> Through(Taken order, long seq, params string[] acts)
    {
        JsonElement answer = default;
        foreach (var act in acts)
        {
            answer = await Act(order, act, act == "collect" ? new { pickupCode = CodeOf(order) } : null, seq).Expect(200);
            seq = answer.GetProperty("seq").GetInt64();
        }
        return answer;
    }

    /// <summary>What is said at the counter for an order, whether or not the buyer is shown it yet.</summary>
    internal string CodeOf(Taken order) => host.Services.GetRequiredService<OrderSecrets>().CodeOf(order.OrderId);

    /// <summary>Says how many boxes there are.</summary>
    public Task<JsonElement> Stock(string id, string product, int quantity, int? reserve = null) =>
        Change(HttpMethod.Put, id, $"stock/{product}", reserve is null ? new { quantity } : new { quantity, reserve }, null).Expect(200);

    /// <summary>Boxes as the counter sees them.</summary>
    public Task<JsonElement> Boxes(string id, string product) => Change(HttpMethod.Get, id, $"stock/{product}", null, null).Expect(200);

    /// <summary>The page as patients see it.</summary>
    public Task<JsonElement> Page(string id) => Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{id}");

    /// <summary>Everybody who orders has a telephone of his own, unless one is named.</summary>
    public object Asks(int quantity = 1, string product = Ibuprofen, string? phone = null, string? email = null, string name = "Zoé Été", string birthDate = "1985-04-23", object? answers = null, bool consent = true, string? note = null) => new
    {
        lines = new[] { new { cip13 = product, quantity } },
        buyer = new { name, phone = phone ?? (email is null ? $"06 {Interlocked.Increment(ref _contact):D8}" : null), email, birthDate },
        answers = answers ?? new { },
        consent,
        note,
    };

    /// <summary>Asks for an order, under a key of its own unless one is named.</summary>
    public Task<HttpResponseMessage> Order(string id, object body, string? key = null, string? language = null) =>
        Send(HttpMethod.Post, $"/api/v1/pharmacies/{id}/orders", null, body, key ?? NextKey(), language);

    /// <summary>An order that is taken.</summary>
    internal async Task<Taken> Place(string id, object? body = null, string? key = null) => Taken.Of(await Order(id, body ?? Asks(), key).Expect(201));

    /// <summary>An order that the counter writes down.</summary>
    internal async Task<Taken> WriteDown(string id, object? body = null, string role = "staff") =>
        Taken.Of(await Change(HttpMethod.Post, id, "orders", body ?? Asks(), null, NextKey(), role).Expect(201));

    /// <summary>What the buyer does or sees, with the order's token unless another is named.</summary>
    internal Task<HttpResponseMessage> Buyer(Taken order, HttpMethod method, string act = "", object? body = null, string? key = null, string? token = null) =>
        Send(method, $"/api/v1/orders/{order.Id}{(act.Length > 0 ? $"/{act}" : "")}", token ?? order.Token, body, key);

    /// <summary>The order as its buyer sees it.</summary>
    internal Task<JsonElement> Seen(Taken order) => Buyer(order, HttpMethod.Get).Expect(200);

    /// <summary>The order as its counter sees it.</summary>
    internal async Task<JsonElement> AtCounter(Taken order) =>
        (await Change(HttpMethod.Get, order.Pharmacy, "orders?limit=1000", null, null).Expect(200)).GetProperty("items").EnumerateArray().Single(one => one.Text("orderId") == order.Id);

    public async Task<HttpResponseMessage> Send(HttpMethod method, string path, string? token, object? body = null, string? key = null, string? language = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", token.Contains(' ', StringComparison.Ordinal) ? token : $"Bearer {token}");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (language is not null)
            request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        request.Content = body switch
        {
            null => null,
            string raw => new StringContent(raw, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body),
        };
        return await Client.SendAsync(request);
    }

    /// <summary>The page as patients see it once this node has taken in a version of it: after a jump of the clock it has a whole country to look at.</summary>
    public async Task<JsonElement> Page(string id, long seq)
    {
        for (var started = TimeProvider.System.GetTimestamp(); ; await Task.Delay(20))
            if (await Page(id) is var page && page.GetProperty("seq").GetInt64() >= seq)
                return page;
            else
                Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, $"The page of {id} does not come to {seq}.");
    }

    /// <summary>The queue of a pharmacy.</summary>
    internal IOrderQueueGrain Queue(string id) => host.Services.GetRequiredService<IGrainFactory>().GetGrain<IOrderQueueGrain>(id);

    /// <summary>Does what time has made due, now, and looks at the page as it is now: else what others change on it is heeded within half a second.</summary>
    internal Task Sweep(string id) => Queue(id).Sweep();

    /// <summary>The clock shows another moment, and what is due by then at a pharmacy is done.</summary>
    internal async Task At(Instant now, string id)
    {
        await At(now);
        await Sweep(id);
    }

    /// <summary>The clock shows another moment, and the node has a whole country's doors opened and shut by then. Tokens may be too old.</summary>
    internal async Task At(Instant now)
    {
        host.Time.Set(now);
        lock (_tokens)
            _tokens.Clear();
        for (var started = TimeProvider.System.GetTimestamp(); (await Client.GetFromJsonAsync<JsonElement>("/api/v1/pharmacies/nearest?lat=48.85&lon=2.35&k=1")).Moment("asOf") < now; await Task.Delay(20))
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60), "The node does not take in what time it is.");
    }

    /// <summary>A client on a hub, started; of staff where a scope is named.</summary>
    public async Task<HubConnection> Connect(string hub, string? scope = null, bool messagePack = false, Action<HubConnection>? before = null)
    {
        var token = scope is null ? null : await Token(scope);
        var builder = new HubConnectionBuilder().WithUrl(new Uri(host.Address, $"/hubs/{hub}"), options =>
        {
            if (token is not null)
                options.AccessTokenProvider = () => Task.FromResult<string?>(token);
        });
        if (messagePack)
            builder.AddMessagePackProtocol();
        var connection = builder.Build();
        before?.Invoke(connection);
        await connection.StartAsync();
        return connection;
    }
}

/// <summary>An order that was taken, as its buyer knows it.</summary>
internal sealed record Taken(string Id, string Token, JsonElement Answer)
{
    public string Pharmacy => Id[..PharmacyId.Length];

    public OrderId OrderId => OrderId.TryParse(Id, out var id) ? id : throw new InvalidOperationException($"{Id} is no order.");

    public static Taken Of(JsonElement answer) => new(answer.Text("orderId")!, answer.Text("token")!, answer);
}

/// <summary>Looks into answers.</summary>
internal static class Answers
{
    public static string? Text(this JsonElement json, string member) => json.GetProperty(member).GetString();

    public static int Number(this JsonElement json, string member) => json.GetProperty(member).GetInt32();

    public static Instant Moment(this JsonElement json, string member) => Instant.FromDateTimeOffset(DateTimeOffset.Parse(json.Text(member)!, CultureInfo.InvariantCulture));

    /// <summary>The last state that an order has come to.</summary>
    public static JsonElement Latest(this JsonElement order) => order.GetProperty("timeline").EnumerateArray().Last();

    public static string[] Names(this JsonElement json) => [.. json.EnumerateObject().Select(member => member.Name)];

    public static string[] Texts(this JsonElement json) => [.. json.EnumerateArray().Select(one => one.GetString()!)];

    /// <summary>What is asked for is refused, in English and in French, with the members that a problem has and those that this one is to have.</summary>
    public static async Task<JsonElement> RefusedInBoth(Func<string, Task<HttpResponseMessage>> ask, int status, string type, params string[] more)
    {
        var (english, french) = (await Refused(ask("en"), status, type), await Refused(ask("fr-FR"), status, type));
        Assert.NotEqual(english.Text("detail"), french.Text("detail"));
        Assert.Equal(((string[])["detail", "status", "title", "traceId", "type", .. more]).Order(StringComparer.Ordinal), english.Names().Order(StringComparer.Ordinal));
        return english;
    }

    private static async Task<JsonElement> Refused(Task<HttpResponseMessage> call, int status, string type)
    {
        using var answer = await call;
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {problem}");
        Assert.Equal(("application/problem+json", "no-store"), (answer.Content.Headers.ContentType?.MediaType, answer.Headers.CacheControl?.ToString()));
        Assert.Equal(($"/problems/{type}", status), (problem.Text("type"), problem.Number("status")));
        Assert.False(string.IsNullOrWhiteSpace(problem.Text("detail")));
        return problem;
    }
}
