using NodaTime;
using NodaTime.Text;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Tests.Orders;

/// <summary>
/// Boxes of one pharmacy counted in the plainest way from what happened, without the rules: an oracle for what they count.
/// </summary>
internal sealed class PlainShelf(PharmacyId pharmacy)
{
    private readonly Dictionary<OrderId, Standing> _orders = [];
    private readonly Dictionary<Cip13, Boxes> _boxes = [];
    private readonly Dictionary<Cip13, Instant> _counted = [];
    private readonly HashSet<Cip13> _reserved = [];
    private readonly List<(Instant At, Cip13 Cip13, int Boxes)> _handedOver = [];
    private bool _fed, _whole;
    private Instant _at;

    private enum Lies
    {
        Held,
        Bagged,
        LeftInBag,
        HandedOver,
        Nowhere,
    }

    public Boxes this[Cip13 cip13] =>
        (_boxes.TryGetValue(cip13, out var boxes) ? boxes : new(_whole ? 0 : DemoStock.BoxesOf(pharmacy, cip13) ?? 0, 0, 0, 0)) is var known && _reserved.Contains(cip13) ? known : known with { Reserve = _fed ? 1 : 0 };

    public IEnumerable<Cip13> Products => _boxes.Keys;

    /// <summary>Takes what happened; products whose boxes it moved.</summary>
    /// <param name="happened">What.</param>
    /// <param name="at">When.</param>
    /// <param name="said">What the pharmacy's software said, where that is it.</param>
    public IReadOnlyCollection<Cip13> Take(OrderEvent happened, Instant at, FeedSaid? said = null)
    {
        _at = at;
        switch (happened)
        {
            case StockCounted e:
                _boxes[e.Cip13] = this[e.Cip13] with { OnHand = e.Quantity, Reserve = e.Reserve ?? this[e.Cip13].Reserve };
                _counted[e.Cip13] = at;
                if (e.Reserve is not null)
                    _reserved.Add(e.Cip13);
                return [e.Cip13];
            case StockFed:
                return Fed(said!);
            case OrderPlaced e:
                _orders[e.Id] = new(e.Lines, Lies.Nowhere, null, null);
                return Move(e.Id, order => order with { Place = Lies.Held });
            case OrderAccepted or OrderValidated:
                return Act(happened, order => order);
            case OrderProposed e:
                return Act(happened, order => order with { Offer = e.Offer });
            case ProposalAccepted e:
                return Move(e.Id, order => order with { Lines = order.Offer!, Before = null });
            case OrderReadied:
                return Act(happened, order => order with { Place = Lies.Bagged });
            case OrderRefused:
                return Act(happened, Ended);
            case OrderCollected:
                return Act(happened, order => order with { Place = Lies.HandedOver });
            case ShortageSettled e:
                return [.. e.Unserved.SelectMany(id => Move(id, order => Ended(order) with { Before = order }))];
            case OrderCancelled or ProposalDeclined:
                return Move(((OneOrderEvent)happened).Id, order => Ended(order) with { Before = null });
            case TimePassed e:
                return [.. e.Expired.SelectMany(id => Move(id, order => Ended(order) with { Before = null }))];
            case BoxesReshelved e:
                return Move(e.Id, order => order with { Place = Lies.Nowhere, Before = null });
            case ActUndone e:
                return Move(e.Id, order => order.Before! with { Before = null });
            default:
                return [];
        }
    }

    // What was said, less what was handed over after it was counted; what somebody counted after that stands.
    private Cip13[] Fed(FeedSaid said)
    {
        Cip13[] products = [.. said.Lines.Select(line => line.Cip13).Concat(_boxes.Keys).Distinct()];
        _fed = true;
        _whole |= said.Kind == FeedKind.Snapshot;
        foreach (var cip13 in products)
        {
            var boxes = said.Lines.Where(line => line.Cip13 == cip13).Sum(line => line.Boxes) - _handedOver.Where(one => one.Cip13 == cip13 && one.At > said.TakenAt).Sum(one => one.Boxes);
            if (said.Kind == FeedKind.Delta && !said.Lines.Any(line => line.Cip13 == cip13) || _counted.TryGetValue(cip13, out var counted) && counted > said.TakenAt)
                continue;
            _boxes[cip13] = this[cip13] with { OnHand = Math.Max(0, boxes) };
            _counted.Remove(cip13);
        }
        return products;
    }

    private static Standing Ended(Standing order) => order with { Place = order.Place == Lies.Bagged ? Lies.LeftInBag : Lies.Nowhere };

    private IReadOnlyCollection<Cip13> Act(OrderEvent happened, Func<Standing, Standing> change) =>
        Move(((OneOrderEvent)happened).Id, order => change(order) with { Before = order with { Before = null } });

    private IReadOnlyCollection<Cip13> Move(OrderId id, Func<Standing, Standing> change)
    {
        var (before, after) = (_orders[id], change(_orders[id]));
        _orders[id] = after;
        Count(before, -1);
        Count(after, 1);
        return [.. before.Lines.Concat(after.Lines).Select(line => line.Cip13).Distinct()];
    }

    private void Count(Standing order, int sign)
    {
        foreach (var line in order.Lines)
        {
            var (boxes, moved) = (this[line.Cip13], sign * line.Quantity);
            if (order.Place == Lies.HandedOver)
                _handedOver.Add((_at, line.Cip13, moved));
            _boxes[line.Cip13] = order.Place switch
            {
                Lies.Held or Lies.Bagged => boxes with { Held = boxes.Held + moved },
                Lies.LeftInBag => boxes with { ToReshelve = boxes.ToReshelve + moved },
                Lies.HandedOver => boxes with { OnHand = boxes.OnHand - moved },
                _ => boxes,
            };
        }
    }

    private sealed record Standing(IReadOnlyList<OrderLine> Lines, Lies Place, IReadOnlyList<OrderLine>? Offer, Standing? Before);
}

/// <summary>A feed as it was sent.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Kind">All, or what changed.</param>
/// <param name="TakenAt">When its boxes were counted.</param>
/// <param name="Lines">What it said.</param>
internal sealed record FeedSaid(long Seq, FeedKind Kind, Instant TakenAt, IReadOnlyList<(Cip13 Cip13, int Boxes)> Lines)
{
    /// <summary>As it crosses the wire.</summary>
    public string Text() => string.Join('\n', Lines.Select(line => $$"""{"cip13":"{{line.Cip13}}","quantity":{{line.Boxes}}}""")
        .Prepend($$"""{"kind":"{{(Kind == FeedKind.Snapshot ? "snapshot" : "delta")}}","seq":{{Seq}},"takenAt":"{{InstantPattern.ExtendedIso.Format(TakenAt)}}"}"""));
}

/// <summary>Boxes of one product.</summary>
internal readonly record struct Boxes(int OnHand, int Reserve, int Held, int ToReshelve)
{
    /// <summary>Promised and not there.</summary>
    public int Short => Math.Max(0, Held + ToReshelve - OnHand);

    /// <summary>To be promised; less than nothing where too much is.</summary>
    public int Free => OnHand - Reserve - Held - ToReshelve;
}
