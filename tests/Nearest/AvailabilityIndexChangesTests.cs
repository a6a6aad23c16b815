using Realtime.Nearest;
using Realtime.Pharmacies;

namespace Realtime.Tests.Nearest;

public sealed class AvailabilityIndexChangesTests
{
    private const int Filters = 2;

    private readonly Random random = new(Campaign.Seed);
    private readonly ScatteredPlaces scattered = new(Campaign.Seed);

    /// <summary>A plain list that is changed beside the index.</summary>
    private sealed class Model(IEnumerable<(PharmacyId Id, Position At)> places)
    {
        public List<(PharmacyId Id, Position At)> Places { get; } = [.. places];

        public HashSet<int> Removed { get; } = [];

        public HashSet<(int Filter, int Slot)> Bits { get; } = [];
    }

    [Fact]
    public void Moves_additions_removals_and_flips_are_answered_as_by_brute_force_before_and_after_a_rebuild()
    {
        var model = new Model(scattered.Take(3_000));
        var index = AvailabilityIndex.Build(model.Places, Filters);
        for (var round = 0; round < (Campaign.Long ? 200 : 20); round++)
        {
            while (!index.IsFull)
                Change(index, model);
            AssertSame(index, model);
            index = index.Rebuild();
            Assert.False(index.NeedsRebuild);
            AssertSame(index, model);
        }
    }

    [Fact]
    public void A_full_index_refuses_until_it_is_rebuilt()
    {
        var index = AvailabilityIndex.Build(scattered.Take(100), Filters);
        for (var i = 0; i < AvailabilityIndex.OverflowCapacity; i++)
            Assert.Equal(100 + i, index.Add(ScatteredPlaces.Id(1_000 + i), scattered.Anywhere()));
        Assert.True(index.IsFull && index.NeedsRebuild);
        Assert.Throws<InvalidOperationException>(() => index.Add(ScatteredPlaces.Id(5_000), default));
        Assert.Throws<InvalidOperationException>(() => index.Move(3, default));
        index.Move(100, new Position(1, 1)); // Already beside the tree: it needs no room.
        index = index.Rebuild();
        Assert.Equal(164, index.Add(ScatteredPlaces.Id(5_000), default));
        Assert.Equal(165, index.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(1_024)]
    public void Added_places_are_found_beside_all_others(int count)
    {
        var index = AvailabilityIndex.Build(scattered.Take(count), Filters);
        for (var i = 0; i < AvailabilityIndex.OverflowCapacity; i++)
            index.Set(0, index.Add(ScatteredPlaces.Id(10_000 + i), scattered.Anywhere()), true);
        var results = new Neighbour[2_000];
        Assert.Equal(count + AvailabilityIndex.OverflowCapacity, index.Nearest(default, [], double.PositiveInfinity, results));
        Assert.Equal(AvailabilityIndex.OverflowCapacity, index.Nearest(default, [0], double.PositiveInfinity, results));
    }

    [Fact]
    public void A_rebuild_leaves_the_index_it_comes_from_alone()
    {
        var index = AvailabilityIndex.Build(scattered.Take(100), Filters);
        index.Set(0, 7, true);
        var next = index.Rebuild();
        next.Set(0, 7, false);
        next.Set(1, 8, true);
        Assert.True(index.Get(0, 7));
        Assert.False(index.Get(1, 8));
    }

    [Fact]
    public void A_mask_narrows_its_own_index_and_is_refused_by_the_rebuilt_one()
    {
        var places = scattered.Take(500);
        var index = AvailabilityIndex.Build(places, Filters);
        var (mask, results) = (new PlaceMask(index), new Neighbour[500]);
        for (var slot = 0; slot < places.Length; slot++)
            index.Set(0, slot, slot % 2 == 0);
        foreach (var slot in new[] { 7, 8, 400, index.Add(ScatteredPlaces.Id(9_000), places[0].At) })
            mask.Set(slot, true);
        Assert.Equal([7, 8, 400, 500], results[..index.Nearest(default, [], [mask], double.PositiveInfinity, results)].Select(one => one.Slot).Order());
        Assert.Equal([8, 400], results[..index.Nearest(default, [0], [mask], double.PositiveInfinity, results)].Select(one => one.Slot).Order());
        Assert.Throws<ArgumentException>(() => index.Rebuild().Nearest(default, [], [mask], double.PositiveInfinity, results));
        Assert.Throws<ArgumentOutOfRangeException>(() => mask.Set(501, true));
    }

    private void Change(AvailabilityIndex index, Model model)
    {
        var slot = random.Next(model.Places.Count);
        switch (random.Next(12))
        {
            case 0:
                var added = (ScatteredPlaces.Id(1_000_000 + model.Places.Count), scattered.Query(model.Places));
                Assert.Equal(model.Places.Count, index.Add(added.Item1, added.Item2));
                model.Places.Add(added);
                break;
            case 1:
                model.Places[slot] = model.Places[slot] with { At = scattered.Query(model.Places) };
                index.Move(slot, model.Places[slot].At);
                break;
            case 2:
                index.Remove(slot);
                model.Removed.Add(slot);
                break;
            default:
                var bit = (random.Next(Filters), slot);
                var value = random.Next(3) > 0;
                index.Set(bit.Item1, slot, value);
                _ = value ? model.Bits.Add(bit) : model.Bits.Remove(bit);
                break;
        }
    }

    private void AssertSame(AvailabilityIndex index, Model model)
    {
        var oracle = new BruteForce(model.Places);
        var results = new Neighbour[10];
        for (var i = 0; i < 60; i++)
        {
            int[] filters = (i % 4) switch { 0 => [], 1 => [0], 2 => [1], _ => [0, 1] };
            var from = scattered.Query(model.Places);
            var expected = oracle.Nearest(from, slot => !model.Removed.Contains(slot) && filters.All(filter => model.Bits.Contains((filter, slot))), 5e6, results.Length);
            var found = results[..index.Nearest(from, filters, 5e6, results)];
            Assert.True(expected.SequenceEqual(found), $"seed {Campaign.Seed}: from {from}, filters [{string.Join(',', filters)}], beside the tree: {index.NeedsRebuild}");
        }
    }
}
