using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Realtime.Orders;
using Realtime.Pharmacies;

namespace Realtime.Web.Identity;

/// <summary>
/// Who may do what. A policy about a pharmacy is bound to the one that the call names, in the route's <c>id</c> or as the hub method's
/// first argument, be it the pharmacy or one of its orders; one about a department to the <c>department</c> of the route, or to that argument. What names no policy and is not open to anyone is denied.
/// </summary>
internal static class Policies
{
    /// <summary>Whoever is signed in, as a person or a machine.</summary>
    public const string SignedIn = "signedIn";

    /// <summary>Any of the pharmacy's staff.</summary>
    public const string Staff = "staff";

    /// <summary>A pharmacist of the pharmacy, its titulaire among them.</summary>
    public const string Pharmacist = "pharmacist";

    /// <summary>The pharmacy's titulaire, signed in in person, not by PIN at a post.</summary>
    public const string Titulaire = "titulaire";

    /// <summary>A connector of the pharmacy.</summary>
    public const string Connector = "connector";

    /// <summary>Staff of the pharmacy, or an operator who looks into a complaint.</summary>
    public const string StaffOrOperator = "staffOrOperator";

    /// <summary>A planner of the department.</summary>
    public const string Planner = "planner";

    /// <summary>A planner of any department: which one a call concerns stands in its body or its query, and is checked there.</summary>
    public const string AnyPlanner = "anyPlanner";

    /// <summary>A dispatcher of the department.</summary>
    public const string Dispatcher = "dispatcher";

    /// <summary>An operator of the service.</summary>
    public const string Operator = "operator";

    /// <summary>Every policy, and whom it lets in.</summary>
    public static IReadOnlyDictionary<string, Func<Caller, Named, bool>> All { get; } = new Dictionary<string, Func<Caller, Named, bool>>(StringComparer.Ordinal)
    {
        [SignedIn] = (_, _) => true,
        [Staff] = (caller, named) => named.Pharmacy is { } id && caller.IsStaffOf(id),
        [Pharmacist] = (caller, named) => named.Pharmacy is { } id && caller.IsPharmacistOf(id),
        [Titulaire] = (caller, named) => named.Pharmacy is { } id && caller.IsTitulaireOf(id) && !caller.IsAtPost,
        [Connector] = (caller, named) => named.Pharmacy is { } id && caller.IsConnectorOf(id),
        [StaffOrOperator] = (caller, named) => named.Pharmacy is { } id && caller.IsStaffOf(id) || caller.IsOperator,
        [Planner] = (caller, named) => named.Department is { } department && caller.IsPlannerOf(department),
        [AnyPlanner] = (caller, _) => caller.Roles.Any(role => role.StartsWith("planner:", StringComparison.Ordinal)),
        [Dispatcher] = (caller, named) => named.Department is { } department && caller.IsDispatcherOf(department),
        [Operator] = (caller, _) => caller.IsOperator,
    };

    public static void AddPolicies(this IServiceCollection services)
    {
        services.AddSingleton(new PolicyTable(All));
        services.AddSingleton<IAuthorizationHandler, PolicyHandler>();
        var authorization = services.AddAuthorizationBuilder()
            .SetDefaultPolicy(Of(SignedIn))
            // Deny by default: an endpoint that names no policy and is not declared open lets nobody in. What routing itself answers (404, 405, 415) is no endpoint of ours.
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(call => call.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build());
        foreach (var name in All.Keys)
            authorization.AddPolicy(name, Of(name));
    }

    private static AuthorizationPolicy Of(string name) =>
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().AddRequirements(new PolicyRequirement(name)).Build();
}

/// <summary>What a call is about.</summary>
/// <param name="Pharmacy">The pharmacy it names, if any.</param>
/// <param name="Department">The department it names, if any.</param>
internal readonly record struct Named(PharmacyId? Pharmacy, string? Department);

/// <summary>The policies in force.</summary>
internal sealed record PolicyTable(IReadOnlyDictionary<string, Func<Caller, Named, bool>> Policies);

/// <summary>One policy of <see cref="Policies.All"/>.</summary>
internal sealed record PolicyRequirement(string Policy) : IAuthorizationRequirement;

/// <summary>Asks the policy about the caller and what the call names.</summary>
internal sealed class PolicyHandler(Callers callers, PolicyTable table) : AuthorizationHandler<PolicyRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PolicyRequirement requirement)
    {
        if (callers.Of(context.User) is { } caller && table.Policies[requirement.Policy](caller, NamedBy(context.Resource)))
            context.Succeed(requirement);
        return Task.CompletedTask;
    }

    private static Named NamedBy(object? resource)
    {
        var (pharmacy, department) = resource switch
        {
            HttpContext http => (http.GetRouteValue("id") as string, http.GetRouteValue("department") as string),
            HubInvocationContext { HubMethodArguments: [string first, ..] } => (first, first),
            _ => (null, null),
        };
        return new(PharmacyId.TryParse(pharmacy, out var id) ? id : resource is HubInvocationContext && OrderId.TryParse(pharmacy, out var order) ? order.Pharmacy : null, department);
    }
}
