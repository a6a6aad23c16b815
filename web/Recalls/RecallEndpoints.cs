using Realtime.Pharmacies;
using Realtime.Recalls;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.Recalls;

/// <summary>Recalls as operators declare, follow and withdraw them.</summary>
internal static class RecallEndpoints
{
    private const int MostItems = 100, MostPharmacies = 1_000;
    private static readonly QueryParameter<int> Limit = QueryParameter.Integer("limit", 1, MostItems, 50, "How many recalls.");
    private static readonly QueryParameter<string> Cursor = QueryParameter.Text("cursor", RecallStreams.IdLength, "As the page before gave it.");
    private static readonly QueryParameter<int> Pharmacies = QueryParameter.Integer("limit", 1, MostPharmacies, 100, "How many pharmacies.");
    private static readonly QueryParameter<string> After = QueryParameter.Text("cursor", PharmacyId.Length, "As the page before gave it.");

    public static void AddRecalls(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RecallDesk>();
        builder.Services.AddSingleton<IFollower>(services => services.GetRequiredService<RecallDesk>());
        builder.Services.AddSingleton<IRowFollower, RecallFollower>();
        builder.Services.AddSingleton<IRowFollower, RecallSeenFollower>();
    }

    public static void MapRecalls(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/recalls").WithTags("Recalls").RequireAuthorization(Policies.Operator);
        group.MapPost("", Declare).WithQuery().Strict().WithHeaders(RequestKeys.Parameter)
            .WithSummary("Recalls lots of a product: no pharmacy gives them out from here on.").Produces<RecallDeclaredItem>(StatusCodes.Status201Created).Refuses(400, 401, 403, 404, 415, 422);
        group.MapGet("", List).WithQuery(Limit, Cursor).WithSummary("Recalls, the newest first.").Produces<RecallsAnswer>().Refuses(400, 401, 403);
        group.MapGet("/{recallId}", Get).WithQuery(Pharmacies, After).WithSummary("A recall: how far it has come, who holds boxes of it, and who has seen it.")
            .Produces<RecallStandingItem>().Refuses(400, 401, 403, 404);
        group.MapPost("/{recallId}/withdraw", Withdraw).WithQuery().Strict().WithHeaders(RequestKeys.Parameter)
            .WithSummary("Takes a recall back: its lots may be given out again.").Produces<RecallItem>().Refuses(400, 401, 403, 404, 409, 415, 422);
        app.MapCounterRecalls();
    }

    private static async Task<IResult> Declare(HttpContext context, RecallBody asked, RequestKeys keys, IGrainFactory grains, RecallDesk desk)
    {
        var body = new BodyReader(context);
        var recall = asked.Read(body);
        if (body.Failed)
            return body.Problem;
        if (!keys.TryRead(context, "recalls", "declare", recall, out var request, out var problem))
            return problem;
        var id = RecallStreams.IdOf(request);
        var answer = await GrainCalls.Twice(() => grains.GetGrain<IRecallGrain>(id).Declare(recall, request, context.Caller().Subject));
        if (answer.Refusal is { } refusal)
            return RecallProblems.Of(context, refusal, asked.Cip13);
        desk.Seen(answer.Recall!);
        RequestKeys.Tell(context, answer.Replayed);
        return TypedResults.Created($"/api/v1/recalls/{id}", RecallDeclaredItem.Of(answer.Recall!));
    }

    private static IResult List(HttpContext context, RecallDesk desk)
    {
        var query = new QueryReader(context);
        var (limit, cursor) = (query.Read(Limit), query.Read(Cursor));
        var all = desk.Book.All;
        if (cursor is not null && desk.Book.Find(cursor) is null)
            query.Refuse(Cursor.Name, new("is not a cursor of this list", "n'est pas un curseur de cette liste"));
        if (query.Failed)
            return query.Problem;
        var rest = cursor is null ? all : all.SkipWhile(recall => recall.Id != cursor).Skip(1);
        var page = rest.Take(limit + 1).ToArray();
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new RecallsAnswer([.. page.Take(limit).Select(recall => RecallItem.Of(recall, desk))], page.Length > limit ? page[limit - 1].Id : null));
    }

    private static async Task<IResult> Get(HttpContext context, string recallId, IGrainFactory grains, RecallDesk desk, Country country)
    {
        var query = new QueryReader(context);
        var (limit, cursor) = (query.Read(Pharmacies), query.Read(After));
        PharmacyId? after = PharmacyId.TryParse(cursor, out var last) ? last : null;
        if (cursor is not null && after is null)
            query.Refuse(After.Name, new("is not a cursor of this list", "n'est pas un curseur de cette liste"));
        if (query.Failed)
            return query.Problem;
        // What nobody declared wakes no grain.
        if (desk.Book.Find(recallId) is null || await grains.GetGrain<IRecallGrain>(recallId).Page(after, limit) is not { } page)
            return RecallProblems.Unknown(context);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(RecallStandingItem.Of(page, desk, country));
    }

    private static async Task<IResult> Withdraw(HttpContext context, string recallId, RecallWithdrawalAsked asked, RequestKeys keys, IGrainFactory grains, RecallDesk desk)
    {
        var body = new BodyReader(context);
        var reason = body.Prose("$.reason", asked.Reason, RecallWithdrawalAsked.Longest)!;
        if (body.Failed)
            return body.Problem;
        if (desk.Book.Find(recallId) is null)
            return RecallProblems.Unknown(context);
        if (!keys.TryRead(context, $"recall {recallId}", "withdraw", reason, out var request, out var problem))
            return problem;
        var answer = await GrainCalls.Twice(() => grains.GetGrain<IRecallGrain>(recallId).Withdraw(reason, request, context.Caller().Subject));
        if (answer.Refusal is { } refusal)
            return RecallProblems.Of(context, refusal, recallId);
        desk.Seen(answer.Recall!);
        RequestKeys.Tell(context, answer.Replayed);
        return TypedResults.Ok(RecallItem.Of(answer.Recall!, desk));
    }
}

/// <summary>The refusals of recalls as problems.</summary>
internal static class RecallProblems
{
    /// <summary>No such recall, or none that concerns the counter.</summary>
    public static IResult Unknown(HttpContext context) =>
        Problems.Of(context, StatusCodes.Status404NotFound, "unknown-recall", new("No such recall is known here.", "Aucun rappel de ce numéro n'est connu ici."));

    /// <summary>The problem that a refusal is.</summary>
    /// <param name="context">The request.</param>
    /// <param name="refusal">Why.</param>
    /// <param name="cip13">The product, where one was named.</param>
    public static IResult Of(HttpContext context, RecallRefusal refusal, string cip13) => refusal switch
    {
        RecallRefusal.Unknown or RecallRefusal.NotHeld => Unknown(context),
        RecallRefusal.UnknownProduct => Web.Products.ProductEndpoints.UnknownProduct(context, cip13),
        RecallRefusal.NotReady => Web.Products.ProductEndpoints.NotYet(context),
        RecallRefusal.KeyReused => Problems.Of(context, StatusCodes.Status422UnprocessableEntity, "key-reused",
            new("This Idempotency-Key came before with another request: take a new key.", "Cette Idempotency-Key a déjà servi à une autre requête : prenez-en une nouvelle.")),
        RecallRefusal.Withdrawn => Problems.Of(context, StatusCodes.Status409Conflict, "recall-withdrawn", new("This recall was withdrawn before.", "Ce rappel a déjà été levé.")),
        _ => throw new InvalidOperationException($"{refusal} has no answer."),
    };
}
