using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Realtime.Pharmacies;
using Realtime.Web.Identity;

namespace Realtime.Web.Orders;

/// <summary>Whoever is not of a pharmacy's staff does not learn which orders it has: what he asks of one is answered as of an order that does not exist, not as forbidden.</summary>
internal sealed class HiddenOrders(Callers callers) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _usual = new();

    /// <inheritdoc/>
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Forbidden && context.GetRouteValue("orderId") is not null && !IsOfTheStaff(context)
            ? OrderProblems.UnknownOrder(context).ExecuteAsync(context)
            : _usual.HandleAsync(next, context, policy, authorizeResult);

    private bool IsOfTheStaff(HttpContext context) =>
        PharmacyId.TryParse(context.GetRouteValue("id") as string, out var pharmacy) && callers.Of(context.User)?.IsStaffOf(pharmacy) == true;
}
