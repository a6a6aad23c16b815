using NodaTime;

namespace Realtime.Hours;

/// <summary>What a pharmacy does at an instant, since when and until when.</summary>
/// <param name="State">Open, on call, closed or unknown.</param>
/// <param name="Since">The last change of state at or before the instant; null where it lies further back than <see cref="Schedule.Horizon"/>.</param>
/// <param name="Until">The next change of state after the instant; null where there is none within <see cref="Schedule.Horizon"/>.</param>
/// <param name="Access">How one gets in; null where nobody is there or nobody knows.</param>
/// <param name="Reason">Why it does so, in French, for the public; null where plain hours say it.</param>
/// <param name="Phone">The number of the duty, where it has its own.</param>
/// <param name="Instructions">What to do on arrival, in French, where the duty says so.</param>
/// <param name="InstructionsEn">The same in English, where the duty says so.</param>
public sealed record Status(ServiceState State, Instant? Since, Instant? Until, Access? Access, string? Reason, string? Phone, string? Instructions, string? InstructionsEn = null);

/// <summary>A stretch in which nothing about the status changes, from <paramref name="Start"/> up to but not including <paramref name="End"/>.</summary>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
/// <param name="Began">When what holds began, before the range that was asked for or within it; null where it lies further back than <see cref="Schedule.Horizon"/>.</param>
/// <param name="Status">What holds throughout; its <see cref="Status.Since"/> and <see cref="Status.Until"/> are of the state and may lie outside the stretch.</param>
public sealed record Phase(Instant Start, Instant End, Instant? Began, Status Status);

/// <summary>A stretch that is not closed, from <paramref name="Start"/> up to but not including <paramref name="End"/>.</summary>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
/// <param name="State">Open, on call or unknown.</param>
/// <param name="Access">How one gets in; null where nobody knows.</param>
/// <param name="Reason">Why, in French; null where plain hours say it.</param>
/// <param name="Phone">The number of the duty, where it has its own.</param>
/// <param name="Instructions">What to do on arrival, in French, where the duty says so.</param>
/// <param name="InstructionsEn">The same in English, where the duty says so.</param>
public sealed record ScheduleInterval(Instant Start, Instant End, ServiceState State, Access? Access, string? Reason, string? Phone, string? Instructions, string? InstructionsEn = null);
