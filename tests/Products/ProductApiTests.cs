using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Realtime.Tests.Edge;

namespace Realtime.Tests.Products;

/// <summary>The calls about medicines, over HTTP, on the demo's medicines.</summary>
[Collection(nameof(DemoHost))]
public sealed class ProductApiTests(DemoHost demo)
{
    private const string Biogaran = "3400938358926", Spedifen = "3400936251892";

    [Theory]
    [InlineData("ibuprofene biogaran 400")]
    [InlineData("IBUPROFÈNE BIOGARAN CONSEIL 400 mg, comprimé")]
    [InlineData("conseil biog 400 ibup comp")]
    [InlineData(Biogaran)]
    [InlineData("34009 383 589 2 6")]
    [InlineData("3835892")]
    [InlineData("%5Dd201034009383589261727123110LOT42%1D21ABC")]
    public async Task What_is_typed_or_scanned_finds_the_medicine_first(string typed)
    {
        var found = await demo.Client.GetFromJsonAsync<JsonElement>($"/api/v1/products?q={typed}");
        Assert.Equal(Biogaran, found.GetProperty("items")[0].GetProperty("cip13").GetString());
    }

    [Fact]
    public async Task A_page_tells_substances_with_their_grams_and_what_may_be_sold()
    {
        var page = await demo.Client.GetFromJsonAsync<JsonElement>($"/api/v1/products/{Spedifen}");
        Assert.Equal("allowed", page.GetProperty("sale").GetString());
        Assert.Equal(1, page.GetProperty("mostBoxes").GetInt32());
        var substance = Assert.Single(page.GetProperty("substances").EnumerateArray());
        Assert.Equal(("ibuprofène", 4.8m), (substance.GetProperty("name").GetString(), substance.GetProperty("grams").GetDecimal()));
    }

    [Theory]
    [InlineData("3400930000007", "No medicine 3400930000007 is known here.")]
    [InlineData("3400938358927", "'3400938358927' is not a CIP13")]
    [InlineData("abc", "'abc' is not a CIP13")]
    public async Task A_code_that_is_unknown_or_none_is_named(string cip13, string sentence)
    {
        using var answer = await demo.Client.GetAsync($"/api/v1/products/{cip13}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.EndsWith("unknown-product", problem.GetProperty("type").GetString());
        Assert.StartsWith(sentence, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Two_brands_of_one_substance_are_added_and_refused_with_figures()
    {
        var answer = await Check($$"""{ "lines": [{ "cip13": "{{Biogaran}}", "quantity": 1 }, { "cip13": "{{Spedifen}}", "quantity": 1 }] }""");
        Assert.False(answer.GetProperty("allowed").GetBoolean());
        var dose = Assert.Single(answer.GetProperty("doses").EnumerateArray());
        Assert.Equal(("oralSolid", 8.8m, 6m), (dose.GetProperty("form").GetString(), dose.GetProperty("grams").GetDecimal(), dose.GetProperty("limitGrams").GetDecimal()));
        Assert.Equal(8.8 / 6, dose.GetProperty("share").GetDouble(), 9);
        var problem = Assert.Single(answer.GetProperty("problems").EnumerateArray());
        Assert.Equal("/problems/dose-limit-exceeded", problem.GetProperty("type").GetString());
        Assert.Equal([Spedifen, Biogaran], problem.GetProperty("substances")[0].GetProperty("cip13s").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal("8.8 g of ibuprofène in this basket: more than may be ordered at once (6 g).", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_sentence_is_in_French_where_French_is_preferred()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/doses/check") { Content = Body($$"""{ "lines": [{ "cip13": "{{Biogaran}}", "quantity": 2 }] }""") };
        request.Headers.AcceptLanguage.ParseAdd("fr-FR");
        using var answer = await demo.Client.SendAsync(request);
        Assert.Equal("8 g d'ibuprofène dans ce panier : plus qu'une commande ne peut en contenir (6 g).",
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("problems")[0].GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("""{ "lines": [] }""", 400, "$.lines")]
    [InlineData("""{ "lines": null }""", 400, "$.lines")]
    [InlineData("""{ "lines": [null] }""", 400, "$.lines[0]")]
    [InlineData("""{ "lines": [{ "cip13": "x", "quantity": 0 }] }""", 400, "$.lines[0].cip13")]
    [InlineData("""{ "lines": [{ "cip13": "3400938358926", "quantity": 0 }] }""", 400, "$.lines[0].quantity")]
    [InlineData("""{ "lines": [{ "cip13": "3400938358926", "quantity": 100 }] }""", 400, "$.lines[0].quantity")]
    [InlineData("""{ "lines": [{ "cip13": "3400938358926", "quantity": 1.5 }] }""", 400, "$.lines[0].quantity")]
    [InlineData("""{ "lines": [{ "cip13": "3400938358926" }] }""", 400, "$.quantity")]
    [InlineData("""{ "basket": [] }""", 400, "$.basket")]
    [InlineData("""{ "lines": [{ "cip13": "3400930000007", "quantity": 1 }] }""", 404, null)]
    public async Task A_basket_that_is_none_names_the_culprit(string body, int status, string? culprit)
    {
        using var answer = await demo.Client.PostAsync("/api/v1/doses/check", Body(body));
        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        if (culprit is not null)
            Assert.Contains(culprit, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Select(e => e.Name));
    }

    [Fact]
    public async Task A_hundred_and_more_medicines_of_the_demo_may_be_sold_and_some_have_equivalents()
    {
        var catalogue = Realtime.Products.DemoProducts.Catalogue(RealMedicines.Rules, RealMedicines.Now);
        var allowed = catalogue.Products.Count(p => Realtime.Products.DoseLaw.SaleOf(p.Facts, RealMedicines.Rules, RealMedicines.Now) == Realtime.Products.Sale.Allowed);
        Assert.InRange(allowed, 100, 140);
        var product = catalogue.Products.First(p => catalogue.EquivalentsOf(p).Any());
        var page = await demo.Client.GetFromJsonAsync<JsonElement>($"/api/v1/products/{product.Cip13}");
        Assert.NotEqual(0, page.GetProperty("equivalents").GetArrayLength());
    }

    private async Task<JsonElement> Check(string body)
    {
        using var answer = await demo.Client.PostAsync("/api/v1/doses/check", Body(body));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");
}
