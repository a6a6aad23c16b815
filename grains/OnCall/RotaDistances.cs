using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.OnCall;

/// <summary>
/// How far people are from the nearest pharmacy on duty. Every distance between a place and a pharmacy is measured once; what a block is asked for later
/// touches only the places whose nearest pharmacy on duty may be one of its members.
/// </summary>
internal sealed class RotaDistances
{
    /// <summary>Half the way round the Earth, in metres: in place of the distance to a pharmacy that nobody has placed.</summary>
    public const double Far = Math.PI * GreatCircle.EarthRadiusMeters;

    private readonly RotaTask _task;
    private readonly double[] _people;
    private readonly double[][] _meters;
    private readonly double[][] _nearest;
    private readonly double[][] _farthest;

    public RotaDistances(RotaTask task)
    {
        _task = task;
        PopulatedPlace[] places = [.. task.Request.People.Where(place => place.Population > 0)];
        _people = Array.ConvertAll(places, place => (double)place.Population);
        UnitVector[] vectors = Array.ConvertAll(places, place => UnitVector.Of(place.Place));
        _meters = [.. task.Ids.Select(id => Measure(id, vectors))];
        _nearest = [.. task.Blocks.Select(block => OverMembers(block, Far, Math.Min))];
        _farthest = [.. task.Blocks.Select(block => OverMembers(block, 0, Math.Max))];
    }

    /// <summary>
    /// The ways that the block decides. Some member of each other sector is on duty, at worst its farthest: whoever is farther from a place than that is
    /// not its nearest, and is left out of what is compared there.
    /// </summary>
    public BlockDistances Of(int block)
    {
        var mine = _task.Blocks[block];
        int[] others = [.. Enumerable.Range(0, _task.Blocks.Count).Where(other => other != block && _task.Blocks[other].Kind == mine.Kind)];
        var bound = new double[_people.Length];
        Array.Fill(bound, Far);
        foreach (var other in others.Where(other => _task.Blocks[other].IsAlwaysServed))
            for (var place = 0; place < bound.Length; place++)
                bound[place] = Math.Min(bound[place], _farthest[other][place]);
        int[] near = [.. Enumerable.Range(0, _people.Length).Where(place => _nearest[block][place] < bound[place])];
        var ways = new Ways[_task.Ids.Count];
        foreach (var pharmacy in others.Append(block).SelectMany(each => _task.Blocks[each].Members).Distinct())
            ways[pharmacy] = Ways.Of(near, place => _meters[pharmacy][place], bound);
        return new BlockDistances(_task, block, others, [.. near.Select(place => _people[place])], [.. near.Select(place => bound[place])], ways);
    }

    private double[] OverMembers(RotaBlock block, double start, Func<double, double, double> choose)
    {
        var chosen = new double[_people.Length];
        Array.Fill(chosen, start);
        foreach (var member in block.Members)
            for (var place = 0; place < chosen.Length; place++)
                chosen[place] = choose(chosen[place], _meters[member][place]);
        return chosen;
    }

    private double[] Measure(PharmacyId id, UnitVector[] vectors)
    {
        if (!_task.Request.Places.TryGetValue(id, out var position))
            return [.. Enumerable.Repeat(Far, vectors.Length)];
        var here = UnitVector.Of(position);
        return Array.ConvertAll(vectors, vector => GreatCircle.DistanceMeters(here.ChordSquaredTo(vector)));
    }
}

/// <summary>The places that a pharmacy may be nearest to, and how far each is.</summary>
/// <param name="Places">Indexes among the places that a block decides.</param>
/// <param name="Meters">The way to each of them.</param>
internal readonly record struct Ways(int[] Places, double[] Meters)
{
    /// <summary>Those that are nearer than the bound of their place.</summary>
    public static Ways Of(int[] near, Func<int, double> meters, double[] bound)
    {
        int[] places = [.. Enumerable.Range(0, near.Length).Where(place => meters(near[place]) < bound[near[place]])];
        return new Ways(places, Array.ConvertAll(places, place => meters(near[place])));
    }
}

/// <summary>The distances that one block decides.</summary>
internal sealed class BlockDistances(RotaTask task, int block, int[] others, double[] people, double[] bound, Ways[] ways)
{
    private readonly double[] _else = new double[people.Length];

    /// <summary>
    /// For each period and member, metres times people if that member serves and all others stay as they are, less what nobody of the block serving would
    /// give: zero or below, and to be compared within a period alone.
    /// </summary>
    public double[][] Costs(RotaDraft draft)
    {
        var here = task.Blocks[block];
        var costs = new double[here.Slots.Count][];
        for (var slot = 0; slot < costs.Length; slot++)
        {
            MeasureOthers(draft, slot);
            costs[slot] = Array.ConvertAll(here.Members, Cost);
        }
        return costs;
    }

    private void MeasureOthers(RotaDraft draft, int slot)
    {
        Array.Copy(bound, _else, bound.Length);
        foreach (var other in others)
            if (draft.MemberAt(other, slot) is >= 0 and var member)
            {
                var (places, meters) = ways[task.Blocks[other].Members[member]];
                for (var i = 0; i < places.Length; i++)
                    if (meters[i] < _else[places[i]])
                        _else[places[i]] = meters[i];
            }
    }

    private double Cost(int pharmacy)
    {
        var (places, meters) = ways[pharmacy];
        var saved = 0.0;
        for (var i = 0; i < places.Length; i++)
        {
            var place = places[i];
            if (meters[i] < _else[place])
                saved += people[place] * (_else[place] - meters[i]);
        }
        return -saved;
    }
}
