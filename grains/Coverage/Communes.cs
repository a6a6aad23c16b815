using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.Coverage;

/// <summary>A commune, or an arrondissement of Paris, Lyon or Marseille, whose people are counted at one point.</summary>
/// <param name="Insee">INSEE code: five characters.</param>
/// <param name="Name">As the French write it.</param>
/// <param name="At">Its point.</param>
/// <param name="Population">Inhabitants, 0 or more.</param>
public sealed record Commune(string Insee, string Name, Position At, int Population)
{
    /// <summary>Its department or overseas territory: two or three characters.</summary>
    public string Department { get; } = Towns.DepartmentOf(Insee);

    /// <summary>The land it is on.</summary>
    public Landmass Landmass { get; } = Landmasses.Of(Insee);
}

/// <summary>The communes of a department.</summary>
/// <param name="Code">Two characters, three overseas.</param>
/// <param name="Communes">Which of <see cref="Communes.All"/>.</param>
public sealed record Department(string Code, Range Communes);

/// <summary>Every commune of a country, each once, no person counted twice. Immutable.</summary>
public sealed class Communes
{
    // Who is further than this from every commune's point is on none of their lands: the largest commune, Maripasoula, reaches 150 km, but nobody lives there.
    private const double NearMeters = 50_000;

    private const string StandIn = "towns";

    private readonly Lazy<AvailabilityIndex> _points;

    private Communes(string version, Commune[] all)
    {
        (Version, All) = (version, all);
        Departments = [.. Split(all)];
        // The index breaks ties by id: numbers in the order of the communes stand for them.
        _points = new(() => AvailabilityIndex.Build([.. all.Select((commune, i) => (DemoCountry.IdOf(i), commune.At))], filters: 0));
    }

    /// <summary>None: no table was imported, and nothing stands in for one.</summary>
    public static Communes None { get; } = new("", []);

    /// <summary>The name of the set; two with one name are the same.</summary>
    public string Version { get; }

    /// <summary>Whether the towns of the demo stand in for communes.</summary>
    public bool IsStandIn => Version == StandIn;

    /// <summary>Every commune, by INSEE code.</summary>
    public IReadOnlyList<Commune> All { get; }

    /// <summary>Every department that has a commune, by code.</summary>
    public IReadOnlyList<Department> Departments { get; }

    /// <summary>Puts them together.</summary>
    /// <param name="version">The name of the set.</param>
    /// <param name="communes">Distinct INSEE codes, in any order.</param>
    public static Communes Of(string version, IEnumerable<Commune> communes) =>
        new(version, [.. communes.OrderBy(commune => commune.Insee, StringComparer.Ordinal)]);

    /// <summary>What stands in for a table of communes in the demo: the towns that the product ships, those of a commune together at the largest of them.</summary>
    public static Communes OfTowns()
    {
        var split = Towns.All.Select(town => town.PartOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return Of(StandIn, Towns.All.Where(town => !split.Contains(town.Insee)).GroupBy(town => town.Insee)
            .Select(towns => (Largest: towns.First(), People: towns.Sum(town => town.Population)))
            .Select(one => new Commune(one.Largest.Insee, one.Largest.Name, new(one.Largest.Latitude, one.Largest.Longitude), one.People)));
    }

    /// <summary>The land that a pharmacy is on: that of its commune, or where its source names none, of the nearest commune; null where there is none within 50 km.</summary>
    public Landmass? LandOf(PharmacyRecord pharmacy)
    {
        if (pharmacy.Insee is { Length: 5 } insee)
            return Landmasses.Of(insee);
        Span<Neighbour> nearest = stackalloc Neighbour[1];
        return _points.Value.Nearest(new(pharmacy.Latitude, pharmacy.Longitude), [], NearMeters, nearest) == 1 ? All[nearest[0].Slot].Landmass : null;
    }

    /// <summary>Which of <see cref="Departments"/> a code names; null where it names none.</summary>
    public int? NumberOf(string department)
    {
        for (var i = 0; i < Departments.Count; i++)
            if (Departments[i].Code == department)
                return i;
        return null;
    }

    /// <summary>Where the people of a department live on average, to four decimals of a degree; of one without people, where its communes are.</summary>
    public Position CentreOf(Department department)
    {
        var (start, count) = department.Communes.GetOffsetAndLength(All.Count);
        var communes = Enumerable.Range(start, count).Select(i => All[i]).ToList();
        var people = communes.Sum(commune => (double)commune.Population);
        // No department lies across the antimeridian.
        double Mean(Func<Commune, double> degrees) => Math.Round(people > 0 ? communes.Sum(c => degrees(c) * c.Population) / people : communes.Average(degrees), 4);
        return new(Mean(commune => commune.At.Latitude), Mean(commune => commune.At.Longitude));
    }

    private static IEnumerable<Department> Split(Commune[] all)
    {
        for (int start = 0, end; start < all.Length; start = end)
        {
            for (end = start + 1; end < all.Length && all[end].Department == all[start].Department;)
                end++;
            yield return new(all[start].Department, start..end);
        }
    }
}
