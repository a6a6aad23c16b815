using Microsoft.AspNetCore.SignalR;
using Realtime.Hours;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.Counter;

/// <summary>What the staff of a pharmacy change: its hours, its closures, its page, and whether it takes orders.</summary>
internal static class CounterEndpoints
{
    /// <summary>The most characters of a reason for the public.</summary>
    public const int LongestReason = 200;

    public static void AddCounter(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RequestKeys>();
        builder.Services.AddSingleton<CounterActs>();
        builder.Services.AddSingleton<Counters>();
        builder.Services.AddSingleton<LiveLifetimeManager<CounterHub>>();
        builder.Services.AddSingleton<HubLifetimeManager<CounterHub>>(services => services.GetRequiredService<LiveLifetimeManager<CounterHub>>());
    }

    public static void MapCounter(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/counter/{id}").WithTags("Counter").RequireAuthorization(Policies.Staff);
        group.MapPut("/hours", SetHours).IsAct<ChangeAnswer>("Sets the opening hours.", 415);
        group.MapPost("/closures", DeclareClosure).IsAct<ClosureAnswer>("Declares an exceptional closure.", 409, 415);
        group.MapDelete("/closures/{closureId}", RevokeClosure).IsAct<ChangeAnswer>("Takes an exceptional closure back.");
        group.MapExceptions();
        group.MapPut("/page", SetPage).IsAct<ChangeAnswer>("Writes the page anew: telephone, services, news, modules, legal mentions.", 415);
        group.MapPost("/pause", Pause).IsAct<PauseAnswer>("Takes no orders for a while.", 415);
        group.MapPost("/resume", Resume).IsAct<ChangeAnswer>("Takes orders again.", 409);
        app.MapHistory();
        // A session or token that has run out ends the connection too.
        app.MapHub<CounterHub>("/hubs/counter", options => options.CloseOnAuthenticationExpiration = true).RequireAuthorization(Policies.SignedIn);
    }

    /// <summary>An act of the staff: what it takes in its headers, and how it may be answered.</summary>
    public static RouteHandlerBuilder IsAct<TAnswer>(this RouteHandlerBuilder endpoint, string summary, params int[] refusals)
    {
        endpoint.WithQuery().Strict().WithHeaders(IfMatch.Parameter, RequestKeys.Parameter).WithSummary(summary)
            .Produces<TAnswer>(typeof(TAnswer) == typeof(ClosureAnswer) || typeof(TAnswer) == typeof(ExceptionAnswer) ? StatusCodes.Status201Created : StatusCodes.Status200OK);
        foreach (var status in (int[])[400, 401, 403, 404, 412, 422, 428, .. refusals])
            endpoint.ProducesProblem(status);
        return endpoint;
    }

    private static Task<IResult> SetHours(HttpContext context, string id, HoursAsked asked, CounterActs acts) =>
        acts.Do(context, id, "hours", asked, (grain, act) => grain.SetHours(asked.Hours, act.ExpectedSeq, act.Actor, act.Request), Changed);

    private static async Task<IResult> DeclareClosure(HttpContext context, string id, ClosureAsked asked, CounterActs acts, Country country)
    {
        var body = new BodyReader(context);
        var (start, end, reason) = (body.Moment("$.start", asked.Start), body.Moment("$.end", asked.End), body.Text("$.reason", asked.Reason, LongestReason)!);
        var relief = body.Relief(asked.ReliefPharmacy, country);
        return body.Failed ? body.Problem : await acts.Do(context, id, "closure", asked,
            (grain, act) => grain.DeclareClosure(new Closure("", start, end, reason, relief), act.ExpectedSeq, act.Actor, act.Request),
            (change, place) => TypedResults.Json(
                new ClosureAnswer(PharmacyPage.ClosureId(change.Seq), Moments.In(place.Zone.Time, start), Moments.In(place.Zone.Time, end), reason, relief?.Value, change.Seq),
                statusCode: StatusCodes.Status201Created));
    }

    private static Task<IResult> RevokeClosure(HttpContext context, string id, string closureId, CounterActs acts) =>
        acts.Do(context, id, "revoke", closureId, (grain, act) => grain.RevokeClosure(closureId, act.ExpectedSeq, act.Actor, act.Request), Changed);

    private static async Task<IResult> SetPage(HttpContext context, string id, PageAsked asked, CounterActs acts, Clock clock)
    {
        var body = new BodyReader(context);
        var page = asked.Read(body, clock.Now);
        return body.Failed ? body.Problem : await acts.Do(context, id, "page", asked, (grain, act) => grain.SetPage(page, act.ExpectedSeq, act.Actor, act.Request), Changed);
    }

    private static async Task<IResult> Pause(HttpContext context, string id, PauseAsked asked, CounterActs acts)
    {
        var body = new BodyReader(context);
        var (reason, until) = (body.Text("$.reason", asked.Reason, LongestReason)!, body.Optional("$.until", asked.Until));
        return body.Failed ? body.Problem : await acts.Do(context, id, "pause", asked,
            (grain, act) => grain.Pause(reason, until, act.ExpectedSeq, act.Actor, act.Request),
            (change, place) => TypedResults.Ok(new PauseAnswer(PauseItem.Of(new Pause(change.At!.Value, until, reason), place.Zone.Time), change.Seq)));
    }

    private static Task<IResult> Resume(HttpContext context, string id, CounterActs acts) =>
        acts.Do(context, id, "resume", "", (grain, act) => grain.Resume(act.ExpectedSeq, act.Actor, act.Request), Changed);

    /// <summary>The pharmacy that takes over: one that is known here, or none.</summary>
    public static PharmacyId? Relief(this BodyReader body, string? asked, Country country)
    {
        if (PharmacyId.TryParse(asked, out var relief) && country.TryFind(relief, out _))
            return relief;
        if (asked is not null)
            body.Refuse("$.reliefPharmacy", new("is not a pharmacy that is known here", "n'est pas une pharmacie connue ici"));
        return null;
    }

    /// <summary>The answer to a change that leaves nothing to tell but its version.</summary>
    public static IResult Changed(PageChange change, Place place) => TypedResults.Ok(new ChangeAnswer(change.Seq));
}
