using NodaTime;
using Realtime.Hours;
using Realtime.Idempotency;
using Realtime.OnCall;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.OnCall;

/// <summary>One act on a department's duty, the same way for all of them: the key, the grain's answer, and what this node then shows.</summary>
internal sealed class Rotas(IGrainFactory grains, Country country, RequestKeys keys)
{
    // Who wrote sees it at once. Where this node lags more, the answer is given all the same: what was written is durable.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Carries an act out; who may was checked before.</summary>
    /// <param name="context">The request.</param>
    /// <param name="department">Whose duty.</param>
    /// <param name="name">Which act, as <c>rota</c>.</param>
    /// <param name="asked">What the body says, or the route where there is none.</param>
    /// <param name="ask">Asks the grain.</param>
    /// <param name="answer">The answer to a change that was made, now or before.</param>
    public async Task<IResult> Do(HttpContext context, string department, string name, object asked, Func<IRotaGrain, RequestKey, string, Task<RotaChange>> ask, Func<RotaChange, IResult> answer)
    {
        if (!keys.TryRead(context, $"oncall {department}", name, asked, out var request, out var problem))
            return problem;
        var actor = context.Caller().Subject;
        var change = await GrainCalls.Twice(() => ask(grains.GetGrain<IRotaGrain>(department), request, actor));
        if (change.Refusal is { } refusal)
            return RotaProblems.Of(context, refusal);
        await country.Reach(department, change.Seq, Patience);
        RequestKeys.Tell(context, change.Replayed);
        return answer(change);
    }

    /// <summary>Drafts the rotas of several sectors, one row each: drafts are nobody's but the planner's, so that what stops half way is simply sent again.</summary>
    /// <param name="context">The request.</param>
    /// <param name="department">Whose duty.</param>
    /// <param name="from">What is drafted begins here; null for each sector's first duty.</param>
    /// <param name="sectors">Codes.</param>
    /// <param name="duties">By sector.</param>
    /// <param name="answer">The answer, from what was drafted and the last row.</param>
    public async Task<IResult> Draft(HttpContext context, string department, Instant? from, IEnumerable<string> sectors, ILookup<string, Duty> duties, Func<IReadOnlyList<DraftedItem>, long, IResult> answer)
    {
        var (drafted, last, actor) = (new List<DraftedItem>(), 0L, context.Caller().Subject);
        foreach (var sector in sectors.Order(StringComparer.Ordinal))
        {
            Duty[] own = [.. duties[sector]];
            if (!keys.TryRead(context, $"oncall {department} {sector}", "draft", own, out var request, out var problem))
                return problem;
            var change = await GrainCalls.Twice(() => grains.GetGrain<IRotaGrain>(department).SetDraft(sector, from, own, actor, request));
            if (change.Refusal is { } refusal)
                return RotaProblems.Of(context, refusal);
            drafted.Add(new(sector, own.Length));
            last = Math.Max(last, change.Seq);
        }
        await country.Reach(department, last, Patience);
        return answer(drafted, last);
    }

    /// <summary>The clock on the wall of most of a department: of the first of its pharmacies that has one.</summary>
    public static Zone ZoneOf(Country country, string department) =>
        Zones.Of(null, $"{(department is "2A" or "2B" ? "20" : department)}00000"[..5]) ?? country.All.FirstOrDefault(place => place.Facts.Record.Department == department)?.Zone ?? Zones.OfTimeZone("Europe/Paris")!;
}

/// <summary>Refusals as problems.</summary>
internal static class RotaProblems
{
    /// <summary>The caller is no planner of the department.</summary>
    public static IResult Forbidden(HttpContext context) => Problems.OfStatus(context, StatusCodes.Status403Forbidden);

    /// <summary>There is no such sector.</summary>
    public static IResult UnknownSector(HttpContext context) =>
        Problems.Of(context, 404, "unknown-sector", new("No such sector is known here.", "Aucun secteur de ce nom n'est connu ici."));

