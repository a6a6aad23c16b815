using System.Security;
using Realtime.Products;

namespace Realtime.Silo.Import;

/// <summary>A store that is open for a set of the medicines database.</summary>
/// <param name="Publish">Keeps the set and puts it in force; false where it is in force already.</param>
/// <param name="Close">Lets go of the store.</param>
internal sealed record CatalogueImport(Func<BdpmSet, Task<bool>> Publish, Func<ValueTask> Close) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Close();
}

/// <summary>
/// <c>import bdpm FOLDER [--dry-run]</c>: reads every file of the medicines database in a folder, then puts the whole set in force, or nothing: one wrong
/// line refuses all of it, for a condition of prescription that is lost would put a medicine on sale.
/// </summary>
/// <param name="open">Opens the store; not called for a dry run, nor when the files are no good.</param>
/// <param name="output">The report; its last line is <c>read N, accepted N, rejected N</c>.</param>
/// <param name="error">Progress, and why nothing was done.</param>
/// <param name="isTerminal">Whether <paramref name="error"/> is a terminal that understands ANSI sequences.</param>
internal sealed class BdpmImport(Func<Task<CatalogueImport>> open, TextWriter output, TextWriter error, bool isTerminal)
{
    /// <summary>The word of this kind of import.</summary>
    public const string Word = "bdpm";

    private const string Usage = $"usage: import {Word} FOLDER [--dry-run]";
    private const string DryRunOption = "--dry-run";
    private const int Failure = 1;

    /// <summary>Runs the command.</summary>
    /// <param name="words">What stands after <c>import bdpm</c>.</param>
    /// <returns>The exit code: 0, or 1 where nothing was accepted, a file is no good or the command is not understood.</returns>
    public async Task<int> Run(IReadOnlyList<string> words)
    {
        var (options, folders) = (words.Where(word => word.StartsWith("--", StringComparison.Ordinal)).ToList(), words.Where(word => !word.StartsWith("--", StringComparison.Ordinal)).ToList());
        if (options.FirstOrDefault(option => option != DryRunOption) is { } unknown)
            return Refuse($"Unknown option '{unknown}'.\n{Usage}");
        if (folders is not [var folder])
            return Refuse($"{(folders.Count == 0 ? "Which folder is to be imported?" : $"One folder at a time: '{folders[1]}' is one too many.")}\n{Usage}");
        if (!TryLoad(folder, out var files, out var sentence))
            return Refuse($"{sentence}\nNothing was imported.");
        return await Import(files, dryRun: options.Count > 0);
    }

    private async Task<int> Import(Dictionary<string, byte[]> files, bool dryRun)
    {
        BdpmReading? reading = null;
        await ConsoleProgress.Show(error, isTerminal, "importing", files.Count, advance =>
        {
            reading = BdpmFolder.Read(file =>
            {
                advance(1);
                return files[file];
            });
            return Task.CompletedTask;
        });
        foreach (var warning in reading!.Warnings)
            output.WriteLine($"warning: {warning}");
        foreach (var wrong in reading.Errors)
            output.WriteLine(wrong);
        if (reading.Set is not { } set)
        {
            output.WriteLine("nothing was imported: a set is taken whole or not at all");
            output.WriteLine($"read {reading.Read}, accepted 0, rejected {reading.Read}");
            return Failure;
        }
        foreach (var (what, count) in Counts(set))
            output.WriteLine($"{what}: {count}");
        if (dryRun)
            output.WriteLine("dry run: nothing was written");
        else if (await Publish(set) is { } stopped)
            return Refuse($"{stopped}\nNothing was imported.");
        output.WriteLine($"read {reading.Read}, accepted {set.Count}, rejected 0");
        return 0;
    }

    // Null, or why it was not put in force.
    private async Task<string?> Publish(BdpmSet set)
    {
        try
        {
            await using var store = await open();
            output.WriteLine(await store.Publish(set) ? "this set is in force now" : "this very set was in force already: nothing was written");
            return null;
        }
        // Whatever a store may throw, its own words say what it is and what mends it; the set is in force as a whole or not at all.
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return failure.Message;
        }
    }

    private static IEnumerable<(string What, int Count)> Counts(BdpmSet set) =>
    [
        ("specialities", set.Specialities.Count), ("presentations", set.Presentations.Count), ("substances in them", set.Components.Count), ("conditions of prescription", set.Conditions.Count),
        ("memberships of generic groups", set.Groups.Count), ("supply disruptions", set.Disruptions.Count), ("medicines of major interest", set.MajorInterests.Count),
    ];

    private static bool TryLoad(string folder, out Dictionary<string, byte[]> files, out string sentence)
    {
        files = new(StringComparer.Ordinal);
        if (!Directory.Exists(folder))
        {
            sentence = File.Exists(folder) ? $"{folder} is a file; a folder with the files of the medicines database is expected." : $"There is no folder {folder}.";
            return false;
        }
        var missing = BdpmFolder.Files.Where(file => !File.Exists(Path.Combine(folder, file))).ToList();
        sentence = missing.Count == 0 ? "" : $"{folder} lacks {string.Join(", ", missing)}: a set is imported whole.";
        try
        {
            foreach (var file in BdpmFolder.Files.Except(missing))
                files[file] = File.ReadAllBytes(Path.Combine(folder, file));
        }
        // What the disk refuses is the operator's to mend: he is told in the system's words.
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or SecurityException)
        {
            sentence = $"{folder} cannot be read: {refused.Message}";
        }
        return sentence.Length == 0;
    }

    private int Refuse(string sentence)
    {
        error.WriteLine(sentence);
        return Failure;
    }
}
