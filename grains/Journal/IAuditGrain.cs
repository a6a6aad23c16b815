using NodaTime;

namespace Realtime.Journal;

/// <summary>The one writer of checkpoints; its key is always 0.</summary>
[Alias("realtime.IAuditGrain")]
public interface IAuditGrain : IGrainWithIntegerKey
{
    /// <summary>Writes a checkpoint where one is due and something has changed.</summary>
    /// <returns>The last checkpoint there is; null where there is none yet.</returns>
    /// <remarks>The first one of a store with a long history takes its time, and so does each that covers a busy minute.</remarks>
    [Alias("Tick"), ResponseTimeout("00:01:00")]
    Task<AuditNote?> Tick();
}

/// <summary>What is worth keeping elsewhere of a checkpoint: a store that was set back to before it can no longer show it.</summary>
/// <param name="Number">Which one.</param>
/// <param name="At">When it was taken.</param>
/// <param name="Root">Its root, in hexadecimal.</param>
[GenerateSerializer, Immutable, Alias("realtime.AuditNote")]
public sealed record AuditNote([property: Id(0)] long Number, [property: Id(1)] Instant At, [property: Id(2)] string Root);
