using System.Text.Json.Serialization;
using MessagePack;
using NodaTime;
using Realtime.Orders;
using Realtime.Web.Edge;

namespace Realtime.Web.Orders;

// The wire shapes of an order, for HTTP and for both hub protocols: the keys are the contract's. Instants are in the pharmacy's own offset.

/// <summary>One line of an order.</summary>
[MessagePackObject]
public sealed record OrderLineItem(
    [property: Key("cip13")] string Cip13, [property: Key("quantity")] int Quantity, [property: Key("name")] string Name, [property: Key("priceCents")] int? PriceCents)
{
    internal static OrderLineItem[] Of(IEnumerable<OrderLine> lines) => [.. lines.Select(line => new OrderLineItem(line.Cip13.ToString(), line.Quantity, line.Name, line.PriceCents))];

    /// <summary>What the lines cost together, paid at the pharmacy; null where one of the prices is the pharmacy's to say.</summary>
    internal static int? Total(IEnumerable<OrderLine> lines) => lines.Aggregate((int?)0, (total, line) => total + (line.PriceCents * line.Quantity));
}

/// <summary>All of one substance in an order, and how much of its limit that is.</summary>
[MessagePackObject]
public sealed record OrderDoseItem(
    [property: Key("substance")] string Substance, [property: Key("form")] string Form, [property: Key("grams")] double? Grams, [property: Key("limitGrams")] double? LimitGrams,
    [property: Key("share")] double? Share)
{
    internal static OrderDoseItem[] Of(IEnumerable<OrderDose> doses) =>
        [.. doses.Select(dose => new OrderDoseItem(dose.Substance, dose.Form, (double?)dose.Grams, (double?)dose.LimitGrams, dose.Share))];
}

/// <summary>A state that an order has come to.</summary>
[MessagePackObject]
public sealed record OrderStepItem([property: Key("state")] string State, [property: Key("at")] string At)
{
    internal static OrderStepItem[] Of(IEnumerable<OrderStep> steps, DateTimeZone zone) => [.. steps.Select(step => new OrderStepItem(OrderJson.WordOf(step.State), Moments.In(zone, step.At)))];
}

/// <summary>A message between buyer and pharmacist.</summary>
/// <param name="At">When it was sent.</param>
/// <param name="From"><c>buyer</c> or <c>pharmacy</c>.</param>
/// <param name="Text">What it says.</param>
[MessagePackObject]
public sealed record OrderMessageItem([property: Key("at")] string At, [property: Key("from")] string From, [property: Key("text")] string Text)
{
    internal static OrderMessageItem[] Of(IEnumerable<MessageView> messages, DateTimeZone zone) =>
        [.. messages.Select(message => new OrderMessageItem(Moments.In(zone, message.At), message.FromBuyer ? "buyer" : "pharmacy", message.Text))];
}

/// <summary>An order was taken. Everything in it follows from the row that took it, so that it can be given again byte for byte.</summary>
/// <param name="OrderId">Which.</param>
/// <param name="Token">What the buyer shows to see it.</param>
/// <param name="State">Where it stood then.</param>
/// <param name="Seq">Its version then.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="TotalCents">Euro cents to be paid at the pharmacy; null where one of the prices is the pharmacy's to say.</param>
/// <param name="Doses">Its substances.</param>
/// <param name="HeldUntil">Until when its boxes are held.</param>
/// <param name="ExpectedBy">When it is answered at the latest.</param>
/// <param name="Timeline">The states it had come to.</param>
public sealed record PlacedItem(
    string OrderId, string Token, string State, long Seq, IReadOnlyList<OrderLineItem> Lines, int? TotalCents, IReadOnlyList<OrderDoseItem> Doses,
    string HeldUntil, string ExpectedBy, IReadOnlyList<OrderStepItem> Timeline)
{
    internal static PlacedItem Of(OrderReceipt receipt, DateTimeZone zone, OrderSecrets secrets)
    {
        OrderStep[] steps = receipt.ByCounter ? [new(OrderState.Submitted, receipt.At), new(OrderState.Accepted, receipt.At)] : [new(OrderState.Submitted, receipt.At)];
        return new(
            receipt.Id.ToString(), secrets.TokenOf(receipt.Id), OrderJson.WordOf(steps[^1].State), 1, OrderLineItem.Of(receipt.Lines), OrderLineItem.Total(receipt.Lines),
            OrderDoseItem.Of(receipt.Doses), Moments.In(zone, receipt.HeldUntil), Moments.In(zone, receipt.ExpectedBy), OrderStepItem.Of(steps, zone));
    }
}

