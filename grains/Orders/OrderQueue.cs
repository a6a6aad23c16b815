using System.Collections.Immutable;
using NodaTime;
using Realtime.Hours;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Recalls;
using Realtime.Stock;

namespace Realtime.Orders;

// The rules of stock and orders, top to bottom: what a command is decided by, what is decided, what follows. A box is promised once: what is available is what is
// on hand less the reserve, what open orders hold, and what lies bagged for orders that have ended. Events, state and refusals stand in the files beside this one.

/// <summary>What the page of a pharmacy says to its orders, as known when a command is decided.</summary>
/// <param name="Facts">The page.</param>
/// <param name="Zone">Calendar and clock.</param>
/// <param name="Schedule">When it serves.</param>
/// <param name="Open">When somebody reads orders.</param>
internal sealed record QueuePage(Pharmacy Facts, Zone Zone, Schedule Schedule, OpenTimes Open)
{
    /// <summary>What is switched on.</summary>
    public Modules Modules => Facts.Page?.Modules ?? new();

    /// <summary>Whose word on duty the schedule goes by; null where it knows no duty.</summary>
    public OnCallBook? Book { get; init; }

    /// <summary>When a duty comes into sight that the schedule does not have; null where none does.</summary>
    public Instant? NextSight { get; init; }

    /// <summary>The recalls that are known.</summary>
    public RecallBook Recalls { get; init; } = RecallBook.Empty;
}

/// <summary>An order that somebody asks for.</summary>
internal sealed record Placing
{
    /// <summary>The id that it will have.</summary>
    public required OrderId Id { get; init; }

    /// <summary>What is ordered, each product once.</summary>
    public required IReadOnlyList<OrderLine> Lines { get; init; }

    /// <summary>The buyer's day of birth.</summary>
    public required LocalDate Born { get; init; }

    /// <summary>Whether the buyer consents to what is kept.</summary>
    public required bool Consent { get; init; }

    /// <summary>Whether the questionnaire is answered.</summary>
    public bool Answered { get; init; }

    /// <summary>Whether the person treated is under 18.</summary>
    public bool ForMinor { get; init; }

    /// <summary>Whether the buyer can be written to.</summary>
    public bool HasEmail { get; init; }

    /// <summary>Codes of the buyer's contacts.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    /// <summary>Whether the counter takes it down, for somebody at the telephone or the door.</summary>
    public bool ByCounter { get; init; }

    /// <summary>Whether a pharmacist does.</summary>
    public bool ByPharmacist { get; init; }

    /// <summary>What the dose law says.</summary>
    public required DoseVerdict Verdict { get; init; }
}

/// <summary>Who acts at the counter, and on which version of the order.</summary>
/// <param name="IsPharmacist">Whether a pharmacist.</param>
/// <param name="ExpectedSeq">The order's <c>seq</c> as the caller read it; null where any will do.</param>
internal readonly record struct Hand(bool IsPharmacist, long? ExpectedSeq);

/// <summary>What was decided: an event, a refusal, or, where both are null, that nothing is to be done.</summary>
internal readonly record struct Decision(OrderEvent? Happened, OrderRefusal? Refusal)
{
    /// <summary>It happens.</summary>
    public static implicit operator Decision(OrderEvent happened) => new(happened, null);

    /// <summary>It does not.</summary>
    public static implicit operator Decision(OrderRefusal refusal) => new(null, refusal);

    /// <summary>It does not.</summary>
    public static implicit operator Decision(OrderRefusalKind refusal) => new(null, new(refusal));
}

/// <summary>The rules that an installation sets for itself.</summary>
/// <param name="OpenPerContact">Open orders that one contact may have in one pharmacy.</param>
/// <param name="Loud">Open time after which an order that nobody has acknowledged rings louder.</param>
/// <param name="HandOver">Open time after which the pharmacy is written to.</param>
internal sealed record OrderRules(int OpenPerContact, Duration Loud, Duration HandOver)
{
    /// <summary>As it is unless somebody sets it otherwise.</summary>
    public static readonly OrderRules Default = new(2, Duration.FromSeconds(60), Duration.FromSeconds(180));
}

/// <summary>Decides what a command does to a pharmacy's stock and orders, and what they are after what happened. Pure.</summary>
internal static class OrderQueue
{
    /// <summary>Open time after which an unanswered order counts for an automatic pause, the buyer is told to telephone, the order expires.</summary>
    public static readonly Duration Counts = Duration.FromMinutes(15), Expected = Duration.FromMinutes(30), Unread = Duration.FromHours(2);

    /// <summary>So many unanswered orders pause the pharmacy.</summary>
    public const int PauseAfter = 3;

    /// <summary>Years of age from which on one may buy (arrêté of 28 November 2016 on good practice of online dispensing; the Ordre's list, domain C.4).</summary>
    public const int LeastAge = 16;

