using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Hours;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Edge;
using Realtime.Web.Hours;
using Realtime.Web.Live;
using Realtime.Web.Stock;

namespace Realtime.Web.Pharmacies;

/// <summary>A pharmacy's page, its schedule, and all of them on a map.</summary>
internal static class PharmacyEndpoints
{
    /// <summary>The longest range of a schedule or a preview.</summary>
    public static readonly Duration LongestSchedule = Duration.FromDays(62);
    private static readonly QueryParameter<Instant?> From = QueryParameter.Moment("from", "First instant of the range.") with { Required = true };
    private static readonly QueryParameter<Instant?> To = QueryParameter.Moment("to", "First instant after the range, at most 62 days later.") with { Required = true };
    private static readonly QueryParameter<Instant?> At = QueryParameter.Moment("at", "Another instant than now; schedules as known today.");
    private static readonly QueryParameter<Cip13> Product = Nearest.NearestEndpoints.Product with { Doc = "A medicine whose level is asked for; may be repeated. Without it the page lists every level, where there are not too many." };
    private static readonly QueryParameter<Box> Bbox = new("bbox", Schemas.Numbers(4),
        new("west,south,east,north in degrees, south at most north", "ouest,sud,est,nord en degrés, sud au plus égal à nord"),
        text => Box.TryParse(text, out var box) ? (true, box) : default)
    { Required = true, Doc = "The area; west may lie east of east, across the antimeridian." };

    public static void MapPharmacies(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1").WithTags("Patients").AllowAnonymous();
        group.MapGet("/pharmacies/{id}", Page).WithQuery(Product)
            .WithSummary("A pharmacy's page.").Produces<PharmacyPageItem>().ProducesProblem(400).ProducesProblem(404);
        group.MapGet("/pharmacies/{id}/schedule", Schedule).WithQuery(From, To)
            .WithSummary("When a pharmacy is open, on call or unknown, over a range.").Produces<ScheduleAnswer>().ProducesProblem(400).ProducesProblem(404);
        group.MapGet("/pharmacies", Map).WithQuery(Bbox, At).Weighs(CallWeight.OfArea, At, CallWeight.OfSchedules)
            .WithSummary("The pharmacies of an area as GeoJSON; clusters above 5,000.").Produces<FeatureCollection>(contentType: "application/geo+json").ProducesProblem(400);
        group.MapGet("/services", () => new ServicesAnswer(Services.All)).WithQuery().Strict()
            .WithSummary("The services a pharmacy may offer, in French and English.").Produces<ServicesAnswer>().ProducesProblem(400);
    }

    private static IResult Page(HttpContext context, string id, Country country, Shelves shelves, Clock clock)
    {
        var query = new QueryReader(context);
        Cip13[] products = [.. query.ReadAll(Product).Distinct()];
        if (products.Length > Nearest.NearestEndpoints.MostProducts)
            query.Refuse(Product.Name, new($"may be given {Nearest.NearestEndpoints.MostProducts} times", $"peut être donné {Nearest.NearestEndpoints.MostProducts} fois"));
        if (query.Failed)
            return query.Problem;
        if (!TryFind(country, id, out var place))
            return Problems.UnknownPharmacy(context, id);
        var facts = place.Facts;
        IfMatch.Tag(context, facts.Seq);
        // The service's own clock: a page says by it what is past, whatever the phone's clock says.
        context.Response.GetTypedHeaders().Date = clock.Now.ToDateTimeOffset();
        var levels = products.Length > 0 ? shelves.LevelsOf(facts.Record.Id, products) : shelves.LevelsOf(facts.Record.Id);
        return TypedResults.Ok(PharmacyPageItem.Of(place, country, levels, clock.Now));
    }

    private static IResult Schedule(HttpContext context, string id, Country country)
    {
        var query = new QueryReader(context);
        var (from, to) = (query.Read(From), query.Read(To));
        CheckRange(query, from, to, LongestSchedule);
        if (query.Failed)
            return query.Problem;
        if (!TryFind(country, id, out var place))
            return Problems.UnknownPharmacy(context, id);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new ScheduleAnswer(place.Zone.Time.Id, IntervalItem.Merged(place.Schedule.Intervals(from!.Value, to!.Value), place.Zone.Time), HolidayItem.Between(from.Value, to.Value, place.Zone)));
    }

    private static IResult Map(HttpContext context, Country country)
    {
        var query = new QueryReader(context);
        var (box, at) = (query.Read(Bbox), query.Read(At));
        if (query.Failed)
            return query.Problem;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(AreaMap.Of(country, box, at), contentType: "application/geo+json");
    }

    /// <summary>A range must run forward and stay within its bound.</summary>
    public static void CheckRange(QueryReader query, Instant? from, Instant? to, Duration longest)
    {
        if (from is null || to is null)
            return;
        if (to <= from)
            query.Refuse(To.Name, new("must be later than from", "doit être postérieur à from"));
        else if (to - from > longest)
            query.Refuse(To.Name, new($"may be at most {longest.Days} days after from", $"peut suivre from de {longest.Days} jours au plus"));
    }

    private static bool TryFind(Country country, string id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Place? place)
    {
        place = null;
        return PharmacyId.TryParse(id, out var pharmacy) && country.TryFind(pharmacy, out place);
    }
}

