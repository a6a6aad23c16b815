using System.Runtime.InteropServices;
using Realtime.Hours;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>Where a pharmacy stands in the rota of its sector.</summary>
/// <param name="Position">Its place in the rota, 0 to <paramref name="Size"/> − 1.</param>
/// <param name="Size">Pharmacies in the sector, 1 or more.</param>
/// <param name="Offset">Where the sector's rota stands at turn 0; the same for all its pharmacies.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RotaPlace(int Position, int Size, int Offset)
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
    /// <summary>One place per pharmacy, in the order given.</summary>
    /// <param name="pharmacies">All pharmacies of the country.</param>
    /// <param name="zones">The zone of each.</param>
    /// <param name="membersPerSector">About how many pharmacies share a sector; where a department has fewer, it is one sector.</param>
    /// <param name="draw">Decides where each rota starts.</param>
    public static RotaPlace[] Cut(IReadOnlyList<Pharmacy> pharmacies, Zone[] zones, double membersPerSector, DemoDraw draw)
    {
        var places = new RotaPlace[pharmacies.Count];
        var areas = Enumerable.Range(0, pharmacies.Count)
            .GroupBy(i => (Towns.DepartmentOf(pharmacies[i].Record.Insee!), zones[i]));
        foreach (var area in areas)
        {
            int[] members = [.. area];
            Halve(members, Math.Max(1, (int)Math.Round(members.Length / membersPerSector)));
        }
        return places;

        void Halve(Span<int> members, int sectors)
        {
            if (sectors == 1)
            {
                var offset = draw.Below(members.Length);
                for (var i = 0; i < members.Length; i++)
                    places[members[i]] = new RotaPlace(i, members.Length, offset);
                return;
            }
            SortAlongLongerSide(members, pharmacies);
            var left = sectors / 2;
            var cut = members.Length * left / sectors;
            Halve(members[..cut], left);
            Halve(members[cut..], sectors - left);
        }
    }

    private static void SortAlongLongerSide(Span<int> members, IReadOnlyList<Pharmacy> pharmacies)
    {
        double south = 90, north = -90, west = 180, east = -180;
        foreach (var i in members)
        {
            var record = pharmacies[i].Record;
            (south, north) = (Math.Min(south, record.Latitude), Math.Max(north, record.Latitude));
            (west, east) = (Math.Min(west, record.Longitude), Math.Max(east, record.Longitude));
        }
        // A degree of longitude is shorter than one of latitude by the cosine; ties go by index, so that every run cuts alike.
        var tall = north - south > (east - west) * Math.Cos(south * Math.PI / 180);
        double Key(int i) => tall ? pharmacies[i].Record.Latitude : pharmacies[i].Record.Longitude;
        members.Sort((a, b) => Key(a).CompareTo(Key(b)) is var order and not 0 ? order : a.CompareTo(b));
    }
}
