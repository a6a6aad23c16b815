using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Realtime.Tests.Edge;

namespace Realtime.Tests.Identity;

/// <summary>Signing in over real HTTP, in the demo.</summary>
[Collection(nameof(DemoHost))]
public sealed class SignInTests(DemoHost demo)
{
    private const string Pharmacy = "990000010", Other = "990000028";
    private const string Titulaire = "99900000011", Adjoint = "99900000029", Preparer = "99900000037";

    [Theory]
    [InlineData("staff:990000010", "pharmacist:990000010")]
    [InlineData("preparer:990000010", "preparer:990000010")]
    [InlineData("lgo:990000010", "lgo:990000010")]
    [InlineData("planner:75", "planner:75")]
    [InlineData("dispatcher:2A", "dispatcher:2A")]
    [InlineData("operator", "operator")]
    [InlineData("staff:990000010 planner:75", "pharmacist:990000010,planner:75")]
    public async Task The_demo_client_is_given_the_roles_it_asks_for(string scope, string roles)
    {
        using var me = await demo.Client.Send(HttpMethod.Get, "/api/v1/me", await demo.Client.Token(scope));

        var body = await me.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(roles, string.Join(',', body.GetProperty("roles").EnumerateArray().Select(r => r.GetString())));
        Assert.Equal(JsonValueKind.Null, body.GetProperty("antiforgery").ValueKind);
    }

