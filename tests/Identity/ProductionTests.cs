using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Realtime.Identity;

namespace Realtime.Tests.Identity;

/// <summary>What must not be there outside Development, on the real process.</summary>
public sealed class ProductionTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("realtime-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("Production", "true")]
    [InlineData("Staging", "true")]
    [InlineData("Development", "false")]
    public async Task Without_development_and_the_demo_the_simulator_and_its_client_are_absent(string environment, string demo)
    {
        using var process = ProductProcess.Web(_directory, demo: false, out var client, ("ASPNETCORE_ENVIRONMENT", environment), ("Realtime__Demo", demo));
        await client.WaitUntilReady(TimeSpan.FromSeconds(60));

        using var token = await client.Ask("operator");
        foreach (var path in new[] { "/signin", "/connect/authorize?client_id=realtime&response_type=code", "/connect/userinfo", "/connect/signin.css" })
            using (var page = await client.GetAsync(path))
                Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        using var me = await client.GetAsync("/api/v1/me");

        Assert.True(token.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized);
        Assert.Equal("invalid_client", (await token.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString());
        Assert.Equal(JsonValueKind.Null, (await me.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("signIn").ValueKind);
        client.Dispose();
    }

    [Fact]
    public async Task In_production_people_are_sent_to_the_issuer_that_the_settings_name()
    {
        // Any OpenID Connect issuer has a discovery document; the demo's own provider has one too.
        using var issuer = ProductProcess.Web(Path.Combine(_directory, "issuer"), demo: true, out var there);
        using var process = ProductProcess.Web(Path.Combine(_directory, "service"), demo: false, out var here, ("ASPNETCORE_ENVIRONMENT", "Production"),
            ("Realtime__SignInAuthority", there.BaseAddress!.ToString()), ("Realtime__SignInClientId", "officine"), ("Realtime__SignInClientSecret", "a-secret-of-its-own"));
        await there.WaitUntilReady(TimeSpan.FromSeconds(60));
        await here.WaitUntilReady(TimeSpan.FromSeconds(60));
        using var browser = new BrowserSession(here.BaseAddress!);

        using var answer = await browser.Send(HttpMethod.Get, "/signin");
        using var authorize = await browser.Send(HttpMethod.Get, "/connect/authorize");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var asked = HttpUtility.ParseQueryString(answer.Headers.Location!.Query);
        Assert.Equal(new Uri(there.BaseAddress!, "/connect/authorize").ToString(), answer.Headers.Location.GetLeftPart(UriPartial.Path));
        Assert.Equal(("officine", "code", "S256", "eidas1", "openid scope_all"), (asked["client_id"], asked["response_type"], asked["code_challenge_method"], asked["acr_values"], asked["scope"]));
        Assert.Equal(HttpStatusCode.NotFound, authorize.StatusCode);
        here.Dispose();
        there.Dispose();
    }

    [Theory]
    [InlineData("Realtime__Secret", Secret.Demo, "Realtime__Secret")]
    [InlineData("Realtime__Secret", Secret.Demo + "\n", "Realtime__Secret")]
    [InlineData("Realtime__Secret", "ZGVtby1zZWNyZXQtb2YtcmVhbHRpbWUt Zm9yLWRldmVsb3BtZW50", "Realtime__Secret")]
    [InlineData("Realtime__Secret", "short", "Realtime__Secret")]
    [InlineData("Realtime__SignInClientSecret", "demo-secret", "Realtime__SignInClientSecret")]
    [InlineData("Realtime__SignInAuthority", "http://issuer.example/", "Realtime__SignInAuthority")]
    [InlineData("Realtime__PublicUrl", "pharmacies.example", "Realtime__PublicUrl")]
    public async Task A_secret_of_the_demo_or_a_wrong_setting_stops_the_start_and_is_named(string name, string value, string named)
    {
        using var process = ProductProcess.Web(_directory, demo: false, out var client, ("ASPNETCORE_ENVIRONMENT", "Production"), (name, value));
        var (code, _, errors) = await process.End(TimeSpan.FromSeconds(30));

        Assert.Equal(1, code);
        Assert.Contains(named, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        client.Dispose();
    }

    [Theory]
    [InlineData("web")]
    [InlineData("silo")]
    public async Task A_cluster_outside_Development_does_not_start_without_a_secret(string project)
    {
        var (name, value) = ("ConnectionStrings__Realtime", "Host=127.0.0.1;Port=1;Database=none;Username=none");
        using var process = project == "web"
            ? ProductProcess.Web(_directory, demo: false, out _, ("ASPNETCORE_ENVIRONMENT", "Production"), (name, value))
            : ProductProcess.Silo(_directory, (name, value));
        var (code, _, errors) = await process.End(TimeSpan.FromSeconds(30));

        Assert.Equal(1, code);
        Assert.Contains("Realtime__Secret", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_of_an_embedded_store_stays_the_same_and_is_its_owners_alone()
    {
        var file = Path.Combine(_directory, "secret.key");
        var first = Secret.OfFile(file).Derive("x");

        Assert.Equal(first, Secret.OfFile(file).Derive("x"));
        Assert.NotEqual(first, Secret.OfFile(file).Derive("y"));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain(Convert.ToBase64String(first), await File.ReadAllTextAsync(file), StringComparison.Ordinal);
    }
}
