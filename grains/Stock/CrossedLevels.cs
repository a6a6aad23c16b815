using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>
/// What a row of a pharmacy's stream says of levels, by two top-level members. <c>levels</c>, as <c>{"3400938358926":"low"}</c>, holds those that the row made cross, as they are
/// after it; anything else, as the word <c>all</c> where so many crossed that the stream's public state says it shorter, sends the reader there. <c>freshUntil</c>, an instant,
/// is that of <see cref="StockFacts.FreshUntil"/>; null ends it. Nearly all rows have neither, so they are told apart by a look for the names.
/// </summary>
internal static class CrossedLevels
{
    /// <summary>Stands for so many levels that the row does not name them: the stream's public state says them.</summary>
    public static readonly IReadOnlyDictionary<Cip13, StockLevel> All = new ReadOnlyDictionary<Cip13, StockLevel>(new Dictionary<Cip13, StockLevel>());

    /// <summary>The word for it.</summary>
    public const string AllWord = "all";

    private static readonly InstantJson Instants = new();

    private static ReadOnlySpan<byte> LevelsMember => "levels"u8;

    private static ReadOnlySpan<byte> QuotedLevels => "\"levels\""u8;

    private static ReadOnlySpan<byte> FreshUntilMember => "freshUntil"u8;

    private static ReadOnlySpan<byte> QuotedFreshUntil => "\"freshUntil\""u8;

    /// <summary>Whether a row says anything of levels.</summary>
    /// <param name="payload">The row's payload.</param>
    /// <param name="said">What it says; null where that is not understood, as from a newer program, or said elsewhere: then the stream's public state must say it.</param>
    public static bool Announced(ReadOnlySpan<byte> payload, out RowLevels? said)
    {
        said = null;
        if (payload.IndexOf(QuotedLevels) < 0 && payload.IndexOf(QuotedFreshUntil) < 0)
            return false;
        try
        {
            var reader = new Utf8JsonReader(payload);
            return Read(ref reader, out said);
        }
        catch (JsonException)
        {
            // Whoever wrote it, the public state beside it can be asked.
            return true;
        }
    }

    private static bool Read(ref Utf8JsonReader reader, out RowLevels? said)
    {
        said = null;
        var (hasLevels, hasFreshness, levels, freshness) = (false, false, (List<(Cip13, StockLevel)>?)null, (Freshness?)null);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isLevels, isFreshness) = (reader.ValueTextEquals(LevelsMember), reader.ValueTextEquals(FreshUntilMember));
            reader.Read();
            if (isLevels)
                (hasLevels, levels) = (true, ReadLevels(ref reader));
            else if (isFreshness)
                (hasFreshness, freshness) = (true, ReadFreshness(ref reader));
            else
                reader.Skip();
        }
        var isUnderstood = hasLevels == (levels is not null) && hasFreshness == (freshness is not null);
        if (isUnderstood)
            said = new(levels ?? [], freshness);
        return hasLevels || hasFreshness;
    }

    // Stands on the last token of the value afterwards, as does the next.
    private static List<(Cip13, StockLevel)>? ReadLevels(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }
        var (levels, isUnderstood) = (new List<(Cip13, StockLevel)>(), true);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var known = Cip13.TryParse(reader.GetString(), out var product);
            reader.Read();
            if (known && reader.TokenType == JsonTokenType.String && LevelWords.TryRead(reader.GetString(), out var level))
                levels.Add((product, level));
            else
                isUnderstood = false;
            reader.Skip();
        }
        return isUnderstood ? levels : null;
    }

    private static Freshness? ReadFreshness(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new(Instants.Read(ref reader, typeof(Instant), JsonSerializerOptions.Default));
        var isEnded = reader.TokenType == JsonTokenType.Null;
        reader.Skip();
        return isEnded ? new Freshness(null) : null;
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
