using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Sets;

/// <summary>The one owner of the question which set of a kind is in force. Its key is the kind, and the name of the stream.</summary>
[Alias("realtime.ICatalogueGrain")]
public interface ISetGrain : IGrainWithStringKey
{
    /// <summary>The medicines database.</summary>
    public const string Catalogue = "catalogue";

    /// <summary>The communes of France.</summary>
    public const string Communes = "communes";

    /// <summary>Puts a set in force that the store already holds; false, and nothing is written, where it is in force already.</summary>
    /// <param name="hash">Its name.</param>
    /// <param name="count">How many presentations or communes it has, for whoever reads the log.</param>
    /// <param name="actor">Pseudonym of who imports.</param>
    [Alias("Publish")]
    Task<bool> Publish(string hash, int count, string actor);
}

/// <summary>A set came into force. Stored and sent: names are a contract.</summary>
/// <param name="Hash">Its name in the store.</param>
/// <param name="Count">How many records it has; the member is named after those of the medicines, which came first.</param>
public sealed record SetImported(string Hash, [property: JsonPropertyName("presentations")] int Count);

/// <summary>Which set is in force.</summary>
/// <param name="Current">Null before the first import.</param>
public sealed record SetState(SetImported? Current);

/// <summary>Decide, append, evolve: the row names the set, the store holds it.</summary>
[GrainType("catalogue")]
public sealed class SetGrain(IJournal journal, [PersistentState("catalogue", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock)
    : JournaledGrain<SetState, SetImported>(journal, snapshot), ISetGrain
{
    /// <inheritdoc/>
    protected override string Stream => this.GetPrimaryKeyString();

    /// <inheritdoc/>
    protected override SetState Empty => new(Current: null);

    /// <inheritdoc/>
    protected override int StateVersion => 1;

    private string Kind => $"{Stream}.imported";

    /// <inheritdoc/>
    public async Task<bool> Publish(string hash, int count, string actor)
    {
        if (State.Current?.Hash == hash)
            return false;
        await Append(new(hash, count), actor, Stream == ISetGrain.Catalogue ? "import bdpm" : $"import {Stream}", clock.Now);
        return true;
    }

    /// <inheritdoc/>
    protected override SetState Evolve(SetState state, SetImported change, long seq, Instant at) => new(change);

    /// <inheritdoc/>
    protected override (string Kind, int Version, byte[] Payload) Write(SetImported change) =>
        (Kind, 1, JsonSerializer.SerializeToUtf8Bytes(change, SetJson.Default.SetImported));

    /// <inheritdoc/>
    protected override SetImported Read(string kind, int version, ReadOnlyMemory<byte> payload) => version == 1 && kind == Kind
        ? JsonSerializer.Deserialize(payload.Span, SetJson.Default.SetImported)!
        : throw new InvalidOperationException($"The journal holds {kind} version {version}, which this program does not know: it was written by a newer one.");

    /// <inheritdoc/>
    protected override byte[] WriteState(SetState state) => JsonSerializer.SerializeToUtf8Bytes(state, SetJson.Default.SetState);

    /// <inheritdoc/>
    protected override SetState ReadState(ReadOnlyMemory<byte> state) => JsonSerializer.Deserialize(state.Span, SetJson.Default.SetState)!;

    /// <inheritdoc/>
    protected override byte[] PublicState(SetImported change, SetState before, SetState after) => JsonSerializer.SerializeToUtf8Bytes(after.Current!, SetJson.Default.SetImported);
}

/// <summary>How it stands in the journal: members and words are a contract that outlives class names.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SetImported))]
[JsonSerializable(typeof(SetState))]
internal sealed partial class SetJson : JsonSerializerContext;
