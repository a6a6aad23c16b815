using System.Text.Json;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>
/// What a row of a pharmacy's stream says of levels: its top-level member <c>levels</c>, as <c>{"3400938358926":"low"}</c>, holds those that the row made cross, as they are
/// after it. Nearly all rows have none, so they are told apart by one look for the name.
/// </summary>
internal static class CrossedLevels
{
    private static ReadOnlySpan<byte> Member => "levels"u8;

    private static ReadOnlySpan<byte> Quoted => "\"levels\""u8;

    /// <summary>Whether a row announces levels.</summary>
    /// <param name="payload">The row's payload.</param>
    /// <param name="levels">What it announces; null where that is not understood, as from a newer program: then the stream's public state must say it.</param>
    public static bool Announced(ReadOnlySpan<byte> payload, out IReadOnlyList<(Cip13 Product, StockLevel Level)>? levels)
    {
        levels = null;
        if (payload.IndexOf(Quoted) < 0)
            return false;
        try
        {
            var reader = new Utf8JsonReader(payload);
            if (!Find(ref reader))
                return false;
            levels = Read(ref reader);
            return true;
        }
        catch (JsonException)
        {
            // Whoever wrote it, the public state beside it can be asked.
            return true;
        }
    }

    // Stands on the member's value afterwards.
    private static bool Find(ref Utf8JsonReader reader)
    {
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(Member);
            reader.Read();
            if (found)
                return true;
            reader.Skip();
        }
        return false;
    }

    private static List<(Cip13, StockLevel)>? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return null;
        var levels = new List<(Cip13, StockLevel)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = Cip13.TryParse(reader.GetString(), out var product);
            reader.Read();
            if (!known || reader.TokenType != JsonTokenType.String || !LevelWords.TryRead(reader.GetString(), out var level))
                return null;
            levels.Add((product, level));
        }
        return levels;
    }
}
