using System.Runtime.InteropServices;
using Realtime.Web.Edge;
using Spectre.Console;

namespace Realtime.Benchmarks.Lgo;

/// <summary>
/// Tries every rule of the connectors' contract against any URL, for vendors of pharmacy software and for whoever implements the contract. It speaks plain HTTP alone and knows nothing of how
/// the server is made.
/// </summary>
internal static class LgoConformance
{
    /// <summary>Exit codes: all rules hold; one does not; nothing could be tried.</summary>
    public const int Passed = 0, Broken = 1, CouldNotRun = 2;

    /// <summary>Runs the kit. Who interrupts it gets the pharmacy back as it was; who does so a second time does not wait for that.</summary>
    /// <param name="words">The command line after its name.</param>
    /// <param name="output">Where the table goes.</param>
    /// <param name="error">Where progress, warnings and culprits go.</param>
    /// <param name="isTerminal">Whether both are a terminal that understands colours.</param>
    /// <param name="time">The clock by which feeds are taken.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> Run(IReadOnlyList<string> words, TextWriter output, TextWriter error, bool isTerminal, TimeProvider time)
    {
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await Run(words, output, error, isTerminal, time, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    /// <summary>Runs the kit until somebody stops it.</summary>
    /// <inheritdoc cref="Run(IReadOnlyList{string}, TextWriter, TextWriter, bool, TimeProvider)"/>
    /// <param name="words">The command line after its name.</param>
    /// <param name="output">Where the table goes.</param>
    /// <param name="error">Where progress, warnings and culprits go.</param>
    /// <param name="isTerminal">Whether both are a terminal that understands colours.</param>
    /// <param name="time">The clock by which feeds are taken.</param>
    /// <param name="stop">Stops it: what it changed is put back first.</param>
    public static async Task<int> Run(IReadOnlyList<string> words, TextWriter output, TextWriter error, bool isTerminal, TimeProvider time, CancellationToken stop)
    {
        var french = words.Contains("fr", StringComparer.Ordinal);
        if (words is ["--list"] or ["--list", "--lang", _])
        {
            foreach (var rule in Rules.All)
                await output.WriteLineAsync($"{rule.Name}: {Say(rule.Says, french)}");
            return Passed;
        }
        try
        {
            return await Run(KitArguments.Read(words), output, error, isTerminal, time, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await error.WriteLineAsync(Say(new("stopped before anything was changed", "arrêté avant d'avoir rien changé"), french));
            return CouldNotRun;
        }
        catch (CannotRunException reason)
        {
            await error.WriteLineAsync($"{Say(new("could not run", "n'a pas pu tourner"), french)}: {Say(reason.Culprit, french)}\n{Say(reason.Mend, french)}");
            return CouldNotRun;
        }
        catch (HttpRequestException unreachable)
        {
            // Rules meet this one by one; here it was the first call of all.
            await error.WriteLineAsync(Say(new(
                $"could not run: the server does not answer ({unreachable.Message})\nstart it, or give another --url",
                $"n'a pas pu tourner : le serveur ne répond pas ({unreachable.Message})\ndémarrez-le, ou donnez une autre --url"), french));
            return CouldNotRun;
        }
    }

    private static async Task<int> Run(KitArguments asked, TextWriter output, TextWriter error, bool isTerminal, TimeProvider time, CancellationToken stop)
    {
        await Warn(asked, error);
        using var server = new LgoServer(asked.Url, time) { Stop = stop };
        var trial = await Trial.Open(server, asked, time);
        var report = new KitReport(asked, time.GetUtcNow());
        var rules = Rules.All.Where((rule, i) => i == 0 || asked.Only.Count == 0 || asked.Only.Any(rule.Name.StartsWith)).ToList();
        var isStopped = false;
        try
        {
            await Progress(error, isTerminal, rules, async rule => report.Add(rule, await Try(rule, trial, stop)), asked.French);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            isStopped = true;
        }
        finally
        {
            server.Stop = CancellationToken.None;
            report.Left = await trial.PutBack();
        }
        report.Show(output, isTerminal);
        if (isStopped)
            return await SayStopped(report, rules.Count, error, asked.French);
        if (asked.Report is { } file)
            await File.WriteAllTextAsync(file, report.Markdown(), CancellationToken.None);
        return report.Failed > 0 ? Broken : Passed;
    }

    // Half a run says nothing of a server: no report is written that somebody might show.
    private static async Task<int> SayStopped(KitReport report, int rules, TextWriter error, bool french)
    {
        await error.WriteLineAsync(Say(new(
            $"stopped after {report.Tried} of {rules} rules: what the kit had changed is put back, except for what it says it left behind",
            $"arrêté après {report.Tried} règles sur {rules} : ce que le kit avait changé est rétabli, sauf ce qu'il dit laisser"), french));
        return CouldNotRun;
    }

    private static async Task<Finding> Try(Rule rule, Trial trial, CancellationToken stop)
    {
        try
        {
            return await rule.Try(trial);
        }
        catch (Exception broken) when (broken is HttpRequestException or CannotRunException || broken is TaskCanceledException && !stop.IsCancellationRequested)
        {
            // A server that hangs up, does not answer in time or forgets the pharmacy breaks the rule that was being tried, not the kit.
            return new(Result.Failed, "an answer", broken.Message);
        }
    }

    // Feeding the wrong pharmacy would cost a real counter its stock.
    private static async Task Warn(KitArguments asked, TextWriter error)
    {
        if (asked.Url.IsLoopback)
            return;
        if (!asked.Yes)
            throw new CannotRunException(
                new($"{asked.Url.Host} is not this machine: the kit feeds stock to {asked.Pharmacy}, places orders there and rings at its counter", $"{asked.Url.Host} n'est pas cette machine : le kit envoie du stock à {asked.Pharmacy}, y passe des commandes et fait sonner son comptoir"),
                new("add --yes if that is meant", "ajoutez --yes si c'est voulu"));
        await error.WriteLineAsync(Say(new($"Feeding {asked.Pharmacy} at {asked.Url}.", $"Envoi de stock à {asked.Pharmacy} sur {asked.Url}."), asked.French));
    }

    private static Task Progress(TextWriter error, bool isTerminal, List<Rule> rules, Func<Rule, Task<Finding>> attempt, bool french) =>
        isTerminal ? ShowBar(error, rules, attempt, french) : ShowLines(error, rules, attempt);

    private static Task ShowBar(TextWriter error, List<Rule> rules, Func<Rule, Task<Finding>> attempt, bool french) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes }).Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask("", maxValue: rules.Count);
                foreach (var rule in rules)
                {
                    bar.Description = Markup.Escape(Say(rule.Says, french));
                    await attempt(rule);
                    bar.Increment(1);
                }
            });

    private static async Task ShowLines(TextWriter error, List<Rule> rules, Func<Rule, Task<Finding>> attempt)
    {
        for (var i = 0; i < rules.Count; i++)
            await error.WriteLineAsync($"{i + 1}/{rules.Count} {rules[i].Name}: {KitReport.WordOf((await attempt(rules[i])).Result)}");
    }

    private static string Say(Sentence sentence, bool french) => french ? sentence.French : sentence.English;
}
