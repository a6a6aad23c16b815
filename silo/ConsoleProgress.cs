using Spectre.Console;

namespace Realtime.Silo;

/// <summary>Shows an operator how far a long command is: a bar on a terminal, a line at every tenth elsewhere, so that a log stays readable.</summary>
internal static class ConsoleProgress
{
    /// <summary>Runs <paramref name="work"/>, which calls its argument with how many more of the <paramref name="total"/> are done, from any thread.</summary>
    /// <param name="error">The console's error stream, or what stands for it in a test.</param>
    /// <param name="isTerminal">Whether <paramref name="error"/> is a terminal that understands ANSI sequences.</param>
    /// <param name="doing">What is done, as <c>importing</c>.</param>
    /// <param name="total">Records to be done.</param>
    /// <param name="work">The command.</param>
    public static Task Show(TextWriter error, bool isTerminal, string doing, long total, Func<Action<int>, Task> work) =>
        isTerminal ? ShowBar(error, doing, total, work) : ShowLines(error, doing, total, work);

    private static Task ShowBar(TextWriter error, string doing, long total, Func<Action<int>, Task> work) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes }).Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask(doing, maxValue: Math.Max(1, total));
                return work(more => bar.Increment(more));
            });

    private static Task ShowLines(TextWriter error, string doing, long total, Func<Action<int>, Task> work)
    {
        var step = Math.Max(1, total / 10);
        var done = 0L;
        var lines = TextWriter.Synchronized(error);
        return work(more =>
        {
            var count = Interlocked.Add(ref done, more);
            if (count / step > (count - more) / step)
                lines.WriteLine($"{doing}: {count} of {total}");
        });
    }
}
