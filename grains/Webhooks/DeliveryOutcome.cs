using NodaTime;

namespace Realtime.Webhooks;

/// <summary>What became of an attempt to deliver a message.</summary>
/// <param name="Endpoint">Where to.</param>
/// <param name="Message">Which.</param>
/// <param name="Status">The answer's HTTP status; null where there was none.</param>
/// <param name="Answer">In a word: <c>http-500</c>, <c>timeout</c>, <c>unreachable</c>, <c>refused-address</c>, <c>gone</c>.</param>
/// <param name="RetryAfterSeconds">How long the receiver asks to wait; null where it does not.</param>
[GenerateSerializer, Immutable, Alias("realtime.DeliveryOutcome")]
internal sealed record DeliveryOutcome(
    [property: Id(0)] string Endpoint, [property: Id(1)] MessageId Message, [property: Id(2)] int? Status, [property: Id(3)] string Answer, [property: Id(4)] int? RetryAfterSeconds = null)
{
    private const int GoneStatus = 410;

    /// <summary>How long the receiver asks to wait; null where it does not.</summary>
    public Duration? RetryAfter => RetryAfterSeconds is { } seconds ? Duration.FromSeconds(seconds) : null;

    /// <summary>Whether the receiver has it.</summary>
    public bool IsTaken => Status is >= 200 and <= 299;

    /// <summary>Whether the receiver wants nothing any more.</summary>
    public bool IsGone => Status == GoneStatus;

    /// <summary>The outcome of an answer.</summary>
    public static DeliveryOutcome Of(string endpoint, MessageId message, int status, int? retryAfterSeconds) =>
        new(endpoint, message, status, status == GoneStatus ? WebhookRules.GoneWord : $"http-{status}", retryAfterSeconds);
}