    public static IResult Of(HttpContext context, RotaRefusal refusal) => refusal.Kind switch
    {
        RotaRefusalKind.UnknownSector => UnknownSector(context),
        RotaRefusalKind.SectorElsewhere => Problems.Of(context, 409, "sector-elsewhere", new("Another department runs a sector of this code.", "Un autre département gère un secteur de ce code.")),
        RotaRefusalKind.InvalidDuty => Problems.InvalidRequest(context, $"$.periods[{refusal.Index}].{(refusal.Detail == "overlap" ? "start" : refusal.Detail)}", WrongDuty(refusal.Detail)),
        RotaRefusalKind.TooLarge => Problems.InvalidRequest(context, $"$.{refusal.Detail ?? "periods"}", refusal.Detail is null
            ? new($"takes at most {RotaRules.MostDuties} duties with {RotaRules.MostTexts} different texts, {RotaRules.MostBytes / 1_024} KB in all", $"attend au plus {RotaRules.MostDuties} gardes et {RotaRules.MostTexts} textes différents, {RotaRules.MostBytes / 1_024} Ko en tout")
            : new("is too long to be kept with all that was said before", "est trop long pour être conservé avec tout ce qui a été dit avant")),
        RotaRefusalKind.NoDraft => Problems.Of(context, 409, "no-draft", new($"There is no draft of {refusal.Detail ?? "any sector"}.", $"Il n'y a pas de brouillon {(refusal.Detail is { } code ? $"du secteur {code}" : "")}.")),
        RotaRefusalKind.UnknownDuty => Problems.Of(context, 409, "unknown-duty",
            new($"The duty in {refusal.Detail} is not in the rota, has begun, or is another pharmacy's by now: read the rota again.", $"La garde de {refusal.Detail} n'est pas au tour, a commencé, ou revient désormais à une autre pharmacie : relisez le tour.")),
        RotaRefusalKind.OtherDepartment => Problems.Of(context, 422, "other-department",
            new("These duties are run by different departments: their planners have to settle it between them, each in his own rota.", "Ces gardes sont gérées par des départements différents : leurs planificateurs doivent s'entendre, chacun dans son tour.")),
        RotaRefusalKind.SamePharmacy => Problems.Of(context, 422, "same-pharmacy", new("Both duties are the same pharmacy's.", "Les deux gardes sont celles de la même pharmacie.")),
        RotaRefusalKind.AtOnce => Problems.Of(context, 409, "at-once", new("A pharmacy would serve two duties at once.", "Une pharmacie assurerait deux gardes à la fois.")),
        RotaRefusalKind.AlreadyOffered => Problems.Of(context, 409, "already-offered", new("One of these duties is in another exchange that is still open.", "L'une de ces gardes est déjà dans un échange en cours.")),
        RotaRefusalKind.UnknownSwap => Problems.Of(context, 404, "unknown-swap", new("No such exchange is known here.", "Aucun échange de ce numéro n'est connu ici.")),
        RotaRefusalKind.WrongState => Problems.Of(context, 409, "wrong-state", new($"The exchange is {refusal.Detail}.", $"L'échange est {French(refusal.Detail)}.")),
        RotaRefusalKind.UnknownMeasure => Problems.Of(context, 404, "unknown-measure", new("No such measure is known here, or it is over.", "Aucune mesure de ce numéro n'est connue ici, ou elle est passée.")),
        RotaRefusalKind.InvalidMeasure => Problems.InvalidRequest(context, $"$.{refusal.Detail}", new(
            "is what this kind of measure needs, or must not have, or runs backwards or too long", "est ce que ce type de mesure exige ou exclut, ou va à rebours, ou dure trop longtemps")),
        RotaRefusalKind.TooMany => Problems.Of(context, 409, "too-many", new("The department has as many of these as can be kept.", "Le département en a autant que possible.")),
        RotaRefusalKind.KeyReused => Problems.Of(context, 422, "key-reused",
            new("This Idempotency-Key came before with another request: take a new key.", "Cette Idempotency-Key a déjà servi à une autre requête : prenez-en une nouvelle.")),
        _ => throw new InvalidOperationException($"{refusal.Kind} has no answer."),
    };

    private static Sentence WrongDuty(string? detail) => detail switch
    {
        "kind" => new("is not a kind that the sector organises", "n'est pas un type de garde que ce secteur organise"),
        "pharmacy" => new("is not a pharmacy of the sector", "n'est pas une pharmacie du secteur"),
        "start" => new("is before from", "précède from"),
        "overlap" => new("overlaps another duty of the same pharmacy", "chevauche une autre garde de la même pharmacie"),
        _ => new($"must be later than start, by at most {RotaRules.LongestDuty.TotalDays:F0} days", $"doit suivre start, de {RotaRules.LongestDuty.TotalDays:F0} jours au plus"),
    };

    private static string French(string? state) => state switch
    {
        "proposed" => "proposé",
        "accepted" => "accepté",
        "confirmed" => "confirmé",
        "declined" => "décliné",
        "withdrawn" => "retiré",
        _ => "refusé",
    };
}
