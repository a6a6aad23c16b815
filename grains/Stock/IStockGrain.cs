using Orleans.Concurrency;
using Realtime.Idempotency;
using Realtime.Orders;
using Realtime.Products;
using Realtime.Recalls;

namespace Realtime.Stock;

/// <summary>The stock of one pharmacy; its orders are the same activation's (<see cref="IOrderQueueGrain"/>). The key is the pharmacy's FINESS number.</summary>
[Alias("realtime.IStockGrain")]
internal interface IStockGrain : IGrainWithStringKey
{
    /// <summary>Somebody counted the boxes on hand, held ones included.</summary>
    /// <param name="cip13">Of which product.</param>
    /// <param name="quantity">Boxes.</param>
    /// <param name="reserve">Boxes never promised; null where that stays.</param>
    /// <param name="request">By which it is recognized when it comes again.</param>
    /// <param name="actor">Pseudonym.</param>
    [Alias("Count")]
    Task<StockAnswer> Count(Cip13 cip13, int quantity, int? reserve, RequestKey? request, string actor);

    /// <summary>The counter says who is served of a product of which there is too little.</summary>
    [Alias("Settle")]
    Task<OrderAnswer> Settle(Cip13 cip13, IReadOnlyCollection<OrderId> served, RequestKey? request, string actor);

    /// <summary>Products of which more is held than there is, with the orders that hold them.</summary>
    [Alias("Shortages"), ReadOnly]
    Task<IReadOnlyList<ShortageView>> Shortages();

    /// <summary>The pharmacy's software says what is on hand. The last feed, sent again, is answered as the first time.</summary>
    [Alias("Feed")]
    Task<FeedAnswer> Feed(StockFeed feed, string actor);

    /// <summary>Where the feed stands.</summary>
    [Alias("Standing"), ReadOnly]
    Task<FeedStanding> Standing();

    /// <summary>Everything on the shelves.</summary>
    [Alias("Products"), ReadOnly]
    Task<ShelfViews> Products();

    /// <summary>Looks at a recall now, be it new or withdrawn: what it bars here is barred once this is answered. Asking again changes nothing.</summary>
    [Alias("ApplyRecall")]
    Task<RecallReach> ApplyRecall(Recall recall);

    /// <summary>The recalls whose lots are barred here, with what each has met.</summary>
    [Alias("Recalled")]
    Task<IReadOnlyList<BarredRecall>> Recalled();

    /// <summary>Boxes of one product; null where nobody has spoken of it.</summary>
    [Alias("Boxes"), ReadOnly]
    Task<StockView?> Boxes(Cip13 cip13);
}

/// <summary>Boxes of one product.</summary>
/// <param name="Cip13">Which.</param>
/// <param name="OnHand">Boxes there, held ones included.</param>
/// <param name="Reserve">Boxes never promised.</param>
/// <param name="Held">Boxes held for open orders.</param>
/// <param name="ToReshelve">Boxes bagged for orders that have ended.</param>
/// <param name="Available">Boxes that can be promised.</param>
[GenerateSerializer, Immutable, Alias("realtime.StockView")]
internal sealed record StockView(
    [property: Id(0)] Cip13 Cip13, [property: Id(1)] int OnHand, [property: Id(2)] int Reserve, [property: Id(3)] int Held, [property: Id(4)] int ToReshelve, [property: Id(5)] int Available)
{
    /// <summary>Boxes there that nobody may be given: of lots that have expired or are recalled.</summary>
    [Id(6)] public int Unsellable { get; init; }

    /// <summary>Whether what is known is too old to promise anything by.</summary>
    [Id(7)] public bool IsOld { get; init; }
}

/// <summary>What a recall meets in one pharmacy.</summary>
/// <param name="Boxes">Boxes of its lots on the shelves.</param>
/// <param name="Orders">Open orders that somebody must look at.</param>
/// <param name="HasUnknownLots">Whether there are boxes of its product whose lot nobody has said.</param>
/// <param name="IsBarred">Whether its lots are barred here.</param>
[GenerateSerializer, Immutable, Alias("realtime.RecallReach")]
internal sealed record RecallReach([property: Id(0)] int Boxes, [property: Id(1)] IReadOnlyList<OrderId> Orders, [property: Id(2)] bool HasUnknownLots, [property: Id(3)] bool IsBarred);

/// <summary>A recall whose lots are barred in one pharmacy.</summary>
/// <param name="Id">Which recall.</param>
/// <param name="Reach">What it meets.</param>
[GenerateSerializer, Immutable, Alias("realtime.BarredRecall")]
internal sealed record BarredRecall([property: Id(0)] string Id, [property: Id(1)] RecallReach Reach);

/// <summary>The answer to a count.</summary>
[GenerateSerializer, Immutable, Alias("realtime.StockAnswer")]
internal sealed record StockAnswer([property: Id(0)] OrderRefusal? Refusal, [property: Id(1)] StockView? Stock, [property: Id(2)] bool Replayed = false);

/// <summary>A product of which more is held than there is.</summary>
[GenerateSerializer, Immutable, Alias("realtime.ShortageView")]
internal sealed record ShortageView([property: Id(0)] StockShortage Short, [property: Id(1)] IReadOnlyList<OrderId> Orders);
