namespace Realtime.Benchmarks.Lgo;

/// <summary>No feed is lost, and none is applied twice.</summary>
internal static class SequenceRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("seq.next", new("The last accepted number plus one is accepted, and then is the last.", "Le dernier numéro accepté plus un est accepté, et devient le dernier."), Rules.Sequence, Next),
        new("seq.gap", new("A gap is refused with 409 sequence-gap and the last accepted number; nothing is applied.", "Un trou est refusé par 409 sequence-gap avec le dernier numéro accepté ; rien n'est appliqué."), Rules.Sequence, Gap),
        new("seq.past", new("A number before the last is refused with 409 sequence-gap and the last accepted number.", "Un numéro antérieur au dernier est refusé par 409 sequence-gap avec le dernier numéro accepté."), Rules.Sequence, Past),
        new("seq.repeat", new("The same feed again gets the same answer again, and is not a new one.", "Le même flux renvoyé reçoit la même réponse, et n'est pas un nouveau flux."), Rules.Sequence, Repeat),
        new("seq.repeat-gzip", new("A repeat is known by its content, compressed or not.", "Une répétition est reconnue à son contenu, compressé ou non."), Rules.Sequence, RepeatPacked),
        new("seq.repeat-applies-nothing", new("A repeat does not undo what the counter counted in between.", "Une répétition n'efface pas ce que le comptoir a compté entre-temps."), Rules.Sequence, RepeatAppliesNothing),
        new("seq.reused", new("The last number with another content is refused with 409 sequence-reused; nothing is applied.", "Le dernier numéro avec un autre contenu est refusé par 409 sequence-reused ; rien n'est appliqué."), Rules.Sequence, Reused),
        new("two-connectors", new("Of two feeds with one number sent at once, one is accepted and one refused with 409.", "De deux flux de même numéro envoyés ensemble, l'un est accepté, l'autre refusé par 409."), Rules.Sequence, TwoConnectors),
    ];

    private static async Task<Finding> Next(Trial trial)
    {
        var check = new Check();
        var feed = await trial.Delta(new FeedLine(trial.Product, 2));
        var answer = await trial.Feed(feed);
        check.Answered(answer, 200);
        check.That(answer.Number("seq") == feed.Seq, $"seq {feed.Seq}", answer.Told);
        check.That(answer.Number("accepted") == 1, "accepted 1", answer.Told);
        check.That(answer.Json.Member("rejected") is not null && answer.Items("rejected").Count == 0, "rejected []", answer.Told);
        check.That(await trial.Last() == feed.Seq, $"GET says seq {feed.Seq}", $"GET says {(await trial.Standing()).Told}");
        return check.Finding;
    }

    private static async Task<Finding> Gap(Trial trial)
    {
        await trial.Begin();
        var last = await trial.Last();
        return await Refused(trial, last, FeedText.Begin("delta", last + 2, trial.Now), "sequence-gap");
    }

    private static async Task<Finding> Past(Trial trial)
    {
        await trial.Begin();
        await trial.Begin();
        var last = await trial.Last();
        return await Refused(trial, last, FeedText.Begin("delta", last - 1, trial.Now), "sequence-gap");
    }

    private static async Task<Finding> Reused(Trial trial)
    {
        await trial.Begin();
        var last = await trial.Last();
        return await Refused(trial, last, FeedText.Begin("delta", last, trial.Now), "sequence-reused");
    }

    private static async Task<Finding> Refused(Trial trial, long last, FeedText feed, string type)
    {
        var check = new Check();
        var answer = await trial.Feed(feed.With(new FeedLine(trial.Product, 10)));
        check.Answered(answer, 409, type);
        if (type == "sequence-gap")
            check.That(answer.Number("last") == last, $"last: {last}", answer.Body);
        check.That(await trial.Last() == last, $"GET says seq {last}", $"GET says seq {await trial.Last()}");
        check.That(await trial.Untouched() is "low" or "unknown", "nothing of it applied", "its quantity shows");
        return check.Finding;
    }

    private static Task<Finding> Repeat(Trial trial) => Again(trial, trial.Feed);

    private static Task<Finding> RepeatPacked(Trial trial) => Again(trial, trial.FeedPacked);

    private static async Task<Finding> Again(Trial trial, Func<FeedText, Task<Answer>> again)
    {
        var check = new Check();
        var feed = (await trial.Delta(new FeedLine(trial.Product, 2))).Raw("not json");
        var first = await trial.Feed(feed);
        check.Answered(first, 200);
        var second = await again(feed);
        check.Answered(second, 200);
        check.That(second.Body == first.Body, first.Body, second.Body);
        check.That(second.Replayed, "Idempotency-Replayed: true", "no such header");
        check.That(await trial.Last() == feed.Seq, $"GET says seq {feed.Seq}", $"GET says seq {await trial.Last()}");
        return check.Finding;
    }

    private static async Task<Finding> RepeatAppliesNothing(Trial trial)
    {
        if (trial.Staff is null)
            return Finding.Skipped("needs --staff-scope");
        var check = new Check();
        var feed = await trial.Delta(new FeedLine(trial.Product, 2));
        check.Answered(await trial.Feed(feed), 200);
        check.Answered(await trial.Count(trial.Product, 7), 200);
        check.Answered(await trial.Feed(feed), 200);
        var boxes = await trial.Boxes(trial.Product);
        check.That(boxes?.Number("quantity") == 7, "7 boxes as counted", boxes?.Told ?? "nothing known");
        return check.Finding;
    }

    private static async Task<Finding> TwoConnectors(Trial trial)
    {
        var check = new Check();
        await trial.Begin();
        var last = await trial.Last();
        var feeds = Enumerable.Range(1, 2).Select(boxes => FeedText.Begin("delta", last + 1, trial.Now).With(new FeedLine(trial.Product, boxes)));
        var answers = await Task.WhenAll(feeds.Select(trial.Feed));
        var told = string.Join(" and ", answers.Select(answer => answer.Told));
        check.That(answers.Count(answer => answer.Status == 200) == 1, "one 200 and one 409", told);
        check.That(answers.Count(answer => answer is { Status: 409, Type: "sequence-reused" or "sequence-gap" }) == 1, "one 200 and one 409", told);
        check.That(await trial.Last() == last + 1, $"GET says seq {last + 1}", $"GET says seq {await trial.Last()}");
        return check.Finding;
    }
}
