using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Realtime.Journal;

/// <summary>
/// In every silo: keeps what is known of some streams as the journal says, for grains that must know it. It reads their public facts once, then follows rows of some kinds as web
/// nodes do: a row of such a stream says only that it changed, and its facts are read again. What cannot be read is asked for again at the next beat, from the same place.
/// </summary>
/// <param name="what">Of what, as the beginning of a sentence in the log.</param>
/// <param name="prefix">How the names of the streams begin.</param>
/// <param name="beat">How often it looks.</param>
/// <param name="journal">Says it.</param>
/// <param name="clock">Beats.</param>
/// <param name="log">Where failures are recorded.</param>
internal abstract partial class FactsFollower(string what, string prefix, TimeSpan beat, IJournal journal, Clock clock, ILogger log) : BackgroundService
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Beats, and says what time it is.</summary>
    protected Clock Clock { get; } = clock;

    /// <summary>Ends once everything has been read once.</summary>
    protected Task Begun => _begun.Task;

    /// <summary>Rows that are looked at: those that change the facts, and others that <see cref="Take(IReadOnlyList{JournalRow})"/> wants.</summary>
    protected abstract IReadOnlyList<string> Kinds { get; }

    /// <summary>Takes in the facts of one of the streams.</summary>
    protected abstract void Take(PublicState state);

    /// <summary>Takes in rows, once the facts that they changed were.</summary>
    protected virtual void Take(IReadOnlyList<JournalRow> rows)
    {
    }

    /// <summary>Does what follows from all that was taken in, at each beat.</summary>
    protected virtual Task Settle() => Task.CompletedTask;

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Give the host its thread back: an embedded store answers synchronously.
        await Task.Yield();
        LaneCursors? cursors = null;
        using var timer = new PeriodicTimer(beat, Clock.Time);
        do
            try
            {
                cursors ??= await Begin(stoppingToken);
                cursors = await Follow(cursors, stoppingToken);
                await Settle();
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(what, failure.Message);
            }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<LaneCursors> Begin(CancellationToken stopping)
    {
        // Noted before the states are read: a change in between is read twice, never missed.
        var ends = await journal.Ends(stopping);
        await Read(prefix, stopping);
        _begun.TrySetResult();
        return ends;
    }

    // The cursors move only once everything behind them has been read.
    private async Task<LaneCursors> Follow(LaneCursors cursors, CancellationToken stopping)
    {
        var next = cursors.Copy();
        var rows = await journal.TailOf(next, Kinds, stopping);
        foreach (var stream in rows.Select(row => row.Stream).Where(IsFollowed).Distinct(StringComparer.Ordinal))
            await Read(stream, stopping);
        Take(rows);
        return next;
    }

    private async Task Read(string streams, CancellationToken stopping)
    {
        await foreach (var state in journal.PublicStates(streams, stopping))
            if (IsFollowed(state.Stream))
                Take(state);
    }

    private bool IsFollowed(string stream) => stream.StartsWith(prefix, StringComparison.Ordinal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What} could not be read ({Cause}); the journal is asked again at once.")]
    private partial void LogFailed(string what, string cause);
}
