using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using NodaTime;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Web.Edge;
using Realtime.Web.Live;
using Realtime.Web.Pharmacies;
using Realtime.Web.Products;
using Realtime.Web.Stock;

namespace Realtime.Web.Nearest;

/// <summary><c>GET /api/v1/pharmacies/nearest</c>: the question the product exists for.</summary>
internal static class NearestEndpoints
{
    private static readonly Duration Reach = Duration.FromDays(366);

    private static readonly QueryParameter<double> Lat = QueryParameter.Number("lat", -90, 90, "Latitude, WGS84 degrees.") with { Required = true };
    private static readonly QueryParameter<double> Lon = QueryParameter.Number("lon", -180, 180, "Longitude, WGS84 degrees.") with { Required = true };
    private static readonly QueryParameter<int> K = QueryParameter.Integer("k", 1, NearestQuery.MostItems, 10, "How many pharmacies.");
    private static readonly QueryParameter<Instant?> At = QueryParameter.Moment("at", "Another instant than now, at most a year away; schedules as known today.");
    private static readonly QueryParameter<string> Status = QueryParameter.Word("status", ["serving", "open", "onCall", "any"], "serving", "Which states: serving means open or on call.");
    private static readonly QueryParameter<string> Service = QueryParameter.Word("service", [.. Services.All.Select(s => s.Code)], "", "A service that must be offered; may be repeated.") with { Repeatable = true };
    private static readonly QueryParameter<double> MaxDistance = QueryParameter.Number("maxDistance", 0, 20_100_000, "No pharmacy further than this, in metres.") with { Default = double.PositiveInfinity };

    /// <summary>A medicine, as often as there are.</summary>
    public static readonly QueryParameter<Cip13> Product = new("product", Schemas.Code($"^{Cip13.Prefix}[0-9]{{8}}$"),
        new($"a CIP13: thirteen digits from {Cip13.Prefix}, the last a check digit", $"un CIP13 : treize chiffres à partir de {Cip13.Prefix}, le dernier étant une clé"),
        text => Cip13.TryParse(text, out var product) ? (true, product) : default)
    { Repeatable = true, Doc = "A medicine that must be in stock; may be repeated, then all of them must. Not together with at." };
    private static readonly QueryParameter<bool> Equivalents = QueryParameter.Flag("equivalents", "Whether another medicine of the same generic group will do.");

    // As many as a basket has lines.
    public const int MostProducts = DoseEndpoints.MostLines;

    // Distances are shown in whole metres; one that is shown as the greatest allowed is not left out for a fraction.
    private const double HalfMetre = 0.5;

    public static void MapNearest(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/pharmacies/nearest", Answer).AllowAnonymous()
            .WithQuery(Lat, Lon, K, At, Status, Product, Equivalents, Service, MaxDistance)
            .Weighs(1, At, CallWeight.OfSchedules)
            .WithTags("Patients")
            .WithSummary("The nearest pharmacies that serve now and have what is needed, or that serve at another instant.")
            .Produces<NearestAnswer>()
            .ProducesProblem(400)
            .ProducesProblem(404);

    private static async Task Answer(HttpContext context, Country country, Shelves shelves, Shelf shelf, Clock clock)
    {
        var query = new QueryReader(context);
        var (now, catalogue) = (clock.Now, shelf.Catalogue);
        var at = query.Read(At);
        var asked = Read(query, catalogue);
        Check(query, asked, at, now);
        if (Refused(context, query, asked, catalogue) is { } refusal)
        {
            await refusal.ExecuteAsync(context);
            return;
        }
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var writer = context.Response.BodyWriter;
        // Found before the first byte is written, so that whatever breaks is still a problem and not half an answer.
        var planned = at is { } moment ? NearestQuery.At(country, asked, moment) : null;
        WriteOpening(writer, country.Standing, now);
        if (planned is not null)
            NearestItems.Write(writer, planned, at!.Value);
        else if (asked.Products.Length > 0)
            NearestItems.WriteWithStock(writer, country, shelves, asked);
        else
            NearestItems.Write(writer, country, asked);
        writer.Write("],\"hiddenDuty\":"u8);
        HiddenDuties.Write(writer, country, asked.From, at ?? now);
        writer.Write("}"u8);
        await writer.FlushAsync(context.RequestAborted);
    }

    private static NearestAsked Read(QueryReader query, Catalogue? catalogue) => new(
        new(query.Read(Lat), query.Read(Lon)), query.Read(K), query.Read(Status), [.. query.ReadAll(Service).Distinct(StringComparer.Ordinal)], query.Read(MaxDistance) + HalfMetre,
        [.. query.ReadAll(Product).Distinct()], query.Read(Equivalents) ? catalogue : null);

    private static void Check(QueryReader query, NearestAsked asked, Instant? at, Instant now)
    {
        if (at > now + Reach || at < now - Reach)
            query.Refuse(At.Name, new("takes an instant at most a year away", "attend un instant à un an au plus"));
        if (at is not null && asked.Products.Length > 0)
            query.Refuse(At.Name, new("cannot go with product: what is in stock is known for now only", "ne va pas avec product : le stock n'est connu que pour maintenant"));
        if (asked.Products.Length > MostProducts)
            query.Refuse(Product.Name, new($"may be given {MostProducts} times", $"peut être donné {MostProducts} fois"));
    }

    private static IResult? Refused(HttpContext context, QueryReader query, NearestAsked asked, Catalogue? catalogue)
    {
        if (query.Failed)
            return query.Problem;
        if (asked.Products.Length > 0 && catalogue is null)
            return ProductEndpoints.NotYet(context);
        foreach (var product in asked.Products)
            if (!catalogue!.TryFind(product, out _))
                return ProductEndpoints.UnknownProduct(context, product.ToString());
        return null;
    }

    private static void WriteOpening(PipeWriter writer, Standing standing, Instant now)
    {
        Span<char> text = stackalloc char[128];
        text.TryWrite(CultureInfo.InvariantCulture, $"{{\"asOf\":\"{Moments.Utc(standing.AsOf)}\",\"staleAfter\":\"{Moments.Utc(standing.StaleAfter)}\",\"stale\":{(now > standing.StaleAfter ? "true" : "false")},\"items\":[", out var length);
        Encoding.UTF8.GetBytes(text[..length], writer);
    }
}

/// <summary>The shape of the answer, for the reference; it is written straight to the wire.</summary>
/// <param name="AsOf">Everything known before this instant is in the answer.</param>
/// <param name="StaleAfter">From this instant on the answer is old.</param>
/// <param name="Stale">Whether it already is.</param>
/// <param name="Items">Nearest first, ties by id.</param>
/// <param name="HiddenDuty">Whom to call where duty is not published.</param>
public sealed record NearestAnswer(string AsOf, string StaleAfter, bool Stale, IReadOnlyList<PharmacyItem> Items, IReadOnlyList<HiddenDuty> HiddenDuty);

/// <summary>A sector that does not publish its duty, and whom to call there.</summary>
public sealed record HiddenDuty(string Sector, IReadOnlyList<CallLine> Call);

/// <summary>A telephone number and whose it is.</summary>
public sealed record CallLine(string Label, string Tel);
