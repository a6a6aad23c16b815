using NodaTime;
using Realtime.Hours;
using Realtime.Orders;
using Realtime.Products;
using Realtime.Recalls;
using Realtime.Stock;

namespace Realtime.Tests.Orders;

/// <summary>
/// Any command at any moment, thousands of times: after every event the state is what the events alone make of it, what is held is what open orders hold, and nothing was
/// promised that was not there.
/// </summary>
public sealed class RandomWalkTests(ITestOutputHelper output)
{
    private static readonly Cip13[] Products = [Counter.Ibuprofen, Counter.Spedifen];
    private static readonly string[] Lots = ["A", "B", "C"];

    [Fact]
    public void Nothing_that_anybody_does_in_any_order_promises_a_box_twice()
    {
        var random = new Random(Campaign.Seed);
        var (events, refusals, feeds, walks) = (0, 0, 0, Campaign.Long ? 2_000 : 120);
        var kinds = new HashSet<Type>();
        for (var walk = 0; walk < walks; walk++)
        {
            var book = RecallBook.Empty;
            var counter = new Counter(modules: new(ClickAndCollect: true, Confirmation: walk % 3 == 0)).With(Counter.Ibuprofen, random.Next(12)).With(Counter.Spedifen, random.Next(12), random.Next(2));
            for (var step = 0; step < 70; step++)
            {
                // As the grain does before it decides anything.
                counter.Turn();
                counter.Recall(book);
                var before = counter.State;
                if (random.Next(12) == 0)
                {
                    if (random.Next(3) == 0)
                        book = AnyRecall(book, counter.Now, random);
                    else
                        Feed(counter, random, book);
                    continue;
                }
                var decision = Any(counter, random);
                refusals += decision.Refusal is null ? 0 : 1;
                if (decision.Happened is not { } happened)
                    continue;
                counter.Happen(happened);
                events++;
                AssertPromised(before, counter.State, happened, counter.Now);
            }
            kinds.UnionWith(counter.Events.Select(one => one.Happened.GetType()));
            feeds += counter.Events.Count(one => one.Happened is StockFed);
        }
        output.WriteLine($"{walks} walks, seed {Campaign.Seed}: {events} events of {kinds.Count} kinds, {feeds} feeds, {refusals} refusals, 0 violations");
        Assert.InRange(kinds.Count, 23, 28);
        Assert.True(feeds > walks, "Hardly any feed was taken.");
        Assert.True(refusals > events / 10, "Hardly anything was refused: the walk does not reach the limits.");
    }

    // A promise is only ever made of boxes that could be promised; what was counted too few is nobody's promise.
    private static void AssertPromised(OrderQueueState before, OrderQueueState after, OrderEvent happened, Instant now)
    {
        if (happened is OrderPlaced)
            Assert.False(before.IsStale(now), $"{happened} was promised by a feed that was too old");
        if (happened is not (OrderPlaced or ActUndone))
            return;
        foreach (var cip13 in Products)
            // Boxes that come back with an order whose handing over is undone are its own: they are on hand again as they are held again.
            if (after.CountOf(cip13) is { } left && before.CountOf(cip13) is { } then && left.Held + left.ToReshelve > then.Held + then.ToReshelve + left.OnHand - then.OnHand)
                Assert.True(left.Held + left.ToReshelve + left.Reserve <= left.OnHand - Bad(after, cip13), $"{happened}: {then} became {left}");
    }

    // Boxes of lots that have expired or are recalled, counted without the rules.
    private static int Bad(OrderQueueState state, Cip13 cip13) => state.ItemOf(cip13)!.Lots
        .Where(lot => lot.Expiry < state.Day || state.Barred.Any(barred => barred.Cip13 == cip13 && barred.Lots.Contains(lot.Code))).Sum(lot => lot.Boxes);