    /// <summary>Wrong codes after which a pharmacist must check who collects.</summary>
    public const int MostWrongCodes = 5;

    /// <summary>Messages about one order.</summary>
    public const int MostMessages = 50;

    /// <summary>States that one order may come to before nothing about it can be undone any more.</summary>
    public const int MostSteps = 100;

    /// <summary>Entries of a waiting list.</summary>
    public const int MostWaiters = 500;

    /// <summary>How long anybody at the counter may undo an act; after it, only a pharmacist, to the end of the day, and says why.</summary>
    public static readonly Duration Undoable = Duration.FromMinutes(2);

    // One row holds at most so many orders, so that it stays far below 64 KB.
    private const int MostDue = 200, MostUnserved = 1_000;

    // ---- What the buyer does ----

    /// <summary>An order is taken where every box of it can be promised.</summary>
    public static Decision Place(OrderQueueState state, Placing asked, QueuePage page, OrderRules rules, Instant now)
    {
        if (!asked.ByCounter && RefuseOnline(state, asked, page, rules, now) is { } refusal)
            return refusal;
        if (!asked.Consent)
            return OrderRefusalKind.Consent;
        if (asked.Born.PlusYears(LeastAge) > now.InZone(page.Zone.Time).Date)
            return OrderRefusalKind.Age;
        if (page.Modules.Questions && !asked.Answered && !asked.ByCounter)
            return OrderRefusalKind.AnswersMissing;
        var problems = asked.Verdict.Problems.Where(problem => problem.Kind != DoseProblemKind.DoseLimitExceeded || !page.Modules.DoseAlert).ToArray();
        if (problems.Length > 0)
            return new OrderRefusal(OrderRefusalKind.DoseLaw) { Doses = problems };
        var missing = Missing(state, asked.Lines, confirmed: !page.Modules.Confirmation || asked.ByCounter, now);
        return missing.Count > 0
            ? new OrderRefusal(OrderRefusalKind.OutOfStock) { Missing = missing }
            : Placed(asked, page, rules, now);
    }

    /// <summary>Boxes that are asked for and cannot be promised.</summary>
    /// <param name="state">The stock.</param>
    /// <param name="lines">What is asked for, each product once.</param>
    /// <param name="confirmed">False where the pharmacy confirms each order: orders that nobody has taken on hold at most half of what could be promised without them.</param>
    /// <param name="now">When: by a feed that is too old nothing can be promised.</param>
    public static IReadOnlyList<MissingBoxes> Missing(OrderQueueState state, IReadOnlyList<OrderLine> lines, bool confirmed, Instant now) =>
        [.. lines.Select(line => (line, free: state.IsStale(now) ? 0 : Free(state.CountOf(line.Cip13) ?? default, confirmed))).Where(pair => pair.free < pair.line.Quantity)
            .Select(pair => new MissingBoxes(pair.line.Cip13, pair.line.Quantity, pair.free))];

    /// <summary>A buyer may go back on an order that was not handed over.</summary>
    public static Decision Cancel(OrderQueueState state, OrderId id) =>
        Find(state, id, out var order) is { } unknown ? unknown
        : order.IsOpen ? new OrderCancelled(id)
        : WrongState(order);

    /// <summary>A buyer takes what the counter offers.</summary>
    public static Decision AcceptOffer(OrderQueueState state, OrderId id) =>
        Find(state, id, out var order) is { } unknown ? unknown
        : order.State == OrderState.Proposed ? new ProposalAccepted(id, order.PlacedAt + OpenTimes.Furthest)
        : WrongState(order);

    /// <summary>A buyer does not; the order ends.</summary>
    public static Decision DeclineOffer(OrderQueueState state, OrderId id) =>
        Find(state, id, out var order) is { } unknown ? unknown
        : order.State == OrderState.Proposed ? new ProposalDeclined(id)
        : WrongState(order);

    /// <summary>Either side writes, while the order is open.</summary>
    /// <param name="state">The queue.</param>
    /// <param name="id">The order.</param>
    /// <param name="hand">Who writes at the counter; null where the buyer does.</param>
    public static Decision Write(OrderQueueState state, OrderId id, Hand? hand) =>
        Find(state, id, hand ?? default, out var order) is { } no ? no
        : !order.IsOpen ? WrongState(order)
        : order.Messages.Count >= MostMessages ? OrderRefusalKind.TooMany
        : new MessageSent(id, hand is null, []);

    // ---- What the counter does ----

    /// <summary>Somebody has seen an order; seeing it again is nothing.</summary>
    public static Decision Acknowledge(OrderQueueState state, OrderId id) =>
        Find(state, id, out var order) is { } unknown ? unknown
        : order.Acknowledged ? default(Decision)
        : new OrderAcknowledged(id);

