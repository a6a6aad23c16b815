using Realtime.Pharmacies;
using Realtime.Products;

namespace Realtime.Tests.Orders;

/// <summary>One of many who order, cancel, accept, bag, hand over, undo and count at once.</summary>
/// <param name="campaign">Of which.</param>
/// <param name="number">Which of the callers, from 0.</param>
internal sealed class OrderCaller(OrderCampaign campaign, int number)
{
    private const int MostOpen = 8, MostBoxes = 50, MostOrdered = 3;
    private readonly Random _random = new((Campaign.Seed * 1000) + number);
    private readonly List<Mine> _mine = [];

    private Sender Sender => field ??= campaign.SenderOf(_random);

    /// <summary>Calls until the campaign is over.</summary>
    public async Task Run()
    {
        // Not before everybody is there.
        await Task.Yield();
        while (!campaign.IsOver)
            await (_random.Next(100) switch
            {
                < 6 => Count(),
                < 50 => _mine.Count < MostOpen ? Place() : Next(),
                _ => _mine.Count > 0 ? Next() : Place(),
            });
    }

    private async Task Place()
    {
        var pharmacy = campaign.Pharmacies[_random.Next(campaign.Pharmacies.Count)];
        (Cip13, int)[] lines = _random.Next(5) == 0
            ? [.. campaign.Products.Select(cip13 => (cip13, 1 + _random.Next(MostOrdered)))]
            : [(campaign.Products[_random.Next(campaign.Products.Count)], 1 + _random.Next(MostOrdered))];
        var wish = campaign.NewOrder(pharmacy, lines);
        if (await Sender.Send(wish, OrderCampaign.RequestOf(wish)) is not { IsSuccess: true } answer)
            return;
        var told = answer.Json();
        _mine.Add(new(pharmacy, told.GetProperty("orderId").GetString()!, told.GetProperty("token").GetString()!) { State = "submitted", Seq = 1 });
        campaign.Acknowledge(told.GetProperty("orderId").GetString()!);
    }

    private async Task Next()
    {
        var order = _mine[_random.Next(_mine.Count)];
        var chance = _random.Next(100);
        await (order.State switch
        {
            "submitted" => chance < 55 ? Counter(order, "accept") : chance < 70 ? Cancel(order) : chance < 85 ? Refuse(order) : Both(order),
            "accepted" => chance < 70 ? Counter(order, "ready") : chance < 80 ? Cancel(order) : chance < 90 ? Refuse(order) : Undo(order),
            "ready" => chance < 70 ? Collect(order) : chance < 80 ? Cancel(order) : chance < 90 ? Refuse(order) : Undo(order),
            "collected" => chance < 10 ? Undo(order) : Leave(order),
            _ => order.IsBagged ? Counter(order, "reshelve") : Leave(order),
        });
    }

    private Task<bool> Leave(Mine order) => Task.FromResult(_mine.Remove(order));

    private Task Cancel(Mine order) => Act(order, "cancel", new(HttpMethod.Post, $"/api/v1/orders/{order.Id}/cancel", Token: order.Token));

    private Task Refuse(Mine order) => Counter(order, "refuse", new { reason = "rupture chez le fournisseur" });

    private Task Undo(Mine order) => Counter(order, "undo", new { reason = "erreur de saisie" });

    private async Task Collect(Mine order)
    {
        if (await Page(order) is { PickupCode: { } code })
            await Counter(order, "collect", new { pickupCode = code });
        else
            await Look(order);
    }

    private Task Counter(Mine order, string act, object? body = null) =>
        Act(order, act, new(HttpMethod.Post, $"/api/v1/counter/{order.Pharmacy}/orders/{order.Id}/{act}", body, Counter: order.Pharmacy, Seq: order.Seq));

    // The buyer goes back on it while the counter takes it on: one of the two is told no.
    private async Task Both(Mine order)
    {
        await Task.WhenAll(Counter(order, "accept"), Cancel(order));
        await Look(order);
    }

    private async Task Act(Mine order, string act, Request request)
    {
        var wish = campaign.NewWish(order.Pharmacy, act);
        var answer = await Sender.Send(wish, request);
        if (!answer.IsSuccess)
        {
            await Look(order);
            return;
        }
        var (told, before) = (answer.Json(), order.State);
        (order.State, order.Seq) = (told.GetProperty("state").GetString()!, told.GetProperty("seq").GetInt64());
        order.IsBagged = act != "reshelve" && before == "ready" && order.State is "cancelled" or "refused";
    }

    // Somebody else was first: where does it stand now?
    private async Task Look(Mine order)
    {
        if (await Page(order) is not { } page)
        {
            _mine.Remove(order);
            return;
        }
        (order.State, order.Seq, order.IsBagged) = (page.State, page.Seq, false);
    }

    private async Task<(string State, long Seq, string? PickupCode)?> Page(Mine order)
    {
        var answer = await Sender.Read(new(HttpMethod.Get, $"/api/v1/orders/{order.Id}", Token: order.Token));
        if (!answer.IsSuccess)
            return null;
        var page = answer.Json();
        return (page.GetProperty("state").GetString()!, page.GetProperty("seq").GetInt64(), page.TryGetProperty("pickupCode", out var code) ? code.GetString() : null);
    }

    private async Task Count()
    {
        var (pharmacy, cip13) = (campaign.Pharmacies[_random.Next(campaign.Pharmacies.Count)], campaign.Products[_random.Next(campaign.Products.Count)]);
        var quantity = 1 + _random.Next(MostBoxes);
        var answer = await Sender.Send(campaign.NewWish(pharmacy, Wish.Stock), OrderCampaign.RequestOf(pharmacy, cip13, quantity));
        if (!answer.IsSuccess || answer.Json() is var stock && stock.GetProperty("held").GetInt32() + stock.GetProperty("toReshelve").GetInt32() <= quantity || _random.Next(2) == 0)
            return;
        // More was promised than was found: nobody is served.
        await Sender.Send(campaign.NewWish(pharmacy, Wish.Settle), new(HttpMethod.Post, $"/api/v1/counter/{pharmacy}/shortages/{cip13}/settle", new { orders = Array.Empty<string>() }, Counter: pharmacy));
    }

    private sealed class Mine(PharmacyId pharmacy, string id, string token)
    {
        public PharmacyId Pharmacy => pharmacy;

        public string Id => id;

        public string Token => token;

        public required string State { get; set; }

        public required long Seq { get; set; }

        public bool IsBagged { get; set; }
    }
}
