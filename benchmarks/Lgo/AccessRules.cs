namespace Realtime.Benchmarks.Lgo;

/// <summary>Who may feed a pharmacy, and where its feed stands.</summary>
internal static class AccessRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("feed.standing", new("GET says where the feed stands: seq, takenAt.", "GET dit où en est le flux : seq, takenAt."), Rules.Header, Standing),
        new("auth.required", new("Nobody feeds or reads without a token.", "Personne n'envoie ni ne lit sans jeton."), Rules.Access, Required),
        new("auth.wrong-token", new("A token that is none is refused.", "Un faux jeton est refusé."), Rules.Access, WrongToken),
        new("auth.other-pharmacy", new("A connector's token opens its own pharmacy alone.", "Le jeton d'un connecteur n'ouvre que sa pharmacie."), Rules.Access, OtherPharmacy),
    ];

    private static async Task<Finding> Standing(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.Feed(await trial.Snapshot(new FeedLine(trial.Product, 2))), 200);
        var standing = await trial.Standing();
        check.Answered(standing, 200);
        check.That(standing.Number("seq") > trial.Before, $"seq beyond {trial.Before} after a snapshot", standing.Told);
        check.That(standing.Text("takenAt") is not null, "takenAt of the last feed", standing.Told);
        return check.Finding;
    }

    private static async Task<Finding> Required(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.FeedAsNobody(await trial.Delta(new FeedLine(trial.Product, 10))), 401);
        return check.Finding;
    }

    private static async Task<Finding> WrongToken(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.FeedBytes((await trial.Delta(new FeedLine(trial.Product, 10))).Bytes(), gzip: false, token: "not-a-token"), 401);
        return check.Finding;
    }

    private static async Task<Finding> OtherPharmacy(Trial trial)
    {
        if (trial.OtherPharmacy is not { } other)
            return Finding.Skipped("no other pharmacy is known there");
        var answer = await trial.StandingOf(other, trial.Token);
        var check = new Check();
        check.That(answer.Status is 403 or 404, $"403 or 404 for {other}", answer.Told);
        return check.Finding;
    }
}
