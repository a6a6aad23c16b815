using NodaTime;
using Realtime.Nearest;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Tests.Nearest;
using Realtime.Web.Live;
using Realtime.Web.Stock;

namespace Realtime.Tests.Stock;

public sealed class ShelvesTests
{
    private static readonly Instant Now = Instant.FromUtc(2027, 1, 1, 0, 0);
    private static readonly DoseRules Rules = new([]);
    private static readonly Cip13 Ibuprofen = Cip13.Parse("3400938358926");

    // A quarter of them have others in their generic group.
    private static readonly Cip13[] Products = [.. DemoProducts.Set.Presentations.Select(box => box.Cip13)];

    private readonly Random _random = new(Campaign.Seed);
    private readonly ScatteredPlaces _scattered = new(Campaign.Seed);

    [Fact]
    public void Whatever_is_written_added_moved_and_rebuilt_answers_are_those_of_brute_force()
    {
        var country = new StockedCountry(_scattered.Take(2_000));
        Catalogue[] catalogues = [DemoProducts.Catalogue(Rules, Now), Regrouped()];
        var (catalogue, found) = (catalogues[0], 0);
        for (var round = 0; round < (Campaign.Long ? 20_000 : 2_000); round++)
        {
            for (var changes = _random.Next(20); changes > 0; changes--)
                Change(country);
            if (_random.Next(20) == 0)
                country.Rebuild();
            if (_random.Next(50) == 0)
                catalogue = catalogues[_random.Next(catalogues.Length)];
            var products = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Any()).Distinct().ToArray();
            var (from, equivalents) = (_scattered.Query(country.Places), _random.Next(2) == 0 ? catalogue : null);
            var expected = country.Expect(from, products, equivalents, 10);
            Assert.True(expected.SequenceEqual(country.Ask(from, products, equivalents, 10)), $"seed {Campaign.Seed}, round {round}: {string.Join(' ', products)} from {from}, equivalents {equivalents?.Version}");
            found += expected.Length;
        }
        Assert.True(found > 1_000, $"only {found} places found; seed {Campaign.Seed}");
    }

    [Fact]
    public void After_a_rebuild_the_new_index_is_asked()
    {
        var country = new StockedCountry(_scattered.Take(300));
        foreach (var (id, _) in country.Places)
            country.Write(id, new Dictionary<Cip13, StockLevel> { [Ibuprofen] = StockLevel.Low });
        country.Move(7, new Position(10, 10));
        Assert.Equal(7, country.Ask(new Position(10, 10), [Ibuprofen], null, 1)[0].Slot);

        country.Rebuild();
        country.Move(7, new Position(-10, 10));

        Assert.Equal(7, country.Ask(new Position(-10, 10), [Ibuprofen], null, 1)[0].Slot);
    }

    [Fact]
    public async Task While_levels_flip_and_the_index_is_laid_anew_who_has_it_is_always_found_and_who_has_not_never()
    {
        var country = new StockedCountry(Enumerable.Range(0, 3_000).Select(i => (ScatteredPlaces.Id(i), _scattered.Anywhere())));
        Cip13[] both = [Products[0], Products[1]];
        for (var slot = 0; slot < 3_000; slot += 50)
            country.Write(country.Places[slot].Id, both.ToDictionary(product => product, _ => StockLevel.Low));
        var steady = country.Places.ToArray();
        using var done = new CancellationTokenSource();
        var writer = Task.Run(() =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++)
            {
                if (i % 500 == 0)
                    country.Add(ScatteredPlaces.Id(10_000 + i), _scattered.Anywhere());
                if (i % 5_000 == 0)
                    country.Rebuild();
                // Asked for so often that the steady ones are forgotten now and then.
                if (i % 100 == 0)
                    country.Ask(default, [Cip13.OfPlace(340_090_000_000 + (i % 30_000))], null, 1);
                var slot = (_random.Next(60) * 50) + 1;
                country.Write(country.Places[slot].Id, both.ToDictionary(product => product, _ => (StockLevel)_random.Next(4)));
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
        {
            var random = new Random(Campaign.Seed + reader);
            for (var i = 0; i < (Campaign.Long ? 100_000 : 10_000); i++)
            {
                var slot = random.Next(60) * 50;
                var found = country.Ask(steady[slot].At, both, null, 3);
                Assert.Equal(slot, found[0].Slot);
                Assert.All(found, one => Assert.True(one.Slot < 3_000 && one.Slot % 50 is 0 or 1, $"slot {one.Slot} never had it; seed {Campaign.Seed}"));
            }
        })).ToArray());
        await done.CancelAsync();
        await writer;
    }

    [Fact]
    public void A_question_whose_masks_are_there_allocates_nothing()
    {
        var country = new StockedCountry(_scattered.Take(20_174));
        Cip13[] two = [Products[0], Products[1]];
        foreach (var (id, _) in country.Places)
            country.Shelves.Take(new StockFacts(id, 1, two.ToDictionary(product => product, _ => (StockLevel)_random.Next(4))));
        var catalogue = DemoProducts.Catalogue(Rules, Now);
        var (masks, found) = (new StockMask[2], new Neighbour[10]);
        int[] serving = [Country.Serving];
        var queries = Enumerable.Range(0, 10_000).Select(_ => _scattered.Query(country.Places)).ToArray();
        foreach (var from in queries[..100])
            Ask(from);

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var from in queries)
            Ask(from);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Ask(Position from)
        {
            country.Shelves.Find(two, null, masks).Nearest(from, [], masks, 50_000, found);
            country.Shelves.Find(two, catalogue, masks).Nearest(from, serving, masks, 50_000, found);
        }
    }

    [Fact]
    public void The_mask_that_was_not_asked_for_longest_goes_first_and_comes_back_right()
    {
        var country = new StockedCountry(_scattered.Take(100));
        var products = Enumerable.Range(0, StockMasks.Most + 1).Select(i => Cip13.OfPlace(340_090_000_000 + i)).ToArray();
        var first = Mask(country, products[0]);
        var second = Mask(country, products[1]);
        foreach (var product in products[2..^1])
            Mask(country, product);
        Assert.Same(first, Mask(country, products[0]));

        Mask(country, products[^1]);

        Assert.Same(first, Mask(country, products[0]));
        var forgotten = second;
        country.Write(country.Places[7].Id, new Dictionary<Cip13, StockLevel> { [products[0]] = StockLevel.InStock, [products[1]] = StockLevel.InStock });
        second = Mask(country, products[1]);
        Assert.NotSame(forgotten, second);
        Assert.False(forgotten.Get(7));
        Assert.True(second.Get(7));
        Assert.True(first.Get(7));
    }

    [Fact]
    public void What_a_pharmacy_of_the_demo_writes_replaces_all_that_the_seed_gave_it()
    {
        var shelves = new Shelves(new Country(new DemoWorld(null)), new DemoWorld(DemoCountry.Create()), new Clock(TimeProvider.System));
        var (id, other) = (DemoCountry.IdOf(17), DemoCountry.IdOf(18));
        var seeded = DemoStock.Products.Order().Select(product => (product, StockLevels.Of(DemoStock.BoxesOf(id, product)!.Value))).ToArray();
        Assert.Equal(seeded, shelves.LevelsOf(id));
        Assert.False(shelves.Take(id, 3, new([(Ibuprofen, StockLevel.Low)], null)));

        shelves.Take(new StockFacts(id, 3, new Dictionary<Cip13, StockLevel> { [Ibuprofen] = StockLevel.Low }));

        Assert.Equal([(Ibuprofen, StockLevel.Low)], shelves.LevelsOf(id));
        Assert.Equal(DemoStock.Products.Order().Select(product => (product, StockLevels.Of(DemoStock.BoxesOf(other, product)!.Value))), shelves.LevelsOf(other));
        Assert.True(shelves.Take(id, 4, new([(Ibuprofen, StockLevel.OutOfStock)], null)));
        Assert.Equal([(Ibuprofen, StockLevel.OutOfStock)], shelves.LevelsOf(id));
    }

    [Fact]
    public void Where_the_demo_is_off_its_pharmacies_have_nothing()
    {
        var shelves = new Shelves(new Country(new DemoWorld(null)), new DemoWorld(null), new Clock(TimeProvider.System));
        shelves.Take(new StockFacts(DemoCountry.IdOf(17), 3, new Dictionary<Cip13, StockLevel> { [Ibuprofen] = StockLevel.Low }));
        Assert.Empty(shelves.LevelsOf(DemoCountry.IdOf(17)));
    }

    [Fact]
    public void Levels_are_unknown_from_the_very_second_on_and_known_again_when_they_are_fresh()
    {
        var country = new StockedCountry(_scattered.Take(100));
        var (id, other, until) = (country.Places[7].Id, country.Places[8].Id, country.Now + Duration.FromMinutes(10));
        country.Write(id, new Dictionary<Cip13, StockLevel> { [Ibuprofen] = StockLevel.Low }, until);
        country.Write(other, new Dictionary<Cip13, StockLevel> { [Ibuprofen] = StockLevel.InStock });
        var mask = Mask(country, Ibuprofen);
        Assert.Equal(until, country.Shelves.Age(country.Now));

        country.Pass(until - country.Now - Duration.FromTicks(1));
        Assert.True(mask.Get(7));
        Assert.Equal([(Ibuprofen, StockLevel.Low)], country.Shelves.LevelsOf(id));
        country.Pass(Duration.FromTicks(1));
        Assert.False(mask.Get(7));
        Assert.Empty(country.Shelves.LevelsOf(id));
        Assert.False(mask.IsThere(country.Shelves.NumberOf(id)));
        Assert.True(mask.Get(8));

        Assert.True(country.Feed(id, country.Now + Duration.FromMinutes(10)));
        Assert.True(mask.Get(7));
        Assert.Equal([(Ibuprofen, StockLevel.Low)], country.Shelves.LevelsOf(id));
        country.Pass(Duration.FromMinutes(10));
        Assert.False(mask.Get(7));
        // Somebody counts by hand: nothing makes that old.
        country.Feed(id, null);
        country.Pass(Duration.FromDays(100));
        Assert.True(mask.Get(7));
    }

    [Fact]
    public void What_crosses_while_levels_are_too_old_is_known_when_they_are_fresh_again()
    {
        var country = new StockedCountry(_scattered.Take(100));
        var id = country.Places[7].Id;
        country.Write(id, new Dictionary<Cip13, StockLevel> { [Ibuprofen] = StockLevel.Low }, country.Now);
        var mask = Mask(country, Ibuprofen);
        Assert.False(mask.Get(7));
        country.Cross(id, Ibuprofen, StockLevel.InStock);
        Assert.False(mask.Get(7));
        Assert.Empty(country.Shelves.LevelsOf(id));

        country.Feed(id, country.Now + Duration.FromMinutes(1));

        Assert.True(mask.Get(7));
        Assert.Equal([(Ibuprofen, StockLevel.InStock)], country.Shelves.LevelsOf(id));
    }

    [Fact]
    public void Only_a_pharmacy_s_next_end_is_waited_for_however_often_it_feeds()
    {
        var (ages, start) = (new ShelfAges(), Now);
        for (var i = 1; i <= 1_000; i++)
            ages.Put(1, start + Duration.FromMinutes(i), start);
        Assert.Equal(start + Duration.FromMinutes(1), ages.Next);
        Assert.False(ages.TryAge(start + Duration.FromMinutes(1), out _));
        Assert.Equal(start + Duration.FromMinutes(1_000), ages.Next);
        Assert.True(ages.Put(1, start, start));
        Assert.True(ages.IsStale(1));
        Assert.False(ages.IsStale(0));
        Assert.True(ages.Put(1, start + Duration.FromMinutes(5), start));
        Assert.True(ages.TryAge(start + Duration.FromMinutes(5), out var number));
        Assert.Equal(1, number);
        Assert.False(ages.TryAge(start + Duration.FromMinutes(2_000), out _));
    }

    [Fact]
    public void Ten_thousand_products_of_two_hundred_pharmacies_take_no_country_each()
    {
        var country = new StockedCountry(_scattered.Take(20_174));
        Mask(country, Ibuprofen);
        var products = Enumerable.Range(0, 10_000).Select(i => Cip13.OfPlace(340_090_000_000 + i)).ToDictionary(product => product, _ => StockLevel.Low);
        var facts = Enumerable.Range(0, 200).Select(i => new StockFacts(country.Places[i * 100].Id, 1, products)).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var one in facts)
            country.Shelves.Take(one);
        // What was copied on the way included. Two bits for every pharmacy of the country would be 50 MB to keep.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 8_000_000, 40_000_000);
        Assert.All(facts, one => Assert.Equal(10_000, country.Shelves.LevelsOf(one.Pharmacy, products.Keys).Count(level => level.Level == StockLevel.Low)));
    }

    [Fact]
    public void As_more_and_more_pharmacies_speak_of_a_product_nothing_of_it_is_forgotten()
    {
        var plane = new LevelPlane(Ibuprofen, new ShelfAges());
        var expected = new StockLevel[4_000];
        foreach (var number in Enumerable.Range(0, 4_000).OrderBy(_ => _random.Next()).Take(3_000))
        {
            for (var twice = 0; twice < 2; twice++)
            {
                var level = (StockLevel)_random.Next(4);
                Assert.Equal(expected[number] != level, plane.Set(number, level));
                expected[number] = level;
            }
            var any = _random.Next(4_000);
            Assert.Equal(expected[any], plane.At(any));
        }
        var there = new bool[4_000];
        plane.MarkThere(there);
        Assert.Equal(expected, Enumerable.Range(0, 4_000).Select(plane.At));
        Assert.Equal(expected.Select(level => level.IsThere()), there);
    }

    private static StockMask Mask(StockedCountry country, Cip13 product)
    {
        var found = new StockMask[1];
        country.Shelves.Find([product], null, found);
        return found[0];
    }

    private void Change(StockedCountry country)
    {
        var slot = _random.Next(country.Places.Count);
        var id = country.Places[slot].Id;
        switch (_random.Next(20))
        {
            case 0:
                // One in two has said what it has before this node knows where it is.
                var added = ScatteredPlaces.Id(1_000_000 + country.Places.Count);
                if (_random.Next(2) == 0)
                    country.Write(added, Levels());
                country.Add(added, _scattered.Query(country.Places));
                break;
            case 1:
                country.Move(slot, _scattered.Query(country.Places));
                break;
            case < 8:
                country.Write(id, Levels(), FreshUntil(country));
                break;
            case < 11:
                Assert.Equal(country.HasWritten(id), country.Feed(id, FreshUntil(country)));
                break;
            case 11:
                country.Pass(Duration.FromMinutes(_random.Next(8) == 0 ? -10 : 3));
                break;
            default:
                Assert.Equal(country.HasWritten(id), country.Cross(id, Any(), (StockLevel)_random.Next(4)));
                break;
        }
    }

    private Dictionary<Cip13, StockLevel> Levels() => Products.Where(_ => _random.Next(3) == 0).ToDictionary(product => product, _ => (StockLevel)_random.Next(4));

    // Now and then it is over already.
    private Instant? FreshUntil(StockedCountry country) => _random.Next(3) == 0 ? null : country.Now + Duration.FromMinutes(_random.Next(-5, 100));

    private Cip13 Any() => Products[_random.Next(Products.Length)];

    // The same products in other groups.
    private static Catalogue Regrouped() => Catalogue.Of("regrouped", DemoProducts.Set with
    {
        Groups = [.. DemoProducts.Set.Presentations.Select((box, i) => new GroupMember($"g{i / 3}", box.Cis, ""))],
    }, Rules, Now);
}
