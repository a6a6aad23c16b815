using Realtime.Hours;
using Realtime.Web.Edge;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.Hours;

/// <summary>What a preview asks: what a string alone means by OSM, in a zone, over a range.</summary>
/// <param name="Hours">OSM opening_hours syntax.</param>
/// <param name="Zone">IANA time zone.</param>
/// <param name="From">First instant.</param>
/// <param name="To">First instant after, at most 62 days later.</param>
/// <param name="Insee">INSEE code of the commune, where its public holidays differ from those usual in the zone, or the hours speak of school holidays.</param>
public sealed record PreviewAsked(string Hours, string Zone, string From, string To, string? Insee = null);

/// <summary>What it means.</summary>
/// <param name="Intervals">Open and unknown intervals, merged, sorted, clipped to the range.</param>
/// <param name="Warnings">Sentences for whoever wrote the string.</param>
public sealed record PreviewAnswer(IReadOnlyList<PreviewInterval> Intervals, IReadOnlyList<string> Warnings);

/// <summary>One interval.</summary>
public sealed record PreviewInterval(string Start, string End, string State, string? Reason);

/// <summary><c>POST /api/v1/hours/preview</c>: see what a string means before anybody relies on it.</summary>
internal static class HoursEndpoints
{
    public static void MapHours(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/hours/preview", Preview).AllowAnonymous().WithQuery().Strict().Weighs(CallWeight.OfSchedules)
            .WithTags("Patients").WithSummary("What an opening-hours string means.")
            .Produces<PreviewAnswer>().ProducesProblem(400).ProducesProblem(413).ProducesProblem(415);

    private static IResult Preview(HttpContext context, PreviewAsked asked, SchoolDays schools)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        void Refuse(string name, Sentence sentence) => errors[name] = [context.Say(sentence)];

        if (!Moments.TryParse(asked.From, out var from))
            Refuse("$.from", QueryParameter.Moment("from", "").Expected);
        if (!Moments.TryParse(asked.To, out var to))
            Refuse("$.to", QueryParameter.Moment("to", "").Expected);
        if (errors.Count == 0 && (to <= from || to - from > PharmacyEndpoints.LongestSchedule))
            Refuse("$.to", new("must be later than from, by at most 62 days", "doit suivre from, de 62 jours au plus"));
        if (ZoneOf(asked) is not { } zone)
        {
            Refuse(asked.Insee is null ? "$.zone" : "$.insee", new("is not a zone of French territory, as Europe/Paris or America/Guadeloupe; with insee, both must agree",
                "n'est pas une zone du territoire français, comme Europe/Paris ou America/Guadeloupe ; avec insee, les deux doivent concorder"));
            return Problems.InvalidRequest(context, errors);
        }
        if (errors.Count > 0)
            return Problems.InvalidRequest(context, errors);
        if (!OpeningHours.TryParse(asked.Hours, out var hours, out var error))
            return Problems.Of(context, 400, "invalid-hours", new(error.English, error.French), more: new Dictionary<string, object?> { ["column"] = error.Column });
        var intervals = Schedule.Literal(hours, schools.With(zone, asked.Insee, null), from, to)
            .Select(i => new PreviewInterval(Moments.In(zone.Time, i.Start), Moments.In(zone.Time, i.End), Words.Of(i.State), i.Reason));
        return TypedResults.Ok(new PreviewAnswer([.. intervals], Warnings(context, hours)));
    }

    private static Zone? ZoneOf(PreviewAsked asked)
    {
        var byName = Zones.OfTimeZone(asked.Zone);
        if (asked.Insee is null || byName is null)
            return byName;
        var byCommune = Zones.Of(asked.Insee, null);
        return byCommune is not null && byCommune.Time.Id == byName.Time.Id ? byCommune : null;
    }

    private static string[] Warnings(HttpContext context, OpeningHours hours) => [.. HolidayWarning(context, hours), .. SchoolWarning(context, hours)];

    private static string[] SchoolWarning(HttpContext context, OpeningHours hours) => !hours.SpeaksOfSchools
        ? []
        : [context.Say(new("These hours speak of school holidays (SH): days that they govern and the school calendar does not tell yet will be shown as unknown.",
            "Ces horaires parlent des vacances scolaires (SH) : les jours concernés que le calendrier scolaire ne donne pas encore seront affichés comme inconnus."))];

    private static string[] HolidayWarning(HttpContext context, OpeningHours hours) => hours.SpeaksOfHolidays
        ? []
        : [context.Say(new("These hours do not speak of public holidays (PH): on those days the pharmacy will be shown as unknown.",
            "Ces horaires ne parlent pas des jours fériés (PH) : ces jours-là, la pharmacie sera affichée comme inconnue."))];
}
