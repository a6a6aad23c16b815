using NodaTime;
using Realtime.OnCall;
using Realtime.People;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.OnCall;

/// <summary>Something that is wrong with a rota.</summary>
/// <param name="Word">gap, double-booking, two-places, not-in-sector, not-organised, exempt or unknown-sector.</param>
/// <param name="Sector">Code of the sector.</param>
/// <param name="Kind">night, sundayOrHoliday or day.</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
/// <param name="Pharmacies">Whom it concerns.</param>
/// <param name="Sentence">In the reader's language.</param>
public sealed record GapItem(string Word, string Sector, string Kind, string Start, string End, IReadOnlyList<string> Pharmacies, string Sentence);

/// <summary>What is wrong over a range, by start.</summary>
public sealed record GapsAnswer(string Department, string From, string To, long Seq, IReadOnlyList<GapItem> Items);

/// <summary><c>GET /api/v1/oncall/gaps</c>: gaps, double bookings and misplaced duties of a department, hidden duty included.</summary>
internal static class GapsEndpoint
{
    private static readonly Duration Longest = Duration.FromDays(400);
    private static readonly QueryParameter<string> Department = new("department", Schemas.Text(3), new("a department such as 75 or 2A", "un département comme 75 ou 2A"), text => (GrantRules.IsRole($"planner:{text}"), text)) { Required = true, Doc = "The department that runs the sectors." };
    private static readonly QueryParameter<Instant?> From = QueryParameter.Moment("from", "First instant of the range.") with { Required = true };
    private static readonly QueryParameter<Instant?> To = QueryParameter.Moment("to", "First instant after the range, at most 400 days later.") with { Required = true };
    private static readonly QueryParameter<bool> Drafts = QueryParameter.Flag("drafts", "Whether sectors that have a draft are checked with it instead of their rota.");

    public static void MapGaps(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/oncall/gaps", Answer).WithTags("On-call duty").RequireAuthorization(Policies.AnyPlanner).WithQuery(Department, From, To, Drafts).Weighs(CallWeight.OfSchedules)
            .WithSummary("Gaps, double bookings and misplaced duties of a department over a range.").Produces<GapsAnswer>().Refuses(400, 401, 403);

    private static IResult Answer(HttpContext context, Country country)
    {
        var query = new QueryReader(context);
        var (department, from, to, drafts) = (query.Read(Department), query.Read(From), query.Read(To), query.Read(Drafts));
        PharmacyEndpoints.CheckRange(query, from, to, Longest);
        if (query.Failed)
            return query.Problem;
        if (!context.Caller().IsPlannerOf(department))
            return RotaProblems.Forbidden(context);
        var zone = Rotas.ZoneOf(country, department);
        var items = Find(country.Book, department, from!.Value, to!.Value, zone, drafts).Select(found => new GapItem(
            found.Word, found.Sector, RotaWords.Of(found.Kind), Moments.In(zone.Time, found.Start), Moments.In(zone.Time, found.End), [.. found.Pharmacies.Select(id => id.Value)],
            context.Say(new(found.English, found.French))));
        return TypedResults.Ok(new GapsAnswer(department, Moments.In(zone.Time, from.Value), Moments.In(zone.Time, to.Value), country.Book.Of(department).Seq, [.. items]));
    }

    // What is lifted leaves a gap; whoever was to serve it is named beside it. A finding that only touches the range is none of it.
    private static IEnumerable<RotaFinding> Find(OnCallBook book, string department, Instant from, Instant to, Realtime.Hours.Zone zone, bool drafts)
    {
        var rota = book.Of(department);
        OnCallSector[] sectors = [.. book.SectorsOf(department)];
        var (first, last) = (from.InZone(zone.Time).Date.PlusDays(-1), to.InZone(zone.Time).Date.PlusDays(1));
        var (start, end) = (first.AtStartOfDayInZone(zone.Time).ToInstant(), last.PlusDays(1).AtStartOfDayInZone(zone.Time).ToInstant());
        Duty[] planned = [.. sectors.SelectMany(sector => drafts ? book.DraftedOf(sector, start, end) : book.PlannedOf(sector, start, end))];
        ExemptSpan[] exempt = [.. rota.Measures.Where(measure => measure.Kind == MeasureKind.Exemption).Select(measure => new ExemptSpan(measure.Pharmacies[0], measure.Start, measure.End))];
        var faults = RotaCheck.Of(sectors, rota.Served(planned), [], first, last, zone).Where(found => found.Fault != RotaFault.Exempt);
        var exempted = exempt.Length == 0 ? [] : RotaCheck.Of(sectors, planned, exempt, first, last, zone).Where(found => found.Fault == RotaFault.Exempt);
        return faults.Concat(exempted).Where(found => found.Start < to && from < found.End).OrderBy(found => found.Start).ThenBy(found => found.Sector, StringComparer.Ordinal);
    }
}
