using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>
/// In every silo: what is known of on-call duty, at most a quarter of a second old, for grains that must know who serves when. It follows the journal as web nodes do; until it
/// has read it once, whoever asks waits.
/// </summary>
internal sealed partial class OnCallKnowledge(IJournal journal, Clock clock, DemoWorld demo, ILogger<OnCallKnowledge> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile OnCallBook _book = OnCallBook.Of(demo);

    /// <summary>What is known.</summary>
    public ValueTask<OnCallBook> Current => _begun.Task.IsCompletedSuccessfully ? new(_book) : Begun();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Give the host its thread back: an embedded store answers synchronously.
        await Task.Yield();
        LaneCursors? cursors = null;
        using var beat = new PeriodicTimer(Poll, clock.Time);
        do
            try
            {
                if (cursors is null)
                {
                    // Noted before the states are read: a change in between is read twice, never missed.
                    var ends = await journal.Ends(stoppingToken);
                    await Take(RotaStreams.Prefix, stoppingToken);
                    cursors = ends;
                    _begun.TrySetResult();
                }
                // The cursors move only once everything behind them has been read.
                var next = cursors.Copy();
                var rows = await journal.TailOf(next, RotaJson.Kinds, stoppingToken);
                foreach (var stream in rows.Select(row => row.Stream).Distinct(StringComparer.Ordinal))
                    await Take(stream, stoppingToken);
                cursors = next;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(failure.Message);
            }
        while (await beat.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Take(string prefix, CancellationToken stopping)
    {
        await foreach (var state in journal.PublicStates(prefix, stopping))
            if (state.Stream.StartsWith(RotaStreams.Prefix, StringComparison.Ordinal))
                _book = _book.With(RotaJson.ReadFacts(state.Payload.Span), out _);
    }

    private async ValueTask<OnCallBook> Begun()
    {
        await _begun.Task;
        return _book;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "On-call duty could not be read ({Cause}); it is asked for again at once.")]
    private partial void LogFailed(string cause);
}