    // A pharmacy's software counted some while ago, and says it now: what the shelf has then is what it had, less what was handed over since.
    private static void Feed(Counter counter, Random random, RecallBook book)
    {
        var takenAt = Instant.Max(counter.State.Feed?.TakenAt ?? Instant.MinValue, counter.Now - Duration.FromMinutes(random.Next(90)));
        var kind = random.Next(2) == 0 ? FeedKind.Snapshot : FeedKind.Delta;
        var lines = Products.Where(_ => random.Next(4) > 0).SelectMany(cip13 => Enumerable.Range(0, 1 + random.Next(3)).Select(_ => (cip13, random.Next(7), random.Next(4) == 0 ? null : Lots[random.Next(3)], random.Next(3) == 0 ? null : (LocalDate?)counter.Now.InUtc().Date.PlusDays(random.Next(6) - 1)))).ToArray();
        var expected = Products.ToDictionary(cip13 => cip13, cip13 => Expected(counter, kind, takenAt, cip13, lines));
        counter.Take(counter.Fed(kind, takenAt, lines), book);
        foreach (var (cip13, boxes) in expected)
            Assert.Equal(boxes, counter.State.CountOf(cip13)?.OnHand ?? 0);
    }

    private static int Expected(Counter counter, FeedKind kind, Instant takenAt, Cip13 cip13, (Cip13 Cip13, int Boxes, string?, LocalDate?)[] lines)
    {
        var known = counter.State.CountOf(cip13)?.OnHand ?? 0;
        var counted = counter.Events.LastOrDefault(one => one.Happened is StockCounted count && count.Cip13 == cip13);
        if (counted.Happened is not null && counted.At > takenAt || kind == FeedKind.Delta && !lines.Any(line => line.Cip13 == cip13))
            return known;
        return Math.Max(0, lines.Where(line => line.Cip13 == cip13).Sum(line => line.Boxes) - HandedOverSince(counter, takenAt, cip13));
    }

    // From the events alone: what was collected after an instant, less what was taken back after it.
    private static int HandedOverSince(Counter counter, Instant takenAt, Cip13 cip13)
    {
        var (lines, offers, collected, boxes) = (new Dictionary<OrderId, IReadOnlyList<OrderLine>>(), new Dictionary<OrderId, IReadOnlyList<OrderLine>>(), new HashSet<OrderId>(), 0);
        foreach (var (happened, at) in counter.Events)
            switch (happened)
            {
                case OrderPlaced e: lines[e.Id] = e.Lines; break;
                case OrderProposed e: offers[e.Id] = e.Offer; break;
                case ProposalAccepted e: lines[e.Id] = offers[e.Id]; break;
                case OrderCollected e when collected.Add(e.Id) && at > takenAt: boxes += Of(e.Id); break;
                case ActUndone e when collected.Remove(e.Id) && at > takenAt: boxes -= Of(e.Id); break;
            }
        return boxes;

        int Of(OrderId id) => lines[id].Where(line => line.Cip13 == cip13).Sum(line => line.Quantity);
    }

    private static RecallBook AnyRecall(RecallBook book, Instant now, Random random) =>
        book.All.FirstOrDefault(recall => recall.IsActive) is { } active && random.Next(2) == 0
            ? book.With(active with { WithdrawnAt = now, Seq = active.Seq + 1 })
            : book.With(new($"R{book.All.Count:D4}", "essai", Products[random.Next(2)], [Lots[random.Next(3)]], "ANSM", now) { Seq = 1 });

