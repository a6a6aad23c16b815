using System.Security;
using Realtime.Products;

namespace Realtime.Silo.Import;

/// <summary>
/// <c>import bdpm FOLDER [--dry-run]</c>: reads every file of the medicines database in a folder, then puts the whole set in force, or nothing: one wrong
/// line refuses all of it, for a condition of prescription that is lost would put a medicine on sale.
/// </summary>
/// <param name="open">Opens the store; not called for a dry run, nor when the files are no good.</param>
/// <param name="output">The report; its last line is <c>read N, accepted N, rejected N</c>.</param>
/// <param name="error">Progress, and why nothing was done.</param>
/// <param name="isTerminal">Whether <paramref name="error"/> is a terminal that understands ANSI sequences.</param>
internal sealed class BdpmImport(Func<Task<SetImport>> open, TextWriter output, TextWriter error, bool isTerminal)
{
    /// <summary>The word of this kind of import.</summary>
    public const string Word = "bdpm";

    private const string Usage = $"usage: import {Word} FOLDER [--dry-run]";
    private const int Failure = 1;

    /// <summary>Runs the command.</summary>
    /// <param name="words">What stands after <c>import bdpm</c>.</param>
    /// <returns>The exit code: 0, or 1 where nothing was accepted, a file is no good or the command is not understood.</returns>
    public async Task<int> Run(IReadOnlyList<string> words)
    {
        if (!SetArguments.TryParse(words, "folder", out var arguments, out var sentence))
            return Refuse($"{sentence}\n{Usage}");
        if (!TryLoad(arguments.Path, out var files, out sentence))
            return Refuse($"{sentence}\nNothing was imported.");
        return await Import(files, arguments.DryRun);
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
        else if (await SetArguments.Publish(open, CatalogueFile.Write(set), set.Presentations.Count, output) is { } stopped)
            return Refuse($"{stopped}\nNothing was imported.");
        output.WriteLine($"read {reading.Read}, accepted {set.Count}, rejected 0");
        return 0;
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
