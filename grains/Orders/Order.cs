using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Products;

namespace Realtime.Orders;

/// <summary>Where an order stands. Stored by name, and the words of the public interface.</summary>
internal enum OrderState : byte
{
    /// <summary>Placed; nobody at the counter has taken it on. Its boxes are held from here on.</summary>
    [JsonStringEnumMemberName("submitted")]
    Submitted,

    /// <summary>The counter has taken it on.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>The counter offers fewer boxes, and the buyer decides.</summary>
    [JsonStringEnumMemberName("proposed")]
    Proposed,

    /// <summary>Bagged, to be collected.</summary>
    [JsonStringEnumMemberName("ready")]
    Ready,

    /// <summary>Handed over.</summary>
    [JsonStringEnumMemberName("collected")]
    Collected,

    /// <summary>Refused by the counter.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,

    /// <summary>Cancelled by the buyer.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>Its time was over.</summary>
    [JsonStringEnumMemberName("expired")]
    Expired,
}

/// <summary>One line of an order.</summary>
/// <param name="Cip13">Which presentation.</param>
/// <param name="Quantity">Boxes, 1 or more.</param>
/// <param name="Name">Its name when it was ordered, at most <see cref="LongestName"/> characters.</param>
/// <param name="PriceCents">Euro cents a box then; null where the price is free, and the pharmacy's to say.</param>
[GenerateSerializer, Immutable, Alias("realtime.OrderLine")]
internal sealed record OrderLine([property: Id(0)] Cip13 Cip13, [property: Id(1)] int Quantity, [property: Id(2)] string Name, [property: Id(3)] int? PriceCents)
{
    /// <summary>Longer names are cut, so that the greatest order fits a row.</summary>
    public const int LongestName = 120;

    /// <summary>A line of a product.</summary>
    public static OrderLine Of(Product product, int quantity) =>
        new(product.Cip13, quantity, product.Name.Length > LongestName ? $"{product.Name[..(LongestName - 1)]}…" : product.Name, product.PriceCents);
}

/// <summary>All of one substance in an order, as the dose law counted it when the order was placed.</summary>
/// <param name="Substance">Which.</param>
/// <param name="Form">The form of the limit, or without one that of the medicines.</param>
/// <param name="Grams">All of it; null where a box has an unknown mass of it.</param>
/// <param name="LimitGrams">The limit; null where there is none in grams.</param>
/// <param name="Share">Part of the limit that is taken, 1 being all of it; null without a limit.</param>
[GenerateSerializer, Immutable, Alias("realtime.OrderDose")]
internal sealed record OrderDose(
    [property: Id(0)] string Substance, [property: Id(1)] string Form, [property: Id(2)] decimal? Grams, [property: Id(3)] decimal? LimitGrams, [property: Id(4)] double? Share);

/// <summary>The instants that an order has ahead of it, fixed when it was placed from the schedule as then known.</summary>
/// <param name="LoudAt">Not acknowledged by then: it rings louder.</param>
/// <param name="HandOverAt">Not acknowledged by then: the pharmacy is written to.</param>
/// <param name="CountsAt">Not answered by then: three such orders pause the pharmacy.</param>
/// <param name="ExpectedBy">Not answered by then: the buyer is told to telephone.</param>
/// <param name="HeldUntil">Not answered, or not collected, by then: the order expires and its boxes are free.</param>
[GenerateSerializer, Immutable, Alias("realtime.OrderDeadlines")]
internal sealed record OrderDeadlines(
    [property: Id(0)] Instant LoudAt, [property: Id(1)] Instant HandOverAt, [property: Id(2)] Instant CountsAt, [property: Id(3)] Instant ExpectedBy, [property: Id(4)] Instant HeldUntil);

/// <summary>A state that an order has come to.</summary>
[GenerateSerializer, Immutable, Alias("realtime.OrderStep")]
internal sealed record OrderStep([property: Id(0)] OrderState State, [property: Id(1)] Instant At);

/// <summary>A message between buyer and pharmacist.</summary>
/// <param name="At">When it was sent.</param>
/// <param name="FromBuyer">Whether the buyer wrote it.</param>
/// <param name="Sealed">The text under the order's key.</param>
internal sealed record OrderMessage(Instant At, bool FromBuyer, byte[] Sealed);

/// <summary>What a buyer, or the pharmacy, is still to be written to about.</summary>
[Flags]
internal enum Notices
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The order was received.</summary>
    Placed = 1,

    /// <summary>Nobody has answered: telephone.</summary>
    CallThem = 1 << 1,

    /// <summary>The counter offers fewer boxes.</summary>
    Proposed = 1 << 2,

    /// <summary>It can be collected.</summary>
    Ready = 1 << 3,

    /// <summary>The counter refused it.</summary>
    Refused = 1 << 4,

    /// <summary>It expired.</summary>
    Expired = 1 << 5,

    /// <summary>It is held longer, since the pharmacy closes.</summary>
    Moved = 1 << 6,

    /// <summary>The pharmacist wrote.</summary>
    Message = 1 << 7,

    /// <summary>To the pharmacy: nobody has acknowledged it.</summary>
    HandOver = 1 << 8,
}

