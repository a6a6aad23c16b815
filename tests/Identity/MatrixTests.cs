using System.Net;
using System.Text;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Identity;
using Realtime.Tests.Orders;
using Realtime.Web.Identity;

namespace Realtime.Tests.Identity;

/// <summary>Every endpoint and every hub method, tried by everybody.</summary>
public sealed class MatrixTests : IAsyncLifetime
{
    private const string Own = "990000010";
    private readonly SwitchedPolicies _policies = new();
    private readonly List<BrowserSession> _browsers = [];
    private RealtimeHost _host = null!;
    private List<Somebody> _identities = null!;
    private string _order = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await RealtimeHost.Start(demo: true, services: services => services.AddSingleton(_policies.Table));
        _identities = await Identities();
        _order = (await new OrderDesk(_host).Place(Own)).Id;
    }

    public async ValueTask DisposeAsync()
    {
        _browsers.ForEach(b => b.Dispose());
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Everybody_is_let_in_where_the_matrix_says_so_and_nowhere_else()
    {
        var everything = Matrix.Everything(_host.Services).ToList();
        Assert.Empty(everything.Select(t => t.Row).Except(Matrix.Rows.Keys, StringComparer.Ordinal));
        Assert.Empty(Matrix.Rows.Keys.Except(everything.Select(t => t.Row), StringComparer.Ordinal));

        var table = new StringBuilder();
        var (cells, wrong) = await Try(everything, table);

        Console.WriteLine(table);
        Console.WriteLine($"{everything.Count} endpoints and hub methods × {_identities.Count} identities = {cells} cells tried, {wrong.Count(w => w.LetIn)} unexpected allows, {wrong.Count(w => !w.LetIn)} unexpected refusals");
        Assert.Equal(everything.Count * _identities.Count, cells);
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Without_any_one_policy_the_matrix_turns_red()
    {
        var everything = Matrix.Everything(_host.Services).ToList();
        var used = Matrix.Rows.Values.Where(v => v != Matrix.Open).Distinct(StringComparer.Ordinal).ToList();
        Assert.All(used, policy => Assert.Contains(policy, Policies.All.Keys));

        foreach (var policy in used.Where(p => p != Matrix.SignedIn))
        {
            _policies.Without = policy;
            var (_, wrong) = await Try([.. everything.Where(t => Matrix.Rows[t.Row] == policy)], null);
            Assert.True(wrong.Any(w => w.LetIn), $"Without '{policy}' nobody was let in who is not otherwise.");
        }
    }

    [Fact]
    public async Task A_token_that_is_right_but_for_one_thing_is_worth_nothing_and_the_right_one_is()
    {
        var forged = new ForgedTokens(_host.Services.GetRequiredService<Secret>(), "http://localhost:5080/");
        string[] wrong = [forged.Expired(), forged.WrongAudience(), forged.WrongIssuer(), forged.WrongType(), forged.Unsigned(), forged.AnotherKey(), forged.Confused(), forged.Altered()];

        using var right = await _host.Client.Send(HttpMethod.Put, $"/api/v1/counter/{Own}/pin", forged.Right(), new { pin = "1" });
        Assert.Equal(HttpStatusCode.BadRequest, right.StatusCode);
        foreach (var token in wrong)
        {
            using var answer = await _host.Client.Send(HttpMethod.Put, $"/api/v1/counter/{Own}/pin", token, new { pin = "1" });
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    private async Task<(int Cells, List<(string Row, string Who, bool LetIn)> Wrong)> Try(IReadOnlyList<Tried> everything, StringBuilder? table)
    {
        var wrong = new List<(string, string, bool)>();
        table?.AppendLine(string.Join(" | ", _identities.Select(i => i.Name).Prepend("")));
        var cells = 0;
        // Signing out comes last: at a post it ends the session for good, whatever cookies are sent again.
        foreach (var tried in everything.OrderBy(t => t.Row == "POST /signout"))
        {
            var line = new List<string> { tried.Row };
            foreach (var who in _identities)
            {
                var letIn = tried.Method is null ? await Call(tried, who) : await Invoke(tried, who);
                cells++;
                line.Add(letIn ? "yes" : "-");
                if (letIn != Matrix.LetsIn(tried.Row, who))
                    wrong.Add((tried.Row, who.Name, letIn));
            }
            table?.AppendLine(string.Join(" | ", line));
        }
        return (cells, wrong);
    }

    // Whoever is let in is answered something, if only that the call says nothing: what it would need beyond permission is missing on purpose.
    private async Task<bool> Call(Tried tried, Somebody who)
    {
        var path = tried.Path.Replace("{id}", Own, StringComparison.Ordinal).Replace("{department}", "75", StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal).Replace("{documentName?}", "", StringComparison.Ordinal);
        var ofAnOrder = path.StartsWith("/api/v1/counter/", StringComparison.Ordinal) || path.StartsWith("/api/v1/lgo/", StringComparison.Ordinal);
        if (ofAnOrder)
            path = path.Replace("{orderId}", _order, StringComparison.Ordinal);
        path = System.Text.RegularExpressions.Regex.Replace(path, @"\{[^}]*\}", "none", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        using var content = tried.Verb == HttpMethod.Get ? null : new StringContent("{", Encoding.UTF8, tried.Path.EndsWith("/import", StringComparison.Ordinal) ? "text/csv" : "application/json");
        // Whatever a call does to a browser's cookies, signing out above all, the next call is made by the same person.
        var cookies = who.Browser?.Cookies.ToArray() ?? [];
        using var answer = who.Browser is { } browser ? await browser.Send(tried.Verb!, path, content: content) : await Send(tried.Verb!, path, who.Token, content);
        foreach (var (name, value) in cookies)
            who.Browser!.Cookies[name] = value;
        // For whoever is not of the staff, nor its software, an order of the pharmacy does not exist.
        if (ofAnOrder && path.Contains(_order, StringComparison.Ordinal) && answer.StatusCode == HttpStatusCode.NotFound)
            return false;
        // The provider's own endpoints speak OAuth: a 401 there is about a client's secret, and they take no session or token of ours.
        return answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) || tried.Path.StartsWith("/connect/", StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> Send(HttpMethod verb, string path, string? token, HttpContent? content)
    {
        using var request = new HttpRequestMessage(verb, path) { Content = content };
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await _host.Client.SendAsync(request);
    }

    private async Task<bool> Invoke(Tried tried, Somebody who)
    {
        await using var connection = new HubConnectionBuilder().WithUrl(new Uri(_host.Address, tried.Path), options =>
        {
            if (who.Token is { } token)
                options.AccessTokenProvider = () => Task.FromResult<string?>(token);
            if (who.Browser is { } browser)
                options.Headers["Cookie"] = string.Join("; ", browser.Cookies.Select(c => $"{c.Key}={c.Value}"));
        }).Build();
        try
        {
            await connection.StartAsync();
            var arguments = tried.Method!.GetParameters().Select((p, i) => p.ParameterType == typeof(string) ? i > 0 ? "x" : p.Name == "department" ? "75" : Own : Activator.CreateInstance(p.ParameterType)).ToArray();
            await connection.InvokeCoreAsync(tried.Method.Name, typeof(object), arguments);
            return true;
        }
        catch (HttpRequestException refused) when (refused.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            return false;
        }
        catch (HubException refused)
        {
            return !refused.Message.Contains("unauthorized", StringComparison.Ordinal);
        }
    }

    private async Task<List<Somebody>> Identities()
    {
        async Task<Somebody> Demo(string name, string scope) => new(name, await _host.Client.Token(scope), null, true);
        var titulaire = await Browser("99900000011");
        var removed = await Browser("99900000037");
        var person = (await removed.Refresh()).GetProperty("person").GetString();
        using (var gone = await titulaire.Send(HttpMethod.Delete, $"/api/v1/counter/{Own}/people/{person}"))
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        var forged = new ForgedTokens(_host.Services.GetRequiredService<Secret>(), "http://localhost:5080/");
        return
        [
            new("nobody", null, null, false),
            new("titulaire", null, titulaire, true),
            new("titulaire at a post", null, await AtPost(), true),
            await Demo("pharmacist", $"staff:{Own}"),
            await Demo("preparer", $"preparer:{Own}"),
            await Demo("student", $"student:{Own}"),
            await Demo("staff of another", "staff:990000028"),
            await Demo("titulaire of another", "titulaire:990000028"),
            new("removed staff", null, removed, true),
            await Demo("connector", $"lgo:{Own}"),
            await Demo("connector of another", "lgo:990000028"),
            await Demo("planner", "planner:75"),
            await Demo("planner of another", "planner:69"),
            await Demo("dispatcher", "dispatcher:75"),
            await Demo("dispatcher of another", "dispatcher:69"),
            await Demo("operator", "operator"),
            new("expired token", forged.Expired(), null, false),
            new("wrong audience", forged.WrongAudience(), null, false),
            new("wrong issuer", forged.WrongIssuer(), null, false),
            new("wrong type", forged.WrongType(), null, false),
            new("alg none", forged.Unsigned(), null, false),
            new("another key", forged.AnotherKey(), null, false),
            new("public key as secret", forged.Confused(), null, false),
            new("altered claim", forged.Altered(), null, false),
            new("no token at all", "nonsense", null, false),
        ];
    }

    private async Task<BrowserSession> Browser(string number)
    {
        var browser = new BrowserSession(_host.Address);
        _browsers.Add(browser);
        await browser.SignIn(number);
        return browser;
    }

    private async Task<BrowserSession> AtPost()
    {
        var browser = await Browser("99900000011");
        var person = (await browser.Refresh()).GetProperty("person").GetString();
        using var pin = await browser.Send(HttpMethod.Put, $"/api/v1/counter/{Own}/pin", new { pin = "9137" });
        using var post = await browser.Send(HttpMethod.Post, $"/api/v1/counter/{Own}/posts", new { label = "Comptoir" });
        using var unlocked = await browser.Send(HttpMethod.Post, "/api/v1/post/unlock", new { person, pin = "9137" });
        Assert.Equal(HttpStatusCode.NoContent, unlocked.StatusCode);
        await browser.Refresh();
        return browser;
    }

    /// <summary>The product's policies, of which one can be taken away.</summary>
    private sealed class SwitchedPolicies
    {
        public SwitchedPolicies() => Table = new(Policies.All.ToDictionary(p => p.Key, Func<Caller, Named, bool> (p) => (caller, named) => p.Key == Without || p.Value(caller, named), StringComparer.Ordinal));

        public PolicyTable Table { get; }

        public string? Without { get; set; }
    }
}
