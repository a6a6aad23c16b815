using Microsoft.AspNetCore.Http.HttpResults;
using Realtime.Identity;
using Realtime.People;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.People;

/// <summary>Somebody with a national role.</summary>
public sealed record GrantItem(string Person, string Name, string Role);

/// <summary>Everybody with one.</summary>
public sealed record GrantsAnswer(IReadOnlyList<GrantItem> Items);

/// <summary>Whom to give which role: <c>planner:75</c>, <c>dispatcher:2A</c> or <c>operator</c>.</summary>
public sealed record GrantAsked(string Rpps, string Name, string Role);

/// <summary>Who is to be a pharmacy's titulaire.</summary>
public sealed record TitulaireAsked(string Rpps, string Name);

/// <summary>Roles that no pharmacy gives, and titulaires where the provider's word is not enough: the operators'.</summary>
internal static class GrantEndpoints
{
    public static void MapGrants(this IEndpointRouteBuilder app)
    {
        var operators = app.MapGroup("/api/v1/operator").WithTags("Operators").RequireAuthorization(Policies.Operator).ProducesProblem(401).ProducesProblem(403);
        operators.MapGet("/grants", List).WithQuery().Strict().WithSummary("Who plans, dispatches and operates.").Produces<GrantsAnswer>().ProducesProblem(400);
        operators.MapPost("/grants", Give).WithQuery().Strict().WithSummary("Give a national role.").Produces<GrantItem>(201).Refuses(409);
        operators.MapDelete("/grants/{person}/{role}", Withdraw).WithQuery().Strict().WithSummary("Take a national role back.").Produces(204).ProducesProblem(400).ProducesProblem(404);
        operators.MapPut("/pharmacies/{id}/titulaire", Appoint).WithQuery().Strict().WithSummary("Appoint a pharmacy's titulaire, in the place of another one if there is one.").Produces(204).Refuses(404, 409);
    }

    private static Ok<GrantsAnswer> List(PeopleDirectory people, Sealing sealing) =>
        TypedResults.Ok(new GrantsAnswer([.. people.Grants.Select(g => new GrantItem(g.Person, sealing.Open(g.Name, GrantRules.Stream), g.Role))]));

    private static async Task<IResult> Give(HttpContext context, GrantAsked asked, IGrainFactory grains, PeopleDirectory people, Sealing sealing)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Bodies.RequireText(context, errors, "$.name", asked.Name, 100);
        var number = RequireNumber(context, errors, asked.Rpps);
        if (!GrantRules.IsRole(asked.Role))
            errors["$.role"] = [context.Say(new("takes planner: or dispatcher: with a department such as 75 or 2A, or operator", "prend planner: ou dispatcher: avec un département comme 75 ou 2A, ou operator"))];
        if (errors.Count > 0)
            return Problems.InvalidRequest(context, errors);
        var person = sealing.PersonOf(number);
        if (!await grains.GetGrain<IGrantsGrain>("all").Give(person, asked.Role, asked.Name, context.Caller().Subject))
            return Problems.Of(context, StatusCodes.Status409Conflict, "already-granted", new("This person has this role already.", "Cette personne a déjà ce rôle."));
        return await PeopleEndpoints.Made(people, () => people.RolesOf(person).Contains(asked.Role), $"/api/v1/operator/grants/{person}/{asked.Role}", new GrantItem(person, asked.Name, asked.Role));
    }

    private static async Task<IResult> Withdraw(HttpContext context, string person, string role, IGrainFactory grains, PeopleDirectory people)
    {
        if (!await grains.GetGrain<IGrantsGrain>("all").Withdraw(person, role, context.Caller().Subject))
            return Problems.Of(context, StatusCodes.Status404NotFound, "unknown-grant", new("This person does not have this role.", "Cette personne n'a pas ce rôle."));
        await people.Until(() => !people.RolesOf(person).Contains(role));
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Appoint(HttpContext context, string id, TitulaireAsked asked, Country country, IGrainFactory grains, PeopleDirectory people, Sealing sealing)
    {
        if (PeopleEndpoints.Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Bodies.RequireText(context, errors, "$.name", asked.Name, 100);
        var person = sealing.PersonOf(RequireNumber(context, errors, asked.Rpps));
        if (errors.Count > 0)
            return Problems.InvalidRequest(context, errors);
        var change = await grains.GetGrain<ITeamGrain>(pharmacy.Value).AppointTitulaire(person, asked.Name, replaces: true, context.Caller().Subject);
        if (change.Refusal is { } no)
            return PeopleEndpoints.Refused(context, no, change);
        await people.Until(() => people.TeamOf(pharmacy).Find(person)?.Role == TeamRole.Titulaire);
        return TypedResults.NoContent();
    }

    private static string RequireNumber(HttpContext context, Dictionary<string, string[]> errors, string text)
    {
        if (Rpps.TryParse(text, out var number))
            return number.Value;
        errors["$.rpps"] = [context.Say(new("takes the eleven digits of an RPPS number, the last a check digit", "prend les onze chiffres d'un numéro RPPS, le dernier étant une clé"))];
        return "";
    }
}
