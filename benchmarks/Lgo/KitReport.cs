using System.Text;
using Realtime.Web.Edge;
using Spectre.Console;

namespace Realtime.Benchmarks.Lgo;

/// <summary>What a run found: as a table for who sits before it, and as a file that a vendor keeps.</summary>
internal sealed class KitReport(KitArguments asked, DateTimeOffset at)
{
    private readonly List<(Rule Rule, Finding Finding)> _tried = [];

    /// <summary>What is not as it was before the run.</summary>
    public IReadOnlyList<Sentence> Left { get; set; } = [];

    /// <summary>How many rules were tried.</summary>
    public int Tried => _tried.Count;

    /// <summary>How many rules do not hold.</summary>
    public int Failed => Count(Result.Failed);

    /// <summary>The word for what became of a rule.</summary>
    public static string WordOf(Result result) => result switch
    {
        Result.Passed => "pass",
        Result.Failed => "FAIL",
        _ => "skipped",
    };

    /// <summary>Adds what was found, and gives it back.</summary>
    public Finding Add(Rule rule, Finding finding)
    {
        _tried.Add((rule, finding));
        return finding;
    }

    /// <summary>Shows the table and its sum.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="isTerminal">Whether it understands colours and has a width; else every rule is one line.</param>
    public void Show(TextWriter output, bool isTerminal)
    {
        if (isTerminal)
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.Yes }).Write(Table());
        else
            foreach (var (rule, finding) in _tried)
                output.WriteLine($"{WordOf(finding.Result),-8}{rule.Name,-30}{Say(rule.Says)}{Detail(finding)}");
        foreach (var left in Left)
            output.WriteLine($"{Say(new("left behind", "ce qui reste"))}: {Say(left)}");
        output.WriteLine(Sum);
    }

    /// <summary>The report as Markdown, in both languages.</summary>
    public string Markdown()
    {
        var text = new StringBuilder();
        text.Append($"# LGO conformance: {(Failed == 0 ? "passed" : "FAILED")}\n\n{asked.Url}, pharmacy {asked.Pharmacy}, {at:yyyy-MM-dd HH:mm} UTC. {Sum}.\n\n");
        text.Append("| rule | result | what the contract asks for | where |\n|---|---|---|---|\n");
        foreach (var (rule, finding) in _tried)
            text.Append($"| `{rule.Name}` | {WordOf(finding.Result)} | {rule.Says.English}<br>{rule.Says.French} | {rule.Where} |\n");
        Describe(text, "What failed / Ce qui a échoué", Result.Failed);
        Describe(text, "What was not tried / Ce qui n'a pas été essayé", Result.Skipped);
        text.Append("\n## What the run left behind / Ce que l'essai a laissé\n\n");
        foreach (var left in Left)
            text.Append($"* {left.English}\n  {left.French}\n");
        return text.ToString();
    }

    private string Sum => $"{Count(Result.Passed)} passed, {Failed} failed, {Count(Result.Skipped)} skipped";

    private Table Table()
    {
        var table = new Table { Border = TableBorder.Rounded }.AddColumn(Say(new("rule", "règle"))).AddColumn("").AddColumn(Say(new("what the contract asks for", "ce que demande le contrat")));
        foreach (var (rule, finding) in _tried)
            table.AddRow(Markup.Escape(rule.Name), $"[{ColourOf(finding.Result)}]{WordOf(finding.Result)}[/]", Markup.Escape(Say(rule.Says) + Detail(finding)));
        return table;
    }

    private void Describe(StringBuilder text, string title, Result result)
    {
        if (Count(result) == 0)
            return;
        text.Append($"\n## {title}\n\n");
        foreach (var (rule, finding) in _tried.Where(one => one.Finding.Result == result))
            text.Append(finding.Expected.Length == 0 ? $"* `{rule.Name}`: {finding.Came}\n" : $"* `{rule.Name}` ({rule.Where})\n  * expected / attendu : {finding.Expected}\n  * came / reçu : {finding.Came}\n");
    }

    private string Detail(Finding finding) => finding.Result switch
    {
        Result.Passed => "",
        Result.Skipped => $" ({Say(new("skipped", "non essayé"))}: {finding.Came})",
        _ => $" ({Say(new("expected", "attendu"))}: {finding.Expected}; {Say(new("came", "reçu"))}: {finding.Came})",
    };

    private static string ColourOf(Result result) => result switch
    {
        Result.Passed => "green",
        Result.Failed => "red",
        _ => "yellow",
    };

    private int Count(Result result) => _tried.Count(one => one.Finding.Result == result);

    private string Say(Sentence sentence) => asked.French ? sentence.French : sentence.English;
}
