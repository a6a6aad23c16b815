using System.Globalization;
using System.Security.Cryptography;
using NodaTime;
using NodaTime.Text;
using Realtime.Idempotency;
using Realtime.Journal;
using Realtime.Keys;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Recalls;
using Realtime.Stock;

namespace Realtime.Orders;

/// <summary>
/// The one owner of a pharmacy's stock and orders: decide, append, evolve, tell. What time does stands in <c>OrderQueueGrain.Time.cs</c>, what is read in
/// <c>OrderQueueGrain.Reading.cs</c>. Nothing is decided by orders whose time is over: what is due is done first.
/// </summary>
[GrainType("orders")]
internal sealed partial class OrderQueueGrain(
    IJournal journal, [PersistentState("orders", JournalRegistration.Snapshots)] IPersistentState<Snapshot> snapshot, Clock clock, OnCallKnowledge duty, RealtimeOptions options,
    Shelf shelf, IKeyStore keys, OrderSecrets secrets, OrderPost post, PushPost pushes, RecallKnowledge recalls)
    : JournaledGrain<OrderQueueState, OrderEvent>(journal, snapshot), IOrderQueueGrain, IStockGrain, IRemindable
{
    private const string Buyer = "buyer", Time = "time";

    // A snapshot costs what the state weighs: taken after as many rows as half of that, its cost per row stays the same however many orders there are. Rows are read again
    // at some ten microseconds each.
    private const int LeastRows = 256, Half = 2, PackedInOne = 32; // so many packed products weigh what an order does

    private readonly IJournal _journal = journal;
    private readonly OrderRules _rules = new(options.OpenOrdersPerContact, Duration.FromSeconds(options.RingLouderSeconds), Duration.FromSeconds(options.HandOverSeconds));

    private PharmacyId Id => PharmacyId.Parse(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    protected override string Stream => OrderJson.StreamOf(Id);

    /// <inheritdoc/>
    protected override OrderQueueState Empty => new() { Pharmacy = Id };

    /// <inheritdoc/>
    protected override int StateVersion => 2;

    /// <inheritdoc/>
    protected override int SnapshotEvery => Math.Max(LeastRows, (State.Orders.Count + State.Answered.Count + State.HandedOver.Count + (State.Inventory.Weight / PackedInOne)) / Half);

    /// <inheritdoc/>
    public async Task<PlaceAnswer> Place(OrderAsked asked, RequestKey request, string actor)
    {
        await SweepIfDue();
        if (await Before(request) is { } before)
            return before.Refusal is { } refused ? new(refused, null) : new(null, ReceiptOf((OrderPlaced)before.Happened!, before.At), Replayed: true);
        var now = JournalRows.AsStored(clock.Now);
        if (await Page() is not { } page)
            return new(new(OrderRefusalKind.UnknownPharmacy), null);
        if (await Placing(asked, now) is var (placing, unknown) && unknown is not null)
            return new(unknown, null);
        var decision = OrderQueue.Place(State, placing!, page, _rules, now);
        if (decision.Happened is not OrderPlaced placed)
            return new(decision.Refusal, null);
        // Before the first hold there is somebody who wakes this grain when it ends.
        await Remind();
        placed = await Seal(placed, asked) with { Request = request };
        await Happen(placed, actor, asked.ByCounter ? "written down by the counter" : "placed by the buyer", now);
        return new(null, ReceiptOf(placed, now));
    }

    /// <inheritdoc/>
    public Task<OrderAnswer> Cancel(OrderId id, RequestKey? request, string actor) =>
        Do(id, request, actor, "cancelled by the buyer", (state, _, _) => OrderQueue.Cancel(state, id));

    /// <inheritdoc/>
    public Task<OrderAnswer> AnswerOffer(OrderId id, bool accept, RequestKey? request, string actor) =>
        Do(id, request, actor, accept ? "fewer boxes taken by the buyer" : "fewer boxes declined by the buyer", (state, _, _) => accept ? OrderQueue.AcceptOffer(state, id) : OrderQueue.DeclineOffer(state, id));

    /// <inheritdoc/>
    public Task<OrderAnswer> Write(OrderId id, string text, CounterHand? hand, RequestKey? request) =>
        Do(id, request, hand?.Actor ?? Buyer, hand is null ? "message from the buyer" : "message from the counter", (state, _, _) => OrderQueue.Write(state, id, hand is null ? null : HandOf(hand)),
            async happened => (MessageSent)happened with { Text = await Seal(id, text) });

    /// <inheritdoc/>
    public Task<OrderAnswer> Acknowledge(OrderId id, string actor) => Do(id, null, actor, "seen at the counter", (state, _, _) => OrderQueue.Acknowledge(state, id));

    /// <inheritdoc/>
    public Task<OrderAnswer> Accept(OrderId id, CounterHand hand, RequestKey? request) =>
        Do(id, request, hand.Actor, "accepted by the counter", (state, page, now) => OrderQueue.Accept(state, id, HandOf(hand), page, now));

    /// <inheritdoc/>
    public Task<OrderAnswer> Validate(OrderId id, CounterHand hand, RequestKey? request) =>
        Do(id, request, hand.Actor, "validated by a pharmacist", (state, page, now) => OrderQueue.Validate(state, id, HandOf(hand), page, now));

    /// <inheritdoc/>
    public Task<OrderAnswer> Propose(OrderId id, IReadOnlyDictionary<Cip13, int> offer, CounterHand hand, RequestKey? request) =>
        Do(id, request, hand.Actor, "fewer boxes offered by the counter", (state, page, now) => OrderQueue.Propose(state, id, offer, HandOf(hand), page, now));

    /// <inheritdoc/>
    public Task<OrderAnswer> Ready(OrderId id, CounterHand hand, BoxCheck check, RequestKey? request) =>
        Do(id, request, hand.Actor, "bagged by the counter", (state, page, now) => OrderQueue.Ready(state, id, check, HandOf(hand), page, now));

    /// <inheritdoc/>
    public Task<OrderAnswer> Refuse(OrderId id, string reason, CounterHand hand, RequestKey? request) =>
        Do(id, request, hand.Actor, "refused by the counter", (state, page, now) => OrderQueue.Refuse(state, id, HandOf(hand), page, now),
            async happened => (OrderRefused)happened with { Reason = await Seal(id, reason) });

    /// <inheritdoc/>
    public Task<OrderAnswer> Collect(OrderId id, string? code, string? reason, CounterHand hand, BoxCheck check, RequestKey? request) =>
        Do(id, request, hand.Actor, code is null ? "handed over by a pharmacist who checked who collects" : "code given at the counter",
            (state, page, now) => OrderQueue.Collect(state, id, code is null ? null : secrets.IsCode(id, code), check, HandOf(hand), page, now),
            async happened => happened is OrderCollected collected && reason is not null ? collected with { Reason = await Seal(id, reason) } : happened);

    /// <inheritdoc/>
    public Task<OrderAnswer> Undo(OrderId id, string? reason, CounterHand hand, RequestKey? request) =>
        Do(id, request, hand.Actor, "undone by the counter", (state, page, now) => OrderQueue.Undo(state, id, reason is not null, HandOf(hand), page, _rules, now),
            async happened => reason is null ? happened : (ActUndone)happened with { Reason = await Seal(id, reason) });

    /// <inheritdoc/>
    public Task<OrderAnswer> Reshelve(OrderId id, CounterHand hand, RequestKey? request) =>
        Do(id, request, hand.Actor, "put back on the shelf", (state, _, _) => OrderQueue.Reshelve(state, id, HandOf(hand)));

    /// <inheritdoc/>
    public async Task<StockAnswer> Count(Cip13 cip13, int quantity, int? reserve, RequestKey? request, string actor)
    {
        if (request is not null && await Before(request) is { } before)
            return before.Refusal is { } refused ? new(refused, null) : new(null, ViewOf(cip13, ((StockCounted)before.Happened!).Left!.Value), Replayed: true);
        if (shelf.Catalogue is not { } catalogue)
            return new(new(OrderRefusalKind.NotReady), null);
        if (!catalogue.TryFind(cip13, out _))
            return new(new OrderRefusal(OrderRefusalKind.UnknownProduct) { Cip13 = cip13 }, null);
        var answer = await Do(null, request, actor, "counted by the counter", (state, _, now) => OrderQueue.Count(state, cip13, quantity, reserve, now, keyed: request is not null));
        return new(answer.Refusal, answer.Refusal is null ? StockOf(cip13) : null);
    }

    /// <inheritdoc/>
    public Task<OrderAnswer> Settle(Cip13 cip13, IReadOnlyCollection<OrderId> served, RequestKey? request, string actor) =>
        Do(null, request, actor, "shortage settled by the counter", (state, page, now) => OrderQueue.Settle(state, cip13, served, page, now));

    /// <inheritdoc/>
    public async Task<WaitAnswer> Wait(Cip13 cip13, int quantity, string email, RequestKey? request)
    {
        if (request is not null && await Before(request) is { } before)
            return before.Refusal is { } refused ? new(refused, null) : new(null, ((WaiterJoined)before.Happened!).Waiter.Id, Replayed: true);
        if (shelf.Catalogue is not { } catalogue || !catalogue.TryFind(cip13, out _))
            return new(new OrderRefusal(shelf.Catalogue is null ? OrderRefusalKind.NotReady : OrderRefusalKind.UnknownProduct) { Cip13 = cip13 }, null);
        var key = await keys.Take();
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var contact = secrets.ContactOf(Id, string.Concat("mail ", email.Trim().ToUpperInvariant()));
        var waiter = new Waiter(id, cip13, quantity, contact, key.Id, OrderSealing.Seal(key.Key, WaiterPlace(id), System.Text.Encoding.UTF8.GetBytes(email)));
        var answer = await Do(null, request, Buyer, "asked to be told", (state, _, _) => OrderQueue.Wait(state, waiter));
        return new(answer.Refusal, answer.Refusal is null ? id : null);
    }

    /// <inheritdoc/>
    public Task<OrderAnswer> Leave(string waiter) => Do(null, null, Buyer, "no longer waits", (state, _, _) => OrderQueue.Leave(state, waiter));

    /// <inheritdoc/>
    protected override OrderQueueState Evolve(OrderQueueState state, OrderEvent change, long seq, Instant at) => OrderQueue.Evolve(state, change, seq, at);

    /// <inheritdoc/>
    protected override (string Kind, int Version, byte[] Payload) Write(OrderEvent change) => OrderJson.Write(change);

    /// <inheritdoc/>
    protected override OrderEvent Read(string kind, int version, ReadOnlyMemory<byte> payload) => OrderJson.Read(kind, version, payload.Span);

    /// <inheritdoc/>
    protected override byte[] WriteState(OrderQueueState state) => OrderJson.WriteState(state);

    /// <inheritdoc/>
    protected override OrderQueueState ReadState(ReadOnlyMemory<byte> state) => OrderJson.ReadState(state.Span);

    /// <inheritdoc/>
    protected override OrderEvent Complete(OrderEvent change, OrderQueueState before, OrderQueueState after) => OrderFacts.Complete(change, before, after);

    /// <inheritdoc/>
    protected override byte[]? PublicState(OrderEvent change, OrderQueueState before, OrderQueueState after) =>
        OrderFacts.IsTold(change) ? OrderFacts.Write(after, Seq + 1) : null;

    /// <inheritdoc/>
    protected override IReadOnlyList<HistoryEntry> History(OrderQueueState before, OrderQueueState after) =>
        after.Touched.All(order => order.IsOpen) ? []
        : [.. after.Touched.Where(order => !order.IsOpen).DistinctBy(order => order.Id).Select(order => after.Touched.Last(last => last.Id == order.Id))
            .Where(order => !order.IsOpen).Select(order => new HistoryEntry(order.Id.ToString(), OrderJson.WordOf(order.State), OrderJson.WriteOrder(order)))];

    /// <summary>One command: what was carried out before is answered as then; else decide, append, evolve, tell.</summary>
    /// <param name="about">The order that it is about; null for none.</param>
    /// <param name="request">By which it is recognized when it comes again.</param>
    /// <param name="actor">Pseudonym.</param>
    /// <param name="reason">What the row says of why.</param>
    /// <param name="decide">The rule.</param>
    /// <param name="seal">Puts what is personal into the event.</param>
    private async Task<OrderAnswer> Do(
        OrderId? about, RequestKey? request, string actor, string reason, Func<OrderQueueState, QueuePage, Instant, Decision> decide, Func<OrderEvent, ValueTask<OrderEvent>>? seal = null)
    {
        await SweepIfDue();
        if (request is not null && await Before(request) is { } before)
            return before.Refusal is { } refused ? Answer(refused) : new(null, (before.Happened as OneOrderEvent)?.Id, (before.Happened as OneOrderEvent)?.Left, before.At, before.Seq, Replayed: true);
        if (await Page() is not { } page)
            return Answer(new(OrderRefusalKind.UnknownPharmacy));
        var now = JournalRows.AsStored(clock.Now);
        page = page with { Recalls = _book ?? RecallBook.Empty };
        var decision = decide(State, page, now);
        if (decision.Refusal?.Kind == OrderRefusalKind.UnknownOrder && about is { } id && await _journal.HistoryOf(Stream, id.ToString()) is { } kept)
            // It has left for the history, where nothing can happen to it any more; the same rule says why.
            decision = decide(State with { Orders = State.Orders.SetItem(id, OrderJson.ReadOrder(kept.Payload.Span)) }, page, now) with { Happened = null };
        if (decision.Happened is not { } happened)
            return decision.Refusal is { } refusal ? Answer(refusal) : new(null, null, null, now, Seq);
        if (seal is not null)
            happened = await seal(happened);
        // What a refusal leaves behind, as a wrong code does, is no request that was carried out.
        happened = happened with { Request = decision.Refusal is null ? request : null };
        var (seq, left) = await Happen(happened, actor, reason, now);
        return decision.Refusal is { } no ? Answer(no) : new(null, (happened as OneOrderEvent)?.Id, left, now, seq);
    }

    private async Task<(long Seq, OrderMark? Left)> Happen(OrderEvent happened, string actor, string reason, Instant now)
    {
        await Append(happened, actor, reason, now);
        var left = (Seq, happened is OneOrderEvent one && State.Touched.LastOrDefault(order => order.Id == one.Id) is { } order ? new OrderMark(order.State, order.Seq) : null);
        await Told();
        return left;
    }

    // What follows for others from what has just happened.
    private async Task Told()
    {
        await CallWaiters();
        Arm();
        await PostLetters();
        await TellBrowsers();
    }

    // Boxes that have come free are somebody's who waits for them.
    private async ValueTask CallWaiters()
    {
        var now = JournalRows.AsStored(clock.Now);
        if (State.Waiters.Count == 0 || OrderQueue.Call(State, now).Happened is not { } called)
            return;
        await Remind();
        await Append(called, Time, "boxes came free", now);
    }

    private OrderAnswer Answer(OrderRefusal refusal) => new(refusal, null, null, clock.Now, Seq);

    // What the same request did before, from its very row; a key that came with another request is refused; null where it is new.
    private async Task<(OrderEvent? Happened, Instant At, long Seq, OrderRefusal? Refusal)?> Before(RequestKey request)
    {
        if (!State.Answered.TryFind(request.Key, clock.Now, out var answered))
            return null;
        if (answered.Request != request)
            return (null, answered.At, answered.Seq, new(OrderRefusalKind.KeyReused));
        var row = await _journal.ReadRow(Stream, answered.Seq) ?? throw new InvalidOperationException($"Row {answered.Seq} of {Stream} was acknowledged and is not there.");
        return (OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span), row.At, row.Seq, null);
    }

    private static Hand HandOf(CounterHand hand) => new(hand.IsPharmacist, hand.ExpectedSeq);

    private static OrderReceipt ReceiptOf(OrderPlaced placed, Instant at) =>
        new(placed.Id, at, placed.ByCounter, placed.Lines, placed.Doses, placed.Deadlines.ExpectedBy, placed.Deadlines.HeldUntil);

    /// <summary>Everything that the rule asks of an order, from what was asked, the catalogue, and the masses that this pharmacy's pharmacists read from boxes.</summary>
    private async ValueTask<(Placing? Placing, OrderRefusal? Refusal)> Placing(OrderAsked asked, Instant now)
    {
        if (shelf.Catalogue is not { } catalogue)
            return (null, new(OrderRefusalKind.NotReady));
        var boxes = asked.Lines.GroupBy(line => line.Cip13).Select(line => new AskedBoxes(line.Key, line.Sum(one => one.Quantity))).ToArray();
        var (lines, doses) = (new List<OrderLine>(boxes.Length), new List<DoseLine>(boxes.Length));
        foreach (var box in boxes)
        {
            if (!catalogue.TryFind(box.Cip13, out var product))
                return (null, new OrderRefusal(OrderRefusalKind.UnknownProduct) { Cip13 = box.Cip13 });
            lines.Add(OrderLine.Of(product, box.Quantity));
            doses.Add(new(box.Cip13, box.Quantity, product.Facts));
        }
        if (doses.Exists(line => line.Facts.Parts.Any(part => part.Grams is null)) && await GrainFactory.GetGrain<IBoxMassGrain>(Id.Value).Entered() is { Count: > 0 } entered)
            doses = doses.ConvertAll(line => line with { Facts = BoxMass.Complete(line.Facts, line.Cip13, entered) });
        Span<byte> chance = stackalloc byte[OrderId.Chance];
        RandomNumberGenerator.Fill(chance);
        return (new()
        {
            Id = OrderId.Next(Id, now, chance, State.Last),
            Lines = lines,
            Born = LocalDatePattern.Iso.Parse(asked.Buyer.BirthDate).GetValueOrThrow(),
            Consent = asked.Consent,
            Answered = asked.Answered,
            ForMinor = asked.ForMinor,
            HasEmail = asked.Buyer.Email is not null && post.IsOn,
            Contacts = [.. Contacts.Of(asked.Buyer).Select(contact => secrets.ContactOf(Id, contact))],
            ByCounter = asked.ByCounter,
            ByPharmacist = asked.ByPharmacist,
            Verdict = DoseLaw.Decide(doses, shelf.Rules, now),
        }, null);
    }

    private async ValueTask<OrderPlaced> Seal(OrderPlaced placed, OrderAsked asked)
    {
        var key = await keys.Take();
        return placed with { KeyId = key.Id, Person = OrderSealing.Seal(key.Key, PersonPlace(placed.Id), PersonJson.Write(new(asked.Buyer, asked.Answers, asked.Note))) };
    }

    private ValueTask<byte[]> Seal(OrderId id, string text) => Seal(id, TextPlace(id), System.Text.Encoding.UTF8.GetBytes(text));

    private async ValueTask<byte[]> Seal(OrderId id, string place, byte[] clear)
    {
        var order = State.Orders[id];
        var found = await keys.Find([order.KeyId]);
        return found.TryGetValue(order.KeyId, out var key)
            ? OrderSealing.Seal(key, place, clear)
            : throw new KeysUnavailableException("the key of this order has been erased: nothing more can be written to it");
    }

    private static string PersonPlace(OrderId id) => string.Create(CultureInfo.InvariantCulture, $"{id}/person");

    private static string TextPlace(OrderId id) => string.Create(CultureInfo.InvariantCulture, $"{id}/text");

    private static string WaiterPlace(string id) => string.Create(CultureInfo.InvariantCulture, $"waiter/{id}");
}