    /// <summary>The counter takes an order on; a pharmacist stands behind it at once.</summary>
    public static Decision Accept(OrderQueueState state, OrderId id, Hand hand, QueuePage page, Instant now) =>
        Find(state, id, hand, out var order) is { } no ? no
        : order.State == OrderState.Submitted ? new OrderAccepted(id, hand.IsPharmacist, order.PlacedAt + OpenTimes.Furthest, page.Open.EndOfDay(now))
        : WrongState(order);

    /// <summary>A pharmacist stands behind an order that was taken on.</summary>
    public static Decision Validate(OrderQueueState state, OrderId id, Hand hand, QueuePage page, Instant now) =>
        Find(state, id, hand, out var order) is { } no ? no
        : !hand.IsPharmacist ? OrderRefusalKind.PharmacistOnly
        : order.State is not (OrderState.Accepted or OrderState.Proposed) || order.Validated ? WrongState(order)
        : new OrderValidated(id, page.Open.EndOfDay(now));

    /// <summary>The counter offers fewer boxes of what was ordered.</summary>
    public static Decision Propose(OrderQueueState state, OrderId id, IReadOnlyDictionary<Cip13, int> offer, Hand hand, QueuePage page, Instant now)
    {
        if (Find(state, id, hand, out var order) is { } no)
            return no;
        if (order.State is not (OrderState.Accepted or OrderState.Proposed))
            return WrongState(order);
        var lines = order.Lines.Where(line => offer.GetValueOrDefault(line.Cip13) > 0).Select(line => line with { Quantity = offer[line.Cip13] }).ToArray();
        var fewer = lines.Sum(line => line.Quantity) < order.Lines.Sum(line => line.Quantity);
        var within = offer.All(pair => pair.Value >= 0 && order.Lines.Any(line => line.Cip13 == pair.Key && line.Quantity >= pair.Value));
        return lines.Length == 0 || !fewer || !within ? OrderRefusalKind.InvalidOffer
            : new OrderProposed(id, lines, Instant.Min(page.Open.EndOfSecondDay(now), order.PlacedAt + OpenTimes.Furthest), page.Open.EndOfDay(now));
    }

    /// <summary>The order is bagged; a pharmacist must stand behind it, and none of its boxes is of a lot that nobody is given.</summary>
    public static Decision Ready(OrderQueueState state, OrderId id, BoxCheck check, Hand hand, QueuePage page, Instant now) =>
        Find(state, id, hand, out var order) is { } no ? no
        : order.State != OrderState.Accepted ? WrongState(order)
        : !order.Validated ? OrderRefusalKind.NotValidated
        : LotRules.Refuse(state, order, check, page, now) is { } bad ? bad
        : new OrderReadied(id, now, page.Open.EndOfSecondDay(now), page.Open.EndOfDay(now)) { Scans = check.Seen };

    /// <summary>The counter refuses, and says why.</summary>
    public static Decision Refuse(OrderQueueState state, OrderId id, Hand hand, QueuePage page, Instant now) =>
        Find(state, id, hand, out var order) is { } no ? no
        : order.IsOpen ? new OrderRefused(id, [], page.Open.EndOfDay(now))
        : WrongState(order);

    /// <summary>The order is handed over: to whoever shows the code, or by a pharmacist who checked who it is.</summary>
    /// <param name="state">The queue.</param>
    /// <param name="id">The order.</param>
    /// <param name="codeIsRight">Whether the code shown is the order's; null where a pharmacist checked instead.</param>
    /// <param name="check">What somebody has looked at.</param>
    /// <param name="hand">Who acts.</param>
    /// <param name="page">The pharmacy's page.</param>
    /// <param name="now">When.</param>
    public static Decision Collect(OrderQueueState state, OrderId id, bool? codeIsRight, BoxCheck check, Hand hand, QueuePage page, Instant now) =>
        Find(state, id, hand, out var order) is { } no ? no
        : order.State != OrderState.Ready ? WrongState(order)
        : codeIsRight is null && !hand.IsPharmacist ? OrderRefusalKind.PharmacistOnly
        : codeIsRight is not null && order.WrongCodes >= MostWrongCodes ? OrderRefusalKind.CodeLocked
        : codeIsRight == false ? new Decision(new WrongCodeGiven(id), new(OrderRefusalKind.WrongCode) { Number = MostWrongCodes - order.WrongCodes - 1 })
        : LotRules.Refuse(state, order, check, page, now) is { } bad ? bad
        : new OrderCollected(id, null, page.Open.EndOfDay(now)) { Scans = check.Seen };

