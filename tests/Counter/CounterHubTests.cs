using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Realtime.Tests.Identity;
using Realtime.Web.Counter;

namespace Realtime.Tests.Counter;

/// <summary>What counters and patients' screens are told, over real SignalR clients.</summary>
[Collection(nameof(CounterHost))]
public sealed class CounterHubTests(CounterHost counter, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Whoever_has_joined_is_told_of_a_pause_of_its_end_and_of_nothing_else()
    {
        var (id, other) = (counter.NextPharmacy(), counter.NextPharmacy());
        var (told, elsewhere) = (Channel.CreateUnbounded<JsonElement>(), Channel.CreateUnbounded<JsonElement>());
        await using var till = await counter.Connect(await counter.Token($"preparer:{id}"), before: c => c.On<JsonElement>("CounterPaused", change => told.Writer.TryWrite(change)));
        await using var neighbour = await counter.Connect(await counter.Token($"staff:{other}"), before: c => c.On<JsonElement>("CounterPaused", change => elsewhere.Writer.TryWrite(change)));
        var joined = await till.InvokeAsync<JsonElement>("JoinCounter", id);
        await neighbour.InvokeAsync<JsonElement>("JoinCounter", other);
        Assert.Equal(["epoch", "orders", "paused", "reason", "until", "seq"], joined.EnumerateObject().Select(m => m.Name));
        Assert.Equal((0, false, 0L), (joined.GetProperty("orders").GetArrayLength(), joined.GetProperty("paused").GetBoolean(), joined.GetProperty("seq").GetInt64()));

        await counter.Change(HttpMethod.Put, id, "hours", new { hours = "24/7" }, 0).Expect(200);
        var until = Instant.FromUnixTimeSeconds(counter.Host.Time.Now.ToUnixTimeSeconds() + 3);
        await counter.Change(HttpMethod.Post, id, "pause", new { reason = "livraison", until = until.ToString() }, 1).Expect(200);
        var paused = await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.Equal((true, "livraison", 2L, id), (paused.GetProperty("paused").GetBoolean(), paused.GetProperty("reason").GetString(), paused.GetProperty("seq").GetInt64(), paused.GetProperty("id").GetString()));
        Assert.Equal(until.ToUnixTimeSeconds(), paused.GetProperty("until").GetDateTimeOffset().ToUnixTimeSeconds());
        var second = await till.InvokeAsync<JsonElement>("JoinCounter", id);
        Assert.True(second.GetProperty("paused").GetBoolean());

        // The end that was set comes by itself.
        var over = await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.Equal((false, JsonValueKind.Null, JsonValueKind.Null), (over.GetProperty("paused").GetBoolean(), over.GetProperty("reason").ValueKind, over.GetProperty("until").ValueKind));
        Assert.InRange((counter.Host.Time.Now - until).TotalMilliseconds, 0, 1_000);
        Assert.False(elsewhere.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task The_hub_speaks_MessagePack_too()
    {
        var id = counter.NextPharmacy();
        var told = Channel.CreateUnbounded<Dictionary<string, object>>();
        await using var till = await counter.Connect(await counter.Token($"staff:{id}"), messagePack: true, c => c.On<Dictionary<string, object>>("CounterPaused", change => told.Writer.TryWrite(change)));
        var joined = await till.InvokeAsync<Dictionary<string, object>>("JoinCounter", id);
        Assert.Equal(["epoch", "orders", "paused", "reason", "seq", "until"], joined.Keys.Order(StringComparer.Ordinal));

        await counter.Change(HttpMethod.Post, id, "pause", new { reason = "r" }, 0).Expect(200);

        var paused = await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.Equal((true, "r"), ((bool)paused["paused"], (string)paused["reason"]));
    }

    [Fact]
    public async Task Nobody_joins_a_counter_that_is_not_his_and_nobody_connects_without_a_token()
    {
        var id = counter.NextPharmacy();
        await Assert.ThrowsAsync<HttpRequestException>(() => counter.Connect("nonsense"));
        foreach (var scope in (string[])["staff:990000028", "operator", $"lgo:{id}"])
        {
            await using var stranger = await counter.Connect(await counter.Token(scope));
            await Assert.ThrowsAsync<HubException>(() => stranger.InvokeAsync<JsonElement>("JoinCounter", id));
            await Assert.ThrowsAsync<HubException>(() => stranger.InvokeAsync<JsonElement>("JoinCounter", (string?)null));
        }
        await using var staff = await counter.Connect(await counter.Token("staff:750020927"));
        Assert.Contains("unknown-pharmacy", (await Assert.ThrowsAsync<HubException>(() => staff.InvokeAsync<JsonElement>("JoinCounter", "750020927"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_no_longer_of_the_staff_is_cut_and_who_still_is_stays()
    {
        const string pharmacy = "990000010", preparer = "99900000037";
        using var titulaire = new BrowserSession(counter.Host.Address);
        using var person = new BrowserSession(counter.Host.Address);
        await titulaire.SignIn("99900000011");
        await person.SignIn(preparer);
        var (cookies, antiforgery) = (string.Join("; ", person.Cookies.Select(c => $"{c.Key}={c.Value}")), person.Antiforgery!);
        await using var till = new HubConnectionBuilder().WithUrl(new Uri(counter.Host.Address, "/hubs/counter"), options => (options.Headers["Cookie"], options.Headers["X-Antiforgery"]) = (cookies, antiforgery)).Build();
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        till.Closed += _ =>
        {
            cut.TrySetResult();
            return Task.CompletedTask;
        };
        await till.StartAsync();
        await till.InvokeAsync<JsonElement>("JoinCounter", pharmacy);
        await using var stays = await counter.Connect(await counter.Token($"staff:{pharmacy}"));
        await stays.InvokeAsync<JsonElement>("JoinCounter", pharmacy);
        counter.Host.Services.GetRequiredService<Counters>().Recheck();
        await Task.Delay(300);
        Assert.Equal(HubConnectionState.Connected, till.State);

        var me = (await person.Refresh()).GetProperty("person").GetString();
        using (var removed = await titulaire.Send(HttpMethod.Delete, $"/api/v1/counter/{pharmacy}/people/{me}"))
            Assert.True(removed.IsSuccessStatusCode);

        await cut.Task.WaitAsync(Patience);
        Assert.Equal(HubConnectionState.Connected, stays.State);
    }

    [Fact]
    public async Task Hours_phone_news_and_a_pause_reach_a_patients_screen_within_250_ms_of_the_answer()
    {
        var id = counter.NextPharmacy();
        var told = Channel.CreateUnbounded<(long At, long Seq)>();
        await using var phone = await counter.Host.Connect(before: c => c.On<JsonElement>("PharmacyChanged", change => told.Writer.TryWrite((Stopwatch.GetTimestamp(), change.GetProperty("version").GetProperty("seq").GetInt64()))));
        await phone.InvokeAsync<JsonElement>("WatchPharmacy", id);
        await counter.Token($"staff:{id}");
        var late = new List<double>();
        foreach (var (method, act, body) in new (HttpMethod, string, object)[]
        {
            (HttpMethod.Put, "hours", new { hours = "24/7; PH open" }),
            (HttpMethod.Put, "page", new { phone = "01 99 00 00 00", services = Array.Empty<string>(), news = Array.Empty<string>(), modules = new { } }),
            (HttpMethod.Put, "page", new { phone = "01 99 00 00 00", services = Array.Empty<string>(), news = new[] { new { text = "Vaccins" } }, modules = new { } }),
            (HttpMethod.Post, "pause", new { reason = "travaux" }),
            (HttpMethod.Put, "hours", new { hours = "off; PH off" }),
        })
        {
            var seq = late.Count;
            await counter.Change(method, id, act, body, seq).Expect(200);
            var answered = Stopwatch.GetTimestamp();
            var (at, version) = await told.Reader.ReadAsync().AsTask().WaitAsync(Patience);
            Assert.Equal(seq + 1, version);
            late.Add(at < answered ? 0 : Stopwatch.GetElapsedTime(answered, at).TotalMilliseconds);
        }
        output.WriteLine($"after the answer: {string.Join(", ", late.Select(ms => $"{ms:F1} ms"))}");
        Assert.All(late, ms => Assert.InRange(ms, 0, 250));
    }
}
