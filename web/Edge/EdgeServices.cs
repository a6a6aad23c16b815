using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using NetEscapades.AspNetCore.SecurityHeaders;
using Scalar.AspNetCore;

namespace Realtime.Web.Edge;

/// <summary>What every request passes through: limits, problems, headers, the reference and health.</summary>
internal static class EdgeServices
{
    public static void AddEdge(this WebApplicationBuilder builder)
    {
        var options = EdgeOptions.Read(builder.Configuration, builder.Environment);
        builder.Services.AddSingleton(Options.Create(options));
        builder.AddProxies(options);
        builder.Services.AddSingleton<HubRates>();
        if (options.RateLimits)
            builder.Services.Configure<HubOptions>(hub => hub.AddFilter<HubRates>());
        if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null && builder.Configuration["https_ports"] is null)
            builder.WebHost.UseUrls("http://localhost:5080");
        builder.AddOps(options);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Limits.Apply(kestrel.Limits);
        });
        builder.WebHost.UseSockets(Limits.Apply);
        builder.Services.AddProblemDetails();
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.Configure<JsonOptions>(json =>
        {
            Limits.Apply(json.SerializerOptions);
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        builder.Services.AddHealthChecks().AddCheck<CaughtUp>("caught-up");
        builder.Services.AddOpenApi("v1", Reference.Configure);
    }

    public static void UseEdge(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<EdgeOptions>>().Value;
        app.UseProxies(options);
        app.UseHeaders();
        app.UseExceptionHandler(broken => broken.Run(context => Problems.OfStatus(context, StatusCodes.Status500InternalServerError).ExecuteAsync(context)));
        app.UseStatusCodePages(refused => Problems.OfStatus(refused.HttpContext, refused.HttpContext.Response.StatusCode).ExecuteAsync(refused.HttpContext));
        app.UseOps(options);
        app.UseMiddleware<Overload>();
        app.UseMiddleware<BadRequests>();
        app.UseMiddleware<GrainCalls>();
        app.UseMiddleware<Readiness>();
        app.UseMiddleware<Heads>();
        app.UseRouting();
        app.UseMiddleware<Codings>();
        app.UseSignInRates();
    }

    public static void MapReference(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference(Headers.ReferencePath, (options, context) => options.WithTitle("Realtime").DisableDefaultFonts().WithNonce(context.GetNonce())).AllowAnonymous();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous().DisableRateLimiting();
        app.MapHealthChecks("/health/ready").AllowAnonymous().DisableRateLimiting();
    }
}
