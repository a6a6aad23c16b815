using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Realtime.Pharmacies;

namespace Realtime.Webhooks;

/// <summary>What a message came of.</summary>
internal enum MessageSource : byte
{
    /// <summary>A row of the pharmacy's stock and orders.</summary>
    Orders,

    /// <summary>A row of the pharmacy's page.</summary>
    Page,

    /// <summary>Somebody who tries an endpoint out.</summary>
    Test,
}

/// <summary>
/// Names a message, as <c>msg_990000010_orders_12_1</c>: it follows from the row that the message came of, so that whoever reads the row again, after a crash or three days
/// later, makes the same message under the same name, and a receiver drops what it has.
/// </summary>
/// <param name="Pharmacy">Whose.</param>
/// <param name="Source">What it came of.</param>
/// <param name="Seq">The row; of a test, its Unix time in milliseconds.</param>
/// <param name="Part">Which of the row's messages, from 1.</param>
[GenerateSerializer, Immutable, Alias("realtime.MessageId"), JsonConverter(typeof(MessageIdJson))]
internal readonly record struct MessageId([property: Id(0)] PharmacyId Pharmacy, [property: Id(1)] MessageSource Source, [property: Id(2)] long Seq, [property: Id(3)] int Part)
    : IComparable<MessageId>
{
    private static readonly string[] Words = ["orders", "page", "test"];

    /// <summary>Reads an id; false where it is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out MessageId id)
    {
        id = default;
        if (text?.Split('_') is not ["msg", var pharmacy, var word, var row, var part] || !PharmacyId.TryParse(pharmacy, out var whose) || Array.IndexOf(Words, word) is not (>= 0 and var source))
            return false;
        if (!long.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var seq) || !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        id = new(whose, (MessageSource)source, seq, number);
        return id.ToString() == text;
    }

    /// <summary>By what they came of, then by row.</summary>
    public int CompareTo(MessageId other) =>
        Pharmacy.CompareTo(other.Pharmacy) is var whose and not 0 ? whose
        : Source != other.Source ? Source.CompareTo(other.Source)
        : Seq != other.Seq ? Seq.CompareTo(other.Seq)
        : Part.CompareTo(other.Part);

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <(MessageId left, MessageId right) => left.CompareTo(right) < 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >(MessageId left, MessageId right) => left.CompareTo(right) > 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator <=(MessageId left, MessageId right) => left.CompareTo(right) <= 0;

    /// <inheritdoc cref="CompareTo"/>
    public static bool operator >=(MessageId left, MessageId right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"msg_{Pharmacy.Value}_{Words[(int)Source]}_{Seq}_{Part}");
}

/// <summary>An id is its text in JSON.</summary>
internal sealed class MessageIdJson : JsonConverter<MessageId>
{
    public override MessageId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        MessageId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("not the id of a message");

    public override void Write(Utf8JsonWriter writer, MessageId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
