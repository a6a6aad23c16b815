using Realtime.Nearest;

namespace Realtime.Tests.Nearest;

public sealed class QueriesDuringFlipsTests
{
    private const int Readers = 2;
    private static readonly int Queries = Campaign.Long ? 300_000 : 30_000;

    [Fact]
    public async Task A_place_that_stays_set_is_always_found_and_one_that_stays_clear_never()
    {
        // No two places coincide, so that the nearest to a place that stays set is that place.
        var scattered = new ScatteredPlaces(Campaign.Seed);
        var places = Enumerable.Range(0, 5_000).Select(i => (ScatteredPlaces.Id(i), scattered.Anywhere())).ToArray();
        var index = AvailabilityIndex.Build(places, filters: 1);
        for (var slot = 0; slot < places.Length; slot++)
            index.Set(0, slot, StaysSet(slot));
        await WhileReading(
            random =>
            {
                var slot = random.Next(places.Length / 50) * 50;
                var results = new Neighbour[3];
                var found = results.AsSpan(0, index.Nearest(places[slot].Item2, [0], double.PositiveInfinity, results));
                Assert.Equal(slot, found[0].Slot);
                foreach (var one in found)
                    Assert.True(StaysSet(one.Slot) || Flips(one.Slot), $"slot {one.Slot} never matched; seed {Campaign.Seed}");
            },
            random =>
            {
                var slot = random.Next(places.Length);
                if (Flips(slot))
                    index.Set(0, slot, random.Next(4) == 0); // Mostly clear, so that words become empty all the time.
            });

        static bool StaysSet(int slot) => slot % 50 == 0;
        static bool Flips(int slot) => slot % 5 == 1;
    }

    [Fact]
    public async Task A_place_that_moves_is_seen_once_at_one_of_its_positions()
    {
        var places = new ScatteredPlaces(Campaign.Seed).Take(1_000);
        var index = AvailabilityIndex.Build(places, filters: 1);
        index.Set(0, 5, true);
        var (home, away) = (new Position(10, 10), new Position(-10, 10));
        index.Move(5, home);
        index = index.Rebuild();
        var distance = GreatCircle.DistanceMeters(default, home);
        await WhileReading(
            _ =>
            {
                var results = new Neighbour[3];
                Assert.Equal(1, index.Nearest(default, [0], double.PositiveInfinity, results));
                Assert.Equal(new Neighbour(5, distance), results[0]);
            },
            random => index.Move(5, random.Next(2) == 0 ? home : away));
    }

    private static async Task WhileReading(Action<Random> read, Action<Random> write)
    {
        using var done = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            for (var random = new Random(Campaign.Seed); !done.IsCancellationRequested;)
                write(random);
        });
        var readers = Enumerable.Range(1, Readers).Select(reader => Task.Run(() =>
        {
            var random = new Random(Campaign.Seed + reader);
            for (var i = 0; i < Queries; i++)
                read(random);
        }));
        try
        {
            await Task.WhenAll(readers);
        }
        finally
        {
            await done.CancelAsync();
            await writer;
        }
    }
}