    /// <summary>The counter goes one step back: anybody within two minutes, a pharmacist with a reason to the end of the day.</summary>
    public static Decision Undo(OrderQueueState state, OrderId id, bool hasReason, Hand hand, QueuePage page, OrderRules rules, Instant now)
    {
        if (Find(state, id, hand, out var order) is { } no)
            return no;
        if (order.Undo is not { } step || now >= step.Until || order.Timeline.Count >= MostSteps)
            return OrderRefusalKind.NothingToUndo;
        if (now - step.At >= Undoable && !(hand.IsPharmacist && hasReason))
            return OrderRefusalKind.PharmacistOnly;
        // What was given back may have been promised to somebody else meanwhile; what still lies in the bag was not.
        if (!order.IsOpen && !order.ToReshelve && order.State != OrderState.Collected && Missing(state, step.Before.Lines, confirmed: true, now) is { Count: > 0 } missing)
            return new OrderRefusal(OrderRefusalKind.OutOfStock) { Missing = missing };
        return new ActUndone(id, Ahead(step.Before, page, rules, now), null);
    }

    /// <summary>The boxes of an order that ended while bagged are back on the shelf.</summary>
    public static Decision Reshelve(OrderQueueState state, OrderId id, Hand hand = default) =>
        Find(state, id, hand, out var order) is { } no ? no
        : order.ToReshelve ? new BoxesReshelved(id)
        : WrongState(order);

    /// <summary>Somebody counted. Fewer boxes than are held is never refused: it is so, and raises a shortage.</summary>
    /// <param name="state">The stock.</param>
    /// <param name="cip13">Of which product.</param>
    /// <param name="quantity">Boxes on hand.</param>
    /// <param name="reserve">Boxes never promised; null where that stays.</param>
    /// <param name="now">When.</param>
    /// <param name="keyed">Whether the same count may come again later: then it is remembered even where it changes nothing, lest it undo what others counted meanwhile. So is one beside a feed, which may have been counted before it.</param>
    public static Decision Count(OrderQueueState state, Cip13 cip13, int quantity, int? reserve, Instant now, bool keyed = false) =>
        !keyed && state.Feed is null && state.CountOf(cip13) is { } known && known.OnHand == quantity && (reserve is null || reserve == known.Reserve) ? default(Decision)
        : new StockCounted(cip13, quantity, reserve) { DropsFeed = state.IsStale(now) };

    /// <summary>The counter says who is served of a product of which there is too little; the other orders that hold it are refused.</summary>
    public static Decision Settle(OrderQueueState state, Cip13 cip13, IReadOnlyCollection<OrderId> served, QueuePage page, Instant now)
    {
        if (state.CountOf(cip13) is not { IsShort: true } count)
            return OrderRefusalKind.NotShort;
        var holders = state.Orders.Values.Where(order => order.IsOpen && order.Lines.Any(line => line.Cip13 == cip13)).ToArray();
        if (served.Any(id => !holders.Any(order => order.Id == id)))
            return OrderRefusalKind.UnknownOrder;
        var promised = holders.Where(order => served.Contains(order.Id)).Sum(order => order.Lines.First(line => line.Cip13 == cip13).Quantity);
        if (holders.Length - served.Count > MostUnserved)
            return OrderRefusalKind.TooMany;
        return promised + count.ToReshelve > count.Sellable
            ? new OrderRefusal(OrderRefusalKind.StillShort) { Missing = [new(cip13, promised, Math.Max(0, count.Sellable - count.ToReshelve))] }
            : new ShortageSettled(cip13, [.. served], [.. holders.Select(order => order.Id).Where(id => !served.Contains(id)).Order()], page.Open.EndOfDay(now));
    }

    // ---- What time does ----

    /// <summary>Everything that is due, each order in the last of its instants that has come; nothing where none is.</summary>
    public static Decision Pass(OrderQueueState state, QueuePage page, Instant now)
    {
        var due = state.Due.TakeWhile(one => one.At <= now).Take(MostDue).Select(one => state.Orders[one.Id]).ToArray();
        if (due.Length == 0)
            return default;
        var expired = due.Where(order => order.Deadlines.HeldUntil <= now).ToArray();
        var waiting = due.Except(expired).ToArray();
        var counted = waiting.Where(order => order.Unanswered == Unanswered.No && order.Deadlines.CountsAt <= now).ToArray();
        var pausing = counted.Length > 0 && counted.Length + state.Orders.Values.Count(CountsForPause) >= PauseAfter && page.Facts.Paused?.HoldsAt(now) != true;
        return new TimePassed
        {
            Loud = Ids(waiting, order => !order.Acknowledged && order.Escalation == Escalation.None && order.Deadlines.LoudAt <= now && order.Deadlines.HandOverAt > now),
            HandedOver = Ids(waiting, order => !order.Acknowledged && order.Escalation != Escalation.HandedOver && order.Deadlines.HandOverAt <= now),
            Counted = [.. counted.Select(order => order.Id)],
            Late = Ids(waiting, order => !order.Late && order.Deadlines.ExpectedBy <= now),
            Expired = [.. expired.Select(order => order.Id)],
            Pause = pausing ? new AutomaticPause(page.Open.NextOpening(now)) : null,
        };
    }

