using System.Runtime.InteropServices;

namespace Realtime.Coverage;

/// <summary>Communes, and the people in them.</summary>
/// <param name="Communes">How many.</param>
/// <param name="Population">Their inhabitants.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PeopleOf(int Communes, long Population)
{
    /// <summary>One commune more.</summary>
    internal PeopleOf And(Commune commune) => new(Communes + 1, Population + commune.Population);
}

/// <summary>How far people have to go, of some communes together. Every inhabitant counts once, at the point of his commune.</summary>
/// <param name="Population">Inhabitants, reached or not.</param>
/// <param name="MeanMeters">Mean distance of those who are reached; null where nobody is.</param>
/// <param name="MedianMeters">Half of those who are reached live no further than this; null where nobody is.</param>
/// <param name="P90Meters">Nine tenths of those who are reached live no further than this; null where nobody is.</param>
/// <param name="Beyond">Who lives further than each of <see cref="Classes"/>; those whom nobody reaches are not among them.</param>
/// <param name="Unreached">Who lives on land where nobody serves.</param>
public sealed record CoverageFigures(long Population, double? MeanMeters, double? MedianMeters, double? P90Meters, IReadOnlyList<PeopleOf> Beyond, PeopleOf Unreached)
{
    /// <summary>The distances that matter to planners, in metres.</summary>
    public static IReadOnlyList<int> Classes { get; } = [10_000, 20_000, 30_000];

    /// <summary>The figures of a whole country.</summary>
    public static CoverageFigures Of(CoverageMap map) => Of(map, ..);

    /// <summary>The figures of a range of its communes: O(n log n).</summary>
    public static CoverageFigures Of(CoverageMap map, Range range)
    {
        var (start, count) = range.GetOffsetAndLength(map.Communes.All.Count);
        var (meters, people) = (map.Meters.Slice(start, count).ToArray(), new int[count]);
        var (population, unreached, beyond) = (0L, default(PeopleOf), new PeopleOf[Classes.Count]);
        for (var i = 0; i < count; i++)
        {
            var commune = map.Communes.All[start + i];
            people[i] = commune.Population;
            population += commune.Population;
            if (double.IsPositiveInfinity(meters[i]))
                unreached = unreached.And(commune);
            else
                for (var one = 0; one < beyond.Length && meters[i] > Classes[one]; one++)
                    beyond[one] = beyond[one].And(commune);
        }
        // The unreached come last, behind all that count.
        Array.Sort(meters, people);
        var near = meters.AsSpan(0, count - unreached.Communes);
        var weights = people.AsSpan(0, count - unreached.Communes);
        var reached = population - unreached.Population;
        return new(population, Mean(near, weights, reached), Quantile(near, weights, reached, 50), Quantile(near, weights, reached, 90), beyond, unreached);
    }

    private static double? Mean(ReadOnlySpan<double> meters, ReadOnlySpan<int> people, long reached)
    {
        var sum = 0.0;
        for (var i = 0; i < meters.Length; i++)
            sum += meters[i] * people[i];
        return reached == 0 ? null : sum / reached;
    }

    // The least distance within which so many in a hundred live.
    private static double? Quantile(ReadOnlySpan<double> meters, ReadOnlySpan<int> people, long reached, int percent)
    {
        var within = 0L;
        for (var i = 0; i < meters.Length && reached > 0; i++)
        {
            within += people[i];
            if (within * 100 >= reached * percent)
                return meters[i];
        }
        return null;
    }
}
