using System.Globalization;

namespace Realtime.Benchmarks.Lgo;

/// <summary>What the connector says of orders: ready, collected, and what that does to the boxes. These need the counter, as a pharmacist validates before anything is ready.</summary>
internal static class CollectionRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("ready.needs-validation", new("An order that no pharmacist has validated does not become ready.", "Une commande qu'aucun pharmacien n'a validée ne devient pas prête."), Rules.Acts, NeedsValidation),
        new("ready.by-connector", new("The connector says that an order is ready, with the boxes it scanned.", "Le connecteur dit qu'une commande est prête, avec les boîtes scannées."), Rules.Acts, Ready),
        new("ready.scan-mismatch", new("A scanned box of a product that was not ordered is refused with 422 scan-mismatch.", "Une boîte scannée d'un produit non commandé est refusée par 422 scan-mismatch."), Rules.Acts, ScanMismatch),
        new("ready.stale", new("An act on an old version of the order is refused with 412 stale.", "Un acte sur une ancienne version de la commande est refusé par 412 stale."), Rules.Acts, Stale),
        new("ready.repeat", new("The same act under the same Idempotency-Key gets the same answer again.", "Le même acte sous la même Idempotency-Key reçoit la même réponse."), Rules.Acts, Repeat),
        new("collect.by-connector", new("The connector says that an order was collected; the buyer sees it.", "Le connecteur dit qu'une commande a été retirée ; l'acheteur le voit."), Rules.Acts, Collect),
        new("collect.wrong-code", new("A wrong pick-up code collects nothing.", "Un mauvais code de retrait ne retire rien."), Rules.Acts, WrongCode),
        new("collected.subtracted-again", new("A box collected after takenAt is subtracted from that feed.", "Une boîte retirée après takenAt est déduite de ce flux."), Rules.Meaning, SubtractedAgain),
        new("collected.counted-once", new("A box collected before takenAt is not subtracted once more.", "Une boîte retirée avant takenAt n'est pas déduite une seconde fois."), Rules.Meaning, CountedOnce),
    ];

    private static async Task<Finding> NeedsValidation(Trial trial)
    {
        var (order, why) = await OrderRules.Place(trial, trial.Ordered);
        if (order is null)
            return why;
        var check = new Check();
        var answer = await trial.Orders.Act(order, "ready", Scanned(trial.Ordered));
        check.That(answer.Status is 409 or 422 or 403, "a refusal: 403, 409 or 422", answer.Told);
        check.That((await trial.Orders.Seen(order)).Text("state") == "submitted", "still submitted", (await trial.Orders.Seen(order)).Told);
        await trial.Orders.Cancel(order);
        return check.Finding;
    }

    private static Task<Finding> Ready(Trial trial) => Accepted(trial, trial.Ordered, async (order, check) =>
    {
        var answer = await trial.Orders.Act(order, "ready", Scanned(trial.Ordered));
        check.Answered(answer, 200);
        check.That(answer.Text("state") == "ready", "state ready", answer.Told);
        var seen = await trial.Orders.Seen(order);
        check.That(seen.Text("state") == "ready" && seen.Text("pickupCode") is not null, "the buyer sees ready and a pickupCode", seen.Text("state") ?? seen.Told);
    });

    private static Task<Finding> ScanMismatch(Trial trial) => Accepted(trial, trial.Ordered, async (order, check) =>
    {
        check.Answered(await trial.Orders.Act(order, "ready", Scanned(trial.AlsoOrdered)), 422, "scan-mismatch");
        check.That((await trial.Orders.Seen(order)).Text("state") == "accepted", "still accepted", (await trial.Orders.Seen(order)).Text("state") ?? "");
    });

    private static Task<Finding> Stale(Trial trial) => Accepted(trial, trial.Ordered, async (order, check) =>
        check.Answered(await trial.Orders.Act(order, "ready", Scanned(trial.Ordered), version: "\"1\""), 412, "stale"));

    private static Task<Finding> Repeat(Trial trial) => Accepted(trial, trial.Ordered, async (order, check) =>
    {
        var (version, key) = (await trial.Orders.VersionOf(order), trial.Orders.Key());
        var first = await trial.Orders.Act(order, "ready", Scanned(trial.Ordered), version, key);
        check.Answered(first, 200);
        var second = await trial.Orders.Act(order, "ready", Scanned(trial.Ordered), version, key);
        check.Answered(second, 200);
        check.That(second.Body == first.Body && second.Replayed, $"{first.Body} with Idempotency-Replayed: true", second.Body);
    });

    private static Task<Finding> Collect(Trial trial) => Accepted(trial, trial.Ordered, async (order, check) =>
    {
        var answer = await Hand(trial, order, check);
        check.That(answer.Text("state") == "collected", "state collected", answer.Told);
        check.That((await trial.Orders.Seen(order)).Text("state") == "collected", "the buyer sees collected", (await trial.Orders.Seen(order)).Text("state") ?? "");
    });

    private static Task<Finding> WrongCode(Trial trial) => Accepted(trial, trial.Ordered, async (order, check) =>
    {
        check.Answered(await trial.Orders.Act(order, "ready", Scanned(trial.Ordered)), 200);
        var code = (await trial.Orders.Seen(order)).Text("pickupCode") ?? "";
        var wrong = new string([.. code.Select(c => c == '2' ? '3' : '2')]);
        var answer = await trial.Orders.Act(order, "collect", new { pickupCode = wrong });
        check.That(answer.Status is >= 400 and < 500, "a refusal", answer.Told);
        check.That((await trial.Orders.Seen(order)).Text("state") == "ready", "still ready", (await trial.Orders.Seen(order)).Text("state") ?? "");
    });

    // The server's own moment of the collection is what takenAt is held against: clocks may differ.
    private static Task<Finding> SubtractedAgain(Trial trial) => AfterCollection(trial, moment => moment.AddMilliseconds(-200), "low", "three boxes to promise before the collection, two after it");

    private static Task<Finding> CountedOnce(Trial trial) => AfterCollection(trial, moment => moment.AddSeconds(1), "inStock", "three boxes to promise, counted after the collection");

    private static async Task<Finding> AfterCollection(Trial trial, Func<DateTimeOffset, DateTimeOffset> takenAt, string level, string why)
    {
        var moment = default(DateTimeOffset);
        var collected = await Accepted(trial, trial.AlsoOrdered, async (order, check) =>
        {
            var answer = await Hand(trial, order, check);
            check.That(DateTimeOffset.TryParse(answer.Text("at"), CultureInfo.InvariantCulture, out moment), "at: when it was collected", answer.Told);
        });
        if (collected.Result != Result.Passed)
            return collected;
        var check = new Check();
        var boxes = await trial.OnHand(trial.AlsoOrdered, 3);
        check.Answered(await trial.Feed(FeedText.Begin("delta", await trial.Last() + 1, takenAt(moment)).With(new FeedLine(trial.AlsoOrdered, boxes))), 200);
        await check.Level(trial, trial.AlsoOrdered, level, why);
        return check.Finding;
    }

    private static async Task<Answer> Hand(Trial trial, KitOrder order, Check check)
    {
        check.Answered(await trial.Orders.Act(order, "ready", Scanned(order.Cip13)), 200);
        var code = (await trial.Orders.Seen(order)).Text("pickupCode");
        var answer = await trial.Orders.Act(order, "collect", new { pickupCode = code });
        check.Answered(answer, 200);
        return answer;
    }

    private static async Task<Finding> Accepted(Trial trial, string cip13, Func<KitOrder, Check, Task> then)
    {
        if (trial.Staff is null)
            return Finding.Skipped("needs --staff-scope: a pharmacist validates first");
        var (order, why) = await OrderRules.Place(trial, cip13);
        if (order is null)
            return why;
        var check = new Check();
        check.Answered(await trial.Orders.Accept(order), 200);
        await then(order, check);
        await trial.Orders.Cancel(order);
        return check.Finding;
    }

    // A box as a scanner reads it: GTIN, expiry date, lot.
    private static object Scanned(string cip13) => new { scans = new[] { $"010{cip13}1728063010KITLOT" }, recallChecked = true };
}