    /// <summary>The page changed: holds that it would cut are moved to where they now end. None is ever made shorter, and none twice by one page.</summary>
    public static Decision Move(OrderQueueState state, QueuePage page, OrderRules rules)
    {
        var moves = state.Orders.Values.Where(order => order.State is OrderState.Submitted or OrderState.Ready or OrderState.Proposed)
            .Select(order => (order, ahead: Anew(order, page, rules)))
            .Where(pair => pair.ahead.HeldUntil > pair.order.Deadlines.HeldUntil)
            .OrderBy(pair => pair.order.Id).Take(MostDue)
            .Select(pair => new HoldMoved(pair.order.Id, Instant.Max(pair.ahead.ExpectedBy, pair.order.Deadlines.ExpectedBy), pair.ahead.HeldUntil)).ToArray();
        return moves.Length > 0 ? new HoldsMoved(page.Facts.Seq, moves) : default(Decision);
    }

    /// <summary>Boxes have come free: those who asked first and whose wish fits are called, and no more of them than there are boxes.</summary>
    public static Decision Call(OrderQueueState state, Instant now)
    {
        var free = new Dictionary<Cip13, int>();
        var called = new List<string>();
        foreach (var waiter in state.Waiters.Where(waiter => waiter.CalledAt is null && !state.IsStale(now)))
        {
            if (!free.TryGetValue(waiter.Cip13, out var left))
                left = (state.CountOf(waiter.Cip13) ?? default).Available - state.Waiters.Where(other => other.ClaimsAt(now) && other.Cip13 == waiter.Cip13).Sum(other => other.Quantity);
            var fits = left >= waiter.Quantity;
            // Nobody overtakes: who asked for more than there is waits, and whoever comes after waits too.
            free[waiter.Cip13] = fits ? left - waiter.Quantity : 0;
            if (fits)
                called.Add(waiter.Id);
        }
        return called.Count > 0 ? new WaitersCalled(called) : default(Decision);
    }

    /// <summary>Somebody wants to be told; once for each product and address.</summary>
    public static Decision Wait(OrderQueueState state, Waiter waiter) =>
        state.Waiters.Any(other => other.CalledAt is null && other.Cip13 == waiter.Cip13 && other.Contact == waiter.Contact) ? OrderRefusalKind.AlreadyWaiting
        : state.Waiters.Count >= MostWaiters ? OrderRefusalKind.TooMany
        : new WaiterJoined(waiter);

    /// <summary>Somebody no longer does.</summary>
    public static Decision Leave(OrderQueueState state, string waiter) =>
        state.Waiters.Any(other => other.Id == waiter) ? new WaiterLeft(waiter) : OrderRefusalKind.UnknownOrder;

    // ---- What follows ----

    /// <summary>Stock and orders after an event. Never checks a rule, never reads a clock.</summary>
    /// <param name="state">Before it.</param>
    /// <param name="happened">The event.</param>
    /// <param name="seq">Its place in the stream.</param>
    /// <param name="at">When it was decided.</param>
    /// <exception cref="InvalidOperationException">An event this program does not know: the stream was written by a newer one.</exception>
    public static OrderQueueState Evolve(OrderQueueState state, OrderEvent happened, long seq, Instant at)
    {
        var fresh = (state with { Touched = [], Moved = [] }).Without(at);
        var next = happened switch
        {
            StockCounted e => Counted(fresh, e, at),
            FeedStaged e => FeedRules.Kept(fresh, e),
            StockFed e => FeedRules.Taken(fresh, e, seq, at),
            DayTurned e => LotRules.Turned(fresh, e),
            LotsRecalled e => LotRules.Recalled(fresh, e),
            RecallLifted e => LotRules.Lifted(fresh, e),
            ShortageSettled e => e.Unserved.Aggregate(fresh, (queue, id) => queue.With(Ended(queue.Orders[id], OrderState.Refused, at, e.UndoUntil, Notices.Refused))),
            OrderPlaced e => fresh.With(PlacedOrder(e, at)) with { Last = e.Id },
            TimePassed e => Passed(fresh, e, seq, at),
            HoldsMoved e => e.Moves.Aggregate(fresh, (queue, move) => queue.With(Moved(queue.Orders[move.Id], move))),
            NoticesSent e => e.Sent.Aggregate(fresh, Sent),
            WaiterJoined e => fresh with { Waiters = fresh.Waiters.Add(e.Waiter) },
            WaiterLeft e => fresh with { Waiters = fresh.Waiters.RemoveAll(waiter => waiter.Id == e.Id) },
            WaitersCalled e => fresh with { Waiters = [.. fresh.Waiters.Select(waiter => e.Ids.Contains(waiter.Id) ? waiter with { CalledAt = at } : waiter)] },
            OrderPushEvent e => OrderPushes.Evolve(fresh, e),
            OrderCollected e => Collected(fresh, fresh.Orders[e.Id], e, at),
            ActUndone e => Undone(fresh, fresh.Orders[e.Id], e, at),
            OneOrderEvent e => fresh.With(Changed(fresh.Orders[e.Id], e, at)),
            _ => throw new InvalidOperationException($"{happened.GetType().Name} is not known here."),
        };
        return OrderPushes.Told(happened, state, next) with { Answered = next.Answered.After(happened.Request, seq, at) };
    }

