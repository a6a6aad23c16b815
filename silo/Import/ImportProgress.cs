using Spectre.Console;

namespace Realtime.Silo.Import;

/// <summary>Shows an operator how far an import is: a bar on a terminal, a line at every tenth elsewhere, so that a log stays readable.</summary>
internal static class ImportProgress
{
    /// <summary>Runs <paramref name="work"/>, which calls its argument once for each of the <paramref name="total"/> records done, from any thread.</summary>
    /// <param name="error">The console's error stream, or what stands for it in a test.</param>
    /// <param name="isTerminal">Whether <paramref name="error"/> is a terminal that understands ANSI sequences.</param>
    /// <param name="total">Records to be done.</param>
    /// <param name="work">The import.</param>
    public static Task Show(TextWriter error, bool isTerminal, int total, Func<Action, Task> work) =>
        isTerminal ? ShowBar(error, total, work) : ShowLines(error, total, work);

    private static Task ShowBar(TextWriter error, int total, Func<Action, Task> work) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes }).Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask("importing", maxValue: Math.Max(1, total));
                return work(() => bar.Increment(1));
            });

    private static Task ShowLines(TextWriter error, int total, Func<Action, Task> work)
    {
        var step = Math.Max(1, total / 10);
        var done = 0;
        var lines = TextWriter.Synchronized(error);
        return work(() =>
        {
            var count = Interlocked.Increment(ref done);
            if (count % step == 0)
                lines.WriteLine($"importing: {count} of {total}");
        });
    }
}