/// <summary>How loudly an order that nobody has acknowledged asks for it.</summary>
internal enum Escalation : byte
{
    /// <summary>It rings.</summary>
    None,

    /// <summary>It rings louder.</summary>
    Loud,

    /// <summary>The pharmacy was written to.</summary>
    HandedOver,
}

/// <summary>Whether an order that nobody answers counts for an automatic pause.</summary>
internal enum Unanswered : byte
{
    /// <summary>Not yet.</summary>
    No,

    /// <summary>It does.</summary>
    Counts,

    /// <summary>It did once, and does not again.</summary>
    Spent,
}

/// <summary>One order as its pharmacy's queue knows it. Immutable. What is personal in it is sealed under a key that is kept elsewhere.</summary>
internal sealed record Order
{
    /// <summary>Which.</summary>
    public required OrderId Id { get; init; }

    /// <summary>Where it stands.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required OrderState State { get; init; }

    /// <summary>How many events of its own it has had, from 1.</summary>
    public required long Seq { get; init; }

    /// <summary>When it was placed.</summary>
    public required Instant PlacedAt { get; init; }

    /// <summary>What is ordered.</summary>
    public required IReadOnlyList<OrderLine> Lines { get; init; }

    /// <summary>What the counter offers instead; null but where it does.</summary>
    public IReadOnlyList<OrderLine>? Offer { get; init; }

    /// <summary>Its substances, as counted when it was placed.</summary>
    public IReadOnlyList<OrderDose> Doses { get; init; } = [];

    /// <summary>What it has ahead of it.</summary>
    public required OrderDeadlines Deadlines { get; init; }

    /// <summary>Taken by telephone or at the counter, not on the buyer's own page.</summary>
    public bool ByCounter { get; init; }

    /// <summary>A pharmacist stands behind it: without that it cannot become ready.</summary>
    public bool Validated { get; init; }

    /// <summary>Somebody at the counter has seen it.</summary>
    public bool Acknowledged { get; init; }

    /// <summary>How loudly it asks for that.</summary>
    public Escalation Escalation { get; init; }

    /// <summary>The buyer was told to telephone.</summary>
    public bool Late { get; init; }

    /// <summary>Whether it counts for an automatic pause.</summary>
    public Unanswered Unanswered { get; init; }

    /// <summary>Closed while bagged: its boxes are to be put back on the shelf before they can be promised again.</summary>
    public bool ToReshelve { get; init; }

    /// <summary>A dose beyond its limit, which the pharmacy has chosen to look at itself.</summary>
    public bool DoseAlert { get; init; }

    /// <summary>The questionnaire was answered.</summary>
    public bool Answered { get; init; }

    /// <summary>The person treated is a child by the questionnaire: under 18.</summary>
    public bool ForMinor { get; init; }

    /// <summary>The buyer can be written to.</summary>
    public bool HasEmail { get; init; }

    /// <summary>Boxes that were scanned when it was bagged, or handed over; null for none.</summary>
    public IReadOnlyList<ScannedBox>? Scans { get; init; }

    /// <summary>One of its products was recalled while it was open: somebody must look at its boxes.</summary>
    public bool Recalled { get; init; }

    /// <summary>Wrong pick-up codes given so far.</summary>
    public int WrongCodes { get; init; }

    /// <summary>Codes under which the buyer's telephone and address are recognized in this pharmacy, and nothing can be read from.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];

    /// <summary>Names the key of all that is sealed here.</summary>
    public required string KeyId { get; init; }

    /// <summary>Buyer, answers and note, sealed.</summary>
    public required byte[] Person { get; init; }

    /// <summary>Why it was refused, sealed; null elsewhere.</summary>
    public byte[]? Reason { get; init; }

    /// <summary>Messages, the oldest first.</summary>
    public IReadOnlyList<OrderMessage> Messages { get; init; } = [];

    /// <summary>The states it has come to, the oldest first.</summary>
    public required IReadOnlyList<OrderStep> Timeline { get; init; }

    /// <summary>The order as it was before the counter's last act, and until when a pharmacist may go back to it; null where nobody may.</summary>
    public UndoStep? Undo { get; init; }

    /// <summary>What is still to be written to whom.</summary>
    public Notices Owed { get; init; }

    /// <summary>The browser that is told of it; null for none.</summary>
    public OrderPush? Push { get; init; }

    /// <summary>Whether it still holds boxes for its buyer.</summary>
    [JsonIgnore]
    public bool IsOpen => State is OrderState.Submitted or OrderState.Accepted or OrderState.Proposed or OrderState.Ready;
}

/// <summary>One step back.</summary>
/// <param name="Before">The order before the act, without a step of its own.</param>
/// <param name="At">When the act was.</param>
/// <param name="Until">First instant at which nobody may undo it any more: the end of the day.</param>
internal sealed record UndoStep(Order Before, Instant At, Instant Until);
