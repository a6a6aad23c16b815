using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.Tests.Nearest;

/// <summary>Random places as a country has them, and worse: towns, lone houses, islands on both sides of ±180°, poles, and several places at one address.</summary>
internal sealed class ScatteredPlaces(int seed)
{
    private static readonly (double Latitude, double Longitude)[] Overseas =
    [
        (16.24, -61.53), (-20.88, 55.45), (-22.27, 166.44), (-13.28, -176.18), (-17.54, -149.57), (46.78, -56.18), // Guadeloupe, Réunion, Nouméa, Wallis, Tahiti, Miquelon
        (-16.8, 180), (-16.8, -180), (0, 0), (89.99, 12), (-89.99, -70), (90, 45), (-90, 0),
    ];

    private readonly Random random = new(seed);

    public (PharmacyId Id, Position At)[] Take(int count)
    {
        var towns = Enumerable.Range(0, 400).Select(_ => (43 + (8 * random.NextDouble()), -4 + (11 * random.NextDouble()))).Concat(Overseas).ToArray();
        var ids = Enumerable.Range(0, count).Select(Id).ToArray();
        random.Shuffle(ids);
        var places = new List<(PharmacyId, Position)>(count);
        while (places.Count < count)
            places.Add((ids[places.Count], Next(towns, places)));
        return [.. places];
    }

    /// <summary>Where a query starts: at a place, near one, or anywhere on Earth.</summary>
    public Position Query(IReadOnlyList<(PharmacyId Id, Position At)> places) => random.Next(20) switch
    {
        < 2 => places[random.Next(places.Count)].At,
        < 16 => Near(places[random.Next(places.Count)].At, 0.2 * random.NextDouble()),
        16 => new Position(random.Next(-2, 3) * 45, random.Next(-4, 5) * 45),
        _ => Anywhere(),
    };

    public Position Anywhere() => new(Math.Asin((2 * random.NextDouble()) - 1) * 180 / Math.PI, (360 * random.NextDouble()) - 180);

    public static PharmacyId Id(int number) => PharmacyId.FromBody($"{number:D8}");

    private Position Next((double Latitude, double Longitude)[] towns, List<(PharmacyId, Position At)> soFar)
    {
        if (soFar.Count > 0 && random.Next(20) == 0)
            return soFar[random.Next(soFar.Count)].At;
        // A product of two draws makes the first towns the large ones.
        var (latitude, longitude) = random.Next(20) == 0
            ? Overseas[random.Next(Overseas.Length)]
            : towns[(int)(towns.Length * random.NextDouble() * random.NextDouble())];
        return random.Next(20) == 0 ? Anywhere() : Near(new Position(latitude, longitude), 0.05);
    }

    // Wraps round the antimeridian and stops at the poles.
    private Position Near(Position centre, double degrees)
    {
        var longitude = centre.Longitude + (degrees * Normal());
        return new Position(Math.Clamp(centre.Latitude + (degrees * Normal()), -90, 90), longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude);
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
