using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using NodaTime;
using Realtime.Hours;
using Realtime.Journal;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Schools;
using Realtime.Web.Edge;
using Realtime.Web.Live;
using Realtime.Web.Identity;
using Realtime.Web.Pharmacies;

namespace Realtime.Web.Counter;

/// <summary>What was shown at an instant, and why.</summary>
/// <param name="At">The instant asked about.</param>
/// <param name="Status">What was shown, from what was known then.</param>
/// <param name="Hours">The opening hours that stood then.</param>
/// <param name="HoursSource">Who had stated them.</param>
/// <param name="Closures">Those not over then.</param>
/// <param name="Exceptions">Those not over then.</param>
/// <param name="Paused">The pause that held then.</param>
/// <param name="Seq">The page's version then; 0 where nothing had been written.</param>
/// <param name="Earlier">How many older events are not listed.</param>
/// <param name="Events">What had happened until then, the newest first.</param>
public sealed record HistoryAnswer(
    string At, StatusItem Status, string? Hours, string HoursSource, IReadOnlyList<ClosureItem> Closures, IReadOnlyList<ExceptionItem> Exceptions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PauseItem? Paused,
    long Seq, int Earlier, IReadOnlyList<PastEventItem> Events);

/// <summary>Something that happened.</summary>
/// <param name="Seq">The version it made.</param>
/// <param name="At">When it was decided.</param>
/// <param name="Kind">What, as <c>hours.set</c>.</param>
/// <param name="Actor">Pseudonym of who did it.</param>
/// <param name="Reason">Why, in a few words.</param>
/// <param name="Data">What it says, by its kind.</param>
public sealed record PastEventItem(long Seq, string At, string Kind, string Actor, string Reason, object Data);

/// <summary><c>GET /api/v1/counter/{id}/history</c>: answers "why was it shown open at 19:59:58?" from the journal itself.</summary>
internal static class HistoryEndpoint
{
    private const int MostEvents = 200;
    private static readonly QueryParameter<Instant?> At = QueryParameter.Moment("at", "The instant asked about, not later than now.") with { Required = true };

    public static void MapHistory(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/v1/counter/{id}/history", History).WithQuery(At).RequireAuthorization(Policies.StaffOrOperator).WithTags("Counter")
            .WithSummary("What was shown at a past instant, and the events that made it so.")
            .Produces<HistoryAnswer>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);

    private static async Task<IResult> History(HttpContext context, string id, IJournal journal, DemoWorld demo, Country country, RealtimeOptions options, Clock clock, CancellationToken cancellation)
    {
        var query = new QueryReader(context);
        var at = query.Read(At) ?? Instant.MinValue;
        if (at > clock.Now)
            query.Refuse(At.Name, new("must not be later than now", "ne doit pas être dans le futur"));
        if (query.Failed)
            return query.Problem;
        if (!PharmacyId.TryParse(id, out var pharmacy) || !demo.Shows(pharmacy))
            return Problems.UnknownPharmacy(context, id);
        var rows = (await journal.Read(PharmacyStreams.Of(pharmacy), 0, cancellation)).TakeWhile(row => row.At <= at).ToArray();
        var facts = rows.Aggregate(demo.Find(pharmacy), (before, row) =>
            PharmacyPage.Evolve(before, PharmacyJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span), row.At, row.Seq));
        if (facts is null)
            return Problems.Of(context, 404, "unknown-pharmacy",
                new($"No pharmacy {id} was known here at that instant.", $"Aucune pharmacie {id} n'était connue ici à cet instant."));
        context.Response.Headers.CacheControl = "no-store";
        var schools = await SchoolsAt(journal, at, cancellation);
        return TypedResults.Ok(AnswerOf(facts, rows, at, schools, country.Book, options));
    }

    // The table of school holidays as it was then.
    private static async Task<SchoolTable> SchoolsAt(IJournal journal, Instant at, CancellationToken cancellation) => (await journal.Read(SchoolRules.Stream, 0, cancellation))
        .TakeWhile(row => row.At <= at).Aggregate(SchoolTable.Empty, (table, row) => SchoolRules.Evolve(table, SchoolJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span)));

    // What is written was checked when it was written: its zone is known, and its hours parse.
    private static HistoryAnswer AnswerOf(Pharmacy facts, JournalRow[] rows, Instant at, SchoolTable schools, OnCallBook book, RealtimeOptions options)
    {
        var zone = Zones.Of(facts.Record.Insee, facts.Record.Address.Postcode)!;
        zone = SchoolRules.With(zone, SchoolRules.Compile(schools), facts.Record.Insee, facts.Record.Address.Postcode);
        var hours = facts.Record.Hours is { } text && OpeningHours.TryParse(text, out var parsed, out _) ? parsed : null;
        var status = PharmacySchedule.Of(facts, zone, hours, book, options, at).StatusAt(at);
        return new(
            Moments.In(zone.Time, at), StatusItem.Of(status, zone.Time), facts.Record.Hours, Words.Of(facts.HoursSource),
            [.. facts.Closures.Where(c => c.End > at).Select(c => ClosureItem.Of(c, zone.Time))],
            [.. facts.Exceptions.Where(e => e.In(zone).End > at).Select(e => ExceptionItem.Of(e, zone))],
            facts.Paused is { } pause && pause.HoldsAt(at) ? PauseItem.Of(pause, zone.Time) : null,
            facts.Seq, Math.Max(0, rows.Length - MostEvents), [.. rows.Reverse().Take(MostEvents).Select(row => EventOf(row, zone.Time))]);
    }

    private static PastEventItem EventOf(JournalRow row, DateTimeZone zone)
    {
        var data = JsonNode.Parse(row.Event.Payload.Span)!.AsObject();
        // By what a request is recognized when it comes again is nobody's business.
        data.Remove("request");
        return new(row.Seq, Moments.In(zone, row.At), row.Event.Kind, row.Event.Actor, row.Event.Reason, data);
    }
}
