using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace Realtime.Journal;

/// <summary>
/// What a grain was after one of its rows, kept so that an activation need not read its stream from the beginning. It is only ever a shortcut:
/// one that does not fit the journal, or is of another shape than the code now reads, is dropped and the stream is read instead.
/// </summary>
public sealed class Snapshot
{
    /// <summary>Version of the state's shape; 0 where nothing was ever kept.</summary>
    public int Version { get; set; }

    /// <summary>The last row it includes.</summary>
    public long Seq { get; set; }

    /// <summary>That row's hash, by which the journal recognizes it.</summary>
    public byte[] Hash { get; set; } = [];

    /// <summary>The state, as UTF-8 JSON of the grain's own.</summary>
    public byte[] State { get; set; } = [];
}

/// <summary>Writes snapshots as JSON of our own: no type name of the code gets into the store.</summary>
internal sealed class SnapshotSerializer : IGrainStorageSerializer
{
    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, typeof(T), SnapshotJson.Default));

    /// <inheritdoc/>
    public T Deserialize<T>(BinaryData input) => (T)JsonSerializer.Deserialize(input.ToMemory().Span, typeof(T), SnapshotJson.Default)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Snapshot))]
internal sealed partial class SnapshotJson : JsonSerializerContext;
