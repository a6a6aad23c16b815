using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using NodaTime;
using Realtime.Tests.Identity;

namespace Realtime.Tests.People;

/// <summary>What becomes of the session that a PIN opened at a post, and of copies of it.</summary>
public sealed class PostSessionTests(PostSessionTests.Node node) : IClassFixture<PostSessionTests.Node>
{
    private const string Pharmacy = "990000010", Titulaire = "99900000011";
    private const string Pin = "471193";

    [Fact]
    public async Task At_a_post_a_PIN_is_changed_only_by_who_knows_the_old_one()
    {
        using var post = await Unlocked();

        using var without = await SetPin(post, new { pin = "9998" });
        using var wrong = await SetPin(post, new { pin = "9998", current = "4712" });
        using var old = await Unlock(post, Pin);
        await post.Refresh();
        using var right = await SetPin(post, new { pin = "9998", current = Pin });
        var me = await post.Refresh();
        using var former = await Unlock(post, Pin);
        using var present = await Unlock(post, "9998");

        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        Assert.Contains("$.current", await without.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("/problems/wrong-pin", (await wrong.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.NoContent, old.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, right.StatusCode);
        Assert.True(me.GetProperty("signedIn").GetBoolean());
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NoContent), (former.StatusCode, present.StatusCode));
    }

    [Fact]
    public async Task The_old_PIN_cannot_be_guessed_there_either()
    {
        using var post = await Unlocked();

        var last = HttpStatusCode.OK;
        for (var i = 0; i < 5; i++)
            using (var guess = await SetPin(post, new { pin = "9998", current = $"000{i + 1}" }))
                last = guess.StatusCode;
        using var locked = await SetPin(post, new { pin = "9998", current = Pin });

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
    }

    [Fact]
    public async Task A_copied_session_without_its_post_is_nobodys()
    {
        using var post = await Unlocked();
        using var away = Copy(post, "__Host-session");
        using var whole = Copy(post, "__Host-session", "__Host-post");

        Assert.True(await IsSignedIn(whole));
        Assert.False(await IsSignedIn(away));
    }

    [Fact]
    public async Task Signing_out_at_the_post_ends_every_copy_and_what_it_listens_to()
    {
        using var post = await Unlocked();
        using var copy = Copy(post, "__Host-session", "__Host-post");
        Assert.True(await IsSignedIn(copy));
        await using var till = new HubConnectionBuilder().WithUrl(new Uri(node.Host.Address, "/hubs/counter"), options => (options.Headers["Cookie"], options.Headers["X-Antiforgery"]) = (Written(copy), copy.Antiforgery!)).Build();
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        till.Closed += _ =>
        {
            cut.TrySetResult();
            return Task.CompletedTask;
        };
        await till.StartAsync();
        await till.InvokeAsync<JsonElement>("JoinCounter", Pharmacy);

        using var left = await post.Send(HttpMethod.Post, "/signout");

        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.False(await IsSignedIn(copy));
        await cut.Task.WaitAsync(TimeSpan.FromSeconds(10));
        using var again = await Unlock(post, Pin);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.True(await IsSignedIn(post));
        Assert.False(await IsSignedIn(copy));
    }

    [Fact]
    public async Task A_new_PIN_ends_what_the_old_one_opened()
    {
        using var post = await Unlocked();
        using var copy = Copy(post, "__Host-session", "__Host-post");
        Assert.True(await IsSignedIn(copy));
        using var owner = new BrowserSession(node.Host.Address);
        await owner.SignIn(Titulaire);

        using var changed = await SetPin(owner, new { pin = "8642" });

        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        Assert.False(await IsSignedIn(copy));
        Assert.True(await IsSignedIn(owner));
    }

    [Fact]
    public async Task However_often_it_is_used_it_ends_after_half_a_day()
    {
        using var post = await Unlocked();
        node.Host.Time.Set(node.Host.Time.Now + Duration.FromHours(12) - Duration.FromMinutes(1));
        var before = await IsSignedIn(post);
        node.Host.Time.Set(node.Host.Time.Now + Duration.FromMinutes(1));

        Assert.True(before);
        Assert.False(await IsSignedIn(post));
    }

    /// <summary>A browser that is a post, unlocked by its titulaire.</summary>
    private async Task<BrowserSession> Unlocked()
    {
        var post = new BrowserSession(node.Host.Address);
        await post.SignIn(Titulaire);
        using var pin = await SetPin(post, new { pin = Pin });
        using var enrolled = await post.Send(HttpMethod.Post, $"/api/v1/counter/{Pharmacy}/posts", new { label = "Comptoir" });
        using var left = await post.Send(HttpMethod.Post, "/signout");
        using var unlocked = await Unlock(post, Pin);
        Assert.All([pin, left, unlocked], answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
        await post.Refresh();
        return post;
    }

    private static Task<HttpResponseMessage> SetPin(BrowserSession browser, object body) => browser.Send(HttpMethod.Put, $"/api/v1/counter/{Pharmacy}/pin", body);

    private static async Task<HttpResponseMessage> Unlock(BrowserSession post, string pin)
    {
        using var own = await post.Send(HttpMethod.Get, "/api/v1/post");
        var people = (await own.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("people").EnumerateArray();
        var person = people.Single(p => p.GetProperty("role").GetString() == "titulaire").GetProperty("person").GetString();
        // Whoever has just signed out has no session that could be forged.
        post.Antiforgery = null;
        await post.Refresh();
        return await post.Send(HttpMethod.Post, "/api/v1/post/unlock", new { person, pin });
    }

    private static async Task<bool> IsSignedIn(BrowserSession browser) => (await browser.Refresh()).GetProperty("signedIn").GetBoolean();

    private BrowserSession Copy(BrowserSession browser, params string[] cookies)
    {
        var copy = new BrowserSession(node.Host.Address);
        foreach (var name in cookies)
            copy.Cookies[name] = browser.Cookies[name];
        return copy;
    }

    private static string Written(BrowserSession browser) => string.Join("; ", browser.Cookies.Select(c => $"{c.Key}={c.Value}"));

    public sealed class Node : IAsyncLifetime
    {
        public RealtimeHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await RealtimeHost.Start(demo: true);

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
