using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Realtime.Tests.Edge;

/// <summary>One node with the demo country, shared by the tests that only ask.</summary>
public sealed class DemoHost : IAsyncLifetime
{
    public RealtimeHost Host { get; private set; } = null!;

    public HttpClient Client => Host.Client;

    public Uri Address => Host.Address;

    public async ValueTask InitializeAsync() => Host =
        await RealtimeHost.Start(demo: true, settings: new Dictionary<string, string> { ["Realtime:WebhooksToPrivateAddresses"] = "true" });

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

[CollectionDefinition(nameof(DemoHost))]
public sealed class DemoHostCollection : ICollectionFixture<DemoHost>;

[Collection(nameof(DemoHost))]
public sealed class BadInputTests(DemoHost demo)
{
    private const string Nearest = "/api/v1/pharmacies/nearest";
    private const string AnHour = "from=2026-11-23T00:00:00Z&to=2026-11-23T01:00:00Z";

    [Theory]
    [InlineData($"{Nearest}?lat=91&lon=2", "lat")]
    [InlineData($"{Nearest}?lat=NaN&lon=2", "lat")]
    [InlineData($"{Nearest}?lat=48&lon=Infinity", "lon")]
    [InlineData($"{Nearest}?lat=48&lon=180.1", "lon")]
    [InlineData($"{Nearest}?lat=48", "lon")]
    [InlineData($"{Nearest}?lat=48&lat=49&lon=2", "lat")]
    [InlineData($"{Nearest}?lat=&lon=2", "lat")]
    [InlineData($"{Nearest}?lat=48,85&lon=2", "lat")]
    [InlineData($"{Nearest}?lat=%FF%FE&lon=2", "lat")]
    [InlineData($"{Nearest}?lat=48&lon=2&k=0", "k")]
    [InlineData($"{Nearest}?lat=48&lon=2&k=51", "k")]
    [InlineData($"{Nearest}?lat=48&lon=2&k=99999999999999999999", "k")]
    [InlineData($"{Nearest}?lat=48&lon=2&at=1850-01-01T00:00:00Z", "at")]
    [InlineData($"{Nearest}?lat=48&lon=2&at=2090-01-01T00:00:00Z", "at")]
    [InlineData($"{Nearest}?lat=48&lon=2&at=tomorrow", "at")]
    [InlineData($"{Nearest}?lat=48&lon=2&at=9999-12-31T23:59:59-14:00", "at")]
    [InlineData($"{Nearest}?lat=48&lon=2&at=2026-11-23T00:00:00,5Z", "at")]
    [InlineData($"{Nearest}?lat=48%00&lon=2", "lat")]
    [InlineData($"{Nearest}?lat=48&lon=2&at=2026-11-23T00:00:00", "at")]
    [InlineData($"{Nearest}?lat=48&lon=2&status=shut", "status")]
    [InlineData($"{Nearest}?lat=48&lon=2&service=nails", "service")]
    [InlineData($"{Nearest}?lat=48&lon=2&maxDistance=-1", "maxDistance")]
    [InlineData($"{Nearest}?lat=48&lon=2&product=3400938358927", "product")]
    [InlineData($"{Nearest}?lat=48&lon=2&product=3400938358926&product=ibuprofen", "product")]
    [InlineData($"{Nearest}?lat=48&lon=2&product=", "product")]
    [InlineData($"{Nearest}?lat=48&lon=2&product=3400938358926&equivalents=yes", "equivalents")]
    [InlineData($"{Nearest}?lat=48&lon=2&product=3400938358926&at=2026-12-01T00:00:00Z", "at")]
    [InlineData($"{Nearest}?lat=48&lon=2&latitude=48", "latitude")]
    [InlineData("/api/v1/pharmacies?bbox=2,49,3,48", "bbox")]
    [InlineData("/api/v1/pharmacies?bbox=2,48,3", "bbox")]
    [InlineData("/api/v1/pharmacies?bbox=2,48,3,NaN", "bbox")]
    [InlineData("/api/v1/pharmacies", "bbox")]
    [InlineData($"/api/v1/pharmacies/990000010/schedule?from=2026-11-23T00:00:00Z", "to")]
    [InlineData("/api/v1/pharmacies/990000010/schedule?from=2026-11-23T00:00:00Z&to=2026-11-22T00:00:00Z", "to")]
    [InlineData("/api/v1/pharmacies/990000010/schedule?from=2026-11-23T00:00:00Z&to=2027-11-23T00:00:00Z", "to")]
    [InlineData("/api/v1/pharmacies/990000010/schedule?from=1850-01-01T00:00:00Z&to=2026-11-23T00:00:00Z", "from")]
    [InlineData("/api/v1/pharmacies/990000010?x=1", "x")]
    [InlineData("/api/v1/services?x=1", "x")]
    [InlineData("/api/v1/towns?q=", "q")]
    [InlineData("/api/v1/towns?q=paris&limit=21", "limit")]
    public async Task A_query_that_is_wrong_is_a_400_that_names_the_culprit(string url, string culprit)
    {
        var problem = await Problem(await demo.Client.GetAsync(url), HttpStatusCode.BadRequest, "invalid-request");

        Assert.Equal([culprit], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Theory]
    [InlineData("/api/v1/pharmacies/750020928")]
    [InlineData("/api/v1/pharmacies/000000000")]
    [InlineData("/api/v1/pharmacies/%FF%FE")]
    [InlineData($"/api/v1/pharmacies/2C0001947/schedule?{AnHour}")]
    public async Task A_pharmacy_nobody_knows_is_a_404(string url) =>
        await Problem(await demo.Client.GetAsync(url), HttpStatusCode.NotFound, "unknown-pharmacy");

    [Fact]
    public async Task An_address_nobody_serves_is_a_404_problem() =>
        await Problem(await demo.Client.GetAsync("/api/v1/nothing"), HttpStatusCode.NotFound, "not-found");

    [Theory]
    [InlineData("text/html")]
    [InlineData("image/png")]
    public async Task A_refusal_is_a_problem_whatever_is_accepted(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));

