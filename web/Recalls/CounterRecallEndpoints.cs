using Realtime.Recalls;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Orders;

namespace Realtime.Web.Recalls;

/// <summary>Recalls as the counters that hold boxes of them see them.</summary>
internal static class CounterRecallEndpoints
{
    public static void MapCounterRecalls(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/counter/{id}/recalls").WithTags("Counter").RequireAuthorization(Policies.Staff);
        group.MapGet("", List).WithQuery().Strict().WithSummary("Recalls of lots that this pharmacy holds.").Produces<CounterRecallsAnswer>().Refuses(400, 401, 403, 404);
        group.MapPost("/{recallId}/acknowledge", Acknowledge).WithQuery().Strict()
            .WithSummary("Says that somebody has seen a recall and sees to its boxes.").Produces<RecallAcknowledgedItem>().Refuses(400, 401, 403, 404);
    }

    private static async Task<IResult> List(HttpContext context, string id, OrderCalls calls, IGrainFactory grains, RecallDesk desk)
    {
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        var pharmacy = place.Facts.Record.Id;
        var barred = (await calls.StockOf(pharmacy).Recalled()).ToDictionary(one => one.Id, one => one.Reach, StringComparer.Ordinal);
        var items = await Task.WhenAll(desk.Book.All.Where(recall => recall.IsActive && barred.ContainsKey(recall.Id)).Select(async recall =>
            CounterRecallItem.Of(recall, barred[recall.Id], (await grains.GetGrain<IRecallGrain>(recall.Id).At(pharmacy))?.AcknowledgedAt, desk, place.Zone.Time)));
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new CounterRecallsAnswer(items));
    }

    // It needs no key: who says it twice has said it once.
    private static async Task<IResult> Acknowledge(HttpContext context, string id, string recallId, OrderCalls calls, IGrainFactory grains, RecallDesk desk)
    {
        if (!calls.TryFind(context, id, out var place, out var problem))
            return problem;
        if (desk.Book.Find(recallId) is null)
            return RecallProblems.Unknown(context);
        var answer = await GrainCalls.Twice(() => grains.GetGrain<IRecallGrain>(recallId).Acknowledge(place.Facts.Record.Id, context.Caller().Subject));
        return answer.Refusal is { } refusal
            ? RecallProblems.Of(context, refusal, "")
            : TypedResults.Ok(new RecallAcknowledgedItem(recallId, Moments.In(place.Zone.Time, answer.At!.Value)));
    }
}
