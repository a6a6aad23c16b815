using System.Data.Common;
using Microsoft.Extensions.Options;
using Realtime.Journal;

namespace Realtime.Silo.Audit;

/// <summary>
/// <c>audit verify</c>: reads the whole store and says what was verified, or where it is broken first. The report goes to the output, progress and refusals to the
/// error stream.
/// </summary>
/// <param name="open">Opens the store.</param>
/// <param name="output">The report.</param>
/// <param name="error">Progress, and why nothing was verified.</param>
/// <param name="isTerminal">Whether <paramref name="error"/> is a terminal that understands ANSI sequences.</param>
internal sealed class AuditCommand(Func<AuditStore> open, TextWriter output, TextWriter error, bool isTerminal)
{
    private const string Usage = "usage: audit verify";
    private const int Failure = 1;

    /// <summary>Runs the command.</summary>
    /// <param name="words">What stands after <c>audit</c>.</param>
    /// <returns>The exit code: 0 where everything holds, 1 where something is broken or nothing could be verified.</returns>
    public async Task<int> Run(IReadOnlyList<string> words)
    {
        if (words is not ["verify"])
            return Refuse($"{(words.Count == 0 ? "What is to be done with the audit?" : $"'{string.Join(' ', words)}' is not understood.")}\n{Usage}");
        try
        {
            using var store = open();
            return await Verify(store);
        }
        catch (DbException failure)
        {
            return Refuse($"The store cannot be read to its end ({failure.Message}): nothing was verified.");
        }
        catch (Exception closed) when (closed is StoreException or DataDirectoryException or OptionsValidationException or IOException or UnauthorizedAccessException)
        {
            // Its own words say what it is and what mends it.
            return Refuse($"{closed.Message}\nNothing was verified.");
        }
    }

    private async Task<int> Verify(AuditStore store)
    {
        await using var scan = await JournalScan.Open(store.Dialect);
        var total = (await scan.Lanes()).Values.Sum(lane => lane.Last);
        var report = new AuditReport();
        await ConsoleProgress.Show(error, isTerminal, "verifying", total, async advance => report = await new AuditVerification(scan, store.Key, store.Facts).Run(advance));
        if (report.Broken is { } broken)
        {
            output.WriteLine($"broken: {broken}");
            return Failure;
        }
        Summarize(report);
        return 0;
    }

    private void Summarize(AuditReport report)
    {
        output.WriteLine($"verified {report.Rows} rows in {report.Streams} streams under {report.Checkpoints} checkpoints");
        output.WriteLine($"public facts: {report.Recomputed} computed anew from their rows, {report.Compared} only held against the length of their streams");
        if (report.Skipped > 0)
            output.WriteLine($"public facts of {report.Skipped} streams of synthetic pharmacies were not computed; Realtime__Demo=true computes those of their pages");
        output.WriteLine(report.Last is { } last
            ? $"last checkpoint: {last.Number} of {last.At}, root {last.Root}; compare it with the newest one that was noted elsewhere"
            : "there is no checkpoint yet: the first is written within two minutes of a service's start; where it ran longer, they were removed");
        output.WriteLine(report.Uncovered == 0
            ? "every row is under a checkpoint"
            : $"the newest {report.Uncovered} rows are not yet under a checkpoint: of them only the chain was verified");
    }

    private int Refuse(string sentence)
    {
        error.WriteLine(sentence);
        return Failure;
    }
}
