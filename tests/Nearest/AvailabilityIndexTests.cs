using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.Tests.Nearest;

public sealed class AvailabilityIndexTests
{
    private const int Few = 0, Some = 1, All = 2, Half = 3;
    private static readonly int[][] Filters = [[Few], [Some], [All], [], [Some, Half], [Few, All], [Few, Half]];

    private readonly Random random = new(Campaign.Seed);

    [Fact]
    public void Answers_are_those_of_brute_force()
    {
        var scattered = new ScatteredPlaces(Campaign.Seed);
        var places = scattered.Take(20_174);
        var (index, oracle) = (Filled(places), new BruteForce(places));
        for (var i = 0; i < (Campaign.Long ? 100_000 : 10_000); i++)
        {
            var (from, filters) = (scattered.Query(places), Filters[random.Next(Filters.Length)]);
            var maxDistanceMeters = random.Next(2) == 0 ? double.PositiveInfinity : Math.Pow(10, 1 + (6.5 * random.NextDouble()));
            AssertSame(index, oracle, from, filters, maxDistanceMeters, k: random.Next(3) switch { 0 => 1, 1 => 10, _ => 50 });
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(4_097)]
    public void A_tree_of_any_size_finds_everything(int count)
    {
        var scattered = new ScatteredPlaces(Campaign.Seed);
        var places = scattered.Take(count);
        var (index, oracle) = (Filled(places), new BruteForce(places));
        for (var i = 0; i < 20; i++)
            AssertSame(index, oracle, scattered.Anywhere(), Filters[random.Next(Filters.Length)], double.PositiveInfinity, k: 5_000);
    }

    [Fact]
    public void Equally_near_places_come_by_id_and_the_first_ids_win_the_last_seats()
    {
        var places = Enumerable.Range(0, 500).Select(i => (ScatteredPlaces.Id(499 - i), new Position(48, i % 2 == 0 ? 2 : 2.001))).ToArray();
        var found = Ask(AvailabilityIndex.Build(places, 0), new Position(48, 2), [], double.PositiveInfinity, 260);
        var expected = places.OrderBy(place => place.Item2.Longitude).ThenBy(place => place.Item1).Take(260).Select(place => place.Item1);
        Assert.Equal(expected, found.Select(one => places[one.Slot].Item1));
    }

    [Fact]
    public void Both_sides_of_the_antimeridian_are_one_place()
    {
        var index = AvailabilityIndex.Build([(ScatteredPlaces.Id(2), new Position(-16.8, 180)), (ScatteredPlaces.Id(1), new Position(-16.8, -180))], 0);
        Assert.Equal([1, 0], Ask(index, new Position(-16.8, 179.9), [], double.PositiveInfinity, 2).Select(one => one.Slot));
    }

    [Fact]
    public void A_place_exactly_as_far_as_allowed_is_found_and_one_beyond_is_not()
    {
        var (from, at) = (new Position(48.8566, 2.3522), new Position(48.8, 2.4));
        var index = AvailabilityIndex.Build([(ScatteredPlaces.Id(1), at)], 0);
        var distance = GreatCircle.DistanceMeters(from, at);
        Assert.Single(Ask(index, from, [], distance, 1));
        Assert.Empty(Ask(index, from, [], Math.BitDecrement(distance), 1));
        Assert.Single(Ask(index, at, [], 0, 1));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    public void A_distance_that_is_none_is_refused(double maxDistanceMeters) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Ask(AvailabilityIndex.Build([], 0), default, [], maxDistanceMeters, 1));

    [Fact]
    public void Slots_and_filters_that_do_not_exist_are_refused()
    {
        var index = AvailabilityIndex.Build([(ScatteredPlaces.Id(1), default)], filters: 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Set(0, 1, true));
        Assert.Throws<ArgumentOutOfRangeException>(() => index.Get(0, -1));
        Assert.ThrowsAny<Exception>(() => index.Set(1, 0, true));
        Assert.ThrowsAny<Exception>(() => Ask(index, default, [1], 1, 1));
    }

    [Fact]
    public void Flips_are_read_back_and_change_the_answer()
    {
        var index = AvailabilityIndex.Build(new ScatteredPlaces(Campaign.Seed).Take(1_000), filters: 2);
        index.Set(1, 700, true);
        Assert.True(index.Get(1, 700));
        Assert.False(index.Get(0, 700));
        Assert.Equal(700, Assert.Single(Ask(index, default, [1], double.PositiveInfinity, 10)).Slot);
        index.Set(1, 700, false);
        Assert.False(index.Get(1, 700));
        Assert.Empty(Ask(index, default, [1], double.PositiveInfinity, 10));
    }

    [Fact]
    public void A_query_allocates_nothing()
    {
        var scattered = new ScatteredPlaces(Campaign.Seed);
        var places = scattered.Take(20_174);
        var index = Filled(places);
        var queries = Enumerable.Range(0, 10_000).Select(_ => scattered.Query(places)).ToArray();
        var results = new Neighbour[10];
        ReadOnlySpan<int> filters = [Some, Half];
        index.Nearest(queries[0], filters, 50_000, results);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var from in queries)
            index.Nearest(from, filters, 50_000, results);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1_000)]
    [InlineData(20_174)]
    public void Who_is_asked_beside_the_filters_is_asked_once_and_of_few_where_many_are_let_in(int letIn)
    {
        var scattered = new ScatteredPlaces(Campaign.Seed);
        var places = scattered.Take(20_174);
        var (index, oracle, results) = (Filled(places), new BruteForce(places), new Neighbour[50]);
        // Some lie beside the tree.
        for (var slot = 0; slot < 40; slot++)
            index.Move(slot, places[slot].At);
        for (var i = 0; i < 20; i++)
        {
            var (from, asked) = (scattered.Query(places), new List<int>());
            var found = index.Nearest(from, [Half], Admits, double.PositiveInfinity, results);

            var expected = oracle.Nearest(from, slot => slot < letIn && index.Get(Half, slot), double.PositiveInfinity, results.Length);
            Assert.True(expected.AsSpan().SequenceEqual(results.AsSpan(0, found)), $"seed {Campaign.Seed}");
            Assert.Equal(asked.Distinct().Count(), asked.Count);
            // Even where all are wanted alike, nodes are met in the order of their bounds, not places in that of their distances.
            Assert.InRange(asked.Count, found, letIn == places.Length ? 2_000 : places.Length);

            bool Admits(int slot)
            {
                asked.Add(slot);
                return slot < letIn;
            }
        }
    }

    [Fact]
    public void In_one_street_float32_alone_orders_most_answers_wrongly_and_the_index_none()
    {
        var places = Enumerable.Range(0, 300).Select(i => (ScatteredPlaces.Id(i), InStreet())).ToArray();
        var (index, oracle, wrong) = (AvailabilityIndex.Build(places, 0), new BruteForce(places), 0);
        for (var i = 0; i < 100; i++)
        {
            var from = InStreet();
            AssertSame(index, oracle, from, [], double.PositiveInfinity, k: 10);
            var exact = oracle.Nearest(from, _ => true, double.PositiveInfinity, places.Length).Select(one => one.Slot).ToArray();
            var single = exact.OrderBy(slot => SingleChordSquared(from, places[slot].Item2)).ThenBy(slot => places[slot].Item1);
            wrong += exact.Take(10).SequenceEqual(single.Take(10)) ? 0 : 1;
        }
        Assert.True(wrong > 50, $"only {wrong} of 100 top tens show that re-ranking matters; seed {Campaign.Seed}");

        Position InStreet() => new(48.8566 + (0.001 * random.NextDouble()), 2.3522 + (0.0001 * random.NextDouble()));
    }

    private static float SingleChordSquared(Position from, Position to)
    {
        var (a, b) = (UnitVector.Of(from), UnitVector.Of(to));
        var (dx, dy, dz) = ((float)a.X - (float)b.X, (float)a.Y - (float)b.Y, (float)a.Z - (float)b.Z);
        return (dx * dx) + (dy * dy) + (dz * dz);
    }

    private AvailabilityIndex Filled((PharmacyId Id, Position At)[] places)
    {
        var index = AvailabilityIndex.Build(places, filters: 4);
        for (var slot = 0; slot < places.Length; slot++)
        {
            index.Set(Few, slot, random.Next(100) < 2);
            index.Set(Some, slot, random.Next(100) < 30);
            index.Set(All, slot, true);
            index.Set(Half, slot, random.Next(2) == 0);
        }
        return index;
    }

    private static void AssertSame(AvailabilityIndex index, BruteForce oracle, Position from, int[] filters, double maxDistanceMeters, int k)
    {
        var expected = oracle.Nearest(from, slot => Array.TrueForAll(filters, filter => index.Get(filter, slot)), maxDistanceMeters, k);
        var found = Ask(index, from, filters, maxDistanceMeters, k);
        Assert.True(expected.SequenceEqual(found), $"seed {Campaign.Seed}: {k} from {from}, filters [{string.Join(',', filters)}], within {maxDistanceMeters} m");
    }

    private static Neighbour[] Ask(AvailabilityIndex index, Position from, int[] filters, double maxDistanceMeters, int k)
    {
        var results = new Neighbour[k];
        return results[..index.Nearest(from, filters, maxDistanceMeters, results)];
    }
}
