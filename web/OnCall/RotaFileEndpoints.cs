using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using NodaTime;
using Realtime.OnCall;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.OnCall;

/// <summary>What is wrong with a line of a file.</summary>
public sealed record LineErrorItem(int Line, string Column, string Sentence);

/// <summary>What reading a file gave.</summary>
/// <param name="Read">Records.</param>
/// <param name="Accepted">Those that are duties.</param>
/// <param name="Rejected">Those that have an error.</param>
/// <param name="Errors">By line.</param>
/// <param name="Sectors">What became drafts, or in a dry run would.</param>
/// <param name="Seq">The department's version after it.</param>
public sealed record RotaImportAnswer(int Read, int Accepted, int Rejected, IReadOnlyList<LineErrorItem> Errors, IReadOnlyList<DraftedItem> Sectors, long Seq);

/// <summary>A list that was given to an authority.</summary>
/// <param name="Recipient">ars or cpam.</param>
/// <param name="From">First instant of the list.</param>
/// <param name="To">First instant after it, at most 400 days later.</param>
/// <param name="Proof">What shows that it was received: the reference of the deposit, the registered letter, the answer.</param>
public sealed record SendingAsked(string Recipient, string From, string To, string Proof);

/// <summary>Rotas as files: read into drafts, written for the ARS and the CPAM, and the proof that they have them.</summary>
internal static class RotaFileEndpoints
{
    private const int LargestFile = 4 * 1024 * 1024, LongestProof = 200;
    private static readonly Duration Longest = Duration.FromDays(400);

    private static readonly QueryParameter<Instant?> From = QueryParameter.Moment("from", "First instant of the range.") with { Required = true };
    private static readonly QueryParameter<Instant?> To = QueryParameter.Moment("to", "First instant after the range, at most 400 days later.") with { Required = true };
    private static readonly QueryParameter<bool> DryRun = QueryParameter.Flag("dryRun", "Whether to read and report only.");

    public static void MapRotaFiles(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1/oncall/departments/{department}").WithTags("On-call duty").RequireAuthorization(Policies.Planner);
        group.MapPost("/import", Import).WithQuery(DryRun).WithHeaders(RequestKeys.Parameter).WithMetadata(new RequestSizeLimitAttribute(LargestFile)).Accepts<string>("text/csv")
            .WithSummary("Reads a rota from CSV; where no line is wrong it becomes drafts.").Produces<RotaImportAnswer>().Refuses(400, 401, 403, 413, 415, 422);
        group.MapGet("/export", Export).WithQuery(From, To).WithSummary("The duties of a range as CSV, for the ARS and the CPAM.").Produces<string>(contentType: "text/csv").Refuses(400, 401, 403);
        group.MapPost("/sendings", Send).IsRotaAct<SendingItem>("Keeps the proof that an authority was given the list of a range.").Produces<SendingItem>(201);
    }

    private static async Task<IResult> Import(HttpContext context, string department, Rotas rotas, Country country)
    {
        var query = new QueryReader(context);
        var dryRun = query.Read(DryRun);
        if (query.Failed)
            return query.Problem;
        using var file = new MemoryStream();
        await context.Request.Body.CopyToAsync(file, context.RequestAborted);
        var reading = RotaCsv.Read(file.GetBuffer().AsSpan(0, (int)file.Length), Rotas.ZoneOf(country, department).Time);
        var errors = reading.Errors.Select(error => new LineErrorItem(error.Line, error.Column, context.Say(new(error.English, error.French)))).Concat(Misplaced(context, reading.Duties, country, department)).OrderBy(error => error.Line).ToArray();
        var duties = reading.Duties.Select(one => one.Duty with { Period = Stored(one.Duty.Period) }).ToLookup(duty => duty.Sector);
        var wrong = errors.Select(error => error.Line).Distinct().Count();
        var accepted = reading.Duties.Count - errors.Select(error => error.Line).Distinct().Count(line => reading.Duties.Any(one => one.Line == line));
        RotaImportAnswer AnswerOf(IReadOnlyList<DraftedItem> drafted, long seq) => new(accepted + wrong, accepted, wrong, errors, drafted, seq);
        if (dryRun || errors.Length > 0 || accepted == 0)
            return TypedResults.Ok(AnswerOf(errors.Length > 0 ? [] : [.. duties.Select(one => new DraftedItem(one.Key, one.Count()))], country.Book.Of(department).Seq));
        return await rotas.Draft(context, department, null, duties.Select(one => one.Key), duties, (drafted, seq) => TypedResults.Ok(AnswerOf(drafted, seq)));
    }

