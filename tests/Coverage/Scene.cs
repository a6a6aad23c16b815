using Realtime.Coverage;
using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.Tests.Coverage;

/// <summary>Communes and pharmacies to measure, and the oracle that measures every pair of them.</summary>
internal static class Scene
{
    // One commune of each of several lands, and two of the mainland: which land is which is the product's table.
    private static readonly string[] Prefixes = ["01", "29", "2A", "2B", "971", "974", "988"];
    private static readonly string[] Islands = ["29155", "29083", "97110", "97130", "98814"];

    /// <summary>The table of communes beside the project.</summary>
    public static Communes France { get; } = CommunesFile.TryRead(File.ReadAllBytes(Campaign.SharedData("communes/communes.csv")), out var reading, out var fault)
        ? Communes.Of("france", reading.Communes)
        : throw new InvalidOperationException(fault.ToString());

    public static Communes Random(Random random, Func<Position> anywhere, int count) => Communes.Of("random", Islands
        .Concat(Enumerable.Range(0, count).Select(i => Prefixes[i % Prefixes.Length] is var prefix ? $"{prefix}{(i / Prefixes.Length).ToString().PadLeft(5 - prefix.Length, '0')}" : ""))
        .Distinct()
        .Select(insee => new Commune(insee, insee, anywhere(), random.Next(4) == 0 ? 0 : random.Next(100_000))));

    public static ServingPharmacy[] Serving(Communes communes, IEnumerable<Pharmacy> pharmacies) =>
        [.. pharmacies.Select(p => new ServingPharmacy(p.Record.Id, new(p.Record.Latitude, p.Record.Longitude), communes.LandOf(p.Record)))];

    /// <summary>The oracle: of one commune the nearest of all that serve on its land, equally near ones by id.</summary>
    public static (double Meters, PharmacyId Id)? Nearest(Commune commune, IReadOnlyList<ServingPharmacy> serving)
    {
        (double Meters, PharmacyId Id)? best = null;
        foreach (var (id, at, land) in serving)
            if (land == commune.Landmass && (GreatCircle.DistanceMeters(commune.At, at), id) is var next && (best is null || next.CompareTo(best.Value) < 0))
                best = next;
        return best;
    }

    public static (double Meters, PharmacyId Id)? Of(CoverageMap map, int commune) =>
        map.MetersOf(commune) is { } meters ? (meters, map.NearestOf(commune)!.Value) : null;
}
