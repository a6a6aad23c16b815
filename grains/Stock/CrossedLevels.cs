using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>
/// What a row of a pharmacy's stream says of levels: its top-level member <c>levels</c>, as <c>{"3400938358926":"low"}</c>, holds those that the row made cross, as they are
/// after it. Nearly all rows have none, so they are told apart by one look for the name.
/// </summary>
internal static class CrossedLevels
{
    /// <summary>Stands for so many levels that the row does not name them: the stream's public state says them.</summary>
    public static readonly IReadOnlyDictionary<Cip13, StockLevel> All = new ReadOnlyDictionary<Cip13, StockLevel>(new Dictionary<Cip13, StockLevel>());

    /// <summary>The word for it.</summary>
    public const string AllWord = "all";

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

/// <summary>Crossed levels in a row: an object of levels by code, or the word for all of them.</summary>
internal sealed class CrossedLevelsJson : JsonConverter<IReadOnlyDictionary<Cip13, StockLevel>>
{
    /// <inheritdoc/>
    public override IReadOnlyDictionary<Cip13, StockLevel> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(CrossedLevels.AllWord))
            return CrossedLevels.All;
        var levels = new Dictionary<Cip13, StockLevel>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var product = Cip13.Parse(reader.GetString()!);
            reader.Read();
            levels[product] = LevelWords.TryRead(reader.GetString(), out var level) ? level : throw new JsonException($"'{reader.GetString()}' is no level.");
        }
        return levels;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<Cip13, StockLevel> value, JsonSerializerOptions options)
    {
        if (ReferenceEquals(value, CrossedLevels.All))
        {
            writer.WriteStringValue(CrossedLevels.AllWord);
            return;
        }
        writer.WriteStartObject();
        foreach (var (product, level) in value)
            writer.WriteString(product.ToString(), LevelWords.Of(level));
        writer.WriteEndObject();
    }
}
