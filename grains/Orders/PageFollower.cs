using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Journal;
using Realtime.Pharmacies;

namespace Realtime.Orders;

/// <summary>
/// In every silo: follows what pharmacies change of their hours, and has their queues look at once, so that a buyer whose order a closure would cut is told within the
/// second. It may be told twice, or, where every silo died in between, not at all: each queue that holds orders looks by itself within a minute.
/// </summary>
internal sealed partial class PageFollower(IJournal journal, IGrainFactory grains, Clock clock, ILogger<PageFollower> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    // What can cut a hold. Imported hours do too, by the thousand; those are looked at by the minute.
    private static readonly string[] Kinds = ["closure.declared", "exception.declared", "exception.revoked", "hours.set"];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Give the host its thread back: an embedded store answers synchronously.
        await Task.Yield();
        LaneCursors? cursors = null;
        using var beat = new PeriodicTimer(Poll, clock.Time);
        while (await beat.WaitForNextTickAsync(stoppingToken))
            try
            {
                cursors ??= await journal.Ends(stoppingToken);
                var rows = await journal.TailOf(cursors, Kinds, stoppingToken);
                await Task.WhenAll(rows.Select(row => row.Stream).Where(PharmacyStreams.Is).Distinct(StringComparer.Ordinal)
                    .Select(stream => grains.GetGrain<IOrderQueueGrain>(stream[PharmacyStreams.Prefix.Length..]).Sweep()));
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // The store or the cluster does not answer just now: the queues look by themselves within the minute.
                LogFailed(failure.Message);
            }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Queues were not told of changed hours at once ({Cause}); they look by themselves within a minute.")]
    private partial void LogFailed(string cause);
}
