using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realtime.Orders;

/// <summary>All that is personal in an order from its beginning, sealed as one.</summary>
/// <param name="Buyer">Who buys.</param>
/// <param name="Answers">The questionnaire as JSON, or null.</param>
/// <param name="Note">The buyer's word to the pharmacist, or null.</param>
internal sealed record Person(Buyer Buyer, string? Answers, string? Note);

/// <summary>A person as UTF-8 JSON, before sealing.</summary>
internal static class PersonJson
{
    private static readonly PersonJsonContext Context = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The bytes to be sealed.</summary>
    public static byte[] Write(Person person) => JsonSerializer.SerializeToUtf8Bytes(person, Context.Person);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static Person Read(ReadOnlySpan<byte> clear) => JsonSerializer.Deserialize(clear, Context.Person)!;
}

[JsonSerializable(typeof(Person))]
internal sealed partial class PersonJsonContext : JsonSerializerContext;
