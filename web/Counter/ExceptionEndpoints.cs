using NodaTime;
using NodaTime.Text;
using Realtime.Hours;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Hours;
using Realtime.Web.Live;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.Counter;

/// <summary>An exception to be declared; each kind takes its own members and no other.</summary>
/// <param name="Kind"><c>opening</c> (<c>start</c>, <c>end</c>, <c>reason</c>), <c>holiday</c> (<c>date</c>, <c>hours</c>) or <c>vacation</c> (<c>from</c>, <c>to</c>, <c>reason</c>, <c>reliefPharmacy</c>).</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it, at most 31 days later.</param>
/// <param name="Date">A public holiday of the pharmacy's zone.</param>
/// <param name="Hours">Spans of that day as <c>09:00-12:30,14:00-19:00</c>, or <c>off</c>.</param>
/// <param name="From">First date.</param>
/// <param name="To">Last date, itself included.</param>
/// <param name="Reason">For the public, in the words of the pharmacy.</param>
/// <param name="ReliefPharmacy">The pharmacy that takes over, where one does.</param>
public sealed record ExceptionAsked(
    string Kind, string? Start = null, string? End = null, string? Date = null, string? Hours = null, string? From = null, string? To = null, string? Reason = null, string? ReliefPharmacy = null)
{
    private static readonly Sentence Required = new("is required for this kind", "est nécessaire pour ce type");
    private static readonly Sentence Foreign = new("does not belong to this kind", "n'appartient pas à ce type");

    /// <summary>The exception, as far as it is right; the reader knows what is not.</summary>
    internal ExceptionalTime? Read(BodyReader body, Country country)
    {
        switch (Kind)
        {
            case "opening":
                RefuseAllBut(body, "start", "end", "reason");
                return new ExceptionalOpening("", body.Moment("$.start", Start), body.Moment("$.end", End), Text(body));
            case "holiday":
                RefuseAllBut(body, "date", "hours");
                return new HolidayWorked("", Day(body, "$.date", Date), Needed(body, "$.hours", Hours));
            case "vacation":
                RefuseAllBut(body, "from", "to", "reason", "reliefPharmacy");
                return new Vacation("", Day(body, "$.from", From), Day(body, "$.to", To), Text(body), body.Relief(ReliefPharmacy, country));
            default:
                body.Refuse("$.kind", new("takes opening, holiday or vacation", "attend opening, holiday ou vacation"));
                return null;
        }
    }

    private void RefuseAllBut(BodyReader body, params string[] own)
    {
        foreach (var (name, value) in new[] { ("start", Start), ("end", End), ("date", Date), ("hours", Hours), ("from", From), ("to", To), ("reason", Reason), ("reliefPharmacy", ReliefPharmacy) })
            if (value is not null && !own.Contains(name, StringComparer.Ordinal))
                body.Refuse($"$.{name}", Foreign);
    }

    private string Text(BodyReader body) => body.Text("$.reason", Needed(body, "$.reason", Reason), CounterEndpoints.LongestReason)!;

    private static string Needed(BodyReader body, string path, string? text)
    {
        if (text is null)
            body.Refuse(path, Required);
        return text ?? "";
    }

    private static LocalDate Day(BodyReader body, string path, string? text)
    {
        if (text is not null && LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var date })
            return date;
        body.Refuse(path, new("takes a date such as 2026-12-25", "attend une date comme 2026-12-25"));
        return default;
    }
}

/// <summary>An exception was declared.</summary>
/// <param name="Exception">As the page shows it.</param>
/// <param name="Seq">The page's version after it; <c>ETag</c> says the same.</param>
public sealed record ExceptionAnswer(ExceptionItem Exception, long Seq);

/// <summary>The public holidays of a pharmacy's zone over the year to come.</summary>
public sealed record HolidaysAnswer(IReadOnlyList<HolidayItem> Items);

/// <summary>What the staff of a pharmacy declare against its hours: exceptional openings, hours of a public holiday, vacations.</summary>
internal static class ExceptionEndpoints
{
    public static void MapExceptions(this RouteGroupBuilder group)
    {
        group.MapPost("/exceptions", Declare).IsAct<ExceptionAnswer>("Declares an exceptional opening, the hours of a public holiday, or a vacation.", 409, 415);
        group.MapDelete("/exceptions/{exceptionId}", Revoke).IsAct<ChangeAnswer>("Takes an exception back.");
        group.MapGet("/holidays", Holidays).WithQuery().Strict().WithSummary("The public holidays of the pharmacy's zone, over a year from today.")
            .Produces<HolidaysAnswer>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
    }

    private static async Task<IResult> Declare(HttpContext context, string id, ExceptionAsked asked, CounterActs acts, Country country)
    {
        var body = new BodyReader(context);
        var exception = asked.Read(body, country);
        return body.Failed ? body.Problem : await acts.Do(context, id, "exception", asked,
            (grain, act) => grain.DeclareException(exception!, act.ExpectedSeq, act.Actor, act.Request),
            (change, place) => TypedResults.Json(
                new ExceptionAnswer(ExceptionItem.Of(exception! with { Id = PharmacyPage.ExceptionId(change.Seq) }, place.Zone), change.Seq), statusCode: StatusCodes.Status201Created));
    }

    private static Task<IResult> Revoke(HttpContext context, string id, string exceptionId, CounterActs acts) =>
        acts.Do(context, id, "revokeException", exceptionId, (grain, act) => grain.RevokeException(exceptionId, act.ExpectedSeq, act.Actor, act.Request), CounterEndpoints.Changed);

    private static IResult Holidays(HttpContext context, string id, Country country, Clock clock)
    {
        if (!PharmacyId.TryParse(id, out var pharmacy) || !country.TryFind(pharmacy, out var place))
            return Problems.UnknownPharmacy(context, id);
        var today = clock.Now.InZone(place.Zone.Time).Date;
        return TypedResults.Ok(new HolidaysAnswer(HolidayItem.Among(Enumerable.Range(0, 366).Select(today.PlusDays), place.Zone)));
    }
}
