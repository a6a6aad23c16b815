using Realtime.Journal;

namespace Realtime.Pharmacies;

/// <summary>A pharmacy's public facts from its rows alone, by the very rules and the very text that its grain uses. Every row of a pharmacy writes them.</summary>
internal sealed class PharmacyFacts(Pharmacy? seed) : StreamFacts
{
    private Pharmacy? _facts = seed;
    private bool _written;

    /// <summary>All pharmacies; synthetic ones only where the demo is on, since their first facts are the seed's.</summary>
    public static PublicFacts In(DemoWorld demo) => new(PharmacyStreams.Prefix, stream =>
        PharmacyId.TryParse(stream[PharmacyStreams.Prefix.Length..], out var id) && !demo.Shows(id) ? null : new PharmacyFacts(id.Value is null ? null : demo.Find(id)));

    /// <inheritdoc/>
    public override void Take(JournalRow row)
    {
        var happened = PharmacyJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span);
        _facts = PharmacyPage.Evolve(_facts, happened, row.At, row.Seq);
        _written = true;
    }

    /// <inheritdoc/>
    public override (long Seq, byte[] Payload)? Written() => _written ? (_facts!.Seq, PharmacyJson.WriteFacts(_facts)) : null;

    /// <inheritdoc/>
    public override byte[] InTodaysWords(ReadOnlySpan<byte> payload) => PharmacyJson.WriteFacts(PharmacyJson.ReadFacts(payload));
}
