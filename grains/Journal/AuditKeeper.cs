using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NodaTime;

namespace Realtime.Journal;

/// <summary>
/// In every silo: keeps the one writer of checkpoints going, wherever it lives, and puts the last checkpoint into this silo's log once an hour. A log that is kept
/// elsewhere shows what a store that was set back cannot.
/// </summary>
internal sealed partial class AuditKeeper(IGrainFactory grains, Clock clock, ILogger<AuditKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(20);
    private static readonly Duration Telling = Duration.FromHours(1);
    private Instant? _told;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Beat, clock.Time);
        while (await beat.WaitForNextTickAsync(stoppingToken))
            try
            {
                Tell(await grains.GetGrain<IAuditGrain>(0).Tick());
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The store or the cluster does not answer just now: the next beat asks again, and the next checkpoint covers what this one would have.
                LogFailed(failure.Message);
            }
    }

    /// <summary>Writes the line where an hour has passed since the last.</summary>
    internal void Tell(AuditNote? last)
    {
        var now = clock.Now;
        if (last is null || _told is { } told && now - told < Telling && now >= told)
            return;
        _told = now;
        LogCheckpoint(last.Number, last.At, last.Root);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Audit checkpoint {Number} of {At}, root {Root}")]
    private partial void LogCheckpoint(long number, Instant at, string root);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No checkpoint could be written ({Cause}); it is tried again.")]
    private partial void LogFailed(string cause);
}
