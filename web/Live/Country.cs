using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using NodaTime;
using Realtime.Hours;
using Realtime.Nearest;
using Realtime.OnCall;
using Realtime.Pharmacies;

namespace Realtime.Web.Live;

/// <summary>
/// Everything this node knows: every pharmacy with what it shows now, and the index over them.
/// One writer (the <see cref="Ticker"/>) changes it; readers take no lock and see each pharmacy whole.
/// </summary>
internal sealed class Country(DemoWorld demo)
{
    /// <summary>Filter numbers of the index; services follow from <see cref="FirstService"/> on.</summary>
    public const int Serving = 0, Open = 1, OnCall = 2, InSector = 3, FirstService = 4;

    private readonly ConcurrentDictionary<PharmacyId, Place> _byId = new();
    private Place?[] _bySlot = [];
    private AvailabilityIndex _index = AvailabilityIndex.Build([], FirstService + Services.All.Count);
    private OnCallBook _book = OnCallBook.Of(demo);
    private Instant _rebuilt = Instant.MinValue;
    private volatile Standing _standing = new(Instant.MinValue, Ready: false);
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The index over the places as they are now.</summary>
    public AvailabilityIndex Index => Volatile.Read(ref _index);

    /// <summary>Who is on duty when, as of the last beat; hidden duty is in it, and shown to nobody but planners and dispatchers.</summary>
    public OnCallBook Book { get => Volatile.Read(ref _book); internal set => Volatile.Write(ref _book, value); }

    /// <summary>How fresh this node's knowledge is.</summary>
    public Standing Standing => _standing;

    /// <summary>How many pharmacies are known.</summary>
    public int Count => _byId.Count;

    /// <summary>The pharmacy of a number.</summary>
    public bool TryFind(PharmacyId id, [NotNullWhen(true)] out Place? place) => _byId.TryGetValue(id, out place);

    /// <summary>The pharmacy of a slot that the index returned.</summary>
    public Place At(int slot) => Volatile.Read(ref _bySlot)[slot]!;

    /// <summary>Every pharmacy, in no order.</summary>
    public IEnumerable<Place> All => Volatile.Read(ref _bySlot).OfType<Place>();

    /// <summary>Begins with a whole country at once.</summary>
    internal void Begin(IReadOnlyList<Place> places)
    {
        var index = AvailabilityIndex.Build([.. places.Select(p => (p.Facts.Record.Id, PositionOf(p.Facts)))], FirstService + Services.All.Count);
        Volatile.Write(ref _bySlot, [.. places]);
        foreach (var place in places)
        {
            _byId[place.Facts.Record.Id] = place;
            Show(index, place);
            index.Set(InSector, place.Slot, Book.IsInSector(place.Facts.Record.Id));
        }
        Volatile.Write(ref _index, index);
    }

    /// <summary>Sets what the place shows in the index.</summary>
    internal void Show(Place place) => Show(_index, place);

    /// <summary>Notes in the index whether a duty sector has the place: it follows from the book alone, and flips do not change it.</summary>
    internal void Sector(Place place) => _index.Set(InSector, place.Slot, Book.IsInSector(place.Facts.Record.Id));

    /// <summary>The slot that the next new pharmacy gets.</summary>
    internal int NextSlot => _index.Count;

    /// <summary>Takes in a place that is new, or one made of new facts, under the slot it was made for.</summary>
    internal void Put(Place place)
    {
        var (id, at) = (place.Facts.Record.Id, PositionOf(place.Facts));
        var known = TryFind(id, out var before);
        if ((!known || PositionOf(before!.Facts) != at) && _index.IsFull)
            Rebuild();
        if (place.Slot >= _bySlot.Length)
            Volatile.Write(ref _bySlot, [.. _bySlot, .. new Place?[Math.Max(64, _bySlot.Length)]]);
        // The place stands in its slot before the index can name that slot to a reader.
        Volatile.Write(ref _bySlot[place.Slot], place);
        _byId[id] = place;
        if (!known)
            _index.Add(id, at);
        else if (PositionOf(before!.Facts) != at)
            _index.Move(place.Slot, at);
        Show(_index, place);
        Sector(place);
    }

    /// <summary>Lays the tree anew over places that were added or moved, at most once a minute; until then they are scanned beside it.</summary>
    internal void Settle(Instant now)
    {
        if (!_index.NeedsRebuild || now - _rebuilt < Duration.FromMinutes(1))
            return;
        Rebuild();
        _rebuilt = now;
    }

    /// <summary>Notes that everything up to <paramref name="asOf"/> has been taken in.</summary>
    internal void Stand(Instant asOf)
    {
        _standing = new(Instant.Max(asOf, _standing.AsOf), Ready: true);
        Interlocked.Exchange(ref _arrival, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>Waits until this node knows a pharmacy's page as of a row, or its patience is over; whether it does.</summary>
    public Task<bool> Reach(PharmacyId id, long seq, TimeSpan patience) => Until(() => TryFind(id, out var place) && place.Facts.Seq >= seq, patience);

    /// <summary>Waits until this node knows a department's duty as of a row, or its patience is over; whether it does.</summary>
    public Task<bool> Reach(string department, long seq, TimeSpan patience) => Until(() => Book.Of(department).Seq >= seq, patience);

    private async Task<bool> Until(Func<bool> known, TimeSpan patience)
    {
        var over = Task.Delay(patience);
        while (!over.IsCompleted)
        {
            // The next arrival is taken hold of before the look, so that none falls between the two.
            var arrival = Volatile.Read(ref _arrival).Task;
            if (known())
                return true;
            await Task.WhenAny(arrival, over);
        }
        return false;
    }

    private void Rebuild() => Volatile.Write(ref _index, _index.Rebuild());

    private static Position PositionOf(Pharmacy facts) => new(facts.Record.Latitude, facts.Record.Longitude);

    private static void Show(AvailabilityIndex index, Place place)
    {
        var state = place.Shown.Status.State;
        index.Set(Serving, place.Slot, place.Shown.Serving);
        index.Set(Open, place.Slot, state == ServiceState.Open);
        index.Set(OnCall, place.Slot, state == ServiceState.OnCall);
        for (var i = 0; i < Services.All.Count; i++)
            index.Set(FirstService + i, place.Slot, place.Facts.Record.Services.Contains(Services.All[i].Code));
    }
}

/// <summary>How fresh a node's knowledge is.</summary>
/// <param name="AsOf">Everything journaled before this instant has been taken in.</param>
/// <param name="Ready">Whether the first catching-up is over.</param>
internal sealed record Standing(Instant AsOf, bool Ready)
{
    /// <summary>A tail that lags longer than this keeps states and marks answers stale.</summary>
    public static readonly Duration Bound = Duration.FromSeconds(10);

    /// <summary>When answers of this standing become stale.</summary>
    public Instant StaleAfter => AsOf + Bound;
}
