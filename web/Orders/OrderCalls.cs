using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Realtime.Idempotency;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Edge;
using Realtime.Web.Live;

namespace Realtime.Web.Orders;

/// <summary>How this node asks a pharmacy's queue: by a key that is recognized when the same comes again, twice where an answer was lost, and answers in the zone of the pharmacy.</summary>
internal sealed class OrderCalls(IGrainFactory grains, Country country, RequestKeys keys, Shelf shelf)
{
    // A duplicate waits so long for its twin.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Task> _flights = new(StringComparer.Ordinal);

    // To make a reference Orleans looks through the attributes of its interface each time; once made it is good for ever. There are no more of them than pharmacies.
    private readonly ConcurrentDictionary<PharmacyId, IOrderQueueGrain> _queues = new();
    private readonly ConcurrentDictionary<PharmacyId, IStockGrain> _stocks = new();

    /// <summary>The queue of a pharmacy that is known.</summary>
    public IOrderQueueGrain QueueOf(PharmacyId id) => _queues.GetOrAdd(id, static (id, grains) => grains.GetGrain<IOrderQueueGrain>(id.Value), grains);

    /// <summary>The stock of a pharmacy that is known.</summary>
    public IStockGrain StockOf(PharmacyId id) => _stocks.GetOrAdd(id, static (id, grains) => grains.GetGrain<IStockGrain>(id.Value), grains);

    /// <summary>The pharmacy that a route names; else the problem.</summary>
    public bool TryFind(HttpContext context, string id, [NotNullWhen(true)] out Place? place, [NotNullWhen(false)] out IResult? problem)
    {
        place = null;
        problem = PharmacyId.TryParse(id, out var pharmacy) && country.TryFind(pharmacy, out place) ? null : Problems.UnknownPharmacy(context, id);
        return problem is null;
    }

    /// <summary>The pharmacy of an order that a route names, and the order's id; null where there can be none.</summary>
    public Place? Find(string orderId, out OrderId order) => OrderId.TryParse(orderId, out order) && country.TryFind(order.Pharmacy, out var place) ? place : null;

    /// <summary>Asks by the key that the caller sent; of two that ask the same at once the second waits, and is told so where that takes long.</summary>
    public async Task<IResult> Once<T>(HttpContext context, PharmacyId id, string act, object asked, Func<RequestKey, Task<T>> ask, Func<T, IResult> answer)
    {
        if (!keys.TryRead(context, id, act, asked, out var request, out var problem))
            return problem;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!_flights.TryAdd(request.Key, done.Task))
            if (_flights.TryGetValue(request.Key, out var other) && await Task.WhenAny(other, Task.Delay(Patience, context.RequestAborted)) != other)
                return OrderProblems.InFlight(context);
        try
        {
            return answer(await GrainCalls.Twice(() => ask(request)));
        }
        finally
        {
            _flights.TryRemove(request.Key, out _);
            done.SetResult();
        }
    }

    /// <summary>The problem that a refusal is.</summary>
    public IResult Refuse(HttpContext context, PharmacyId id, OrderRefusal refusal) => OrderProblems.Of(context, id.Value, refusal, shelf.Catalogue);

    /// <summary>The answer to an act that was made about one order, now or before; else the problem.</summary>
    public IResult Acted(HttpContext context, Place place, OrderAnswer answer)
    {
        if (answer.Refusal is { } refusal)
            return Refuse(context, place.Facts.Record.Id, refusal);
        RequestKeys.Tell(context, answer.Replayed);
        IfMatch.Tag(context, answer.Left!.Seq);
        return TypedResults.Ok(new OrderActItem(answer.Id!.Value.ToString(), OrderJson.WordOf(answer.Left.State), answer.Left.Seq, Moments.In(place.Zone.Time, answer.At)));
    }
}
