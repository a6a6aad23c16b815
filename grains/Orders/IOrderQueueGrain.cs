using NodaTime;
using Orleans.Concurrency;
using Realtime.Idempotency;
using Realtime.Products;
using Realtime.Push;
using Realtime.Stock;

namespace Realtime.Orders;

/// <summary>
/// The click &amp; collect queue of one pharmacy; its stock is the same activation's (<see cref="Stock.IStockGrain"/>), so that taking an order and holding its boxes is
/// one change. The key is the pharmacy's FINESS number. Every command names its actor by pseudonym and may carry a key by which it is recognized when it comes again.
/// </summary>
[Alias("realtime.IOrderQueueGrain")]
internal interface IOrderQueueGrain : IGrainWithStringKey
{
    /// <summary>Takes an order, by its buyer or, over the telephone, by the counter.</summary>
    [Alias("Place")]
    Task<PlaceAnswer> Place(OrderAsked asked, RequestKey request, string actor);

    /// <summary>The buyer goes back on it.</summary>
    [Alias("Cancel")]
    Task<OrderAnswer> Cancel(OrderId id, RequestKey? request, string actor);

    /// <summary>The buyer takes fewer boxes, or does not.</summary>
    [Alias("AnswerOffer")]
    Task<OrderAnswer> AnswerOffer(OrderId id, bool accept, RequestKey? request, string actor);

    /// <summary>Either side writes: the counter, or, where <paramref name="hand"/> is null, the buyer.</summary>
    [Alias("Write")]
    Task<OrderAnswer> Write(OrderId id, string text, CounterHand? hand, RequestKey? request);

    /// <summary>Somebody at the counter has seen it.</summary>
    [Alias("Acknowledge")]
    Task<OrderAnswer> Acknowledge(OrderId id, string actor);

    /// <summary>The counter takes it on.</summary>
    [Alias("Accept")]
    Task<OrderAnswer> Accept(OrderId id, CounterHand hand, RequestKey? request);

    /// <summary>A pharmacist stands behind it.</summary>
    [Alias("Validate")]
    Task<OrderAnswer> Validate(OrderId id, CounterHand hand, RequestKey? request);

    /// <summary>The counter offers fewer boxes.</summary>
    [Alias("Propose")]
    Task<OrderAnswer> Propose(OrderId id, IReadOnlyDictionary<Cip13, int> offer, CounterHand hand, RequestKey? request);

    /// <summary>It is bagged.</summary>
    [Alias("Ready")]
    Task<OrderAnswer> Ready(OrderId id, CounterHand hand, BoxCheck check, RequestKey? request);

    /// <summary>The counter refuses it.</summary>
    [Alias("Refuse")]
    Task<OrderAnswer> Refuse(OrderId id, string reason, CounterHand hand, RequestKey? request);

    /// <summary>It is handed over, against its code or, where <paramref name="code"/> is null, by a pharmacist who checked who collects and says how.</summary>
    [Alias("Collect")]
    Task<OrderAnswer> Collect(OrderId id, string? code, string? reason, CounterHand hand, BoxCheck check, RequestKey? request);

    /// <summary>The counter goes one step back.</summary>
    [Alias("Undo")]
    Task<OrderAnswer> Undo(OrderId id, string? reason, CounterHand hand, RequestKey? request);

    /// <summary>Bagged boxes of an order that has ended are back on the shelf.</summary>
    [Alias("Reshelve")]
    Task<OrderAnswer> Reshelve(OrderId id, CounterHand hand, RequestKey? request);

    /// <summary>Somebody wants to be told when boxes come free; answers with the entry's id.</summary>
    [Alias("Wait")]
    Task<WaitAnswer> Wait(Cip13 cip13, int quantity, string email, RequestKey? request);

    /// <summary>Somebody no longer does.</summary>
    [Alias("Leave")]
    Task<OrderAnswer> Leave(string waiter);

    /// <summary>One order with what is personal in it; null where the pharmacy has none of this id.</summary>
    [Alias("Find"), ReadOnly]
    Task<OrderView?> Find(OrderId id);

