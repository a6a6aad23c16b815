using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Idempotency;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Orders;

/// <summary>
/// What happened to the stock or the orders of one pharmacy: one row of its stream. Stored and sent: names and members are a contract (see <see cref="OrderJson"/>).
/// Whatever an event needs of schedules, laws and clocks is in it as it was then, so that evolving asks nobody.
/// </summary>
internal abstract record OrderEvent
{
    /// <summary>The request that it came of, where that is to be recognized when it comes again.</summary>
    public RequestKey? Request { get; init; }

    /// <summary>Products whose level it changed, with the new one, or <see cref="CrossedLevels.All"/>; follows from the evolution and is written for those who only follow levels.</summary>
    [JsonConverter(typeof(CrossedLevelsJson))]
    public IReadOnlyDictionary<Cip13, StockLevel>? Levels { get; init; }

    /// <summary>Products of which it left fewer boxes on hand than are held, with both figures; likewise.</summary>
    public IReadOnlyList<StockShortage>? Short { get; init; }

    /// <summary>The orders that it is about.</summary>
    [JsonIgnore]
    public virtual IEnumerable<OrderId> Touches => [];
}

/// <summary>Fewer boxes on hand than are held for orders.</summary>
/// <param name="Cip13">Of which product.</param>
/// <param name="Held">Boxes held.</param>
/// <param name="OnHand">Boxes there.</param>
[GenerateSerializer, Immutable, Alias("realtime.StockShortage")]
internal sealed record StockShortage([property: Id(0)] Cip13 Cip13, [property: Id(1)] int Held, [property: Id(2)] int OnHand);

/// <summary>Somebody counted the boxes on hand, held ones included.</summary>
/// <param name="Cip13">Of which product.</param>
/// <param name="Quantity">Boxes, 0 or more.</param>
/// <param name="Reserve">Boxes never promised; null where that stays as it was.</param>
internal sealed record StockCounted(Cip13 Cip13, int Quantity, int? Reserve) : OrderEvent
{
    /// <summary>Set where the pharmacy's feed had become too old: what it said of other products is not believed until the next one.</summary>
    public bool DropsFeed { get; init; }

    /// <summary>Where it left the product; follows from the evolution, and is written so that the answer can be given again from the row alone.</summary>
    public StockCount? Left { get; init; }
}

/// <summary>A part of what a feed changes, where that is more than a row holds. It takes effect with the feed's own row.</summary>
/// <param name="Feed">The feed's number.</param>
/// <param name="Part">Which part, from 0.</param>
/// <param name="Changes">See <see cref="PackedItems"/>; cut anywhere.</param>
internal sealed record FeedStaged(long Feed, int Part, byte[] Changes) : OrderEvent;

/// <summary>The pharmacy's software said what is on hand.</summary>
/// <param name="Feed">The feed's number.</param>
/// <param name="Kind">All, or what changed.</param>
/// <param name="TakenAt">When the boxes were counted.</param>
/// <param name="Fingerprint">SHA-256 of its text.</param>
/// <param name="FreshUntil">From when on it is too old.</param>
internal sealed record StockFed(long Feed, FeedKind Kind, Instant TakenAt, string Fingerprint, Instant FreshUntil) : OrderEvent
{
    /// <summary>Lines that were good.</summary>
    public int Accepted { get; init; }

    /// <summary>Lines that were not.</summary>
    public int RejectedCount { get; init; }

    /// <summary>The first of these: for each how much further down it is, and why it was not taken.</summary>
    public byte[] Rejected { get; init; } = [];

    /// <summary>The day in the pharmacy.</summary>
    public LocalDate Day { get; init; }

    /// <summary>Whether the public facts say anew until when it is fresh.</summary>
    public bool Told { get; init; }

    /// <summary>Parts that stand in the rows before this one.</summary>
    public int Parts { get; init; }

    /// <summary>What is not as we knew it, after these parts: see <see cref="PackedItems"/>.</summary>
    public byte[] Changes { get; init; } = [];
}

/// <summary>A day is over, and with it the last one of some lots.</summary>
/// <param name="Day">The day it is now in the pharmacy.</param>
internal sealed record DayTurned(LocalDate Day) : OrderEvent;

