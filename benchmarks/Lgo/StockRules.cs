namespace Realtime.Benchmarks.Lgo;

/// <summary>What the lines of a feed mean for what is promised.</summary>
internal static class StockRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("reserve.one", new("One box is never promised where a feed says the stock.", "Une boîte n'est jamais promise quand un flux dit le stock."), Rules.Meaning, Reserve),
        new("snapshot.absolute", new("Quantities are boxes on hand: the same snapshot twice changes nothing.", "Les quantités sont des boîtes en rayon : le même instantané deux fois ne change rien."), Rules.Meaning, SnapshotAbsolute),
        new("snapshot.absent-is-zero", new("A product that a snapshot leaves out has no boxes.", "Un produit absent d'un instantané n'a plus de boîte."), Rules.Meaning, AbsentIsZero),
        new("delta.absolute", new("A delta says boxes on hand too, not more or fewer.", "Un delta dit aussi les boîtes en rayon, pas une différence."), Rules.Meaning, DeltaAbsolute),
        new("delta.others-stay", new("A product that a delta leaves out stays as it was.", "Un produit absent d'un delta reste tel quel."), Rules.Meaning, OthersStay),
        new("lots.summed", new("Lines of one product, of several lots or of one, are summed.", "Les lignes d'un produit, de plusieurs lots ou d'un seul, s'additionnent."), Rules.Lots, Summed),
        new("lots.replaced", new("The lines of a product in a delta replace all that was known of its lots.", "Les lignes d'un produit dans un delta remplacent tout ce qui était connu de ses lots."), Rules.Lots, Replaced),
        new("lots.expired-not-promised", new("Boxes of an expired lot are never promised.", "Les boîtes d'un lot périmé ne sont jamais promises."), Rules.Lots, Expired),
        new("lots.month", new("An expiry date may name a month alone, or its day 00: both mean its last day.", "Une péremption peut nommer un mois seul, ou son jour 00 : c'est alors son dernier jour."), Rules.Lots, Month),
        new("stale.unknown", new("Levels of a feed that is older than two open hours are unknown.", "Les niveaux d'un flux de plus de deux heures ouvrées sont inconnus."), Rules.Fresh, Stale),
        new("stale.refreshed", new("The next feed makes levels known again.", "Le flux suivant rend les niveaux connus."), Rules.Fresh, Refreshed),
        new("stale.not-orderable", new("What is unknown cannot be ordered.", "Ce qui est inconnu ne peut être commandé."), Rules.Fresh, NotOrderable),
    ];

    private static async Task<Finding> Reserve(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.Feed(await trial.Delta(new FeedLine(trial.Product, 2))), 200);
        await check.Level(trial, trial.Product, "low", "of two boxes one can be promised");
        check.Answered(await trial.Feed(await trial.Delta(new FeedLine(trial.Product, 1))), 200);
        await check.Level(trial, trial.Product, "outOfStock", "the last box is the reserve");
        return check.Finding;
    }

    private static async Task<Finding> SnapshotAbsolute(Trial trial)
    {
        var check = new Check();
        for (var times = 0; times < 3; times++)
            check.Answered(await trial.Feed(await trial.Snapshot(new FeedLine(trial.Product, 2))), 200);
        var level = await trial.Untouched();
        check.That(level == "low", "level low: two boxes, however often that is said", $"level {level}");
        return check.Finding;
    }

    private static async Task<Finding> AbsentIsZero(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.Feed(await trial.Snapshot(new FeedLine(trial.Product, 10))), 200);
        await check.Level(trial, trial.Product, "inStock", "the snapshot says 10 boxes");
        check.Answered(await trial.Feed(await trial.Snapshot()), 200);
        await check.Level(trial, trial.Product, "outOfStock", "the next snapshot leaves it out");
        return check.Finding;
    }

    private static async Task<Finding> DeltaAbsolute(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.Feed(await trial.Snapshot(new FeedLine(trial.Product, 2))), 200);
        for (var times = 0; times < 2; times++)
            check.Answered(await trial.Feed(await trial.Delta(new FeedLine(trial.Product, 3))), 200);
        var level = await trial.Untouched();
        check.That(level == "low", "level low: three boxes on hand, two to promise", $"level {level}");
        return check.Finding;
    }

    private static async Task<Finding> OthersStay(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.Feed(await trial.Delta(new FeedLine(trial.Product, 10))), 200);
        await check.Level(trial, trial.Product, "inStock", "the delta says 10 boxes");
        var level = await trial.Untouched();
        check.That(level == "inStock", "level inStock after a delta of another product", $"level {level}");
        return check.Finding;
    }

    private static async Task<Finding> Summed(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.Feed(await trial.Delta(new FeedLine(trial.Product, 1, "KIT1", Ahead(trial)), new(trial.Product, 2, "KIT2", Ahead(trial)), new(trial.Product, 1, "KIT2", Ahead(trial)))), 200);
        await check.Level(trial, trial.Product, "inStock", "four boxes on hand, three to promise");
        return check.Finding;
    }

    private static async Task<Finding> Replaced(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.Feed(await trial.Delta(new FeedLine(trial.Product, 4, "KIT1", Ahead(trial)), new(trial.Product, 4, "KIT2", Ahead(trial)))), 200);
        check.Answered(await trial.Feed(await trial.Delta(new FeedLine(trial.Product, 2, "KIT1", Ahead(trial)))), 200);
        await check.Level(trial, trial.Product, "low", "only two boxes of KIT1 are left");
        return check.Finding;
    }

    private static async Task<Finding> Expired(Trial trial)
    {
        var check = new Check();
        var past = $"{trial.Now.AddDays(-40):yyyy-MM-dd}";
        check.Answered(await trial.Feed(await trial.Delta(new FeedLine(trial.Product, 10, "KITOLD", past))), 200);
        await check.Level(trial, trial.Product, "outOfStock", $"all ten boxes expired on {past}");
        check.Answered(await trial.Feed(await trial.Delta(new FeedLine(trial.Product, 10, "KITOLD", past), new(trial.Product, 2, "KITNEW", Ahead(trial)))), 200);
        await check.Level(trial, trial.Product, "low", "two boxes have not expired");
        return check.Finding;
    }

    private static async Task<Finding> Month(Trial trial)
    {
        var check = new Check();
        var (ahead, past) = ($"{trial.Now.AddDays(400):yyyy-MM}", $"{trial.Now.AddDays(-70):yyyy-MM}");
        foreach (var ending in (string[])["", "-00"])
        {
            var answer = await trial.Feed(await trial.Delta(new FeedLine(trial.Product, 10, "KIT1", past + ending), new(trial.Product, 2, "KIT2", ahead + ending)));
            check.Answered(answer, 200);
            check.That(answer.Items("rejected").Count == 0, $"{ahead + ending} is taken", answer.Told);
            await check.Level(trial, trial.Product, "low", $"ten boxes expired in {past}, two do in {ahead}");
        }
        return check.Finding;
    }

    private static async Task<Finding> Stale(Trial trial)
    {
        var check = new Check();
        await SendStale(trial, check);
        await check.Level(trial, trial.Product, "unknown", "the feed is six days old");
        return check.Finding;
    }

    private static async Task<Finding> Refreshed(Trial trial)
    {
        var check = new Check();
        await SendStale(trial, check);
        check.Answered(await trial.Feed(await trial.Snapshot(new FeedLine(trial.Product, 10))), 200);
        await check.Level(trial, trial.Product, "inStock", "a snapshot of now says 10 boxes");
        return check.Finding;
    }

    private static async Task<Finding> NotOrderable(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.Feed(await trial.Snapshot(new FeedLine(trial.Ordered, 50))), 200);
        var (before, answer) = await trial.Orders.Place(trial.Ordered);
        if (before is null)
            return Finding.Skipped($"the pharmacy takes no order: {answer.Told}");
        await trial.Orders.Cancel(before);
        await SendStale(trial, check);
        var (order, came) = await trial.Orders.Place(trial.Ordered);
        check.That(order is null && came.Status == 409, "409 for an order of what is unknown", came.Told);
        check.Answered(await trial.Feed(await trial.Snapshot()), 200);
        return check.Finding;
    }

    private static async Task SendStale(Trial trial, Check check) =>
        check.Answered(await trial.Feed(trial.Snapshot(await trial.Last() + 1, trial.Now.AddDays(-6), new FeedLine(trial.Product, 10), new(trial.Ordered, 50))), 200);

    private static string Ahead(Trial trial) => $"{trial.Now.AddDays(400):yyyy-MM-dd}";
}
