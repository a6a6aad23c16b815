using Realtime.Orders;
using Realtime.Web.Edge;
using Realtime.Web.Identity;

namespace Realtime.Web.Orders;

/// <summary>Orders and stock as the counter handles them. Every act about an order names the version that it was decided on.</summary>
internal static class CounterOrderEndpoints
{
    private const int MostItems = 1_000, LongestReason = 200, LongestCode = 20;
    private static readonly string[] States = [.. Enum.GetValues<OrderState>().Select(OrderJson.WordOf)];
    private static readonly QueryParameter<string> State = QueryParameter.Word("state", States, "", "Only orders that stand there; may be repeated.") with { Repeatable = true };
    private static readonly QueryParameter<int> Limit = QueryParameter.Integer("limit", 1, MostItems, 100, "How many orders.");
    private static readonly QueryParameter<string> Cursor = QueryParameter.Text("cursor", OrderId.Length, "As the page before gave it.");

    public static void MapCounterOrders(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/counter/{id}").WithTags("Counter").RequireAuthorization(Policies.Staff);
        group.MapGet("/orders", List).WithQuery(State, Limit, Cursor).WithSummary("Orders, the newest first.").Produces<CounterOrdersAnswer>().Refuses(400, 401, 403, 404);
        group.MapPost("/orders", TakeDown).WithQuery().Strict().WithHeaders(RequestKeys.Parameter with { Required = true })
            .WithSummary("Writes down an order given by telephone or at the counter.").Produces<PlacedItem>(StatusCodes.Status201Created).Refuses(400, 401, 403, 404, 409, 415, 422);
        group.MapPost("/orders/{orderId}/accept", Accept).IsActOnOrder("Takes an order on; a pharmacist validates it at once.");
        group.MapPost("/orders/{orderId}/validate", Validate).IsActOnOrder("Stands behind an order, as a pharmacist.").RequireAuthorization(Policies.Pharmacist);
        group.MapPost("/orders/{orderId}/propose", Propose).IsActOnOrder("Offers fewer boxes.", 415);
        group.MapPost("/orders/{orderId}/refuse", Refuse).IsActOnOrder("Refuses an order, with a reason for the buyer.", 415);
        group.MapPost("/orders/{orderId}/undo", Undo).IsActOnOrder("Goes one step back.", 415);
        group.MapPost("/orders/{orderId}/message", Write).IsActOnOrder("Writes to the buyer.", 415);
        group.MapPost("/orders/{orderId}/reshelve", Reshelve).IsActOnOrder("Says that the bagged boxes of an order that has ended are back on the shelf.");
        group.MapHandingOver();
    }

    /// <summary>What the pharmacy's software does as its counter does.</summary>
    internal static void MapHandingOver(this IEndpointRouteBuilder group)
    {
        group.MapPost("/orders/{orderId}/ready", Ready).IsActOnOrder("Says that an order can be collected.", 415);
        group.MapPost("/orders/{orderId}/collect", Collect).IsActOnOrder("Hands an order over, by its code or by a pharmacist who checked who collects.", 415);
    }

    private static RouteHandlerBuilder IsActOnOrder(this RouteHandlerBuilder endpoint, string summary, params int[] refusals) =>
        endpoint.WithQuery().Strict().WithHeaders(IfMatch.Parameter, RequestKeys.Parameter).WithSummary(summary).Produces<OrderActItem>()
            .Refuses([400, 401, 403, 404, 409, 412, 422, 428, .. refusals]);

