using NodaTime;

namespace Realtime.Stock;

/// <summary>The stretch over which boxes of one pharmacy were seen leaving: at most the weeks that are remembered, and never from before anybody spoke of its stock.</summary>
/// <param name="From">Its beginning; <paramref name="Until"/> where nobody has spoken of it.</param>
/// <param name="Until">Its end: now.</param>
/// <param name="IsWhole">Whether it is as long as weeks are remembered, so that what did not leave in it has not left for a quarter of a year.</param>
internal readonly record struct Observation(Instant From, Instant Until, bool IsWhole)
{
    /// <summary>A mean of fewer days would say more of the days than of the pharmacy.</summary>
    public const int LeastDays = 14;

    private const int DaysPerWeek = 7;
    private static readonly Instant FirstMonday = Instant.FromUtc(1970, 1, 5, 0, 0);

    /// <summary>The stretch that ends now.</summary>
    /// <param name="since">When stock was first fed or counted; null where it never was.</param>
    /// <param name="now">Now.</param>
    public static Observation Of(Instant? since, Instant now)
    {
        var remembered = StartOf(WeekBoxes.WeekOf(now) - WeekBoxes.Kept + 1);
        return new(since is { } known && known < now ? Instant.Max(known, remembered) : now, now, since <= remembered);
    }

    /// <summary>Whole days of it, 0 to 91.</summary>
    public int Days => (Until - From).Days;

    /// <summary>Whether means over it are told.</summary>
    public bool IsEnough => Days >= LeastDays;

    /// <summary>Its first week, which may have begun before it.</summary>
    public int FirstWeek => WeekBoxes.WeekOf(From);

    /// <summary>Weeks that it touches, the present one among them.</summary>
    public int Weeks => WeekBoxes.WeekOf(Until) - FirstWeek + 1;

    /// <summary>Monday, 0:00 UTC, of a week.</summary>
    public static Instant StartOf(int week) => FirstMonday + Duration.FromDays(week * DaysPerWeek);

    /// <summary>Boxes a day; null where it is too short.</summary>
    public double? PerDay(long boxes) => IsEnough ? boxes / (Until - From).TotalDays : null;
}
