using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Pharmacies;
using Realtime.Tests.Identity;

namespace Realtime.Tests.Counter;

/// <summary>One node with the demo country, on which every test writes to a pharmacy of its own.</summary>
public sealed class CounterHost : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, Task<string>> _tokens = new(StringComparer.Ordinal);
    private int _last;

    public RealtimeHost Host { get; private set; } = null!;

    public HttpClient Client => Host.Client;

    public async ValueTask InitializeAsync() => Host = await RealtimeHost.Start(demo: true);

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>A pharmacy of Paris that no other test writes to.</summary>
    public string NextPharmacy() => DemoCountry.IdOf(100 + Interlocked.Increment(ref _last)).Value;

    /// <summary>A token of the demo's client.</summary>
    public Task<string> Token(string scope) => _tokens.GetOrAdd(scope, s => Client.Token(s));

    /// <summary>A change by a pharmacist of the pharmacy.</summary>
    internal async Task<HttpResponseMessage> Change(HttpMethod method, string id, string act, object? body, long? seq, string? key = null) =>
        await Client.Change(await Token($"staff:{id}"), method, id, act, body, seq, key);

    /// <summary>The page as patients see it.</summary>
    public Task<JsonElement> Page(string id) => Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{id}");

    /// <summary>A client on <c>/hubs/counter</c>, started.</summary>
    public async Task<HubConnection> Connect(string token, bool messagePack = false, Action<HubConnection>? before = null)
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(Host.Address, "/hubs/counter"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(token));
        if (messagePack)
            builder.AddMessagePackProtocol();
        var connection = builder.Build();
        before?.Invoke(connection);
        await connection.StartAsync();
        return connection;
    }
}

[CollectionDefinition(nameof(CounterHost))]
public sealed class CounterHostCollection : ICollectionFixture<CounterHost>;

/// <summary>Changes as the counter makes them.</summary>
internal static class CounterCalls
{
    public static async Task<HttpResponseMessage> Change(this HttpClient client, string? token, HttpMethod method, string id, string act, object? body, long? seq, string? key = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/counter/{id}/{act}");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (seq is not null)
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{seq}\"");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        request.Content = body switch
        {
            null => null,
            string raw => new StringContent(raw, Encoding.UTF8, "application/json"),
            _ => JsonContent.Create(body),
        };
        return await client.SendAsync(request);
    }

    /// <summary>The body of an answer of a status.</summary>
    public static async Task<JsonElement> Expect(this Task<HttpResponseMessage> call, int status)
    {
        using var answer = await call;
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>A refusal of a status and a type, naming the culprit where one is given.</summary>
    public static async Task<JsonElement> Refuse(this Task<HttpResponseMessage> call, int status, string type, string? culprit = null)
    {
        var problem = await call.Expect(status);
        Assert.Equal($"/problems/{type}", problem.GetProperty("type").GetString());
        if (culprit is not null)
            Assert.Equal([culprit], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        return problem;
    }
}
