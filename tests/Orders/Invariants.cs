using NodaTime;
using Realtime.Orders;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Tests.Orders;

/// <summary>What must hold of a queue after every event, computed anew from the events and the orders in the plainest way.</summary>
internal static class Invariants
{
    public static void Hold(OrderQueueState state, IReadOnlyList<(OrderEvent Happened, Instant At)> events)
    {
        Assert.Equal(Written(state), Written(events.Select((one, i) => (one, i)).Aggregate(new OrderQueueState { Pharmacy = state.Pharmacy }, (queue, pair) => OrderQueue.Evolve(queue, Stored(pair.one.Happened), pair.i + 1, pair.one.At))));
        HoldAlone(OrderJson.ReadState(OrderJson.WriteState(state)));
        HoldAlone(state);
        HoldTogether(state, events);
    }

    /// <summary>What must hold of a state by itself.</summary>
    public static void HoldAlone(OrderQueueState state)
    {
        foreach (var (cip13, count) in state.Counts())
        {
            Assert.Equal(Boxes(state, cip13, order => order.IsOpen), count.Held);
            Assert.Equal(Boxes(state, cip13, order => order.State == OrderState.Submitted), count.Unconfirmed);
            Assert.Equal(Boxes(state, cip13, order => order.ToReshelve), count.ToReshelve);
        }
        Assert.Equal(state.Orders.Values.Select(order => (At: OrderQueueState.DueOf(order), order.Id)).Where(due => due.At is not null).Select(due => (due.At!.Value, due.Id)).Order(), state.Due.Order());
        Assert.Equal(
            state.Orders.Values.Where(order => order.IsOpen).SelectMany(order => order.Contacts).GroupBy(contact => contact).Select(group => (group.Key, group.Count())).Order(),
            state.OpenByContact.Select(pair => (pair.Key, pair.Value)).Order());
        Assert.Equal(state.Orders.Values.Where(order => order.Owed != Notices.None).Select(order => order.Id).Order(), state.Owing.Order());
        Assert.Equal(state.Orders.Values.Where(order => order.Push is { Owed: not OrderNews.None }).Select(order => order.Id).Order(), state.Telling.Order());
    }

    // On hand is what was counted last, less what was handed over since, plus what was taken back.
    private static void HoldTogether(OrderQueueState state, IReadOnlyList<(OrderEvent Happened, Instant At)> events)
    {
        var lines = events.Select(one => one.Happened).OfType<OrderPlaced>().ToDictionary(placed => placed.Id, placed => placed.Lines);
        var offers = new Dictionary<OrderId, IReadOnlyList<OrderLine>>();
        var collected = new HashSet<OrderId>();
        var ledger = new Dictionary<Cip13, int>();
        byte[] staged = [];
        void Move(OrderId id, int sign)
        {
            foreach (var line in lines[id])
                ledger[line.Cip13] = ledger.GetValueOrDefault(line.Cip13) + (sign * line.Quantity);
        }

        foreach (var (happened, _) in events)
            switch (happened)
            {
                case StockCounted e: ledger[e.Cip13] = e.Quantity; break;
                case FeedStaged e: staged = e.Part == 0 ? [.. e.Changes] : [.. staged, .. e.Changes]; break;
                case StockFed e:
                    foreach (var (product, item) in PackedItems.Read(e.Parts == 0 ? e.Changes : [.. staged, .. e.Changes]).All())
                        ledger[product] = item.OnHand;
                    break;
                case OrderProposed e: offers[e.Id] = e.Offer; break;
                case ProposalAccepted e: lines[e.Id] = offers[e.Id]; break;
                case OrderCollected e: Move(e.Id, -1); collected.Add(e.Id); break;
                case ActUndone e when collected.Remove(e.Id): Move(e.Id, 1); break;
            }
        foreach (var (cip13, boxes) in ledger)
            Assert.Equal(boxes, state.CountOf(cip13)?.OnHand);
    }

    private static int Boxes(OrderQueueState state, Cip13 cip13, Func<Order, bool> which) =>
        state.Orders.Values.Where(which).SelectMany(order => order.Lines).Where(line => line.Cip13 == cip13).Sum(line => line.Quantity);

    private static OrderEvent Stored(OrderEvent happened)
    {
        var (kind, version, payload) = OrderJson.Write(happened);
        return OrderJson.Read(kind, version, payload);
    }

    // Dictionaries have no order; the text of a state is made of sorted parts.
    private static string Written(OrderQueueState state) => string.Join('\n',
        state.Orders.Values.OrderBy(order => order.Id).Select(order => System.Text.Encoding.UTF8.GetString(OrderJson.WriteOrder(order)))
            .Concat(state.Counts().OrderBy(pair => pair.Cip13).Select(pair => $"{pair.Cip13} {pair.Count} {string.Join(' ', state.ItemOf(pair.Cip13)?.Lots ?? [])}")).Concat(state.Due.Select(due => $"{due}")).Concat(state.Leaving.Select(leaves => $"{leaves}")));
}
