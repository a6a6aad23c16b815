using CsCheck;
using NodaTime;
using Realtime.Products;

namespace Realtime.Tests.Products;

/// <summary>What may be sold, by the product's own tables. Baskets are made by hand, so that nothing beside the project is needed.</summary>
public sealed class DoseLawTests
{
    private static readonly DoseRules Rules = DoseRules.Of(mostBoxes: 5);
    private static readonly Instant Now = RealMedicines.Now;
    private static readonly Cip13[] Codes = [.. Enumerable.Range(0, 40).Select(Code)];

    [Theory]
    [InlineData(6.0, true)]
    [InlineData(6.000000001, false)]
    [InlineData(4.0, true)]
    public void Six_grams_of_ibuprofen_are_allowed_and_a_nanogram_more_is_not(double grams, bool allowed) =>
        Assert.Equal(allowed, Decide(Line(0, 1, DoseForms.OralSolid, ("ibuprofène", (decimal)grams))).IsAllowed);

    [Fact]
    public void Seven_tablets_of_a_hundredth_of_a_gram_are_exactly_the_limit() =>
        Assert.True(Decide(Line(0, 7, DoseForms.OralSolid, ("cétirizine", 0.01m))).IsAllowed);

    [Fact]
    public void Two_brands_that_are_legal_by_themselves_are_not_together()
    {
        var verdict = Decide(Line(0, 1, DoseForms.OralSolid, ("ibuprofène", 4.0m)), Line(1, 1, DoseForms.OralSolid, ("ibuprofène", 4.8m)));
        var problem = Assert.Single(verdict.Problems);
        Assert.Equal((DoseProblemKind.DoseLimitExceeded, "ibuprofène", 8.8m), (problem.Kind, problem.Substance, problem.Grams!.Value.Grams));
        Assert.Equal(8.8 / 6, problem.Share!.Value, 12);
        Assert.Equal([Codes[0], Codes[1]], problem.Cip13s);
    }

    [Fact]
    public void Paracetamol_of_two_brands_is_one_total_and_a_third_box_is_one_too_many()
    {
        var two = Decide(Line(0, 1, DoseForms.OralSolid, ("paracétamol", 8m)), Line(1, 1, DoseForms.OralSolid, ("paracétamol", 8m)));
        var dose = Assert.Single(two.Doses);
        Assert.Equal((16m, true), (dose.Grams.Grams, two.IsAllowed));

        var three = Decide([.. two.Lines, Line(2, 1, DoseForms.OralSolid, ("paracétamol", 2.24m), ("acide ascorbique", 0.8m))]);
        Assert.Equal(18.24m, three.Doses.Single(d => d.Substance == "paracétamol").Grams.Grams);
        var problem = Assert.Single(three.Problems);
        Assert.Equal((DoseProblemKind.QuantityLimit, 3L, 2L), (problem.Kind, problem.Requested!.Value, problem.Allowed!.Value));
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(50, false)]
    public void A_hospital_pack_of_paracetamol_is_too_large_a_box(decimal grams, bool allowed)
    {
        var verdict = Decide(Line(0, 1, DoseForms.OralSolid, ("paracétamol", grams)));
        Assert.Equal(allowed, verdict.IsAllowed);
        Assert.All(verdict.Problems, p => Assert.Equal((DoseProblemKind.DoseLimitExceeded, DoseRuleKind.BoxLimit), (p.Kind, p.Rule!.Kind)));
    }

    [Theory]
    [InlineData(3, 2, true)] // half of 6 g and half of 4 g
    [InlineData(3, 2.4, false)] // half and three fifths
    [InlineData(0.6, 3.6, true)] // a tenth and nine tenths
    public void Forms_with_limits_of_their_own_share_them(double tablets, double syrup, bool allowed)
    {
        var verdict = Decide(Line(0, 1, DoseForms.OralSolid, ("ibuprofène", (decimal)tablets)), Line(1, 1, DoseForms.OralLiquid, ("ibuprofène", (decimal)syrup)));
        Assert.Equal(allowed, verdict.IsAllowed);
        Assert.Equal([("oralSolid", 6m), ("oralLiquid", 4m)], verdict.Doses.Select(d => (DoseFormWords.Word(d.Forms), d.Limit!.Grams!.Value.Grams)));
    }

