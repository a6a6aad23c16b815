using Realtime.Coverage;
using Realtime.Pharmacies;

namespace Realtime.Tests.Coverage;

public sealed class LandmassesTests
{
    [Theory]
    [InlineData("75101", "mainland")]
    [InlineData("2A004", "corsica")]
    [InlineData("2B033", "corsica")]
    [InlineData("29155", "ouessant")]
    [InlineData("29084", "molene")]
    [InlineData("29083", "sein")]
    [InlineData("29082", "batz")]
    [InlineData("56069", "groix")]
    [InlineData("56152", "belle-ile")]
    [InlineData("56241", "belle-ile")]
    [InlineData("56086", "houat")]
    [InlineData("56085", "hoedic")]
    [InlineData("22016", "brehat")]
    [InlineData("85113", "yeu")]
    [InlineData("17004", "aix")]
    [InlineData("17369", "mainland")] // Saint-Martin-de-Ré
    [InlineData("17093", "mainland")] // Le Château-d'Oléron
    [InlineData("85163", "mainland")] // Noirmoutier-en-l'Île
    [InlineData("83069", "mainland")] // Hyères, with Porquerolles
    [InlineData("97105", "guadeloupe")]
    [InlineData("97101", "guadeloupe")]
    [InlineData("97110", "la-desirade")]
    [InlineData("97112", "marie-galante")]
    [InlineData("97130", "terre-de-bas")]
    [InlineData("97131", "terre-de-haut")]
    [InlineData("97209", "martinique")]
    [InlineData("97302", "guyane")]
    [InlineData("97411", "la-reunion")]
    [InlineData("97502", "saint-pierre")]
    [InlineData("97611", "mayotte")]
    [InlineData("97608", "petite-terre")]
    [InlineData("97701", "saint-barthelemy")]
    [InlineData("97801", "saint-martin")]
    [InlineData("98613", "wallis")]
    [InlineData("98735", "tahiti")]
    [InlineData("98729", "moorea-maiao")]
    [InlineData("98758", "raiatea")]
    [InlineData("98818", "nouvelle-caledonie")]
    [InlineData("98814", "lifou")]
    public void A_commune_is_on_the_land_that_one_reaches_without_a_boat(string insee, string land) => Assert.Equal(land, Landmasses.Of(insee).Code);

    [Fact]
    public void Lands_are_numbered_as_they_stand() =>
        Assert.All(Landmasses.All.Select((land, i) => (land, i)), one => Assert.Equal(one.i, one.land.Number));

    [Fact]
    public void A_pharmacy_without_a_commune_is_on_the_land_of_the_nearest_one_unless_that_is_far()
    {
        var towns = Communes.OfTowns();
        string? Land(double latitude, double longitude, string? insee = null) => towns.LandOf(new()
        {
            Id = PharmacyId.FromBody("01000000"),
            Name = "",
            Latitude = latitude,
            Longitude = longitude,
            Address = new("", "", ""),
            Insee = insee,
        })?.Code;

        Assert.Equal("corsica", Land(41.92, 8.74));
        Assert.Equal("la-reunion", Land(-20.88, 55.45));
        Assert.Equal("mainland", Land(48.85, 2.35));
        Assert.Null(Land(0, 0));
        // What its source says goes first.
        Assert.Equal("yeu", Land(48.85, 2.35, "85113"));
    }

    [Fact]
    public void The_towns_of_the_demo_count_nobody_twice()
    {
        var towns = Communes.OfTowns();

        Assert.Equal(towns.All.Count, towns.All.Select(one => one.Insee).Distinct().Count());
        Assert.DoesNotContain(towns.All, one => one.Insee is "75056" or "13055" or "69123");
        Assert.Contains(towns.All, one => one.Insee == "75118");
        var split = Towns.All.Select(town => town.PartOf).OfType<string>().ToHashSet();
        Assert.Equal(Towns.All.Where(town => !split.Contains(town.Insee)).Sum(town => (long)town.Population), towns.All.Sum(one => (long)one.Population));
        Assert.True(towns.IsStandIn);
    }
}
