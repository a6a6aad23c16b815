using System.Text.Json;

namespace Realtime.Benchmarks.Lgo;

/// <summary>A line that is wrong is named, and the rest of the feed stands.</summary>
internal static class LineRules
{
    private const int TenMegabytes = 10 * 1024 * 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("line.rest-stands", new("One bad line does not cost the others.", "Une ligne fausse ne coûte pas les autres."), Rules.Lines, RestStands),
        new("line.keeps-the-rest", new("A product whose only line was rejected keeps the boxes that it had.", "Un produit dont la seule ligne est rejetée garde les boîtes qu'il avait."), Rules.Lines, KeepsTheRest),
        new("snapshot.nothing-taken", new("A snapshot of which no line could be taken changes nothing and makes nothing fresh.", "Un instantané dont aucune ligne n'a pu être prise ne change rien et ne rend rien frais."), Rules.Lines, NothingTaken),
        new("line.numbers", new("Lines are counted from 1 over the whole body, the header and blank lines included.", "Les lignes sont comptées à partir de 1 sur tout le corps, en-tête et lignes vides compris."), Rules.Lines, Numbers),
        Wrong("line.invalid-json", "invalid-json", new("A line that is no JSON object is invalid-json.", "Une ligne qui n'est pas un objet JSON est invalid-json."), _ => "{\"cip13\":"),
        Wrong("line.unknown-member", "unknown-member", new("A line with a member of another name is unknown-member.", "Une ligne avec un membre d'un autre nom est unknown-member."), trial => $$"""{"cip13":"{{trial.Product}}","quantity":10,"price":3}"""),
        Wrong("line.check-digit", "invalid-cip13", new("A CIP13 whose check digit is wrong is invalid-cip13.", "Un CIP13 dont la clé est fausse est invalid-cip13."), trial => Line(trial.Product[..12] + (char)('0' + (trial.Product[12] - '0' + 1) % 10))),
        Wrong("line.not-a-code", "invalid-cip13", new("A code that is no CIP13 is invalid-cip13.", "Un code qui n'est pas un CIP13 est invalid-cip13."), _ => Line("12345")),
        new("line.unknown-product", new("A CIP13 that the catalogue does not have is unknown-product.", "Un CIP13 absent du catalogue est unknown-product."), Rules.Lines, UnknownProduct),
        Wrong("line.negative", "invalid-quantity", new("A quantity below 0 is invalid-quantity.", "Une quantité négative est invalid-quantity."), trial => $$"""{"cip13":"{{trial.Product}}","quantity":-1}"""),
        Wrong("line.fraction", "invalid-quantity", new("Half a box is invalid-quantity.", "Une demi-boîte est invalid-quantity."), trial => $$"""{"cip13":"{{trial.Product}}","quantity":1.5}"""),
        Wrong("line.invalid-expiry", "invalid-expiry", new("A day that no calendar has is invalid-expiry.", "Un jour qu'aucun calendrier n'a est invalid-expiry."), trial => $$"""{"cip13":"{{trial.Product}}","quantity":10,"lot":"A","expiry":"2027-13-40"}"""),
        Wrong("line.invalid-lot", "invalid-lot", new("A lot of 200 characters is invalid-lot.", "Un lot de 200 caractères est invalid-lot."), trial => $$"""{"cip13":"{{trial.Product}}","quantity":10,"lot":"{{new string('L', 200)}}"}"""),
        Wrong("line.too-long", "line-too-long", new("A line of 10 MB is line-too-long.", "Une ligne de 10 Mo est line-too-long."), trial => $$"""{"cip13":"{{trial.Product}}","quantity":10,"lot":"{{new string('L', TenMegabytes)}}"}"""),
    ];

    private static Rule Wrong(string name, string error, Web.Edge.Sentence says, Func<Trial, string> line) => new(name, says, Rules.Lines, trial => Rejected(trial, line(trial), error));

    private static string Line(string cip13) => $$"""{"cip13":"{{cip13}}","quantity":10}""";

    private static async Task<Finding> RestStands(Trial trial)
    {
        var check = new Check();
        await trial.Begin();
        var answer = await trial.Feed((await trial.Delta()).Raw("not json").With(new FeedLine(trial.Product, 10)));
        check.Answered(answer, 200);
        check.That(answer.Number("accepted") == 1, "accepted 1", answer.Told);
        await check.Level(trial, trial.Product, "inStock", "the good line says 10 boxes");
        return check.Finding;
    }

    // Ten boxes are there; a snapshot without the product would leave none.
    private static async Task<Finding> KeepsTheRest(Trial trial)
    {
        var check = new Check();
        var bad = $$"""{"cip13":"{{trial.Product}}","quantity":-1}""";
        check.Answered(await trial.Feed(await trial.Snapshot(new FeedLine(trial.Product, 10))), 200);
        await check.Level(trial, trial.Product, "inStock", "the snapshot says 10 boxes");
        check.Answered(await trial.Feed((await trial.Snapshot(new FeedLine(trial.Second, 5))).Raw(bad)), 200);
        var level = await trial.Untouched();
        check.That(level == "inStock", "level inStock: the ten boxes from before, as its line in the snapshot was rejected", $"level {level}");
        return check.Finding;
    }

    private static async Task<Finding> NothingTaken(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.Feed(await trial.Snapshot(new FeedLine(trial.Product, 10))), 200);
        await SendNothing(trial, check);
        var level = await trial.Untouched();
        check.That(level == "inStock", "level inStock: the ten boxes from before", $"level {level}");
        check.Answered(await trial.Feed(trial.Snapshot(await trial.Last() + 1, trial.Now.AddDays(-6), new FeedLine(trial.Product, 10))), 200);
        await check.Level(trial, trial.Product, "unknown", "the feed is six days old");
        await SendNothing(trial, check);
        // What must not come is waited for as long as it would take to show.
        await Task.Delay(Pause);
        await check.Level(trial, trial.Product, "unknown", "nothing was said since the feed that is six days old");
        return check.Finding;
    }

    private static async Task SendNothing(Trial trial, Check check)
    {
        var answer = await trial.Feed(FeedText.Begin("snapshot", await trial.Last() + 1, trial.Now).Raw("not json").Raw("nor this"));
        check.Answered(answer, 200);
        check.That(answer.Number("accepted") == 0 && answer.Items("rejected").Count == 2, "accepted 0, two rejected", answer.Told);
    }

    private static async Task<Finding> Numbers(Trial trial)
    {
        var check = new Check();
        var answer = await trial.Feed((await trial.Delta(new FeedLine(trial.Product, 2))).Raw("").Raw("not json"));
        check.Answered(answer, 200);
        var lines = answer.Items("rejected").Select(one => one.Number("line")).ToList();
        check.That(lines is [4], "rejected line 4 alone", answer.Told);
        check.That(answer.Number("accepted") == 1, "accepted 1", answer.Told);
        return check.Finding;
    }

    private static async Task<Finding> UnknownProduct(Trial trial)
    {
        for (var number = 340099999990L; number < 340099999999L; number++)
            if (WithCheckDigit($"{number}") is var cip13 && !await trial.IsKnown(cip13))
                return await Rejected(trial, Line(cip13), "unknown-product");
        return Finding.Skipped("every code that was tried is known there");
    }

    // There are two boxes, one of which can be promised; the wrong line would make them ten or none. The right line after it is of another product.
    private static async Task<Finding> Rejected(Trial trial, string line, string error)
    {
        var check = new Check();
        await trial.Begin();
        var answer = await trial.FeedPacked((await trial.Delta()).Raw(line).With(new FeedLine(trial.Second, 5)));
        check.Answered(answer, 200);
        var rejected = answer.Items("rejected");
        check.That(rejected.Count == 1 && rejected[0].Number("line") == 2 && rejected[0].Text("error") == error, $"rejected [{{ line: 2, error: {error} }}]", Told(rejected, answer));
        check.That(answer.Number("accepted") == 1, "accepted 1: the rest stands", answer.Told);
        var level = await trial.Untouched();
        check.That(level == "low", "level low: nothing of the wrong line counts", $"level {level}");
        return check.Finding;
    }

    private static string Told(IReadOnlyList<JsonElement> rejected, Answer answer) => answer.Status != 200 ? answer.Told : $"rejected [{string.Join(", ", rejected)}]";

    // EAN-13: weights 1 and 3 in turn.
    private static string WithCheckDigit(string twelve) => twelve + (char)('0' + (10 - twelve.Select((digit, i) => (digit - '0') * (i % 2 == 0 ? 1 : 3)).Sum() % 10) % 10);
}