    /// <summary>Those of the orders that are known, with what is personal in them.</summary>
    [Alias("Some"), ReadOnly]
    Task<IReadOnlyList<OrderView>> Some(IReadOnlyCollection<OrderId> ids);

    /// <summary>Orders, the newest first, closed ones included.</summary>
    /// <param name="states">Which; null for all.</param>
    /// <param name="before">Only older ones than this.</param>
    /// <param name="limit">How many at most, 1 to 1,000.</param>
    [Alias("List"), ReadOnly]
    Task<OrderList> List(IReadOnlyCollection<OrderState>? states, OrderId? before, int limit);

    /// <summary>Orders that have changed, for whoever books them elsewhere.</summary>
    /// <param name="after">The row up to which the caller has read; 0 for the beginning.</param>
    /// <param name="limit">Rows to look at, at most: 1 to 1,000.</param>
    [Alias("Changes"), ReadOnly]
    Task<OrderChanges> Changes(long after, int limit);

    /// <summary>Open orders, and bags to be put back on the shelf; the oldest first.</summary>
    [Alias("Live"), ReadOnly]
    Task<OrderList> Live();

    /// <summary>Does what is due, and looks whether the page has changed. Called by reminders, by who follows the pages, and by whoever wants it now; as often as anybody likes.</summary>
    [Alias("Sweep")]
    Task Sweep();

    /// <summary>A browser asks to be told of an order; there is one, and the last that asks is it.</summary>
    [Alias("TellBrowser")]
    Task<OrderAnswer> TellBrowser(OrderId id, PushSubscription subscription, RequestKey? request);

    /// <summary>No browser is to be told of it any more.</summary>
    [Alias("TellNobody")]
    Task<OrderAnswer> TellNobody(OrderId id);

    /// <summary>A push service has what a browser was to be told, or does not know the browser.</summary>
    /// <param name="id">The order.</param>
    /// <param name="of">The order's own events when the news came about.</param>
    /// <param name="isGone">Whether nothing more is to be sent there.</param>
    [Alias("Pushed")]
    Task Pushed(OrderId id, long of, bool isGone);

    /// <summary>Letters were sent.</summary>
    [Alias("Sent")]
    Task Sent(IReadOnlyList<NoticeSent> sent);
}

/// <summary>Who acts at the counter.</summary>
/// <param name="Actor">Pseudonym.</param>
/// <param name="IsPharmacist">Whether a pharmacist.</param>
/// <param name="ExpectedSeq">The order's <c>seq</c> as it was read; null where any will do.</param>
[GenerateSerializer, Immutable, Alias("realtime.CounterHand")]
internal sealed record CounterHand([property: Id(0)] string Actor, [property: Id(1)] bool IsPharmacist, [property: Id(2)] long? ExpectedSeq);

/// <summary>Who buys. In clear between processes only; sealed wherever it is kept.</summary>
/// <param name="Name">As it is called out at the counter.</param>
/// <param name="Phone">Telephone, or null.</param>
/// <param name="Email">Address, or null.</param>
/// <param name="BirthDate">ISO day.</param>
[GenerateSerializer, Immutable, Alias("realtime.Buyer")]
internal sealed record Buyer([property: Id(0)] string Name, [property: Id(1)] string? Phone, [property: Id(2)] string? Email, [property: Id(3)] string BirthDate);

/// <summary>Boxes that somebody asks for.</summary>
[GenerateSerializer, Immutable, Alias("realtime.AskedBoxes")]
internal sealed record AskedBoxes([property: Id(0)] Cip13 Cip13, [property: Id(1)] int Quantity);

/// <summary>An order as it comes from the edge, its shape checked.</summary>
[GenerateSerializer, Immutable, Alias("realtime.OrderAsked")]
internal sealed record OrderAsked
{
    /// <summary>What is ordered; the same product may come several times.</summary>
    [Id(0)] public required IReadOnlyList<AskedBoxes> Lines { get; init; }

    /// <summary>Who buys.</summary>
    [Id(1)] public required Buyer Buyer { get; init; }

    /// <summary>The questionnaire as JSON; null where nothing was answered.</summary>
    [Id(2)] public string? Answers { get; init; }

