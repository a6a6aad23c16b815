using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realtime.Recalls;

/// <summary>How recalls stand in the journal: kinds, versions and JSON members are a contract that outlives class names (tests/Recalls/RecallJsonTests.cs).</summary>
internal static class RecallJson
{
    private static readonly RecallJsonContext Context = new(Options());

    /// <summary>The events that change the public facts of a recall.</summary>
    public static readonly string[] FactKinds = ["recall.declared", "recall.spread", "recall.withdrawn"];

    /// <summary>What every node knows of a recall.</summary>
    public static byte[] WriteFacts(Recall recall) => JsonSerializer.SerializeToUtf8Bytes(recall, Context.Recall);

    /// <summary>The facts that <see cref="WriteFacts"/> wrote.</summary>
    public static Recall ReadFacts(ReadOnlySpan<byte> payload) => JsonSerializer.Deserialize(payload, Context.Recall)!;

    private static JsonSerializerOptions Options()
    {
        // Letters with accents as they are: who recalls is French, and nobody pastes a row into HTML.
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
            IgnoreReadOnlyProperties = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new InstantJson());
        return options;
    }
}

[JsonSerializable(typeof(Recall))]
internal sealed partial class RecallJsonContext : JsonSerializerContext;
