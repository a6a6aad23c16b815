using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime.Serialization.SystemTextJson;

namespace Realtime.Products;

/// <summary>How this slice's events and verdicts stand in the journal: members and words are a contract that outlives class names.</summary>
internal static class ProductJson
{
    /// <summary>The shapes.</summary>
    public static ProductJsonContext Context { get; } = new(Options());

    /// <summary>A verdict with all that made it, as it is kept beside an order.</summary>
    public static byte[] Write(DoseVerdict verdict) => JsonSerializer.SerializeToUtf8Bytes(verdict, Context.DoseVerdict);

    /// <summary>The verdict that <see cref="Write"/> wrote.</summary>
    public static DoseVerdict ReadVerdict(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, Context.DoseVerdict)!;

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };
        options.Converters.Add(NodaConverters.InstantConverter);
        options.Converters.Add(new JsonStringEnumConverter<DoseProblemKind>());
        options.Converters.Add(new JsonStringEnumConverter<DoseRuleKind>());
        options.Converters.Add(new DoseFormsJson());
        return options;
    }
}

/// <summary>Forms are their words in JSON.</summary>
internal sealed class DoseFormsJson : JsonConverter<DoseForms>
{
    public override DoseForms Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => DoseFormWords.Parse(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, DoseForms value, JsonSerializerOptions options) => writer.WriteStringValue(DoseFormWords.Word(value));
}

[JsonSerializable(typeof(DoseVerdict))]
[JsonSerializable(typeof(BoxMassEntered))]
[JsonSerializable(typeof(BoxMassState))]
internal sealed partial class ProductJsonContext : JsonSerializerContext;