    /// <summary>Whether the questionnaire says who is treated, and the year of birth.</summary>
    [Id(3)] public bool Answered { get; init; }

    /// <summary>Whether the person treated is under 18.</summary>
    [Id(4)] public bool ForMinor { get; init; }

    /// <summary>Whether the buyer consents.</summary>
    [Id(5)] public bool Consent { get; init; }

    /// <summary>A word to the pharmacist.</summary>
    [Id(6)] public string? Note { get; init; }

    /// <summary>Whether the counter writes it down.</summary>
    [Id(7)] public bool ByCounter { get; init; }

    /// <summary>Whether a pharmacist does.</summary>
    [Id(8)] public bool ByPharmacist { get; init; }
}

/// <summary>The answer to an order: what its row says, and nothing else, so that it can be given again.</summary>
/// <param name="Refusal">Null where it was taken.</param>
/// <param name="Receipt">Null where it was not.</param>
/// <param name="Replayed">Whether it had been taken before.</param>
[GenerateSerializer, Immutable, Alias("realtime.PlaceAnswer")]
internal sealed record PlaceAnswer([property: Id(0)] OrderRefusal? Refusal, [property: Id(1)] OrderReceipt? Receipt, [property: Id(2)] bool Replayed = false);

/// <summary>An order as it was placed.</summary>
[GenerateSerializer, Immutable, Alias("realtime.OrderReceipt")]
internal sealed record OrderReceipt(
    [property: Id(0)] OrderId Id, [property: Id(1)] Instant At, [property: Id(2)] bool ByCounter, [property: Id(3)] IReadOnlyList<OrderLine> Lines,
    [property: Id(4)] IReadOnlyList<OrderDose> Doses, [property: Id(5)] Instant ExpectedBy, [property: Id(6)] Instant HeldUntil);

/// <summary>The answer to an act: where it left the order, as its row says, or why it was refused.</summary>
/// <param name="Refusal">Null where it was made.</param>
/// <param name="Id">The order; null where the act was about none.</param>
/// <param name="Left">Where it left the order; null likewise.</param>
/// <param name="At">When.</param>
/// <param name="Seq">The stream's row that it left, or where the stream stands.</param>
/// <param name="Replayed">Whether it had been made before.</param>
[GenerateSerializer, Immutable, Alias("realtime.OrderAnswer")]
internal sealed record OrderAnswer(
    [property: Id(0)] OrderRefusal? Refusal, [property: Id(1)] OrderId? Id, [property: Id(2)] OrderMark? Left, [property: Id(3)] Instant At, [property: Id(4)] long Seq, [property: Id(5)] bool Replayed = false);

/// <summary>The answer to somebody who wants to wait.</summary>
[GenerateSerializer, Immutable, Alias("realtime.WaitAnswer")]
internal sealed record WaitAnswer([property: Id(0)] OrderRefusal? Refusal, [property: Id(1)] string? Waiter, [property: Id(2)] bool Replayed = false);

/// <summary>A message, opened.</summary>
[GenerateSerializer, Immutable, Alias("realtime.MessageView")]
internal sealed record MessageView([property: Id(0)] Instant At, [property: Id(1)] bool FromBuyer, [property: Id(2)] string Text);

/// <summary>One order, opened for those who may read it.</summary>
[GenerateSerializer, Immutable, Alias("realtime.OrderView")]
internal sealed record OrderView
{
    /// <summary>Which.</summary>
    [Id(0)] public required OrderId Id { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(1)] public required OrderState State { get; init; }

    /// <summary>Its own events so far.</summary>
    [Id(2)] public required long Seq { get; init; }

    /// <summary>What is ordered.</summary>
    [Id(3)] public required IReadOnlyList<OrderLine> Lines { get; init; }

    /// <summary>What the counter offers instead; null but where it does.</summary>
    [Id(4)] public IReadOnlyList<OrderLine>? Offer { get; init; }

    /// <summary>Its substances.</summary>
    [Id(5)] public required IReadOnlyList<OrderDose> Doses { get; init; }

    /// <summary>When it is answered, or can be collected, at the latest.</summary>
    [Id(6)] public required Instant ExpectedBy { get; init; }

