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
    // Codes share their first five digits, and the last one follows from the others.
    private const long First = 3_400_900_000_000;
    private const int CheckDigits = 10;
    private const int LevelBits = 2;
    private const int SevenBits = 7;
    private const int More = 0x80;

    /// <summary>The facts as kept in the journal's public state: some three bytes a product, so that a pharmacy of five thousand products fits 20 KB.</summary>
    public byte[] Write() => Write(Pharmacy, Seq, Levels.OrderBy(pair => pair.Key.Number).Select(pair => (pair.Key, pair.Value)), FreshUntil);

    /// <summary>The same, of levels that are read once: ten thousand of them need no table.</summary>
    /// <param name="pharmacy">Whose.</param>
    /// <param name="seq">The row.</param>
    /// <param name="levels">By product, in ascending order, each once.</param>
    /// <param name="freshUntil">See <see cref="FreshUntil"/>.</param>
    public static byte[] Write(PharmacyId pharmacy, long seq, IEnumerable<(Cip13 Product, StockLevel Level)> levels, Instant? freshUntil) =>
        JsonSerializer.SerializeToUtf8Bytes(new KeptStock(pharmacy, seq, Pack(levels), freshUntil), StockFactsJson.Default.KeptStock);

    /// <summary>Reads what <see cref="Write()"/> wrote.</summary>
    /// <exception cref="JsonException">It is no such text.</exception>
    public static StockFacts Read(ReadOnlySpan<byte> payload)
    {
        var kept = JsonSerializer.Deserialize(payload, StockFactsJson.Default.KeptStock)!;
        return new(kept.Pharmacy, kept.Seq, Unpack(kept.Levels), kept.FreshUntil);
    }

    /// <summary>Whether facts that <see cref="Write()"/> wrote speak of a product, read without reading what they say of the others.</summary>
    /// <exception cref="JsonException">It is no such text.</exception>
    public static bool SpeaksOf(ReadOnlySpan<byte> payload, Cip13 cip13)
    {
        var packed = Base64Url.DecodeFromChars(JsonSerializer.Deserialize(payload, StockFactsJson.Default.KeptStock)!.Levels);
        var sought = (cip13.Number - First) / CheckDigits;
        var (place, value, shift) = (0L, 0L, 0);
        foreach (var one in packed)
        {
            value |= (long)(one & (More - 1)) << shift;
            shift += SevenBits;
            if ((one & More) != 0)
                continue;
            place += value >> LevelBits;
            if (place >= sought)
                return place == sought;
            (value, shift) = (0, 0);
        }
        return false;
    }

    // In ascending order, each as the distance to the one before with the level in the two lowest bits, seven bits to a byte.
    private static string Pack(IEnumerable<(Cip13 Product, StockLevel Level)> levels)
    {
        using var buffer = Packing.Buffer();
        var last = 0L;
        foreach (var (product, level) in levels)
        {
            var place = (product.Number - First) / CheckDigits;
            buffer.Bytes.Put(((place - last) << LevelBits) | (byte)level);
            last = place;
        }
        return Base64Url.EncodeToString(buffer.Bytes.WrittenSpan);
    }

    private static Dictionary<Cip13, StockLevel> Unpack(string packed)
    {
        var bytes = Base64Url.DecodeFromChars(packed);
        // As large as it will be: a table of ten thousand that grows leaves half a megabyte behind.
        var levels = new Dictionary<Cip13, StockLevel>(bytes.Count(one => one < More));
        var (place, value, shift) = (0L, 0L, 0);
        foreach (var one in bytes)
        {
            value |= (long)(one & (More - 1)) << shift;
            shift += SevenBits;
            if ((one & More) != 0)
                continue;
            place += value >> LevelBits;
            levels[Cip13.OfPlace((First / CheckDigits) + place)] = (StockLevel)(value & ((1 << LevelBits) - 1));
            (value, shift) = (0, 0);
        }
        return levels;
    }
}

/// <summary>The shape of the stored text.</summary>
internal sealed record KeptStock(PharmacyId Pharmacy, long Seq, string Levels, Instant? FreshUntil);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, Converters = [typeof(InstantJson)], DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(KeptStock))]
internal sealed partial class StockFactsJson : JsonSerializerContext;
