using NodaTime;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Tests.Stock;

/// <summary>Packed products against the plainest dictionary.</summary>
public sealed class InventoryTests(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_is_put_in_comes_out_again_by_code_and_in_order()
    {
        var random = new Random(Campaign.Seed);
        for (var round = 0; round < (Campaign.Long ? 300 : 20); round++)
        {
            var (inventory, plain) = (Inventory.Empty, new SortedDictionary<Cip13, InventoryItem>());
            for (var step = 0; step < 400; step++)
                if (random.Next(40) == 0)
                {
                    var many = Enumerable.Range(0, random.Next(200)).Select(_ => AnyProduct(random)).Distinct().Order().Select(product => (product, AnyItem(random))).ToArray();
                    inventory = inventory.With(PackedItems.Of(many).Each());
                    foreach (var (product, item) in many)
                        plain[product] = item;
                }
                else
                {
                    var (product, item) = (AnyProduct(random), AnyItem(random));
                    (inventory, plain[product]) = (inventory.With(product, item), item);
                }
            Same(plain, inventory);
            Same(plain, Inventory.Read(inventory.Write()));
            Assert.Null(Inventory.Empty.Find(AnyProduct(random)));
        }
    }

    [Fact]
    public void Ten_thousand_products_with_a_lot_take_less_than_200_KB_and_one_is_found_fast()
    {
        var items = FeedRulesTests.ManyLines(10_000).Select(line => (line.Cip13, new InventoryItem { OnHand = line.Boxes, Lots = [new(line.Lot!, line.Expiry, line.Boxes)] })).ToArray();
        var inventory = Inventory.Empty.With(PackedItems.Of(items).Each());
        output.WriteLine($"10,000 products with a lot: {inventory.Write().Length} bytes");
        Assert.InRange(inventory.Write().Length, 100_000, 200_000);
        Assert.All(items, item => Assert.True(item.Item2.HasSameBoxes(inventory.Find(item.Cip13)!)));
    }

    [Fact]
    public void What_is_told_apart_as_it_stands_is_told_apart_when_it_is_read()
    {
        var (random, product, alike) = (new Random(Campaign.Seed), AnyProduct(new Random(Campaign.Seed)), 0);
        for (var round = 0; round < 20_000; round++)
        {
            var known = AnyItem(random);
            var said = random.Next(3) switch { 0 => AnyItem(random), 1 => known, _ => known with { OnHand = known.OnHand + random.Next(3) } };
            said = new() { OnHand = said.OnHand, Lots = said.Lots };
            Assert.Equal(known.CountedAt is null && known.Reserve is null, Packed(known).IsFedAlone);
            if (!Packed(known).IsFedAlone)
                continue;
            Assert.Equal(known.HasSameBoxes(said), Packed(known).HasSameBoxes(Packed(said)));
            alike += known.HasSameBoxes(said) ? 1 : 0;
        }
        Assert.InRange(alike, 1_000, 19_000);

        PackedItem Packed(InventoryItem item) => Assert.Single(PackedItems.Of([(product, item)]).Each());
    }

    [Fact]
    public void Text_that_is_cut_is_not_taken_for_stock()
    {
        var whole = Inventory.Empty.With(Cip13.OfPlace(340_093_000_000), new() { OnHand = 3 }).Write();
        for (var length = 1; length < whole.Length; length++)
            Assert.Throws<FormatException>(() => Inventory.Read(whole[..length]));
    }

    private static void Same(SortedDictionary<Cip13, InventoryItem> plain, Inventory inventory)
    {
        Assert.Equal(plain.Select(pair => (pair.Key, Text(pair.Value))), inventory.All().Select(one => (one.Product, Text(one.Item))));
        foreach (var (product, item) in plain)
        {
            Assert.Equal(Text(item), Text(inventory.Find(product)!));
            var next = Cip13.OfPlace((product.Number / 10) + 1);
            Assert.Equal(plain.ContainsKey(next), inventory.Find(next) is not null);
        }
    }

    private static string Text(InventoryItem item) => $"{item.OnHand} {item.Reserve} {item.CountedAt} {string.Join(' ', item.Lots)} {string.Join(' ', item.Left)}";

    private static Cip13 AnyProduct(Random random) => Cip13.OfPlace(340_090_000_000 + (random.Next(2) == 0 ? random.Next(300) : random.NextInt64(9_999_999)));

    private static InventoryItem AnyItem(Random random) => new()
    {
        OnHand = random.Next(3) == 0 ? random.Next(100_000) - 50_000 : random.Next(40),
        Reserve = random.Next(3) == 0 ? random.Next(1_000) : null,
        CountedAt = random.Next(3) == 0 ? Instant.FromUnixTimeTicks(random.NextInt64(17_000_000_000_000_000, 18_000_000_000_000_000)) : null,
        Lots = random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, random.Next(4)).Select(i => new LotBoxes(i == 0 ? "" : $"LOT{random.Next(1000)}é", random.Next(2) == 0 ? null : new LocalDate(2000, 1, 1).PlusDays(random.Next(36_000)), 1 + random.Next(300)))],
        Left = random.Next(2) == 0 ? [] : [.. Enumerable.Range(2_900, random.Next(13)).Select(week => new WeekBoxes(week, 1 + random.Next(500)))],
    };
}