    [Theory]
    [InlineData("demo", "wrong", "operator", "invalid_client")]
    [InlineData("nobody", "demo-secret", "operator", "invalid_client")]
    [InlineData("demo", "demo-secret", null, "invalid_scope")]
    [InlineData("demo", "demo-secret", "staff:990000011", "invalid_scope")]
    [InlineData("demo", "demo-secret", "planner:00", "invalid_scope")]
    [InlineData("demo", "demo-secret", "root", "invalid_scope")]
    public async Task Nobody_else_is_given_a_token(string id, string secret, string? scope, string error)
    {
        using var answer = await demo.Client.Ask(scope, id, secret);

        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized, $"{answer.StatusCode}");
        Assert.Equal(error, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_person_signs_in_by_the_code_flow_and_is_who_the_team_says()
    {
        using var browser = new BrowserSession(demo.Address);
        await browser.SignIn(Adjoint);

        var me = await browser.Refresh();

        Assert.True(me.GetProperty("signedIn").GetBoolean());
        Assert.Equal("Hugo BERNARD", me.GetProperty("name").GetString());
        Assert.Equal([$"pharmacist:{Pharmacy}", $"pharmacist:{Other}"], me.GetProperty("roles").EnumerateArray().Select(r => r.GetString()!));
        Assert.DoesNotContain(Adjoint, me.ToString(), StringComparison.Ordinal);
        var session = Assert.Single(browser.SetCookies, c => c.StartsWith("__Host-session=", StringComparison.Ordinal));
        Assert.All(new[] { "secure", "httponly", "samesite=strict", "path=/" }, word => Assert.Contains(word, session, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("domain", session, StringComparison.OrdinalIgnoreCase);
        Assert.All(browser.SetCookies, c => Assert.Contains("secure", c, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_session_changes_nothing_without_the_antiforgery_token_and_ends_at_sign_out()
    {
        using var browser = new BrowserSession(demo.Address);
        await browser.SignIn(Titulaire);
        var token = browser.Antiforgery;

        browser.Antiforgery = null;
        using var forged = await browser.Send(HttpMethod.Put, $"/api/v1/counter/{Pharmacy}/pin", new { pin = "4711" });
        browser.Antiforgery = token;
        using var own = await browser.Send(HttpMethod.Put, $"/api/v1/counter/{Pharmacy}/pin", new { pin = "4711" });
        using var left = await browser.Send(HttpMethod.Post, "/signout");
        var me = await browser.Refresh();

        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.EndsWith("/forged-request", (await forged.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, own.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.False(me.GetProperty("signedIn").GetBoolean());
    }

    [Fact]
    public async Task The_simulator_sends_nobody_to_another_address_and_takes_no_flow_without_PKCE()
    {
        using var browser = new BrowserSession(demo.Address);
        var own = Uri.EscapeDataString(new Uri(demo.Address, "/signin/callback").ToString());
        var evil = Uri.EscapeDataString("https://evil.example/signin/callback");

        using var away = await browser.Send(HttpMethod.Get, $"/connect/authorize?client_id=realtime&response_type=code&scope=openid&redirect_uri={evil}&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256");
        using var bare = await browser.Send(HttpMethod.Get, $"/connect/authorize?client_id=realtime&response_type=code&scope=openid&redirect_uri={own}");

        Assert.Equal(HttpStatusCode.BadRequest, away.StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, bare.StatusCode);
    }

    [Fact]
    public async Task A_removed_preparer_is_out_at_once_and_the_titulaire_cannot_be_removed()
    {
        using var titulaire = new BrowserSession(demo.Address);
        await titulaire.SignIn(Titulaire);
        using var preparer = new BrowserSession(demo.Address);
        await preparer.SignIn(Preparer);
        var me = await preparer.Refresh();
        using var people = await titulaire.Send(HttpMethod.Get, $"/api/v1/counter/{Pharmacy}/people");
        var items = (await people.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items").EnumerateArray().ToArray();

        using var before = await preparer.Send(HttpMethod.Put, $"/api/v1/counter/{Pharmacy}/pin", new { pin = "2468" });
        using var removed = await titulaire.Send(HttpMethod.Delete, $"/api/v1/counter/{Pharmacy}/people/{me.GetProperty("person").GetString()}");
        using var after = await preparer.Send(HttpMethod.Put, $"/api/v1/counter/{Pharmacy}/pin", new { pin = "2468" });
        using var owner = await titulaire.Send(HttpMethod.Delete, $"/api/v1/counter/{Pharmacy}/people/{(await titulaire.Refresh()).GetProperty("person").GetString()}");
        using var back = await titulaire.Send(HttpMethod.Post, $"/api/v1/counter/{Pharmacy}/people", new { name = "Inès Petit", role = "preparer", rpps = Preparer });
        using var again = await preparer.Send(HttpMethod.Put, $"/api/v1/counter/{Pharmacy}/pin", new { pin = "2468" });

        Assert.Contains(items, i => i.GetProperty("name").GetString() == "Inès Petit" && i.GetProperty("role").GetString() == "preparer");
        Assert.Equal(HttpStatusCode.NoContent, before.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, after.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, owner.StatusCode);
        Assert.Equal(HttpStatusCode.Created, back.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Fact]
    public async Task A_post_is_enrolled_once_and_taken_over_by_PIN_in_ones_own_name()
    {
        using var post = new BrowserSession(demo.Address);
        await post.SignIn(Titulaire);
        using var pin = await post.Send(HttpMethod.Put, $"/api/v1/counter/{Pharmacy}/pin", new { pin = "9137" });
        using var enrolled = await post.Send(HttpMethod.Post, $"/api/v1/counter/{Pharmacy}/posts", new { label = "Comptoir 1" });
        using var link = await post.Send(HttpMethod.Post, $"/api/v1/counter/{Pharmacy}/people", new { name = "Léa Roux", role = "student" });
        var invited = await link.Content.ReadFromJsonAsync<JsonElement>();
        using var left = await post.Send(HttpMethod.Post, "/signout");
        post.Antiforgery = null;
        var student = invited.GetProperty("person").GetString()!;
        var invitation = invited.GetProperty("link").GetString()!.Split("#join=")[1];

        using var joined = await post.Send(HttpMethod.Post, "/api/v1/join", new { invitation, pin = "5823" });
        using var twice = await post.Send(HttpMethod.Post, "/api/v1/join", new { invitation, pin = "5823" });
        using var wrong = await post.Send(HttpMethod.Post, "/api/v1/post/unlock", new { person = student, pin = "5824" });
        using var unlocked = await post.Send(HttpMethod.Post, "/api/v1/post/unlock", new { person = student, pin = "5823" });
        var me = await post.Refresh();

        Assert.Equal(HttpStatusCode.Created, enrolled.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, joined.StatusCode);
        Assert.Equal(HttpStatusCode.Gone, twice.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, unlocked.StatusCode);
        Assert.Equal("Léa Roux", me.GetProperty("name").GetString());
        Assert.Equal($"student:{Pharmacy}", me.GetProperty("roles")[0].GetString());
        Assert.NotNull(me.GetProperty("post").GetString());

        // Somebody else takes over; five wrong PINs lock that one person, and a titulaire at a post is not the titulaire in person.
        var owner = (await OwnPost(post)).GetProperty("people")[0].GetProperty("person").GetString();
        using var over = await post.Send(HttpMethod.Post, "/api/v1/post/unlock", new { person = owner, pin = "9137" });
        await post.Refresh();
        using var people = await post.Send(HttpMethod.Get, $"/api/v1/counter/{Pharmacy}/people");
        var last = HttpStatusCode.OK;
        for (var i = 0; i < 5; i++)
            using (var guess = await post.Send(HttpMethod.Post, "/api/v1/post/unlock", new { person = student, pin = $"000{i + 1}" }))
                last = guess.StatusCode;
        using var locked = await post.Send(HttpMethod.Post, "/api/v1/post/unlock", new { person = student, pin = "5823" });

        Assert.Equal(HttpStatusCode.NoContent, over.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, people.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.Equal(HttpStatusCode.TooManyRequests, locked.StatusCode);
        Assert.InRange(locked.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(15));

        // A post that is taken out of use ends the session that was unlocked there.
        using var elsewhere = new BrowserSession(demo.Address);
        await elsewhere.SignIn(Titulaire);
        using var gone = await elsewhere.Send(HttpMethod.Delete, $"/api/v1/counter/{Pharmacy}/posts/{OwnId(enrolled)}");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.False((await post.Refresh()).GetProperty("signedIn").GetBoolean());
    }

    [Fact]
    public async Task A_connector_gets_tokens_until_it_is_shut_out_and_its_tokens_end_with_it()
    {
        using var titulaire = new BrowserSession(demo.Address);
        await titulaire.SignIn(Titulaire);
        using var registered = await titulaire.Send(HttpMethod.Post, $"/api/v1/counter/{Pharmacy}/connectors", new { label = "LGO" });
        var credentials = await registered.Content.ReadFromJsonAsync<JsonElement>();
        var (id, secret) = (credentials.GetProperty("clientId").GetString()!, credentials.GetProperty("clientSecret").GetString()!);
        var token = await demo.Client.Token(null, id, secret);

        using var before = await demo.Client.Send(HttpMethod.Get, "/api/v1/me", token);
        using var removed = await titulaire.Send(HttpMethod.Delete, $"/api/v1/counter/{Pharmacy}/connectors/{id}");
        using var after = await demo.Client.Send(HttpMethod.Get, "/api/v1/me", token);
        using var again = await demo.Client.Ask(null, id, secret);

        Assert.Equal($"lgo:{Pharmacy}", (await before.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("roles")[0].GetString());
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(0, (await after.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("roles").GetArrayLength());
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [Theory]
    [InlineData("Eve \u202Ex", "operator", "$.name")]
    [InlineData("Eve \u2066x", "operator", "$.name")]
    [InlineData("Eve\u2028x", "operator", "$.name")]
    [InlineData("Eve", "planner:75\n", "$.role")]
    [InlineData("Eve", "operator\n", "$.role")]
    public async Task A_name_that_pretends_to_be_another_and_a_role_that_is_none_are_refused(string name, string role, string culprit)
    {
        using var answer = await demo.Client.Send(HttpMethod.Post, "/api/v1/operator/grants", await demo.Client.Token("operator"), new { rpps = "10000000025", name, role });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([culprit], (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task A_right_PIN_does_not_forgive_the_wrong_ones_that_were_typed_around_it()
    {
        using var post = new BrowserSession(demo.Address);
        await post.SignIn(Titulaire);
        using var enrolled = await post.Send(HttpMethod.Post, $"/api/v1/counter/{Pharmacy}/posts", new { label = "Comptoir 2" });
        using var link = await post.Send(HttpMethod.Post, $"/api/v1/counter/{Pharmacy}/people", new { name = "Tom Petit", role = "student" });
        var invited = await link.Content.ReadFromJsonAsync<JsonElement>();
        var person = invited.GetProperty("person").GetString()!;
        using var left = await post.Send(HttpMethod.Post, "/signout");
        post.Antiforgery = null;
        using var joined = await post.Send(HttpMethod.Post, "/api/v1/join", new { invitation = invited.GetProperty("link").GetString()!.Split("#join=")[1], pin = "5823" });

        var statuses = new List<HttpStatusCode>();
        foreach (var pin in new[] { "0001", "0002", "0003", "0004", "5823", "0005", "0006", "0007", "0008", "5823", "0009", "0010" })
        {
            await post.Refresh();
            using var answer = await post.Send(HttpMethod.Post, "/api/v1/post/unlock", new { person, pin });
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal([4, 1, 4, 1, 1, 1], Runs(statuses));
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
    }

    private static IEnumerable<int> Runs(List<HttpStatusCode> statuses)
    {
        for (int i = 0, next; i < statuses.Count; i = next)
        {
            for (next = i + 1; next < statuses.Count && statuses[next] == statuses[i];)
                next++;
            yield return next - i;
        }
    }

    private static string OwnId(HttpResponseMessage enrolled) => enrolled.Headers.Location!.ToString().Split('/')[^1];

    private static async Task<JsonElement> OwnPost(BrowserSession browser)
    {
        using var answer = await browser.Send(HttpMethod.Get, "/api/v1/post");
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
