using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realtime.Pharmacies;

/// <summary>
/// The identity of a pharmacy: its FINESS number, nine characters whose last is a check digit (Luhn).
/// Corsican numbers carry a letter in second place, which counts as a digit in the check: A as 1, B as 2.
/// A value that exists has passed the check; <c>default</c> is the only one that has not.
/// Source: the 3,757 numbers of the Santé.fr file, all of which pass (read 2026-11-22).
/// </summary>
[GenerateSerializer, Immutable, Alias("realtime.PharmacyId"), JsonConverter(typeof(PharmacyIdJson))]
public readonly record struct PharmacyId : IComparable<PharmacyId>
{
    /// <summary>Characters in a FINESS number.</summary>
    public const int Length = 9;

    /// <summary>Every synthetic pharmacy's number starts so; no real one does.</summary>
    public const string SyntheticPrefix = "99";

    private PharmacyId(string value) => Value = value;

    /// <summary>The nine characters.</summary>
    [Id(0)]
    public string Value { get; }

    /// <summary>Whether the pharmacy belongs to the demo country and not to the register.</summary>
    public bool IsSynthetic => Value.StartsWith(SyntheticPrefix, StringComparison.Ordinal);

    /// <summary>Reads a number.</summary>
    /// <exception cref="FormatException">Not nine characters, or the check digit does not fit.</exception>
    public static PharmacyId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a FINESS number: nine characters, the last a check digit.");

    /// <summary>Reads a number; false where the shape or the check digit is wrong.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PharmacyId id)
    {
        id = default;
        if (text is not { Length: Length } || LuhnSum(text) is not { } sum || sum % 10 != 0)
            return false;
        id = new PharmacyId(text);
        return true;
    }

    /// <summary>The number whose first eight characters are <paramref name="body"/>, its check digit computed.</summary>
    /// <exception cref="FormatException">Not eight characters of a FINESS number.</exception>
    public static PharmacyId FromBody(string body)
    {
        var sum = body is { Length: Length - 1 } ? LuhnSum(body + "0") : null;
        return sum is { } s ? new PharmacyId(body + (char)('0' + ((10 - (s % 10)) % 10))) : throw new FormatException($"'{body}' is not the first eight characters of a FINESS number.");
    }

    /// <summary>Orders by the characters, as ties between equally near pharmacies are broken.</summary>
    public int CompareTo(PharmacyId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <(PharmacyId left, PharmacyId right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >(PharmacyId left, PharmacyId right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <=(PharmacyId left, PharmacyId right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >=(PharmacyId left, PharmacyId right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Value;

    private static int? LuhnSum(string text)
    {
        var sum = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var digit = text[i] switch
            {
                >= '0' and <= '9' => text[i] - '0',
                'A' when i == 1 && text[0] == '2' => 1,
                'B' when i == 1 && text[0] == '2' => 2,
                _ => -1,
            };
            if (digit < 0)
                return null;
            // From the right every second digit is doubled: with nine characters, those at odd indexes.
            var weighed = i % 2 == 1 ? digit * 2 : digit;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }
        return sum;
    }
}

/// <summary>Writes an id as its nine characters, and refuses anything else on the way in.</summary>
internal sealed class PharmacyIdJson : JsonConverter<PharmacyId>
{
    public override PharmacyId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PharmacyId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("Not a FINESS number: nine characters, the last a check digit.");

    public override void Write(Utf8JsonWriter writer, PharmacyId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
