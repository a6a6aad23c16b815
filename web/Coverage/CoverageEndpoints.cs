using System.Text;
using NodaTime;
using Realtime.Coverage;
using Realtime.Hours;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Identity;

namespace Realtime.Web.Coverage;

/// <summary>How far the people of France have to go to a pharmacy that serves, and what one more would change. Public duty only, since it is asked of what the node shows; the planner of a department is shown its hidden duty too.</summary>
internal static class CoverageEndpoints
{
    private const string Json = "json", GeoJson = "geojson", Csv = "csv";
    private const string GeoJsonType = "application/geo+json", CsvType = "text/csv";
    private static readonly Duration Reach = Duration.FromDays(366);

    private static readonly QueryParameter<Instant?> At = QueryParameter.Moment("at", "Another instant than now, at most a year away; schedules as known today.");
    private static readonly QueryParameter<string> Department = new("department", Schemas.Code("^(2[AB]|[0-9]{2}|9[78][0-9])$"),
        new("the code of a department or an overseas territory, such as 2A or 974", "le code d'un département ou d'un territoire d'outre-mer, comme 2A ou 974"),
        text => IsDepartment(text) ? (true, text) : default)
    { Doc = "The department whose communes are wanted." };
    private static readonly QueryParameter<string> Format = QueryParameter.Word("format", [Json, GeoJson, Csv], "", "What to answer with; goes before the Accept header.");
    private static readonly QueryParameter<PharmacyId> Pharmacy = new("pharmacy", Schemas.Code("^[0-9][0-9AB][0-9]{7}$"),
        new("a FINESS number: nine characters whose last is a check digit", "un numéro FINESS : neuf caractères, le dernier étant une clé"),
        text => PharmacyId.TryParse(text, out var id) ? (true, id) : default)
    { Required = true, Doc = "The pharmacy that would serve as well." };

    public static void MapCoverage(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/coverage").WithTags("Coverage").AllowAnonymous();
        group.MapGet("", Country).WithQuery(At, Department, Format).Weighs(CallWeight.OfCoverage, At, CallWeight.OfCoverageAt)
            .WithSummary("How far people have to go to the nearest pharmacy that serves, by department, or by commune of one; as JSON, GeoJSON or CSV.")
            .Produces<CoverageAnswer>().AlsoProduces<CoverageFeatures>(GeoJsonType).AlsoProduces<string>(CsvType).ProducesProblem(400).ProducesProblem(404);
        group.MapGet("/what-if", WhatIf).WithQuery(At, Pharmacy, Department).Weighs(CallWeight.OfCoverage, At, CallWeight.OfCoverageAt)
            .WithSummary("What it would change if one more pharmacy served.").Produces<WhatIfAnswer>().ProducesProblem(400).ProducesProblem(404);
    }

    private static async Task<IResult> Country(HttpContext context, Atlas atlas, CoverageDesk desk, Callers callers, Clock clock)
    {
        var query = new QueryReader(context);
        var (at, department, format) = (query.Read(At), query.Read(Department), query.Read(Format));
        if (Refused(context, query, atlas, clock, at, department, out var number) is { } refusal)
            return refusal;
        var view = await desk.At(atlas.Communes!, at, context.RequestAborted);
        // Nobody but the planner of a department is shown what its hidden duty does.
        if (department is not null && callers.Of(context.User)?.IsPlannerOf(department) == true)
            view = desk.WithHidden(view, department);
        (context.Response.Headers.CacheControl, context.Response.Headers.Vary) = ("no-store", "Accept");
        return (format.Length > 0 ? format : Accepted(context.Request)) switch
        {
            GeoJson => TypedResults.Json(CoverageFeatures.Of(view, number), contentType: GeoJsonType),
            Csv => TypedResults.Text(CoverageCsv.Of(CoverageAnswer.Of(view, number), communes: number is not null), CsvType, Encoding.UTF8),
            _ => TypedResults.Ok(CoverageAnswer.Of(view, number)),
        };
    }

    private static async Task<IResult> WhatIf(HttpContext context, Atlas atlas, CoverageDesk desk, Realtime.Web.Live.Country country, Clock clock)
    {
        var query = new QueryReader(context);
        var (at, pharmacy, department) = (query.Read(At), query.Read(Pharmacy), query.Read(Department));
        if (Refused(context, query, atlas, clock, at, department, out var number) is { } refusal)
            return refusal;
        if (!country.TryFind(pharmacy, out var place))
            return Problems.UnknownPharmacy(context, pharmacy.Value);
        var communes = atlas.Communes!;
        var view = await desk.At(communes, at, context.RequestAborted);
        var serves = (at is { } instant ? place.Schedule.StateAt(instant) : place.Shown.Status.State) is ServiceState.Open or ServiceState.OnCall;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(WhatIfAnswer.Of(view, desk.AsServing(communes, place), serves, number));
    }

    // Null, and then the number of the department that is asked for, if any.
    private static IResult? Refused(HttpContext context, QueryReader query, Atlas atlas, Clock clock, Instant? at, string? department, out int? number)
    {
        number = null;
        var now = clock.Now;
        if (at > now + Reach || at < now - Reach)
            query.Refuse(At.Name, new("takes an instant at most a year away", "attend un instant à un an au plus"));
        if (query.Failed)
            return query.Problem;
        if (atlas.Communes is not { } communes)
            return Problems.OfStatus(context, StatusCodes.Status503ServiceUnavailable);
        if (communes.All.Count == 0)
            return Problems.Of(context, StatusCodes.Status404NotFound, "no-communes", new(
                "No table of communes was imported here: 'silo import communes FILE' imports one.",
                "Aucune table des communes n'a été importée ici : « silo import communes FICHIER » en importe une."));
        if (department is not null && (number = communes.NumberOf(department)) is null)
            query.Refuse(Department.Name, new("is no department of which a commune is known here", "n'est pas un département dont une commune soit connue ici"));
        return query.Failed ? query.Problem : null;
    }

    private static bool IsDepartment(string text) => text.Length switch
    {
        2 => text is "2A" or "2B" || text.All(char.IsAsciiDigit),
        3 => text[0] == '9' && text[1] is '7' or '8' && char.IsAsciiDigit(text[2]),
        _ => false,
    };

    // The first of the three that the caller likes best; whoever takes anything gets JSON.
    private static string Accepted(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1).Select(type => type.MediaType.Value);
        return accepted.FirstOrDefault(type => type is GeoJsonType or CsvType or "application/json" or "*/*" or "application/*") switch
        {
            GeoJsonType => GeoJson,
            CsvType => Csv,
            _ => Json,
        };
    }
}
