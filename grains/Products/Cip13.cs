using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realtime.Products;

/// <summary>
/// The code of a presentation of a medicine, as the box's bar code has it: thirteen digits that start with 34009, the last an EAN-13 check digit,
/// verified on construction.
/// </summary>
[GenerateSerializer, Immutable, Alias("realtime.Cip13"), JsonConverter(typeof(Cip13Json))]
public readonly record struct Cip13 : IComparable<Cip13>
{
    /// <summary>Digits in a code.</summary>
    public const int Length = 13;

    /// <summary>Every medicine's code starts so.</summary>
    public const string Prefix = "34009";

    private Cip13(long number) => Number = number;

    /// <summary>The thirteen digits as a number.</summary>
    [Id(0)]
    public long Number { get; }

    /// <summary>The older code of seven digits that is part of it.</summary>
    public string Cip7 => ToString().Substring(Prefix.Length, 7);

    /// <summary>Reads thirteen digits without anything between them; false where they are no code of a medicine.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Cip13 cip13)
    {
        cip13 = default;
        if (text.Length != Length || !text.StartsWith(Prefix) || text.ContainsAnyExceptInRange('0', '9'))
            return false;
        var sum = 0;
        for (var i = 0; i < Length; i++)
            sum += (text[i] - '0') * (i % 2 == 0 ? 1 : 3);
        if (sum % 10 != 0)
            return false;
        cip13 = new(long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>The code whose first twelve digits are <paramref name="place"/>, its check digit computed.</summary>
    /// <param name="place">From 340090000000 to 340099999999.</param>
    internal static Cip13 OfPlace(long place)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(place, 340_090_000_000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(place, 340_099_999_999);
        var (sum, left) = (0, place);
        for (var weight = 3; left > 0; left /= 10, weight = 4 - weight)
            sum += (int)(left % 10) * weight;
        return new((place * 10) + ((10 - (sum % 10)) % 10));
    }

    /// <summary>Reads a code that is known to be one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Cip13 Parse(string text) => TryParse(text, out var cip13) ? cip13 : throw new FormatException($"'{text}' is not a CIP13: thirteen digits from {Prefix}, the last a check digit.");

    /// <summary>By number.</summary>
    public static bool operator <(Cip13 left, Cip13 right) => left.Number < right.Number;

    /// <summary>By number.</summary>
    public static bool operator >(Cip13 left, Cip13 right) => left.Number > right.Number;

    /// <summary>By number.</summary>
    public static bool operator <=(Cip13 left, Cip13 right) => left.Number <= right.Number;

    /// <summary>By number.</summary>
    public static bool operator >=(Cip13 left, Cip13 right) => left.Number >= right.Number;

    /// <inheritdoc/>
    public int CompareTo(Cip13 other) => Number.CompareTo(other.Number);

    /// <summary>The thirteen digits.</summary>
    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A code is a string of thirteen digits in JSON.</summary>
internal sealed class Cip13Json : JsonConverter<Cip13>
{
    public override Cip13 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Cip13.TryParse(reader.GetString(), out var cip13) ? cip13 : throw new JsonException("not a CIP13");

    public override void Write(Utf8JsonWriter writer, Cip13 value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

    public override Cip13 ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, Cip13 value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
}
