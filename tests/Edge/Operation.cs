using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Tests.Edge;

/// <summary>One call that the product takes, with values that its document says are good; what a fuzzer starts from.</summary>
/// <param name="Method">Of HTTP.</param>
/// <param name="Path">With its parameters filled in.</param>
/// <param name="Query">Names and values.</param>
/// <param name="Body">JSON, or null where there is none.</param>
/// <param name="Type">The body's media type.</param>
internal sealed record Operation(string Method, string Path, (string Name, string Value)[] Query, JsonNode? Body, string Type = "application/json")
{
    /// <summary>Headers that the document names.</summary>
    public (string Name, string Value)[] Headers { get; init; } = [];

    /// <summary>The token that this very call takes; null where it takes that of whoever has signed in.</summary>
    public string? Token { get; init; }

    private const string AnOrder = "ORDER";

    // What a schema alone does not tell: texts that mean something, by the names of their members.
    private static readonly Dictionary<string, string> Meaningful = new(StringComparer.OrdinalIgnoreCase)
    {
        ["id"] = "990000010",
        ["orderId"] = AnOrder,
        ["hours"] = "Mo-Fr 09:00-12:30,14:00-19:30; PH off",
        ["zone"] = "Europe/Paris",
        ["from"] = "2026-11-23T00:00:00Z",
        ["to"] = "2026-12-06T00:00:00Z",
        ["q"] = "saint",
        ["cip13"] = "3400938358926",
        ["product"] = "3400938358926",
        ["bbox"] = "2.2,48.8,2.4,48.9",
        ["at"] = TimeProvider.System.GetUtcNow().AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        ["insee"] = "75056",
        ["service"] = "parking",
        ["day"] = "2026-11-23",
        ["birthDate"] = "1980-02-29",
        ["phone"] = "+33140000000",
        ["email"] = "someone@example.org",
        ["If-Match"] = "\"0\"",
    };

    /// <summary>Every operation of an OpenAPI document, so that a new one joins by itself, and the addresses that no document names.</summary>
    /// <param name="document">The document.</param>
    /// <param name="orders">Orders that there are, with their tokens: each call about an order is made about each of them.</param>
    public static Operation[] Of(JsonElement document, params (string Id, string Token)[] orders) =>
    [
        .. document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Where(member => member.Value.ValueKind == JsonValueKind.Object && member.Value.TryGetProperty("responses", out _))
            .SelectMany(operation => Sensible(Read(document, path.Name, operation))).SelectMany(operation => About(operation, orders))),
        Bare("POST", "/hubs/live/negotiate", ("negotiateVersion", "1")),
        Bare("GET", "/hubs/live", ("id", "nobody")),
        Bare("POST", "/hubs/live", ("id", "nobody")),
        Bare("POST", "/connect/token") with { Body = "grant_type=client_credentials&client_id=a&client_secret=b", Type = "application/x-www-form-urlencoded" },
        Bare("GET", "/connect/authorize", ("client_id", "a"), ("redirect_uri", "http://localhost/"), ("response_type", "code")),
        Bare("GET", "/signin/oidc", ("code", "a"), ("state", "b")),
        Bare("GET", "/"),
        Bare("GET", "/docs/"),
        Bare("GET", "/openapi/v1.json"),
        Bare("GET", "/health/ready"),
    ];

    /// <summary>A call without a body.</summary>
    public static Operation Bare(string method, string path, params (string, string)[] query) => new(method, path, query, null);

    private static IEnumerable<Operation> About(Operation operation, (string Id, string Token)[] orders) =>
        !operation.Path.Contains(AnOrder, StringComparison.Ordinal) ? [operation]
        : orders.DefaultIfEmpty((Id: "none", Token: "")).Select(order => operation with
        {
            Path = operation.Path.Replace(AnOrder, order.Id, StringComparison.Ordinal),
            Token = operation.Path.StartsWith("/api/v1/orders/", StringComparison.Ordinal) ? order.Token : null,
        });

    // What a document cannot say: stock is not known for another instant, so each of the two is asked for without the other.
    private static Operation[] Sensible(Operation operation) =>
        operation.Query.Any(q => q.Name == "at") && operation.Query.Any(q => q.Name == "product")
            ? [operation with { Query = [.. operation.Query.Where(q => q.Name != "at")] }, operation with { Query = [.. operation.Query.Where(q => q.Name != "product")] }]
            : [operation];

    private static Operation Read(JsonElement document, string path, JsonProperty operation)
    {
        var (query, headers) = (new List<(string, string)>(), new List<(string, string)>());
        foreach (var parameter in operation.Value.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : [])
        {
            var name = parameter.GetProperty("name").GetString()!;
            var value = Sample(document, name, parameter.GetProperty("schema"))?.ToString() ?? "";
            if (parameter.GetProperty("in").GetString() == "query")
                query.Add((name, value));
            else if (parameter.GetProperty("in").GetString() == "header")
                headers.Add((name, value));
        }
        var filled = string.Join('/', path.Split('/').Select(part => part.StartsWith('{') ? Meaningful.GetValueOrDefault(part.Trim('{', '}'), "1") : part));
        var content = operation.Value.TryGetProperty("requestBody", out var body) ? body.GetProperty("content").EnumerateObject().FirstOrDefault() : default;
        return content.Value.ValueKind == JsonValueKind.Object
            ? new(operation.Name.ToUpperInvariant(), filled, [.. query], content.Value.TryGetProperty("schema", out var schema) ? Sample(document, "", schema) : "", content.Name) { Headers = [.. headers] }
            : new(operation.Name.ToUpperInvariant(), filled, [.. query], null) { Headers = [.. headers] };
    }

    private static JsonNode? Sample(JsonElement document, string name, JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Sample(document, name, reference.GetString()!.Split('/').Skip(1).Aggregate(document, (at, step) => at.GetProperty(step)));
        foreach (var choice in new[] { "oneOf", "anyOf", "allOf" })
            if (schema.TryGetProperty(choice, out var choices))
                return Sample(document, name, choices.EnumerateArray().Last());
        if (schema.TryGetProperty("enum", out var words))
            return JsonNode.Parse(words[0].GetRawText());
        if (Meaningful.TryGetValue(name, out var text))
            return text;
        return TypeOf(schema) switch
        {
            "object" => new JsonObject(schema.TryGetProperty("properties", out var members) ? members.EnumerateObject().Select(m => KeyValuePair.Create(m.Name, Sample(document, m.Name, m.Value))) : []),
            "array" => new JsonArray(schema.TryGetProperty("items", out var items) ? Sample(document, name, items) : null),
            "integer" or "number" => schema.TryGetProperty("minimum", out var least) ? JsonNode.Parse(least.GetRawText()) : 1,
            "boolean" => true,
            _ => "text",
        };
    }

    private static string? TypeOf(JsonElement schema) =>
        !schema.TryGetProperty("type", out var type) ? null
        : type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()).FirstOrDefault(t => t != "null")
        : type.GetString();
}
