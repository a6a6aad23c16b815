using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using NodaTime;
using Realtime.Nearest;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Live;
using Realtime.Web.Pharmacies;

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

    // Distances are shown in whole metres; one that is shown as the greatest allowed is not left out for a fraction.
    private const double HalfMetre = 0.5;

    public static void MapNearest(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/pharmacies/nearest", Answer).AllowAnonymous()
            .WithQuery(Lat, Lon, K, At, Status, Service, MaxDistance)
            .Weighs(1, At, CallWeight.OfSchedules)
            .WithTags("Patients")
            .WithSummary("The nearest pharmacies that serve now, or at another instant.")
            .Produces<NearestAnswer>()
            .ProducesProblem(400);

    private static async Task Answer(HttpContext context, Country country, Clock clock)
    {
        var query = new QueryReader(context);
        var at = query.Read(At);
        var asked = new NearestAsked(new(query.Read(Lat), query.Read(Lon)), query.Read(K), query.Read(Status), [.. query.ReadAll(Service).Distinct(StringComparer.Ordinal)], query.Read(MaxDistance) + HalfMetre);
        var now = clock.Now;
        if (at is { } instant && (instant > now + Reach || instant < now - Reach))
            query.Refuse(At.Name, new("takes an instant at most a year away", "attend un instant à un an au plus"));
        if (query.Failed)
        {
            await query.Problem.ExecuteAsync(context);
            return;
        }
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var writer = context.Response.BodyWriter;
        // Found before the first byte is written, so that whatever breaks is still a problem and not half an answer.
        var planned = at is { } moment ? NearestQuery.At(country, asked, moment) : null;
        WriteOpening(writer, country.Standing, now);
        if (planned is not null)
            WriteItems(writer, planned, at!.Value);
        else
            WriteItems(writer, country, asked);
        // No sector hides its duty here yet: whom to call is then nobody's secret either.
        writer.Write("],\"hiddenDuty\":[]}"u8);
        await writer.FlushAsync(context.RequestAborted);
    }

    private static void WriteOpening(PipeWriter writer, Standing standing, Instant now)
    {
        Span<char> text = stackalloc char[128];
        text.TryWrite(CultureInfo.InvariantCulture, $"{{\"asOf\":\"{Moments.Utc(standing.AsOf)}\",\"staleAfter\":\"{Moments.Utc(standing.StaleAfter)}\",\"stale\":{(now > standing.StaleAfter ? "true" : "false")},\"items\":[", out var length);
        Encoding.UTF8.GetBytes(text[..length], writer);
    }

    private static void WriteItems(PipeWriter writer, Country country, NearestAsked asked)
    {
        Span<Neighbour> found = stackalloc Neighbour[NearestQuery.MostItems];
        found = found[..NearestQuery.Now(country.Index, asked, found)];
        var first = true;
        foreach (var neighbour in found)
        {
            var shown = country.At(neighbour.Slot).Shown;
            // Between the masks and this line a second may have passed: what has just closed is not served as open.
            if (!NearestQuery.Matches(shown.Status.State, asked.Status))
                continue;
            if (!first)
                writer.Write(","u8);
            first = false;
            WriteItem(writer, shown.Head, neighbour.DistanceMeters);
        }
    }

    private static void WriteItems(PipeWriter writer, IReadOnlyList<(Place Place, Realtime.Hours.Status Status, double DistanceMeters)> found, Instant at)
    {
        for (var i = 0; i < found.Count; i++)
        {
            if (i > 0)
                writer.Write(","u8);
            var item = PharmacyItem.Of(found[i].Place.Facts, found[i].Place.Zone.Time, found[i].Status, found[i].Status.Since, found[i].Place.Facts.TakesOrdersAt(at));
            WriteItem(writer, JsonSerializer.SerializeToUtf8Bytes(item, WireJson.Context.PharmacyItem).AsSpan()[..^1], found[i].DistanceMeters);
        }
    }

    private static void WriteItem(PipeWriter writer, ReadOnlySpan<byte> head, double distanceMeters)
    {
        writer.Write(head);
        writer.Write(",\"distance\":"u8);
        var digits = writer.GetSpan(11);
        Utf8Formatter.TryFormat(NearestQuery.Metres(distanceMeters), digits, out var length);
        writer.Advance(length);
        writer.Write("}"u8);
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
