using Realtime.Web.Edge;

namespace Realtime.Web.Towns;

/// <summary>A town that a patient may have typed.</summary>
public sealed record TownItem(string Name, string Territory, double Lat, double Lon, int Population);

/// <summary>The towns that a text may mean, the likeliest first.</summary>
public sealed record TownsAnswer(IReadOnlyList<TownItem> Items);

/// <summary><c>GET /api/v1/towns</c>: for those who would rather type a town than share a position.</summary>
internal static class TownEndpoints
{
    private static readonly QueryParameter<string> Q = QueryParameter.Text("q", 80, "The beginning of a town's name, or of a word in it, as people type it; or of its first postcode.") with { Required = true };
    private static readonly QueryParameter<int> Limit = QueryParameter.Integer("limit", 1, 20, 8, "How many towns.");

    public static void MapTowns(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/towns", (HttpContext context) =>
            {
                var query = new QueryReader(context);
                var (text, limit) = (query.Read(Q), query.Read(Limit));
                if (query.Failed)
                    return query.Problem;
                context.Response.Headers.CacheControl = "public, max-age=86400";
                return TypedResults.Ok(new TownsAnswer([.. Realtime.Pharmacies.Towns.Search(text, limit)
                    .Select(t => new TownItem(t.Name, t.Department, t.Latitude, t.Longitude, t.Population))]));
            })
            .AllowAnonymous().WithQuery(Q, Limit).WithTags("Patients").WithSummary("Towns by the beginning of their name or postcode.").Produces<TownsAnswer>().ProducesProblem(400);
}
