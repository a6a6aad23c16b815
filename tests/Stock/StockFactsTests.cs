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
    }

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
