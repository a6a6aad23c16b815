using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realtime.Products;

/// <summary>A mass of a substance in whole nanograms, so that sums are exact: 7 × 0.01 g is 0.07 g, not a little more.</summary>
/// <param name="Nanograms">0 or more; a sum past 9 million kilograms throws.</param>
[GenerateSerializer, Immutable, Alias("realtime.Mass"), JsonConverter(typeof(MassJson))]
internal readonly record struct Mass([property: Id(0)] long Nanograms) : IComparable<Mass>
{
    private const decimal NanogramsPerGram = 1_000_000_000m;

    /// <summary>The greatest mass that one box may be said to hold: a tonne, past any box there is.</summary>
    public const decimal MostGramsPerBox = 1_000_000m;

    /// <summary>The mass in grams, exactly.</summary>
    public decimal Grams => Nanograms / NanogramsPerGram;

    /// <summary>A mass of so many grams, rounded up to the nanogram: against a limit, what is rounded must not be forgotten.</summary>
    public static Mass OfGrams(decimal grams) => new((long)decimal.Ceiling(grams * NanogramsPerGram));

    public static Mass operator +(Mass left, Mass right) => new(checked(left.Nanograms + right.Nanograms));

    public static Mass operator *(Mass one, long times) => new(checked(one.Nanograms * times));

    public static bool operator >(Mass left, Mass right) => left.Nanograms > right.Nanograms;

    public static bool operator <(Mass left, Mass right) => left.Nanograms < right.Nanograms;

    public static bool operator >=(Mass left, Mass right) => left.Nanograms >= right.Nanograms;

    public static bool operator <=(Mass left, Mass right) => left.Nanograms <= right.Nanograms;

    /// <inheritdoc/>
    public int CompareTo(Mass other) => Nanograms.CompareTo(other.Nanograms);

    /// <summary>Grams with no more decimals than needed.</summary>
    public override string ToString() => $"{Grams.ToString("0.#########", CultureInfo.InvariantCulture)} g";
}

/// <summary>A mass is a number of grams in JSON.</summary>
internal sealed class MassJson : JsonConverter<Mass>
{
    public override Mass Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Mass.OfGrams(reader.GetDecimal());

    public override void Write(Utf8JsonWriter writer, Mass value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Grams.ToString("0.#########", CultureInfo.InvariantCulture));
}