/// <summary>A file that stated something of a page: whose it was, as <c>finess</c>, and when it last said something new.</summary>
public sealed record SourceItem(string Source, string At);

/// <summary>A pharmacy's page: all that a list shows, and the rest.</summary>
public sealed record PharmacyPageItem(
    string Id, string Name, double Lat, double Lon, AddressItem Address, string? Phone, StatusItem Status,
    IReadOnlyList<string> Services, bool ClickAndCollect, IReadOnlyList<StockItem> Stock, string HoursSource, string? ConfirmedAt, bool Synthetic,
    string? Hours, string Zone, IReadOnlyList<ClosureItem> Closures, IReadOnlyList<ExceptionItem> Exceptions, IReadOnlyList<NewsItem> News, ModulesItem Modules, MentionsItem Mentions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PauseItem? Paused,
    IReadOnlyList<SourceItem> Sources, long Seq,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] InsteadItem? Instead)
{
    internal static PharmacyPageItem Of(Place place, Country country, IEnumerable<(Cip13 Product, StockLevel Level)> levels, Instant now)
    {
        var (item, record, zone) = (place.Shown.Item, place.Facts.Record, place.Zone.Time);
        var closures = place.Facts.Closures.Where(c => c.End > now).Select(c => ClosureItem.Of(c, zone, ReliefItem.Of(c.ReliefPharmacy, place, country)));
        var exceptions = place.Facts.Exceptions.Where(e => e.In(place.Zone).End > now).Select(e => ExceptionItem.Of(e, place.Zone, ReliefItem.Of((e as Vacation)?.ReliefPharmacy, place, country)));
        var stock = levels.Select(one => new StockItem(one.Product.ToString(), LevelWords.Of(one.Level)));
        return new(
            item.Id, item.Name, item.Lat, item.Lon, item.Address, item.Phone, item.Status, item.Services, item.ClickAndCollect, [.. stock],
            item.HoursSource, item.ConfirmedAt, item.Synthetic, record.Hours, zone.Id, [.. closures], [.. exceptions],
            [.. (place.Facts.Page?.News ?? []).Where(n => !(n.Until <= now)).Select(n => new NewsItem(Moments.In(zone, n.At), n.Text, n.Until is { } until ? Moments.In(zone, until) : null))],
            ModulesItem.Of(place.Facts.Page?.Modules), MentionsItem.Of(item, place.Facts.Page?.Mentions),
            place.Shown.Pause is { } pause ? PauseItem.Of(pause, zone) : null,
            [.. place.Facts.Sources.Select(source => new SourceItem(ImportKind.WordOf(source.Source), Moments.In(zone, source.At)))], place.Facts.Seq, InsteadItem.Of(place, country, now));
    }
}

/// <summary>One interval of a schedule.</summary>
public sealed record IntervalItem(string Start, string End, string State, string? Access, string? Reason)
{
    internal static IntervalItem Of(ScheduleInterval interval, DateTimeZone zone) => new(
        Moments.In(zone, interval.Start), Moments.In(zone, interval.End), Words.Of(interval.State),
        interval.Access is { } access ? Words.Of(access) : null, interval.Reason);

    /// <summary>Intervals that touch and differ only in what is not shown here (whom to ring, what to do) are one.</summary>
    internal static IReadOnlyList<IntervalItem> Merged(IEnumerable<ScheduleInterval> intervals, DateTimeZone zone)
    {
        var merged = new List<IntervalItem>();
        foreach (var next in intervals.Select(i => Of(i, zone)))
            if (merged is [.., var last] && last with { Start = next.Start, End = next.End } == next && last.End == next.Start)
                merged[^1] = last with { End = next.End };
            else
                merged.Add(next);
        return merged;
    }
}

/// <summary>A schedule over a range.</summary>
/// <param name="Zone">IANA time zone of the pharmacy.</param>
/// <param name="Intervals">Merged, sorted, clipped to the range; between them the pharmacy is closed.</param>
/// <param name="Holidays">The public holidays among the local dates of the range.</param>
public sealed record ScheduleAnswer(string Zone, IReadOnlyList<IntervalItem> Intervals, IReadOnlyList<HolidayItem> Holidays);

/// <summary>The services a pharmacy may offer.</summary>
public sealed record ServicesAnswer(IReadOnlyList<Service> Items);
