using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Realtime.Tests.Edge;

/// <summary>
/// Compares JSON with a schema of an OpenAPI document, by the subset of JSON Schema that our documents use. A keyword it does not know is a
/// complaint, so that nothing in a document goes unchecked.
/// </summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private static readonly HashSet<string> Annotations = new(["description", "title", "default"], StringComparer.Ordinal);

    /// <summary>Every way in which a value is not what a schema says, each with its path; none where it is.</summary>
    public IReadOnlyList<string> Complaints(JsonElement value, JsonElement schema) => [.. Check("$", value, schema)];

    private IEnumerable<string> Check(string path, JsonElement value, JsonElement schema) =>
        schema.EnumerateObject().Where(keyword => !Annotations.Contains(keyword.Name)).SelectMany(keyword => Check(path, value, schema, keyword));

    private IEnumerable<string> Check(string path, JsonElement value, JsonElement schema, JsonProperty keyword) => keyword.Name switch
    {
        "$ref" => Check(path, value, Resolve(keyword.Value.GetString()!)),
        "type" => Require(Types(keyword.Value).Any(type => IsOf(value, type)), path, $"{value.ValueKind} is not {keyword.Value}"),
        "enum" => Require(keyword.Value.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value)), path, $"{value} is none of {keyword.Value}"),
        "oneOf" => Require(keyword.Value.EnumerateArray().Count(one => !Check(path, value, one).Any()) == 1, path, $"{value} is not exactly one of {keyword.Value}"),
        "format" => Require(HasFormat(value, keyword.Value.GetString()!), path, $"{value} is no {keyword.Value}"),
        "pattern" => Require(value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)), path, $"{value} does not match {keyword.Value}"),
        "minimum" => Require(value.ValueKind != JsonValueKind.Number || value.GetDouble() >= keyword.Value.GetDouble(), path, $"{value} is less than {keyword.Value}"),
        "maximum" => Require(value.ValueKind != JsonValueKind.Number || value.GetDouble() <= keyword.Value.GetDouble(), path, $"{value} is more than {keyword.Value}"),
        "minLength" => Require(value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= keyword.Value.GetInt32(), path, "too short"),
        "maxLength" => Require(value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= keyword.Value.GetInt32(), path, "too long"),
        "minItems" => Require(value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= keyword.Value.GetInt32(), path, "too few"),
        "maxItems" => Require(value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= keyword.Value.GetInt32(), path, "too many"),
        "required" => keyword.Value.EnumerateArray().Where(name => value.ValueKind == JsonValueKind.Object && !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{path}.{name}: is missing"),
        "properties" => Members(value).Where(m => keyword.Value.TryGetProperty(m.Name, out _)).SelectMany(m => Check($"{path}.{m.Name}", m.Value, keyword.Value.GetProperty(m.Name))),
        "additionalProperties" => Members(value).Where(m => !IsDeclared(schema, m.Name)).SelectMany(m => Additional($"{path}.{m.Name}", m.Value, keyword.Value)),
        "items" => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany((item, i) => Check($"{path}[{i}]", item, keyword.Value)) : [],
        _ => [$"{path}: the keyword {keyword.Name} is not known to this check"],
    };

    private JsonElement Resolve(string reference) => reference.Split('/').Skip(1).Aggregate(document, (at, name) => at.GetProperty(name));

    private IEnumerable<string> Additional(string path, JsonElement value, JsonElement allowed) => allowed.ValueKind switch
    {
        JsonValueKind.True => [],
        JsonValueKind.False => [$"{path}: is not declared"],
        _ => Check(path, value, allowed),
    };

    private static bool IsDeclared(JsonElement schema, string name) => schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);

    private static JsonProperty[] Members(JsonElement value) => value.ValueKind == JsonValueKind.Object ? [.. value.EnumerateObject()] : [];

    private static IEnumerable<string> Types(JsonElement type) => type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => false,
    };

    private static bool HasFormat(JsonElement value, string format) => format switch
    {
        "int32" => value.ValueKind != JsonValueKind.Number || value.TryGetInt32(out _),
        "int64" => value.ValueKind != JsonValueKind.Number || value.TryGetInt64(out _),
        "double" => true,
        "date-time" => value.ValueKind != JsonValueKind.String || DateTimeOffset.TryParse(value.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        _ => false,
    };

    private static IEnumerable<string> Require(bool holds, string path, string otherwise) => holds ? [] : [$"{path}: {otherwise}"];
}
