using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Pharmacies;

namespace Realtime.Orders;

/// <summary>
/// The identity of an order: the pharmacy's number, a hyphen, and a ULID of 26 characters (github.com/ulid/spec): 48 bits of time, 80 of chance,
/// so that ids of one pharmacy sort as its orders were placed and nobody guesses another one.
/// </summary>
[GenerateSerializer, Immutable, Alias("realtime.OrderId"), JsonConverter(typeof(OrderIdJson))]
internal readonly record struct OrderId : IComparable<OrderId>
{
    /// <summary>Characters in an id.</summary>
    public const int Length = PharmacyId.Length + 1 + UlidLength;

    /// <summary>Bytes of chance in an id.</summary>
    public const int Chance = 10;

    private const int UlidLength = 26;
    private const int TimeBytes = 6;
    private const int BitsPerLetter = 5;
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static readonly SearchValues<char> AnyLetter = SearchValues.Create(Letters);

    private OrderId(PharmacyId pharmacy, string ulid) => (Pharmacy, Ulid) = (pharmacy, ulid);

    /// <summary>Whose order it is.</summary>
    [Id(0)]
    public PharmacyId Pharmacy { get; }

    /// <summary>The 26 characters.</summary>
    [Id(1)]
    public string Ulid { get; }

    /// <summary>The id of an order placed now, greater than every one before it, even where the clock was set back.</summary>
    /// <param name="pharmacy">Whose.</param>
    /// <param name="now">When.</param>
    /// <param name="chance"><see cref="Chance"/> bytes from a cryptographic source.</param>
    /// <param name="last">The last id of this pharmacy; null for none.</param>
    public static OrderId Next(PharmacyId pharmacy, Instant now, ReadOnlySpan<byte> chance, OrderId? last)
    {
        var next = new OrderId(pharmacy, Encode(now.ToUnixTimeMilliseconds(), chance));
        return last is { } before && next.CompareTo(before) <= 0 ? before.After() : next;
    }

    /// <summary>Reads an id; false where the shape or the pharmacy's check digit is wrong.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out OrderId id)
    {
        id = default;
        if (text is not { Length: Length } || text[PharmacyId.Length] != '-' || !PharmacyId.TryParse(text[..PharmacyId.Length], out var pharmacy))
            return false;
        var ulid = text[(PharmacyId.Length + 1)..];
        // 26 letters of five bits are 130; a ULID has 128, so the first letter is at most 7.
        if (ulid[0] > '7' || ulid.AsSpan().ContainsAnyExcept(AnyLetter))
            return false;
        id = new(pharmacy, ulid);
        return true;
    }

    /// <summary>As they were placed; of two pharmacies by number.</summary>
    public int CompareTo(OrderId other) => Pharmacy.CompareTo(other.Pharmacy) is var order and not 0 ? order : string.CompareOrdinal(Ulid, other.Ulid);

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <(OrderId left, OrderId right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >(OrderId left, OrderId right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <=(OrderId left, OrderId right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >=(OrderId left, OrderId right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Pharmacy.Value}-{Ulid}";

    private static string Encode(long milliseconds, ReadOnlySpan<byte> chance)
    {
        Span<byte> time = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(time, milliseconds);
        Span<byte> all = stackalloc byte[TimeBytes + Chance];
        time[(sizeof(long) - TimeBytes)..].CopyTo(all);
        chance[..Chance].CopyTo(all[TimeBytes..]);
        var left = BinaryPrimitives.ReadUInt128BigEndian(all);
        return string.Create(UlidLength, left, static (text, bits) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, bits >>= BitsPerLetter)
                text[i] = Letters[(int)(bits & (UInt128)(Letters.Length - 1))];
        });
    }

    // The next one in the order of the letters; after 2¹²⁸ of them there is none.
    private OrderId After() => new(Pharmacy, string.Create(UlidLength, Ulid, static (text, before) =>
    {
        before.CopyTo(text);
        for (var i = text.Length - 1; i >= 0; i--)
        {
            var place = Letters.IndexOf(text[i], StringComparison.Ordinal);
            text[i] = Letters[(place + 1) % Letters.Length];
            if (place + 1 < Letters.Length)
                return;
        }
    }));
}

/// <summary>An id is its text in JSON.</summary>
internal sealed class OrderIdJson : JsonConverter<OrderId>
{
    public override OrderId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        OrderId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("not the id of an order");

    public override void Write(Utf8JsonWriter writer, OrderId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    public override OrderId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, OrderId value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
}
