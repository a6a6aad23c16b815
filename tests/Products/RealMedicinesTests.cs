using Realtime.Products;

namespace Realtime.Tests.Products;

/// <summary>Every presentation of France, by the rules of the product.</summary>
public sealed class RealMedicinesTests
{
    [Fact]
    public void Every_presentation_is_classified()
    {
        var products = RealMedicines.Catalogue.Products;
        var counts = products.GroupBy(p => DoseLaw.SaleOf(p.Facts, RealMedicines.Rules, RealMedicines.Now)).ToDictionary(g => g.Key, g => g.Count());
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join(", ", counts.OrderBy(c => c.Key).Select(c => $"{c.Key} {c.Value}")));
        foreach (var p in products.Where(p => DoseLaw.SaleOf(p.Facts, RealMedicines.Rules, RealMedicines.Now) == Sale.UnknownMass))
            TestContext.Current.TestOutputHelper!.WriteLine($"{p.Cip13} {p.Name} | {p.Label} | {string.Join(", ", p.Facts.Parts)}");
        foreach (var (s, forms) in new[] { ("paracétamol", 148), ("ibuprofène", 64) })
        {
            var all = products.Where(p => p.Facts is { Marketed: true, Prescription: false } && p.Facts.Parts.Any(x => x.Substance == s)).ToList();
            TestContext.Current.TestOutputHelper!.WriteLine($"{s} {all.Count}: " + string.Join(" ", all.GroupBy(p => p.Facts.Parts.Single(x => x.Substance == s).Grams?.ToString() ?? "null").OrderBy(g => g.Key).Select(g => $"{g.Key}×{g.Count()}")));
            foreach (var p in all.Where(p => p.Facts.Parts.Single(x => x.Substance == s).Grams is null)) TestContext.Current.TestOutputHelper!.WriteLine($"   ? {p.Cip13} {p.Name} | {p.Label}");
        }
        foreach (var p in products.Where(p => DoseLaw.SaleOf(p.Facts, RealMedicines.Rules, RealMedicines.Now) == Sale.Allowed && DoseLaw.MostBoxes(p.Cip13, p.Facts, RealMedicines.Rules, RealMedicines.Now, 99) == 0))
            TestContext.Current.TestOutputHelper!.WriteLine($"zero: {p.Cip13} {p.Name} | {p.Label} | {string.Join(", ", p.Facts.Parts.Select(x => $"{x.Substance} {x.Grams}"))}");
        var withLimit = products.Where(p => p.Facts is { Marketed: true, Prescription: false }).SelectMany(p => p.Facts.Parts.Where(x => x.Grams is not null)).Count();
        TestContext.Current.TestOutputHelper!.WriteLine($"{withLimit}");
    }
}
