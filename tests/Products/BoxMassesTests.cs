using Realtime.Products;

namespace Realtime.Tests.Products;

/// <summary>Mass per box from the words of the medicines database.</summary>
public sealed class BoxMassesTests
{
    /// <summary>
    /// Twenty boxes checked by hand: code, label, the composition row that counts, and dosage × content worked out on paper. Figures of the medicines
    /// database of July 2025.
    /// </summary>
    public static TheoryData<string, string, string, string, string, string, double> ByHand => new()
    {
        { "3400938358926", "plaquette(s) thermoformée(s) PVC PVDC aluminium de 10 comprimé(s)", "02092", "400 mg", "un comprimé", "ibuprofène", 10 * 0.4 },
        { "3400935251053", "12 sachet(s) papier aluminium polyéthylène de 3 g", "02092", "400 mg", "un sachet-dose", "ibuprofène", 12 * 0.4 },
        { "3400930130124", "10 sachet(s) polytéréphtalate (PET) aluminium polyéthylène de 10 ml", "02092", "400 mg", "un sachet", "ibuprofène", 10 * 0.4 },
        { "3400933640620", "1 flacon(s) en verre de 200 ml avec seringue pour administration orale polyéthylène polystyrène", "02092", "20 mg", "1 ml de suspension buvable", "ibuprofène", 200 * 0.02 },
        { "3400930170861", "sachet(s) polytéréphtalate (PET) polyéthylène basse densité (PEBD) aluminium de 4 emplâtre(s)", "02092", "200 mg", "un emplâtre médicamenteux", "ibuprofène", 4 * 0.2 },
        { "3400935955838", "plaquette(s) thermoformée(s) PVC-aluminium de 8  comprimé(s)", "02202", "1000 mg", "un comprimé", "paracétamol", 8 },
        { "3400956369553", "plaquette(s) thermoformée(s) PVC-aluminium de 100  comprimé(s)", "02202", "1000 mg", "un comprimé", "paracétamol", 100 },
        { "3400930007990", "flacon(s) polyéthylène haute densité (PEHD) de 16 gélule(s)", "02202", "500,00 mg", "une gélule", "paracétamol", 16 * 0.5 },
        { "3400930145586", "1 flacon(s) polyéthylène téréphtalate avec fermeture de sécurité enfant de 90 ml  et avec seringue doseuse pour administration orale polyéthylène polystyrène", "02202", "3,000 g", "100 ml de solution buvable", "paracétamol", 2.7 },
        { "3400934809408", "plaquette(s) thermoformée(s) PVC polyéthylène de 10 suppositoire(s)", "02202", "150 mg", "un suppositoire", "paracétamol", 1.5 },
        { "3400933905330", "12 sachet(s) papier aluminium polyéthylène de 0,52  g", "02202", "80 mg", "un sachet de 0,52 g", "paracétamol", 12 * 0.08 },
        { "3400931226895", "20 sachet(s)-dose(s) papier aluminium polyéthylène de 1023  mg", "00005", "500 mg", "un sachet - dose de 1023 mg", "acide acétylsalicylique", 10 },
        { "3400928007797", "1 tube(s) laminé aluminium de 100 g", "00037", "1 g", "100 g", "diclofénac", 1 },
        { "3400930231760", "1 tube polyéthylène basse densité (PEBD) aluminium polyéthylène haute densité (PEHD) de 50 g", "00037", "2 g", "100 g de gel", "diclofénac", 1 },
        { "3400921801019", "plaquette(s) PVC PVDC aluminium de 12 capsule(s)", "00001", "2 mg", "une capsule", "lopéramide", 0.024 },
        { "3400930243312", "3 flacon(s) polyéthylène haute densité (PEHD) de 60 ml avec pompe sertie polyéthylène avec embout(s) poussoir polypropylène", "20394", "2,0 g", "100 ml de solution pour application cutanée", "minoxidil", 3.6 },
        { "3400930158920", "1 tube(s) polyéthylène basse densité (PEBD) aluminium (laminé aluminium) de 7,5 g", "32925", "1 g", "100 g de crème", "terbinafine", 0.075 },
        { "3400937096966", "plaquette(s) thermoformée(s) PVC PVDC aluminium de 105 gomme(s)", "94037", "2 mg", "une gomme", "nicotine", 0.21 },
        { "3400933024345", "1 flacon(s) en verre brun de 180  ml", "24245", "0,300 g", "100 ml", "ambroxol", 0.54 },
        { "3400930234945", "plaquette(s) PVC PVDC aluminium de 4 capsule(s)", "01525", "500 microgrammes", "une capsule", "vitamine D", 0.002 },
    };

