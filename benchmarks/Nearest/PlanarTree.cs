using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;
using Position = Realtime.Nearest.Position;

namespace Realtime.Benchmarks.Nearest;

/// <summary>
/// The peer: NetTopologySuite's STRtree of the matching places only, as if it were rebuilt at each flip for nothing. It measures in the plane, here in degrees with
/// longitudes shrunk by the cosine of 47°, so its order is not always that of the sphere; it is timed, not believed.
/// </summary>
internal sealed class PlanarTree
{
    private static readonly double Shrink = Math.Cos(47 * Math.PI / 180);
    private readonly STRtree<int> tree = new();
    private readonly Coordinate[] coordinates;
    private readonly Distance distance;

    public PlanarTree(Country country)
    {
        coordinates = [.. country.Places.Select(place => Flat(place.At))];
        for (var slot = 0; slot < coordinates.Length; slot++)
            if (country.Matches[slot])
                tree.Insert(new Envelope(coordinates[slot]), slot);
        tree.Build();
        distance = new Distance(coordinates);
    }

    public int[] Nearest(Position from, int k)
    {
        distance.From = Flat(from);
        return tree.NearestNeighbour(new Envelope(distance.From), -1, distance, k);
    }

    private static Coordinate Flat(Position at) => new(at.Longitude * Shrink, at.Latitude);

    private sealed class Distance(Coordinate[] coordinates) : IItemDistance<Envelope, int>
    {
        public Coordinate From { get; set; } = new();

        double IItemDistance<Envelope, int>.Distance(IBoundable<Envelope, int> item1, IBoundable<Envelope, int> item2) => At(item1.Item).Distance(At(item2.Item));

        private Coordinate At(int slot) => slot < 0 ? From : coordinates[slot];
    }
}
