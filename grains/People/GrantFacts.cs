using Realtime.Journal;

namespace Realtime.People;

/// <summary>The national roles from their rows alone, by the very rules that their grain uses: whoever writes himself an operator into what the nodes ask is found out. Every row writes them.</summary>
internal sealed class GrantFacts : StreamFacts
{
    private GrantList _list = new();
    private long _seq;

    /// <summary>The one stream that there is.</summary>
    public static PublicFacts All { get; } = new(GrantRules.Stream, _ => new GrantFacts());

    /// <inheritdoc/>
    public override void Take(JournalRow row)
    {
        _list = GrantRules.Evolve(_list, GrantJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span));
        _seq = row.Seq;
    }

    /// <inheritdoc/>
    public override (long Seq, byte[] Payload)? Written() => _seq > 0 ? (_seq, GrantJson.WriteList(_list)) : null;

    /// <inheritdoc/>
    public override byte[] InTodaysWords(ReadOnlySpan<byte> payload) => GrantJson.WriteList(GrantJson.ReadList(payload));
}
