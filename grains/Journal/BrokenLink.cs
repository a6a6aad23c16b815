using NodaTime;

namespace Realtime.Journal;

/// <summary>The first place at which the journal is not what it was when it was written.</summary>
/// <param name="Where">Stream and row, or lane, or checkpoint.</param>
/// <param name="When">When what stands there was decided, as far as that is known.</param>
/// <param name="What">What is wrong, in words that end a sentence.</param>
internal sealed record BrokenLink(string Where, Instant? When, string What)
{
    /// <summary>At a row.</summary>
    public static BrokenLink At(JournalRow row, string what) => new($"{row.Stream} row {row.Seq}", row.At, what);

    /// <inheritdoc/>
    public override string ToString() => When is { } when ? $"{Where} ({when}): {What}." : $"{Where}: {What}.";
}
