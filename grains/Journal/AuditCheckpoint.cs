using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Serialization.SystemTextJson;

namespace Realtime.Journal;

/// <summary>
/// What the journal held at a moment, in a few hundred bytes: a root over the newest rows of all streams that changed since the checkpoint before, sealed with a key that
/// is not in the store. Stored: names and members are a contract. It speaks of every stream but its own, which is chained by itself and by <see cref="Previous"/>.
/// </summary>
internal sealed record AuditCheckpoint
{
    /// <summary>The stream of all checkpoints.</summary>
    public const string Stream = "audit";

    /// <summary>The event's name in the log.</summary>
    public const string Kind = "audit.checkpointed";

    /// <summary>Version of the payload's shape.</summary>
    public const int Version = 1;

    /// <summary>Who writes checkpoints.</summary>
    public const string Actor = "system";

    /// <summary>Why.</summary>
    public const string Reason = "checkpoint";

    private static readonly AuditJson Json = new(Options());

    /// <summary>Which one, from 1; it is also its place in the stream.</summary>
    public required long Number { get; init; }

    /// <summary>When it was taken.</summary>
    public required Instant At { get; init; }

    /// <summary>Hash of the row of the checkpoint before, in hexadecimal; empty for the first.</summary>
    public required string Previous { get; init; }

    /// <summary>How many streams changed since the checkpoint before.</summary>
    public required int Streams { get; init; }

    /// <summary>By how many rows.</summary>
    public required long Rows { get; init; }

    /// <summary>Up to where it covers the lanes.</summary>
    public required AuditCut Cut { get; init; }

    /// <summary>The Merkle root over the newest row of each stream that changed, in hexadecimal.</summary>
    public required string Root { get; init; }

    /// <summary>Which key sealed it, without telling the key.</summary>
    public required string Key { get; init; }

    /// <summary>HMAC-SHA256 over all the rest, in hexadecimal.</summary>
    public required string Seal { get; init; }

    /// <summary>The checkpoint as it is stored.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json.AuditCheckpoint);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static AuditCheckpoint Read(ReadOnlySpan<byte> payload) =>
        JsonSerializer.Deserialize(payload, Json.AuditCheckpoint) is { Cut: { Live: not null, Ended: not null } } checkpoint
            ? checkpoint
            : throw new JsonException("The payload is no checkpoint.");

    private static JsonSerializerOptions Options()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };
        options.Converters.Add(NodaConverters.InstantConverter);
        return options;
    }
}

/// <summary>
/// Up to where a checkpoint covers the lanes. Lanes up to <see cref="Known"/> that it does not name were over and covered by the checkpoints before, so that it stays small
/// however many lanes there ever were.
/// </summary>
/// <param name="Known">All lanes up to this one were looked at.</param>
/// <param name="Live">Lanes that may still grow, or are not read to their end: lane → last <c>n</c> covered, 0 for none.</param>
/// <param name="Ended">Lanes that were read to their end since the checkpoint before: lane → last <c>n</c>.</param>
internal sealed record AuditCut(long Known, SortedDictionary<long, long> Live, SortedDictionary<long, long> Ended)
{
    /// <summary>Every lane that this cut names.</summary>
    [JsonIgnore]
    public IEnumerable<KeyValuePair<long, long>> Named => Live.Concat(Ended);

    /// <summary>Where the cursors stand, as a difference to the checkpoint before.</summary>
    /// <param name="cursors">How far the lanes were read.</param>
    /// <param name="before">How far they were read at the checkpoint before.</param>
    /// <param name="knownBefore">Its <see cref="Known"/>, 0 where there is none.</param>
    public static AuditCut Of(LaneCursors cursors, LaneCursors before, long knownBefore)
    {
        // A reading that was cut short leaves lanes at the end that nobody has looked into: they are found again, and need not be named.
        var furthest = Math.Max(knownBefore, cursors.Count == 0 ? 0 : cursors.Keys.Max());
        var unread = cursors.Unfinished.Where(lane => lane > furthest).ToList();
        var known = unread.Count == 0 ? cursors.Known : unread[0] - 1;
        var live = cursors.Unfinished.Where(lane => lane <= known).ToDictionary(lane => lane, cursors.GetValueOrDefault);
        var ended = cursors.Where(lane => lane.Value > before.GetValueOrDefault(lane.Key) && !live.ContainsKey(lane.Key)).ToDictionary();
        return new AuditCut(known, new(live), new(ended));
    }

    /// <summary>Cursors that stand at this cut.</summary>
    public LaneCursors Cursors() => LaneCursors.At(Known, Live);
}

[JsonSerializable(typeof(AuditCheckpoint))]
internal sealed partial class AuditJson : JsonSerializerContext;
