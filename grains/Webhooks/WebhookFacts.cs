using System.Diagnostics.CodeAnalysis;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.Webhooks;

/// <summary>Names of the journal streams that hold webhooks, made in this one place.</summary>
internal static class WebhookStreams
{
    /// <summary>Every such stream starts so.</summary>
    public const string Prefix = "webhooks/";

    /// <summary>The stream of one pharmacy.</summary>
    public static string Of(PharmacyId id) => Prefix + id.Value;

    /// <summary>Whose stream this is; false where it is none.</summary>
    public static bool TryRead([NotNullWhen(true)] string? stream, out PharmacyId id)
    {
        id = default;
        return stream?.StartsWith(Prefix, StringComparison.Ordinal) == true && PharmacyId.TryParse(stream[Prefix.Length..], out id);
    }
}

/// <summary>What every silo knows of a pharmacy's webhooks: neither an address nor a secret.</summary>
/// <param name="Wanted">Types of messages that some endpoint wants, in the order of <see cref="WebhookMessages.Types"/>; none where there is no endpoint.</param>
internal sealed record WebhookFacts(IReadOnlyList<string> Wanted)
{
    /// <summary>The facts of a state, where an event has changed them; else null.</summary>
    public static WebhookFacts? Changed(WebhookState before, WebhookState after) => after.Wanted.SequenceEqual(before.Wanted, StringComparer.Ordinal) ? null : new(after.Wanted);
}

/// <summary>These facts from a pharmacy's rows alone, by the very rules that its grain uses. A row writes them where they changed.</summary>
internal sealed class WebhookFactsOfStream : StreamFacts
{
    private WebhookState _state = WebhookState.Empty;
    private (long Seq, byte[] Payload)? _written;

    /// <summary>The streams of webhooks.</summary>
    public static PublicFacts All { get; } = new(WebhookStreams.Prefix, stream => WebhookStreams.TryRead(stream, out _) ? new WebhookFactsOfStream() : null);

    /// <inheritdoc/>
    public override void Take(JournalRow row)
    {
        var before = _state;
        _state = WebhookRules.Evolve(_state, WebhookJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span), row.Seq, row.At);
        if (WebhookFacts.Changed(before, _state) is { } facts)
            _written = (row.Seq, WebhookJson.WriteFacts(facts));
    }

    /// <inheritdoc/>
    public override (long Seq, byte[] Payload)? Written() => _written;

    /// <inheritdoc/>
    public override byte[] InTodaysWords(ReadOnlySpan<byte> payload) => WebhookJson.WriteFacts(WebhookJson.ReadFacts(payload));
}
