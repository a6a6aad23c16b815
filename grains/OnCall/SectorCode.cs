using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Journal;

namespace Realtime.OnCall;

/// <summary>A department made a sector of a code that nobody had used. Stored: its member is a contract.</summary>
/// <param name="Department">Which.</param>
public sealed record SectorCodeClaimed(string Department);

/// <summary>Whose a sector's code is; null while it is nobody's.</summary>
public sealed record SectorCodeOwner(string? Department);

/// <summary>Sees to it that no two departments run sectors of one code, even where both make one at the same moment. Key: the code.</summary>
[Alias("realtime.ISectorCodeGrain")]
public interface ISectorCodeGrain : IGrainWithStringKey
{
    /// <summary>Claims the code for a department, once; the department whose it is.</summary>
    [Alias("Claim")]
    Task<string> Claim(string department, string actor);

    /// <summary>The department whose it is; null where nobody has claimed it.</summary>
    [Alias("Owner")]
    Task<string?> Owner();
}

/// <summary>The one owner of a code: its stream has one row at most.</summary>
[GrainType("sector-code")]
public sealed class SectorCodeGrain(IJournal journal, [PersistentState("sector-code", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock)
    : JournaledGrain<SectorCodeOwner, SectorCodeClaimed>(journal, snapshot), ISectorCodeGrain
{
    /// <inheritdoc/>
    protected override string Stream => $"sector-code/{this.GetPrimaryKeyString()}";

    /// <inheritdoc/>
    protected override SectorCodeOwner Empty => new(null);

    /// <inheritdoc/>
    protected override int StateVersion => 1;

    /// <inheritdoc/>
    public async Task<string> Claim(string department, string actor)
    {
        if (State.Department is null)
            await Append(new(department), actor, "sector made by the planner", JournalRows.AsStored(clock.Now));
        return State.Department!;
    }

    /// <inheritdoc/>
    public Task<string?> Owner() => Task.FromResult(State.Department);

    /// <inheritdoc/>
    protected override SectorCodeOwner Evolve(SectorCodeOwner state, SectorCodeClaimed change, long seq, Instant at) => new(change.Department);

    /// <inheritdoc/>
    protected override (string Kind, int Version, byte[] Payload) Write(SectorCodeClaimed change) => ("sector-code.claimed", 1, JsonSerializer.SerializeToUtf8Bytes(change, SectorCodeJson.Default.SectorCodeClaimed));

    /// <inheritdoc/>
    protected override SectorCodeClaimed Read(string kind, int version, ReadOnlyMemory<byte> payload) => JsonSerializer.Deserialize(payload.Span, SectorCodeJson.Default.SectorCodeClaimed)!;

    /// <inheritdoc/>
    protected override byte[] WriteState(SectorCodeOwner state) => JsonSerializer.SerializeToUtf8Bytes(state, SectorCodeJson.Default.SectorCodeOwner);

    /// <inheritdoc/>
    protected override SectorCodeOwner ReadState(ReadOnlyMemory<byte> state) => JsonSerializer.Deserialize(state.Span, SectorCodeJson.Default.SectorCodeOwner)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SectorCodeClaimed))]
[JsonSerializable(typeof(SectorCodeOwner))]
internal sealed partial class SectorCodeJson : JsonSerializerContext;
