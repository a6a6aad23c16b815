using Microsoft.AspNetCore.Authorization;
using Realtime.Orders;
using Realtime.Products;
using Realtime.Web.Edge;
using Realtime.Web.Live;

namespace Realtime.Web.Orders;

/// <summary>Click &amp; collect as its buyers use it: no account; who holds an order's token sees it and answers for it.</summary>
internal static class OrderEndpoints
{
    private const string Buyer = "buyer";

    public static void AddOrders(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OrderCalls>();
        builder.Services.AddSingleton<OrderRates>();
        builder.Services.AddSingleton<IAuthorizationMiddlewareResultHandler, HiddenOrders>();
        builder.Services.AddSingleton<OrderFollower>();
        builder.Services.AddSingleton<IRowFollower>(services => services.GetRequiredService<OrderFollower>());
    }

    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1").WithTags("Orders").AllowAnonymous();
        // One for all endpoints: a filter that is named by its type alone would be made for each.
        var rates = app.ServiceProvider.GetRequiredService<OrderRates>();
        group.MapPost("/pharmacies/{id}/orders", Place).AddEndpointFilter(rates).WithQuery().Strict().WithHeaders(RequestKeys.Parameter with { Required = true })
            .WithSummary("Reserves boxes at a pharmacy, paid there.").Produces<PlacedItem>(StatusCodes.Status201Created).Refuses(400, 404, 409, 415, 422, 429);
        group.MapGet("/orders/{orderId}", Find).WithQuery().Strict()
            .WithSummary("An order, for who holds its token.").Produces<OrderItem>().Refuses(400, 404);
        group.MapPost("/orders/{orderId}/cancel", Cancel).IsBuyers("Goes back on an order.");
        group.MapPost("/orders/{orderId}/accept-proposal", AcceptProposal).IsBuyers("Takes the fewer boxes that the counter offers.");
        group.MapPost("/orders/{orderId}/decline-proposal", DeclineProposal).IsBuyers("Does not take them; that ends the order.");
        group.MapPost("/orders/{orderId}/messages", Write).IsBuyers("Writes to the pharmacist.");
        group.MapPost("/pharmacies/{id}/products/{cip13}/waiting", Wait).AddEndpointFilter(rates).WithQuery().Strict().WithHeaders(RequestKeys.Parameter)
            .WithSummary("Asks to be written to when boxes of a product come free.").Produces<WaitingItem>(StatusCodes.Status201Created).Refuses(400, 404, 409, 415, 422, 429);
        group.MapDelete("/pharmacies/{id}/waiting/{waiter}", Leave).WithQuery().Strict()
            .WithSummary("Asks no longer.").Produces(StatusCodes.Status204NoContent).Refuses(400, 404);
        app.MapCounterOrders();
    }

    private static RouteHandlerBuilder IsBuyers(this RouteHandlerBuilder endpoint, string summary) =>
        endpoint.WithQuery().Strict().WithHeaders(RequestKeys.Parameter).WithSummary(summary).Produces<OrderActItem>().Refuses(400, 404, 409, 415, 422);

    private static async Task<IResult> Place(HttpContext context, string id, OrderBody asked, OrderCalls calls, OrderSecrets secrets, Clock clock)
    {
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        if (!context.Request.Headers.ContainsKey(RequestKeys.Name))
            return OrderProblems.MissingKey(context);
        var body = new BodyReader(context);
        var order = asked.Read(body, clock.Now, byCounter: false, byPharmacist: false);
        return body.Failed ? body.Problem : await Take(context, place, order, calls, secrets, Buyer);
    }

    /// <summary>Takes an order, whoever asks for it.</summary>
    internal static Task<IResult> Take(HttpContext context, Place place, OrderAsked order, OrderCalls calls, OrderSecrets secrets, string actor)
    {
        var pharmacy = place.Facts.Record.Id;
        return calls.Once(context, pharmacy, "order", order, request => calls.QueueOf(pharmacy).Place(order, request, actor), answer =>
        {
            if (answer.Receipt is not { } receipt)
                return calls.Refuse(context, pharmacy, answer.Refusal!);
            RequestKeys.Tell(context, answer.Replayed);
            IfMatch.Tag(context, 1);
            context.Response.Headers.Location = $"/api/v1/orders/{receipt.Id}";
            return TypedResults.Json(PlacedItem.Of(receipt, place.Zone.Time, secrets), statusCode: StatusCodes.Status201Created);
        });
    }

    private static async Task<IResult> Find(HttpContext context, string orderId, OrderCalls calls, OrderSecrets secrets)
    {
        if (Held(context, orderId, calls, secrets, out var order) is not { } place || await calls.QueueOf(order.Pharmacy).Find(order) is not { } found)
            return OrderProblems.UnknownOrder(context);
        IfMatch.Tag(context, found.Seq);
        return TypedResults.Ok(OrderItem.Of(found, place.Zone.Time, secrets));
    }

    private static Task<IResult> Cancel(HttpContext context, string orderId, OrderCalls calls, OrderSecrets secrets) =>
        Act(context, orderId, calls, secrets, "cancel", "", (queue, order, request) => queue.Cancel(order, request, Buyer));

    private static Task<IResult> AcceptProposal(HttpContext context, string orderId, OrderCalls calls, OrderSecrets secrets) =>
        Act(context, orderId, calls, secrets, "accept-proposal", "", (queue, order, request) => queue.AnswerOffer(order, accept: true, request, Buyer));

    private static Task<IResult> DeclineProposal(HttpContext context, string orderId, OrderCalls calls, OrderSecrets secrets) =>
        Act(context, orderId, calls, secrets, "decline-proposal", "", (queue, order, request) => queue.AnswerOffer(order, accept: false, request, Buyer));

    private static async Task<IResult> Write(HttpContext context, string orderId, MessageAsked asked, OrderCalls calls, OrderSecrets secrets)
    {
        var body = new BodyReader(context);
        var text = body.Prose("$.text", asked.Text, MessageAsked.Longest)!;
        return body.Failed ? body.Problem : await Act(context, orderId, calls, secrets, "message", text, (queue, order, request) => queue.Write(order, text, hand: null, request));
    }

    private static async Task<IResult> Act(
        HttpContext context, string orderId, OrderCalls calls, OrderSecrets secrets, string act, string asked, Func<IOrderQueueGrain, OrderId, Realtime.Idempotency.RequestKey, Task<OrderAnswer>> ask)
    {
        if (Held(context, orderId, calls, secrets, out var order) is not { } place)
            return OrderProblems.UnknownOrder(context);
        return await calls.Once(context, order.Pharmacy, act, $"{orderId} {asked}", request => ask(calls.QueueOf(order.Pharmacy), order, request), answer => calls.Acted(context, place, answer));
    }

    /// <summary>The pharmacy of an order whose token the caller shows, and the order's id. Without the right token there is no such order: nobody learns which ids there are.</summary>
    internal static Place? Held(HttpContext context, string orderId, OrderCalls calls, OrderSecrets secrets, out OrderId order)
    {
        const string scheme = "Bearer ";
        return calls.Find(orderId, out order) is { } place && context.Request.Headers.Authorization is [{ } header]
            && header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && secrets.IsToken(order, header[scheme.Length..].Trim()) ? place : null;
    }

    private static async Task<IResult> Wait(HttpContext context, string id, string cip13, WaitAsked asked, OrderCalls calls)
    {
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        if (!Cip13.TryParse(cip13, out var code))
            return Products.ProductEndpoints.UnknownProduct(context, cip13);
        var body = new BodyReader(context);
        var email = body.Email("$.email", asked.Email)!;
        if (asked.Quantity is < 1 or > Products.DoseEndpoints.MostBoxes)
            body.Refuse("$.quantity", new($"takes a whole number from 1 to {Products.DoseEndpoints.MostBoxes}", $"attend un nombre entier de 1 à {Products.DoseEndpoints.MostBoxes}"));
        if (body.Failed)
            return body.Problem;
        var pharmacy = place.Facts.Record.Id;
        return !asked.Consent ? calls.Refuse(context, pharmacy, new(OrderRefusalKind.Consent))
            : await calls.Once(context, pharmacy, "wait", $"{code} {asked}", request => calls.QueueOf(pharmacy).Wait(code, asked.Quantity, email, request), answer =>
            {
                if (answer.Refusal is { } refusal)
                    return calls.Refuse(context, pharmacy, refusal);
                RequestKeys.Tell(context, answer.Replayed);
                return TypedResults.Json(new WaitingItem(answer.Waiter!), statusCode: StatusCodes.Status201Created);
            });
    }

    private static async Task<IResult> Leave(HttpContext context, string id, string waiter, OrderCalls calls)
    {
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        var answer = await GrainCalls.Twice(() => calls.QueueOf(place.Facts.Record.Id).Leave(waiter));
        return answer.Refusal is { } refusal ? calls.Refuse(context, place.Facts.Record.Id, refusal) : TypedResults.NoContent();
    }
}

/// <summary>Somebody waits for boxes; the id is all it takes to wait no longer.</summary>
public sealed record WaitingItem(string Id);
