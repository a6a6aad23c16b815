using System.Security;
using Realtime.Pharmacies;

namespace Realtime.Silo.Import;

/// <summary>A store that is open for the length of an import.</summary>
/// <param name="Apply">Makes one record durable; atomic, safe to repeat, called by many at once.</param>
/// <param name="Close">Lets go of the store; called once, also when the import stops early.</param>
internal sealed record ImportStore(Func<PharmacyRecord, Task<ImportOutcome>> Apply, Func<ValueTask> Close) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Close();
}

/// <summary>
/// <c>import KIND FILE [--dry-run]</c>: reads the whole file, then applies record after record. The report goes to the output, so that it can be
/// kept; progress and refusals go to the error stream. Running it again completes an interrupted import.
/// </summary>
/// <param name="open">Opens the store for a source; not called for a dry run, nor when the file is no good.</param>
/// <param name="output">The report; its last line is <c>read N, accepted N, rejected N</c>.</param>
/// <param name="error">Progress, and why nothing was done.</param>
/// <param name="isTerminal">Whether <paramref name="error"/> is a terminal that understands ANSI sequences.</param>
internal sealed class ImportCommand(Func<ImportSource, Task<ImportStore>> open, TextWriter output, TextWriter error, bool isTerminal)
{
    private const int InFlight = 128;
    private const int WarningsShown = 20;
    private const int Failure = 1;

    /// <summary>Runs the command.</summary>
    /// <param name="words">What stands after <c>import</c>.</param>
    /// <returns>The exit code: 0, or 1 where nothing was accepted, the file is no good or the command is not understood.</returns>
    public async Task<int> Run(IReadOnlyList<string> words)
    {
        if (!ImportArguments.TryParse(words, out var arguments, out var sentence))
            return Refuse($"{sentence}\n{ImportArguments.Usage}");
        if (!TryReadFile(arguments.File, out var bytes, out sentence))
            return Refuse(sentence);
        if (!arguments.Kind.Read(bytes, out var reading, out var fault))
            return Refuse($"{arguments.File}: {fault}\nNothing was imported.");

        ImportStore? store = null;
        try
        {
            // Opened before anything is reported: a store in use is the first thing an operator must know.
            if (!arguments.DryRun && reading.Records.Count > 0)
                store = await open(arguments.Kind.Source);
            return await Report(arguments, reading, store);
        }
        // Whatever keeps a store from opening, its own words say what it is and what mends it.
        catch (Exception closed) when (store is null && closed is not OutOfMemoryException)
        {
            return Refuse($"{closed.Message}\nNothing was imported.");
        }
        finally
        {
            if (store is not null)
                await store.DisposeAsync();
        }
    }

    private async Task<int> Report(ImportArguments arguments, ImportReading reading, ImportStore? store)
    {
        foreach (var note in reading.Errors)
            output.WriteLine(note);
        WriteWarnings(reading);
        if (reading.Skipped > 0)
            output.WriteLine($"skipped {reading.Skipped} that are no pharmacies, or none any more");
        if (arguments.DryRun)
            output.WriteLine("dry run: nothing was written");
        else if (await Apply(store, reading.Records) is { } stopped)
            return Refuse(stopped);
        output.WriteLine($"read {reading.Read}, accepted {reading.Records.Count}, rejected {reading.Errors.Count}");
        return reading.Records.Count > 0 ? 0 : Failure;
    }

    // Null, or why it stopped before the end. The store is open wherever there is a record to apply.
    private async Task<string?> Apply(ImportStore? store, IReadOnlyList<PharmacyRecord> records)
    {
        var outcomes = new int[Enum.GetValues<ImportOutcome>().Length];
        try
        {
            await ConsoleProgress.Show(error, isTerminal, "importing", records.Count, advance => Parallel.ForEachAsync(
                records,
                new ParallelOptions { MaxDegreeOfParallelism = InFlight },
                async (record, _) =>
                {
                    var outcome = await store!.Apply(record);
                    Interlocked.Increment(ref outcomes[(int)outcome]);
                    advance(1);
                }));
        }
        // Whatever a store may throw, the operator needs one thing: how far it went, and that nothing is half done.
        catch (Exception stopped) when (stopped is not OutOfMemoryException)
        {
            return $"The import stopped after {outcomes.Sum()} of {records.Count} records: {stopped.Message}\nEach of these is complete; running the import again does the rest.";
        }
        output.WriteLine($"created {outcomes[(int)ImportOutcome.Created]}, updated {outcomes[(int)ImportOutcome.Updated]}, unchanged {outcomes[(int)ImportOutcome.Unchanged]}");
        return null;
    }

    private void WriteWarnings(ImportReading reading)
    {
        foreach (var kind in reading.Warnings.GroupBy(warning => warning.Kind).OrderBy(kind => kind.Key))
        {
            // What was rewritten is shown to the last one, so that somebody can object.
            var shown = kind.Key == ImportWarning.RepairedHours ? int.MaxValue : WarningsShown;
            foreach (var (_, note) in kind.Take(shown))
                output.WriteLine($"warning: {note}");
            if (kind.Count() > shown)
                output.WriteLine($"warning: … and {kind.Count() - shown} more of the same kind");
            output.WriteLine($"warnings of the kind {kind.Key}: {kind.Count()}");
        }
    }

    private int Refuse(string sentence)
    {
        error.WriteLine(sentence);
        return Failure;
    }

    /// <summary>Reads a file whole; false with a sentence that says why it cannot be.</summary>
    public static bool TryReadFile(string path, out byte[] bytes, out string sentence)
    {
        bytes = [];
        sentence = Directory.Exists(path) ? $"{path} is a folder; a file is expected."
            : !File.Exists(path) ? $"There is no file {path}."
            : "";
        if (sentence.Length > 0)
            return false;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        // What the disk refuses is the operator's to mend: he is told in the system's words.
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or SecurityException)
        {
            sentence = $"{path} cannot be read: {refused.Message}";
        }
        return sentence.Length == 0;
    }
}
