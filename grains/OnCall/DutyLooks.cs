using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Journal;

namespace Realtime.OnCall;

/// <summary>A dispatcher looked at who is on duty in a department, hidden duty included. Stored: its members are a contract.</summary>
/// <param name="At">The instant that was asked about.</param>
/// <param name="Duties">How many duties were shown.</param>
public sealed record DutyLooked(Instant At, int Duties);

/// <summary>How many looks a department's stream holds.</summary>
public sealed record DutyLookCount(long Looks);

/// <summary>Records who looked at a department's hidden duty. Key: the department. A look is answered only once its row is durable.</summary>
[Alias("realtime.IDutyLooksGrain")]
public interface IDutyLooksGrain : IGrainWithStringKey
{
    /// <summary>Records a look.</summary>
    /// <param name="at">The instant asked about.</param>
    /// <param name="duties">How many duties are shown.</param>
    /// <param name="actor">Pseudonym of who looks.</param>
    [Alias("Record")]
    Task Record(Instant at, int duties, string actor);
}

/// <summary>The one owner of a department's looks. They stand in a stream of their own, so that looking changes nothing about the rota.</summary>
[GrainType("duty-looks")]
public sealed class DutyLooksGrain(IJournal journal, [PersistentState("duty-looks", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock)
    : JournaledGrain<DutyLookCount, DutyLooked>(journal, snapshot), IDutyLooksGrain
{
    /// <summary>Every department's stream starts so.</summary>
    internal const string Prefix = "duty-looks/";

    /// <inheritdoc/>
    protected override string Stream => Prefix + this.GetPrimaryKeyString();

    /// <inheritdoc/>
    protected override DutyLookCount Empty => new(0);

    /// <inheritdoc/>
    protected override int StateVersion => 1;

    /// <inheritdoc/>
    public Task Record(Instant at, int duties, string actor) => Append(new(at, duties), actor, "duty shown to a dispatcher", JournalRows.AsStored(clock.Now));

    /// <inheritdoc/>
    protected override DutyLookCount Evolve(DutyLookCount state, DutyLooked change, long seq, Instant at) => new(state.Looks + 1);

    /// <inheritdoc/>
    protected override (string Kind, int Version, byte[] Payload) Write(DutyLooked change) => ("duty.looked", 1, JsonSerializer.SerializeToUtf8Bytes(change, DutyLookJson.Of.DutyLooked));

    /// <inheritdoc/>
    protected override DutyLooked Read(string kind, int version, ReadOnlyMemory<byte> payload) => JsonSerializer.Deserialize(payload.Span, DutyLookJson.Of.DutyLooked)!;

    /// <inheritdoc/>
    protected override byte[] WriteState(DutyLookCount state) => JsonSerializer.SerializeToUtf8Bytes(state, DutyLookJson.Of.DutyLookCount);

    /// <inheritdoc/>
    protected override DutyLookCount ReadState(ReadOnlyMemory<byte> state) => JsonSerializer.Deserialize(state.Span, DutyLookJson.Of.DutyLookCount)!;
}

[JsonSerializable(typeof(DutyLooked))]
[JsonSerializable(typeof(DutyLookCount))]
internal sealed partial class DutyLookJson : JsonSerializerContext
{
    /// <summary>With instants as everywhere in the journal.</summary>
    public static readonly DutyLookJson Of = new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Converters = { new InstantJson() } });
}
