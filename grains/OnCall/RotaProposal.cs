using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>A rota proposed for a range of dates, with the figures that speak for it.</summary>
/// <param name="Duties">By start, then sector; access is by the bell at night and through the door by day, until somebody says otherwise.</param>
/// <param name="Loads">What each pharmacy serves of each kind, in the order of sectors, kinds and their pharmacies.</param>
/// <param name="Figures">How good the rota is; its short rests say where the rest asked for was more than the sectors' sizes allow.</param>
/// <param name="RoundRobin">The same figures of a plain round-robin over the same periods, to compare with.</param>
public sealed record RotaProposal(IReadOnlyList<Duty> Duties, IReadOnlyList<PharmacyLoad> Loads, RotaFigures Figures, RotaFigures RoundRobin)
{
    /// <summary>
    /// Fills the range: first nobody serves twice at once nor while exempt; then every period is served, loads within a sector and kind are even, rest is kept,
    /// wishes are granted and ways are short, the earlier before the later. Takes seconds for a department's year; the answer depends on the request alone.
    /// </summary>
    /// <exception cref="ArgumentException">The request is not as its description says.</exception>
    public static RotaProposal Make(RotaRequest request)
    {
        RotaRequest.Check(request);
        var task = new RotaTask(request);
        var distances = new RotaDistances(task);
        var roundRobin = RotaMeasure.Of(task, RotaStart.RoundRobin(task).ToDuties());
        var best = Improved(task, distances, RotaStart.Balanced(task, DemoDraw.For(request.Seed, DemoTopic.Duty, 0)));
        // Rare, as where one sector alone leaves little to exchange: what starts from the round-robin ends no farther, unless another rule asks for it.
        if (best.Figures.MeanDistanceMeters > roundRobin.MeanDistanceMeters && Improved(task, distances, RotaStart.RoundRobin(task)) is var other && IsBetter(other.Figures, best.Figures))
            best = other;
        return new RotaProposal(best.Duties, [.. RotaMeasure.Loads(task, best.Duties)], best.Figures, roundRobin);
    }

    private static (IReadOnlyList<Duty> Duties, RotaFigures Figures) Improved(RotaTask task, RotaDistances distances, RotaDraft draft)
    {
        new RotaSearch(task, distances, draft).Run();
        var duties = draft.ToDuties();
        return (duties, RotaMeasure.Of(task, duties));
    }

    private static bool IsBetter(RotaFigures a, RotaFigures b) =>
        (a.Gaps, a.Spread, a.ShortRests.Count, a.WishesRefused, a.MeanDistanceMeters ?? 0).CompareTo((b.Gaps, b.Spread, b.ShortRests.Count, b.WishesRefused, b.MeanDistanceMeters ?? 0)) < 0;
}
