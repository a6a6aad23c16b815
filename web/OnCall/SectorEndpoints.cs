using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Realtime.OnCall;
using Realtime.People;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.OnCall;

/// <summary>Sectors and their rotas, by code. The department that runs a sector stands in its body, or is known of it: whoever plans there may.</summary>
internal static partial class SectorEndpoints
{
    // As many duties as a rota may have, each with words of its own.
    private const int LargestRota = 1024 * 1024;

    public static void MapSectors(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/oncall/sectors/{code}").WithTags("On-call duty").RequireAuthorization(Policies.AnyPlanner);
        group.MapGet("", Get).WithQuery().Strict().WithSummary("A sector.").Produces<SectorAnswer>().Refuses(400, 401, 403, 404);
        group.MapPut("", Set).IsRotaAct<SectorAnswer>("Makes or changes a sector.", 409);
        group.MapPut("/rota", SetRota).WithMetadata(new RequestSizeLimitAttribute(LargestRota)).IsRotaAct<RotaChangeAnswer>("Publishes the rota of a sector: what it has planned from the first duty on is replaced.", 404, 409);
        group.MapPut("/draft", SetDraft).WithMetadata(new RequestSizeLimitAttribute(LargestRota)).IsRotaAct<RotaChangeAnswer>("Drafts the rota of a sector; the public sees nothing of it.", 404, 409);
        group.MapDelete("/draft", DropDraft).IsRotaAct<RotaChangeAnswer>("Throws the draft of a sector away.", 404, 409);
    }

    /// <summary>What every change of a rota declares of itself.</summary>
    internal static RouteHandlerBuilder IsRotaAct<TAnswer>(this RouteHandlerBuilder endpoint, string summary, params int[] refusals) =>
        endpoint.WithQuery().Strict().WithHeaders(RequestKeys.Parameter).WithSummary(summary).Produces<TAnswer>().Refuses([400, 401, 403, 415, 422, .. refusals]);

    private static IResult Get(HttpContext context, string code, Country country, Clock clock) =>
        country.Book.FindSector(code) is not { } sector ? RotaProblems.UnknownSector(context)
        : !context.Caller().IsPlannerOf(sector.Department) ? RotaProblems.Forbidden(context)
        : TypedResults.Ok(new SectorAnswer(SectorItem.Of(sector, country.Book.IsOfSeed(sector), clock.Now), country.Book.Of(sector.Department).Seq));

    private static async Task<IResult> Set(HttpContext context, string code, SectorAsked asked, Rotas rotas, Country country, IGrainFactory grains, Clock clock)
    {
        var body = new BodyReader(context);
        if (!Codes().IsMatch(code))
            body.Refuse("code", new("takes 1 to 32 letters, digits, dots, dashes and underscores", "attend de 1 à 32 lettres, chiffres, points, tirets et soulignés"));
        if (!GrantRules.IsRole($"planner:{asked.Department}"))
            body.Refuse("$.department", new("takes a department such as 75 or 2A", "attend un département comme 75 ou 2A"));
        var sector = asked.Read(body, code, country, clock.Now);
        if (body.Failed)
            return body.Problem;
        if (!context.Caller().IsPlannerOf(asked.Department))
            return RotaProblems.Forbidden(context);
        if (country.Book.FindSector(code) is { } known ? known.Department != asked.Department : await Claim(context, code, asked.Department, grains) != asked.Department)
            return RotaProblems.Of(context, new(RotaRefusalKind.SectorElsewhere));
        return await rotas.Do(context, asked.Department, $"sector {code}", asked, (grain, request, actor) => grain.SetSector(sector, actor, request),
            change => TypedResults.Ok(new SectorAnswer(SectorItem.Of(country.Book.FindSector(code) ?? sector, synthetic: false, clock.Now), change.Seq)));
    }

    // A code that this node does not know yet may have been taken elsewhere a moment ago.
    private static Task<string> Claim(HttpContext context, string code, string department, IGrainFactory grains) =>
        GrainCalls.Twice(() => grains.GetGrain<ISectorCodeGrain>(code).Claim(department, context.Caller().Subject));

    private static Task<IResult> SetRota(HttpContext context, string code, RotaAsked asked, Rotas rotas, Country country, IGrainFactory grains) =>
        Change(context, code, asked, "rota", rotas, country, grains, (grain, from, duties, actor, request) => grain.SetRota(code, from, duties, actor, request));

    private static Task<IResult> SetDraft(HttpContext context, string code, RotaAsked asked, Rotas rotas, Country country, IGrainFactory grains) =>
        Change(context, code, asked, "draft", rotas, country, grains, (grain, from, duties, actor, request) => grain.SetDraft(code, from, duties, actor, request));

    private static async Task<IResult> DropDraft(HttpContext context, string code, Rotas rotas, Country country) =>
        country.Book.FindSector(code) is not { } sector ? RotaProblems.UnknownSector(context)
        : !context.Caller().IsPlannerOf(sector.Department) ? RotaProblems.Forbidden(context)
        : await rotas.Do(context, sector.Department, "drop draft", code, (grain, request, actor) => grain.DropDraft(code, actor, request), change => TypedResults.Ok(new RotaChangeAnswer(change.Seq)));

    private static async Task<IResult> Change(
        HttpContext context, string code, RotaAsked asked, string name, Rotas rotas, Country country, IGrainFactory grains,
        Func<IRotaGrain, Instant?, IReadOnlyList<Duty>, string, Idempotency.RequestKey, Task<RotaChange>> ask)
    {
        // One that was made a moment ago may not be known to this node yet.
        if ((country.Book.FindSector(code)?.Department ?? (Codes().IsMatch(code) ? await grains.GetGrain<ISectorCodeGrain>(code).Owner() : null)) is not { } department)
            return RotaProblems.UnknownSector(context);
        if (!context.Caller().IsPlannerOf(department))
            return RotaProblems.Forbidden(context);
        var body = new BodyReader(context);
        var (duties, from) = (asked.Read(body, code), body.Optional("$.from", asked.From));
        return body.Failed ? body.Problem
            : await rotas.Do(context, department, $"{name} {code}", asked, (grain, request, actor) => ask(grain, from, duties, actor, request), change => TypedResults.Ok(new RotaChangeAnswer(change.Seq)));
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Codes();
}
