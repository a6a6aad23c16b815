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

    private enum Lies
    {
        Held,
        Bagged,
        LeftInBag,
        HandedOver,
        Nowhere,
    }

    public Boxes this[Cip13 cip13] => _boxes.TryGetValue(cip13, out var boxes) ? boxes : new(DemoStock.BoxesOf(pharmacy, cip13) ?? 0, 0, 0, 0);

    public IEnumerable<Cip13> Products => _boxes.Keys;

    /// <summary>Takes what happened; products whose boxes it moved.</summary>
    public IReadOnlyCollection<Cip13> Take(OrderEvent happened)
    {
        switch (happened)
        {
            case StockCounted e:
                _boxes[e.Cip13] = this[e.Cip13] with { OnHand = e.Quantity, Reserve = e.Reserve ?? this[e.Cip13].Reserve };
                return [e.Cip13];
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

/// <summary>Boxes of one product.</summary>
internal readonly record struct Boxes(int OnHand, int Reserve, int Held, int ToReshelve)
{
    /// <summary>Promised and not there.</summary>
    public int Short => Math.Max(0, Held + ToReshelve - OnHand);

    /// <summary>To be promised; less than nothing where too much is.</summary>
    public int Free => OnHand - Reserve - Held - ToReshelve;
}
