using NodaTime;
using Realtime.Hours;

namespace Realtime.OnCall;

/// <summary>The kinds of duty that French pharmacies share out among themselves (CSP L5125-17: "garde" on closed days, "urgence" outside opening hours).</summary>
public enum OnCallKind : byte
{
    /// <summary>A night.</summary>
    Night,

    /// <summary>The daytime of a Sunday or a public holiday.</summary>
    SundayOrHoliday,

    /// <summary>Any other daytime outside usual hours.</summary>
    Day,
}

/// <summary>One period of duty of one pharmacy, from <paramref name="Start"/> up to but not including <paramref name="End"/>.</summary>
/// <param name="Start">First instant of the duty.</param>
/// <param name="End">First instant after it; later than <paramref name="Start"/>.</param>
/// <param name="Kind">Which duty is served.</param>
/// <param name="Access">How a patient gets in.</param>
/// <param name="Phone">The number to call during this duty, where it differs from the pharmacy's own.</param>
/// <param name="Instructions">What to do on arrival, as a sentence for patients, in French.</param>
/// <param name="InstructionsEn">The same in English, where somebody has written it.</param>
[GenerateSerializer, Immutable, Alias("realtime.OnCallPeriod")]
public sealed record OnCallPeriod(
    [property: Id(0)] Instant Start,
    [property: Id(1)] Instant End,
    [property: Id(2)] OnCallKind Kind,
    [property: Id(3)] Access Access,
    [property: Id(4)] string? Phone = null,
    [property: Id(5)] string? Instructions = null,
    [property: Id(6)] string? InstructionsEn = null);
