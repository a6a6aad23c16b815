using Realtime.Coverage;
using Realtime.Nearest;
using Realtime.Pharmacies;
using Realtime.Tests.Nearest;

namespace Realtime.Tests.Coverage;

public sealed class CoverageMapTests(ITestOutputHelper output)
{
    [Fact]
    public void Random_communes_get_what_brute_force_finds_to_the_last_bit()
    {
        output.WriteLine($"seed {Campaign.Seed}");
        var (random, scattered, compared, none) = (new Random(Campaign.Seed), new ScatteredPlaces(Campaign.Seed), 0, 0);
        for (var round = 0; round < (Campaign.Long ? 200 : 12); round++)
        {
            var places = scattered.Take(random.Next(1, 400));
            var communes = Scene.Random(random, () => scattered.Query(places), random.Next(1, 600));
            ServingPharmacy[] serving = [.. places.Select(p => new ServingPharmacy(p.Id, p.At, random.Next(10) == 0 ? null : communes.All[random.Next(communes.All.Count)].Landmass))];
            var map = CoverageMap.Of(communes, serving);
            for (var i = 0; i < communes.All.Count; i++, compared++)
            {
                Assert.Equal(Scene.Nearest(communes.All[i], serving), Scene.Of(map, i));
                none += map.MetersOf(i) is null ? 1 : 0;
            }
        }
        output.WriteLine($"{compared} communes compared, {none} without anybody on their land");
        Assert.InRange(none, 1, compared - 1);
    }

    [Fact]
    public void The_real_communes_get_what_brute_force_finds_by_night_and_by_day()
    {
        output.WriteLine($"seed {Campaign.Seed}");
        var (random, france) = (new Random(Campaign.Seed), Scene.France);
        var all = Scene.Serving(france, DemoCountry.Create().Pharmacies);
        // A sample of them, and all where there is time: by day forty times as many serve as by night.
        foreach (var (share, sample) in new[] { (40, Campaign.Long ? 1 : 8), (1, Campaign.Long ? 1 : 150) })
        {
            ServingPharmacy[] serving = [.. all.Where(_ => random.Next(share) == 0)];
            var map = CoverageMap.Of(france, serving);
            var different = Enumerable.Range(0, france.All.Count).Where(i => i % sample == 0).AsParallel().Count(i => Scene.Nearest(france.All[i], serving) != Scene.Of(map, i));
            output.WriteLine($"{serving.Length} serve, {france.All.Count / sample} communes compared, {different} different");
            Assert.Equal(0, different);
        }
    }

    [Fact]
    public void Water_matters()
    {
        // Ouessant, Le Conquet and Brest; Rivedoux, on Ré, has a bridge.
        var communes = Communes.Of("", [
            new("29155", "Ouessant", new(48.458, -5.096), 833), new("29040", "Le Conquet", new(48.361, -4.770), 2_700), new("17297", "Rivedoux-Plage", new(46.157, -1.281), 2_200),
        ]);
        ServingPharmacy brest = new(PharmacyId.FromBody("29000000"), new(48.39, -4.486), Landmasses.Of("29019")), laRochelle = new(PharmacyId.FromBody("17000000"), new(46.16, -1.15), Landmasses.Of("17300"));
        var map = CoverageMap.Of(communes, [brest, laRochelle]);

        Assert.Equal([laRochelle.Id, brest.Id, null], Enumerable.Range(0, 3).Select(map.NearestOf));
        Assert.Null(map.MetersOf(2));
        Assert.Equal(new PeopleOf(1, 833), CoverageFigures.Of(map).Unreached);
        // It would be within 50 km of Brest as the gull flies.
        Assert.InRange(GreatCircle.DistanceMeters(communes.All[2].At, brest.At), 10_000, 50_000);
        Assert.Equal(0, CoverageMap.Of(communes, [new(brest.Id, brest.At, communes.All[2].Landmass)]).MetersOf(2) - GreatCircle.DistanceMeters(communes.All[2].At, brest.At));
    }

    [Fact]
    public void Of_equally_near_ones_the_lower_number_is_named()
    {
        var communes = Communes.Of("", [new("01001", "A", new(46, 5), 1)]);
        ServingPharmacy[] twins = [.. new[] { "01000007", "01000003", "01000005" }.Select(body => new ServingPharmacy(PharmacyId.FromBody(body), new(46.1, 5), Landmasses.All[0]))];

        Assert.Equal(twins[1].Id, CoverageMap.Of(communes, twins).NearestOf(0));
        Assert.Equal(twins[1].Id, CoverageMap.Of(communes, [twins[0]]).With(twins[1]).NearestOf(0));
        Assert.Equal(twins[1].Id, CoverageMap.Of(communes, [twins[1]]).With(twins[2]).NearestOf(0));
    }

    [Fact]
    public void Nobody_serving_reaches_nobody()
    {
        var figures = CoverageFigures.Of(CoverageMap.Of(Communes.OfTowns(), []));

        Assert.Equal((null, null, null), (figures.MeanMeters, figures.MedianMeters, figures.P90Meters));
        Assert.Equal(figures.Population, figures.Unreached.Population);
        Assert.All(figures.Beyond, beyond => Assert.Equal(default, beyond));
    }
}
