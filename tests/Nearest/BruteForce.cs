using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.Tests.Nearest;

/// <summary>The oracle: measures every place that matches, in double precision.</summary>
internal sealed class BruteForce(IReadOnlyList<(PharmacyId Id, Position At)> places)
{
    private readonly UnitVector[] vectors = [.. places.Select(place => UnitVector.Of(place.At))];

    public Neighbour[] Nearest(Position from, Func<int, bool> matches, double maxDistanceMeters, int k)
    {
        var best = new SortedSet<(double Chord, PharmacyId Id, int Slot)>();
        var origin = UnitVector.Of(from);
        for (var slot = 0; slot < places.Count; slot++)
        {
            var chord = vectors[slot].ChordSquaredTo(origin);
            if ((best.Count == k && chord > best.Max.Chord) || !matches(slot) || GreatCircle.DistanceMeters(chord) > maxDistanceMeters)
                continue;
            best.Add((chord, places[slot].Id, slot));
            if (best.Count > k)
                best.Remove(best.Max);
        }
        return [.. best.Select(one => new Neighbour(one.Slot, GreatCircle.DistanceMeters(from, places[one.Slot].At)))];
    }
}
