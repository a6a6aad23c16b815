namespace Realtime.Pharmacies;

/// <summary>
/// Repeatable draws for the demo country: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014), written out
/// here because the demo country is a contract: the same seed must give the same country under every version of the runtime.
/// Each pharmacy draws from a stream of its own, so that a new rule for one thing does not reshuffle everything else.
/// </summary>
internal struct DemoDraw
{
    private ulong _state;

    private DemoDraw(ulong state) => _state = state;

    /// <summary>The draws of one thing in the country of <paramref name="seed"/>.</summary>
    /// <param name="seed">Seed of the country.</param>
    /// <param name="topic">What is drawn: hours, place…; two topics never share draws.</param>
    /// <param name="index">Which pharmacy, town or sector.</param>
    public static DemoDraw For(int seed, DemoTopic topic, int index)
    {
        var start = new DemoDraw(((ulong)(uint)seed << 32) ^ ((ulong)topic << 24) ^ (uint)index);
        return new DemoDraw(start.Next());
    }

    /// <summary>A whole number from 0 to <paramref name="count"/> − 1. The bias is below count / 2⁶⁴.</summary>
    public int Below(int count) => (int)(((UInt128)Next() * (uint)count) >> 64);

    /// <summary>A fraction, 0 ≤ x &lt; 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Whether something that happens to <paramref name="perMille"/> in a thousand happens.</summary>
    public bool Happens(int perMille) => Below(1000) < perMille;

    /// <summary>Roughly normal, mean 0, standard deviation 1, never beyond ±3: the sum of three uniform draws, plain arithmetic on every machine.</summary>
    public double Bell() => 2 * (Fraction() + Fraction() + Fraction() - 1.5);

    /// <summary>One of the choices, as often as its weight says.</summary>
    public T Of<T>(ReadOnlySpan<(int Weight, T Choice)> choices)
    {
        var total = 0;
        foreach (var (weight, _) in choices)
            total += weight;
        var left = Below(total);
        foreach (var (weight, choice) in choices)
            if ((left -= weight) < 0)
                return choice;
        throw new InvalidOperationException("The weights of a draw must be positive.");
    }

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>What a draw is for.</summary>
internal enum DemoTopic : byte
{
    /// <summary>Where in a department the first pharmacy falls.</summary>
    Department,

    /// <summary>Place, name and address.</summary>
    Place,

    /// <summary>Opening hours.</summary>
    Hours,

    /// <summary>Services.</summary>
    Services,

    /// <summary>Duty sectors.</summary>
    Duty,

    /// <summary>Boxes on the shelf.</summary>
    Stock,
}
