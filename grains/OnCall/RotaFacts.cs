using Realtime.Journal;

namespace Realtime.OnCall;

/// <summary>Names of the journal streams that hold duty, made in this one place.</summary>
internal static class RotaStreams
{
    /// <summary>Every department's stream starts so.</summary>
    public const string Prefix = "oncall/";

    /// <summary>The stream of one department.</summary>
    public static string Of(string department) => Prefix + department;
}

/// <summary>A department's duty from its rows alone, by the very rules that its grain uses. Every row writes it.</summary>
internal sealed class RotaFacts(string department) : StreamFacts
{
    private DepartmentRota _rota = DepartmentRota.Empty(department);

    /// <summary>All departments.</summary>
    public static PublicFacts All { get; } = new(RotaStreams.Prefix, stream => new RotaFacts(stream[RotaStreams.Prefix.Length..]));

    /// <inheritdoc/>
    public override void Take(JournalRow row) => _rota = RotaRules.Evolve(_rota, RotaJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span), row.Seq, row.At);

    /// <inheritdoc/>
    public override (long Seq, byte[] Payload)? Written() => _rota.Seq > 0 ? (_rota.Seq, RotaJson.WriteFacts(_rota)) : null;

    /// <inheritdoc/>
    public override byte[] InTodaysWords(ReadOnlySpan<byte> payload) => RotaJson.WriteFacts(RotaJson.ReadFacts(payload));
}