/// <summary>An order as its buyer sees it.</summary>
/// <param name="OrderId">Which.</param>
/// <param name="State">submitted, accepted, proposed, ready, collected, refused, cancelled or expired.</param>
/// <param name="Seq">Its own events so far: keep the greatest.</param>
/// <param name="Lines">What is ordered.</param>
/// <param name="TotalCents">Euro cents to be paid at the pharmacy; null where one of the prices is the pharmacy's to say.</param>
/// <param name="Doses">Its substances.</param>
/// <param name="HeldUntil">Until when its boxes are held.</param>
/// <param name="ExpectedBy">When it is answered, or from when on it can be collected.</param>
/// <param name="Timeline">The states it has come to.</param>
/// <param name="Messages">Messages, the oldest first.</param>
/// <param name="Late">Nobody has answered in time: better telephone.</param>
/// <param name="Proposal">What the counter offers instead; absent but where it does.</param>
/// <param name="PickupCode">What is said at the counter; only from ready on.</param>
/// <param name="Reason">Why it was refused.</param>
[MessagePackObject]
public sealed record OrderItem(
    [property: Key("orderId")] string OrderId,
    [property: Key("state")] string State,
    [property: Key("seq")] long Seq,
    [property: Key("lines")] IReadOnlyList<OrderLineItem> Lines,
    [property: Key("totalCents")] int? TotalCents,
    [property: Key("doses")] IReadOnlyList<OrderDoseItem> Doses,
    [property: Key("heldUntil")] string HeldUntil,
    [property: Key("expectedBy")] string ExpectedBy,
    [property: Key("timeline")] IReadOnlyList<OrderStepItem> Timeline,
    [property: Key("messages")] IReadOnlyList<OrderMessageItem> Messages,
    [property: Key("late")] bool Late,
    [property: Key("proposal"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<OrderLineItem>? Proposal,
    [property: Key("pickupCode"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PickupCode,
    [property: Key("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason)
{
    internal static OrderItem Of(OrderView order, DateTimeZone zone, OrderSecrets secrets) => new(
        order.Id.ToString(), OrderJson.WordOf(order.State), order.Seq, OrderLineItem.Of(order.Lines), OrderLineItem.Total(order.Lines), OrderDoseItem.Of(order.Doses),
        Moments.In(zone, order.HeldUntil), Moments.In(zone, order.ExpectedBy), OrderStepItem.Of(order.Timeline, zone), OrderMessageItem.Of(order.Messages, zone), order.Late,
        order.Offer is null ? null : OrderLineItem.Of(order.Offer),
        order.State is OrderState.Ready or OrderState.Collected ? secrets.CodeOf(order.Id) : null, order.Reason);
}

/// <summary>Who buys, for the counter.</summary>
[MessagePackObject]
public sealed record BuyerItem(
    [property: Key("name")] string Name, [property: Key("phone")] string? Phone, [property: Key("email")] string? Email, [property: Key("birthDate")] string BirthDate);

/// <summary>An order as its pharmacy's counter sees it: what the buyer sees but for the pick-up code, and what is the counter's alone.</summary>
/// <param name="OrderId">Which.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Seq">Its own events so far; <c>If-Match</c> names it.</param>
/// <param name="Lines">What is ordered.</param>
/// <param name="TotalCents">Euro cents; null where one of the prices is the pharmacy's to say.</param>
/// <param name="Doses">Its substances.</param>
/// <param name="HeldUntil">Until when its boxes are held.</param>
/// <param name="ExpectedBy">When the buyer expects an answer.</param>
/// <param name="Timeline">The states it has come to.</param>
/// <param name="Messages">Messages, the oldest first.</param>
/// <param name="Buyer">Who buys; null once the data is erased.</param>
/// <param name="Answers">The questionnaire as JSON text, or null.</param>
/// <param name="Note">The buyer's word to the pharmacist, or null.</param>
/// <param name="Flags">What to look at: <c>doseAlert</c>, <c>answered</c>, <c>minor</c>, <c>shortage</c>, <c>late</c>, <c>loud</c>, <c>handedOver</c>, <c>toReshelve</c>, <c>byCounter</c>, <c>codeLocked</c>, <c>recalled</c>.</param>
/// <param name="Validated">Whether a pharmacist stands behind it.</param>
/// <param name="Acknowledged">Whether somebody at the counter has seen it.</param>
/// <param name="Proposal">What was offered instead.</param>
/// <param name="Reason">Why it was refused.</param>
/// <param name="UndoUntil">Until when anybody may go one step back.</param>
/// <param name="PharmacistUndoUntil">Until when a pharmacist may, with a reason.</param>
[MessagePackObject]
public sealed record CounterOrderItem(
    [property: Key("orderId")] string OrderId,
    [property: Key("state")] string State,
    [property: Key("seq")] long Seq,
    [property: Key("lines")] IReadOnlyList<OrderLineItem> Lines,
    [property: Key("totalCents")] int? TotalCents,
    [property: Key("doses")] IReadOnlyList<OrderDoseItem> Doses,
    [property: Key("heldUntil")] string HeldUntil,
    [property: Key("expectedBy")] string ExpectedBy,
    [property: Key("timeline")] IReadOnlyList<OrderStepItem> Timeline,
    [property: Key("messages")] IReadOnlyList<OrderMessageItem> Messages,
    [property: Key("buyer")] BuyerItem? Buyer,
    [property: Key("answers")] string? Answers,
    [property: Key("note")] string? Note,
    [property: Key("flags")] IReadOnlyList<string> Flags,
    [property: Key("validated")] bool Validated,
    [property: Key("acknowledged")] bool Acknowledged,
    [property: Key("proposal"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<OrderLineItem>? Proposal,
    [property: Key("reason"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: Key("undoUntil"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? UndoUntil,
    [property: Key("pharmacistUndoUntil"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PharmacistUndoUntil)
{
    internal static CounterOrderItem Of(OrderView order, DateTimeZone zone) => new(
        order.Id.ToString(), OrderJson.WordOf(order.State), order.Seq, OrderLineItem.Of(order.Lines), OrderLineItem.Total(order.Lines), OrderDoseItem.Of(order.Doses),
        Moments.In(zone, order.HeldUntil), Moments.In(zone, order.ExpectedBy), OrderStepItem.Of(order.Timeline, zone), OrderMessageItem.Of(order.Messages, zone),
        order.Buyer is { } buyer ? new(buyer.Name, buyer.Phone, buyer.Email, buyer.BirthDate) : null, order.Answers, order.Note, [.. FlagsOfPerson(order), .. FlagsOfWork(order)],
        order.Validated, order.Acknowledged, order.Offer is null ? null : OrderLineItem.Of(order.Offer), order.Reason,
        order.UndoUntil is { } until ? Moments.In(zone, until) : null, order.PharmacistUndoUntil is { } late ? Moments.In(zone, late) : null);

    /// <summary>What is to be looked at, and says nothing of whoever is treated.</summary>
    internal static IEnumerable<string> FlagsOfWork(OrderView order)
    {
        if (order.Short)
            yield return "shortage";
        if (order.Late)
            yield return "late";
        if (!order.Acknowledged && order.Escalation == Escalation.Loud)
            yield return "loud";
        if (!order.Acknowledged && order.Escalation == Escalation.HandedOver)
            yield return "handedOver";
        if (order.ToReshelve)
            yield return "toReshelve";
        if (order.ByCounter)
            yield return "byCounter";
        if (order.CodeLocked)
            yield return "codeLocked";
        if (order.Recalled)
            yield return "recalled";
    }

    // These are the counter's alone.
    private static IEnumerable<string> FlagsOfPerson(OrderView order)
    {
        if (order.DoseAlert)
            yield return "doseAlert";
        if (order.Answered)
            yield return "answered";
        if (order.ForMinor)
            yield return "minor";
    }
}

/// <summary>A page of a counter's orders, the newest first.</summary>
/// <param name="Seq">Where the pharmacy's stream of orders stands.</param>
/// <param name="Items">The orders.</param>
/// <param name="Cursor">Give it back for the next page; null where there is none.</param>
public sealed record CounterOrdersAnswer(long Seq, IReadOnlyList<CounterOrderItem> Items, string? Cursor);

/// <summary>An act was made, or had been before.</summary>
/// <param name="OrderId">About which order.</param>
/// <param name="State">Where it left the order.</param>
/// <param name="Seq">The order's version after it; <c>ETag</c> says the same.</param>
/// <param name="At">When.</param>
public sealed record OrderActItem(string OrderId, string State, long Seq, string At);
