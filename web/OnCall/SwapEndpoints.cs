using Realtime.Identity;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.OnCall;

/// <summary>Exchanges of duties: the titulaire of one pharmacy proposes, that of the other accepts, the planner confirms. A planner may speak for either, as where it was settled by telephone.</summary>
internal static class SwapEndpoints
{
    private const int LongestReason = 200;

    public static void MapSwaps(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/oncall/swaps").WithTags("On-call duty").RequireAuthorization(Policies.SignedIn);
        group.MapPost("", Propose).IsRotaAct<SwapAnswer>("Offers an exchange of two duties.", 404, 409).Produces<SwapAnswer>(201);
        group.MapPost("/{swap}/accept", (HttpContext context, string swap, Rotas rotas, Country country, Sealing sealing) => Answer(context, swap, SwapState.Accepted, rotas, country, sealing)).IsRotaAct<SwapAnswer>("The other pharmacy accepts.", 404, 409);
        group.MapPost("/{swap}/decline", (HttpContext context, string swap, Rotas rotas, Country country, Sealing sealing) => Answer(context, swap, SwapState.Declined, rotas, country, sealing)).IsRotaAct<SwapAnswer>("The other pharmacy declines.", 404, 409);
        group.MapPost("/{swap}/withdraw", (HttpContext context, string swap, Rotas rotas, Country country, Sealing sealing) => Answer(context, swap, SwapState.Withdrawn, rotas, country, sealing)).IsRotaAct<SwapAnswer>("Whoever offered it takes it back.", 404, 409);
        group.MapPost("/{swap}/confirm", (HttpContext context, string swap, Rotas rotas, Country country, Sealing sealing) => Decide(context, swap, true, new(), rotas, country, sealing)).IsRotaAct<SwapAnswer>("The planner confirms: both duties change hands at once.", 404, 409);
        group.MapPost("/{swap}/refuse", (HttpContext context, string swap, RefusalAsked asked, Rotas rotas, Country country, Sealing sealing) => Decide(context, swap, false, asked, rotas, country, sealing)).IsRotaAct<SwapAnswer>("The planner refuses.", 404, 409);
    }

    private static async Task<IResult> Propose(HttpContext context, SwapAsked asked, Rotas rotas, Country country, Sealing sealing)
    {
        var body = new BodyReader(context);
        var (give, take) = (asked.Give.Read(body, "$.give"), asked.Take.Read(body, "$.take"));
        if (body.Failed)
            return body.Problem;
        if (country.Book.FindSector(give.Sector) is not { } own || country.Book.FindSector(take.Sector) is not { } other)
            return RotaProblems.UnknownSector(context);
        if (!MaySpeakFor(context, give.Pharmacy, own.Department))
            return RotaProblems.Forbidden(context);
        if (own.Department != other.Department)
            return RotaProblems.Of(context, new(RotaRefusalKind.OtherDepartment));
        return await rotas.Do(context, own.Department, "swap", asked, (grain, request, actor) => grain.ProposeSwap(give, take, actor, request),
            change => TypedResults.Json(AnswerOf(country, sealing, own.Department, new(change.Id!, give, take, SwapState.Proposed, change.At!.Value), change.Seq), statusCode: StatusCodes.Status201Created));
    }

    private static async Task<IResult> Answer(HttpContext context, string id, SwapState answer, Rotas rotas, Country country, Sealing sealing)
    {
        if (Find(country, id) is not (var department, { } swap))
            return RotaProblems.Of(context, new(RotaRefusalKind.UnknownSwap));
        return !MaySpeakFor(context, answer == SwapState.Withdrawn ? swap.Give.Pharmacy : swap.Take.Pharmacy, department) ? RotaProblems.Forbidden(context)
            : await rotas.Do(context, department, $"{RotaRules.Word(answer)} {id}", "", (grain, request, actor) => grain.AnswerSwap(id, answer, actor, request),
                change => TypedResults.Ok(AnswerOf(country, sealing, department, swap with { State = answer, At = change.At!.Value }, change.Seq)));
    }

    private static async Task<IResult> Decide(HttpContext context, string id, bool confirmed, RefusalAsked asked, Rotas rotas, Country country, Sealing sealing)
    {
        var body = new BodyReader(context);
        var said = body.Text("$.reason", asked.Reason, LongestReason);
        if (body.Failed)
            return body.Problem;
        if (Find(country, id) is not (var department, { } swap))
            return RotaProblems.Of(context, new(RotaRefusalKind.UnknownSwap));
        var reason = RotaReasons.Seal(sealing, department, said);
        return !context.Caller().IsPlannerOf(department) ? RotaProblems.Forbidden(context)
            : await rotas.Do(context, department, $"{(confirmed ? "confirm" : "refuse")} {id}", asked, (grain, request, actor) => grain.DecideSwap(id, confirmed, reason, actor, request),
                change => TypedResults.Ok(AnswerOf(country, sealing, department, swap with { State = confirmed ? SwapState.Confirmed : SwapState.Refused, At = change.At!.Value, Reason = reason }, change.Seq)));
    }

    private static (string Department, Swap? Swap) Find(Country country, string id) =>
        Swap.DepartmentOf(id) is { } department ? (department, country.Book.Of(department).FindSwap(id)) : ("", null);

    // As this node knows it by now, or where it lags as it was made.
    private static SwapAnswer AnswerOf(Country country, Sealing sealing, string department, Swap made, long seq) =>
        new(SwapItem.Of(country.Book.Of(department) is var rota && rota.Seq >= seq && rota.FindSwap(made.Id) is { } known ? known : made, country, sealing), seq);

    // At a shared post nobody is the titulaire in person.
    private static bool MaySpeakFor(HttpContext context, PharmacyId pharmacy, string department) =>
        context.Caller() is var caller && (caller.IsPlannerOf(department) || caller.IsTitulaireOf(pharmacy) && !caller.IsAtPost);
}
