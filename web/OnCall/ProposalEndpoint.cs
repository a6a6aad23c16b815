using NodaTime;
using NodaTime.Text;
using Realtime.Coverage;
using Realtime.Nearest;
using Realtime.OnCall;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.OnCall;

/// <summary>Dates on which a pharmacy would rather not serve.</summary>
/// <param name="Pharmacy">FINESS number.</param>
/// <param name="Dates">Local dates, as <c>2027-05-01</c>.</param>
public sealed record WishAsked(string Pharmacy, IReadOnlyList<string?> Dates);

/// <summary>What a proposal is made from.</summary>
/// <param name="From">First local date.</param>
/// <param name="To">First local date after the range, at most 366 days later.</param>
/// <param name="Sectors">Codes; absent for all that the department runs.</param>
/// <param name="MinimumRestDays">Free days between two duties of a pharmacy, 0 to 60.</param>
/// <param name="Wishes">Dates wished off.</param>
/// <param name="Seed">Another one gives another proposal where several are as good.</param>
public sealed record ProposalAsked(string From, string To, IReadOnlyList<string?>? Sectors = null, int? MinimumRestDays = null, IReadOnlyList<WishAsked?>? Wishes = null, int? Seed = null);

/// <summary>How evenly a sector shares out one kind of duty.</summary>
public sealed record SpreadItem(string Sector, string Kind, int Slots, int Min, int Max);

/// <summary>How good a rota is.</summary>
/// <param name="Gaps">Periods that nobody serves.</param>
/// <param name="Spread">Loads per sector and kind.</param>
/// <param name="RestViolations">Pairs of duties with fewer free days between them than asked for.</param>
/// <param name="WishesGranted">Dates wished off that are left free.</param>
/// <param name="WishesRefused">Dates wished off on which the pharmacy serves all the same.</param>
/// <param name="MeanMeters">From people to the nearest pharmacy on duty, over all periods and people alike; null where no communes are known.</param>
public sealed record RotaFiguresItem(int Gaps, IReadOnlyList<SpreadItem> Spread, int RestViolations, int WishesGranted, int WishesRefused, double? MeanMeters)
{
    internal static RotaFiguresItem Of(RotaFigures figures) => new(
        figures.Gaps, [.. figures.Sectors.Select(load => new SpreadItem(load.Sector, RotaWords.Of(load.Kind), load.Slots, load.LoadMin, load.LoadMax))],
        figures.ShortRests.Count, figures.WishesGranted, figures.WishesRefused, figures.MeanDistanceMeters);
}

/// <summary>A proposal's figures beside those of a plain round-robin.</summary>
public sealed record FiguresPairItem(RotaFiguresItem Proposal, RotaFiguresItem RoundRobin);

/// <summary>How many duties a sector got as its draft.</summary>
public sealed record DraftedItem(string Sector, int Duties);

/// <summary>The drafts that a proposal became, and its figures.</summary>
public sealed record ProposalAnswer(IReadOnlyList<DraftedItem> Sectors, FiguresPairItem Figures, long Seq);

/// <summary><c>POST …/departments/{department}/proposal</c>: fills a range fairly; the result becomes the drafts of its sectors.</summary>
internal static class ProposalEndpoint
{
    private const int LongestDays = 366, LongestRest = 60, MostWishes = 500, MostDates = 366;

    // It keeps a core busy for seconds: one at a time, and patients are answered meanwhile.
    private static readonly SemaphoreSlim One = new(1);

    public static void MapProposal(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/oncall/departments/{department}/proposal", Answer).WithTags("On-call duty").RequireAuthorization(Policies.Planner).IsRotaAct<ProposalAnswer>(
            "Proposes a fair rota over a range, as drafts, with its figures beside a plain round-robin.", 404).Weighs(CallWeight.OfSchedules);

    private static async Task<IResult> Answer(HttpContext context, string department, ProposalAsked asked, Rotas rotas, Country country, Atlas atlas, Clock clock)
    {
        var body = new BodyReader(context);
        var request = Read(body, asked, department, country, atlas);
        if (body.Failed)
            return body.Problem;
        if (request.Sectors.Count == 0)
            return RotaProblems.UnknownSector(context);
        await One.WaitAsync(context.RequestAborted);
        RotaProposal proposal;
        try
        {
            proposal = await Task.Run(() => RotaProposal.Make(request), context.RequestAborted);
        }
        finally
        {
            One.Release();
        }
        var figures = new FiguresPairItem(RotaFiguresItem.Of(proposal.Figures), RotaFiguresItem.Of(proposal.RoundRobin));
        var from = request.From.AtStartOfDayInZone(request.Zone.Time).ToInstant();
        return await rotas.Draft(context, department, from, request.Sectors.Select(sector => sector.Code), proposal.Duties.ToLookup(duty => duty.Sector),
            (drafted, seq) => TypedResults.Ok(new ProposalAnswer(drafted, figures, seq)));
    }