    [Theory]
    [MemberData(nameof(ByHand))]
    public void The_mass_of_a_box_is_what_a_pharmacist_computes(string cip13, string label, string code, string dosage, string reference, string substance, double grams)
    {
        var part = Assert.Single(BoxMasses.Of([Row(code, dosage, reference)], new BoxLabel(label)));
        Assert.Equal((substance, Math.Round((decimal)grams, 9)), (part.Substance, part.Grams!.Value.Grams));
        Assert.Equal(cip13, Cip13.Parse(cip13).ToString());
    }

    [Theory]
    [MemberData(nameof(ByHand))]
    public void The_catalogue_has_the_same_mass(string cip13, string label, string code, string dosage, string reference, string substance, double grams)
    {
        var product = RealMedicines.Find(cip13);
        Assert.Equal(label, product.Label);
        Assert.Contains(RealMedicines.Set.Components, row => row.Cis == product.Cis && (row.Code, row.Dosage, row.Reference) == (code, dosage, reference));
        Assert.Equal(Math.Round((decimal)grams, 9), product.Facts.Parts.Single(part => part.Substance == substance).Grams!.Value.Grams);
    }

    [Theory]
    [InlineData("2 tube(s) polypropylène de 8 comprimé(s)", 16)]
    [InlineData("12 plaquette(s) polyamide PVC-Aluminium de 1 comprimé(s)", 12)]
    [InlineData("3 pilulier(s) polyéthylène de 30 comprimé(s)", 90)]
    [InlineData("10 plaquette(s) thermoformée(s) aluminium de 10 comprimé(s) avec étui ou non", 100)]
    [InlineData("1 plaquette PVC PVDC aluminium de 1 comprimé", 1)]
    [InlineData("flacon(s) polyéthylène de 1 000 comprimé(s)", 1000)]
    [InlineData("plaquette(s) de 12 comprimé(s) - plaquette(s) de 4 comprimé(s)", null)]
    [InlineData("plaquette(s) PVC PVDC aluminium de 16 gélule(s)", null)]
    [InlineData("8 comprimés polytéréphtalate de comprimés et 2 comprimés", null)]
    public void Tablets_are_counted_unless_the_label_can_be_read_in_two_ways(string label, int? tablets) => Assert.Equal(tablets, new BoxLabel(label).Count("comprime"));

    [Theory]
    [InlineData("20 récipient(s) unidose(s) polyéthylène de 2 ml suremballée(s)/surpochée(s) par plaquette de 5 récipients unidoses", 20)]
    [InlineData("10 récipient(s) unidose(s) polyéthylène suremballée(s)/surpochée(s) de 0,35 ml", 10)]
    public void What_only_arranges_is_not_counted(string label, int units) => Assert.Equal(units, new BoxLabel(label).Count("recipient"));

    [Theory]
    [InlineData("1 flacon(s) en verre brun de 100 ml avec gobelet(s) doseur(s) polypropylène de 100 ml", 100.0)]
    [InlineData("1 flacon(s) en verre avec gobelet(s) doseur(s) polypropylène de 100 ml", null)]
    [InlineData("3 flacons polyéthylène haute densité (PEHD) de 60 Ml avec embout poussoir et applicateur", 180.0)]
    [InlineData("1 flacon(s) de 30 ml - 1 flacon(s) de 50 ml", null)]
    [InlineData("10 récipient(s) unidose(s) polyéthylène suremballée(s)/surpochée(s) de 0,35 ml", 3.5)]
    public void What_a_bottle_holds_is_not_what_its_cup_holds(string label, double? millilitres) =>
        Assert.Equal((decimal?)millilitres, new BoxLabel(label).Content()?.Value);

    [Fact]
    public void Grams_of_a_hundred_grams_say_nothing_of_millilitres() =>
        Assert.Null(Assert.Single(BoxMasses.Of([Row("00037", "1 g", "100 g de gel")], new BoxLabel("1 flacon(s) pressurisé(s) polyéthylène aluminium de 100 ml"))).Grams);

