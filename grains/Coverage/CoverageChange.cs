namespace Realtime.Coverage;

/// <summary>What becomes of one commune.</summary>
/// <param name="Commune">Which.</param>
/// <param name="BeforeMeters">Its distance before; null where nobody served on its land.</param>
/// <param name="AfterMeters">Its distance after; less.</param>
public sealed record CommuneGain(Commune Commune, double? BeforeMeters, double AfterMeters);

/// <summary>What one more pharmacy that serves would change: a comparison of two maps of the same communes, the second with more pharmacies than the first.</summary>
/// <param name="Before">The figures without it.</param>
/// <param name="After">The figures with it.</param>
/// <param name="Nearer">Who would have less far to go, or could go at all.</param>
/// <param name="Reached">Who among them could not go anywhere.</param>
/// <param name="Leaving">Who, for each of <see cref="CoverageFigures.Classes"/>, had further to go than that and would no longer.</param>
public sealed record CoverageChange(CoverageFigures Before, CoverageFigures After, PeopleOf Nearer, PeopleOf Reached, IReadOnlyList<PeopleOf> Leaving)
{
    /// <summary>The change of a range of communes.</summary>
    public static CoverageChange Of(CoverageMap before, CoverageMap after, Range range)
    {
        var (start, count) = range.GetOffsetAndLength(before.Communes.All.Count);
        var (nearer, reached, leaving) = (default(PeopleOf), default(PeopleOf), new PeopleOf[CoverageFigures.Classes.Count]);
        for (var i = start; i < start + count; i++)
        {
            var (was, becomes, commune) = (before.Meters[i], after.Meters[i], before.Communes.All[i]);
            if (becomes >= was)
                continue;
            nearer = nearer.And(commune);
            if (double.IsPositiveInfinity(was))
                reached = reached.And(commune);
            else
                for (var one = 0; one < leaving.Length; one++)
                    if (was > CoverageFigures.Classes[one] && becomes <= CoverageFigures.Classes[one])
                        leaving[one] = leaving[one].And(commune);
        }
        return new(CoverageFigures.Of(before, range), CoverageFigures.Of(after, range), nearer, reached, leaving);
    }

    /// <summary>The communes that gain most: those that nobody reached, then by the distance saved, then by INSEE code.</summary>
    /// <param name="before">The map without it.</param>
    /// <param name="after">The map with it.</param>
    /// <param name="limit">At most so many.</param>
    public static IReadOnlyList<CommuneGain> Gains(CoverageMap before, CoverageMap after, int limit) =>
        [.. Enumerable.Range(0, before.Communes.All.Count)
            .Where(i => after.Meters[i] < before.Meters[i])
            // Stable, and the communes stand by INSEE code already.
            .OrderByDescending(i => before.Meters[i] - after.Meters[i])
            .Take(limit)
            .Select(i => new CommuneGain(before.Communes.All[i], before.MetersOf(i), after.Meters[i]))];
}