    private static Order Changed(Order order, OneOrderEvent happened, Instant at) => happened switch
    {
        OrderAcknowledged => order with { Acknowledged = true },
        OrderAccepted e => Step(order, OrderState.Accepted, at, e.UndoUntil) with { Validated = e.Validated, Deadlines = order.Deadlines with { HeldUntil = e.HeldUntil } },
        OrderValidated e => order with { Seq = order.Seq + 1, Validated = true, Undo = StepBack(order, at, e.UndoUntil) },
        OrderProposed e => Step(order, OrderState.Proposed, at, e.UndoUntil) with { Offer = e.Offer, Deadlines = order.Deadlines with { HeldUntil = e.HeldUntil }, Owed = Owed(order, Notices.Proposed) },
        ProposalAccepted e => Step(order, OrderState.Accepted, at, null) with { Lines = order.Offer!, Offer = null, Deadlines = order.Deadlines with { HeldUntil = e.HeldUntil } },
        ProposalDeclined => Ended(order, OrderState.Cancelled, at, null, Notices.None),
        OrderReadied e => Step(order, OrderState.Ready, at, e.UndoUntil) with { Scans = e.Scans, Recalled = false, Deadlines = order.Deadlines with { ExpectedBy = e.ExpectedBy, HeldUntil = e.HeldUntil }, Owed = Owed(order, Notices.Ready) },
        OrderRefused e => Ended(order, OrderState.Refused, at, e.UndoUntil, Notices.Refused) with { Reason = e.Reason },
        OrderCancelled => Ended(order, OrderState.Cancelled, at, null, Notices.None),
        WrongCodeGiven => order with { WrongCodes = order.WrongCodes + 1 },
        BoxesReshelved => order with { Seq = order.Seq + 1, ToReshelve = false, Undo = null },
        MessageSent e => order with
        {
            Seq = order.Seq + 1,
            Messages = [.. order.Messages, new(at, e.FromBuyer, e.Text)],
            Owed = e.FromBuyer ? order.Owed : Owed(order, Notices.Message),
        },
        _ => throw new InvalidOperationException($"{happened.GetType().Name} is not known here."),
    };

    private static Order PlacedOrder(OrderPlaced e, Instant at)
    {
        var order = new Order
        {
            Id = e.Id,
            State = OrderState.Submitted,
            Seq = 1,
            PlacedAt = at,
            Lines = e.Lines,
            Doses = e.Doses,
            Deadlines = e.Deadlines,
            Contacts = e.Contacts,
            KeyId = e.KeyId,
            Person = e.Person,
            DoseAlert = e.DoseAlert,
            Answered = e.Answered,
            ForMinor = e.ForMinor,
            HasEmail = e.HasEmail,
            Timeline = [new(OrderState.Submitted, at)],
        };
        // Whoever writes an order down has seen it, and has taken it on.
        return e.ByCounter
            ? order with { ByCounter = true, State = OrderState.Accepted, Acknowledged = true, Validated = e.Validated, Timeline = [.. order.Timeline, new(OrderState.Accepted, at)] }
            : order with { Owed = Owed(order, Notices.Placed) };
    }

    private static OrderQueueState Counted(OrderQueueState state, StockCounted e, Instant at) =>
        (e.DropsFeed ? state with { Feed = state.Feed! with { IsDropped = true } } : state).With(e.Cip13, item => item.Counted(e.Quantity, at) with { Reserve = e.Reserve ?? item.Reserve }) with { Since = state.Since ?? at };

