using Realtime.People;
using Realtime.Web.Edge;
using Realtime.Web.Identity;
using Realtime.Web.Live;

namespace Realtime.Web.People;

/// <summary>A registered connector.</summary>
public sealed record ConnectorItem(string ClientId, string Label);

/// <summary>The connectors of a pharmacy.</summary>
public sealed record ConnectorsAnswer(IReadOnlyList<ConnectorItem> Items);

/// <summary>What the connector is called.</summary>
public sealed record ConnectorAsked(string Label);

/// <summary>A new connector's credentials; the secret is shown this once.</summary>
public sealed record ConnectorAnswer(string ClientId, string ClientSecret, string Label);

/// <summary>Connectors of the pharmacy's software: let in and shut out by its titulaire. The pharmacy always starts the exchange.</summary>
internal static class ConnectorEndpoints
{
    public static void MapConnectors(this IEndpointRouteBuilder app)
    {
        var connectors = app.MapGroup("/api/v1/counter/{id}/connectors").WithTags("Counter").RequireAuthorization(Policies.Titulaire).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        connectors.MapGet("", List).WithQuery().Strict().WithSummary("The registered connectors.").Produces<ConnectorsAnswer>().ProducesProblem(400);
        connectors.MapPost("", Register).WithQuery().Strict().WithSummary("Register a connector; its secret is shown once.").Produces<ConnectorAnswer>(201).Refuses(409);
        connectors.MapDelete("/{client}", Remove).WithQuery().Strict().WithSummary("Shut a connector out, at once.").Produces(204).ProducesProblem(400);
    }

    private static IResult List(HttpContext context, string id, PeopleDirectory people, Country country) =>
        PeopleEndpoints.Find(context, country, id, out var problem) is { } pharmacy
            ? TypedResults.Ok(new ConnectorsAnswer([.. people.TeamOf(pharmacy).Connectors.Select(c => new ConnectorItem(c.Client, c.Label))]))
            : problem!;

    private static async Task<IResult> Register(HttpContext context, string id, ConnectorAsked asked, Country country, IGrainFactory grains, PeopleDirectory people)
    {
        if (PeopleEndpoints.Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        Bodies.RequireText(context, errors, "$.label", asked.Label, 60);
        if (errors.Count > 0)
            return Problems.InvalidRequest(context, errors);
        var (client, secret) = ($"lgo-{pharmacy}-{PeopleEndpoints.Token(5)}", PeopleEndpoints.Token(32));
        var change = await grains.GetGrain<ITeamGrain>(pharmacy.Value).RegisterConnector(client, asked.Label, Clients.HashOf(secret), context.Caller().Subject);
        return change.Refusal is { } no
            ? PeopleEndpoints.Refused(context, no, change)
            : await PeopleEndpoints.Made(people, () => people.TryFindConnector(client, out _), $"/api/v1/counter/{id}/connectors/{client}", new ConnectorAnswer(client, secret, asked.Label));
    }

    private static async Task<IResult> Remove(HttpContext context, string id, string client, Country country, IGrainFactory grains, PeopleDirectory people)
    {
        if (PeopleEndpoints.Find(context, country, id, out var problem) is not { } pharmacy)
            return problem!;
        var change = await grains.GetGrain<ITeamGrain>(pharmacy.Value).RemoveConnector(client, context.Caller().Subject);
        if (change.Refusal is { } no)
            return PeopleEndpoints.Refused(context, no, change);
        await people.Until(() => !people.TryFindConnector(client, out _));
        return TypedResults.NoContent();
    }
}
