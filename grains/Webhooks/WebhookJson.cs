using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Realtime.Webhooks;

/// <summary>
/// How this slice's events, snapshots and facts stand in the journal: kinds, versions and JSON members are a contract that outlives class names; the texts in
/// tests/Webhooks/WebhookJsonTests.cs hold them in place.
/// </summary>
internal static class WebhookJson
{
    private static readonly WebhookJsonContext Context = new(Options());

    private static readonly Dictionary<string, (Type Type, JsonTypeInfo Shape)> Kinds = new(StringComparer.Ordinal)
    {
        ["webhook.added"] = (typeof(EndpointAdded), Context.EndpointAdded),
        ["webhook.removed"] = (typeof(EndpointRemoved), Context.EndpointRemoved),
        ["webhook.rotated"] = (typeof(SecretRotated), Context.SecretRotated),
        ["webhook.resumed"] = (typeof(EndpointResumed), Context.EndpointResumed),
        ["webhook.redelivered"] = (typeof(LetterRedelivered), Context.LetterRedelivered),
        ["webhooks.moved"] = (typeof(DeliveriesMoved), Context.DeliveriesMoved),
    };

    private static readonly Dictionary<Type, string> Names = Kinds.ToDictionary(kind => kind.Value.Type, kind => kind.Key);

    /// <summary>Every kind of event there is.</summary>
    public static IReadOnlyList<string> AllKinds { get; } = [.. Kinds.Keys];

    /// <summary>The event's name in the log, the version of its payload, and the payload.</summary>
    public static (string Kind, int Version, byte[] Payload) Write(WebhookEvent happened)
    {
        var kind = Names[happened.GetType()];
        return (kind, 1, JsonSerializer.SerializeToUtf8Bytes(happened, Kinds[kind].Shape));
    }

    /// <summary>The event that <see cref="Write(WebhookEvent)"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">Written by a newer program.</exception>
    public static WebhookEvent Read(string kind, int version, ReadOnlySpan<byte> payload) =>
        version == 1 && Kinds.TryGetValue(kind, out var known)
            ? (WebhookEvent)JsonSerializer.Deserialize(payload, known.Shape)!
            : throw new InvalidOperationException($"The journal holds {kind} version {version}, which this program does not know: it was written by a newer one.");

    /// <summary>What every silo knows of a pharmacy's webhooks.</summary>
    public static byte[] WriteFacts(WebhookFacts facts) => JsonSerializer.SerializeToUtf8Bytes(facts, Context.WebhookFacts);

    /// <summary>The facts that <see cref="WriteFacts"/> wrote.</summary>
    public static WebhookFacts ReadFacts(ReadOnlySpan<byte> payload) => JsonSerializer.Deserialize(payload, Context.WebhookFacts)!;

    /// <summary>The state as kept in snapshots.</summary>
    public static byte[] WriteState(WebhookState state) => JsonSerializer.SerializeToUtf8Bytes(
        new KeptWebhooks(state.Cursor, [.. state.Endpoints.Select(endpoint => new KeptEndpoint(
            endpoint.Id, endpoint.Url, endpoint.Events, endpoint.Description, endpoint.Secret, endpoint.From, endpoint.AddedAt, endpoint.OldSecret, endpoint.OldUntil, endpoint.GoneAt,
            [.. endpoint.Waiting.Values], endpoint.Dead))]),
        Context.KeptWebhooks);

    /// <summary>The state that <see cref="WriteState"/> wrote.</summary>
    public static WebhookState ReadState(ReadOnlySpan<byte> payload)
    {
        var kept = JsonSerializer.Deserialize(payload, Context.KeptWebhooks)!;
        return new()
        {
            Cursor = kept.Cursor,
            Endpoints = [.. kept.Endpoints.Select(endpoint => new WebhookEndpoint(endpoint.Id, endpoint.Url, endpoint.Events, endpoint.Description, endpoint.Secret, endpoint.From, endpoint.AddedAt)
            {
                OldSecret = endpoint.OldSecret,
                OldUntil = endpoint.OldUntil,
                GoneAt = endpoint.GoneAt,
                Waiting = endpoint.Waiting.ToImmutableSortedDictionary(one => one.Message, one => one),
                Dead = [.. endpoint.Dead],
            })],
        };
    }

    private static JsonSerializerOptions Options()
    {
        // Addresses have & and =, and nobody pastes a row into HTML.
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        options.Converters.Add(new InstantJson());
        return options;
    }
}

/// <summary>The shape of a snapshot.</summary>
internal sealed record KeptWebhooks(WebhookCursor Cursor, IReadOnlyList<KeptEndpoint> Endpoints);

/// <summary>An endpoint in a snapshot.</summary>
internal sealed record KeptEndpoint(
    string Id, string Url, IReadOnlyList<string> Events, string? Description, string Secret, WebhookCursor From, NodaTime.Instant AddedAt, string? OldSecret, NodaTime.Instant? OldUntil,
    NodaTime.Instant? GoneAt, IReadOnlyList<Waiting> Waiting, IReadOnlyList<DeadLetter> Dead);

[JsonSerializable(typeof(EndpointAdded))]
[JsonSerializable(typeof(EndpointRemoved))]
[JsonSerializable(typeof(SecretRotated))]
[JsonSerializable(typeof(EndpointResumed))]
[JsonSerializable(typeof(LetterRedelivered))]
[JsonSerializable(typeof(DeliveriesMoved))]
[JsonSerializable(typeof(WebhookFacts))]
[JsonSerializable(typeof(KeptWebhooks))]
internal sealed partial class WebhookJsonContext : JsonSerializerContext;
