using System.Threading.Channels;
using NodaTime;
using Realtime.Journal;
using Realtime.OnCall;
using Realtime.Pharmacies;

namespace Realtime.Web.Live;

/// <summary>What a reading of the journal brought.</summary>
/// <param name="Facts">Public facts that changed, as new as the rows that announced them or newer.</param>
/// <param name="Rotas">Departments whose on-call duty changed.</param>
/// <param name="AsOf">Everything journaled before this instant has been read.</param>
internal sealed record Arrival(IReadOnlyCollection<Pharmacy> Facts, IReadOnlyCollection<DepartmentRota> Rotas, Instant AsOf);

/// <summary>
/// Follows the journal and hands what it brings to the <see cref="Ticker"/>. It runs apart from the ticker, so that a store that hangs
/// delays no flip: states stand by the schedules known, and answers are marked stale once the bound has passed.
/// </summary>
internal sealed partial class Tail(
    IJournal journal, JournalPace pace, Clock clock, DemoWorld demo, Watches watches, IEnumerable<IFollower> followers, IEnumerable<IRowFollower> rowFollowers, ILogger<Tail> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private const int Batch = 1_000;

    // The ticker takes arrivals faster than a store can bring them; the bound only guards against a ticker that has died.
    private readonly Channel<Arrival> _arrivals = Channel.CreateBounded<Arrival>(64);
    private readonly SemaphoreSlim _signal = new(0, 1);
    private LaneCursors _cursors = [];

    /// <summary>What was read; the first arrival is the whole country.</summary>
    public ChannelReader<Arrival> Arrivals => _arrivals.Reader;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Give the host its thread back: an embedded store answers synchronously.
        await Task.Yield();
        journal.Committed += Wake;
        try
        {
            await Persist(Begin, stoppingToken);
            while (true)
            {
                await _signal.WaitAsync(pace.Poll, stoppingToken);
                await Persist(Read, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: nothing more is to be read.
        }
        finally
        {
            journal.Committed -= Wake;
        }
    }

    // A store that does not answer is asked again until it does; what was read before it failed is not lost, since cursors move with it.
    private async Task Persist(Func<CancellationToken, Task> read, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                await read(stopping);
                return;
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                LogFailed(e);
                await Task.Delay(Pause, stopping);
            }
        }
    }

    private async Task Begin(CancellationToken stopping)
    {
        var asOf = clock.Now;
        // The cursors are noted before the states are read: a change in between is read twice, never missed.
        _cursors = await journal.Ends(stopping);
        watches.Epoch = await journal.Epoch(stopping);
        var facts = demo.Pharmacies.ToDictionary(p => p.Record.Id);
        await foreach (var state in journal.PublicStates(PharmacyStreams.Prefix, stopping))
            if (PharmacyJson.ReadFacts(state.Payload.Span) is { } stored && demo.Shows(stored.Record.Id))
                facts[stored.Record.Id] = stored;
        var rotas = new List<DepartmentRota>();
        await foreach (var state in journal.PublicStates(RotaStreams.Prefix, stopping))
            rotas.Add(RotaJson.ReadFacts(state.Payload.Span));
        foreach (var follower in followers)
            await foreach (var state in journal.PublicStates(follower.Prefix, stopping))
                await follower.Take(state, stopping);
        foreach (var follower in rowFollowers)
            await follower.Begin(journal, stopping);
        await _arrivals.Writer.WriteAsync(new(facts.Values, rotas, asOf), stopping);
    }

    private async Task Read(CancellationToken stopping)
    {
        while (true)
        {
            var asOf = clock.Now;
            var cursors = _cursors.Copy();
            var rows = await journal.Tail(cursors, Batch, stopping);
            var facts = new List<Pharmacy>();
            // A row only says that its stream changed; the truth is the stream's public state, which is at least as new.
            foreach (var stream in rows.Select(r => r.Stream).Where(PharmacyStreams.Is).Distinct(StringComparer.Ordinal))
                await foreach (var state in journal.PublicStates(stream, stopping))
                    if (state.Stream == stream && PharmacyJson.ReadFacts(state.Payload.Span) is { } changed && demo.Shows(changed.Record.Id))
                        facts.Add(changed);
            var rotas = new List<DepartmentRota>();
            foreach (var stream in rows.Select(r => r.Stream).Where(s => s.StartsWith(RotaStreams.Prefix, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
                await foreach (var state in journal.PublicStates(stream, stopping))
                    if (state.Stream == stream)
                        rotas.Add(RotaJson.ReadFacts(state.Payload.Span));
            foreach (var follower in followers)
                foreach (var stream in rows.Select(r => r.Stream).Where(s => s.StartsWith(follower.Prefix, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal))
                    await foreach (var state in journal.PublicStates(stream, stopping))
                        if (state.Stream == stream)
                            await follower.Take(state, stopping);
            foreach (var follower in rowFollowers)
                if (rows.Where(r => r.Stream.StartsWith(follower.Prefix, StringComparison.Ordinal)).ToArray() is { Length: > 0 } own)
                    await follower.Take(own, journal, stopping);
            // The cursors move only once everything behind them has been read.
            _cursors = cursors;
            await _arrivals.Writer.WriteAsync(new(facts, rotas, rows.Count < Batch ? asOf : Instant.MinValue), stopping);
            if (rows.Count < Batch)
                return;
        }
    }

    private void Wake()
    {
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another commit has already called; one call serves both.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal could not be read; it is asked again at once.")]
    private partial void LogFailed(Exception e);
}

/// <summary>What a node keeps in step with the public states of some streams, beside the pharmacies themselves.</summary>
internal interface IFollower
{
    /// <summary>How the names of the streams begin, as <c>people/</c>.</summary>
    string Prefix { get; }

    /// <summary>Takes in what a stream now says; the same may come twice, and a failure is tried again.</summary>
    ValueTask Take(PublicState state, CancellationToken stopping);
}

/// <summary>
/// What a node keeps in step with the rows themselves of some streams: for streams that are written far more often than their public state changes.
/// It is called from one thread at a time.
/// </summary>
internal interface IRowFollower
{
    /// <summary>How the names of the streams begin, as <c>orders/</c>.</summary>
    string Prefix { get; }

    /// <summary>Begins with what the store holds. Rows written from a little before on come by <see cref="Take"/>; a failure is tried again.</summary>
    ValueTask Begin(IJournal journal, CancellationToken stopping);

    /// <summary>
    /// Takes in rows of these streams: in the order of their commits per lane, hence per stream only while one writer has it. The same may come twice; after a failure
    /// all of them come again, until they are taken.
    /// </summary>
    ValueTask Take(IReadOnlyList<JournalRow> rows, IJournal journal, CancellationToken stopping);
}

/// <summary>How often a node asks the journal for news that nobody signalled.</summary>
/// <param name="Poll">The longest a change may stay unseen.</param>
internal sealed record JournalPace(TimeSpan Poll);
