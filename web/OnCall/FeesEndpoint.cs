using NodaTime;
using NodaTime.Text;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.OnCall;

/// <summary>Time that earns a fee for each prescription.</summary>
/// <param name="Class">night, deepNight, sundayOrHoliday or day.</param>
/// <param name="FeeCents">For each prescription.</param>
/// <param name="Minutes">Whole minutes of duty.</param>
public sealed record FeeItem(string Class, int FeeCents, int Minutes);

/// <summary>A duty, or the part of it that falls in the month and under one table.</summary>
/// <param name="Sector">Code.</param>
/// <param name="Kind">night, sundayOrHoliday or day.</param>
/// <param name="Start">First instant.</param>
/// <param name="End">First instant after it.</param>
/// <param name="Table">First date of the tariff; null before the first.</param>
/// <param name="IndemnityCents">For the nights, Sundays or holidays that begin in it.</param>
/// <param name="Fees">Time that earns fees.</param>
/// <param name="Reasons">Why not more is due.</param>
public sealed record StatementLineItem(string Sector, string Kind, string Start, string End, string? Table, int IndemnityCents, IReadOnlyList<FeeItem> Fees, IReadOnlyList<string> Reasons);

/// <summary>What a month of duty earns, estimated.</summary>
/// <param name="Estimate">Always <c>estimé</c>: the health insurance decides.</param>
/// <param name="Pharmacy">Whose.</param>
/// <param name="Month">Which.</param>
/// <param name="IndemnityCents">All indemnities.</param>
/// <param name="Lines">By start.</param>
public sealed record StatementAnswer(string Estimate, string Pharmacy, string Month, int IndemnityCents, IReadOnlyList<StatementLineItem> Lines);

/// <summary><c>GET /api/v1/counter/{id}/fees</c>: a pharmacy's monthly statement of duty, by the dated tariffs.</summary>
internal static class FeesEndpoint
{
    private const string Cpam = "cpam";

    private static readonly QueryParameter<YearMonth?> Month = new("month", Schemas.Code("^[0-9]{4}-[0-9]{2}$"), new("a month such as 2026-11, of the years 2006 to 2099", "un mois comme 2026-11, des années 2006 à 2099"),
        text => YearMonthPattern.Iso.Parse(text) is { Success: true } month && month.Value.Year is >= 2006 and <= 2099 ? (true, month.Value) : default)
    { Required = true, Doc = "The month, by the clock of the pharmacy." };
    private static readonly QueryParameter<string> Format = QueryParameter.Word("format", ["json", "csv"], "json", "What to answer with.");

    public static void MapFees(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/counter/{id}/fees", Answer).WithTags("Counter").RequireAuthorization(Policies.Staff).WithQuery(Month, Format)
            .WithSummary("What the duty of a month earns, estimated by the dated tariffs; as JSON or CSV.").Produces<StatementAnswer>().Refuses(400, 401, 403, 404);

    private static IResult Answer(HttpContext context, string id, Country country)
    {
        var query = new QueryReader(context);
        var (month, format) = (query.Read(Month), query.Read(Format));
        if (query.Failed)
            return query.Problem;
        if (!PharmacyId.TryParse(id, out var pharmacy) || !country.TryFind(pharmacy, out var place))
            return Problems.UnknownPharmacy(context, id);
        var statement = MonthlyStatement.Make(RequestOf(country, place, month!.Value));
        if (format == "csv")
            return TypedResults.File(StatementCsv.Write(statement, place.Zone.Time, french: true), "text/csv; charset=utf-8", $"gardes-{id}-{MonthOf(statement)}.csv");
        return TypedResults.Ok(new StatementAnswer(StatementCsv.Mark, id, MonthOf(statement), statement.IndemnityCents, [.. statement.Lines.Select(line => ItemOf(context, line, place.Zone.Time))]));
    }

    private static StatementRequest RequestOf(Country country, Place place, YearMonth month)
    {
        var (book, id) = (country.Book, place.Facts.Record.Id);
        var (start, end) = (month.OnDayOfMonth(1).AtStartOfDayInZone(place.Zone.Time).ToInstant(), month.OnDayOfMonth(1).PlusMonths(1).AtStartOfDayInZone(place.Zone.Time).ToInstant());
        // What a duty that began before the month has had already is not counted again.
        var duties = book.DutiesOf(id, start - RotaRules.LongestDuty, end).ToArray();
        return new()
        {
            Pharmacy = id,
            Zone = place.Zone,
            Month = month,
            Duties = duties,
            Own = place.Schedule.WithoutDuty(),
            WasTransmitted = duty => book.FindSector(duty.Sector) is { } sector
                && book.Of(sector.Department).Sendings.Any(sent => sent.Recipient == Cpam && sent.From <= duty.Period.Start && duty.Period.Start < sent.To),
        };
    }

    private static StatementLineItem ItemOf(HttpContext context, StatementLine line, DateTimeZone zone) => new(
        line.Sector, RotaWords.Of(line.Kind), Moments.In(zone, line.Start), Moments.In(zone, line.End), line.Table?.From.ToString("uuuu-MM-dd", null), line.IndemnityCents,
        [.. line.Fees.Select(fee => new FeeItem(WordOf(fee.Class), fee.FeeCents, fee.Minutes))],
        [.. line.Reasons.Select(reason => context.Say(new(StatementCsv.Sentence(reason, french: false), StatementCsv.Sentence(reason, french: true))))]);

    private static string MonthOf(MonthlyStatement statement) => YearMonthPattern.Iso.Format(statement.Month);

    private static string WordOf(PeriodClass period) => period switch
    {
        PeriodClass.Night => "night",
        PeriodClass.DeepNight => "deepNight",
        PeriodClass.SundayOrHoliday => "sundayOrHoliday",
        _ => "day",
    };
}
