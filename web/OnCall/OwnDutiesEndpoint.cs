using NodaTime;
using Realtime.Identity;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.OnCall;

/// <summary>A sector that a pharmacy belongs to.</summary>
public sealed record OwnSectorItem(string Code, string Name, string Department);

/// <summary>What a pharmacy serves, what the others of its sectors serve, and the exchanges that concern it.</summary>
public sealed record OwnDutiesAnswer(IReadOnlyList<OwnSectorItem> Sectors, IReadOnlyList<DutyItem> Items, IReadOnlyList<DutyItem> Others, IReadOnlyList<SwapItem> Swaps);

/// <summary><c>GET /api/v1/counter/{id}/duties</c>: the rota as the staff of a pharmacy see it. Who shares a sector knows its duty, hidden or not.</summary>
internal static class OwnDutiesEndpoint
{
    private static readonly Duration Longest = Duration.FromDays(400);
    private static readonly QueryParameter<Instant?> From = QueryParameter.Moment("from", "First instant of the range.") with { Required = true };
    private static readonly QueryParameter<Instant?> To = QueryParameter.Moment("to", "First instant after the range, at most 400 days later.") with { Required = true };

    public static void MapOwnDuties(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/counter/{id}/duties", Answer).WithTags("Counter").RequireAuthorization(Policies.Staff).WithQuery(From, To)
            .WithSummary("The duties of a pharmacy and of the others of its sectors, and the exchanges that concern it.").Produces<OwnDutiesAnswer>().Refuses(400, 401, 403, 404);

    private static IResult Answer(HttpContext context, string id, Country country, Sealing sealing)
    {
        var query = new QueryReader(context);
        var (from, to) = (query.Read(From), query.Read(To));
        PharmacyEndpoints.CheckRange(query, from, to, Longest);
        if (query.Failed)
            return query.Problem;
        if (!PharmacyId.TryParse(id, out var pharmacy) || !country.TryFind(pharmacy, out _))
            return Problems.UnknownPharmacy(context, id);
        var book = country.Book;
        var sectors = book.AllSectorsOf(pharmacy).ToArray();
        var others = sectors.SelectMany(sector => book.DutiesOf(sector, from!.Value, to!.Value)).Where(duty => duty.Pharmacy != pharmacy);
        var swaps = book.Departments.SelectMany(rota => rota.Swaps).Where(swap => swap.Give.Pharmacy == pharmacy || swap.Take.Pharmacy == pharmacy);
        return TypedResults.Ok(new OwnDutiesAnswer(
            [.. sectors.Select(sector => new OwnSectorItem(sector.Code, sector.Name, sector.Department))], Items(book.DutiesOf(pharmacy, from!.Value, to!.Value), country), Items(others, country), [.. swaps.Reverse().Select(swap => SwapItem.Of(swap, country, sealing))]));
    }

    private static DutyItem[] Items(IEnumerable<Duty> duties, Country country) => [.. duties.OrderBy(duty => duty.Period.Start).Select(duty => DutyItem.Of(duty, country))];
}
