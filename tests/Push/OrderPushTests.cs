using System.Net;
using Realtime.Tests.Counter;
using Realtime.Tests.Orders;

namespace Realtime.Tests.Push;

/// <summary>One node that calls push services on its own machine.</summary>
public sealed class PushHost : IAsyncLifetime
{
    public OrderDesk Desk { get; private set; } = null!;

    /// <summary>Starts one, on a store of its own unless one is named.</summary>
    public static async Task<OrderDesk> Start(string? data = null) => new(await RealtimeHost.Start(demo: true, start: OrderDesk.MondayTen, dataDirectory: data, settings: new Dictionary<string, string>
    {
        ["Realtime:WebhooksToPrivateAddresses"] = "true",
        ["Realtime:ReminderSeconds"] = "1",
    }));

    public async ValueTask InitializeAsync() => Desk = await Start();

    public ValueTask DisposeAsync() => Desk.DisposeAsync();
}

/// <summary>From what happens to an order to a push service over HTTP, and to what the browser reads.</summary>
public sealed class OrderPushTests(PushHost host) : IClassFixture<PushHost>, IAsyncLifetime
{
    private const string Canary = "Zorglub9471";

    private readonly OrderDesk _desk = host.Desk;
    private PushService _service = null!;

    public async ValueTask InitializeAsync() => _service = await PushService.Start();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_browser_reads_each_turn_of_the_order_and_nothing_of_what_it_is_and_nothing_of_it_stands_in_the_store()
    {
        using var browser = new Browser();
        var order = await _desk.Place(await _desk.ByDay());
        var endpoint = _service.Endpoint(Canary);
        var asked = await _desk.Buyer(order, HttpMethod.Post, "push", browser.Asks(endpoint)).Expect(200);
        Assert.Equal(asked.GetRawText(), (await _desk.Buyer(order, HttpMethod.Post, "push", browser.Asks(endpoint)).Expect(200)).GetRawText());
        // What is reported of another browser, or of what is no news any more, ends nothing.
        await _desk.Queue(order.Pharmacy).Pushed(order.OrderId, 99, isGone: true);
        var key = (await _desk.Send(HttpMethod.Get, "/api/v1/push/key", null).Expect(200)).Text("key")!;

        var turns = new (string Act, object? Body, string Word)[] { ("accept", null, "accepted"), ("message", new { text = "un secret" }, "message"), ("ready", null, "ready"), ("refuse", new { reason = "un secret" }, "refused") };
        for (var i = 0; i < turns.Length; i++)
        {
            await _desk.Act(order, turns[i].Act, turns[i].Body, i + 1).Expect(200);
            var message = await _service.Next(Canary, i);
            Assert.Equal($$"""{"kind":"order","order":"{{asked.Text("name")}}","state":"{{turns[i].Word}}"}""", await browser.Open(message.Body));
            Assert.Equal(("aes128gcm", "86400", "high", asked.Text("name")), (message.Headers["Content-Encoding"], message.Headers["TTL"], message.Headers["Urgency"], message.Headers["Topic"]));
            var claims = await VapidKeyTests.Checked(message.Headers["Authorization"], key);
            Assert.Equal(new Uri(endpoint).GetLeftPart(UriPartial.Authority), claims["aud"]);
            Assert.DoesNotContain(order.Pharmacy, string.Join('\n', message.Headers), StringComparison.Ordinal);
        }
        Assert.Single(_service.All.Select(message => message.Body.Length).Distinct());
        Assert.Matches("^[A-Za-z0-9_-]{32}$", asked.Text("name"));
        // Of the address, which is the browser's own, nothing stands in clear; of the pharmacy, by the same scan, something does.
        Assert.Empty(new CanaryScan(Canary).In(_desk.Host.DataDirectory));
        Assert.NotEmpty(new CanaryScan(order.Pharmacy).In(_desk.Host.DataDirectory));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_browser_that_is_gone_is_not_called_again(int status)
    {
        using var browser = new Browser();
        _service.Answer = () => status;
        var order = await _desk.Place(await _desk.ByDay());
        await _desk.Buyer(order, HttpMethod.Post, "push", browser.Asks(_service.Endpoint("gone"))).Expect(200);
        await _desk.Act(order, "accept", null, 1).Expect(200);
        await _service.Next("gone", 0);
        await Settled(order);

        await _desk.Act(order, "ready", null, 2).Expect(200);
        await Task.Delay(300);

        Assert.Single(_service.To("gone"));
    }

    [Fact]
    public async Task A_service_that_cannot_take_it_just_now_is_asked_again_and_what_became_old_meanwhile_is_not_told()
    {
        using var browser = new Browser();
        var answers = new Queue<int>([429, 401]);
        _service.Answer = () => answers.TryDequeue(out var status) ? status : 201;
        var order = await _desk.Place(await _desk.ByDay());
        await _desk.Buyer(order, HttpMethod.Post, "push", browser.Asks(_service.Endpoint("busy"))).Expect(200);
        await _desk.Act(order, "accept", null, 1).Expect(200);
        await _service.Next("busy", 0);
        await _desk.Act(order, "ready", null, 2).Expect(200);
        await _service.Next("busy", 2);
        await Settled(order);
        await Task.Delay(300);

        var messages = _service.To("busy");
        Assert.Equal([429, 401, 201], messages.Select(message => message.Answered));
        Assert.Contains("accepted", await browser.Open(messages[0].Body), StringComparison.Ordinal);
        Assert.Contains("ready", await browser.Open(messages[1].Body), StringComparison.Ordinal);
        Assert.Contains("ready", await browser.Open(messages[2].Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_holds_the_order_has_somebody_told_and_may_end_it()
    {
        using var browser = new Browser();
        var order = await _desk.Place(await _desk.ByDay());
        var asks = browser.Asks(_service.Endpoint("off"));
        await _desk.Buyer(order, HttpMethod.Post, "push", asks, token: "x").Expect(404);
        await _desk.Buyer(order, HttpMethod.Delete, "push", token: "x").Expect(404);
        await _desk.Buyer(order, HttpMethod.Post, "push", new { endpoint = "http://10.0.0.1/x", keys = new { p256dh = "x", auth = "y" } }).Expect(400);
        await _desk.Buyer(order, HttpMethod.Post, "push", browser.Asks("ftp://push.example/x")).Expect(400);
        await _desk.Buyer(order, HttpMethod.Post, "push", asks).Expect(200);
        foreach (var _ in (int[])[1, 2])
            using (var ended = await _desk.Buyer(order, HttpMethod.Delete, "push"))
                Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        await _desk.Act(order, "accept", null, 1).Expect(200);
        await _desk.Buyer(order, HttpMethod.Post, "cancel").Expect(200);
        await _desk.Buyer(order, HttpMethod.Post, "push", asks).Expect(409);
        await Task.Delay(300);

        Assert.Empty(_service.To("off"));
    }

    [Fact]
    public async Task What_is_owed_outlives_the_process()
    {
        using var browser = new Browser();
        var data = Directory.CreateTempSubdirectory("realtime-push-").FullName;
        try
        {
            _service.Answer = () => 503;
            await using (var before = await PushHost.Start(data))
            {
                var order = await before.Place(await before.ByDay());
                await before.Buyer(order, HttpMethod.Post, "push", browser.Asks(_service.Endpoint("late"))).Expect(200);
                await before.Act(order, "refuse", new { reason = "un secret" }, 1).Expect(200);
                await _service.Next("late", 0);
            }
            var count = _service.To("late").Length;
            _service.Answer = () => 201;
            // Nobody asks it anything: its reminder wakes the queue.
            await using var after = await PushHost.Start(data);
            Assert.Contains("refused", await browser.Open((await _service.Next("late", count)).Body), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    // The queue has heard what became of it: nothing of that is owed any more.
    private async Task Settled(Taken order)
    {
        var journal = (Realtime.Journal.IJournal)_desk.Host.Services.GetService(typeof(Realtime.Journal.IJournal))!;
        for (var started = TimeProvider.System.GetTimestamp(); ; await Task.Delay(10))
            if ((await journal.ReadSome($"orders/{order.Pharmacy}", 0, 1_000)).Any(row => row.Event.Kind is "push.ended" or "push.sent"))
                return;
            else
                Assert.True(TimeProvider.System.GetElapsedTime(started).TotalSeconds < 15, "The queue was not told.");
    }
}
