using BenchmarkDotNet.Attributes;
using Realtime.Nearest;

namespace Realtime.Benchmarks.Nearest;

/// <summary>One query for the k nearest among the matching of 20,174 places.</summary>
[MemoryDiagnoser]
public class NearestBenchmarks
{
    private static readonly int[] Filters = [Country.Filter];
    private Country country = null!;
    private AvailabilityIndex index = null!;
    private LinearScan scan = null!;
    private PlanarTree planar = null!;
    private Neighbour[] results = null!;
    private int query;

    [Params(1, 10)]
    public int K { get; set; }

    [Params(2, 30)]
    public int MatchingPercent { get; set; }

    /// <summary>A fast wrong answer is a failed set-up.</summary>
    [GlobalSetup]
    public void Setup()
    {
        country = new Country(20_174, MatchingPercent);
        (index, scan, planar) = (country.Index(), new LinearScan(country), new PlanarTree(country));
        results = new Neighbour[K];
        var expected = new Neighbour[K];
        foreach (var from in country.Queries.Take(1_000))
        {
            var found = index.Nearest(from, Filters, double.PositiveInfinity, results);
            if (!results.AsSpan(0, found).SequenceEqual(expected.AsSpan(0, scan.Nearest(from, expected))))
                throw new InvalidOperationException($"The index and the linear scan disagree from {from}.");
        }
    }

    [Benchmark(Baseline = true, Description = "linear scan")]
    public int LinearScan() => scan.Nearest(NextQuery(), results);

    [Benchmark]
    public int AvailabilityIndex() => index.Nearest(NextQuery(), Filters, double.PositiveInfinity, results);

    [Benchmark]
    public int PlanarTreeOfTheMatching() => planar.Nearest(NextQuery(), K).Length;

    private Position NextQuery() => country.Queries[query++ % country.Queries.Length];
}

/// <summary>What it costs to keep the index right.</summary>
[MemoryDiagnoser]
public class NearestChangeBenchmarks
{
    private const int Flips = 4_096;
    private AvailabilityIndex index = null!;
    private int[] slots = null!;
    private bool value;

    [GlobalSetup]
    public void Setup()
    {
        var country = new Country(20_174, percent: 30);
        index = country.Index();
        var random = new Random(1);
        slots = [.. Enumerable.Range(0, Flips).Select(_ => random.Next(country.Places.Length))];
    }

    [Benchmark(OperationsPerInvoke = Flips)]
    public void Flip()
    {
        value = !value;
        foreach (var slot in slots)
            index.Set(Country.Filter, slot, value);
    }

    [Benchmark]
    public AvailabilityIndex Rebuild() => index.Rebuild();
}

/// <summary>The same query where products are asked for too, as masks beside the filter: each is in stock at five of six places.</summary>
[MemoryDiagnoser]
public class NearestStockBenchmarks
{
    private static readonly int[] Filters = [Country.Filter];
    private readonly Neighbour[] results = new Neighbour[10];
    private Country country = null!;
    private AvailabilityIndex index = null!;
    private PlaceMask[] masks = null!;
    private int query;

    [Params(0, 1, 2)]
    public int Products { get; set; }

    /// <summary>A fast wrong answer is a failed set-up.</summary>
    [GlobalSetup]
    public void Setup()
    {
        country = new Country(20_174, percent: 30);
        index = country.Index();
        var random = new Random(2);
        masks = [.. Enumerable.Range(0, Products).Select(_ => new PlaceMask(index))];
        foreach (var mask in masks)
            for (var slot = 0; slot < country.Places.Length; slot++)
            {
                mask.Set(slot, random.Next(6) > 0);
                country.Matches[slot] &= mask.Get(slot);
            }
        var scan = new LinearScan(country);
        var expected = new Neighbour[results.Length];
        foreach (var from in country.Queries.Take(1_000))
            if (!results.AsSpan(0, index.Nearest(from, Filters, masks, double.PositiveInfinity, results)).SequenceEqual(expected.AsSpan(0, scan.Nearest(from, expected))))
                throw new InvalidOperationException($"The index and the linear scan disagree from {from}.");
    }

    [Benchmark]
    public int Nearest() => index.Nearest(country.Queries[query++ % country.Queries.Length], Filters, masks, double.PositiveInfinity, results);
}