    [Fact]
    public void Patches_are_counted_in_units()
    {
        DoseLine Patches(int boxes, int units) => new(Codes[0], boxes, new(true, false, DoseForms.Patch, [new("nicotine", null, null, units)]));
        Assert.True(Decide(Patches(4, 7)).IsAllowed);
        Assert.False(Decide(Patches(5, 7)).IsAllowed);
        Assert.Equal(0.25, Assert.Single(Decide(Patches(1, 7)).Doses).Share);
    }

    [Theory]
    [InlineData("codéine", "2017-07-11T21:59:59Z", true)]
    [InlineData("codéine", "2017-07-11T22:00:00Z", false)]
    [InlineData("pseudoéphédrine", "2024-12-10T22:59:59Z", true)]
    [InlineData("pseudoéphédrine", "2024-12-10T23:00:00Z", false)]
    public void A_substance_needs_a_prescription_from_the_first_second_of_its_day_in_Paris(string substance, string at, bool allowed)
    {
        var verdict = DoseLaw.Decide([Line(0, 1, DoseForms.OralLiquid, (substance, 0.2m))], Rules, At(at));
        Assert.Equal(allowed, verdict.IsAllowed);
        Assert.All(verdict.Problems, p => Assert.Equal((DoseProblemKind.PrescriptionOnly, substance), (p.Kind, p.Substance)));
        Assert.Equal(allowed ? Sale.Allowed : Sale.Prescription, DoseLaw.SaleOf(verdict.Lines[0].Facts, Rules, At(at)));
    }

    [Fact]
    public void The_codeine_of_that_day_had_its_limit()
    {
        var at = At("2017-07-11T12:00:00Z");
        Assert.True(DoseLaw.Decide([Line(0, 1, DoseForms.OralLiquid, ("codéine", 0.30m))], Rules, at).IsAllowed);
        Assert.False(DoseLaw.Decide([Line(0, 1, DoseForms.OralLiquid, ("codéine", 0.31m))], Rules, at).IsAllowed);
    }

    [Theory]
    [InlineData("2020-03-17T12:00:00Z", true)]
    [InlineData("2020-03-18T12:00:00Z", false)]
    [InlineData("2020-05-31T21:59:59Z", false)]
    [InlineData("2020-05-31T22:00:00Z", true)]
    public void In_spring_2020_no_ibuprofen_paracetamol_or_aspirin_was_sold_online(string at, bool allowed)
    {
        foreach (var substance in (string[])["ibuprofène", "paracétamol", "acide acétylsalicylique"])
        {
            var verdict = DoseLaw.Decide([Line(0, 1, DoseForms.OralSolid, (substance, 4m))], Rules, At(at));
            Assert.Equal(allowed, verdict.IsAllowed);
            Assert.All(verdict.Problems, p => Assert.Equal((DoseProblemKind.QuantityLimit, 0L), (p.Kind, p.Allowed!.Value)));
        }
        // The text spoke of medicines made of it alone.
        Assert.True(DoseLaw.Decide([Line(0, 1, DoseForms.OralSolid, ("paracétamol", 4m), ("caféine", 0.5m))], Rules, At(at)).IsAllowed);
    }

