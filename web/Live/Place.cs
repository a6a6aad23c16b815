using System.Text.Json;
using NodaTime;
using Realtime.Hours;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.Live;

/// <summary>
/// One pharmacy as this node knows it: its facts, its compiled schedule, and what it shows at this moment.
/// The ticker alone moves it forward; any number of readers read <see cref="Shown"/> without a lock.
/// </summary>
internal sealed class Place(int slot, Pharmacy facts, Zone zone, Schedule schedule)
{
    // Long enough that a flip hardly ever has to look further ahead, short enough that a start stays quick.
    private static readonly Duration Horizon = Duration.FromHours(36);

    private IReadOnlyList<Status> _timeline = [];
    private int _current;
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

    /// <summary>When it next changes; null where no change is in sight.</summary>
    public Instant? Due => Shown.Status.Until;

    /// <summary>Moves to what holds at <paramref name="now"/>; O(1) while the timeline reaches that far.</summary>
    public void MoveTo(Instant now)
    {
        while (_current + 1 < _timeline.Count && _timeline[_current].Until <= now)
            _current++;
        if (_timeline.Count == 0 || _timeline[_current].Until <= now)
            LookAhead(now);
        if (_shown?.Status != _timeline[_current])
            _shown = new Shown(this, _timeline[_current]);
    }

    /// <summary>Looks further ahead where little is left, so that the next flip need not.</summary>
    public void Replenish(Instant now)
    {
        if (_current + 1 >= _timeline.Count)
            LookAhead(now);
    }

    private void LookAhead(Instant now)
    {
        _timeline = schedule.Timeline(now, now + Horizon);
        _current = 0;
    }
}

/// <summary>What a pharmacy shows during one status, rendered once and on first need.</summary>
internal sealed class Shown(Place place, Status status)
{
    private PharmacyItem? _item;
    private byte[]? _head;

    /// <summary>The status.</summary>
    public Status Status => status;

    /// <summary>Open or on duty.</summary>
    public bool Serving => status.State is ServiceState.Open or ServiceState.OnCall;

    /// <summary>The wire shape, without a distance. Two readers may render it at once: they render the same.</summary>
    public PharmacyItem Item => _item ??= PharmacyItem.Of(place.Facts, place.Zone.Time, status);

    /// <summary>The item as UTF-8 JSON without its closing brace, so that a distance can be written behind it.</summary>
    public ReadOnlySpan<byte> Head => _head ??= JsonSerializer.SerializeToUtf8Bytes(Item, WireJson.Context.PharmacyItem)[..^1];
}
