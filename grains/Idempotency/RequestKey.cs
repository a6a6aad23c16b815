namespace Realtime.Idempotency;

/// <summary>
/// What the log keeps of an <c>Idempotency-Key</c>: no key and no command in clear, only what recognizes them again. It stands in the very row
/// that the command left behind, so that whoever reads the row knows that the command was carried out.
/// </summary>
/// <param name="Key">Authentication code of the key, bound to the pharmacy.</param>
/// <param name="Command">Authentication code of what was asked.</param>
[GenerateSerializer, Immutable, Alias("realtime.RequestKey")]
public sealed record RequestKey([property: Id(0)] string Key, [property: Id(1)] string Command);