    private static OnCallPeriod Stored(OnCallPeriod period) => period with { Start = PackedDuties.AsStored(period.Start), End = PackedDuties.AsStored(period.End) };

    private static IEnumerable<LineErrorItem> Misplaced(HttpContext context, IEnumerable<(int Line, Duty Duty)> duties, Country country, string department)
    {
        var sectors = country.Book.SectorsOf(department).ToDictionary(sector => sector.Code, StringComparer.Ordinal);
        foreach (var (line, duty) in duties)
            if (!sectors.TryGetValue(duty.Sector, out var sector))
                yield return new(line, "sector", context.Say(new($"{duty.Sector} is no sector of the department {department}", $"{duty.Sector} n'est pas un secteur du département {department}")));
            else if (!sector.Pharmacies.Contains(duty.Pharmacy))
                yield return new(line, "pharmacy", context.Say(new($"{duty.Pharmacy} is not a pharmacy of the sector {duty.Sector}", $"{duty.Pharmacy} n'est pas une pharmacie du secteur {duty.Sector}")));
            else if (sector.KindOf(duty.Period.Kind) is null)
                yield return new(line, "kind", context.Say(new($"the sector {duty.Sector} does not organise this kind of duty", $"le secteur {duty.Sector} n'organise pas ce type de garde")));
    }

    private static IResult Export(HttpContext context, string department, Country country)
    {
        var query = new QueryReader(context);
        var (from, to) = (query.Read(From), query.Read(To));
        PharmacyEndpoints.CheckRange(query, from, to, Longest);
        if (query.Failed)
            return query.Problem;
        var (bytes, _) = FileOf(country, department, from!.Value, to!.Value);
        return TypedResults.File(bytes, "text/csv; charset=utf-8", $"gardes-{department}.csv");
    }

    private static async Task<IResult> Send(HttpContext context, string department, SendingAsked asked, Rotas rotas, Country country, Clock clock)
    {
        var body = new BodyReader(context);
        var (from, to, proof) = (body.Moment("$.from", asked.From), body.Moment("$.to", asked.To), body.Text("$.proof", asked.Proof, LongestProof)!);
        if (asked.Recipient is not ("ars" or "cpam"))
            body.Refuse("$.recipient", new("takes ars or cpam", "attend ars ou cpam"));
        if (!body.Failed && (to <= from || to - from > Longest))
            body.Refuse("$.to", new($"must follow from, by at most {Longest.Days} days", $"doit suivre from, de {Longest.Days} jours au plus"));
        if (body.Failed)
            return body.Problem;
        var (bytes, count) = FileOf(country, department, from, to);
        var sending = new Sending(asked.Recipient, from, to, count, Convert.ToHexStringLower(SHA256.HashData(bytes)), clock.Now, proof);
        return await rotas.Do(context, department, "sending", asked, (grain, request, actor) => grain.RecordSending(sending, actor, request),
            _ => TypedResults.Json(new SendingItem(sending.Recipient, asked.From, asked.To, count, sending.Sha256, Moments.Utc(sending.At), proof), statusCode: StatusCodes.Status201Created));
    }

    // The same range gives the same bytes as long as the rota is the same, so that the hash of what was sent can be checked.
    private static (byte[] Bytes, int Duties) FileOf(Country country, string department, Instant from, Instant to)
    {
        var duties = country.Book.SectorsOf(department).SelectMany(sector => country.Book.DutiesOf(sector, from, to)).ToArray();
        return (RotaCsv.Write(duties, Rotas.ZoneOf(country, department).Time, id => country.TryFind(id, out var place) ? place.Facts.Record.Name : null, french: true), duties.Length);
    }
}
