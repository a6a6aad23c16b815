using System.Text.Json;
using NodaTime;
using Realtime.Hours;
using Realtime.Pharmacies;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.Live;

/// <summary>
/// One pharmacy as this node knows it: its facts, its compiled schedule, and what it shows at this moment.
/// The ticker alone moves it forward; any number of readers read <see cref="Shown"/> without a lock.
/// </summary>
internal sealed class Place(int slot, Pharmacy facts, Zone zone, Schedule schedule)
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

    /// <summary>When it is to be looked at again: its next change, the end of a pause, or where the phases known end.</summary>
    public Instant Due => _pausedUntil is { } until ? Instant.Min(until, PhaseEnd) : PhaseEnd;

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
        // A pause that has ended by itself is a change of what is shown, as a flip is.
        var since = facts.Paused is { Until: { } ended } && pause is null && !(phase.Began > ended) ? ended : phase.Began;
        if (_shown is { } shown && shown.Status == phase.Status && shown.Since == since && shown.Pause == pause)
            return false;
        _shown = new Shown(this, phase.Status, since, pause);
        return true;
    }

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
