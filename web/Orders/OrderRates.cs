using Microsoft.Extensions.Options;
using Realtime.Web.Edge;

namespace Realtime.Web.Orders;

/// <summary>Holds each network address to a rate of orders: one that nobody means costs a pharmacy boxes it could sell.</summary>
internal sealed class OrderRates(IOptions<EdgeOptions> options) : IEndpointFilter, IDisposable
{
    private readonly Quota _orders = new("orders", options.Value.OrdersAtOnce, options.Value.OrdersPerMinute);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (!options.Value.RateLimits || _orders.TryTake(http, RateCaller.OfNetwork(http), out var retryAfter))
            return await next(context);
        http.Response.Headers.RetryAfter = $"{retryAfter}";
        return Problems.OfStatus(http, StatusCodes.Status429TooManyRequests);
    }

    public void Dispose() => _orders.Dispose();
}
