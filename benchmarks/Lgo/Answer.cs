using System.Text.Json;

namespace Realtime.Benchmarks.Lgo;

/// <summary>What a server answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body as text.</param>
/// <param name="Json">The body as JSON; null where it is none.</param>
/// <param name="Replayed">Whether <c>Idempotency-Replayed: true</c> was said.</param>
internal sealed record Answer(int Status, string Body, JsonElement? Json, bool Replayed)
{
    private const int LongestTold = 200;

    /// <summary>The word that a problem's <c>type</c> ends in; null where there is none.</summary>
    public string? Type => Text("type")?.Split('/')[^1];

    /// <summary>What came, for a report.</summary>
    public string Told => Type is { } type ? $"{Status} {type}" : $"{Status} {(Body.Length > LongestTold ? $"{Body[..LongestTold]}…" : Body)}".TrimEnd();

    /// <summary>A text of the answer; null where it has none of that name.</summary>
    public string? Text(string member) => Json.Member(member) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A whole number of the answer; null where it has none of that name.</summary>
    public long? Number(string member) => Json.Member(member).Whole();

    /// <summary>The items of an array of the answer; empty where it has none of that name.</summary>
    public IReadOnlyList<JsonElement> Items(string member) => Json.Member(member) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : [];

    /// <summary>Reads an answer to its end.</summary>
    public static async Task<Answer> Of(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        var replayed = response.Headers.TryGetValues("Idempotency-Replayed", out var said) && said.Contains("true", StringComparer.Ordinal);
        return new((int)response.StatusCode, body, Parse(body), replayed);
    }

    private static JsonElement? Parse(string body)
    {
        try
        {
            return JsonDocument.Parse(body).RootElement;
        }
        catch (JsonException)
        {
            // Whoever expects JSON says so by the status or the member that is missing.
            return null;
        }
    }
}

/// <summary>Looks into JSON of which nothing is certain.</summary>
internal static class UncertainJson
{
    /// <summary>A member; null where it is not there.</summary>
    public static JsonElement? Member(this JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } it && it.TryGetProperty(name, out var member) ? member : null;

    /// <summary>A member's text; null where there is none.</summary>
    public static string? Text(this JsonElement json, string name) => ((JsonElement?)json).Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A member's whole number; null where there is none.</summary>
    public static long? Number(this JsonElement json, string name) => ((JsonElement?)json).Member(name).Whole();

    /// <summary>The whole number that it is; null where it is none.</summary>
    public static long? Whole(this JsonElement? json) => json is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var whole) ? whole : null;
}