    [Fact]
    public void What_is_not_known_is_not_sold()
    {
        DoseLine Of(DoseFacts facts) => new(Codes[0], 1, facts);
        Assert.Equal(DoseProblemKind.MassUnknown, Assert.Single(Decide(Of(new(true, false, DoseForms.OralSolid, [new("ibuprofène", null, null, 20)]))).Problems).Kind);
        Assert.Equal(DoseProblemKind.NotMarketed, Assert.Single(Decide(Of(new(false, false, DoseForms.None, []))).Problems).Kind);
        Assert.Equal(DoseProblemKind.PrescriptionOnly, Assert.Single(Decide(Of(new(true, true, DoseForms.OralSolid, []))).Problems).Kind);
        // No law limits it: its mass need not be known.
        Assert.True(Decide(Of(new(true, false, DoseForms.OralSolid, [new("charbon activé", null, null, null)]))).IsAllowed);
        // The graver reason names what a medicine is.
        Assert.Equal(Sale.NotMarketed, DoseLaw.SaleOf(new(false, true, DoseForms.OralSolid, [new("ibuprofène", null, null, null)]), Rules, Now));
        Assert.Equal(Sale.Prescription, DoseLaw.SaleOf(new(true, true, DoseForms.OralSolid, [new("ibuprofène", null, null, null)]), Rules, Now));
    }

    [Fact]
    public void Without_a_law_a_substance_has_so_many_boxes_over_all_brands()
    {
        var five = Decide(Line(0, 3, DoseForms.OralSolid, ("caféine", 1m)), Line(1, 2, DoseForms.OralSolid, ("caféine", 2m)));
        Assert.True(five.IsAllowed);
        var problem = Assert.Single(Decide([.. five.Lines, Line(2, 1, DoseForms.OralLiquid, ("caféine", 1m))]).Problems);
        Assert.Equal((DoseProblemKind.QuantityLimit, 6L, 5L), (problem.Kind, problem.Requested!.Value, problem.Allowed!.Value));
        Assert.True(DoseLaw.Decide([Line(0, 6, DoseForms.OralSolid, ("caféine", 1m))], DoseRules.Of(6), Now).IsAllowed);
    }

