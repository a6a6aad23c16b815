using Microsoft.Extensions.Diagnostics.HealthChecks;
using Realtime.Coverage;
using Realtime.Products;
using Realtime.Web.Live;

namespace Realtime.Web.Edge;

/// <summary>Ready once the index has caught up with the journal, and as long as it keeps up.</summary>
internal sealed class CaughtUp(Country country, Shelf shelf, Atlas atlas, Clock clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var standing = country.Standing;
        return Task.FromResult(
            !standing.Ready ? HealthCheckResult.Unhealthy("The index is being built.")
            : !shelf.IsSettled ? HealthCheckResult.Unhealthy("The catalogue of medicines is being read.")
            : !atlas.IsSettled ? HealthCheckResult.Unhealthy("The table of communes is being read.")
            : clock.Now > standing.StaleAfter ? HealthCheckResult.Unhealthy($"The journal's tail lags: answers are as of {Moments.Utc(standing.AsOf)}.")
            : HealthCheckResult.Healthy());
    }
}

/// <summary>Until the index stands, questions about pharmacies are answered "try again in a second", not wrongly.</summary>
internal sealed class Readiness(RequestDelegate next, Country country)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (country.Standing.Ready || !context.IsUnder("/api"))
            return next(context);
        context.Response.Headers.RetryAfter = "1";
        return Problems.Of(context, StatusCodes.Status503ServiceUnavailable, "overloaded",
            new("The service is starting: try again in a second.", "Le service démarre : réessayez dans une seconde.")).ExecuteAsync(context);
    }
}
