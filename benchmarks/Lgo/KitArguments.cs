using Realtime.Web.Edge;

namespace Realtime.Benchmarks.Lgo;

/// <summary>What the kit was asked to do.</summary>
/// <param name="Url">The server that is tried.</param>
/// <param name="Pharmacy">FINESS number of the pharmacy it is tried on.</param>
/// <param name="Client">The connector's client id.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="Scope">The scope that it asks for; null for none.</param>
/// <param name="StaffClient">The client that acts as the counter.</param>
/// <param name="StaffSecret">Its secret.</param>
/// <param name="StaffScope">The counter's scope; null where the kit may not act as the counter.</param>
/// <param name="Report">Where the report is written; null for nowhere.</param>
/// <param name="Only">Beginnings of the names of the rules that are tried; empty for all.</param>
/// <param name="Patience">How long a public level may take to show.</param>
/// <param name="French">Whether people are spoken to in French.</param>
/// <param name="Yes">Whether it may change a pharmacy elsewhere than on this machine.</param>
internal sealed record KitArguments(
    Uri Url, string Pharmacy, string Client, string Secret, string? Scope, string StaffClient, string StaffSecret, string? StaffScope, string? Report,
    IReadOnlyList<string> Only, TimeSpan Patience, bool French, bool Yes)
{
    /// <summary>How it is called.</summary>
    public const string Usage = """
        usage: lgo-conformance --url URL --pharmacy FINESS [--client ID --secret SECRET [--scope SCOPE]]
                               [--staff-scope SCOPE [--staff-client ID --staff-secret SECRET]]
                               [--report FILE.md] [--only NAME,NAME] [--patience SECONDS] [--lang en|fr] [--yes] | --list
        """;

    private const string Demo = "demo";

    private static readonly string[] Names = ["url", "pharmacy", "client", "secret", "scope", "staff-client", "staff-secret", "staff-scope", "report", "only", "patience", "lang"];

    /// <summary>Reads the words of a command line.</summary>
    /// <exception cref="CannotRunException">One of them is wrong; it is named.</exception>
    public static KitArguments Read(IReadOnlyList<string> words)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < words.Count; i++)
            if (words[i] == "--yes")
                given["yes"] = "";
            else if (words[i].StartsWith("--") && Names.Contains(words[i][2..], StringComparer.Ordinal) && i + 1 < words.Count)
                given[words[i][2..]] = words[++i];
            else
                throw new CannotRunException(new($"'{words[i]}' is not understood", $"« {words[i]} » n'est pas compris"), new(Usage, Usage));
        return Of(given);
    }

    private static KitArguments Of(Dictionary<string, string> given)
    {
        string? Given(string name) => given.GetValueOrDefault(name);
        if (!Uri.TryCreate(Given("url"), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw Missing("--url", "http://localhost:5080");
        if (Given("pharmacy") is not { Length: 9 } pharmacy)
            throw Missing("--pharmacy", "990000010");
        if (!double.TryParse(Given("patience") ?? "5", out var patience) || patience is < 0.1 or > 60)
            throw Missing("--patience", "5");
        var client = Given("client") ?? Demo;
        var isDemo = client == Demo;
        var secret = Given("secret") ?? (isDemo ? "demo-secret" : throw Missing("--secret", "…"));
        return new(
            url, pharmacy, client, secret, Given("scope") ?? (isDemo ? $"lgo:{pharmacy}" : null),
            Given("staff-client") ?? client, Given("staff-secret") ?? secret, Given("staff-scope") ?? (isDemo ? $"staff:{pharmacy}" : null), Given("report"),
            Given("only")?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [], TimeSpan.FromSeconds(patience), Given("lang") == "fr", given.ContainsKey("yes"));
    }

    private static CannotRunException Missing(string name, string example) =>
        new(new($"{name} is missing or wrong", $"{name} manque ou est faux"), new($"give it as: {name} {example}\n{Usage}", $"donnez-le ainsi : {name} {example}\n{Usage}"));
}

/// <summary>The kit could not try anything: what is in the way, and what mends it.</summary>
internal sealed class CannotRunException(Sentence culprit, Sentence mend) : Exception($"{culprit.English}: {mend.English}")
{
    /// <summary>What is in the way.</summary>
    public Sentence Culprit => culprit;

    /// <summary>What mends it.</summary>
    public Sentence Mend => mend;
}
