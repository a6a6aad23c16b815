using System.Text.Json;
using NodaTime;
using Realtime.Journal;

namespace Realtime.Products;

/// <summary>The one owner of the question which set of the medicines database is in force. Its key is <see cref="Key"/>.</summary>
[Alias("realtime.ICatalogueGrain")]
public interface ICatalogueGrain : IGrainWithStringKey
{
    /// <summary>The only key, and the name of the stream.</summary>
    public const string Key = "catalogue";

    /// <summary>Puts a set in force that the store already holds; false, and nothing is written, where it is in force already.</summary>
    /// <param name="hash">Its name.</param>
    /// <param name="presentations">How many presentations it has, for whoever reads the log.</param>
    /// <param name="actor">Pseudonym of who imports.</param>
    [Alias("Publish")]
    Task<bool> Publish(string hash, int presentations, string actor);
}

/// <summary>A set came into force. Stored and sent: names are a contract.</summary>
/// <param name="Hash">Its name in the store.</param>
/// <param name="Presentations">How many presentations it has.</param>
public sealed record CatalogueImported(string Hash, int Presentations);

/// <summary>Which set is in force.</summary>
/// <param name="Current">Null before the first import.</param>
public sealed record CatalogueState(CatalogueImported? Current);

/// <summary>Decide, append, evolve: the row names the set, the store holds it.</summary>
[GrainType("catalogue")]
public sealed class CatalogueGrain(IJournal journal, [PersistentState("catalogue", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock)
    : JournaledGrain<CatalogueState, CatalogueImported>(journal, snapshot), ICatalogueGrain
{
    /// <inheritdoc/>
    protected override string Stream => ICatalogueGrain.Key;

    /// <inheritdoc/>
    protected override CatalogueState Empty => new(Current: null);

    /// <inheritdoc/>
    protected override int StateVersion => 1;

    /// <inheritdoc/>
    public async Task<bool> Publish(string hash, int presentations, string actor)
    {
        if (State.Current?.Hash == hash)
            return false;
        await Append(new(hash, presentations), actor, "import bdpm", clock.Now);
        return true;
    }

    /// <inheritdoc/>
    protected override CatalogueState Evolve(CatalogueState state, CatalogueImported change, long seq, Instant at) => new(change);

    /// <inheritdoc/>
    protected override (string Kind, int Version, byte[] Payload) Write(CatalogueImported change) =>
        ("catalogue.imported", 1, JsonSerializer.SerializeToUtf8Bytes(change, ProductJson.Context.CatalogueImported));

    /// <inheritdoc/>
    protected override CatalogueImported Read(string kind, int version, ReadOnlyMemory<byte> payload) => (kind, version) switch
    {
        ("catalogue.imported", 1) => JsonSerializer.Deserialize(payload.Span, ProductJson.Context.CatalogueImported)!,
        _ => throw new InvalidOperationException($"The journal holds {kind} version {version}, which this program does not know: it was written by a newer one."),
    };

    /// <inheritdoc/>
    protected override byte[] WriteState(CatalogueState state) => JsonSerializer.SerializeToUtf8Bytes(state, ProductJson.Context.CatalogueState);

    /// <inheritdoc/>
    protected override CatalogueState ReadState(ReadOnlyMemory<byte> state) => JsonSerializer.Deserialize(state.Span, ProductJson.Context.CatalogueState)!;

    /// <inheritdoc/>
    protected override byte[] PublicState(CatalogueImported change, CatalogueState before, CatalogueState after) => JsonSerializer.SerializeToUtf8Bytes(after.Current!, ProductJson.Context.CatalogueImported);
}
