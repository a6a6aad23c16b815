using System.Text.Json;
using NodaTime;
using NodaTime.Text;

namespace Realtime.Web.Lgo;

/// <summary>What is made of the members of one line.</summary>
internal interface IFeedMembers
{
    /// <summary>Takes one, the reader standing on its name.</summary>
    void Take(ref Utf8JsonReader json);
}

/// <summary>Lines of a feed as JSON objects: whatever they hold, nothing is thrown.</summary>
internal static class FeedJson
{
    // Longer texts are none of ours, however they are escaped.
    private const int LongestText = 128;
    private const int MonthLength = 7, FirstYear = 2000, LastYear = 2099;

    /// <summary>Reads a line; false where it is no JSON object.</summary>
    public static bool TryRead<T>(ReadOnlySpan<byte> line, ref T members)
        where T : IFeedMembers
    {
        // Most of what is no object is told by its ends, without a reader that throws.
        var trimmed = line.Trim(" \t\r"u8);
        if (trimmed.Length < 2 || trimmed[0] != '{' || trimmed[^1] != '}')
            return false;
        try
        {
            var json = new Utf8JsonReader(trimmed);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                members.Take(ref json);
                json.Skip();
            }
            // Where anything follows the object the reader throws.
            return !json.Read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader knows no other way to say that this is no JSON, or that a text in it is no text.
            return false;
        }
    }

    /// <summary>The text of the member whose name the reader stands on; null where it is no text or a long one.</summary>
    public static string? Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= LongestText ? json.GetString() : null;
    }

    /// <summary>The whole number of the member whose name the reader stands on; null where it is none.</summary>
    public static long? Whole(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number) ? number : null;
    }

    /// <summary>
    /// Reads <c>YYYY-MM-DD</c>, of the years 2000 to 2099. The last day of a month is what a box means that names no day, and so it is by day 00 (GS1 General
    /// Specifications, AI 17).
    /// </summary>
    public static bool TryReadDay(string? text, out LocalDate? day)
    {
        day = null;
        if (text is null)
            return false;
        if (text.Length == MonthLength || (text.Length == MonthLength + 3 && text.EndsWith("-00", StringComparison.Ordinal)))
            day = YearMonthPattern.Iso.Parse(text[..MonthLength]).TryGetValue(default, out var month) ? month.ToDateInterval().End : null;
        else
            day = LocalDatePattern.Iso.Parse(text).TryGetValue(default, out var found) ? found : null;
        return day is { Year: >= FirstYear and <= LastYear };
    }
}
