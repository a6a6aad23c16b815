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
        var shelves = new Shelves(new Country(new DemoWorld(null)), new DemoWorld(DemoCountry.Create()));
        var (id, other) = (DemoCountry.IdOf(17), DemoCountry.IdOf(18));
        var seeded = DemoStock.Products.Order().Select(product => (product, StockLevels.Of(DemoStock.BoxesOf(id, product)!.Value))).ToArray();
        Assert.Equal(seeded, shelves.LevelsOf(id));
        Assert.False(shelves.Take(id, 3, [(Ibuprofen, StockLevel.Low)]));

        shelves.Take(new StockFacts(id, 3, new Dictionary<Cip13, StockLevel> { [Ibuprofen] = StockLevel.Low }));

        Assert.Equal([(Ibuprofen, StockLevel.Low)], shelves.LevelsOf(id));
        Assert.Equal(DemoStock.Products.Order().Select(product => (product, StockLevels.Of(DemoStock.BoxesOf(other, product)!.Value))), shelves.LevelsOf(other));
        Assert.True(shelves.Take(id, 4, [(Ibuprofen, StockLevel.OutOfStock)]));
        Assert.Equal([(Ibuprofen, StockLevel.OutOfStock)], shelves.LevelsOf(id));
    }

    [Fact]
    public void Where_the_demo_is_off_its_pharmacies_have_nothing()
    {
        var shelves = new Shelves(new Country(new DemoWorld(null)), new DemoWorld(null));
        shelves.Take(new StockFacts(DemoCountry.IdOf(17), 3, new Dictionary<Cip13, StockLevel> { [Ibuprofen] = StockLevel.Low }));
        Assert.Empty(shelves.LevelsOf(DemoCountry.IdOf(17)));
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
                country.Write(id, Levels());
                break;
            default:
                Assert.Equal(country.HasWritten(id), country.Cross(id, Any(), (StockLevel)_random.Next(4)));
                break;
        }
    }

    private Dictionary<Cip13, StockLevel> Levels() => Products.Where(_ => _random.Next(3) == 0).ToDictionary(product => product, _ => (StockLevel)_random.Next(4));

    private Cip13 Any() => Products[_random.Next(Products.Length)];

    // The same products in other groups.
    private static Catalogue Regrouped() => Catalogue.Of("regrouped", DemoProducts.Set with
    {
        Groups = [.. DemoProducts.Set.Presentations.Select((box, i) => new GroupMember($"g{i / 3}", box.Cis, ""))],
    }, Rules, Now);
}
