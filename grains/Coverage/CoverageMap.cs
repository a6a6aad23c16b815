using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.Coverage;

/// <summary>A pharmacy that serves at the instant in question; which ones do is for the caller to say.</summary>
/// <param name="Id">Its number.</param>
/// <param name="At">Where it is.</param>
/// <param name="Land">The land it is on; null where that is none of France's: then it serves no commune.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ServingPharmacy(PharmacyId Id, Position At, Landmass? Land);

/// <summary>
/// For each commune the nearest pharmacy that serves on its own land, as the crow flies from its point, equally near ones by id. Pure and immutable.
/// One tree a landmass over those that serve, one walk a commune: O((n + m) log n) for n that serve and m communes.
/// </summary>
public sealed class CoverageMap
{
    private readonly double[] _meters;
    private readonly PharmacyId[] _nearest;

    private CoverageMap(Communes communes, double[] meters, PharmacyId[] nearest) => (Communes, _meters, _nearest) = (communes, meters, nearest);

    /// <summary>The communes.</summary>
    public Communes Communes { get; }

    /// <summary>The distance of a commune to its nearest serving pharmacy; null where none serves on its land.</summary>
    /// <param name="commune">Which of <see cref="Communes.All"/>.</param>
    public double? MetersOf(int commune) => double.IsPositiveInfinity(_meters[commune]) ? null : _meters[commune];

    /// <summary>The nearest serving pharmacy of a commune; null where none serves on its land.</summary>
    /// <param name="commune">Which of <see cref="Communes.All"/>.</param>
    public PharmacyId? NearestOf(int commune) => double.IsPositiveInfinity(_meters[commune]) ? null : _nearest[commune];

    /// <summary>Distances in the order of <see cref="Communes.All"/>; infinite where there is none.</summary>
    internal ReadOnlySpan<double> Meters => _meters;

    /// <summary>Works it out.</summary>
    /// <param name="communes">The communes.</param>
    /// <param name="serving">Distinct ids, in any order.</param>
    public static CoverageMap Of(Communes communes, IEnumerable<ServingPharmacy> serving)
    {
        var lands = new List<(PharmacyId Id, Position At)>?[Landmasses.All.Count];
        foreach (var pharmacy in serving)
            if (pharmacy.Land is { } land)
                (lands[land.Number] ??= []).Add((pharmacy.Id, pharmacy.At));
        var indexes = Array.ConvertAll(lands, places => places is null ? null : AvailabilityIndex.Build(places, filters: 0));
        var (meters, nearest) = (new double[communes.All.Count], new PharmacyId[communes.All.Count]);
        if (meters.Length > 0)
            Parallel.ForEach(Partitioner.Create(0, meters.Length), range => Fill(range.Item1, range.Item2));
        return new(communes, meters, nearest);

        void Fill(int start, int end)
        {
            Span<Neighbour> one = stackalloc Neighbour[1];
            for (var i = start; i < end; i++)
            {
                var land = communes.All[i].Landmass.Number;
                if (indexes[land]?.Nearest(communes.All[i].At, [], double.PositiveInfinity, one) is 1)
                    (meters[i], nearest[i]) = (one[0].DistanceMeters, lands[land]![one[0].Slot].Id);
                else
                    meters[i] = double.PositiveInfinity;
            }
        }
    }

    /// <summary>The same with one pharmacy more that serves.</summary>
    public CoverageMap With(ServingPharmacy more)
    {
        var (meters, nearest) = (_meters.ToArray(), _nearest.ToArray());
        for (var i = 0; i < meters.Length; i++)
        {
            if (Communes.All[i].Landmass != more.Land)
                continue;
            var distance = GreatCircle.DistanceMeters(Communes.All[i].At, more.At);
            if (distance < meters[i] || (distance == meters[i] && more.Id.CompareTo(nearest[i]) < 0))
                (meters[i], nearest[i]) = (distance, more.Id);
        }
        return new(Communes, meters, nearest);
    }
}