    private static OrderQueueState Collected(OrderQueueState state, Order order, OrderCollected e, Instant at)
    {
        var (scans, week) = (e.Scans ?? order.Scans, WeekBoxes.WeekOf(at));
        var next = state.With(Step(order, OrderState.Collected, at, e.UndoUntil) with { Scans = scans, Recalled = false });
        foreach (var line in order.Lines)
        {
            ImmutableArray<LotBoxes> lots = [];
            string[] seen = [.. (scans ?? []).Where(scan => scan.Cip13 == line.Cip13 && scan.Lot is not null).Select(scan => scan.Lot!)];
            next = next.With(line.Cip13, item => item.Without(line.Quantity, seen, lot => state.IsUnsellable(line.Cip13, lot), out lots).Leaving(line.Quantity, week));
            next = next with { HandedOver = next.HandedOver.Add(new(at, order.Id, line.Cip13, line.Quantity, lots)) };
        }
        return next with { Since = next.Since ?? at };
    }

    // What was handed over comes back, of the very lots that it was of.
    private static OrderQueueState TakenBack(OrderQueueState state, OrderId id, Instant at)
    {
        var next = state;
        foreach (var one in state.HandedOver.Where(one => one.Order == id).GroupBy(one => one.Cip13).Select(group => group.Last()).Where(one => one.Boxes > 0))
        {
            next = next.With(one.Cip13, item => item.With(one.Boxes, one.Lots).Leaving(-one.Boxes, WeekBoxes.WeekOf(one.At)));
            next = next with { HandedOver = next.HandedOver.Add(one with { At = at, Boxes = -one.Boxes }) };
        }
        return next;
    }

    private static OrderQueueState Undone(OrderQueueState state, Order order, ActUndone e, Instant at)
    {
        var before = order.Undo!.Before with
        {
            Seq = order.Seq + 1,
            Deadlines = e.Deadlines,
            Acknowledged = true,
            WrongCodes = order.WrongCodes,
            Messages = order.Messages,
            Push = order.Push,
            Undo = null,
            Owed = Notices.None,
            // What was recalled meanwhile has not been looked at.
            Recalled = order.Undo.Before.Lines.Any(line => state.Barred.Exists(barred => barred.Cip13 == line.Cip13)),
        };
        var next = state.With(before.State == order.State ? before with { Timeline = order.Timeline } : before with { Timeline = [.. order.Timeline, new(before.State, at)] });
        return order.State == OrderState.Collected ? TakenBack(next, order.Id, at) : next;
    }

    private static OrderQueueState Passed(OrderQueueState state, TimePassed e, long seq, Instant at)
    {
        var next = state;
        foreach (var id in e.Touches)
        {
            var order = next.Orders[id];
            if (e.Expired.Contains(id))
                next = next.With(Ended(order, OrderState.Expired, at, null, Notices.Expired));
            else
                next = next.With(order with
                {
                    Seq = order.Seq + (e.Late.Contains(id) ? 1 : 0),
                    Escalation = e.HandedOver.Contains(id) ? Escalation.HandedOver : e.Loud.Contains(id) ? Escalation.Loud : order.Escalation,
                    Unanswered = e.Counted.Contains(id) ? Unanswered.Counts : order.Unanswered,
                    Late = order.Late || e.Late.Contains(id),
                    Owed = (e.Late.Contains(id) ? Owed(order, Notices.CallThem) : order.Owed) | (e.HandedOver.Contains(id) ? Notices.HandOver : Notices.None),
                });
        }
        if (e.Pause is not { } pause)
            return next;
        foreach (var order in next.Orders.Values.Where(CountsForPause))
            next = next.With(order with { Unanswered = Unanswered.Spent });
        return next with { CalledPause = new(seq, at, pause.Until) };
    }

    private static OrderQueueState Sent(OrderQueueState state, NoticeSent sent) =>
        sent.Waiter is { } waiter ? state with { Waiters = [.. state.Waiters.Select(one => one.Id == waiter ? one with { Told = true } : one)] }
        : sent.Id is { } id && state.Orders.TryGetValue(id, out var order) ? state.With(order with { Owed = order.Owed & ~sent.Notices })
        : state;

    private static Order Moved(Order order, HoldMoved move) => order with
    {
        Seq = order.Seq + 1,
        Deadlines = order.Deadlines with { ExpectedBy = move.ExpectedBy, HeldUntil = move.HeldUntil },
        Late = order.Late && order.Deadlines.ExpectedBy == move.ExpectedBy,
        Owed = Owed(order, Notices.Moved),
    };

    // ---- The smaller rules ----

    private static OrderRefusal? RefuseOnline(OrderQueueState state, Placing asked, QueuePage page, OrderRules rules, Instant now)
    {
        if (!page.Facts.TakesOrders(page.Schedule.StateAt(now), paused: false))
            return new(OrderRefusalKind.ClickAndCollectOff);
        if (page.Facts.Paused is { } pause && pause.HoldsAt(now))
            return new(OrderRefusalKind.Paused) { Until = pause.Until };
        return asked.Contacts.Any(contact => state.OpenByContact.GetValueOrDefault(contact) >= rules.OpenPerContact)
            ? new(OrderRefusalKind.TooManyOpenOrders) { Number = rules.OpenPerContact }
            : null;
    }

