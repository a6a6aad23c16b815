using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Realtime.Web.Edge;

/// <summary>JSON schemas of what query parameters take.</summary>
internal static class Schemas
{
    /// <summary>A number of a range, both ends included.</summary>
    public static OpenApiSchema Number(double min, double max) => new() { Type = JsonSchemaType.Number, Minimum = Written(min), Maximum = Written(max) };

    /// <summary>A whole number of a range, both ends included.</summary>
    public static OpenApiSchema Integer(int min, int max, int otherwise) =>
        new() { Type = JsonSchemaType.Integer, Format = "int32", Minimum = Written(min), Maximum = Written(max), Default = JsonValue.Create(otherwise) };

    /// <summary>The number of a row, from 0, which is also what an absent one stands for.</summary>
    public static OpenApiSchema Row() => new() { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0", Default = JsonValue.Create(0) };

    /// <summary>An instant with its offset.</summary>
    public static OpenApiSchema Moment() => new() { Type = JsonSchemaType.String, Format = "date-time" };

    /// <summary>One word of a closed list.</summary>
    /// <param name="words">The list.</param>
    /// <param name="otherwise">The word that an absent parameter stands for; empty where it stands for none.</param>
    public static OpenApiSchema Word(string[] words, string otherwise) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. words.Select(word => (JsonNode)JsonValue.Create(word))],
        Default = otherwise.Length == 0 ? null : JsonValue.Create(otherwise),
    };

    /// <summary>Yes or no, and no where it is absent.</summary>
    public static OpenApiSchema Flag() => new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) };

    /// <summary>A text of a fixed shape.</summary>
    public static OpenApiSchema Code(string pattern) => new() { Type = JsonSchemaType.String, Pattern = pattern };

    /// <summary>Free text that is not empty.</summary>
    public static OpenApiSchema Text(int longest) => new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = longest };

    /// <summary>So many numbers with commas between them.</summary>
    public static OpenApiSchema Numbers(int count) =>
        new() { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Number }, MinItems = count, MaxItems = count };

    private static string Written(double number) => number.ToString(CultureInfo.InvariantCulture);
}
