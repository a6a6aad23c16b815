using System.Collections.Concurrent;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Orleans.TestingHost;
using Realtime.Journal;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Tests.Orders;

/// <summary>The queue's grain in a real silo on a real store.</summary>
public abstract class OrderGrainSuite : IAsyncLifetime
{
    // A Monday morning, when all of the demo's pharmacies that open at all are open.
    private static readonly Instant Start = Instant.FromUtc(2026, 11, 23, 9, 30);
    // Of which the law lets a buyer have several boxes.
    private static readonly Cip13 Box = OrderSilo.Sold(boxes: 3);
    private static readonly DemoCountry Country = DemoCountry.Create();
    private readonly InProcessTestCluster _cluster;
    private readonly ShiftedTime _time = new(Start);
    private int _last = -1;

    protected OrderGrainSuite()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((_, silo) =>
        {
            Configure(silo);
            silo.AddOrdersForTests(_time);
        });
        _cluster = builder.Build();
    }

    public virtual async ValueTask InitializeAsync() => await _cluster.DeployAsync();

    public virtual async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The store of journal, snapshots, reminders and keys.</summary>
    protected abstract void Configure(ISiloBuilder silo);

    [Fact]
    public void Whatever_many_callers_do_at_once_is_what_some_order_of_doing_it_one_by_one_would_have_been() =>
        Gen.Int[1, 8].Select(boxes => (new Actual(this, boxes), new Model(boxes))).SampleParallel(
            Place(),
            Act((queue, id) => queue.Cancel(id, null, "buyer"), order => order.IsOpen, order => order with { State = OrderState.Cancelled }),
            Act((queue, id) => queue.Accept(id, Pharmacist, null), order => order.State == OrderState.Submitted, order => order with { State = OrderState.Accepted }),
            Act((queue, id) => queue.Ready(id, Pharmacist, BoxCheck.None, null), order => order.State == OrderState.Accepted, order => order with { State = OrderState.Ready }),
            Act((queue, id) => queue.Collect(id, null, "carte d'identité", Pharmacist, BoxCheck.None, null), order => order.State == OrderState.Ready, order => order with { State = OrderState.Collected }),
            Count(),
            equal: (actual, model) => actual.Is(model),
            iter: Campaign.Long ? 500 : 40,
            threads: 2,
            replay: 1);

    [Fact]
    public async Task Five_hundred_buyers_of_one_pharmacy_get_the_boxes_there_are_and_no_more()
    {
        for (var boxes = 1; boxes <= 50; boxes += 7)
        {
            var (queue, stock) = Next();
            await stock.Count(Box, boxes, null, null, "test");
            var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => queue.Place(Asked(1, $"buyer {i}"), new($"key {i}", "order"), "buyer")));
            Assert.Equal(boxes, answers.Count(answer => answer.Receipt is not null));
            Assert.All(answers.Where(answer => answer.Receipt is null), answer => Assert.Equal(OrderRefusalKind.OutOfStock, answer.Refusal!.Kind));
            Assert.Equal((boxes, boxes, 0), await stock.Boxes(Box) is { } count ? (count.OnHand, count.Held, count.Available) : default);
        }
    }

    [Fact]
    public async Task What_the_next_activation_reads_is_what_was_and_time_that_passed_meanwhile_is_made_up_for()
    {
        var (queue, stock) = Next();
        await stock.Count(Box, 5, null, null, "test");
        var placed = (await queue.Place(Asked(2, "buyer"), new("key", "order"), "buyer")).Receipt!;
        var before = await queue.Find(placed.Id);
        await _cluster.DeactivateAsync(queue);
        var after = await queue.Find(placed.Id);
        Assert.Equal((before!.State, before.Seq, before.HeldUntil, "buyer"), (after!.State, after.Seq, after.HeldUntil, after.Buyer!.Name));

        await _cluster.DeactivateAsync(queue);
        var now = _time.Now;
        _time.Set(placed.HeldUntil + Duration.FromSeconds(1));
        // Nobody calls for what is due: whoever comes finds it done.
        Assert.Equal(5, (await stock.Count(Box, 5, 0, null, "test")).Stock!.Available);
        Assert.Equal(OrderState.Expired, (await queue.Find(placed.Id))!.State);
        _time.Set(now);
    }

    [Fact]
    public async Task A_request_that_comes_again_is_answered_from_its_row_whatever_has_happened_since()
    {
        var (queue, stock) = Next();
        await stock.Count(Box, 5, null, null, "test");
        var first = await queue.Place(Asked(2, "buyer"), new("key", "order"), "buyer");
        await queue.Cancel(first.Receipt!.Id, null, "buyer");
        await _cluster.DeactivateAsync(queue);

        var again = await queue.Place(Asked(2, "buyer"), new("key", "order"), "buyer");

        Assert.True(again.Replayed);
        Assert.Equal((first.Receipt.Id, first.Receipt.At, first.Receipt.HeldUntil), (again.Receipt!.Id, again.Receipt.At, again.Receipt.HeldUntil));
        Assert.Equal(OrderRefusalKind.KeyReused, (await queue.Place(Asked(2, "buyer"), new("key", "other"), "buyer")).Refusal!.Kind);
        Assert.Equal(0, (await stock.Boxes(Box))!.Held);
    }

    [Fact]
    public async Task Without_recognizing_requests_a_retry_would_hold_boxes_twice()
    {
        // The negative control of idempotency: the same buyer's wish under two keys is two orders.
        var (queue, stock) = Next();
        await stock.Count(Box, 5, null, null, "test");
        foreach (var key in new[] { "one", "two" })
            await queue.Place(Asked(2, "buyer"), new(key, "order"), "buyer");
        Assert.Equal(4, (await stock.Boxes(Box))!.Held);
    }

    [Fact]
    public async Task Closed_orders_are_listed_from_the_history_and_live_ones_from_the_state_and_none_twice()
    {
        var (queue, stock) = Next();
        await stock.Count(Box, 50, null, null, "test");
        var ids = new List<OrderId>();
        for (var i = 0; i < 12; i++)
            ids.Add((await queue.Place(Asked(1, $"buyer {i}"), new($"key {i}", "order"), "buyer")).Receipt!.Id);
        foreach (var id in ids.Where((_, i) => i % 3 == 0))
            await queue.Cancel(id, null, "buyer");
        await queue.Refuse(ids[1], "rupture", Pharmacist, null);
        await queue.Refuse(ids[2], "rupture", Pharmacist, null);
        await queue.Undo(ids[2], null, Pharmacist, null);

        var all = new List<OrderView>();
        OrderId? before = null;
        for (var more = true; more;)
        {
            var page = await queue.List(null, before, 5);
            all.AddRange(page.Orders);
            (before, more) = (page.Orders[^1].Id, page.More);
        }

        Assert.Equal(ids.AsEnumerable().Reverse(), all.Select(order => order.Id));
        Assert.Equal([ids[1]], (await queue.List([OrderState.Refused], null, 5)).Orders.Select(order => order.Id));
        Assert.Equal(4, (await queue.List([OrderState.Cancelled], null, 5)).Orders.Count);
        Assert.Equal(OrderState.Submitted, all.Single(order => order.Id == ids[2]).State);
        Assert.Equal("rupture", all.Single(order => order.Id == ids[1]).Reason);
    }

    private static CounterHand Pharmacist => new("pharmacist", true, null);

    private static OrderAsked Asked(int quantity, string name) => new()
    {
        Lines = [new(Box, quantity)],
        Buyer = new(name, null, null, "1985-04-23"),
        Consent = true,
    };

    private (IOrderQueueGrain Queue, IStockGrain Stock) Next()
    {
        var id = Country.Pharmacies.Where(pharmacy => pharmacy.HasClickAndCollect).ElementAt(Interlocked.Increment(ref _last)).Record.Id.Value;
        return (_cluster.Client.GetGrain<IOrderQueueGrain>(id), _cluster.Client.GetGrain<IStockGrain>(id));
    }

    // ---- The model: what one caller after the other would see ----

    private static GenOperation<Actual, Model> Place() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 6], Gen.Int[1, 3]).Operation<Actual, Model>(
        (actual, wish) => actual.Place(wish.Item1, wish.Item2, wish.Item3),
        (model, wish) => model.Place(wish.Item1, wish.Item2, wish.Item3));

    private static GenOperation<Actual, Model> Act(Func<IOrderQueueGrain, OrderId, Task<OrderAnswer>> ask, Func<ModelOrder, bool> may, Func<ModelOrder, ModelOrder> becomes) =>
        Gen.Int[1, 6].Operation<Actual, Model>((actual, key) => actual.Act(key, ask), (model, key) => model.Act(key, may, becomes));

    private static GenOperation<Actual, Model> Count() => Gen.Int[0, 8].Operation<Actual, Model>((actual, boxes) => actual.Count(boxes), (model, boxes) => model.OnHand = boxes);

    private sealed class Actual
    {
        private readonly IOrderQueueGrain _queue;
        private readonly IStockGrain _stock;
        private readonly ConcurrentDictionary<int, OrderId> _placed = new();
        private readonly ConcurrentDictionary<int, string> _outcomes = new();

        public Actual(OrderGrainSuite suite, int boxes)
        {
            (_queue, _stock) = suite.Next();
            Wait(_stock.Count(Box, boxes, null, null, "test"));
        }

        public void Place(int tag, int key, int quantity)
        {
            var answer = Wait(_queue.Place(Asked(quantity, $"buyer {key} {quantity}"), new($"key {key}", $"{quantity}"), "buyer"));
            if (answer.Receipt is { } receipt)
                _placed[key] = receipt.Id;
            _outcomes[tag] = answer.Refusal?.Kind.ToString() ?? $"{answer.Receipt!.Lines[0].Quantity}";
        }

        public void Act(int key, Func<IOrderQueueGrain, OrderId, Task<OrderAnswer>> ask)
        {
            if (_placed.TryGetValue(key, out var id))
                Wait(ask(_queue, id));
        }

        public void Count(int boxes) => Wait(_stock.Count(Box, boxes, null, null, "test"));

        public bool Is(Model model)
        {
            var count = Wait(_stock.Boxes(Box))!;
            var orders = Wait(_queue.List(null, null, 1_000)).Orders;
            return (count.OnHand, count.Held, count.Available) == (model.OnHand, model.Held, model.Available)
                && model.Orders.Count == orders.Count
                && model.Orders.All(pair => _placed.TryGetValue(pair.Key, out var id) && orders.Single(order => order.Id == id) is var order && (order.State, order.Lines[0].Quantity) == (pair.Value.State, pair.Value.Quantity))
                && model.Outcomes.All(pair => _outcomes[pair.Key] == pair.Value);
        }

#pragma warning disable VSTHRD002 // CsCheck runs these on threads of its own, and its operations are synchronous.
        private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    private sealed record ModelOrder(int Quantity, OrderState State)
    {
        public bool IsOpen => State <= OrderState.Ready;
    }

    private sealed class Model(int onHand)
    {
        public int OnHand { get; set; } = onHand;

        public Dictionary<int, ModelOrder> Orders { get; } = [];

        public Dictionary<int, string> Outcomes { get; } = [];

        public int Held => Orders.Values.Where(order => order.IsOpen).Sum(order => order.Quantity);

        // Ordered and bagged boxes of orders that were cancelled stay out of reach: nobody puts them back here.
        public int Available => Math.Max(0, OnHand - Held - Bagged);

        private int Bagged { get; set; }

        public void Place(int tag, int key, int quantity)
        {
            if (Orders.TryGetValue(key, out var known))
                Outcomes[tag] = known.Quantity == quantity ? $"{quantity}" : nameof(OrderRefusalKind.KeyReused);
            else if (quantity > Available)
                Outcomes[tag] = nameof(OrderRefusalKind.OutOfStock);
            else
            {
                Orders[key] = new(quantity, OrderState.Submitted);
                Outcomes[tag] = $"{quantity}";
            }
        }

        public void Act(int key, Func<ModelOrder, bool> may, Func<ModelOrder, ModelOrder> becomes)
        {
            if (!Orders.TryGetValue(key, out var order) || !may(order))
                return;
            var next = Orders[key] = becomes(order);
            if (next.State == OrderState.Collected)
                OnHand -= order.Quantity;
            else if (!next.IsOpen && order.State == OrderState.Ready)
                Bagged += order.Quantity;
        }
    }
}
