using Realtime.Journal;

namespace Realtime.Schools;

/// <summary>The table of school holidays from its rows alone, by the very rules that its grain uses. Every row writes it.</summary>
internal sealed class SchoolFacts : StreamFacts
{
    private SchoolTable _table = SchoolTable.Empty;
    private long _seq;

    /// <summary>The one stream that there is.</summary>
    public static PublicFacts All { get; } = new(SchoolRules.Stream, _ => new SchoolFacts());

    /// <inheritdoc/>
    public override void Take(JournalRow row)
    {
        _table = SchoolRules.Evolve(_table, SchoolJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span));
        _seq = row.Seq;
    }

    /// <inheritdoc/>
    public override (long Seq, byte[] Payload)? Written() => _seq > 0 ? (_seq, SchoolJson.WriteTable(_table)) : null;

    /// <inheritdoc/>
    public override byte[] InTodaysWords(ReadOnlySpan<byte> payload) => SchoolJson.WriteTable(SchoolJson.ReadTable(payload));
}
