using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Web.Counter;
using Realtime.Web.Hours;
using Realtime.Web.OnCall;

namespace Realtime.Web.Live;

/// <summary>
/// The node's heartbeat. It computes when each pharmacy next changes, flips the index at that very second, takes in what the journal's
/// tail brings, and tells the watchers. It is the one writer of <see cref="Country"/>.
/// </summary>
internal sealed partial class Ticker(
    Country country, Tail tail, Clock clock, Watches watches, Counters counters, RotaScreens screens, SchoolDays schools, IOptions<RealtimeOptions> options, ILogger<Ticker> log) : BackgroundService
{
    // However the system's clock is set meanwhile, a flip is at most this late.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly PriorityQueue<Place, Instant> _due = new();
    private readonly Dictionary<string, OpeningHours> _hours = new(StringComparer.Ordinal);
    private readonly HashSet<Place> _changed = [];
    private readonly HashSet<Place> _moved = [];
    private readonly Dictionary<string, long> _rotas = new(StringComparer.Ordinal);
    private object? _schools; // the table that the places were made with
    private Instant _last = Instant.MinValue;

    // Two messages never carry the same instant, so that of two answers one is the newer.
    private Instant _told = Instant.FromUnixTimeSeconds(0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            Begin(await tail.Arrivals.ReadAsync(stoppingToken));
            while (true)
            {
                Beat(clock.Now);
                await NextBeat(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: nobody is left to tell.
        }
        catch (Exception e)
        {
            // Without its ticker the node is dead; the host stops, and whoever supervises it must see a failure.
            LogDied(e);
            Environment.ExitCode = 1;
            throw;
        }
    }

    private void Begin(Arrival everything)
    {
        var started = Stopwatch.GetTimestamp();
        var now = clock.Now;
        _schools = schools.Calendars;
        var places = new List<Place>(everything.Facts.Count);
        country.Book = everything.Rotas.Aggregate(country.Book, (book, rota) => book.With(rota, out _));
        foreach (var facts in everything.Facts.OrderBy(f => f.Record.Id))
            if (Compile(places.Count, facts, now) is { } place)
                places.Add(place);
        foreach (var place in places)
        {
            place.MoveTo(now);
            _due.Enqueue(place, place.Due);
        }
        country.Begin(places);
        country.Stand(everything.AsOf);
        LogReady(places.Count, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>One beat: flips first, since they are due this second; then what has arrived; then the watchers; then what may take a moment.</summary>
    private void Beat(Instant now)
    {
        if (now < _last)
            SetBack(now);
        _last = now;
        Flip(now);
        while (tail.Arrivals.TryRead(out var arrival))
        {
            foreach (var facts in arrival.Facts)
                TakeIn(facts, now);
            foreach (var rota in arrival.Rotas)
                TakeIn(rota, now);
            country.Stand(arrival.AsOf);
        }
        FollowSchools(now);
        if (_changed.Count > 0)
        {
            watches.Tell(_changed, _told = Instant.Max(now, _told + Duration.FromMilliseconds(1)));
            counters.Tell(_changed);
        }
        foreach (var (department, seq) in _rotas)
            screens.Tell(department, seq);
        _rotas.Clear();
        foreach (var place in _moved)
        {
            place.Replenish(now);
            _due.Enqueue(place, place.Due);
        }
        _changed.Clear();
        _moved.Clear();
        country.Settle(now);
    }

    // The clock was ahead and has been put right: what was shown for a time that has not come yet is looked at anew.
    private void SetBack(Instant now)
    {
        _due.Clear();
        foreach (var place in country.All.ToArray())
        {
            if (place.ComesIntoSight)
            {
                Remake(place, place.Facts, now);
                continue;
            }
            if (place.Restart(now))
            {
                country.Show(place);
                _changed.Add(place);
            }
            _moved.Add(place);
        }
    }

    private void Flip(Instant now)
    {
        while (_due.TryPeek(out var place, out var due) && due <= now)
        {
            _due.Dequeue();
            // Facts that have been replaced are simply dropped: their successor has an entry of its own.
            if (country.At(place.Slot) != place)
                continue;
            if (place.NextSight <= now)
            {
                Remake(place, place.Facts, now);
                continue;
            }
            _moved.Add(place);
            if (!place.MoveTo(now))
                continue;
            country.Show(place);
            _changed.Add(place);
        }
    }

    // All pharmacies that one row of a rota concerns change in one beat: nobody ever sees half a swap.
    private void TakeIn(DepartmentRota rota, Instant now)
    {
        var before = country.Book;
        country.Book = before.With(rota, out var changed);
        _rotas[rota.Department] = rota.Seq;
        var concerned = country.Book.ClosuresDiffer(before, rota.Department)
            ? changed.Union(country.All.Where(place => place.Facts.Record.Department == rota.Department).Select(place => place.Facts.Record.Id)) : changed;
        foreach (var id in concerned)
            if (country.TryFind(id, out var place))
                Remake(place, place.Facts, now);
        // Whether a sector has a pharmacy is not shown, and decides for whom one may have to call.
        foreach (var id in before.Of(rota.Department).Sectors.Values.Concat(rota.Sectors.Values).SelectMany(sector => sector.Pharmacies))
            if (country.TryFind(id, out var place))
                country.Sector(place);
    }

    private void TakeIn(Pharmacy facts, Instant now)
    {
        if (country.TryFind(facts.Record.Id, out var known) && known.Facts.Seq >= facts.Seq)
            return;
        Remake(known, facts, now);
    }

    // Another table of school holidays: the places whose hours speak of them are made anew.
    private void FollowSchools(Instant now)
    {
        if (ReferenceEquals(_schools, schools.Calendars))
            return;
        _schools = schools.Calendars;
        foreach (var place in country.All.Where(p => Parsed(p.Facts.Record.Hours)?.SpeaksOfSchools == true).ToArray())
            Remake(place, place.Facts, now);
    }

    private void Remake(Place? known, Pharmacy facts, Instant now)
    {
        if (Compile(known?.Slot ?? country.NextSlot, facts, now) is not { } fresh)
            return;
        fresh.MoveTo(now);
        country.Put(fresh);
        if (known is not null)
        {
            _changed.Remove(known);
            _moved.Remove(known);
        }
        _changed.Add(fresh);
        _moved.Add(fresh);
    }

    // Whatever was stored has passed the importer or the grain, which take only known zones and hours that parse. What a newer program
    // has stored may not be understood here: that pharmacy keeps its last known state, and the others are none the worse.
    private Place? Compile(int slot, Pharmacy facts, Instant now)
    {
        var hours = Parsed(facts.Record.Hours);
        if (Zones.Of(facts.Record.Insee, facts.Record.Address.Postcode) is not { } zone || (hours is null && facts.Record.Hours is not null))
        {
            LogNotUnderstood(facts.Record.Id);
            return null;
        }
        if (hours?.SpeaksOfSchools == true)
            zone = schools.With(zone, facts.Record.Insee, facts.Record.Address.Postcode);
        return new Place(slot, facts, zone, PharmacySchedule.Of(facts, zone, hours, country.Book, options.Value, now), PlaceDuty.Of(country.Book, facts, now));
    }

    // A country writes some two thousand distinct strings; each is parsed once.
    private OpeningHours? Parsed(string? text)
    {
        if (text is null)
            return null;
        if (!_hours.TryGetValue(text, out var hours) && OpeningHours.TryParse(text, out hours, out _))
            _hours[text] = hours;
        return hours;
    }

    // Waits for the next flip or the next arrival, whichever comes first.
    private async Task NextBeat(CancellationToken stopping)
    {
        var wait = LongestWait;
        if (_due.TryPeek(out _, out var due))
        {
            // Rounded up to the timer's millisecond, so that the flip is never a hair too early.
            var untilDue = TimeSpan.FromMilliseconds(Math.Ceiling((due - clock.Now).TotalMilliseconds));
            if (untilDue <= TimeSpan.Zero)
                return;
            wait = untilDue < wait ? untilDue : wait;
        }
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        timer.CancelAfter(wait);
        try
        {
            if (!await tail.Arrivals.WaitToReadAsync(timer.Token))
                throw new ChannelClosedException();
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // Nothing has arrived, and it is time to flip.
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The ticker broke: this node can no longer tell the time and stops.")]
    private partial void LogDied(Exception e);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} pharmacies ready in {Milliseconds:F0} ms.")]
    private partial void LogReady(int count, double milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The stored facts of {Id} are not understood by this version; the pharmacy keeps its last known state.")]
    private partial void LogNotUnderstood(PharmacyId id);
}
