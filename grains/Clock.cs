using NodaTime;

namespace Realtime;

/// <summary>The one clock of the product: what time it is, and how to wait. Rules never see it; they receive <c>now</c>.</summary>
/// <param name="time">The source of time; the system's but in tests.</param>
public sealed class Clock(TimeProvider time)
{
    /// <summary>The source of time.</summary>
    public TimeProvider Time => time;

    /// <summary>The instant it is.</summary>
    public Instant Now => Instant.FromDateTimeOffset(time.GetUtcNow());
}
