using Realtime.Products;

namespace Realtime.Coverage;

/// <summary>Land that one can cross without a boat: the mainland, or an island without a bridge to it.</summary>
/// <param name="Number">Its place in <see cref="Landmasses.All"/>.</param>
/// <param name="Code">As the wire names it: <c>mainland</c>, <c>corsica</c>, <c>ouessant</c>.</param>
/// <param name="Name">As the French call it.</param>
public sealed record Landmass(int Number, string Code, string Name);

/// <summary>
/// Which land a commune is on: a pharmacy beyond the water serves nobody at night, however near. Crossings are left out; an island with a bridge or a causeway
/// (Ré, Oléron, Noirmoutier) is mainland. Source: <c>data/landmasses.csv</c>; see <c>data/README.md</c>.
/// </summary>
public static class Landmasses
{
    private static readonly Dictionary<string, Landmass> ByCode = new(StringComparer.Ordinal) { ["mainland"] = new(0, "mainland", "France continentale") };
    private static readonly Dictionary<string, Landmass> ByPlace = Read();

    /// <summary>Every landmass, by number; the mainland first.</summary>
    public static IReadOnlyList<Landmass> All { get; } = [.. ByCode.Values.OrderBy(land => land.Number)];

    /// <summary>The landmass of a commune: as the table says of it, else as the table says of its department, else the mainland.</summary>
    /// <param name="insee">INSEE code, five characters; a commune that no longer is will do.</param>
    public static Landmass Of(string insee) =>
        ByPlace.GetValueOrDefault(insee) ?? ByPlace.GetValueOrDefault(Realtime.Pharmacies.Towns.DepartmentOf(insee)) ?? All[0];

    private static Dictionary<string, Landmass> Read()
    {
        var places = new Dictionary<string, Landmass>(StringComparer.Ordinal);
        foreach (var row in Table.Read("landmasses.csv"))
        {
            if (!ByCode.TryGetValue(row["landmass"], out var land))
                ByCode[row["landmass"]] = land = new(ByCode.Count, row["landmass"], row["name"]);
            places.Add(row["code"], land);
        }
        return places;
    }
}
