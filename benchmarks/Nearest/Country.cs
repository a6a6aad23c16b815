using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.Benchmarks.Nearest;

/// <summary>Places gathered in towns of unequal size, some of which match, and queries that start among them. The same at every run.</summary>
internal sealed class Country
{
    public const int Filter = 0;

    private readonly Random random = new(20261122);

    public Country(int count, int percent)
    {
        var towns = Enumerable.Range(0, 600).Select(_ => (Latitude: 43 + (8 * random.NextDouble()), Longitude: -4 + (11 * random.NextDouble()))).ToArray();
        Places = [.. Enumerable.Range(0, count).Select(i => (PharmacyId.FromBody($"{i:D8}"), Near(towns[(int)(towns.Length * random.NextDouble() * random.NextDouble())], 0.05)))];
        Matches = [.. Places.Select(_ => random.Next(100) < percent)];
        Queries = [.. Enumerable.Range(0, 4_096).Select(_ => Near(Degrees(Places[random.Next(count)].At), 0.05))];
    }

    public (PharmacyId Id, Position At)[] Places { get; }

    public bool[] Matches { get; }

    public Position[] Queries { get; }

    public AvailabilityIndex Index()
    {
        var index = AvailabilityIndex.Build(Places, filters: 1);
        for (var slot = 0; slot < Places.Length; slot++)
            index.Set(Filter, slot, Matches[slot]);
        return index;
    }

    private static (double Latitude, double Longitude) Degrees(Position at) => (at.Latitude, at.Longitude);

    private Position Near((double Latitude, double Longitude) centre, double degrees) => new(centre.Latitude + (degrees * Normal()), centre.Longitude + (1.4 * degrees * Normal()));

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
