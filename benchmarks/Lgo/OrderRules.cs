using System.Diagnostics;

namespace Realtime.Benchmarks.Lgo;

/// <summary>Orders out: each change reaches the pharmacy's software once, in a feed that it may read again from any place.</summary>
internal static class OrderRules
{
    private const int Wait = 10;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3), Pause = TimeSpan.FromMilliseconds(500);

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("orders.told", new("An order that is placed stands in the feed of orders.", "Une commande passée figure dans le flux des commandes."), Rules.Orders, Told),
        new("orders.resumable", new("Read page by page from any place, the feed tells every order that changed since, as it is now, and the same again when read again.", "Lu page par page depuis n'importe où, le flux dit chaque commande changée depuis, telle qu'elle est, et redit la même chose si on le relit."), Rules.Orders, Resumable),
        new("orders.end", new("At its end the feed answers no items and the place it was asked from.", "À sa fin, le flux ne rend rien et redonne l'endroit demandé."), Rules.Orders, End),
        new("orders.long-poll", new("A call that waits is answered as soon as an order changes.", "Un appel en attente reçoit sa réponse dès qu'une commande change."), Rules.Orders, LongPoll),
        new("orders.no-personal-data", new("The feed names no buyer: no name, contact, day of birth or note.", "Le flux ne nomme aucun acheteur : ni nom, ni contact, ni naissance, ni note."), Rules.Orders, NoPersonalData),
        new("orders.bad-after", new("A place that is no number is refused with 400.", "Un endroit qui n'est pas un nombre est refusé par 400."), Rules.Orders, BadAfter),
        new("orders.auth", new("Nobody reads the feed of orders without a token.", "Personne ne lit le flux des commandes sans jeton."), Rules.Access, Auth),
        new("shortage.never-refused", new("Fewer boxes than are held are taken as they are, and raise a shortage.", "Moins de boîtes que réservé est accepté tel quel, et signale une rupture."), Rules.Meaning, Shortage),
    ];

    /// <summary>Puts boxes of a product on the shelf and orders one; null with the reason where the pharmacy takes no order.</summary>
    internal static async Task<(KitOrder? Order, Finding Why)> Place(Trial trial, string cip13, int available = 8)
    {
        await trial.Feed(await trial.Delta(new FeedLine(cip13, await trial.OnHand(cip13, available))));
        await trial.LevelOf(cip13, available > 2 ? "inStock" : "low");
        var (order, answer) = await trial.Orders.Place(cip13);
        return (order, order is null ? Finding.Skipped($"the pharmacy takes no order: {answer.Told}") : Finding.Passed);
    }

    private static async Task<Finding> Told(Trial trial)
    {
        var check = new Check();
        var (_, end, wrong) = await trial.Orders.Read(0, 100);
        if (wrong is not null)
        {
            check.That(false, "200 with seq and items", wrong.Told);
            return check.Finding;
        }
        var (order, why) = await Place(trial, trial.Ordered);
        if (order is null)
            return why;
        var (states, _, _) = await trial.Orders.Read(end, 100);
        check.That(states.GetValueOrDefault(order.Id) == "submitted", $"{order.Id} submitted", Of(states));
        await trial.Orders.Cancel(order);
        return check.Finding;
    }

    private static async Task<Finding> Resumable(Trial trial)
    {
        var check = new Check();
        var (_, start, _) = await trial.Orders.Read(0, 100);
        var orders = new List<KitOrder>();
        for (var i = 0; i < 3; i++)
            if (await Place(trial, trial.Ordered) is ({ } order, _))
                orders.Add(order);
        if (orders.Count < 3)
            return Finding.Skipped("the pharmacy takes no order, or not three");
        await trial.Orders.Cancel(orders[1]);
        foreach (var limit in (int[])[1, 2, 100, 1])
        {
            var (states, _, wrong) = await trial.Orders.Read(start, limit);
            check.That(wrong is null, "200 with seq", wrong?.Told ?? "");
            for (var i = 0; i < orders.Count; i++)
                check.That(states.GetValueOrDefault(orders[i].Id) == (i == 1 ? "cancelled" : "submitted"), $"order {i + 1} of 3 in pages of {limit}, {(i == 1 ? "cancelled" : "submitted")}", Of(states));
        }
        await trial.Orders.Cancel(orders[0]);
        await trial.Orders.Cancel(orders[2]);
        return check.Finding;
    }

    private static async Task<Finding> End(Trial trial)
    {
        var check = new Check();
        var (_, end, _) = await trial.Orders.Read(0, 100);
        var page = await trial.Orders.Changes(end);
        check.Answered(page, 200);
        check.That(page.Items("items").Count == 0 && page.Number("seq") == end, $"seq {end} and no items", page.Told);
        return check.Finding;
    }

    private static async Task<Finding> LongPoll(Trial trial)
    {
        var check = new Check();
        await trial.Feed(await trial.Delta(new FeedLine(trial.Ordered, await trial.OnHand(trial.Ordered, 8))));
        await trial.LevelOf(trial.Ordered, "inStock");
        var (_, end, _) = await trial.Orders.Read(0, 100);
        var waiting = trial.Orders.Changes(end, wait: Wait);
        await Task.Delay(Pause);
        check.That(!waiting.IsCompleted, "a call that waits while nothing changes", waiting.IsCompleted ? (await waiting).Told : "");
        var (order, answer) = await trial.Orders.Place(trial.Ordered);
        if (order is null)
            return Finding.Skipped($"the pharmacy takes no order: {answer.Told}");
        var since = Stopwatch.GetTimestamp();
        var page = await waiting;
        check.That(Stopwatch.GetElapsedTime(since) < Soon, $"an answer within {Soon.TotalSeconds} s", $"one after {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} s");
        check.That(KitOrders.Tells(page, order), $"{order.Id} in it", page.Told);
        await trial.Orders.Cancel(order);
        return check.Finding;
    }

    private static async Task<Finding> NoPersonalData(Trial trial)
    {
        var check = new Check();
        var (_, end, _) = await trial.Orders.Read(0, 100);
        var (order, why) = await Place(trial, trial.Ordered);
        if (order is null)
            return why;
        var page = await trial.Orders.Changes(end);
        check.That(KitOrders.Tells(page, order), $"{order.Id} in the feed", page.Told);
        foreach (var word in order.Buyer)
            check.That(!page.Body.Contains(word, StringComparison.OrdinalIgnoreCase), "nothing of the buyer", $"'{word}' in the feed");
        await trial.Orders.Cancel(order);
        return check.Finding;
    }

    private static async Task<Finding> BadAfter(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.Orders.ChangesOf("after=last"), 400);
        check.Answered(await trial.Orders.ChangesOf("after=-1"), 400);
        return check.Finding;
    }

    private static async Task<Finding> Auth(Trial trial)
    {
        var check = new Check();
        check.Answered(await trial.Orders.ChangesOf("after=0", asNobody: true), 401);
        return check.Finding;
    }

    private static async Task<Finding> Shortage(Trial trial)
    {
        var check = new Check();
        var (order, why) = await Place(trial, trial.Ordered);
        if (order is null)
            return why;
        var answer = await trial.Feed(await trial.Delta(new FeedLine(trial.Ordered, 0)));
        check.Answered(answer, 200);
        check.That(answer.Number("accepted") == 1, "accepted 1", answer.Told);
        if (trial.Staff is not null)
        {
            var shortages = await trial.Shortages();
            check.That(shortages.Items("items").Any(item => item.Text("cip13") == trial.Ordered), $"a shortage of {trial.Ordered}", shortages.Told);
        }
        await trial.Orders.Cancel(order);
        return check.Finding;
    }

    private static string Of(Dictionary<string, string> states) => states.Count == 0 ? "nothing" : string.Join(", ", states.Select(one => $"{one.Key} {one.Value}"));
}
