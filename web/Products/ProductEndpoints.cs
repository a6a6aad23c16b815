using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Web.Edge;

namespace Realtime.Web.Products;

/// <summary>Every medicine of France, found as people type or scan, with what may be sold online and what else would do.</summary>
internal static class ProductEndpoints
{
    private static readonly QueryParameter<string> Q = QueryParameter.Text("q", 200, "What was typed or scanned: words of a name or of a substance, possibly unfinished; a CIP13 or its beginning, a CIP7, a DataMatrix.") with { Required = true };
    private static readonly QueryParameter<int> Limit = QueryParameter.Integer("limit", 1, 50, 10, "How many products.");

    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v1").WithTags("Patients").AllowAnonymous();
        group.MapGet("/products", Search).WithQuery(Q, Limit)
            .WithSummary("Medicines by name, substance or code.").Produces<ProductsAnswer>().ProducesProblem(400);
        group.MapGet("/products/{cip13}", Page).WithQuery()
            .WithSummary("A medicine: its substances, its price, whether it may be sold online, what else would do.").Produces<ProductPage>().ProducesProblem(400).ProducesProblem(404);
        group.MapPost("/doses/check", DoseEndpoints.Check).WithQuery().Strict()
            .WithSummary("What the law says of a basket: a question, not an order.").Produces<DosesAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(413).ProducesProblem(415);
        app.MapMasses();
    }

    private static IResult Search(HttpContext context, Shelf shelf, Clock clock)
    {
        var query = new QueryReader(context);
        var (text, limit) = (query.Read(Q), query.Read(Limit));
        if (query.Failed)
            return query.Problem;
        if (shelf.Catalogue is not { } catalogue)
            return NotYet(context);
        context.Response.Headers.CacheControl = "no-store";
        var now = clock.Now;
        return TypedResults.Ok(new ProductsAnswer([.. catalogue.Search(text, limit).Select(product => ProductItem.Of(product, shelf.Rules, now))]));
    }

    private static IResult Page(HttpContext context, string cip13, Shelf shelf, Clock clock)
    {
        var query = new QueryReader(context);
        if (query.Failed)
            return query.Problem;
        if (shelf.Catalogue is not { } catalogue)
            return NotYet(context);
        if (!Cip13.TryParse(cip13, out var code) || !catalogue.TryFind(code, out var product))
            return UnknownProduct(context, cip13);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(ProductPage.Of(product, catalogue, shelf.Rules, clock.Now));
    }

    /// <summary>The catalogue has not been read yet.</summary>
    public static IResult NotYet(HttpContext context) => Problems.OfStatus(context, StatusCodes.Status503ServiceUnavailable);

    /// <summary>No product has this code.</summary>
    public static IResult UnknownProduct(HttpContext context, string cip13) =>
        Problems.Of(context, StatusCodes.Status404NotFound, "unknown-product", Cip13.TryParse(cip13, out _)
            ? new($"No medicine {cip13} is known here.", $"Aucun médicament {cip13} n'est connu ici.")
            : NotACode(cip13));

    /// <summary>What a code must look like.</summary>
    public static Sentence NotACode(string cip13) => new(
        $"'{FileText.Shortened(cip13)}' is not a CIP13: thirteen digits from {Cip13.Prefix}, the last a check digit.",
        $"« {FileText.Shortened(cip13)} » n'est pas un CIP13 : treize chiffres à partir de {Cip13.Prefix}, le dernier étant une clé.");
}