    private static OrderPlaced Placed(Placing asked, QueuePage page, OrderRules rules, Instant now) => new(asked.Id)
    {
        Lines = asked.Lines,
        Doses = [.. asked.Verdict.Doses.Select(DoseOf)],
        Deadlines = asked.ByCounter ? Ahead(page, rules, now) with { HeldUntil = now + OpenTimes.Furthest } : Ahead(page, rules, now),
        Contacts = asked.Contacts,
        ByCounter = asked.ByCounter,
        Validated = asked.ByPharmacist,
        DoseAlert = asked.Verdict.Problems.Count > 0,
        Answered = asked.Answered,
        ForMinor = asked.ForMinor,
        HasEmail = asked.HasEmail,
    };

    private static int Free(StockCount count, bool confirmed)
    {
        if (confirmed)
            return count.Available;
        var promisable = Math.Max(0, count.Sellable - count.Reserve - count.ToReshelve - (count.Held - count.Unconfirmed));
        return Math.Min(count.Available, Math.Max(0, (promisable / 2) - count.Unconfirmed));
    }

    private static OrderDose DoseOf(Dose dose) =>
        new(dose.Substance, DoseFormWords.Word(dose.Forms), dose.Incomplete ? null : dose.Grams.Grams, dose.Limit?.Grams?.Grams, dose.Share);

    // An order that is placed, or goes back to being placed, at an instant.
    private static OrderDeadlines Ahead(QueuePage page, OrderRules rules, Instant from) => new(
        page.Open.After(from, rules.Loud), page.Open.After(from, rules.HandOver), page.Open.After(from, Counts), page.Open.After(from, Expected), page.Open.After(from, Unread));

    // An order that goes back to what it was gets its time anew, for it was handled meanwhile.
    private static OrderDeadlines Ahead(Order before, QueuePage page, OrderRules rules, Instant now) => before.State switch
    {
        OrderState.Submitted => Ahead(page, rules, now),
        OrderState.Accepted => before.Deadlines with { HeldUntil = Instant.Max(before.Deadlines.HeldUntil, now + Undoable) },
        _ => before.Deadlines with { HeldUntil = Instant.Max(before.Deadlines.HeldUntil, page.Open.EndOfSecondDay(now)) },
    };

    // What an order would have ahead of it, had it come to where it stands under the page as it is now.
    private static OrderDeadlines Anew(Order order, QueuePage page, OrderRules rules)
    {
        var since = order.Timeline[^1].At;
        return order.State == OrderState.Submitted ? Ahead(page, rules, since)
            : order.Deadlines with { HeldUntil = Instant.Min(page.Open.EndOfSecondDay(since), (order.State == OrderState.Proposed ? order.PlacedAt : since) + OpenTimes.Furthest) };
    }

    private static Order Step(Order order, OrderState state, Instant at, Instant? undoUntil) => order with
    {
        State = state,
        Seq = order.Seq + 1,
        Acknowledged = true,
        Timeline = [.. order.Timeline, new(state, at)],
        Undo = undoUntil is { } until ? StepBack(order, at, until) : null,
    };

    private static Order Ended(Order order, OrderState state, Instant at, Instant? undoUntil, Notices notice) => order with
    {
        State = state,
        Seq = order.Seq + 1,
        Acknowledged = true,
        ToReshelve = order.State == OrderState.Ready,
        Timeline = [.. order.Timeline, new(state, at)],
        Undo = undoUntil is { } until ? StepBack(order, at, until) : null,
        Owed = Owed(order with { Owed = Notices.None }, notice),
    };

    private static UndoStep StepBack(Order order, Instant at, Instant until) => new(order with { Undo = null, Push = null }, at, until);

    private static Notices Owed(Order order, Notices notice) => order.HasEmail ? order.Owed | notice : order.Owed;

    private static bool CountsForPause(Order order) => order is { State: OrderState.Submitted, Unanswered: Unanswered.Counts };

    private static OrderId[] Ids(IEnumerable<Order> orders, Func<Order, bool> which) => [.. orders.Where(which).Select(order => order.Id)];

    private static Decision? Find(OrderQueueState state, OrderId id, out Order order) =>
        state.Orders.TryGetValue(id, out order!) ? default(Decision?) : OrderRefusalKind.UnknownOrder;

    private static Decision? Find(OrderQueueState state, OrderId id, Hand hand, out Order order) =>
        Find(state, id, out order) is { } unknown ? unknown
        : hand.ExpectedSeq is { } expected && expected != order.Seq ? new OrderRefusal(OrderRefusalKind.Stale) { Number = order.Seq }
        : default(Decision?);

    private static Decision WrongState(Order order) => new OrderRefusal(OrderRefusalKind.WrongState) { State = order.State };
}
