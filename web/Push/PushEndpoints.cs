using Realtime.Orders;
using Realtime.Push;
using Realtime.Web.Edge;
using Realtime.Web.Orders;

namespace Realtime.Web.Push;

/// <summary>Web Push: a browser is told when something happens to an order whose token it holds. What it is told names neither product nor pharmacy.</summary>
internal static class PushEndpoints
{
    public static void MapPush(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1").WithTags("Orders").AllowAnonymous();
        group.MapGet("/push/key", Key).WithQuery()
            .WithSummary("The key that a browser subscribes for (VAPID).").Produces<PushKeyItem>().ProducesProblem(400);
        group.MapPost("/orders/{orderId}/push", Ask).WithQuery().Strict().WithHeaders(RequestKeys.Parameter)
            .WithSummary("Has a browser told of what happens to an order; the last one that asks is told.").Produces<PushItem>().Refuses(400, 404, 409, 415, 422);
        group.MapDelete("/orders/{orderId}/push", End).WithQuery().Strict()
            .WithSummary("Has no browser told any more.").Produces(StatusCodes.Status204NoContent).Refuses(400, 404);
    }

    private static IResult Key(HttpContext context, VapidKey key)
    {
        var query = new QueryReader(context);
        return query.Failed ? query.Problem : TypedResults.Ok(new PushKeyItem(key.Public));
    }

    private static async Task<IResult> Ask(HttpContext context, string orderId, PushAsked asked, OrderCalls calls, OrderSecrets secrets)
    {
        var body = new BodyReader(context);
        var subscription = asked.Read(body);
        if (body.Failed)
            return body.Problem;
        if (OrderEndpoints.Held(context, orderId, calls, secrets, out var order) is null)
            return OrderProblems.UnknownOrder(context);
        var known = secrets.PushCodeOf(order, subscription!);
        return await calls.Once(context, order.Pharmacy, "push", $"{orderId} {known}", request => calls.QueueOf(order.Pharmacy).TellBrowser(order, subscription!, request), answer =>
        {
            if (answer.Refusal is { } refusal)
                return calls.Refuse(context, order.Pharmacy, refusal);
            RequestKeys.Tell(context, answer.Replayed);
            return TypedResults.Ok(new PushItem(secrets.PushNameOf(order)));
        });
    }

    private static async Task<IResult> End(HttpContext context, string orderId, OrderCalls calls, OrderSecrets secrets)
    {
        if (OrderEndpoints.Held(context, orderId, calls, secrets, out var order) is null)
            return OrderProblems.UnknownOrder(context);
        var answer = await GrainCalls.Twice(() => calls.QueueOf(order.Pharmacy).TellNobody(order));
        return answer.Refusal is { } refusal ? calls.Refuse(context, order.Pharmacy, refusal) : TypedResults.NoContent();
    }
}
