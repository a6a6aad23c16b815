using System.Diagnostics;
using Microsoft.Extensions.Options;
using NodaTime;
using Realtime.Hours;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.Web.Live;

/// <summary>
/// The node's heartbeat. It computes when each pharmacy next changes, flips the index at that very second, takes in what the
/// journal's tail brings, and tells the watchers. It is the one writer of <see cref="Country"/>.
/// </summary>
internal sealed partial class Ticker(
    Country country, IJournal journal, Clock clock, DemoWorld demo, Watches watches, IOptions<RealtimeOptions> options, ILogger<Ticker> log) : BackgroundService
{
    // An empty poll of the embedded store costs microseconds, and keeps asOf younger than this.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private const int Batch = 1_000;

    private readonly PriorityQueue<Place, Instant> _due = new();
    private readonly Dictionary<string, OpeningHours> _hours = new(StringComparer.Ordinal);
    private readonly HashSet<Place> _changed = [];
    private readonly List<Place> _moved = [];
    private readonly SemaphoreSlim _signal = new(0, 1);
    private LaneCursors _cursors = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Give the host its thread back: everything below is synchronous until the first wait.
        await Task.Yield();
        journal.Committed += Wake;
        try
        {
            await Begin(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                await Beat(stoppingToken);
                await _signal.WaitAsync(UntilNext(), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: nothing is left to tell.
        }
        finally
        {
            journal.Committed -= Wake;
        }
    }

    private void Wake()
    {
        if (_signal.CurrentCount == 0)
            try
            {
                _signal.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another commit woke the ticker in the same instant; one wake-up serves both.
            }
    }

    private async Task Begin(CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        // The cursors are noted before the states are read: a change in between is read twice, never missed.
        _cursors = await journal.Ends(stopping);
        watches.Epoch = await journal.Epoch(stopping);
        var facts = demo.Pharmacies.ToDictionary(p => p.Record.Id);
        await foreach (var state in journal.PublicStates(PharmacyStreams.Prefix, stopping))
        {
            var stored = PharmacyJson.ReadFacts(state.Payload.Span);
            if (demo.Shows(stored.Record.Id))
                facts[stored.Record.Id] = stored;
        }
        var now = clock.Now;
        var places = facts.Values.OrderBy(f => f.Record.Id).Select((f, slot) => Compile(slot, f)).ToArray();
        foreach (var place in places)
        {
            place.MoveTo(now);
            _due.Enqueue(place, place.Due);
        }
        country.Begin(places);
        LogReady(places.Length, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    /// <summary>One beat: flips first, since they are due this second; then the tail; then the watchers.</summary>
    private async Task Beat(CancellationToken stopping)
    {
        var now = clock.Now;
        Flip(now);
        try
        {
            await TakeIn(now, stopping);
            country.Stand(now);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The store does not answer. States keep flipping; answers are marked stale once the bound has passed.
            LogTailFailed(e);
            await Task.Delay(Pause, stopping);
        }
        if (_changed.Count > 0)
            watches.Tell(_changed, now);
        // What may take a moment comes after everybody has been told.
        foreach (var place in _moved)
        {
            place.Replenish(now);
            _due.Enqueue(place, place.Due);
        }
        _changed.Clear();
        _moved.Clear();
        country.Settle(now);
    }

    private void Flip(Instant now)
    {
        while (_due.TryPeek(out var place, out var due) && due <= now)
        {
            _due.Dequeue();
            // An entry of facts that have been replaced, or of a transition that has moved, is simply dropped.
            if (!country.TryFind(place.Facts.Record.Id, out var current) || current != place || place.Due != due)
                continue;
            _moved.Add(place);
            if (!place.MoveTo(now))
                continue;
            country.Show(place);
            _changed.Add(place);
        }
    }

    private async Task TakeIn(Instant now, CancellationToken stopping)
    {
        while (true)
        {
            var rows = await journal.Tail(_cursors, Batch, stopping);
            foreach (var stream in rows.Select(r => r.Stream).Where(PharmacyStreams.Is).Distinct(StringComparer.Ordinal))
                await Refresh(stream, now, stopping);
            if (rows.Count < Batch)
                return;
        }
    }

    // A row only says that its stream changed; the truth is the stream's public state, which is at least as new.
    private async Task Refresh(string stream, Instant now, CancellationToken stopping)
    {
        await foreach (var state in journal.PublicStates(stream, stopping))
        {
            var facts = PharmacyJson.ReadFacts(state.Payload.Span);
            if (!demo.Shows(facts.Record.Id) || (country.TryFind(facts.Record.Id, out var known) && known.Facts.Seq >= facts.Seq))
                continue;
            if (known is not null)
                _changed.Remove(known);
            var slot = country.Put(facts, slot =>
            {
                var place = Compile(slot, facts);
                place.MoveTo(now);
                return place;
            });
            var fresh = country.At(slot);
            country.Show(fresh);
            _changed.Add(fresh);
            _moved.Add(fresh);
        }
    }

    private Place Compile(int slot, Pharmacy facts)
    {
        // Whatever was stored has passed the importer or the grain, which take only known zones and hours that parse.
        var zone = Zones.Of(facts.Record.Insee, facts.Record.Address.Postcode) ?? throw new InvalidOperationException($"{facts.Record.Id} has no known zone.");
        var believed = facts.ConfirmedAt + Duration.FromDays(options.Value.HoursMaxAgeDays);
        return new Place(slot, facts, zone, new Schedule(zone, Parsed(facts.Record.Hours), facts.Closures, demo.Duty(facts.Record.Id), believed));
    }

    // A country writes some two thousand distinct strings; each is parsed once.
    private OpeningHours? Parsed(string? text)
    {
        if (text is null)
            return null;
        if (!_hours.TryGetValue(text, out var hours))
            _hours[text] = hours = OpeningHours.Parse(text);
        return hours;
    }

    private TimeSpan UntilNext()
    {
        if (!_due.TryPeek(out _, out var due))
            return Poll;
        // Rounded up to the timer's millisecond, so that the flip is never a hair too early.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling((due - clock.Now).TotalMilliseconds));
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait < Poll ? wait : Poll;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} pharmacies ready in {Milliseconds:F0} ms.")]
    private partial void LogReady(int count, double milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal's tail could not be read; states keep flipping, answers become stale.")]
    private partial void LogTailFailed(Exception e);
}
