using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;
using Realtime.Identity;
using Realtime.Journal;
using Realtime.OnCall;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.OnCall;

/// <summary>Something that happened to a department's duty.</summary>
/// <param name="Seq">The version it made.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What, as <c>swap.confirmed</c>.</param>
/// <param name="Actor">Pseudonym of who did it.</param>
/// <param name="Reason">Why, in a few words.</param>
/// <param name="Data">What it says, by its kind; rotas as they are logged, packed.</param>
public sealed record RotaHistoryItem(long Seq, string At, string Kind, string Actor, string Reason, object Data);

/// <summary>What happened, the newest first.</summary>
public sealed record RotaHistoryAnswer(IReadOnlyList<RotaHistoryItem> Items);

/// <summary>A department's duty as its planner sees it, hidden duty included, and what is done to all of it at once.</summary>
internal static class DepartmentEndpoints
{
    private static readonly Duration Longest = Duration.FromDays(400);
    private const int MostHistory = 1_000;

    private static readonly QueryParameter<Instant?> From = QueryParameter.Moment("from", "First instant of the range.") with { Required = true };
    private static readonly QueryParameter<Instant?> To = QueryParameter.Moment("to", "First instant after the range, at most 400 days later.") with { Required = true };
    private static readonly QueryParameter<string> Sector = QueryParameter.Text("sector", 32, "Code of one sector; absent for all.");
    private static readonly QueryParameter<bool> Drafts = QueryParameter.Flag("drafts", "Whether sectors that have a draft are shown with it instead of their rota.");
    private static readonly QueryParameter<int> Limit = QueryParameter.Integer("limit", 1, MostHistory, 100, "At most so many.");

    public static void MapDepartments(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/oncall/departments/{department}").WithTags("On-call duty").RequireAuthorization(Policies.Planner);
        group.MapGet("", Get).WithQuery().Strict().WithSummary("A department's sectors, drafts, swaps, measures and sendings.").Produces<DepartmentAnswer>().Refuses(400, 401, 403);
        group.MapGet("/duties", Duties).WithQuery(From, To, Sector, Drafts).WithSummary("A department's duties over a range, as they are served.").Produces<DutiesAnswer>().Refuses(400, 401, 403, 404);
        group.MapGet("/history", History).WithQuery(Limit).WithSummary("What happened to a department's duty, the newest first.").Produces<RotaHistoryAnswer>().Refuses(400, 401, 403);
        group.MapPost("/publish", Publish).IsRotaAct<RotaChangeAnswer>("Makes drafts the rotas of their sectors, all in one moment.", 409);
        group.MapPost("/measures", TakeMeasure).IsRotaAct<MeasureAnswer>("Takes a measure: an exemption, a strike, a requisition, or a closure of the whole department.", 404, 409).Produces<MeasureAnswer>(201);
        group.MapDelete("/measures/{measure}", EndMeasure).IsRotaAct<RotaChangeAnswer>("Ends a measure.", 404, 409);
    }

    private static Ok<DepartmentAnswer> Get(string department, Country country, Watches watches, Sealing sealing, Clock clock)
    {
        var (book, zone, now) = (country.Book, Rotas.ZoneOf(country, department), clock.Now);
        var rota = book.Of(department);
        return TypedResults.Ok(new DepartmentAnswer(
            department, zone.Time.Id, watches.Epoch, rota.Seq, [.. book.SectorsOf(department).Select(sector => SectorItem.Of(sector, book.IsOfSeed(sector), now))],
            [.. rota.Drafts.Values.Select(draft => new DraftItem(draft.Sector, Moments.In(zone.Time, draft.From), draft.Duties.Count))],
            [.. rota.Swaps.Reverse().Select(swap => SwapItem.Of(swap, country, sealing))], [.. rota.Measures.Where(measure => measure.End > now).Select(measure => MeasureItem.Of(measure, zone.Time, sealing))],
            [.. rota.Sendings.Reverse().Select(sent => new SendingItem(sent.Recipient, Moments.In(zone.Time, sent.From), Moments.In(zone.Time, sent.To), sent.Duties, sent.Sha256, Moments.Utc(sent.At), sent.Proof))]));
    }

    private static IResult Duties(HttpContext context, string department, Country country)
    {
        var query = new QueryReader(context);
        var (from, to, code, drafts) = (query.Read(From), query.Read(To), query.Read(Sector), query.Read(Drafts));
        Pharmacies.PharmacyEndpoints.CheckRange(query, from, to, Longest);
        if (query.Failed)
            return query.Problem;
        var (book, rota) = (country.Book, country.Book.Of(department));
        var sectors = book.SectorsOf(department).Where(sector => code is null || sector.Code == code).ToArray();
        if (code is not null && sectors.Length == 0)
            return RotaProblems.UnknownSector(context);
        var duties = sectors.SelectMany(sector => drafts && rota.Drafts.ContainsKey(sector.Code) ? book.DraftedOf(sector, from!.Value, to!.Value) : book.DutiesOf(sector, from!.Value, to!.Value));
        return TypedResults.Ok(new DutiesAnswer(department, rota.Seq, [.. duties.Select(duty => DutyItem.Of(duty, country))]));
    }

    private static async Task<IResult> History(HttpContext context, string department, IJournal journal, CancellationToken cancellation)
    {
        var query = new QueryReader(context);
        var limit = query.Read(Limit);
        if (query.Failed)
            return query.Problem;
        var rows = await journal.Read(RotaStreams.Of(department), 0, cancellation);
        return TypedResults.Ok(new RotaHistoryAnswer([.. rows.Reverse().Take(limit).Select(ItemOf)]));
    }

    private static RotaHistoryItem ItemOf(JournalRow row)
    {
        var data = System.Text.Json.Nodes.JsonNode.Parse(row.Event.Payload.Span)!.AsObject();
        // By what a request is recognized when it comes again is nobody's business.
        data.Remove("request");
        return new(row.Seq, Moments.Utc(row.At), row.Event.Kind, row.Event.Actor, row.Event.Reason, data);
    }

    private static async Task<IResult> Publish(HttpContext context, string department, PublicationAsked asked, Rotas rotas) =>
        await rotas.Do(context, department, "publish", asked, (grain, request, actor) => grain.Publish([.. asked.Sectors.OfType<string>()], actor, request), change => TypedResults.Ok(new RotaChangeAnswer(change.Seq)));

    private static async Task<IResult> TakeMeasure(HttpContext context, string department, MeasureAsked asked, Rotas rotas, Sealing sealing)
    {
        var body = new BodyReader(context);
        var measure = asked.Read(body);
        if (!body.Failed && measure.Kind != MeasureKind.Closure)
            measure = measure with { Reason = RotaReasons.Seal(sealing, department, measure.Reason)! };
        return body.Failed ? body.Problem
            : await rotas.Do(context, department, "measure", asked, (grain, request, actor) => grain.TakeMeasure(measure, actor, request),
                change => TypedResults.Json(new MeasureAnswer(change.Id!, change.Seq), statusCode: StatusCodes.Status201Created));
    }

    private static async Task<IResult> EndMeasure(HttpContext context, string department, string measure, Rotas rotas) =>
        await rotas.Do(context, department, $"end {measure}", measure, (grain, request, actor) => grain.EndMeasure(measure, actor, request), change => TypedResults.Ok(new RotaChangeAnswer(change.Seq)));
}
