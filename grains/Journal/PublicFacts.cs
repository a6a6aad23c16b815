using System.Text.Json;

namespace Realtime.Journal;

/// <summary>How the public facts of one slice's streams follow from their rows, for whoever checks that what is shown is what was written.</summary>
/// <param name="Prefix">How the names of these streams begin, as <c>pharmacy/</c>.</param>
/// <param name="Begin">An empty stream of that name; null where its facts cannot be computed here, with these settings.</param>
internal sealed record PublicFacts(string Prefix, Func<string, StreamFacts?> Begin);

/// <summary>The public facts of one stream, computed anew from its rows.</summary>
internal abstract class StreamFacts
{
    /// <summary>Takes the next row. Throws where the row cannot have been written by the slice.</summary>
    public abstract void Take(JournalRow row);

    /// <summary>The public state that the rows so far have left; null for none.</summary>
    public abstract (long Seq, byte[] Payload)? Written();

    /// <summary>What a stored text says, written as this program writes it: an earlier one may have said the same in fewer words.</summary>
    /// <exception cref="JsonException">It is no text of the slice.</exception>
    public abstract byte[] InTodaysWords(ReadOnlySpan<byte> payload);
}