/// <summary>Boxes of recalled lots are on the shelves, or in a bag: they are given to nobody.</summary>
/// <param name="Recall">Which recall.</param>
/// <param name="Cip13">Of which product.</param>
/// <param name="Lots">Its lots.</param>
/// <param name="Boxes">So many lie on the shelves.</param>
/// <param name="Orders">Open orders of the product that somebody must look at.</param>
internal sealed record LotsRecalled(string Recall, Cip13 Cip13, IReadOnlyList<string> Lots, int Boxes, IReadOnlyList<OrderId> Orders) : OrderEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IEnumerable<OrderId> Touches => Orders;
}

/// <summary>A recall was withdrawn.</summary>
/// <param name="Recall">Which.</param>
/// <param name="Cip13">Of which product.</param>
/// <param name="Orders">Orders that had waited for somebody who looks.</param>
internal sealed record RecallLifted(string Recall, Cip13 Cip13, IReadOnlyList<OrderId> Orders) : OrderEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IEnumerable<OrderId> Touches => Orders;
}

/// <summary>The counter said who is served of a product of which there is too little; the others are refused.</summary>
/// <param name="Cip13">Of which product.</param>
/// <param name="Served">Orders that keep their boxes.</param>
/// <param name="Unserved">Orders that do not.</param>
/// <param name="UndoUntil">Until when a refusal may be undone.</param>
internal sealed record ShortageSettled(Cip13 Cip13, IReadOnlyList<OrderId> Served, IReadOnlyList<OrderId> Unserved, Instant UndoUntil) : OrderEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IEnumerable<OrderId> Touches => Unserved;
}

/// <summary>Something happened to one order.</summary>
/// <param name="Id">Which.</param>
internal abstract record OneOrderEvent(OrderId Id) : OrderEvent
{
    /// <summary>Where it left the order; follows from the evolution, and is written so that the answer can be given again from the row alone.</summary>
    public OrderMark? Left { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IEnumerable<OrderId> Touches => [Id];
}

/// <summary>Where an order stood after an event.</summary>
/// <param name="State">Its state.</param>
/// <param name="Seq">Its own events so far.</param>
[GenerateSerializer, Immutable, Alias("realtime.OrderMark")]
internal sealed record OrderMark([property: Id(0)] OrderState State, [property: Id(1)] long Seq);

/// <summary>An order was placed; its boxes are held from here on.</summary>
internal sealed record OrderPlaced(OrderId Id) : OneOrderEvent(Id)
{
    /// <summary>What is ordered.</summary>
    public required IReadOnlyList<OrderLine> Lines { get; init; }

    /// <summary>Its substances, as the law counted them then.</summary>
    public IReadOnlyList<OrderDose> Doses { get; init; } = [];

    /// <summary>What it has ahead of it.</summary>
    public required OrderDeadlines Deadlines { get; init; }

    /// <summary>Codes of the buyer's telephone and address.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    /// <summary>Names the key of what is sealed.</summary>
    public string KeyId { get; init; } = "";

    /// <summary>Buyer, answers and note, sealed.</summary>
    public byte[] Person { get; init; } = [];

    /// <summary>Taken by the counter, which has thereby accepted it.</summary>
    public bool ByCounter { get; init; }

    /// <summary>Taken by a pharmacist.</summary>
    public bool Validated { get; init; }

    /// <summary>A dose is beyond its limit, in a pharmacy that looks at such orders itself.</summary>
    public bool DoseAlert { get; init; }

    /// <summary>The questionnaire was answered.</summary>
    public bool Answered { get; init; }

    /// <summary>The person treated is under 18.</summary>
    public bool ForMinor { get; init; }

