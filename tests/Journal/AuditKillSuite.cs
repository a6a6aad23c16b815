using Realtime.Identity;
using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>Real processes that append and write checkpoints as fast as they can, killed with SIGKILL; the store is verified after each kill.</summary>
public abstract class AuditKillSuite
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What the writer is told to write to: a directory, or a connection string.</summary>
    protected abstract string Store { get; }

    /// <summary>How many processes write the same streams, and the same checkpoints, at once.</summary>
    protected abstract int Writers { get; }

    protected abstract JournalDialect Dialect { get; }

    [Fact]
    public async Task Whatever_kill_cuts_short_the_store_is_verified_whole_and_checkpoints_go_on()
    {
        var random = new Random(Campaign.Seed);
        var (kills, checkpoints, rows) = (Campaign.Long ? 100 : 6, 0, 0L);
        for (var kill = 0; kill < kills; kill += Writers)
        {
            await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => LiveAndDie(random.Next(100, 500))));
            await using var scan = await JournalScan.Open(Dialect, Cancellation);
            var report = await new AuditVerification(scan, new AuditKey(Secret.Parse(ProductProcess.Secret)), []).Run(_ => { }, Cancellation);
            Assert.True(report.Broken is null, $"kill {kill}, seed {Campaign.Seed}: {report.Broken}");
            // A short life on a busy machine may leave rows and no checkpoint; all of them together leave some.
            Assert.True(report.Rows > rows && report.Checkpoints >= checkpoints, $"kill {kill}, seed {Campaign.Seed}: nothing was written");
            (checkpoints, rows) = (report.Checkpoints, report.Rows);
        }
        Assert.True(checkpoints > 0, $"seed {Campaign.Seed}: no checkpoint was written");
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {rows:N0} rows under {checkpoints:N0} checkpoints, verified whole after each");
    }

    private async Task LiveAndDie(int milliseconds)
    {
        using var writer = new WriterProcess(Store, streams: 16, ProductProcess.Secret);
        await writer.FirstAnswer.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        await Task.Delay(milliseconds, Cancellation);
        await writer.Kill();
    }
}
