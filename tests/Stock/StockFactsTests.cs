using System.Text;
using NodaTime;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Tests.Stock;

public sealed class StockFactsTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        var random = new Random(Campaign.Seed);
        for (var round = 0; round < 200; round++)
        {
            var levels = new Dictionary<Cip13, StockLevel>();
            for (var i = random.Next(200); i > 0; i--)
                levels[Cip13.OfPlace(340_090_000_000 + random.NextInt64(10_000_000))] = (StockLevel)random.Next(4);
            var facts = new StockFacts(DemoCountry.IdOf(round), random.NextInt64(1_000_000), levels, random.Next(2) == 0 ? null : Instant.FromUnixTimeTicks(random.NextInt64(20_000_000_000_000_000)));
            var read = StockFacts.Read(facts.Write());
            Assert.Equal((facts.Pharmacy, facts.Seq, facts.FreshUntil), (read.Pharmacy, read.Seq, read.FreshUntil));
            Assert.Equal(levels.OrderBy(l => l.Key), read.Levels.OrderBy(l => l.Key));
        }
    }

    [Fact]
    public void Five_thousand_products_fit_20_KB()
    {
        var random = new Random(Campaign.Seed);
        var levels = Enumerable.Range(0, 5_000).Select(_ => Cip13.OfPlace(340_090_000_000 + random.NextInt64(10_000_000))).Distinct().ToDictionary(c => c, _ => StockLevel.InStock);
        Assert.InRange(new StockFacts(DemoCountry.IdOf(0), 1, levels).Write().Length, 5_000, 20 * 1024);
    }

    [Theory]
    [InlineData("""{"pharmacy":"990000010","seq":7,"levels":"E4aAVA"}""", null)]
    [InlineData("""{"pharmacy":"990000010","seq":7,"levels":"E4aAVA","freshUntil":"2026-11-28T14:03:30Z"}""", 30)]
    public void The_text_in_the_journal_stays_as_it_is(string text, int? freshUntil)
    {
        var levels = new Dictionary<Cip13, StockLevel> { [Cip13.OfPlace(340_090_000_004)] = StockLevel.InStock, [Cip13.OfPlace(340_090_344_069)] = StockLevel.Low };
        var facts = new StockFacts(DemoCountry.IdOf(0), 7, levels, freshUntil is { } second ? Instant.FromUtc(2026, 11, 28, 14, 3, second) : null);
        Assert.Equal(text, Encoding.UTF8.GetString(facts.Write()));
        Assert.Equal(facts.FreshUntil, StockFacts.Read(Encoding.UTF8.GetBytes(text)).FreshUntil);
        // However another program would escape it.
        Assert.Equal(levels.OrderBy(one => one.Key), StockFacts.Read(Encoding.UTF8.GetBytes(text.Replace("E4a", "\\u00454a", StringComparison.Ordinal))).Levels);
    }

    [Fact]
    public void Ten_thousand_products_are_written_as_ever_and_leave_no_large_object()
    {
        var levels = Enumerable.Range(0, 10_000).Select(i => (Product: Cip13.OfPlace(340_090_000_000 + (i * 97L)), Level: (StockLevel)(i % 4))).ToArray();
        var text = StockFacts.Write(DemoCountry.IdOf(0), 7, levels, null);
        Assert.Equal("b5d15021e7bc7dd8fc78f2c5eb70dbf84531d6b718244a252860a76aa495f2d3", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(text)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = StockFacts.Read(text);
        // The bytes of the text, and four for each product.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 40_000, 85_000);
        Assert.Equal(levels, read.Levels.Select(one => (one.Key, one.Value)));
    }

    [Fact]
    public void What_was_read_finds_every_product_and_no_other()
    {
        var levels = Enumerable.Range(0, 1_000).ToDictionary(i => Cip13.OfPlace(340_090_000_000 + (i * 2)), i => (StockLevel)(i % 4));
        var text = new StockFacts(DemoCountry.IdOf(0), 1, levels).Write();
        var read = StockFacts.Read(text).Levels;
        for (var i = 0; i < 2_010; i++)
        {
            var product = Cip13.OfPlace(340_090_000_000 + i);
            Assert.Equal((levels.TryGetValue(product, out var expected), expected), (read.TryGetValue(product, out var level), level));
            Assert.Equal(levels.ContainsKey(product), StockFacts.SpeaksOf(text, product));
        }
        Assert.Equal(levels.Count, read.Count);
        Assert.Throws<KeyNotFoundException>(() => read[Cip13.OfPlace(340_090_000_001)]);
    }

    [Theory]
    [InlineData("""{"pharmacy":"990000010","seq":7,"levels":"!"}""")]
    [InlineData("""{"pharmacy":"990000010","seq":7,"levels":"gA"}""")]
    [InlineData("""{"pharmacy":"990000010","seq":7,"levels":"EwM"}""")]
    [InlineData("""{"pharmacy":"990000010","seq":7,"levels":"________fw"}""")]
    public void Levels_that_nobody_packed_are_not_read(string text) => Assert.Throws<FormatException>(() => StockFacts.Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("3400938358926")]
    [InlineData("3400936251892")]
    public void Every_pharmacy_of_the_demo_has_the_boxes_that_visitors_order_first(string cip13)
    {
        foreach (var i in Enumerable.Range(0, DemoCountry.Size))
            Assert.InRange(DemoStock.BoxesOf(DemoCountry.IdOf(i), Cip13.Parse(cip13)) ?? 0, 12, 60);
    }

    [Fact]
    public void Shelves_of_the_demo_are_neither_all_full_nor_all_empty()
    {
        var boxes = DemoStock.Products.SelectMany(p => Enumerable.Range(0, 200).Select(i => DemoStock.BoxesOf(DemoCountry.IdOf(i), p)!.Value)).ToList();
        Assert.InRange(boxes.Count(b => b == 0) * 100.0 / boxes.Count, 7, 11);
        Assert.InRange(boxes.Count(b => b is 1 or 2) * 100.0 / boxes.Count, 6, 10);
        Assert.Null(DemoStock.BoxesOf(PharmacyId.Parse("750020927"), DemoStock.Products.First()));
    }
}
