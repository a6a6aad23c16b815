using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Web.Pages;

namespace Realtime.Tests.Identity;

/// <summary>Whom each endpoint and each hub method lets in: one row for each, named as routing and reflection name them. What has no row fails the build.</summary>
internal static class Matrix
{
    public const string Open = "open", SignedIn = "signedIn", Staff = "staff", StaffOrOperator = "staffOrOperator", Titulaire = "titulaire", Pharmacist = "pharmacist", Operator = "operator", Planner = "planner", AnyPlanner = "anyPlanner", Dispatcher = "dispatcher", Connector = "connector";

    /// <summary>The rows.</summary>
    public static readonly Dictionary<string, string> Rows = new(StringComparer.Ordinal)
    {
        // What anyone may ask: no account, no cookie.
        ["GET /api/v1/pharmacies/nearest"] = Open,
        ["GET /api/v1/pharmacies/{id}"] = Open,
        ["GET /api/v1/pharmacies/{id}/schedule"] = Open,
        ["GET /api/v1/pharmacies"] = Open,
        ["GET /api/v1/services"] = Open,
        ["GET /api/v1/towns"] = Open,
        ["GET /api/v1/coverage"] = Open,
        ["GET /api/v1/coverage/what-if"] = Open,
        ["POST /api/v1/hours/preview"] = Open,
        ["GET /api/v1/products"] = Open,
        ["GET /api/v1/products/{cip13}"] = Open,
        ["POST /api/v1/doses/check"] = Open,
        ["POST /api/v1/pharmacies/{id}/orders"] = Open,
        ["POST /api/v1/pharmacies/{id}/products/{cip13}/waiting"] = Open,
        ["DELETE /api/v1/pharmacies/{id}/waiting/{waiter}"] = Open,
        // Open to anybody who holds the order's token; without it there is no such order (OrderApiTests).
        ["GET /api/v1/orders/{orderId}"] = Open,
        ["POST /api/v1/orders/{orderId}/cancel"] = Open,
        ["POST /api/v1/orders/{orderId}/accept-proposal"] = Open,
        ["POST /api/v1/orders/{orderId}/decline-proposal"] = Open,
        ["POST /api/v1/orders/{orderId}/messages"] = Open,
        ["POST /api/v1/orders/{orderId}/push"] = Open,
        ["DELETE /api/v1/orders/{orderId}/push"] = Open,
        ["GET /api/v1/push/key"] = Open,
        ["GET /health/live"] = Open,
        ["GET /health/ready"] = Open,
        ["GET /openapi/{documentName}.json"] = Open,
        ["GET /docs/{documentName?}"] = Open,
        ["GET /docs/scalar.js"] = Open,
        ["GET /docs/scalar.aspnetcore.js"] = Open,
        ["GET /docs/favicon.svg"] = Open,
        ["GET /"] = Open,
        ["hub /hubs/live WatchPharmacy"] = Open,
        ["hub /hubs/live WatchNearest"] = Open,
        ["hub /hubs/live WatchArea"] = Open,
        ["hub /hubs/live WatchOrder"] = Open,
        ["hub /hubs/live Unwatch"] = Open,
        // Signing in, which proves itself.
        ["GET /api/v1/me"] = Open,
        ["GET /signin"] = Open,
        ["POST /signout"] = SignedIn,
        ["POST /connect/token"] = Open,
        ["GET /connect/authorize"] = Open,
        ["POST /connect/authorize"] = Open,
        ["GET /connect/userinfo"] = Open,
        ["GET /connect/signin.css"] = Open,
        ["POST /api/v1/join"] = Open,
        ["GET /api/v1/post"] = Open,
        ["POST /api/v1/post/unlock"] = Open,
        // The counter.
        ["PUT /api/v1/counter/{id}/pin"] = Staff,
        ["GET /api/v1/counter/{id}/masses"] = Staff,
        // Pharmacists' alone.
        ["PUT /api/v1/counter/{id}/products/{cip13}/mass"] = Pharmacist,
        ["PUT /api/v1/counter/{id}/hours"] = Staff,
        ["POST /api/v1/counter/{id}/closures"] = Staff,
        ["DELETE /api/v1/counter/{id}/closures/{closureId}"] = Staff,
        ["POST /api/v1/counter/{id}/exceptions"] = Staff,
        ["DELETE /api/v1/counter/{id}/exceptions/{exceptionId}"] = Staff,
        ["GET /api/v1/counter/{id}/holidays"] = Staff,
        ["PUT /api/v1/counter/{id}/page"] = Staff,
        ["POST /api/v1/counter/{id}/pause"] = Staff,
        ["POST /api/v1/counter/{id}/resume"] = Staff,
        ["GET /api/v1/counter/{id}/history"] = StaffOrOperator,
        ["GET /api/v1/counter/{id}/orders"] = Staff,
        ["POST /api/v1/counter/{id}/orders"] = Staff,
        ["POST /api/v1/counter/{id}/orders/{orderId}/accept"] = Staff,
        ["POST /api/v1/counter/{id}/orders/{orderId}/validate"] = Pharmacist,
        ["POST /api/v1/counter/{id}/orders/{orderId}/propose"] = Staff,
        ["POST /api/v1/counter/{id}/orders/{orderId}/ready"] = Staff,
        ["POST /api/v1/counter/{id}/orders/{orderId}/refuse"] = Staff,
        ["POST /api/v1/counter/{id}/orders/{orderId}/collect"] = Staff,
        ["POST /api/v1/counter/{id}/orders/{orderId}/undo"] = Staff,
        ["POST /api/v1/counter/{id}/orders/{orderId}/message"] = Staff,
        ["POST /api/v1/counter/{id}/orders/{orderId}/reshelve"] = Staff,
        ["PUT /api/v1/counter/{id}/stock/{cip13}"] = Staff,
        ["GET /api/v1/counter/{id}/stock/{cip13}"] = Staff,
        ["GET /api/v1/counter/{id}/stock"] = Staff,
        ["GET /api/v1/counter/{id}/stock/figures"] = Staff,
        ["GET /api/v1/counter/{id}/shortages"] = Staff,
        ["POST /api/v1/counter/{id}/shortages/{cip13}/settle"] = Staff,
        ["GET /api/v1/counter/{id}/recalls"] = Staff,
        ["POST /api/v1/counter/{id}/recalls/{recallId}/acknowledge"] = Staff,
        ["hub /hubs/counter JoinCounter"] = Staff,
        ["hub /hubs/counter Acknowledge"] = Staff,
        // The pharmacy's own software.
        ["POST /api/v1/lgo/{id}/stock"] = Connector,
        ["GET /api/v1/lgo/{id}/stock"] = Connector,
        ["GET /api/v1/lgo/{id}/orders"] = Connector,
        ["POST /api/v1/lgo/{id}/orders/{orderId}/ready"] = Connector,
        ["POST /api/v1/lgo/{id}/orders/{orderId}/collect"] = Connector,
        // The titulaire's, in person.
        ["GET /api/v1/counter/{id}/people"] = Titulaire,
        ["POST /api/v1/counter/{id}/people"] = Titulaire,
        ["DELETE /api/v1/counter/{id}/people/{person}"] = Titulaire,
        ["GET /api/v1/counter/{id}/posts"] = Titulaire,
        ["POST /api/v1/counter/{id}/posts"] = Titulaire,
        ["DELETE /api/v1/counter/{id}/posts/{post}"] = Titulaire,
        ["GET /api/v1/counter/{id}/connectors"] = Titulaire,
        ["POST /api/v1/counter/{id}/connectors"] = Titulaire,
        ["DELETE /api/v1/counter/{id}/connectors/{client}"] = Titulaire,
        ["GET /api/v1/counter/{id}/webhooks"] = Titulaire,
        ["POST /api/v1/counter/{id}/webhooks"] = Titulaire,
        ["DELETE /api/v1/counter/{id}/webhooks/{webhook}"] = Titulaire,
        ["POST /api/v1/counter/{id}/webhooks/{webhook}/rotate"] = Titulaire,
        ["POST /api/v1/counter/{id}/webhooks/{webhook}/test"] = Titulaire,
        ["GET /api/v1/counter/{id}/webhooks/{webhook}/dead-letters"] = Titulaire,
        ["POST /api/v1/counter/{id}/webhooks/{webhook}/dead-letters/{message}/redeliver"] = Titulaire,
        // On-call duty: the planners' of the department, or of any where the body or the code names it; exchanges are anybody's who may speak for one of the two, which is looked at there.
        ["GET /api/v1/pharmacies/{id}/poster"] = Open,
        ["GET /api/v1/counter/{id}/duties"] = Staff,
        ["GET /api/v1/counter/{id}/fees"] = Staff,
        ["GET /api/v1/oncall/sectors/{code}"] = AnyPlanner,
        ["PUT /api/v1/oncall/sectors/{code}"] = AnyPlanner,
        ["PUT /api/v1/oncall/sectors/{code}/rota"] = AnyPlanner,
        ["PUT /api/v1/oncall/sectors/{code}/draft"] = AnyPlanner,
        ["DELETE /api/v1/oncall/sectors/{code}/draft"] = AnyPlanner,
        ["GET /api/v1/oncall/departments/{department}"] = Planner,
        ["GET /api/v1/oncall/departments/{department}/duties"] = Planner,
        ["GET /api/v1/oncall/departments/{department}/history"] = Planner,
        ["POST /api/v1/oncall/departments/{department}/publish"] = Planner,
        ["POST /api/v1/oncall/departments/{department}/measures"] = Planner,
        ["DELETE /api/v1/oncall/departments/{department}/measures/{measure}"] = Planner,
        ["GET /api/v1/oncall/departments/{department}/on-duty"] = Dispatcher,
        ["POST /api/v1/oncall/departments/{department}/proposal"] = Planner,
        ["POST /api/v1/oncall/departments/{department}/import"] = Planner,
        ["GET /api/v1/oncall/departments/{department}/export"] = Planner,
        ["POST /api/v1/oncall/departments/{department}/sendings"] = Planner,
        ["GET /api/v1/oncall/gaps"] = AnyPlanner,
        ["POST /api/v1/oncall/swaps"] = SignedIn,
        ["POST /api/v1/oncall/swaps/{swap}/accept"] = SignedIn,
        ["POST /api/v1/oncall/swaps/{swap}/decline"] = SignedIn,
        ["POST /api/v1/oncall/swaps/{swap}/withdraw"] = SignedIn,
        ["POST /api/v1/oncall/swaps/{swap}/confirm"] = SignedIn,
        ["POST /api/v1/oncall/swaps/{swap}/refuse"] = SignedIn,
        ["hub /hubs/oncall JoinDepartment"] = Planner,
        ["hub /hubs/oncall JoinPharmacy"] = Staff,
        // The operators'.
        ["GET /api/v1/operator/grants"] = Operator,
        ["POST /api/v1/operator/grants"] = Operator,
        ["DELETE /api/v1/operator/grants/{person}/{role}"] = Operator,
        ["PUT /api/v1/operator/pharmacies/{id}/titulaire"] = Operator,
        ["POST /api/v1/recalls"] = Operator,
        ["GET /api/v1/recalls"] = Operator,
        ["GET /api/v1/recalls/{recallId}"] = Operator,
        ["POST /api/v1/recalls/{recallId}/withdraw"] = Operator,
    };

