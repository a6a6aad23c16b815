using Realtime.Products;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;
using Realtime.Web.People;

namespace Realtime.Web.Products;

/// <summary>What a pharmacist read from a box.</summary>
/// <param name="Substance">Which substance, as the product's page names it.</param>
/// <param name="Grams">Grams of it in one box, above 0 and at most 1,000.</param>
public sealed record MassAsked(string Substance, decimal Grams);

/// <summary>A mass that was read from a box.</summary>
public sealed record MassItem(string Cip13, string Substance, decimal Grams);

/// <summary>All of them, the last for each substance of each box.</summary>
public sealed record MassesAnswer(IReadOnlyList<MassItem> Items);

/// <summary>Masses that the medicines database does not tell: a pharmacist reads them from the box, for the sales of his own pharmacy.</summary>
internal static class MassEndpoints
{
    public static void MapMasses(this IEndpointRouteBuilder app)
    {
        var masses = app.MapGroup("/api/v1/counter/{id}").WithTags("Counter").ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        masses.MapGet("/masses", List).RequireAuthorization(Policies.Staff).WithQuery().Strict().WithSummary("Masses that pharmacists read from boxes.").Produces<MassesAnswer>();
        masses.MapPut("/products/{cip13}/mass", Enter).RequireAuthorization(Policies.Pharmacist).WithQuery().Strict()
            .WithSummary("Enter the mass of a substance in a box where the medicines database does not tell it.").Produces<MassItem>().ProducesProblem(409).ProducesProblem(413).ProducesProblem(415);
    }

    private static async Task<IResult> List(HttpContext context, string id, Country country, IGrainFactory grains) =>
        PeopleEndpoints.Find(context, country, id, out var problem) is { } pharmacy
            ? TypedResults.Ok(new MassesAnswer([.. (await grains.GetGrain<IBoxMassGrain>(pharmacy.Value).Entered()).Select(m => new MassItem(m.Cip13.ToString(), m.Substance, m.Grams))]))
            : problem!;

    private static async Task<IResult> Enter(HttpContext context, string id, string cip13, MassAsked asked, Country country, IGrainFactory grains)
    {
        if (PeopleEndpoints.Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        if (!Cip13.TryParse(cip13, out var code))
            return ProductEndpoints.UnknownProduct(context, cip13);
        // Entering the same twice changes nothing, so a lost answer may be asked for again.
        var refusal = await GrainCalls.Twice(() => grains.GetGrain<IBoxMassGrain>(pharmacy.Value).Enter(code, asked.Substance, asked.Grams, context.Caller().Subject));
        return refusal switch
        {
            null => TypedResults.Ok(new MassItem(code.ToString(), asked.Substance, asked.Grams)),
            BoxMassRefusal.UnknownProduct => ProductEndpoints.UnknownProduct(context, cip13),
            BoxMassRefusal.NotReady => ProductEndpoints.NotYet(context),
            BoxMassRefusal.NoSuchSubstance => Problems.InvalidRequest(context, "$.substance", new("is not a substance of this box: see the product's page", "n'est pas une substance de cette boîte : voir la fiche du produit")),
            BoxMassRefusal.OutOfRange => Problems.InvalidRequest(context, "$.grams", new($"takes grams above 0 and at most {BoxMass.MostGrams}", $"prend des grammes, plus de 0 et {BoxMass.MostGrams} au plus")),
            BoxMassRefusal.MassKnown => Problems.Of(context, StatusCodes.Status409Conflict, "mass-known", new("The medicines database tells the mass of this box.", "La base des médicaments donne la masse de cette boîte.")),
            _ => throw new InvalidOperationException($"{refusal} has no answer."),
        };
    }
}
