using NodaTime;

namespace Realtime.OnCall;

/// <summary>What the public may know of one pharmacy's duty, once it is near enough. Immutable; holds nothing hidden.</summary>
public sealed class PharmacyDuty
{
    /// <summary>No duty.</summary>
    public static readonly PharmacyDuty None = new([], null, OnCallKinds.None);

    private readonly PublicDuty[] _own;
    private readonly Func<Instant, Instant, IEnumerable<OnCallPeriod>>? _seed;
    private readonly OnCallKinds _kindsOfSeed;
    private readonly IReadOnlyList<(string Measure, Instant End)> _lifted;

    /// <param name="own">What departments have written, by start.</param>
    /// <param name="seed">What the demo's seed gives, without what measures lift.</param>
    /// <param name="kindsOfSeed">Of which kinds that stands.</param>
    /// <param name="lifted">Those measures.</param>
    internal PharmacyDuty(PublicDuty[] own, Func<Instant, Instant, IEnumerable<OnCallPeriod>>? seed, OnCallKinds kindsOfSeed, IReadOnlyList<(string Measure, Instant End)>? lifted = null)
    {
        _own = own;
        _lifted = lifted ?? [];
        _seed = kindsOfSeed == OnCallKinds.None ? null : seed;
        _kindsOfSeed = seed is null ? OnCallKinds.None : kindsOfSeed;
    }

    internal static PharmacyDuty OfSeed(Func<Instant, Instant, IEnumerable<OnCallPeriod>>? seed) => seed is null ? None : new([], seed, OnCallKinds.All);

    internal static OnCallKinds BitOf(OnCallKind kind) => (OnCallKinds)(1 << (int)kind);

    /// <summary>Whether another one of the same pharmacy says the same.</summary>
    internal bool SaysAs(PharmacyDuty other) => _kindsOfSeed == other._kindsOfSeed && _own.SequenceEqual(other._own) && _lifted.SequenceEqual(other._lifted);

    /// <summary>The duties that are shown at an instant, as <see cref="Hours.Schedule"/> takes them; null where there is none at all.</summary>
    public Func<Instant, Instant, IEnumerable<OnCallPeriod>>? SeenAt(Instant now) => _own.Length == 0 && _seed is null ? null : (from, to) => Periods(now, from, to);

    /// <summary>Whether what is shown depends on the moment: duty that a department has written comes into sight.</summary>
    public bool ComesIntoSight => _own.Length > 0;

    /// <summary>When the next duty that is not shown at an instant comes into sight; null where all are.</summary>
    public Instant? NextSight(Instant now)
    {
        Instant? next = null;
        foreach (var duty in _own)
            if (SightOf(duty) is var sight && sight > now && !(next < sight))
                next = sight;
        return next;
    }

    /// <summary>When the duty that starts at an instant came into sight; null where none of the shown ones starts then.</summary>
    public Instant? SightOf(Instant start)
    {
        foreach (var duty in _own)
            if (duty.Period.Start == start)
                return SightOf(duty);
        return null;
    }

    private static Instant SightOf(PublicDuty duty) => duty.Period.Start - Duration.FromDays(duty.HorizonDays);

    private IEnumerable<OnCallPeriod> Periods(Instant now, Instant from, Instant to)
    {
        foreach (var duty in _own)
        {
            if (duty.Period.Start >= to)
                break;
            if (from < duty.Period.End && SightOf(duty) <= now)
                yield return duty.Period;
        }
        if (_seed is not null)
            foreach (var period in _seed(from, to))
                if ((_kindsOfSeed & BitOf(period.Kind)) != OnCallKinds.None)
                    yield return period;
    }
}

/// <summary>A set of kinds of duty.</summary>
[Flags]
internal enum OnCallKinds : byte
{
    None = 0,
    Night = 1 << OnCallKind.Night,
    SundayOrHoliday = 1 << OnCallKind.SundayOrHoliday,
    Day = 1 << OnCallKind.Day,
    All = Night | SundayOrHoliday | Day,
}
