using System.Text.Json;
using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.Live;

/// <summary>
/// One pharmacy as this node knows it: its facts, its compiled schedule, and what it shows at this moment.
/// The ticker alone moves it forward; any number of readers read <see cref="Shown"/> without a lock.
/// </summary>
/// <param name="slot">The place's number in the index.</param>
/// <param name="facts">Its public facts.</param>
/// <param name="zone">Its calendar and clock.</param>
/// <param name="schedule">Its hours, closures and duty, without duty that is not yet in sight.</param>
/// <param name="duty">Its public duty, and that which comes into sight next.</param>
internal sealed class Place(int slot, Pharmacy facts, Zone zone, Schedule schedule, PlaceDuty duty)
{
    // Long enough that a flip hardly ever has to look further ahead, short enough that a start stays quick.
    private static readonly Duration Window = Duration.FromHours(36);

    private IReadOnlyList<Phase> _phases = [];
    private int _current;
    private Instant? _pausedUntil;
    private volatile Shown? _shown;

    /// <summary>The place's number in the index.</summary>
    public int Slot => slot;

    /// <summary>Its public facts.</summary>
    public Pharmacy Facts => facts;

    /// <summary>Its calendar and clock.</summary>
    public Zone Zone => zone;

    /// <summary>Its hours, closures and duty.</summary>
    public Schedule Schedule => schedule;

    /// <summary>What it shows now.</summary>
    public Shown Shown => _shown!;

    /// <summary>Whether the schedule depends on the moment that it was made.</summary>
    public bool ComesIntoSight => duty.Duty.ComesIntoSight;

    /// <summary>When a duty comes into sight that the schedule does not have: then the place is to be made anew; null where none does.</summary>
    public Instant? NextSight => duty.NextSight;

    /// <summary>When it is to be looked at again: its next change, the end of a pause, a duty in sight, or where the phases known end.</summary>
    public Instant Due => Earliest(Earliest(PhaseEnd, _pausedUntil), duty.NextSight);

    private static Instant Earliest(Instant one, Instant? other) => other < one ? other.Value : one;

    private Instant PhaseEnd => _phases[_current].End;

    /// <summary>Moves to what holds at <paramref name="now"/>, O(1) while the phases known reach that far; false where nothing about it changed.</summary>
    public bool MoveTo(Instant now)
    {
        while (_current + 1 < _phases.Count && PhaseEnd <= now)
            _current++;
        if (_phases.Count == 0 || PhaseEnd <= now)
            LookAhead(now);
        var phase = _phases[_current];
        var pause = facts.Paused is { } paused && paused.HoldsAt(now) ? paused : null;
        _pausedUntil = pause?.Until;
        // A pause that has ended by itself is a change of what is shown, as a flip is; so is a row of the rota, and a duty that has come into sight where it is what ends this state.
        var since = Latest(phase.Began, facts.Paused is { Until: { } ended } && pause is null ? ended : null);
        since = Latest(Latest(since, duty.TouchedAt), phase.Status.Until is { } next ? duty.Duty.SightOf(next) : null);
        if (_shown is { } shown && shown.Status == phase.Status && shown.Since == since && shown.Pause == pause)
            return false;
        _shown = new Shown(this, phase.Status, since, pause);
        return true;
    }

    // Neither is later than now.
    private static Instant? Latest(Instant? one, Instant? other) => one is null || other > one ? other : one;

    /// <summary>Looks further ahead where little is left, so that the next change need not.</summary>
    public void Replenish(Instant now)
    {
        if (_current + 1 < _phases.Count)
            return;
        LookAhead(now);
    }

    /// <summary>Looks at everything anew, after the clock has been set back.</summary>
    public bool Restart(Instant now)
    {
        _phases = [];
        return MoveTo(now);
    }

    private void LookAhead(Instant now)
    {
        _phases = schedule.Timeline(now, now + Window);
        _current = 0;
    }
}

/// <summary>The part of a place that is about duty.</summary>
/// <param name="Duty">What the public may know of it.</param>
/// <param name="NextSight">When a duty comes into sight that is not yet; null where none does.</param>
/// <param name="TouchedAt">When a public row last touched it; null where none did.</param>
internal sealed record PlaceDuty(PharmacyDuty Duty, Instant? NextSight = null, Instant? TouchedAt = null)
{
    /// <summary>No duty at all.</summary>
    public static readonly PlaceDuty None = new(PharmacyDuty.None);

    /// <summary>The duty of a pharmacy as a book has it.</summary>
    public static PlaceDuty Of(OnCallBook book, Pharmacy facts, Instant now)
    {
        var id = facts.Record.Id;
        var duty = book.DutyOf(id);
        return new(duty, duty.NextSight(now), book.TouchedAt(id, facts.Record.Department));
    }
}

/// <summary>What a pharmacy shows during one status, rendered once and on first need.</summary>
internal sealed class Shown(Place place, Status status, Instant? since, Pause? pause)
{
    private PharmacyItem? _item;
    private byte[]? _head;

    /// <summary>The status.</summary>
    public Status Status => status;

    /// <summary>When what is shown began; null where that lies too far back to matter.</summary>
    public Instant? Since => since;

    /// <summary>The pause that holds, or null.</summary>
    public Pause? Pause => pause;

    /// <summary>Open or on duty.</summary>
    public bool Serving => status.State is ServiceState.Open or ServiceState.OnCall;

    /// <summary>The wire shape, without a distance. Two readers may render it at once: they render the same.</summary>
    public PharmacyItem Item => _item ??= PharmacyItem.Of(place.Facts, place.Zone.Time, status, since, place.Facts.TakesOrders(status.State, paused: pause is not null));

    /// <summary>The item as UTF-8 JSON without its closing brace, so that a distance can be written behind it.</summary>
    public ReadOnlySpan<byte> Head => _head ??= JsonSerializer.SerializeToUtf8Bytes(Item, WireJson.Context.PharmacyItem)[..^1];
}
