namespace Realtime.Pharmacies;

/// <summary>One place for one pharmacy of the demo country.</summary>
/// <param name="Town">The town, or the arrondissement of the three largest.</param>
/// <param name="Number">How many pharmacies of this town come before it, from 0.</param>
internal readonly record struct DemoPlace(Town Town, int Number);

/// <summary>
/// Shares pharmacies out over the towns by population: first every department gets its share (largest remainders, at least one each, so that no
/// territory is left out), then within a department every so-many-th inhabitant gets one, from a random first. A town is thus never more than one
/// pharmacy away from its exact share.
/// </summary>
internal static class DemoPlaces
{
    private const double MetersPerDegree = 111_195;

    /// <summary>Exactly <paramref name="count"/> places; departments in the order of their largest town, and so towns within them.</summary>
    public static IEnumerable<DemoPlace> Share(int count, int seed)
    {
        var split = Towns.All.Select(town => town.PartOf).OfType<string>().ToHashSet();
        var departments = Towns.All.GroupBy(town => town.Department)
            .Select(group => (IReadOnlyList<Town>)[.. group.Where(town => !split.Contains(town.Insee))]).ToList();
        var seats = Apportion(count, [.. departments.Select(towns => towns.Sum(town => (long)town.Population))]);
        return departments.SelectMany((towns, i) => ShareDepartment(towns, seats[i], DemoDraw.For(seed, DemoTopic.Department, i)));
    }

    /// <summary>
    /// A point around the centre of the place's town: a bell whose standard deviation grows with the square root of the population (200 m for
    /// 1,000 inhabitants, 2 km for 100,000, 3 km at most), smaller in an arrondissement, and overseas, where towns lie between sea and slope.
    /// </summary>
    public static (double Latitude, double Longitude) PointIn(Town town, ref DemoDraw draw)
    {
        var spread = Math.Min(3000, 200 * Math.Sqrt(town.Population / 1000.0));
        if (town.PartOf is not null)
            spread *= 0.3;
        else if (town.Department.Length == 3)
            spread *= 0.35;
        var north = draw.Bell() * spread / MetersPerDegree;
        var east = draw.Bell() * spread / (MetersPerDegree * Math.Cos(town.Latitude * Math.PI / 180));
        // Five decimals are about a metre: the last bits of a cosine never reach them.
        return (Math.Round(town.Latitude + north, 5), Math.Round(town.Longitude + east, 5));
    }

    private static int[] Apportion(int count, long[] populations)
    {
        var total = (double)populations.Sum();
        var exact = populations.Select(population => count * population / total).ToArray();
        var seats = exact.Select(share => Math.Max(1, (int)share)).ToArray();
        foreach (var i in Enumerable.Range(0, seats.Length).OrderByDescending(i => exact[i] - seats[i]).Take(count - seats.Sum()))
            seats[i]++;
        return seats;
    }

    private static IEnumerable<DemoPlace> ShareDepartment(IReadOnlyList<Town> towns, int seats, DemoDraw draw)
    {
        var step = towns.Sum(town => (double)town.Population) / seats;
        var next = draw.Fraction() * step;
        var inhabitants = 0.0;
        var given = 0;
        foreach (var town in towns)
        {
            inhabitants += town.Population;
            for (var number = 0; given < seats && next < inhabitants; number++, given++, next += step)
                yield return new DemoPlace(town, number);
        }
        // Rounding may leave the very last one over.
        for (; given < seats; given++)
            yield return new DemoPlace(towns[0], seats);
    }
}
