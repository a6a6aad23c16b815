using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Calendars;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Live;

namespace Realtime.Web.OnCall;

/// <summary><c>GET /api/v1/pharmacies/{id}/poster</c>: the week's poster for the door, ready to print.</summary>
internal static class PosterEndpoint
{
    private static readonly QueryParameter<LocalDate?> Week = new("week", Schemas.Code("^[0-9]{4}-W[0-9]{2}$"),
        new("a week of the ISO calendar such as 2026-W48, of the years 2000 to 2099", "une semaine du calendrier ISO comme 2026-W48, des années 2000 à 2099"), Parse)
    { Doc = "The week; absent for the one that it is." };

    public static void MapPoster(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/pharmacies/{id}/poster", Answer).AllowAnonymous().WithTags("Patients").WithQuery(Week).Weighs(CallWeight.OfArea)
            .WithSummary("A week's poster for the door of a pharmacy: its hours, and who is on duty or whom to call.").Produces<string>(contentType: "text/html").Refuses(400, 404);

    private static IResult Answer(HttpContext context, string id, Country country, Clock clock)
    {
        var query = new QueryReader(context);
        var week = query.Read(Week);
        if (query.Failed)
            return query.Problem;
        if (!PharmacyId.TryParse(id, out var pharmacy) || !country.TryFind(pharmacy, out var place))
            return Problems.UnknownPharmacy(context, id);
        var today = clock.Now.InZone(place.Zone.Time).Date;
        var monday = week ?? today.PlusDays(1 - (int)today.DayOfWeek);
        return TypedResults.Content(new Poster(place, country, monday, clock.Now).Write(), "text/html; charset=utf-8", Encoding.UTF8);
    }

    private static (bool Ok, LocalDate? Value) Parse(string text)
    {
        if (text.Length != 8 || text[4..6] != "-W" || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || !int.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var week) || year is < 2000 or > 2099)
            return default;
        return week >= 1 && week <= WeekYearRules.Iso.GetWeeksInWeekYear(year) ? (true, LocalDate.FromWeekYearWeekAndDay(year, week, IsoDayOfWeek.Monday)) : default;
    }
}
