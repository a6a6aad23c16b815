using Realtime.Orders;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Orders;

namespace Realtime.Web.Stock;

/// <summary>Stock as the counter corrects it, and shortages as it settles them.</summary>
internal static class StockEndpoints
{
    private const int MostBoxes = 100_000, MostReserve = 1_000, MostServed = 1_000;

    public static void MapStock(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/counter/{id}").WithTags("Counter").RequireAuthorization(Policies.Staff);
        group.MapPut("/stock/{cip13}", Count).WithQuery().Strict().WithHeaders(RequestKeys.Parameter)
            .WithSummary("Says how many boxes are on hand, held ones included.").Produces<StockCountItem>().Refuses(400, 401, 403, 404, 415, 422);
        group.MapGet("/stock/{cip13}", Boxes).WithQuery().Strict().WithSummary("Boxes of a product.").Produces<StockCountItem>().Refuses(400, 401, 403, 404);
        group.MapGet("/shortages", Shortages).WithQuery().Strict().WithSummary("Products of which more is held than there is.").Produces<ShortagesAnswer>().Refuses(400, 401, 403, 404);
        group.MapPost("/shortages/{cip13}/settle", Settle).WithQuery().Strict().WithHeaders(RequestKeys.Parameter)
            .WithSummary("Says who is served; the other orders that hold the product are refused.").Produces<SettledItem>().Refuses(400, 401, 403, 404, 409, 415, 422);
        app.MapStockFigures();
    }

    private static async Task<IResult> Count(HttpContext context, string id, string cip13, StockAsked asked, OrderCalls calls)
    {
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        if (!Cip13.TryParse(cip13, out var code))
            return Web.Products.ProductEndpoints.UnknownProduct(context, cip13);
        var body = new BodyReader(context);
        if (asked.Quantity is < 0 or > MostBoxes)
            body.Refuse("$.quantity", new($"takes a whole number from 0 to {MostBoxes}", $"attend un nombre entier de 0 à {MostBoxes}"));
        if (asked.Reserve is < 0 or > MostReserve)
            body.Refuse("$.reserve", new($"takes a whole number from 0 to {MostReserve}", $"attend un nombre entier de 0 à {MostReserve}"));
        var pharmacy = place.Facts.Record.Id;
        return body.Failed ? body.Problem
            : await calls.Once(context, pharmacy, "stock", $"{code} {asked}", request => calls.StockOf(pharmacy).Count(code, asked.Quantity, asked.Reserve, request, context.Caller().Subject), answer =>
            {
                if (answer.Refusal is { } refusal)
                    return calls.Refuse(context, pharmacy, refusal);
                RequestKeys.Tell(context, answer.Replayed);
                return TypedResults.Ok(StockCountItem.Of(answer.Stock!));
            });
    }

    private static async Task<IResult> Boxes(HttpContext context, string id, string cip13, OrderCalls calls)
    {
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        context.Response.Headers.CacheControl = "no-store";
        return Cip13.TryParse(cip13, out var code) && await calls.StockOf(place.Facts.Record.Id).Boxes(code) is { } found
            ? TypedResults.Ok(StockCountItem.Of(found))
            : Web.Products.ProductEndpoints.UnknownProduct(context, cip13);
    }

    private static async Task<IResult> Shortages(HttpContext context, string id, OrderCalls calls)
    {
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        context.Response.Headers.CacheControl = "no-store";
        var found = await calls.StockOf(place.Facts.Record.Id).Shortages();
        return TypedResults.Ok(new ShortagesAnswer([.. found.Select(one => new ShortageOfItem(one.Short.Cip13.ToString(), one.Short.Held, one.Short.OnHand, [.. one.Orders.Select(order => order.ToString())]))]));
    }

    private static async Task<IResult> Settle(HttpContext context, string id, string cip13, SettlementAsked asked, OrderCalls calls)
    {
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        if (!Cip13.TryParse(cip13, out var code))
            return Web.Products.ProductEndpoints.UnknownProduct(context, cip13);
        var body = new BodyReader(context);
        var served = new List<OrderId>();
        for (var i = 0; i < asked.Orders.Count && i <= MostServed; i++)
            if (i < MostServed && OrderId.TryParse(asked.Orders[i], out var order) && order.Pharmacy == place.Facts.Record.Id)
                served.Add(order);
            else
                body.Refuse($"$.orders[{i}]", new("is not an order of this pharmacy", "n'est pas une commande de cette pharmacie"));
        var pharmacy = place.Facts.Record.Id;
        return body.Failed ? body.Problem
            : await calls.Once(context, pharmacy, "settle", $"{code} {string.Join(',', served)}", request => calls.StockOf(pharmacy).Settle(code, [.. served.Distinct()], request, context.Caller().Subject), answer =>
            {
                if (answer.Refusal is { } refusal)
                    return calls.Refuse(context, pharmacy, refusal);
                RequestKeys.Tell(context, answer.Replayed);
                return TypedResults.Ok(new SettledItem(code.ToString(), answer.Seq));
            });
    }
}

/// <summary>Boxes of a product.</summary>
/// <param name="Cip13">Which.</param>
/// <param name="Quantity">On hand, held ones included.</param>
/// <param name="Reserve">Never promised.</param>
/// <param name="Held">Held for open orders.</param>
/// <param name="ToReshelve">Bagged for orders that have ended.</param>
/// <param name="Available">What can be promised.</param>
/// <param name="Level">As the public is told.</param>
public sealed record StockCountItem(string Cip13, int Quantity, int Reserve, int Held, int ToReshelve, int Available, string Level)
{
    internal static StockCountItem Of(StockView stock) => new(
        stock.Cip13.ToString(), stock.OnHand, stock.Reserve, stock.Held, stock.ToReshelve, stock.Available,
        LevelWords.Of(StockLevels.Of(stock.Available)));
}

/// <summary>A product of which more is held than there is.</summary>
public sealed record ShortageOfItem(string Cip13, int Held, int OnHand, IReadOnlyList<string> Orders);

/// <summary>All of them.</summary>
public sealed record ShortagesAnswer(IReadOnlyList<ShortageOfItem> Items);

/// <summary>A shortage was settled.</summary>
/// <param name="Cip13">Of which product.</param>
/// <param name="Seq">Where the pharmacy's stream of orders stands.</param>
public sealed record SettledItem(string Cip13, long Seq);
