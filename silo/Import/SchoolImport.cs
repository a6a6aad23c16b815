using Realtime.Schools;

namespace Realtime.Silo.Import;

/// <summary>A store that is open for a table of school holidays.</summary>
/// <param name="Put">Makes the years durable at once; how many were new or changed.</param>
/// <param name="Close">Lets go of the store.</param>
internal sealed record SchoolStore(Func<SchoolYear[], Task<int>> Put, Func<ValueTask> Close) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Close();
}

/// <summary>
/// <c>import schoolholidays FILE [--dry-run]</c>: reads the official school calendar, then states its years, all of them or none: a holiday that is lost would
/// show a pharmacy open that is shut.
/// </summary>
/// <param name="open">Opens the store; not called for a dry run, nor when the file is no good.</param>
/// <param name="output">The report; its last line is <c>read N, accepted N, rejected N</c>.</param>
/// <param name="error">Why nothing was done.</param>
internal sealed class SchoolImport(Func<Task<SchoolStore>> open, TextWriter output, TextWriter error)
{
    /// <summary>The word of this kind of import.</summary>
    public const string Word = "schoolholidays";

    private const string Usage = $"usage: import {Word} FILE [--dry-run]";
    private const string DryRunOption = "--dry-run";
    private const int Failure = 1;

    /// <summary>Runs the command.</summary>
    /// <param name="words">What stands after <c>import schoolholidays</c>.</param>
    /// <returns>The exit code: 0, or 1 where nothing was accepted, the file is no good or the command is not understood.</returns>
    public async Task<int> Run(IReadOnlyList<string> words)
    {
        var (options, files) = (words.Where(word => word.StartsWith("--", StringComparison.Ordinal)).ToList(), words.Where(word => !word.StartsWith("--", StringComparison.Ordinal)).ToList());
        if (options.FirstOrDefault(option => option != DryRunOption) is { } unknown)
            return Refuse($"Unknown option '{unknown}'.\n{Usage}");
        if (files is not [var file])
            return Refuse($"{(files.Count == 0 ? "Which file is to be imported?" : $"One file at a time: '{files[1]}' is one too many.")}\n{Usage}");
        if (!ImportCommand.TryReadFile(file, out var bytes, out var sentence))
            return Refuse(sentence);
        if (!SchoolFile.TryRead(bytes, out var reading, out var fault))
            return Refuse($"{file}: {fault}\nNothing was imported.");
        return await Report(reading, dryRun: options.Count > 0);
    }

    private async Task<int> Report(SchoolReading reading, bool dryRun)
    {
        foreach (var warning in reading.Warnings)
            output.WriteLine($"warning: {warning}");
        foreach (var wrong in reading.Errors)
            output.WriteLine(wrong);
        if (reading.Skipped > 0)
            output.WriteLine($"skipped {reading.Skipped} that are no holidays of pupils, or of no zone that is known here");
        if (reading.Years.Count == 0)
        {
            output.WriteLine("nothing was imported: a table is taken whole or not at all");
            output.WriteLine($"read {reading.Read}, accepted 0, rejected {reading.Read}");
            return Failure;
        }
        output.WriteLine($"school years of zones: {reading.Years.Count}, from {reading.Years.Min(year => year.Year)} to {reading.Years.Max(year => year.Year)}");
        if (dryRun)
            output.WriteLine("dry run: nothing was written");
        else if (await Put(reading) is { } stopped)
            return Refuse($"{stopped}\nNothing was imported.");
        output.WriteLine($"read {reading.Read}, accepted {reading.Read}, rejected 0");
        return 0;
    }

    // Null, or why nothing was written.
    private async Task<string?> Put(SchoolReading reading)
    {
        try
        {
            await using var store = await open();
            var news = await store.Put([.. reading.Years]);
            output.WriteLine(news > 0 ? $"new or changed: {news}" : "all of it was known already: nothing was written");
            return null;
        }
        // Whatever a store may throw, its own words say what it is and what mends it; the years are stated as a whole or not at all.
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return failure.Message;
        }
    }

    private int Refuse(string sentence)
    {
        error.WriteLine(sentence);
        return Failure;
    }
}
