using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realtime.People;

/// <summary>How the national roles stand in the journal: kinds, versions and JSON members are a contract that outlives class names.</summary>
internal static class GrantJson
{
    /// <summary>The event's name in the log, the version of its payload, and the payload.</summary>
    public static (string Kind, int Version, byte[] Payload) Write(GrantEvent happened) => happened switch
    {
        GrantGiven e => ("grant.given", 1, JsonSerializer.SerializeToUtf8Bytes(e, GrantJsonContext.Default.GrantGiven)),
        GrantWithdrawn e => ("grant.withdrawn", 1, JsonSerializer.SerializeToUtf8Bytes(e, GrantJsonContext.Default.GrantWithdrawn)),
        _ => throw new InvalidOperationException($"{happened.GetType().Name} has no name in the log."),
    };

    /// <summary>The event that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidOperationException">Written by a newer program.</exception>
    public static GrantEvent Read(string kind, int version, ReadOnlySpan<byte> payload) => (kind, version) switch
    {
        ("grant.given", 1) => JsonSerializer.Deserialize(payload, GrantJsonContext.Default.GrantGiven)!,
        ("grant.withdrawn", 1) => JsonSerializer.Deserialize(payload, GrantJsonContext.Default.GrantWithdrawn)!,
        _ => throw new InvalidOperationException($"The journal holds {kind} version {version}, which this program does not know: it was written by a newer one."),
    };

    /// <summary>The whole list, as nodes and snapshots keep it.</summary>
    public static byte[] WriteList(GrantList list) => JsonSerializer.SerializeToUtf8Bytes(list, GrantJsonContext.Default.GrantList);

    /// <summary>The list that <see cref="WriteList"/> wrote.</summary>
    public static GrantList ReadList(ReadOnlySpan<byte> payload) => JsonSerializer.Deserialize(payload, GrantJsonContext.Default.GrantList)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(GrantGiven))]
[JsonSerializable(typeof(GrantWithdrawn))]
[JsonSerializable(typeof(GrantList))]
internal sealed partial class GrantJsonContext : JsonSerializerContext;
