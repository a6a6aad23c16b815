using System.Runtime.InteropServices;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>Where a pharmacy stands in the rota of its sector.</summary>
/// <param name="Position">Its place in the rota, 0 to <paramref name="Size"/> − 1.</param>
/// <param name="Size">Pharmacies in the sector, 1 or more.</param>
/// <param name="Offset">Where the sector's rota stands at turn 0; the same for all its pharmacies.</param>
/// <param name="Sector">Number of the sector in its department, from 1.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RotaPlace(int Position, int Size, int Offset, int Sector)
{
    /// <summary>Whether the <paramref name="turn"/>-th duty, 0 or later, is this pharmacy's; each turn is exactly one pharmacy's of the sector.</summary>
    public bool Serves(int turn) => (turn + Offset) % Size == Position;
}

/// <summary>
/// Cuts the demo country into duty sectors of neighbours: each department (or overseas territory, or clock within one) is halved across its longer
/// side, halves again, until each part is one sector. Sizes within a department differ by one at most.
/// </summary>
internal static class DemoSectors
{
    // Breaks ties between pharmacies on one spot, so that every run cuts alike: 20,000 of these are 2 millimetres.
    private const double DegreesPerIndex = 1e-12;

    /// <summary>One place per pharmacy, in the order given.</summary>
    /// <param name="pharmacies">All pharmacies of the country.</param>
    /// <param name="zones">The zone of each.</param>
    /// <param name="membersPerSector">About how many pharmacies share a sector; where a department has fewer, it is one sector.</param>
    /// <param name="draw">Decides where each rota starts.</param>
    public static RotaPlace[] Cut(IReadOnlyList<Pharmacy> pharmacies, Zone[] zones, double membersPerSector, DemoDraw draw)
    {
        var places = new RotaPlace[pharmacies.Count];
        var latitudes = pharmacies.Select(pharmacy => pharmacy.Record.Latitude).ToArray();
        var longitudes = pharmacies.Select(pharmacy => pharmacy.Record.Longitude).ToArray();
        var areas = Enumerable.Range(0, pharmacies.Count)
            .GroupBy(i => (Towns.DepartmentOf(pharmacies[i].Record.Insee!), zones[i].Time.Id));
        var sectorsOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var area in areas)
        {
            int[] members = [.. area];
            Halve(members, Math.Max(1, (int)Math.Round(members.Length / membersPerSector)), area.Key.Item1);
        }
        return places;

        void Halve(Span<int> members, int sectors, string department)
        {
            if (sectors == 1)
            {
                var offset = draw.Below(members.Length);
                var sector = sectorsOf[department] = sectorsOf.GetValueOrDefault(department) + 1;
                for (var i = 0; i < members.Length; i++)
                    places[members[i]] = new RotaPlace(i, members.Length, offset, sector);
                return;
            }
            SortAlongLongerSide(members, latitudes, longitudes);
            var left = sectors / 2;
            var cut = members.Length * left / sectors;
            Halve(members[..cut], left, department);
            Halve(members[cut..], sectors - left, department);
        }
    }

    private static void SortAlongLongerSide(Span<int> members, double[] latitudes, double[] longitudes)
    {
        var (height, south) = Extent(members, latitudes);
        var (width, _) = Extent(members, longitudes);
        // A degree of longitude is shorter than one of latitude by the cosine.
        var along = height > width * Math.Cos(south * Math.PI / 180) ? latitudes : longitudes;
        var keys = new double[members.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = along[members[i]] + (members[i] * DegreesPerIndex);
        keys.AsSpan().Sort(members);
    }

    private static (double Size, double Least) Extent(Span<int> members, double[] degrees)
    {
        var (least, most) = (double.MaxValue, double.MinValue);
        foreach (var i in members)
            (least, most) = (Math.Min(least, degrees[i]), Math.Max(most, degrees[i]));
        return (most - least, least);
    }
}