    [Theory]
    [InlineData("684 mg", "400 mg", 4.8)] // the fraction counts
    [InlineData("684 mg", "", 4.80168)] // only the salt is stated: 12 × 684 mg × 0.585
    [InlineData("", "400 mg", 4.8)]
    public void A_salt_and_its_fraction_are_one_substance(string salt, string fraction, double grams)
    {
        Component[] rows = [Row("29909", salt, "un comprimé"), Row("02092", fraction, "un comprimé") with { IsMoiety = true }];
        var part = Assert.Single(BoxMasses.Of(rows, new BoxLabel("plaquette(s) de 12 comprimé(s)")));
        Assert.Equal(("ibuprofène", (decimal)grams), (part.Substance, part.Grams!.Value.Grams));
    }

    [Fact]
    public void Two_links_of_one_substance_are_two_amounts()
    {
        Component[] rows = [Row("02092", "200 mg", "un comprimé"), Row("29909", "342 mg", "un comprimé") with { Link = "2" }];
        Assert.Equal(2m + (10 * 0.342m * 0.585m), Assert.Single(BoxMasses.Of(rows, new BoxLabel("plaquette(s) de 10 comprimé(s)"))).Grams!.Value.Grams);
    }

    [Fact]
    public void Tablets_for_the_day_and_for_the_night_are_not_told_apart()
    {
        Component[] rows = [Row("02202", "500 mg", "un comprimé") with { Element = "comprimé jour" }, Row("02202", "500 mg", "un comprimé") with { Element = "comprimé nuit" }];
        Assert.Null(Assert.Single(BoxMasses.Of(rows, new BoxLabel("plaquette(s) de 16 comprimé(s)"))).Grams);
    }

    [Theory]
    [InlineData("400 UI", 60 * 400 * 0.000_000_025)]
    [InlineData("4 mg", 60 * 0.004 * 0.0025)]
    public void Vitamin_D_is_the_same_mass_in_units_and_as_powder(string dosage, double grams) =>
        Assert.Equal((decimal)grams, Assert.Single(BoxMasses.Of([Row("85054", dosage, "un comprimé")], new BoxLabel("1 flacon(s) polyéthylène de 60 comprimé(s)"))).Grams!.Value.Grams);

    [Theory]
    [InlineData("2CH à 30CH", "un comprimé")]
    [InlineData("", "")]
    [InlineData("de 5 à 10 mg", "un comprimé")]
    [InlineData("400 mg", "selon prescription")]
    [InlineData("999999999999999999999999999999 g", "un comprimé")]
    [InlineData("0 mg", "un comprimé")]
    public void What_is_not_understood_has_no_mass(string dosage, string reference) =>
        Assert.Null(Assert.Single(BoxMasses.Of([Row("02092", dosage, reference)], new BoxLabel("plaquette(s) de 10 comprimé(s)"))).Grams);

    [Theory]
    [InlineData("comprimé pelliculé", "orale", "oralSolid")]
    [InlineData("poudre pour solution buvable", "orale", "oralSolid")]
    [InlineData("suspension buvable", "orale", "oralLiquid")]
    [InlineData("sirop", "orale", "oralLiquid")]
    [InlineData("gel", "cutanée", "topical")]
    [InlineData("emplâtre médicamenteux(se)", "cutanée", "plaster")]
    [InlineData("vernis à ongles médicamenteux(se)", "cutanée", "nail")]
    [InlineData("gomme à mâcher médicamenteux(se)", "voie buccale autre", "gum")]
    [InlineData("dispositif", "transdermique", "patch")]
    [InlineData("comprimé", "orale;sublinguale", "oralSolid+sublingual")]
    [InlineData("solution injectable", "intraveineuse", "injected")]
    [InlineData("pastille", "voie buccale autre", "lozenge")]
    public void A_form_has_a_word(string form, string routes, string word)
    {
        Assert.Equal(word, DoseFormWords.Word(DoseFormWords.Of(form, routes)));
        Assert.Equal(DoseFormWords.Of(form, routes), DoseFormWords.Parse(word));
    }

    private static Component Row(string code, string dosage, string reference) => new("60000000", "comprimé", code, code, dosage, reference, false, "1");
}
