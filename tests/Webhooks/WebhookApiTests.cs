using System.Net.Http.Json;
using System.Text.Json;
using Realtime.Tests.Edge;
using Realtime.Tests.Identity;
using Realtime.Tests.Orders;

namespace Realtime.Tests.Webhooks;

/// <summary>Webhooks as a titulaire registers, tries out and looks after them, over HTTP.</summary>
[Collection(nameof(DemoHost))]
public sealed class WebhookApiTests(DemoHost demo)
{
    private const string Path = "/api/v1/counter/990000010/webhooks", Titulaire = "99900000011";
    private static readonly string[] Placed = ["order.placed"];

    [Fact]
    public async Task A_secret_is_shown_once_and_again_only_as_another_one()
    {
        await using var receiver = await WebhookReceiver.Start();
        using var browser = await SignedIn();
        var added = await Json(browser, HttpMethod.Post, Path, new { url = receiver.Url, events = new[] { "stock.short", "order.placed" }, description = "siège" }, 201);
        var (webhook, secret) = (added.Text("webhook"), added.Text("secret")!);
        var listed = (await Json(browser, HttpMethod.Get, Path, null, 200)).GetProperty("items").EnumerateArray().Single(item => item.Text("webhook") == webhook);
        var rotated = await Json(browser, HttpMethod.Post, $"{Path}/{webhook}/rotate", null, 200);

        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length);
        Assert.Equal(["order.placed", "stock.short"], listed.GetProperty("events").Texts());
        Assert.Equal(["addedAt", "deadLetters", "description", "events", "goneAt", "url", "waiting", "webhook"], listed.Names().Order(StringComparer.Ordinal));
        Assert.NotEqual(secret, rotated.Text("secret"));
        // A third within the day would end the first without a word.
        var again = await Json(browser, HttpMethod.Post, $"{Path}/{webhook}/rotate", null, 409);
        Assert.Equal(("/problems/rotated-before", rotated.Text("oldUntil")), (again.Text("type"), again.Text("oldUntil")));
        await Json(browser, HttpMethod.Delete, $"{Path}/{webhook}", null, 204);
        await Json(browser, HttpMethod.Delete, $"{Path}/{webhook}", null, 404);
    }

    [Fact]
    public async Task A_test_says_how_the_receiver_answered()
    {
        await using var receiver = await WebhookReceiver.Start();
        using var browser = await SignedIn();
        var webhook = (await Json(browser, HttpMethod.Post, Path, new { url = receiver.Url, events = Placed }, 201)).Text("webhook");
        var taken = await Json(browser, HttpMethod.Post, $"{Path}/{webhook}/test", null, 200);
        receiver.Answer = (_, _) => Task.FromResult(302);
        var refused = await Json(browser, HttpMethod.Post, $"{Path}/{webhook}/test", null, 200);
        await receiver.DisposeAsync();
        var unreachable = await Json(browser, HttpMethod.Post, $"{Path}/{webhook}/test", null, 200);
        await Json(browser, HttpMethod.Delete, $"{Path}/{webhook}", null, 204);

        Assert.Equal((true, "http-204"), (taken.GetProperty("delivered").GetBoolean(), taken.Text("answer")));
        Assert.Equal((taken.Text("message"), "webhook.test"), (receiver.All.First().Id, receiver.All.First().Type));
        Assert.Equal((false, "http-302"), (refused.GetProperty("delivered").GetBoolean(), refused.Text("answer")));
        Assert.Equal((false, "unreachable"), (unreachable.GetProperty("delivered").GetBoolean(), unreachable.Text("answer")));
    }

    [Fact]
    public async Task While_a_test_is_on_its_way_there_is_no_other()
    {
        await using var receiver = await WebhookReceiver.Start();
        var (came, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        receiver.Answer = async (_, _) =>
        {
            came.TrySetResult();
            await release.Task;
            return 204;
        };
        using var browser = await SignedIn();
        var webhook = (await Json(browser, HttpMethod.Post, Path, new { url = receiver.Url, events = Placed }, 201)).Text("webhook");
        var first = Json(browser, HttpMethod.Post, $"{Path}/{webhook}/test", null, 200);
        await came.Task;
        Assert.Equal("/problems/test-under-way", (await Json(browser, HttpMethod.Post, $"{Path}/{webhook}/test", null, 409)).Text("type"));
        release.SetResult();
        Assert.Equal("http-204", (await first).Text("answer"));
        await Json(browser, HttpMethod.Post, $"{Path}/{webhook}/test", null, 200);
        await Json(browser, HttpMethod.Delete, $"{Path}/{webhook}", null, 204);
        Assert.Equal(2, receiver.All.Count);
    }

    [Theory]
    [InlineData("""{ "url": "http://hooks.example.com/", "events": ["order.placed"] }""", "$.url")]
    [InlineData("""{ "url": "https://a@hooks.example.com/", "events": ["order.placed"] }""", "$.url")]
    [InlineData("""{ "url": "https://hooks.example.com:25/", "events": ["order.placed"] }""", "$.url")]
    [InlineData("""{ "url": "https://xn--a\u00ad.example.com/", "events": ["order.placed", "webhook.test"] }""", "$.events")]
    [InlineData("""{ "url": "nowhere", "events": ["order.placed"] }""", "$.url")]
    [InlineData("""{ "url": "https://hooks.example.com/", "events": [] }""", "$.events")]
    [InlineData("""{ "url": "https://hooks.example.com/", "events": [null] }""", "$.events")]
    [InlineData("""{ "url": "https://hooks.example.com/", "events": ["order.placed"], "description": "" }""", "$.description")]
    [InlineData("""{ "url": "https://hooks.example.com/", "events": ["order.placed"], "secret": "mine" }""", "$.secret")]
    public async Task What_is_wrong_is_named(string body, string culprit)
    {
        using var browser = await SignedIn();
        using var answer = await browser.Send(HttpMethod.Post, Path, content: new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty(culprit, out _), problem.ToString());
    }

    [Fact]
    public async Task A_pharmacy_has_ten_and_no_address_twice()
    {
        using var browser = await SignedIn();
        var ids = new List<string?>();
        while (ids.Count < 10)
            ids.Add((await Json(browser, HttpMethod.Post, Path, new { url = $"https://hooks.example.com/{ids.Count}", events = Placed }, 201)).Text("webhook"));
        Assert.Equal("/problems/too-many-webhooks", (await Json(browser, HttpMethod.Post, Path, new { url = "https://hooks.example.com/10", events = Placed }, 409)).Text("type"));
        Assert.Equal("/problems/already-registered", (await Json(browser, HttpMethod.Post, Path, new { url = "https://hooks.example.com/3", events = Placed }, 409)).Text("type"));
        foreach (var id in ids)
            await Json(browser, HttpMethod.Delete, $"{Path}/{id}", null, 204);
    }

    private async Task<BrowserSession> SignedIn()
    {
        var browser = new BrowserSession(demo.Address);
        await browser.SignIn(Titulaire);
        return browser;
    }

    private static async Task<JsonElement> Json(BrowserSession browser, HttpMethod method, string path, object? body, int status)
    {
        using var answer = await browser.Send(method, path, body);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode == status, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