    private static RotaRequest Read(BodyReader body, ProposalAsked asked, string department, Country country, Atlas atlas)
    {
        var (book, zone) = (country.Book, Rotas.ZoneOf(country, department));
        var (from, to) = (Date(body, "$.from", asked.From), Date(body, "$.to", asked.To));
        if (to <= from || Period.DaysBetween(from, to) > LongestDays)
            body.Refuse("$.to", new($"must follow from, by at most {LongestDays} days", $"doit suivre from, de {LongestDays} jours au plus"));
        if (asked.MinimumRestDays is < 0 or > LongestRest)
            body.Refuse("$.minimumRestDays", new($"takes 0 to {LongestRest}", $"attend de 0 à {LongestRest}"));
        var codes = asked.Sectors?.OfType<string>().ToHashSet(StringComparer.Ordinal);
        OnCallSector[] sectors = [.. book.SectorsOf(department).Where(sector => codes is null || codes.Contains(sector.Code))];
        var wishes = ReadWishes(body, asked.Wishes ?? []);
        if (body.Failed)
            return new() { Sectors = [], Zone = zone, From = from, To = from };
        var start = from.AtStartOfDayInZone(zone.Time).ToInstant();
        return new()
        {
            Sectors = sectors,
            Zone = zone,
            From = from,
            To = to,
            Seed = asked.Seed ?? 0,
            RestDays = asked.MinimumRestDays ?? RotaRequest.UsualRestDays,
            Wishes = wishes,
            Places = sectors.SelectMany(sector => sector.Pharmacies).Distinct().Where(id => country.TryFind(id, out _)).ToDictionary(id => id, id => PositionOf(country, id)),
            Exemptions = [.. book.Of(department).Measures.Where(measure => measure.Kind == MeasureKind.Exemption).Select(measure => new ExemptSpan(measure.Pharmacies[0], measure.Start, measure.End))],
            Served = [.. sectors.SelectMany(sector => book.PlannedOf(sector, start - Duration.FromDays(LongestDays), start)).Where(duty => duty.Period.Start < start)],
            People = [.. (atlas.Communes?.All ?? []).Where(commune => commune.Department == department).Select(commune => new PopulatedPlace(commune.At, commune.Population))],
        };
    }

    private static Position PositionOf(Country country, PharmacyId id) => country.TryFind(id, out var place) ? new(place.Facts.Record.Latitude, place.Facts.Record.Longitude) : default;

    private static Dictionary<PharmacyId, IReadOnlyCollection<LocalDate>> ReadWishes(BodyReader body, IReadOnlyList<WishAsked?> wishes)
    {
        var read = new Dictionary<PharmacyId, IReadOnlyCollection<LocalDate>>();
        if (wishes.Count > MostWishes)
            body.Refuse("$.wishes", new($"takes at most {MostWishes}", $"en attend {MostWishes} au plus"));
        for (var i = 0; i < wishes.Count && i < MostWishes; i++)
            if (wishes[i] is not { } wish || !PharmacyId.TryParse(wish.Pharmacy, out var id) || read.ContainsKey(id) || wish.Dates.Count > MostDates)
                body.Refuse($"$.wishes[{i}]", new($"takes a FINESS number, once, and at most {MostDates} dates", $"attend un numéro FINESS, une fois, et {MostDates} dates au plus"));
            else
                read[id] = [.. wish.Dates.Select((date, j) => Date(body, $"$.wishes[{i}].dates[{j}]", date))];
        return read;
    }

    private static LocalDate Date(BodyReader body, string path, string? text)
    {
        if (text is not null && LocalDatePattern.Iso.Parse(text) is { Success: true } parsed && parsed.Value.Year is >= 2000 and <= 2099)
            return parsed.Value;
        body.Refuse(path, new("takes a date such as 2027-05-01, of the years 2000 to 2099", "attend une date comme 2027-05-01, des années 2000 à 2099"));
        return new(2000, 1, 1);
    }
}
