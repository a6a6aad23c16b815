using Realtime.Coverage;
using Realtime.Pharmacies;

namespace Realtime.Silo.Import;

/// <summary>
/// <c>import communes FILE [--dry-run]</c>: reads a table of communes, reports the lines that are no good, and puts the others in force, all at once, in the place of
/// those before.
/// </summary>
/// <param name="open">Opens the store; not called for a dry run, nor when the file is no good.</param>
/// <param name="output">The report; its last line is <c>read N, accepted N, rejected N</c>.</param>
/// <param name="error">Progress, and why nothing was done.</param>
/// <param name="isTerminal">Whether <paramref name="error"/> is a terminal that understands ANSI sequences.</param>
internal sealed class CommunesImport(Func<Task<SetImport>> open, TextWriter output, TextWriter error, bool isTerminal)
{
    /// <summary>The word of this kind of import.</summary>
    public const string Word = "communes";

    private const int WarningsShown = 20;
    private const int Failure = 1;

    /// <summary>Runs the command.</summary>
    /// <param name="words">What stands after <c>import communes</c>.</param>
    /// <returns>The exit code: 0, or 1 where nothing was accepted, the file is no good or the command is not understood.</returns>
    public async Task<int> Run(IReadOnlyList<string> words)
    {
        if (!SetArguments.TryParse(words, "file", out var arguments, out var sentence))
            return Refuse($"{sentence}\nusage: import {Word} FILE [--dry-run]");
        if (!ImportCommand.TryReadFile(arguments.Path, out var bytes, out sentence))
            return Refuse(sentence);
        var (reading, fault) = await Read(bytes);
        if (reading is null)
            return Refuse($"{arguments.Path}: {fault}\nNothing was imported.");
        Report(reading);
        if (arguments.DryRun)
            output.WriteLine("dry run: nothing was written");
        else if (reading.Communes.Count > 0 && await SetArguments.Publish(open, CommunesFile.Pack(reading.Communes), reading.Communes.Count, output) is { } stopped)
            return Refuse($"{stopped}\nNothing was imported.");
        output.WriteLine($"read {reading.Read}, accepted {reading.Communes.Count}, rejected {reading.Errors.Count}");
        return reading.Communes.Count > 0 ? 0 : Failure;
    }

    private async Task<(CommunesReading? Reading, FileFault? Fault)> Read(byte[] bytes)
    {
        (CommunesReading? Reading, FileFault? Fault) read = default;
        await ConsoleProgress.Show(error, isTerminal, "importing", bytes.Length, advance =>
        {
            _ = CommunesFile.TryRead(bytes, out read.Reading, out read.Fault);
            advance(bytes.Length);
            return Task.CompletedTask;
        });
        return read;
    }

    private void Report(CommunesReading reading)
    {
        foreach (var note in reading.Errors)
            output.WriteLine(note);
        foreach (var note in reading.Warnings.Take(WarningsShown))
            output.WriteLine($"warning: {note}");
        if (reading.Warnings.Count > WarningsShown)
            output.WriteLine($"warning: … and {reading.Warnings.Count - WarningsShown} more");
        output.WriteLine($"skipped {reading.Skipped} lines: further postcodes of a commune, and communes whose people another line counts");
        output.WriteLine($"inhabitants: {reading.Communes.Sum(commune => (long)commune.Population)}");
    }

    private int Refuse(string sentence)
    {
        error.WriteLine(sentence);
        return Failure;
    }
}