        await Problem(await demo.Client.SendAsync(request), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_method_that_is_not_taken_is_a_405_problem() =>
        await Problem(await demo.Client.DeleteAsync($"{Nearest}?lat=48&lon=2"), HttpStatusCode.MethodNotAllowed, "method-not-allowed");

    [Theory]
    [InlineData("""{ "hours": "Mo-Fr 25:00", "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""", 7)]
    [InlineData("""{ "hours": "", "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""", 1)]
    [InlineData("""{ "hours": "Mo-Fr sunrise-sunset", "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""", 7)]
    public async Task Hours_that_do_not_parse_are_refused_with_their_column(string body, int column)
    {
        var problem = await Problem(await Post(body), HttpStatusCode.BadRequest, "invalid-hours");

        Assert.Equal(column, problem.GetProperty("column").GetInt32());
    }

    [Theory]
    [InlineData("""{ "hours": "24/7", "zone": "Mars/Olympus", "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""", "$.zone")]
    [InlineData("""{ "hours": "24/7", "zone": "Europe/Paris", "insee": "97701", "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""", "$.insee")]
    [InlineData("""{ "hours": "24/7", "zone": "Europe/Paris", "from": "1850-01-01T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""", "$.from")]
    [InlineData("""{ "hours": "24/7", "zone": "Europe/Paris", "from": "2026-11-25T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""", "$.to")]
    [InlineData("""{ "hours": "24/7", "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z" }""", "$.to")]
    [InlineData("""{ "hours": null, "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""", "$.hours")]
    [InlineData("""{ "hours": "24/7", "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z", "extra": 1 }""", "$.extra")]
    [InlineData("""{ "hours": 7, "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""", "$.hours")]
    [InlineData("""{ "hours": """, "$.hours")]
    [InlineData("", "$")]
    [InlineData("[]", "$")]
    public async Task A_body_that_is_wrong_is_a_400_that_names_the_culprit(string body, string culprit)
    {
        var problem = await Problem(await Post(body), HttpStatusCode.BadRequest, "invalid-request");

        Assert.Equal([culprit], problem.GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task A_body_of_invalid_UTF_8_is_a_400()
    {
        using var content = new ByteArrayContent([.. "{ \"hours\": \""u8, 0xFF, 0xC0, .. "\" }"u8]);
        content.Headers.ContentType = new("application/json");

        await Problem(await demo.Client.PostAsync("/api/v1/hours/preview", content), HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task A_body_of_20_MB_is_refused_before_it_is_read()
    {
        using var content = new ByteArrayContent(new byte[20_000_000]);
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/hours/preview") { Content = content };
        request.Headers.ExpectContinue = true;

        await Problem(await demo.Client.SendAsync(request), HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_a_415()
    {
        using var content = new StringContent("hours=24/7", Encoding.UTF8, "application/x-www-form-urlencoded");

        await Problem(await demo.Client.PostAsync("/api/v1/hours/preview", content), HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task A_refusal_speaks_French_to_who_prefers_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Nearest}?lat=91&lon=2");
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("fr-FR"));

        var problem = await Problem(await demo.Client.SendAsync(request), HttpStatusCode.BadRequest, "invalid-request");

        Assert.Contains("nombre", problem.GetProperty("errors").GetProperty("lat")[0].GetString(), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> Post(string body) =>
        demo.Client.PostAsync("/api/v1/hours/preview", new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<JsonElement> Problem(HttpResponseMessage answer, HttpStatusCode status, string type)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.EndsWith(type, problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return problem;
    }
}
