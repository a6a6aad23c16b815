using System.Globalization;
using System.Text.Json;
using NodaTime;

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
    /// <summary>Bytes of the longest text of ours, however it is escaped.</summary>
    public const int LongestText = 128;

    private const int YearLength = 4, MonthLength = 7, DayLength = 10, FirstYear = 2000, LastYear = 2099, MonthsPerYear = 12;

    /// <summary>Reads a line; false where it is no JSON object.</summary>
    public static bool TryRead<T>(ReadOnlySpan<byte> line, ref T members)
        where T : IFeedMembers, allows ref struct
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
        Span<char> room = stackalloc char[LongestText];
        return Text(ref json, room) is { } length ? room[..length].ToString() : null;
    }

    /// <summary>The same, written into room.</summary>
    /// <returns>How many characters; null where it is no text, or longer than the room.</returns>
    public static int? Text(ref Utf8JsonReader json, scoped Span<char> room)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String && json.ValueSpan.Length <= room.Length ? json.CopyString(room) : null;
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
    public static bool TryReadDay(ReadOnlySpan<char> text, out LocalDate day)
    {
        day = default;
        if (text.Length is not (MonthLength or DayLength) || text[YearLength] != '-' || (text.Length == DayLength && text[MonthLength] != '-'))
            return false;
        if (!TryNumber(text[..YearLength], out var year) || year is < FirstYear or > LastYear || !TryNumber(text[(YearLength + 1)..MonthLength], out var month) || month is < 1 or > MonthsPerYear)
            return false;
        var last = CalendarSystem.Iso.GetDaysInMonth(year, month);
        var number = 0;
        if (text.Length == DayLength && !TryNumber(text[(MonthLength + 1)..], out number) || number > last)
            return false;
        day = new(year, month, number == 0 ? last : number);
        return true;
    }

    // The parser itself would let zero bytes follow.
    private static bool TryNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        return !digits.ContainsAnyExceptInRange('0', '9') && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
