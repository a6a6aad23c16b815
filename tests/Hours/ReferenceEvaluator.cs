using System.Diagnostics;
using System.Text.Json;
using NodaTime;
using Realtime.Hours;

namespace Realtime.Tests.Hours;

/// <summary>One text and the instants at which both shall say what it shows.</summary>
internal sealed record Job(string Text, Instant[] At);

/// <summary>One digit per instant, 0 for closed, 1 for open, 2 for unknown, with the comment of each; or why the text was refused.</summary>
internal sealed record Answer(string? States, string?[]? Comments, string? Error)
{
    /// <summary>What it shows at one of the instants; a comment that is not of the text, as the name of a holiday, is none.</summary>
    public (ServiceState State, string? Comment) At(int i) =>
        (States![i] switch { '0' => ServiceState.Closed, '1' => ServiceState.Open, _ => ServiceState.Unknown }, HoursGenerator.IsComment(Comments![i]) ? Comments[i] : null);
}

/// <summary>The npm package in a process of its own, in the time zone asked for.</summary>
public sealed class ReferenceEvaluator : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(Campaign.Root, "tests", "oracles");

    /// <summary>Installs the package as its lock file has it, where it is not there yet.</summary>
    public async ValueTask InitializeAsync()
    {
        if (Directory.Exists(Path.Combine(Folder, "node_modules", "opening_hours")))
            return;
        using var process = Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund"]));
        process.StandardInput.Close();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"npm ci in tests/oracles failed:\n{said}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal async Task<List<Answer>> Ask(string timeZone, string state, IReadOnlyList<Job> jobs)
    {
        var start = new ProcessStartInfo("node", ["opening-hours.mjs", state]) { Environment = { ["TZ"] = timeZone } };
        using var process = Start(start);
        var feeding = Feed(process.StandardInput, jobs);
        var answers = new List<Answer>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            answers.Add(JsonSerializer.Deserialize<Answer>(line, JsonSerializerOptions.Web)!);
        await feeding;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0 && answers.Count == jobs.Count, $"The reference evaluator answered {answers.Count} of {jobs.Count} and ended with {process.ExitCode}.");
        return answers;
    }

    private static async Task Feed(StreamWriter input, IReadOnlyList<Job> jobs)
    {
        foreach (var job in jobs)
            await input.WriteLineAsync(JsonSerializer.Serialize(new { hours = job.Text, at = job.At.Select(t => t.ToUnixTimeMilliseconds()) }));
        input.Close();
    }

    private static Process Start(ProcessStartInfo start)
    {
        start.WorkingDirectory = Folder;
        start.RedirectStandardInput = start.RedirectStandardOutput = true;
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw new InvalidOperationException($"'{start.FileName}' is not on the PATH: this test needs Node.js and npm.", missing);
        }
    }
}
