using System.Globalization;
using NodaTime;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;
using Realtime.Web.Orders;
using Realtime.Web.Products;

namespace Realtime.Web.Stock;

/// <summary>What a counter's shelves hold, how fast they turn, and what on them is about to expire.</summary>
internal static class StockFiguresEndpoints
{
    private const int LongestQuestion = 200, MostItems = 500, UsualItems = 50, LongestCursor = 40;
    private const string Descending = "desc";

    // In the order of their enumerations.
    private static readonly string[] Sorts = ["name", "quantity", "daysOfStock", "expiry"];
    private static readonly string[] Filters = ["all", "slow", "short", "expired", "expiring30", "expiring60", "expiring90"];
    private static readonly QueryParameter<string> Sort = QueryParameter.Word("sort", Sorts, "name", "What the list is in order of; products of which it is not known come last.");
    private static readonly QueryParameter<string> Order = QueryParameter.Word("order", ["asc", Descending], "asc", "Whether the least or the greatest comes first.");
    private static readonly QueryParameter<string> Filter = QueryParameter.Word("filter", Filters, "all", "Only products that hardly move, that sell and are out of stock, or of which boxes have expired or expire within so many days.");
    private static readonly QueryParameter<string> Q = QueryParameter.Text("q", LongestQuestion, "Only products that match what was typed or scanned, as at /api/v1/products; a lot will do too.");
    private static readonly QueryParameter<int> Limit = QueryParameter.Integer("limit", 1, MostItems, UsualItems, "How many products.");
    private static readonly QueryParameter<string> Cursor = QueryParameter.Text("cursor", LongestCursor, "As the page before gave it, with the same sort and order.");

    public static void MapStockFigures(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/counter/{id}").WithTags("Counter").RequireAuthorization(Policies.Staff);
        group.MapGet("/stock", List).WithQuery(Sort, Order, Filter, Q, Limit, Cursor).WithSummary("Everything on the shelves: boxes, lots, and how long they will last.").Produces<ShelvesAnswer>().Refuses(400, 401, 403, 404, 503);
        group.MapGet("/stock/figures", Figures).WithQuery().Strict().WithSummary("What the shelves hold together, how fast they turn, and what expires.").Produces<StockFiguresItem>().Refuses(400, 401, 403, 404, 503);
    }

    private static async Task<IResult> List(HttpContext context, string id, OrderCalls calls, Shelf shelf, Clock clock)
    {
        var query = new QueryReader(context);
        if (shelf.Catalogue is not { } catalogue)
            return query.Failed ? query.Problem : ProductEndpoints.NotYet(context);
        var asked = ReadAsked(query, catalogue);
        if (query.Failed)
            return query.Problem;
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        var now = clock.Now;
        var (products, _) = await Read(place, calls, now);
        var sought = Sought(asked.Q, catalogue);
        var found = products.Where(one => asked.Filter.Lets(one) && sought(one)).Select(one => (one, NameOf(one.Cip13, catalogue))).ToList();
        var (page, more) = StockList.Page(found, asked.Sort, asked.Descending, asked.After, asked.Limit);
        context.Response.Headers.CacheControl = "no-store";
        var today = now.InZone(place.Zone.Time).Date;
        return TypedResults.Ok(new ShelvesAnswer(found.Count, [.. page.Select(one => ShelfItem.Of(one.Product, catalogue, today))], more ? WriteCursor(page[^1].Place) : null));
    }

    private static ListAsked ReadAsked(QueryReader query, Catalogue catalogue)
    {
        var cursor = query.Read(Cursor);
        var after = ReadCursor(cursor, catalogue);
        if (cursor is not null && after is null)
            query.Refuse(Cursor.Name, new("is not a cursor of this list", "n'est pas un curseur de cette liste"));
        return new(
            (StockSort)Array.IndexOf(Sorts, query.Read(Sort)), query.Read(Order) == Descending, (StockFilter)Array.IndexOf(Filters, query.Read(Filter)), query.Read(Q), query.Read(Limit), after);
    }

    private static async Task<IResult> Figures(HttpContext context, string id, OrderCalls calls, Shelf shelf, Clock clock)
    {
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        if (shelf.Catalogue is not { } catalogue)
            return ProductEndpoints.NotYet(context);
        var now = clock.Now;
        var standing = await calls.StockOf(place.Facts.Record.Id).Standing();
        var (products, seen) = await Read(place, calls, now);
        var figures = StockFigures.Of(products, seen, now.InZone(place.Zone.Time).Date, cip13 => catalogue.TryFind(cip13, out var product) ? product.PriceCents : null);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(StockFiguresItem.Of(figures, standing, place.Zone.Time));
    }

    private static async Task<(IReadOnlyList<ProductFigures> Products, Observation Seen)> Read(Place place, OrderCalls calls, Instant now)
    {
        var shelves = await calls.StockOf(place.Facts.Record.Id).Products();
        var (seen, today) = (Observation.Of(shelves.Since, now), now.InZone(place.Zone.Time).Date);
        return ([.. shelves.Items.Select(one => new ProductFigures(one, seen, today))], seen);
    }

    // A medicine that the catalogue has lost stands under its code.
    private static string NameOf(Cip13 cip13, Catalogue catalogue) => catalogue.TryFind(cip13, out var product) ? product.Name : cip13.ToString();

    private static Func<ProductFigures, bool> Sought(string? q, Catalogue catalogue)
    {
        if (q is null)
            return _ => true;
        var matching = catalogue.Products.Count == 0 ? [] : catalogue.Search(q, catalogue.Products.Count).Select(product => product.Cip13).ToHashSet();
        var lot = LotBoxes.CodeOf(q);
        return one => matching.Contains(one.Cip13) || one.Cip13.ToString() == lot || one.Shelf.Lots.Any(known => known.Code == lot);
    }

    // The key, or a dash where there is none, and the code; the name follows from the code.
    private static string WriteCursor(StockPlace place) => $"{place.Key?.ToString(CultureInfo.InvariantCulture) ?? "-"}.{place.Cip13}";

    private static StockPlace? ReadCursor(string? cursor, Catalogue catalogue)
    {
        if (cursor?.Split('.') is not [var key, var code] || !Cip13.TryParse(code, out var cip13))
            return null;
        if (key == "-")
            return new(null, NameOf(cip13, catalogue), cip13);
        return long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new(number, NameOf(cip13, catalogue), cip13) : null;
    }

    private sealed record ListAsked(StockSort Sort, bool Descending, StockFilter Filter, string? Q, int Limit, StockPlace? After);
}
