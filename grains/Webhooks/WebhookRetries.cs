using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Realtime.Webhooks;

/// <summary>When a message that was not taken is tried again: the schedule that Standard Webhooks recommends, over a little more than three days. Pure.</summary>
internal static class WebhookRetries
{
    // No wait that a receiver asks for is longer.
    private static readonly Duration LongestAsked = Duration.FromDays(1);

    // Up to so much is added to a wait, so that what failed together does not come back together.
    private const double Jitter = 0.2;

    /// <summary>The waits between attempts, before what chance adds: nine of them, so ten attempts.</summary>
    public static readonly IReadOnlyList<Duration> Waits =
    [
        Duration.FromSeconds(5), Duration.FromMinutes(5), Duration.FromMinutes(30), Duration.FromHours(2), Duration.FromHours(5),
        Duration.FromHours(10), Duration.FromHours(14), Duration.FromHours(20), Duration.FromHours(24),
    ];

    /// <summary>When the next attempt is due; null where that was the last.</summary>
    /// <param name="endpoint">Whose.</param>
    /// <param name="message">Which.</param>
    /// <param name="attempts">Attempts so far, from 1.</param>
    /// <param name="asked">How long the receiver asks to wait; null where it does not.</param>
    /// <param name="now">The instant it is.</param>
    public static Instant? Next(string endpoint, MessageId message, int attempts, Duration? asked, Instant now)
    {
        if (attempts > Waits.Count)
            return null;
        var wait = Waits[attempts - 1] * (1 + (Jitter * ShareOf(endpoint, message, attempts)));
        return now + (asked is { } longer && longer > wait ? Duration.Min(longer, LongestAsked) : wait);
    }

    // As good as chance for spreading, and the same whenever it is computed: from 0 to below 1.
    private static double ShareOf(string endpoint, MessageId message, int attempts) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{endpoint} {message} {attempts}"))) / (uint.MaxValue + 1.0);
}
