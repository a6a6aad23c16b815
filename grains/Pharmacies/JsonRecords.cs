using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Realtime.Pharmacies;

/// <summary>What is done with one element of an array.</summary>
/// <param name="element">Valid during the call only.</param>
/// <param name="line">Line on which it starts, from 1.</param>
internal delegate void ReadElement(JsonElement element, int line);

/// <summary>Walks one array of a large JSON file, holding one of its elements at a time; the rest of the file is only checked.</summary>
internal static class JsonRecords
{
    /// <summary>Reads the elements of the array that is the member <paramref name="name"/> of the file's one object. False where the file is not well-formed.</summary>
    /// <param name="bytes">The whole file, UTF-8.</param>
    /// <param name="name">The member.</param>
    /// <param name="kind">What the file should be, for a sentence.</param>
    /// <param name="read">Called for each element, in order.</param>
    /// <param name="fault">What is wrong, and where.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, string name, string kind, ReadElement read, [NotNullWhen(false)] out FileFault? fault)
    {
        bytes = FileText.WithoutMark(bytes);
        fault = FileText.CheckUtf8(bytes);
        if (fault is not null)
            return false;
        try
        {
            fault = Walk(bytes, name, read) ? null : new FileFault(1, 1, $"there is no array \"{name}\"; this is not {kind}.");
        }
        // The parser says where a file breaks off by throwing only.
        catch (JsonException broken)
        {
            fault = FaultOf(bytes, broken);
        }
        return fault is null;
    }

    private static bool Walk(ReadOnlySpan<byte> bytes, string name, ReadElement read)
    {
        var found = false;
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSought = reader.ValueTextEquals(name);
            reader.Read();
            if (!isSought || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }
            found = true;
            ReadArray(bytes, ref reader, read);
        }
        // Anything but blanks after the object throws here.
        reader.Read();
        return found;
    }

    private static void ReadArray(ReadOnlySpan<byte> bytes, ref Utf8JsonReader reader, ReadElement read)
    {
        var (line, counted) = (1, 0);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            line += bytes[counted..start].Count((byte)'\n');
            counted = start;
            using var element = JsonDocument.ParseValue(ref reader);
            read(element.RootElement, line);
        }
    }

    private static FileFault FaultOf(ReadOnlySpan<byte> bytes, JsonException broken)
    {
        var offset = 0;
        for (var line = 0L; line < broken.LineNumber; line++)
            offset += bytes[offset..].IndexOf((byte)'\n') + 1;
        // The parser ends its sentence with a place counted from 0 and in bytes.
        var place = broken.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return FileText.FaultAt(bytes, Math.Min(bytes.Length, offset + (int)(broken.BytePositionInLine ?? 0)), $"not JSON: {(place < 0 ? broken.Message : broken.Message[..place])}");
    }

    /// <summary>A member of an object, whatever the case of its name; undefined where there is none or it is null.</summary>
    public static JsonElement Member(this JsonElement element, string name)
    {
        if (element.ValueKind == JsonValueKind.Object)
            foreach (var member in element.EnumerateObject())
                if (string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase) && member.Value.ValueKind != JsonValueKind.Null)
                    return member.Value;
        return default;
    }

    /// <summary>The elements of an array; none where it is none.</summary>
    public static IEnumerable<JsonElement> Elements(this JsonElement element) => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>A text with single spaces; empty where it is none.</summary>
    public static string Text(this JsonElement element) => element.ValueKind == JsonValueKind.String ? FileText.Words(element.GetString()!) : "";
}
