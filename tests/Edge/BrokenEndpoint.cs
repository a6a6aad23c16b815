using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Realtime.Tests.Edge;

/// <summary>An address that a host of these tests may have beside the product's own, and that breaks whenever it is called.</summary>
internal sealed class BrokenEndpoint : IStartupFilter
{
    public const string Address = "/api/v1/broken";

    /// <summary>What breaks says this, and nobody outside may read it.</summary>
    public const string Secret = "the inside of the service";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        // The product's own routes have been added; this one joins them, beneath all that a request passes through.
        var routes = (IEndpointRouteBuilder)app.Properties["__EndpointRouteBuilder"]!;
        routes.MapGet(Address, Break).ExcludeFromDescription().AllowAnonymous();
    };

    private static Task Break(HttpContext context) => throw new InvalidOperationException(Secret);
}