    private static async Task<IResult> List(HttpContext context, string id, OrderCalls calls)
    {
        var query = new QueryReader(context);
        var (states, limit, cursor) = (query.ReadAll(State), query.Read(Limit), query.Read(Cursor));
        OrderId? before = OrderId.TryParse(cursor, out var order) && order.Pharmacy.Value == id ? order : null;
        if (cursor is not null && before is null)
            query.Refuse(Cursor.Name, new("is not a cursor of this list", "n'est pas un curseur de cette liste"));
        if (query.Failed)
            return query.Problem;
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        OrderState[]? wanted = states.Length == 0 ? null : [.. states.Select(word => (OrderState)Array.IndexOf(States, word)).Distinct()];
        var list = await calls.QueueOf(place.Facts.Record.Id).List(wanted, before, limit);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new CounterOrdersAnswer(list.Seq, [.. list.Orders.Select(one => CounterOrderItem.Of(one, place.Zone.Time))], list.More ? list.Orders[^1].Id.ToString() : null));
    }

    private static async Task<IResult> TakeDown(HttpContext context, string id, OrderBody asked, OrderCalls calls, OrderSecrets secrets, Clock clock)
    {
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        if (!context.Request.Headers.ContainsKey(RequestKeys.Name))
            return OrderProblems.MissingKey(context);
        var body = new BodyReader(context);
        var caller = context.Caller();
        var order = asked.Read(body, clock.Now, byCounter: true, byPharmacist: caller.IsPharmacistOf(place.Facts.Record.Id));
        return body.Failed ? body.Problem : await OrderEndpoints.Take(context, place, order, calls, secrets, caller.Subject);
    }

    private static Task<IResult> Accept(HttpContext context, string id, string orderId, OrderCalls calls) =>
        Act(context, id, orderId, calls, "accept", "", (queue, order, hand, request) => queue.Accept(order, hand, request));

    private static Task<IResult> Validate(HttpContext context, string id, string orderId, OrderCalls calls) =>
        Act(context, id, orderId, calls, "validate", "", (queue, order, hand, request) => queue.Validate(order, hand, request));

    private static async Task<IResult> Propose(HttpContext context, string id, string orderId, ProposalAsked asked, OrderCalls calls)
    {
        var body = new BodyReader(context);
        var offer = asked.Read(body);
        return body.Failed ? body.Problem
            : await Act(context, id, orderId, calls, "propose", string.Join(',', offer.OrderBy(line => line.Key)), (queue, order, hand, request) => queue.Propose(order, offer, hand, request));
    }

    private static async Task<IResult> Ready(HttpContext context, string id, string orderId, OrderCalls calls, Clock clock, ReadyAsked? asked = null)
    {
        var body = new BodyReader(context);
        var (check, said) = BoxCheckAsked.Read(body, asked?.Scans, asked?.RecallChecked ?? false, clock.Now);
        return body.Failed ? body.Problem : await Act(context, id, orderId, calls, "ready", said, (queue, order, hand, request) => queue.Ready(order, hand, check, request));
    }

    private static async Task<IResult> Refuse(HttpContext context, string id, string orderId, RefusalAsked asked, OrderCalls calls)
    {
        var body = new BodyReader(context);
        var reason = body.Prose("$.reason", asked.Reason, LongestReason)!;
        return body.Failed ? body.Problem : await Act(context, id, orderId, calls, "refuse", reason, (queue, order, hand, request) => queue.Refuse(order, reason, hand, request));
    }

    private static async Task<IResult> Collect(HttpContext context, string id, string orderId, CollectionAsked asked, OrderCalls calls, Clock clock)
    {
        var body = new BodyReader(context);
        var (code, reason) = (body.Text("$.pickupCode", asked.PickupCode, LongestCode), body.Prose("$.reason", asked.Reason, LongestReason));
        if (code is null && !(asked.IdentityChecked && reason is not null))
            body.Refuse("$", new("takes pickupCode, or identityChecked: true with a reason", "attend pickupCode, ou identityChecked: true avec un motif"));
        else if (code is not null && (asked.IdentityChecked || reason is not null))
            body.Refuse("$", new("takes pickupCode or identityChecked, not both", "attend pickupCode ou identityChecked, pas les deux"));
        var (check, said) = BoxCheckAsked.Read(body, asked.Scans, asked.RecallChecked, clock.Now);
        return body.Failed ? body.Problem
            : await Act(context, id, orderId, calls, "collect", $"{code}\n{reason}{said}", (queue, order, hand, request) => queue.Collect(order, code, reason, hand, check, request));
    }

    private static async Task<IResult> Undo(HttpContext context, string id, string orderId, OrderCalls calls, UndoAsked? asked = null)
    {
        var body = new BodyReader(context);
        var reason = body.Prose("$.reason", asked?.Reason, LongestReason);
        return body.Failed ? body.Problem : await Act(context, id, orderId, calls, "undo", reason ?? "", (queue, order, hand, request) => queue.Undo(order, reason, hand, request));
    }

    private static async Task<IResult> Write(HttpContext context, string id, string orderId, MessageAsked asked, OrderCalls calls)
    {
        var body = new BodyReader(context);
        var text = body.Prose("$.text", asked.Text, MessageAsked.Longest)!;
        return body.Failed ? body.Problem : await Act(context, id, orderId, calls, "counter message", text, (queue, order, hand, request) => queue.Write(order, text, hand, request));
    }

    private static Task<IResult> Reshelve(HttpContext context, string id, string orderId, OrderCalls calls) =>
        Act(context, id, orderId, calls, "reshelve", "", (queue, order, hand, request) => queue.Reshelve(order, hand, request));

    private static async Task<IResult> Act(
        HttpContext context, string id, string orderId, OrderCalls calls, string act, string asked, Func<IOrderQueueGrain, OrderId, CounterHand, Realtime.Idempotency.RequestKey, Task<OrderAnswer>> ask)
    {
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        if (!OrderId.TryParse(orderId, out var order) || order.Pharmacy != place.Facts.Record.Id)
            return OrderProblems.UnknownOrder(context);
        if (!IfMatch.TryRead(context, out var expected, out problem))
            return problem;
        var caller = context.Caller();
        var hand = new CounterHand(caller.Subject, caller.IsPharmacistOf(order.Pharmacy), expected);
        return await calls.Once(context, order.Pharmacy, act, $"{orderId} {asked}", request => ask(calls.QueueOf(order.Pharmacy), order, hand, request), answer => calls.Acted(context, place, answer));
    }
}
