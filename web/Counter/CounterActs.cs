using Realtime.Idempotency;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.Counter;

/// <summary>Who acts, on which version of the page, and how the same request is recognized when it comes again.</summary>
internal sealed record Act(string Actor, long ExpectedSeq, RequestKey Request);

/// <summary>One act of a pharmacy's staff, the same way for all of them: what the headers say, the grain's answer, and what this node then shows.</summary>
internal sealed partial class CounterActs(IGrainFactory grains, Country country, RequestKeys keys, ILogger<CounterActs> log)
{
    // Who wrote sees it at once. Where this node lags more, the answer is given all the same: what was written is durable.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Carries an act out.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The pharmacy as the route has it.</param>
    /// <param name="name">Which act, as <c>hours</c>.</param>
    /// <param name="asked">What the body says, or the route where there is none.</param>
    /// <param name="ask">Asks the grain.</param>
    /// <param name="answer">The answer to a change that was made, now or before.</param>
    public async Task<IResult> Do(HttpContext context, string id, string name, object asked, Func<IPharmacyGrain, Act, Task<PageChange>> ask, Func<PageChange, Place, IResult> answer)
    {
        if (!PharmacyId.TryParse(id, out var pharmacy) || !country.TryFind(pharmacy, out var place))
            return Problems.UnknownPharmacy(context, id);
        if (!IfMatch.TryRead(context, out var expected, out var problem) || !keys.TryRead(context, pharmacy, name, asked, out var request, out problem))
            return problem;
        var act = new Act(context.Caller().Subject, expected, request);
        var change = await GrainCalls.Twice(() => ask(grains.GetGrain<IPharmacyGrain>(pharmacy.Value), act));
        if (change.Refusal is { } refusal)
            return Refused(context, id, change.Seq, refusal);
        await Task.WhenAll(country.Reach(pharmacy, change.Seq, Patience), TellQueue(pharmacy));
        IfMatch.Tag(context, change.Seq);
        RequestKeys.Tell(context, change.Replayed);
        return answer(change, place);
    }

    // Whoever pauses, or closes, and then orders finds it so at once. Where the queue does not answer now it looks by itself before the second is over.
    private async Task TellQueue(PharmacyId pharmacy)
    {
        try
        {
            await grains.GetGrain<IOrderQueueGrain>(pharmacy.Value).Sweep();
        }
        catch (Exception passing) when (GrainCalls.IsPassing(passing))
        {
            LogUntold(pharmacy, passing.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The orders of {Pharmacy} were not told at once that its page changed: {Cause}")]
    private partial void LogUntold(PharmacyId pharmacy, string cause);

    private static IResult Refused(HttpContext context, string id, long seq, PageRefusal refusal) => refusal.Kind switch
    {
        PageRefusalKind.UnknownPharmacy => Problems.UnknownPharmacy(context, id),
        PageRefusalKind.Stale => IfMatch.Stale(context, seq),
        PageRefusalKind.InvalidHours => Problems.Of(context, 400, "invalid-hours", new(refusal.English!, refusal.French!), more: new Dictionary<string, object?> { ["column"] = refusal.Column }),
        PageRefusalKind.InvalidClosure => Problems.InvalidRequest(context, "$.end",
            new("must be later than start, by at most 366 days, and later than now", "doit suivre start, de 366 jours au plus, et être à venir")),
        PageRefusalKind.ReliefIsItself => Problems.InvalidRequest(context, "$.reliefPharmacy", new("must be another pharmacy", "doit être une autre pharmacie")),
        PageRefusalKind.UnknownClosure => Problems.Of(context, 404, "unknown-closure", new("The pharmacy has no such closure: it was taken back, or is over.", "La pharmacie n'a pas cette fermeture : elle a été retirée, ou elle est passée.")),
        PageRefusalKind.TooManyClosures => Problems.Of(context, 409, "too-many-closures",
            new($"A pharmacy declares at most {PharmacyPage.MostClosures} closures ahead: take one back first.", $"Une pharmacie annonce au plus {PharmacyPage.MostClosures} fermetures à venir : retirez-en une d'abord.")),
        PageRefusalKind.InvalidOpening => Problems.InvalidRequest(context, "$.end",
            new("must be later than start, by at most 31 days, and later than now", "doit suivre start, de 31 jours au plus, et être à venir")),
        PageRefusalKind.InvalidVacation => Problems.InvalidRequest(context, "$.to",
            new("must not lie before from nor today, the whole be of at most 366 days and begin within two years", "ne doit précéder ni from ni aujourd'hui ; l'ensemble compte 366 jours au plus et commence d'ici deux ans")),
        PageRefusalKind.InvalidHoliday => Problems.InvalidRequest(context, "$.date",
            new("must be a public holiday where the pharmacy is, today or within two years", "doit être un jour férié là où se trouve la pharmacie, aujourd'hui ou d'ici deux ans")),
        PageRefusalKind.UnknownException => Problems.Of(context, 404, "unknown-exception",
            new("The pharmacy has no such exception: it was taken back, or is over.", "La pharmacie n'a pas cette exception : elle a été retirée, ou elle est passée.")),
        PageRefusalKind.TooManyExceptions => Problems.Of(context, 409, "too-many-exceptions",
            new($"A pharmacy declares at most {PharmacyPage.MostExceptions} exceptions ahead: take one back first.", $"Une pharmacie annonce au plus {PharmacyPage.MostExceptions} exceptions à venir : retirez-en une d'abord.")),
        PageRefusalKind.InvalidPause => Problems.InvalidRequest(context, "$.until", new("must be later than now, by at most 366 days", "doit être à venir, d'ici 366 jours au plus")),
        PageRefusalKind.NotPaused => Problems.Of(context, 409, "not-paused", new("The pharmacy is not paused.", "La pharmacie n'est pas en pause.")),
        PageRefusalKind.KeyReused => Problems.Of(context, 422, "key-reused",
            new("This Idempotency-Key came before with another request: take a new key.", "Cette Idempotency-Key a déjà servi à une autre requête : prenez-en une nouvelle.")),
        _ => throw new InvalidOperationException($"{refusal.Kind} has no answer."),
    };
}