    /// <summary>Until when its boxes are held.</summary>
    [Id(7)] public required Instant HeldUntil { get; init; }

    /// <summary>The states it has come to.</summary>
    [Id(8)] public required IReadOnlyList<OrderStep> Timeline { get; init; }

    /// <summary>Whether a pharmacist stands behind it.</summary>
    [Id(9)] public bool Validated { get; init; }

    /// <summary>Whether somebody at the counter has seen it.</summary>
    [Id(10)] public bool Acknowledged { get; init; }

    /// <summary>How loudly it asks for that.</summary>
    [Id(11)] public Escalation Escalation { get; init; }

    /// <summary>Whether the buyer is told to telephone.</summary>
    [Id(12)] public bool Late { get; init; }

    /// <summary>Whether its bag is to be put back on the shelf.</summary>
    [Id(13)] public bool ToReshelve { get; init; }

    /// <summary>Whether a dose is beyond its limit.</summary>
    [Id(14)] public bool DoseAlert { get; init; }

    /// <summary>Whether the questionnaire was answered.</summary>
    [Id(15)] public bool Answered { get; init; }

    /// <summary>Whether the person treated is under 18.</summary>
    [Id(16)] public bool ForMinor { get; init; }

    /// <summary>Whether the counter wrote it down.</summary>
    [Id(17)] public bool ByCounter { get; init; }

    /// <summary>Whether there are fewer boxes of one of its products than are held.</summary>
    [Id(18)] public bool Short { get; init; }

    /// <summary>Whether no code is taken for it any more.</summary>
    [Id(19)] public bool CodeLocked { get; init; }

    /// <summary>Who buys; null once the key is erased.</summary>
    [Id(20)] public Buyer? Buyer { get; init; }

    /// <summary>The questionnaire as JSON, or null.</summary>
    [Id(21)] public string? Answers { get; init; }

    /// <summary>The buyer's word to the pharmacist, or null.</summary>
    [Id(22)] public string? Note { get; init; }

    /// <summary>Why it was refused, or null.</summary>
    [Id(23)] public string? Reason { get; init; }

    /// <summary>Messages, the oldest first.</summary>
    [Id(24)] public IReadOnlyList<MessageView> Messages { get; init; } = [];

    /// <summary>Until when anybody at the counter may go one step back; null where nobody may.</summary>
    [Id(25)] public Instant? UndoUntil { get; init; }

    /// <summary>Until when a pharmacist may, with a reason.</summary>
    [Id(26)] public Instant? PharmacistUndoUntil { get; init; }

    /// <summary>Boxes that were scanned.</summary>
    [Id(27)] public IReadOnlyList<ScannedBox> Scans { get; init; } = [];

    /// <summary>Whether somebody must look whether its boxes are of a recalled lot.</summary>
    [Id(28)] public bool Recalled { get; init; }
}

/// <summary>Orders that changed in some rows.</summary>
/// <param name="Seq">The row up to which was looked: the next question's <c>after</c>.</param>
/// <param name="Last">Where the stream stands.</param>
/// <param name="Items">Each order once, as it is now, in the order of the rows in which they changed last.</param>
[GenerateSerializer, Immutable, Alias("realtime.OrderChanges")]
internal sealed record OrderChanges([property: Id(0)] long Seq, [property: Id(1)] long Last, [property: Id(2)] IReadOnlyList<OrderChange> Items);

/// <summary>An order that changed.</summary>
/// <param name="Seq">The row of its last change among those looked at.</param>
/// <param name="At">When that was.</param>
/// <param name="Order">The order as it is now.</param>
[GenerateSerializer, Immutable, Alias("realtime.OrderChange")]
internal sealed record OrderChange([property: Id(0)] long Seq, [property: Id(1)] Instant At, [property: Id(2)] OrderView Order);

/// <summary>Orders, and where the stream stands.</summary>
[GenerateSerializer, Immutable, Alias("realtime.OrderList")]
internal sealed record OrderList([property: Id(0)] long Seq, [property: Id(1)] IReadOnlyList<OrderView> Orders, [property: Id(2)] bool More = false);