    /// <summary>The buyer can be written to.</summary>
    public bool HasEmail { get; init; }
}

/// <summary>Somebody at the counter has seen it.</summary>
internal sealed record OrderAcknowledged(OrderId Id) : OneOrderEvent(Id);

/// <summary>The counter took it on.</summary>
/// <param name="Id">Which.</param>
/// <param name="Validated">By a pharmacist, who thereby stands behind it.</param>
/// <param name="HeldUntil">Until when its boxes are held.</param>
/// <param name="UndoUntil">Until when this may be undone.</param>
internal sealed record OrderAccepted(OrderId Id, bool Validated, Instant HeldUntil, Instant UndoUntil) : OneOrderEvent(Id);

/// <summary>A pharmacist stands behind it.</summary>
internal sealed record OrderValidated(OrderId Id, Instant UndoUntil) : OneOrderEvent(Id);

/// <summary>The counter offers fewer boxes.</summary>
/// <param name="Id">Which.</param>
/// <param name="Offer">What it offers.</param>
/// <param name="HeldUntil">Until when the buyer may answer.</param>
/// <param name="UndoUntil">Until when this may be undone.</param>
internal sealed record OrderProposed(OrderId Id, IReadOnlyList<OrderLine> Offer, Instant HeldUntil, Instant UndoUntil) : OneOrderEvent(Id);

/// <summary>The buyer takes fewer boxes.</summary>
internal sealed record ProposalAccepted(OrderId Id, Instant HeldUntil) : OneOrderEvent(Id);

/// <summary>The buyer does not; that ends the order.</summary>
internal sealed record ProposalDeclined(OrderId Id) : OneOrderEvent(Id);

/// <summary>It is bagged and can be collected.</summary>
/// <param name="Id">Which.</param>
/// <param name="ExpectedBy">Fixed anew: from now on it can be collected.</param>
/// <param name="HeldUntil">Until when it is held.</param>
/// <param name="UndoUntil">Until when this may be undone.</param>
internal sealed record OrderReadied(OrderId Id, Instant ExpectedBy, Instant HeldUntil, Instant UndoUntil) : OneOrderEvent(Id)
{
    /// <summary>Boxes that were scanned; null for none.</summary>
    public IReadOnlyList<ScannedBox>? Scans { get; init; }
}

/// <summary>The counter refused it.</summary>
/// <param name="Id">Which.</param>
/// <param name="Reason">Why, sealed.</param>
/// <param name="UndoUntil">Until when this may be undone.</param>
internal sealed record OrderRefused(OrderId Id, byte[] Reason, Instant UndoUntil) : OneOrderEvent(Id);

/// <summary>The buyer cancelled it.</summary>
internal sealed record OrderCancelled(OrderId Id) : OneOrderEvent(Id);

/// <summary>It was handed over; its boxes have left the stock.</summary>
/// <param name="Id">Which.</param>
/// <param name="Reason">Where there was no code: what the pharmacist checked, sealed; null where the code was right.</param>
/// <param name="UndoUntil">Until when this may be undone.</param>
internal sealed record OrderCollected(OrderId Id, byte[]? Reason, Instant UndoUntil) : OneOrderEvent(Id)
{
    /// <summary>Boxes that were scanned; null where the scans of when it was bagged hold.</summary>
    public IReadOnlyList<ScannedBox>? Scans { get; init; }
}

/// <summary>Somebody gave a wrong code for it.</summary>
internal sealed record WrongCodeGiven(OrderId Id) : OneOrderEvent(Id);

/// <summary>The counter's last act was undone.</summary>
/// <param name="Id">Which order.</param>
/// <param name="Deadlines">What it has ahead of it from now on.</param>
/// <param name="Reason">Why, sealed; null where it was at once.</param>
internal sealed record ActUndone(OrderId Id, OrderDeadlines Deadlines, byte[]? Reason) : OneOrderEvent(Id);

/// <summary>The boxes of an order that ended while bagged are back on the shelf.</summary>
internal sealed record BoxesReshelved(OrderId Id) : OneOrderEvent(Id);

/// <summary>A message was sent.</summary>
/// <param name="Id">About which order.</param>
/// <param name="FromBuyer">Whether the buyer wrote it.</param>
/// <param name="Text">Sealed.</param>
internal sealed record MessageSent(OrderId Id, bool FromBuyer, byte[] Text) : OneOrderEvent(Id);

/// <summary>Instants came that orders had ahead of them. One row for all that are due together.</summary>
internal sealed record TimePassed : OrderEvent
{
    /// <summary>Orders that ring louder.</summary>
    public IReadOnlyList<OrderId> Loud { get; init; } = [];

    /// <summary>Orders that the pharmacy is written to about.</summary>
    public IReadOnlyList<OrderId> HandedOver { get; init; } = [];

    /// <summary>Orders that count for an automatic pause.</summary>
    public IReadOnlyList<OrderId> Counted { get; init; } = [];

    /// <summary>Orders whose buyers are told to telephone.</summary>
    public IReadOnlyList<OrderId> Late { get; init; } = [];

    /// <summary>Orders that expired.</summary>
    public IReadOnlyList<OrderId> Expired { get; init; } = [];

