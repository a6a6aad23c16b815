using Realtime.Products;

namespace Realtime.Tests.Products;

/// <summary>Every presentation of France in July 2025, by the rules of the product.</summary>
public sealed class RealMedicinesTests(ITestOutputHelper output)
{
    private static IReadOnlyList<Product> Products => RealMedicines.Catalogue.Products;

    private static IEnumerable<Product> OverTheCounter(string substance) =>
        Products.Where(p => p.Facts is { Marketed: true, Prescription: false } && p.Facts.Parts.Any(part => part.Substance == substance));

    [Fact]
    public void Every_presentation_is_classified()
    {
        var counts = Products.CountBy(SaleOf).ToDictionary();
        output.WriteLine(string.Join(", ", counts.OrderBy(count => count.Key).Select(count => $"{count.Key} {count.Value}")));

        Assert.Equal(20_882, Products.Count);
        // Read off the files by hand: 2,388 are active, marketed and without a condition; all others are not on the market or need a prescription.
        Assert.Equal(2_388, counts[Sale.Allowed] + counts[Sale.UnknownMass]);
        Assert.InRange(counts[Sale.UnknownMass], 1, 30);
        Assert.Equal(20_882 - 2_388, counts[Sale.Prescription] + counts[Sale.NotMarketed]);
    }

    [Fact]
    public void Every_code_passes_its_check_digit_and_no_code_with_a_digit_changed_does()
    {
        foreach (var product in Products)
        {
            var code = product.Cip13.ToString();
            Assert.True(Cip13.TryParse(code, out _), code);
            var changed = code.ToCharArray();
            var at = 5 + (int)(product.Cip13.Number % 8);
            changed[at] = (char)('0' + ((changed[at] - '0' + 1) % 10));
            Assert.False(Cip13.TryParse(changed, out _), new string(changed));
        }
    }

    [Theory]
    [InlineData("63278664")]
    [InlineData("64917175")]
    [InlineData("69912584")]
    public void A_presentation_without_a_speciality_is_not_marketed(string cis) =>
        Assert.All(Products.Where(p => p.Cis == cis).ToList() is { Count: > 0 } found ? found : throw new InvalidOperationException(cis), p => Assert.Equal(Sale.NotMarketed, SaleOf(p)));

    [Fact]
    public void Every_box_of_paracetamol_has_its_grams_or_is_unknown_and_large_ones_are_hospital_packs() => CheckMasses("paracétamol", boxes: 148, known: 146);

    [Fact]
    public void Every_box_of_ibuprofen_has_its_grams_and_none_that_is_swallowed_exceeds_the_law()
    {
        CheckMasses("ibuprofène", boxes: 64, known: 64);
        Assert.All(OverTheCounter("ibuprofène").Where(p => p.Facts.Forms == DoseForms.OralSolid), p => Assert.InRange(GramsOf(p, "ibuprofène")!.Value, 0.5m, 6m));
    }

    private void CheckMasses(string substance, int boxes, int known)
    {
        var all = OverTheCounter(substance).ToList();
        output.WriteLine($"{substance}, {all.Count} boxes: " + string.Join(", ", all.GroupBy(p => GramsOf(p, substance)).OrderBy(g => g.Key).Select(g => $"{(g.Key is { } grams ? $"{grams:0.##} g" : "unknown")} × {g.Count()}")));

        Assert.Equal((boxes, known), (all.Count, all.Count(p => GramsOf(p, substance) is not null)));
        Assert.All(all, p => Assert.Equal(GramsOf(p, substance) is null ? Sale.UnknownMass : Sale.Allowed, SaleOf(p)));
    }

    [Fact]
    public void Real_boxes_of_the_fixtures_are_decided_as_the_law_says()
    {
        DoseLine Line(string cip13, int quantity) => RealMedicines.Find(cip13) is var p ? new(p.Cip13, quantity, p.Facts) : null!;
        DoseVerdict Decide(params DoseLine[] lines) => DoseLaw.Decide(lines, RealMedicines.Rules, RealMedicines.Now);

        Assert.True(Decide(Line("3400938358926", 1)).IsAllowed);
        Assert.False(Decide(Line("3400938358926", 1), Line("3400936251892", 1)).IsAllowed);
        var six = OverTheCounter("ibuprofène").First(p => GramsOf(p, "ibuprofène") == 6m);
        Assert.True(Decide(new DoseLine(six.Cip13, 1, six.Facts)).IsAllowed);

        var eight = OverTheCounter("paracétamol").Where(p => GramsOf(p, "paracétamol") == 8m).DistinctBy(p => p.Name.Split(' ')[0]).Take(2).ToList();
        var fervex = OverTheCounter("paracétamol").First(p => p.Name.StartsWith("FERVEXRHUME", StringComparison.Ordinal));
        var total = Decide([.. eight.Append(fervex).Select(p => new DoseLine(p.Cip13, 1, p.Facts))]);
        Assert.Equal(16m + GramsOf(fervex, "paracétamol"), total.Doses.Single(d => d.Substance == "paracétamol").Grams.Grams);
    }

    [Fact]
    public void Every_codeine_and_pseudoephedrine_of_today_needs_a_prescription()
    {
        var products = Products.Where(p => p.Facts.Marketed && p.Facts.Parts.Any(part => part.Substance is "codéine" or "pseudoéphédrine" or "dextrométhorphane")).ToList();
        Assert.NotEmpty(products);
        Assert.All(products, p => Assert.Equal(Sale.Prescription, SaleOf(p)));
    }

    [Fact]
    public void Equivalents_are_the_other_boxes_of_the_generic_group_that_are_sold()
    {
        var product = Products.First(p => p.Name.StartsWith("CETIRIZINE", StringComparison.Ordinal) && p.Facts.Marketed && p.Groups.Count > 0);
        var equivalents = RealMedicines.Catalogue.EquivalentsOf(product).ToList();
        Assert.NotEmpty(equivalents);
        Assert.All(equivalents, e => Assert.True(e.Facts.Marketed && e.Cip13 != product.Cip13 && e.Groups.Intersect(product.Groups).Any()));
        Assert.Equal(equivalents.Count, equivalents.Distinct().Count());
    }

    [Fact]
    public void Shortages_carry_their_days()
    {
        var short957 = Products.Where(p => p.Shortage is not null).ToList();
        output.WriteLine($"{short957.Count} presentations with news of supply: {string.Join(", ", short957.CountBy(p => p.Shortage!.Kind).OrderBy(c => c.Key, StringComparer.Ordinal))}");
        Assert.NotEmpty(short957);
        Assert.All(short957, p => Assert.Matches(@"^\d{4}-\d\d-\d\d$", p.Shortage!.Since));
    }

    private static Sale SaleOf(Product product) => DoseLaw.SaleOf(product.Facts, RealMedicines.Rules, RealMedicines.Now);

    private static decimal? GramsOf(Product product, string substance) => product.Facts.Parts.Single(part => part.Substance == substance).Grams?.Grams;
}
