using NodaTime;
using Realtime.OnCall;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.OnCall;

/// <summary>Somebody on duty, with all that whoever sends a patient there needs.</summary>
/// <param name="Sector">Code of the sector.</param>
/// <param name="SectorName">As its people call it.</param>
/// <param name="Hidden">Whether the public does not know it: it is told to whoever has called, and to nobody else.</param>
/// <param name="Duty">Who serves, and when.</param>
/// <param name="Address">Where.</param>
/// <param name="Phone">The number of the duty, or else the pharmacy's.</param>
public sealed record OnDutyItem(string Sector, string SectorName, bool Hidden, DutyItem Duty, AddressItem? Address, string? Phone);

/// <summary>Everybody on duty in a department at an instant.</summary>
public sealed record OnDutyAnswer(string Department, string At, IReadOnlyList<OnDutyItem> Items);

/// <summary><c>GET …/departments/{department}/on-duty</c>: whom the police and the emergency services send patients to. Each look is a row of the journal before it is answered.</summary>
internal static class DispatcherEndpoint
{
    private static readonly QueryParameter<Instant?> At = QueryParameter.Moment("at", "Another instant than now, at most a year away.");
    private static readonly Duration Reach = Duration.FromDays(366);

    public static void MapDispatcher(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/oncall/departments/{department}/on-duty", Answer).WithTags("On-call duty").RequireAuthorization(Policies.Dispatcher).WithQuery(At)
            .WithSummary("Who is on duty in a department at an instant, hidden duty included; each look is recorded.").Produces<OnDutyAnswer>().Refuses(400, 401, 403, 503);

    private static async Task<IResult> Answer(HttpContext context, string department, Country country, IGrainFactory grains, Clock clock)
    {
        var query = new QueryReader(context);
        var (asked, now) = (query.Read(At), clock.Now);
        if (asked > now + Reach || asked < now - Reach)
            query.Refuse(At.Name, new("takes an instant at most a year away", "attend un instant à un an au plus"));
        if (query.Failed)
            return query.Problem;
        var at = asked ?? now;
        var items = country.Book.SectorsOf(department).SelectMany(sector => country.Book.DutiesOf(sector, at, at + Duration.Epsilon).Select(duty => ItemOf(sector, duty, country))).ToArray();
        await grains.GetGrain<IDutyLooksGrain>(department).Record(at, items.Length, context.Caller().Subject);
        return TypedResults.Ok(new OnDutyAnswer(department, Moments.In(Rotas.ZoneOf(country, department).Time, at), items));
    }

    private static OnDutyItem ItemOf(OnCallSector sector, Duty duty, Country country)
    {
        country.TryFind(duty.Pharmacy, out var place);
        var item = place?.Shown.Item;
        return new(sector.Code, sector.Name, sector.KindOf(duty.Period.Kind) is { Disclosure: Disclosure.Hidden }, DutyItem.Of(duty, country), item?.Address, duty.Period.Phone ?? item?.Phone);
    }
}