    /// <summary>Set where too many wait unanswered, so that the pharmacy is paused: why until when.</summary>
    public AutomaticPause? Pause { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IEnumerable<OrderId> Touches => Loud.Concat(HandedOver).Concat(Counted).Concat(Late).Concat(Expired).Distinct();
}

/// <summary>A pause that nobody declared.</summary>
/// <param name="Until">The next opening; null where there is none within the week: then somebody resumes by hand.</param>
internal sealed record AutomaticPause(Instant? Until);

/// <summary>The page changed so that holds would have been cut; they are held longer.</summary>
/// <param name="PageSeq">The page's version by which they were looked at.</param>
/// <param name="Moves">The orders with their new deadlines; may be none.</param>
internal sealed record HoldsMoved(long PageSeq, IReadOnlyList<HoldMoved> Moves) : OrderEvent
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IEnumerable<OrderId> Touches => Moves.Select(move => move.Id);
}

/// <summary>One hold that was moved.</summary>
internal sealed record HoldMoved(OrderId Id, Instant ExpectedBy, Instant HeldUntil);

/// <summary>What was owed to people has been sent.</summary>
internal sealed record NoticesSent(IReadOnlyList<NoticeSent> Sent) : OrderEvent;

/// <summary>One notice, of an order or of the waiting list.</summary>
/// <param name="Id">The order; null for the waiting list.</param>
/// <param name="Notices">What was sent about it.</param>
/// <param name="Waiter">The entry of the waiting list; null for an order.</param>
[GenerateSerializer, Immutable, Alias("realtime.NoticeSent")]
internal sealed record NoticeSent([property: Id(0)] OrderId? Id, [property: Id(1)] Notices Notices, [property: Id(2)] string? Waiter = null);

/// <summary>Something about the browser that is told of an order; nothing happens to the order itself.</summary>
/// <param name="Id">Which order.</param>
internal abstract record OrderPushEvent(OrderId Id) : OrderEvent;

/// <summary>A browser asked to be told.</summary>
/// <param name="Id">Of which order.</param>
/// <param name="Code">By which it is recognized.</param>
/// <param name="Sealed">Its address and keys, sealed.</param>
internal sealed record PushAsked(OrderId Id, string Code, byte[] Sealed) : OrderPushEvent(Id);

/// <summary>The push service has what the browser was to be told.</summary>
/// <param name="Id">Of which order.</param>
/// <param name="Of">The order's own events when it came about.</param>
internal sealed record PushSent(OrderId Id, long Of) : OrderPushEvent(Id);

/// <summary>No browser is told any more.</summary>
internal sealed record PushEnded(OrderId Id) : OrderPushEvent(Id);

/// <summary>Somebody wants to be told when boxes of a product come free.</summary>
/// <param name="Waiter">The entry.</param>
internal sealed record WaiterJoined(Waiter Waiter) : OrderEvent;

/// <summary>Somebody no longer does.</summary>
internal sealed record WaiterLeft(string Id) : OrderEvent;

/// <summary>Boxes came free for these, in the order in which they asked.</summary>
internal sealed record WaitersCalled(IReadOnlyList<string> Ids) : OrderEvent;

/// <summary>An entry of the waiting list.</summary>
/// <param name="Id">Names it: 16 bytes of chance.</param>
/// <param name="Cip13">What is waited for.</param>
/// <param name="Quantity">How many boxes.</param>
/// <param name="Contact">Code of the address, so that nobody waits twice.</param>
/// <param name="KeyId">Names the key of what is sealed.</param>
/// <param name="Email">Where to write to, sealed.</param>
/// <param name="CalledAt">When boxes came free for it; null where none have yet. For a day they are nobody else's to be told of.</param>
/// <param name="Told">Whether the letter has been sent.</param>
internal sealed record Waiter(string Id, Cip13 Cip13, int Quantity, string Contact, string KeyId, byte[] Email, Instant? CalledAt = null, bool Told = false)
{
    /// <summary>How long the next one waits for boxes that somebody was told of.</summary>
    public static readonly Duration Claim = Duration.FromDays(1);

    /// <summary>Whether the letter is still to be sent.</summary>
    [JsonIgnore]
    public bool IsOwed => CalledAt is not null && !Told;

    /// <summary>Whether boxes that came free for it are still its to order.</summary>
    public bool ClaimsAt(Instant at) => CalledAt is { } called && at - called < Claim;
}