    private static Decision Any(Counter counter, Random random)
    {
        var (state, page, now) = (counter.State, counter.Page, counter.Now);
        var ids = state.Orders.Keys.Order().ToArray();
        var id = ids.Length > 0 ? ids[random.Next(ids.Length)] : OrderId.Next(Counter.Pharmacy, now, new byte[OrderId.Chance], null);
        var hand = new Hand(random.Next(2) == 0, null);
        var cip13 = Products[random.Next(Products.Length)];
        return random.Next(24) switch
        {
            <= 4 => counter.TryPlace(counter.Asks(1 + random.Next(4), cip13, $"contact {random.Next(6)}", byCounter: random.Next(4) == 0)),
            5 => OrderQueue.Cancel(state, id),
            6 or 7 => OrderQueue.Accept(state, id, hand, page, now),
            8 => OrderQueue.Validate(state, id, hand, page, now),
            9 => OrderQueue.Propose(state, id, state.Orders.TryGetValue(id, out var order) ? order.Lines.ToDictionary(line => line.Cip13, line => random.Next(line.Quantity + 1)) : [], hand, page, now),
            10 => random.Next(2) == 0 ? OrderQueue.AcceptOffer(state, id) : OrderQueue.DeclineOffer(state, id),
            11 or 12 => OrderQueue.Ready(state, id, Check(counter, id, random), hand, page, now),
            13 => OrderQueue.Refuse(state, id, hand, page, now),
            14 or 15 => OrderQueue.Collect(state, id, random.Next(4) switch { 0 => false, 1 => null, _ => true }, Check(counter, id, random), hand, page, now),
            16 => OrderQueue.Undo(state, id, random.Next(2) == 0, hand, page, OrderRules.Default, now),
            17 => OrderQueue.Reshelve(state, id),
            18 => OrderQueue.Count(state, cip13, random.Next(10), random.Next(3) == 0 ? random.Next(3) : null, now),
            19 => OrderQueue.Settle(state, cip13, [.. ids.Where(other => random.Next(2) == 0 && state.Orders[other] is { IsOpen: true } held && held.Lines.Any(line => line.Cip13 == cip13))], page, now),
            20 => OrderQueue.Write(state, id, random.Next(2) == 0 ? null : hand),
            21 => random.Next(2) == 0 ? OrderQueue.Acknowledge(state, id) : Later(counter, random),
            22 => Later(counter, random),
            _ => random.Next(4) switch
            {
                0 => OrderQueue.Wait(state, new Waiter($"w{random.Next(50)}", cip13, 1 + random.Next(3), $"c{random.Next(8)}", "key", [])),
                1 => OrderQueue.Call(state, now),
                2 => Close(counter, random),
                _ => state.Owing.Count == 0 ? default : (Decision)new NoticesSent([new(state.Owing.Order().First(), state.Orders[state.Owing.Order().First()].Owed)]),
            },
        };
    }

    private static BoxCheck Check(Counter counter, OrderId id, Random random) => new(
        random.Next(3) > 0 || !counter.State.Orders.TryGetValue(id, out var order) ? [] : [.. order.Lines.SelectMany(line => Enumerable.Range(0, line.Quantity).Select(_ => new ScannedBox(line.Cip13, Lots[random.Next(3)], null, null)))],
        random.Next(2) == 0);

    private static Decision Later(Counter counter, Random random)
    {
        counter.Now += random.Next(3) switch { 0 => Duration.FromSeconds(random.Next(200)), 1 => Duration.FromMinutes(random.Next(60)), _ => Duration.FromHours(random.Next(40)) };
        return OrderQueue.Pass(counter.State, counter.Page, counter.Now);
    }

    private static Decision Close(Counter counter, Random random)
    {
        var start = counter.Now + Duration.FromHours(random.Next(30));
        var (seq, end, date) = (counter.Facts.Seq + 1, start + Duration.FromHours(1 + random.Next(60)), start.InUtc().Date);
        counter.Facts = random.Next(4) switch
        {
            0 => counter.Facts with { Seq = seq, Exceptions = [.. counter.Facts.Exceptions, new Vacation($"e{seq}", date, date.PlusDays(random.Next(3)), "fêtes", null)] },
            1 => counter.Facts with { Seq = seq, Exceptions = [.. counter.Facts.Exceptions, new ExceptionalOpening($"e{seq}", start, end, "renfort")] },
            2 => counter.Facts with { Seq = seq, Exceptions = [.. counter.Facts.Exceptions.Skip(1)] },
            _ => counter.Facts with { Seq = seq, Closures = [.. counter.Facts.Closures, new($"c{seq}", start, end, "travaux", null)] },
        };
        return OrderQueue.Move(counter.State, counter.Page, OrderRules.Default);
    }
}
