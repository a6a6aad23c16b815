using Realtime.Coverage;
using Realtime.Nearest;
using Realtime.Pharmacies;
using Realtime.Tests.Nearest;

namespace Realtime.Tests.Coverage;

public sealed class CoverageFiguresTests(ITestOutputHelper output)
{
    private static readonly ServingPharmacy Lyon = new(PharmacyId.FromBody("69000000"), new(45.76, 4.84), Landmasses.All[0]);

    [Fact]
    public void Every_inhabitant_counts_once()
    {
        // North of the pharmacy on its meridian: 0, about 11, about 22 and about 44 km, and an island that nobody serves.
        var map = CoverageMap.Of(North(100, 300, 500, 100), [Lyon]);
        var figures = CoverageFigures.Of(map, 0..4);
        var meters = Enumerable.Range(0, 4).Select(i => map.MetersOf(i)!.Value).ToArray();

        Assert.Equal((1_000, ((300 * meters[1]) + (500 * meters[2]) + (100 * meters[3])) / 1_000), (figures.Population, figures.MeanMeters));
        Assert.Equal((meters[2], meters[2]), (figures.MedianMeters, figures.P90Meters));
        Assert.Equal([new(3, 900), new(2, 600), new PeopleOf(1, 100)], figures.Beyond);
        Assert.Equal(default, figures.Unreached);
        Assert.Equal(new(1, 50), CoverageFigures.Of(map).Unreached);
        // Who is not reached is in no mean.
        Assert.Equal((1_050, figures.MeanMeters), (CoverageFigures.Of(map).Population, CoverageFigures.Of(map).MeanMeters));
    }

    [Fact]
    public void Half_is_half_and_nine_tenths_are_nine_tenths()
    {
        var (half, less) = (CoverageMap.Of(North(500, 400, 100, 0), [Lyon]), CoverageMap.Of(North(499, 400, 101, 0), [Lyon]));

        Assert.Equal((half.MetersOf(0), half.MetersOf(1)), (CoverageFigures.Of(half).MedianMeters, CoverageFigures.Of(half).P90Meters));
        Assert.Equal((less.MetersOf(1), less.MetersOf(2)), (CoverageFigures.Of(less).MedianMeters, CoverageFigures.Of(less).P90Meters));
    }

    [Fact]
    public void Where_nobody_lives_no_mean_is_known() =>
        Assert.Equal((null, null), CoverageFigures.Of(CoverageMap.Of(North(0, 0, 0, 0), [Lyon]), 0..4) is var figures ? (figures.MeanMeters, figures.P90Meters) : default);

    [Fact]
    public void Random_figures_are_those_of_a_list_of_all_inhabitants()
    {
        output.WriteLine($"seed {Campaign.Seed}");
        var (random, scattered) = (new Random(Campaign.Seed), new ScatteredPlaces(Campaign.Seed));
        for (var round = 0; round < 20; round++)
        {
            var communes = Communes.Of("", Enumerable.Range(0, random.Next(1, 60)).Select(i => new Commune($"{random.Next(1, 19):D2}{i:D3}", "", new(44 + random.NextDouble(), 4), random.Next(50))).DistinctBy(c => c.Insee));
            var map = CoverageMap.Of(communes, [.. scattered.Take(3).Select(p => new ServingPharmacy(p.Id, new(44 + random.NextDouble(), 4), Landmasses.All[0]))]);
            foreach (var department in communes.Departments)
            {
                var (start, count) = department.Communes.GetOffsetAndLength(communes.All.Count);
                Assert.All(Enumerable.Range(start, count), i => Assert.Equal(department.Code, communes.All[i].Department));
                var everybody = Enumerable.Range(start, count).SelectMany(i => Enumerable.Repeat(map.MetersOf(i)!.Value, communes.All[i].Population)).Order().ToArray();
                var figures = CoverageFigures.Of(map, department.Communes);
                Assert.Equal(everybody.Length, figures.Population);
                if (everybody.Length == 0)
                    continue;
                Assert.Equal(everybody[((everybody.Length + 1) / 2) - 1], figures.MedianMeters);
                Assert.Equal(everybody[(((everybody.Length * 9) + 9) / 10) - 1], figures.P90Meters);
                Assert.Equal(everybody.Average(), figures.MeanMeters!.Value, 1e-6);
                Assert.Equal(CoverageFigures.Classes.Select(meters => (long)everybody.Count(one => one > meters)), figures.Beyond.Select(beyond => beyond.Population));
            }
        }
    }

    [Fact]
    public void One_more_is_as_if_it_had_served_all_along()
    {
        output.WriteLine($"seed {Campaign.Seed}");
        var (random, scattered) = (new Random(Campaign.Seed), new ScatteredPlaces(Campaign.Seed));
        for (var round = 0; round < 20; round++)
        {
            var places = scattered.Take(random.Next(2, 50));
            var communes = Scene.Random(random, () => scattered.Query(places), 200);
            ServingPharmacy[] all = [.. places.Select(p => new ServingPharmacy(p.Id, p.At, communes.All[random.Next(communes.All.Count)].Landmass))];
            var (before, after) = (CoverageMap.Of(communes, all[1..]), CoverageMap.Of(communes, all));
            var with = before.With(all[0]);

            Assert.All(Enumerable.Range(0, communes.All.Count), i => Assert.Equal(Scene.Of(after, i), Scene.Of(with, i)));
            var nearer = Enumerable.Range(0, communes.All.Count).Where(i => before.MetersOf(i) is not { } was || after.MetersOf(i) < was).Where(i => after.MetersOf(i) is not null).ToArray();
            var change = CoverageChange.Of(before, with, ..);
            Assert.Equal(new(nearer.Length, nearer.Sum(i => (long)communes.All[i].Population)), change.Nearer);
            Assert.Equal(nearer.Count(i => before.MetersOf(i) is null), change.Reached.Communes);
            Assert.Equal(CoverageFigures.Classes.Select(meters => nearer.Count(i => before.MetersOf(i) > meters && after.MetersOf(i) <= meters)), change.Leaving.Select(one => one.Communes));
            var gains = CoverageChange.Gains(before, with, int.MaxValue);
            Assert.Equal(nearer.Order(), gains.Select(gain => communes.All.ToList().IndexOf(gain.Commune)).Order());
            Assert.Equal(gains.Select(Saved).OrderDescending(), gains.Select(Saved));
        }
    }

    [Fact]
    public void One_that_serves_anyhow_changes_nothing()
    {
        var map = CoverageMap.Of(North(1, 1, 1, 1), [Lyon]);
        var change = CoverageChange.Of(map, map.With(Lyon), ..);

        Assert.Equal((default, default, change.Before.MeanMeters), (change.Nearer, change.Reached, change.After.MeanMeters));
        Assert.Empty(CoverageChange.Gains(map, map.With(Lyon), 20));
    }

    private static double Saved(CommuneGain gain) => (gain.BeforeMeters ?? double.PositiveInfinity) - gain.AfterMeters;

    private static Communes North(params int[] people) => Communes.Of("",
        [.. people.Select((count, i) => new Commune($"0100{i}", $"{i}", new(45.76 + (i == 0 ? 0 : 0.1 * Math.Pow(2, i - 1)), 4.84), count)), new Commune("29155", "Ouessant", new Position(48.458, -5.096), 50)]);
}
