using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Pharmacies;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>The public facts of one pharmacy's stock: the level of every product that it has spoken of, as of a row of its stream.</summary>
/// <param name="Pharmacy">Whose.</param>
/// <param name="Seq">The row.</param>
/// <param name="Levels">By product; one that is missing is <see cref="StockLevel.Unknown"/>.</param>
/// <param name="FreshUntil">
/// From when on the levels are too old to be believed, and count as <see cref="StockLevel.Unknown"/>, all of them; nothing is written when that instant comes.
/// Null where no software feeds them: then they are believed until they are written anew.
/// </param>
public sealed record StockFacts(PharmacyId Pharmacy, long Seq, IReadOnlyDictionary<Cip13, StockLevel> Levels, Instant? FreshUntil = null)
{
    /// <summary>The facts as kept in the journal's public state: some three bytes a product, so that a pharmacy of five thousand products fits 20 KB.</summary>
    public byte[] Write() => Write(Pharmacy, Seq, Levels.OrderBy(pair => pair.Key.Number).Select(pair => (pair.Key, pair.Value)), FreshUntil);

    /// <summary>The same, of levels that are read once: ten thousand of them need no table.</summary>
    /// <param name="pharmacy">Whose.</param>
    /// <param name="seq">The row.</param>
    /// <param name="levels">By product, in ascending order, each once.</param>
    /// <param name="freshUntil">See <see cref="FreshUntil"/>.</param>
    public static byte[] Write(PharmacyId pharmacy, long seq, IEnumerable<(Cip13 Product, StockLevel Level)> levels, Instant? freshUntil)
    {
        using var packed = Packing.Buffer();
        PackedLevels.Pack(levels, packed.Bytes);
        return JsonSerializer.SerializeToUtf8Bytes(new KeptStock(pharmacy, seq, packed.Bytes.WrittenMemory, freshUntil), StockFactsJson.Default.KeptStock);
    }

    /// <summary>Reads what <see cref="Write()"/> wrote.</summary>
    /// <exception cref="JsonException">It is no such text.</exception>
    /// <exception cref="FormatException">It is one, and its levels are none.</exception>
    public static StockFacts Read(ReadOnlySpan<byte> payload)
    {
        var kept = JsonSerializer.Deserialize(payload, StockFactsJson.Default.KeptStock)!;
        return new(kept.Pharmacy, kept.Seq, PackedLevels.Unpack(kept.Levels.Span), kept.FreshUntil);
    }

    /// <summary>Whether facts that <see cref="Write()"/> wrote speak of a product, read without reading what they say of the others.</summary>
    /// <exception cref="JsonException">It is no such text.</exception>
    /// <exception cref="FormatException">It is one, and its levels are none.</exception>
    public static bool SpeaksOf(ReadOnlySpan<byte> payload, Cip13 cip13) =>
        PackedLevels.SpeaksOf(JsonSerializer.Deserialize(payload, StockFactsJson.Default.KeptStock)!.Levels.Span, cip13);
}

/// <summary>The shape of the stored text; its levels are what <see cref="PackedLevels"/> packed.</summary>
internal sealed record KeptStock(PharmacyId Pharmacy, long Seq, ReadOnlyMemory<byte> Levels, Instant? FreshUntil);

/// <summary>Bytes as base64url without padding. No text is made of them on the way: that of ten thousand levels would be a large one.</summary>
internal sealed class Base64UrlJson : JsonConverter<ReadOnlyMemory<byte>>
{
    /// <inheritdoc/>
    /// <exception cref="FormatException">It is a text of something else.</exception>
    public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("Bytes are a text in base64url.");
        var text = ArrayPool<byte>.Shared.Rent(reader.HasValueSequence ? (int)reader.ValueSequence.Length : reader.ValueSpan.Length);
        try
        {
            return Base64Url.DecodeFromUtf8(text.AsSpan(0, reader.CopyString(text)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options)
    {
        var text = ArrayPool<byte>.Shared.Rent(Base64Url.GetEncodedLength(value.Length));
        try
        {
            writer.WriteStringValue(text.AsSpan(0, Base64Url.EncodeToUtf8(value.Span, text)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(InstantJson), typeof(Base64UrlJson)], DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptStock))]
internal sealed partial class StockFactsJson : JsonSerializerContext;
