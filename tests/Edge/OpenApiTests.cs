using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Realtime.Tests.Edge;

/// <summary>The OpenAPI document against what the service really answers.</summary>
[Collection(nameof(DemoHost))]
public sealed class OpenApiTests(DemoHost demo)
{
    private const string Nearest = "/api/v1/pharmacies/nearest";
    private const string Page = "/api/v1/pharmacies/{id}";
    private const string Schedule = "/api/v1/pharmacies/{id}/schedule";
    private const string Map = "/api/v1/pharmacies";
    private const string Services = "/api/v1/services";
    private const string Towns = "/api/v1/towns";
    private const string Products = "/api/v1/products";
    private const string Product = "/api/v1/products/{cip13}";
    private const string Doses = "/api/v1/doses/check";
    private const string Preview = "/api/v1/hours/preview";

    public static TheoryData<string, string, int> Answers => new()
    {
        { Nearest, "?lat=48.85&lon=2.35&k=50", 200 },
        { Nearest, "?lat=48.85&lon=2.35&k=50&status=any&service=vaccination&service=parking", 200 },
        { Nearest, "?lat=47.2&lon=-1.55&k=50&status=onCall&at=2027-01-03T03:00:00%2B01:00", 200 },
        { Nearest, "?lat=91&lon=2.35", 400 },
        { Page, "/api/v1/pharmacies/990000010", 200 },
        { Page, "/api/v1/pharmacies/990000010?x=1", 400 },
        { Page, "/api/v1/pharmacies/750020928", 404 },
        { Schedule, "/api/v1/pharmacies/990000010/schedule?from=2026-12-20T00:00:00Z&to=2027-01-20T00:00:00Z", 200 },
        { Schedule, "/api/v1/pharmacies/990000010/schedule?from=2026-12-20T00:00:00Z", 400 },
        { Schedule, "/api/v1/pharmacies/750020928/schedule?from=2026-12-20T00:00:00Z&to=2027-01-20T00:00:00Z", 404 },
        { Map, "?bbox=2.2,48.8,2.3,48.9", 200 },
        { Map, "?bbox=-1.7,47.1,-1.4,47.3&at=2027-01-03T03:00:00%2B01:00", 200 },
        { Map, "?bbox=-180,-90,180,90", 200 },
        { Map, "", 400 },
        { Services, "", 200 },
        { Services, "?x=1", 400 },
        { Towns, "?q=saint", 200 },
        { Towns, "?q=", 400 },
        { Products, "?q=paracetamol", 200 },
        { Products, "", 400 },
        { Product, "/api/v1/products/3400938358926", 200 },
        { Product, "/api/v1/products/3400938358926?x=1", 400 },
        { Product, "/api/v1/products/3400938358927", 404 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task What_is_answered_is_what_the_document_says(string path, string query, int status) =>
        await Compare("get", path, await demo.Client.GetAsync(query.StartsWith('/') ? query : path + query), status);

    [Theory]
    [InlineData("""{ "hours": "Mo-Fr 09:00-19:00", "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z", "to": "2026-11-30T00:00:00Z" }""", "application/json", 200)]
    [InlineData("""{ "hours": "Mo-Fr 25:00", "zone": "Europe/Paris", "from": "2026-11-23T00:00:00Z", "to": "2026-11-24T00:00:00Z" }""", "application/json", 400)]
    [InlineData("""{ "hours": 7 }""", "application/json", 400)]
    [InlineData("hours=24/7", "application/x-www-form-urlencoded", 415)]
    public async Task What_a_preview_answers_is_what_the_document_says(string body, string type, int status) =>
        await Compare("post", Preview, await demo.Client.PostAsync(Preview, new StringContent(body, Encoding.UTF8, type)), status);

    [Theory]
    [InlineData("""{ "lines": [{ "cip13": "3400938358926", "quantity": 1 }] }""", 200)]
    [InlineData("""{ "lines": [{ "cip13": "3400938358926", "quantity": 2 }] }""", 200)]
    [InlineData("""{ "lines": [{ "cip13": "3400938358926", "quantity": 0 }] }""", 400)]
    [InlineData("""{ "lines": [{ "cip13": "3400930000007", "quantity": 1 }] }""", 404)]
    public async Task What_a_basket_is_told_is_what_the_document_says(string body, int status) =>
        await Compare("post", Doses, await demo.Client.PostAsync(Doses, new StringContent(body, Encoding.UTF8, "application/json")), status);

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_as_the_document_says()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Preview) { Content = new StringContent(new string(' ', 1_000_000), Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = true;

        await Compare("post", Preview, await demo.Client.SendAsync(request), 413);
    }

    [Fact]
    public async Task Every_operation_is_compared_and_may_be_answered_that_the_service_is_starting()
    {
        var document = await Document();
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(o => (Key: $"{o.Name} {path.Name}", o.Value))).ToArray();

        var compared = Answers.Where(row => row.Data.Item3 == 200).Select(row => $"get {row.Data.Item1}").Concat([$"post {Preview}", $"post {Doses}"]);
        Assert.Equal(compared.Distinct().Order(StringComparer.Ordinal), operations.Select(o => o.Key).Order(StringComparer.Ordinal));
        Assert.All(operations, o => Assert.True(o.Value.GetProperty("responses").TryGetProperty("503", out _), o.Key));
    }

    [Theory]
    [InlineData(Nearest, "lat", """{ "type": "number", "minimum": -90, "maximum": 90 }""")]
    [InlineData(Nearest, "k", """{ "type": "integer", "format": "int32", "minimum": 1, "maximum": 50, "default": 10 }""")]
    [InlineData(Nearest, "at", """{ "type": "string", "format": "date-time" }""")]
    [InlineData(Nearest, "status", """{ "type": "string", "enum": ["serving", "open", "onCall", "any"], "default": "serving" }""")]
    [InlineData(Nearest, "service", """{ "type": "array", "items": { "type": "string", "enum": ["homeDelivery", "medicationReview", "orthopedics", "parking", "rapidTests", "vaccination", "veterinary", "wheelchairAccess"] } }""")]
    [InlineData(Towns, "q", """{ "type": "string", "minLength": 1, "maxLength": 80 }""")]
    [InlineData(Map, "bbox", """{ "type": "array", "items": { "type": "number" }, "minItems": 4, "maxItems": 4 }""")]
    public async Task A_query_parameter_tells_its_bounds_and_its_default(string path, string name, string schema)
    {
        var operation = (await Document()).GetProperty("paths").GetProperty(path).GetProperty("get");
        var parameter = operation.GetProperty("parameters").EnumerateArray().Single(p => p.GetProperty("name").GetString() == name);

        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(schema).RootElement, parameter.GetProperty("schema")), parameter.GetProperty("schema").ToString());
    }

    [Fact]
    public async Task Numbers_are_typed_as_numbers_alone()
    {
        var members = (await Document()).GetProperty("components").GetProperty("schemas").EnumerateObject()
            .SelectMany(s => s.Value.GetProperty("properties").EnumerateObject().Select(m => (Name: $"{s.Name}.{m.Name}", Type: m.Value.TryGetProperty("type", out var type) ? type.ToString() : "")));

        Assert.DoesNotContain(members, m => (m.Type.Contains("number", StringComparison.Ordinal) || m.Type.Contains("integer", StringComparison.Ordinal)) && m.Type.Contains("string", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "type": "object", "required": ["a"] }""", """{ }""")]
    [InlineData("""{ "type": "object", "properties": { "a": { "type": "integer" } } }""", """{ "a": "1" }""")]
    [InlineData("""{ "type": "object", "properties": { }, "additionalProperties": false }""", """{ "a": 1 }""")]
    [InlineData("""{ "type": ["null", "string"], "format": "date-time" }""", "\"tomorrow\"")]
    [InlineData("""{ "type": "array", "items": { "enum": ["a"] } }""", """["a", "b"]""")]
    [InlineData("""{ "type": "number", "minimum": 1 }""", "0.5")]
    [InlineData("""{ "unheardOf": 1 }""", "1")]
    public void The_comparison_sees_a_difference_where_there_is_one(string schema, string value) =>
        Assert.NotEmpty(new SchemaCheck(default).Complaints(JsonDocument.Parse(value).RootElement, JsonDocument.Parse(schema).RootElement));

    private Task<JsonElement> Document() => demo.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

    private async Task Compare(string method, string path, HttpResponseMessage answer, int status)
    {
        using (answer)
        {
            Assert.Equal((HttpStatusCode)status, answer.StatusCode);
            var document = await Document();
            var responses = document.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses");
            Assert.True(responses.TryGetProperty($"{status}", out var response), $"{status} is not declared.");
            var content = response.GetProperty("content");
            Assert.True(content.TryGetProperty(answer.Content.Headers.ContentType!.MediaType!, out var declared), $"{answer.Content.Headers.ContentType} is none of {content}");
            Assert.Equal([], new SchemaCheck(document).Complaints(await answer.Content.ReadFromJsonAsync<JsonElement>(), declared.GetProperty("schema")));
        }
    }
}
