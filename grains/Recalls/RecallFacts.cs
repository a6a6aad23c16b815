using Realtime.Journal;

namespace Realtime.Recalls;

/// <summary>A recall's facts from its rows alone, by the very rules that its grain uses. A row writes them where it changes them.</summary>
internal sealed class RecallFacts(string id) : StreamFacts
{
    private RecallState _state = RecallState.Empty;

    /// <summary>All recalls.</summary>
    public static PublicFacts All { get; } = new(RecallStreams.Prefix, stream => new RecallFacts(stream[RecallStreams.Prefix.Length..]));

    /// <inheritdoc/>
    public override void Take(JournalRow row) => _state = RecallRules.Evolve(id, _state, RecallJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span), row.Seq, row.At);

    /// <inheritdoc/>
    public override (long Seq, byte[] Payload)? Written() => _state.Facts is { } facts ? (facts.Seq, RecallJson.WriteFacts(facts)) : null;

    /// <inheritdoc/>
    public override byte[] InTodaysWords(ReadOnlySpan<byte> payload) => RecallJson.WriteFacts(RecallJson.ReadFacts(payload));
}