    /// <summary>Whom a row lets in, by identity.</summary>
    public static bool LetsIn(string row, Somebody who) => Rows[row] switch
    {
        Open => true,
        SignedIn => who.IsSomebody,
        Staff => who.Name is "titulaire" or "titulaire at a post" or "pharmacist" or "preparer" or "student",
        StaffOrOperator => who.Name is "titulaire" or "titulaire at a post" or "pharmacist" or "preparer" or "student" or "operator",
        Pharmacist => who.Name is "titulaire" or "titulaire at a post" or "pharmacist",
        Titulaire => who.Name is "titulaire",
        Operator => who.Name is "operator",
        Planner => who.Name is "planner",
        AnyPlanner => who.Name is "planner" or "planner of another",
        Dispatcher => who.Name is "dispatcher",
        Connector => who.Name is "connector",
        var unknown => throw new InvalidOperationException($"{unknown} is no column."),
    };

    /// <summary>Every endpoint and hub method of a running node, named as the rows are. The page stands for the files it loads.</summary>
    public static IEnumerable<Tried> Everything(IServiceProvider services)
    {
        foreach (var endpoint in services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().DistinctBy(e => (e.RoutePattern.RawText, string.Join(',', e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []))))
        {
            var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            if (endpoint.Metadata.GetMetadata<HubMetadata>() is { } hub)
            {
                if (path.EndsWith("/negotiate", StringComparison.Ordinal))
                    foreach (var method in hub.HubType.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(m => !m.IsSpecialName && m.GetBaseDefinition().DeclaringType == hub.HubType))
                        yield return new($"hub {path[..^"/negotiate".Length]} {method.Name}", path[..^"/negotiate".Length], null, method);
                continue;
            }
            if (endpoint.Metadata.GetMetadata<Page>() is { } page)
            {
                if (page.Path == "/")
                    yield return new("GET /", "/", HttpMethod.Get, null);
                continue;
            }
            foreach (var verb in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                yield return new($"{verb} {path}", path, new HttpMethod(verb), null);
        }
    }
}

/// <summary>An endpoint or hub method.</summary>
/// <param name="Row">As the matrix names it.</param>
/// <param name="Path">The route, or the hub's address.</param>
/// <param name="Verb">The HTTP method; null for hubs.</param>
/// <param name="Method">The hub's method; null for endpoints.</param>
internal sealed record Tried(string Row, string Path, HttpMethod? Verb, MethodInfo? Method);

/// <summary>Somebody who tries.</summary>
/// <param name="Name">Who.</param>
/// <param name="Token">The bearer token, if any.</param>
/// <param name="Browser">The browser with a session, if any.</param>
/// <param name="IsSomebody">Whether anybody is signed in at all.</param>
internal sealed record Somebody(string Name, string? Token, BrowserSession? Browser, bool IsSomebody);
