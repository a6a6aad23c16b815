using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Realtime.Idempotency;

namespace Realtime.Recalls;

/// <summary>How recalls stand in the journal: kinds, versions and JSON members are a contract that outlives class names (tests/Recalls/RecallJsonTests.cs).</summary>
internal static class RecallJson
{
    private static readonly RecallJsonContext Context = new(Options());

    /// <summary>The events that change the public facts of a recall.</summary>
    public static readonly string[] FactKinds = ["recall.declared", "recall.spread", "recall.withdrawn"];

    private static readonly Dictionary<string, (Type Type, JsonTypeInfo Shape)> Kinds = new(StringComparer.Ordinal)
    {
        ["recall.declared"] = (typeof(RecallDeclared), Context.RecallDeclared),
        ["recall.reached"] = (typeof(RecallReached), Context.RecallReached),
        ["recall.spread"] = (typeof(RecallSpread), Context.RecallSpread),
        ["recall.acknowledged"] = (typeof(RecallAcknowledged), Context.RecallAcknowledged),
        ["recall.withdrawn"] = (typeof(RecallWithdrawn), Context.RecallWithdrawn),
    };

    private static readonly Dictionary<Type, string> Names = Kinds.ToDictionary(kind => kind.Value.Type, kind => kind.Key);

    /// <summary>The event's name in the log, the version of its payload, and the payload.</summary>
    public static (string Kind, int Version, byte[] Payload) Write(RecallEvent happened)
    {
        var kind = Names[happened.GetType()];
        return (kind, 1, JsonSerializer.SerializeToUtf8Bytes(happened, Kinds[kind].Shape));
    }

    /// <summary>The event that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">Written by a newer program.</exception>
    public static RecallEvent Read(string kind, int version, ReadOnlySpan<byte> payload) =>
        version == 1 && Kinds.TryGetValue(kind, out var known)
            ? (RecallEvent)JsonSerializer.Deserialize(payload, known.Shape)!
            : throw new InvalidOperationException($"The journal holds {kind} version {version}, which this program does not know: it was written by a newer one.");

    /// <summary>The state as kept in snapshots.</summary>
    public static byte[] WriteState(RecallState state) => JsonSerializer.SerializeToUtf8Bytes(
        new KeptRecall(state.Facts, [.. state.Holders.Values], state.Turn, state.Visited, state.WithoutLots, state.Declared, state.Withdrawn, state.Failed), Context.KeptRecall);

    /// <summary>The state that <see cref="WriteState"/> wrote.</summary>
    public static RecallState ReadState(ReadOnlySpan<byte> payload)
    {
        var kept = JsonSerializer.Deserialize(payload, Context.KeptRecall)!;
        return new()
        {
            Facts = kept.Facts,
            Holders = kept.Holders.ToImmutableSortedDictionary(holder => holder.Held.Id, holder => holder),
            Turn = kept.Turn,
            Visited = kept.Visited,
            WithoutLots = kept.WithoutLots,
            Declared = kept.Declared,
            Withdrawn = kept.Withdrawn,
            Failed = kept.Failed,
        };
    }

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

/// <summary>The shape of a snapshot.</summary>
internal sealed record KeptRecall(Recall? Facts, IReadOnlyList<RecallHolder> Holders, long Turn, int Visited, int WithoutLots, RequestKey? Declared, RequestKey? Withdrawn, int Failed);

[JsonSerializable(typeof(RecallDeclared))]
[JsonSerializable(typeof(RecallReached))]
[JsonSerializable(typeof(RecallSpread))]
[JsonSerializable(typeof(RecallAcknowledged))]
[JsonSerializable(typeof(RecallWithdrawn))]
[JsonSerializable(typeof(Recall))]
[JsonSerializable(typeof(KeptRecall))]
internal sealed partial class RecallJsonContext : JsonSerializerContext;
