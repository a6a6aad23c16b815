using Realtime.Nearest;

namespace Realtime.Benchmarks.Nearest;

/// <summary>The baseline: every matching place measured in double precision, the best kept in order.</summary>
internal sealed class LinearScan(Country country)
{
    private readonly UnitVector[] vectors = [.. country.Places.Select(place => UnitVector.Of(place.At))];

    public int Nearest(Position from, Span<Neighbour> results)
    {
        var origin = UnitVector.Of(from);
        var count = 0;
        for (var slot = 0; slot < vectors.Length; slot++)
        {
            if (!country.Matches[slot])
                continue;
            var chord = vectors[slot].ChordSquaredTo(origin);
            if (count == results.Length && !Precedes(slot, chord, results[count - 1]))
                continue;
            var at = count < results.Length ? count++ : count - 1;
            for (; at > 0 && Precedes(slot, chord, results[at - 1]); at--)
                results[at] = results[at - 1];
            results[at] = new Neighbour(slot, chord);
        }
        for (var i = 0; i < count; i++)
            results[i] = results[i] with { DistanceMeters = GreatCircle.DistanceMeters(results[i].DistanceMeters) };
        return count;
    }

    private bool Precedes(int slot, double chord, in Neighbour other) =>
        chord < other.DistanceMeters || (chord == other.DistanceMeters && country.Places[slot].Id < country.Places[other.Slot].Id);
}