    [Fact]
    public void Every_rule_of_the_tables_has_a_source_and_a_substance_that_codes_lead_to()
    {
        Assert.All(Rules.All, rule => Assert.NotEmpty(rule.Source));
        // Substances that no medicine of July 2025 has any more keep their row.
        string[] gone = ["bromphéniramine", "nifuroxazide", "penciclovir"];
        Assert.Equal(gone, Rules.All.Select(r => r.Substance).Where(s => s.Length > 0 && !Substances.Knows(s)).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(0.28m, Rules.Of("ésoméprazole").Single().Grams!.Value.Grams);
    }

    [Fact]
    public void Adding_a_line_never_lowers_a_total() => Basket.Select(Line1, (basket, line) => (basket, line)).Sample(
        t =>
        {
            var (before, after) = (Decide(t.basket), Decide([.. t.basket, t.line]));
            return before.Doses.All(d => after.Doses.Any(e => e.Substance == d.Substance && e.Forms == d.Forms && e.Grams >= d.Grams && (e.Share ?? 0) >= (d.Share ?? 0)))
                && (before.IsAllowed || !after.IsAllowed);
        }, iter: 5_000);

    [Fact]
    public void The_order_of_lines_never_matters() => Basket.Select(Gen.Int[0, int.MaxValue], (basket, seed) => (basket, seed)).Sample(
        t =>
        {
            var shuffled = t.basket.ToArray();
            new Random(t.seed).Shuffle(shuffled);
            return Told(Decide(t.basket)) == Told(Decide(shuffled));
        }, iter: 5_000);

    [Fact]
    public void A_stored_verdict_is_given_again_under_its_own_rules_whatever_came_since() => Basket.Sample(
        basket =>
        {
            var stored = ProductJson.Write(Decide(basket));
            var verdict = ProductJson.ReadVerdict(stored);
            var again = DoseLaw.Decide(verdict.Lines, new DoseRules(verdict.Rules), verdict.At);
            return ProductJson.Write(again).AsSpan().SequenceEqual(stored);
        }, iter: 3_000);

    [Fact]
    public void Newer_rules_do_change_what_is_decided_anew()
    {
        var basket = Line(0, 1, DoseForms.OralSolid, ("ibuprofène", 4m));
        var stricter = new DoseRules([.. Rules.All, Rules.Of("ibuprofène")[0] with { Grams = Mass.OfGrams(2), Forms = DoseForms.Oral }]);
        Assert.True(Decide(basket).IsAllowed);
        Assert.False(DoseLaw.Decide([basket], stricter, Now).IsAllowed);
    }

    [Fact]
    public void A_verdict_stands_in_the_log_in_these_words()
    {
        var json = System.Text.Encoding.UTF8.GetString(ProductJson.Write(Decide(Line(0, 2, DoseForms.OralSolid, ("ibuprofène", 4m)))));
        const string rule = """
            {"kind":"orderLimit","substance":"ibuprof\u00E8ne","forms":"oralSolid","from":"1990-02-21T23:00:00Z","source":"arr\u00EAt\u00E9 of 22 February 1990 as amended, list II, read 2026-11-22","grams":6,"internationalUnits":false,"alone":false}
            """;
        const string expected = $$$"""
            {"at":"2026-11-22T12:00:00Z",
            "lines":[{"cip13":"3400930000007","quantity":2,"facts":{"marketed":true,"prescription":false,"forms":"oralSolid","parts":[{"substance":"ibuprof\u00E8ne","grams":4}]}}],
            "doses":[{"substance":"ibuprof\u00E8ne","forms":"oralSolid","grams":8,"incomplete":false,"limit":{{{rule}}},"share":1.3333333333333333}],
            "problems":[{"kind":"dose-limit-exceeded","cip13s":["3400930000007"],"substance":"ibuprof\u00E8ne","rule":{{{rule}}},"grams":8,"share":1.3333333333333333}],
            "rules":[{{{rule}}}]}
            """;
        Assert.Equal(expected.ReplaceLineEndings(""), json);
    }

    private static Gen<DoseLine> Line1 =>
        from code in Gen.Int[0, Codes.Length - 1]
        from quantity in Gen.Int[1, 5]
        select LineOf(code, quantity);

    private static Gen<DoseLine[]> Basket => Line1.Array[0, 10];

    // One code always stands for the same facts, as in a catalogue.
    private static DoseLine LineOf(int code, int quantity)
    {
        var random = new Random(code);
        string[] substances = ["ibuprofène", "paracétamol", "acide acétylsalicylique", "nicotine", "cétirizine", "caféine", "diclofénac", "codéine", "vitamine D"];
        DoseForms[] forms = [DoseForms.OralSolid, DoseForms.OralLiquid, DoseForms.Topical, DoseForms.Gum, DoseForms.Sublingual, DoseForms.Patch, DoseForms.OralSolid | DoseForms.Sublingual];
        random.Shuffle(substances);
        var parts = substances.Take(random.Next(0, 4)).Select(s => new DosePart(s, random.Next(8) == 0 ? null : new Mass(random.NextInt64(1, 9_000_000_000)), null, random.Next(4) == 0 ? null : random.Next(1, 30)));
        return new(Codes[code], quantity, new(random.Next(20) > 0, random.Next(20) == 0, forms[random.Next(forms.Length)], [.. parts]));
    }

    // Everything that is told of a basket but the basket.
    private static string Told(DoseVerdict verdict) => System.Text.Encoding.UTF8.GetString(ProductJson.Write(verdict with { Lines = [] }));

    private static DoseVerdict Decide(params DoseLine[] lines) => DoseLaw.Decide(lines, Rules, Now);

    private static DoseLine Line(int code, int quantity, DoseForms form, params (string Substance, decimal Grams)[] parts) =>
        new(Codes[code], quantity, new(true, false, form, [.. parts.Select(part => new DosePart(part.Substance, Mass.OfGrams(part.Grams), null, null))]));

    private static Instant At(string text) => NodaTime.Text.InstantPattern.General.Parse(text).Value;

    private static Cip13 Code(int number)
    {
        var body = $"34009{3000000 + number}";
        return Enumerable.Range(0, 10).Select(check => Cip13.TryParse($"{body}{check}", out var code) ? code : default).Single(code => code != default);
    }
}
