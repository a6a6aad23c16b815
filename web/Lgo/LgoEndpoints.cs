using Realtime.Orders;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;
using Realtime.Web.Orders;
using Realtime.Web.Products;

namespace Realtime.Web.Lgo;

/// <summary>What a pharmacy's own software (LGO) calls: stock in, orders out. It always starts the exchange.</summary>
internal static class LgoEndpoints
{
    private const string SecondsUntilBack = "10";
    private const int MostItems = 1_000, LongestWait = 30;
    private static readonly QueryParameter<long> After = QueryParameter.Row("after", "The row that was read up to, as the page before gave it in seq; 0 begins.");
    private static readonly QueryParameter<int> Limit = QueryParameter.Integer("limit", 1, MostItems, 100, "How many orders.");
    private static readonly QueryParameter<int> Wait = QueryParameter.Integer("wait", 0, LongestWait, 0, "Where nothing has changed: how many seconds to wait for something.");
    private static readonly HeaderParameter Coding = new("Content-Encoding", "^(gzip|identity)$", Required: false, "gzip where the body is compressed.");

    public static void AddLgo(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FeedGate>();
        builder.Services.AddSingleton<OrderBells>();
        builder.Services.AddSingleton<IRowFollower>(services => services.GetRequiredService<OrderBells>());
        builder.Services.AddSingleton<OrderFeed>();
    }

    public static void MapLgo(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/lgo/{id}").WithTags("Pharmacy software").RequireAuthorization(Policies.Connector);
        group.MapPost("/stock", Feed).WithQuery().Strict().WithHeaders(Coding).Weighs(CallWeight.OfFeed)
            .Streams(FeedBody.ContentType, FeedBody.MostBytes, "First line { kind: snapshot or delta, seq, takenAt }, then lines { cip13, quantity, lot?, expiry? }: boxes on hand. A snapshot is everything that is there; a delta replaces what was known of its products.")
            .WithSummary("Takes a feed of the stock.").Produces<FeedItem>().Refuses(400, 401, 403, 404, 408, 409, 413, 415);
        group.MapGet("/stock", Standing).WithQuery().Strict().WithSummary("Where the feed stands.").Produces<FeedStandingItem>().Refuses(400, 401, 403, 404);
        group.MapGet("/orders", Orders).WithQuery(After, Limit, Wait).WithSummary("What changed of the orders, to be booked; waits for news where that is asked for.").Produces<OrderChangesAnswer>().Refuses(400, 401, 403, 404, 409);
        group.MapHandingOver();
    }

    private static async Task<IResult> Feed(HttpContext context, string id, OrderCalls calls, FeedGate gate, Shelf shelf, Clock clock)
    {
        if (!StreamedBody.IsTaken(context, out var problem) || !calls.TryFind(context, id, out var place, out problem))
            return problem;
        var pharmacy = place.Facts.Record.Id;
        var turn = Turn.Of(context);
        turn.GiveUp();
        using var inside = await gate.Enter(pharmacy, context.RequestAborted);
        if (inside is null || !turn.TryTake())
            return ComeBack(context);
        if (shelf.Catalogue is not { } catalogue)
            return ProductEndpoints.NotYet(context);
        using var reader = new FeedReader(cip13 => catalogue.TryFind(cip13, out _), clock.Now);
        if (await FeedBody.Read(context, reader, gate, clock) is { } unread)
            return unread;
        return await gate.Work(async () => reader.Finish() is { } feed
            ? Answer(context, calls, place, await GrainCalls.Twice(() => calls.StockOf(pharmacy).Feed(feed, context.Caller().Subject)))
            : Refuse(context, reader), context.RequestAborted);
    }

    private static IResult ComeBack(HttpContext context)
    {
        var problem = Problems.OfStatus(context, StatusCodes.Status503ServiceUnavailable);
        context.Response.Headers.RetryAfter = SecondsUntilBack;
        return problem;
    }

    private static IResult Refuse(HttpContext context, FeedReader reader) => reader.Fault == FeedFault.TooLarge
        ? Problems.Of(context, StatusCodes.Status413PayloadTooLarge, "too-large", new(
            $"A feed has at most {FeedReader.MostLines} lines and {FeedReader.MostBytes} bytes: nothing of this one was taken.",
            $"Un flux compte au plus {FeedReader.MostLines} lignes et {FeedReader.MostBytes} octets : rien de celui-ci n'a été retenu."))
        : Problems.InvalidRequest(context, reader.Culprits.GroupBy(one => one.Path, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Select(one => context.Say(one.Sentence)).ToArray(), StringComparer.Ordinal));

    private static IResult Answer(HttpContext context, OrderCalls calls, Place place, FeedAnswer answer)
    {
        if (answer.Refusal is { } refusal)
            return calls.Refuse(context, place.Facts.Record.Id, refusal);
        if (answer.Replayed)
            context.Response.Headers[RequestKeys.Replayed] = "true";
        return TypedResults.Ok(FeedItem.Of(answer));
    }

    private static async Task<IResult> Standing(HttpContext context, string id, OrderCalls calls) =>
        calls.TryFind(context, id, out var place, out var problem)
            ? TypedResults.Ok(FeedStandingItem.Of(await calls.StockOf(place.Facts.Record.Id).Standing(), place.Zone.Time))
            : problem;

    private static async Task<IResult> Orders(HttpContext context, string id, OrderCalls calls, OrderFeed feed, Watches watches)
    {
        var query = new QueryReader(context);
        var (after, limit, wait) = (query.Read(After), query.Read(Limit), query.Read(Wait));
        if (query.Failed)
            return query.Problem;
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        return await feed.Next(context, place.Facts.Record.Id, after, limit, TimeSpan.FromSeconds(wait)) is not { } changes ? Problems.OfStatus(context, StatusCodes.Status503ServiceUnavailable)
            : changes.Last < after ? calls.Refuse(context, place.Facts.Record.Id, new(OrderRefusalKind.SequenceGap) { Number = changes.Last })
            : TypedResults.Ok(OrderChangesAnswer.Of(changes, watches.Epoch, place.Zone.Time));
    }
}
