using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http.Json;
using Scalar.AspNetCore;

namespace Realtime.Web.Edge;

/// <summary>What every request passes through: limits, problems, headers, the reference and health.</summary>
internal static class EdgeServices
{
    /// <summary>No patient's call sends more than this.</summary>
    private const long LargestBody = 256 * 1024;

    public static void AddEdge(this WebApplicationBuilder builder)
    {
        if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null && builder.Configuration["https_ports"] is null)
            builder.WebHost.UseUrls("http://localhost:5080");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services.AddProblemDetails();
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        builder.Services.Configure<JsonOptions>(options =>
        {
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            options.SerializerOptions.RespectNullableAnnotations = true;
            options.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });
        builder.Services.AddHealthChecks().AddCheck<CaughtUp>("caught-up");
        builder.Services.AddOpenApi("v1", Reference.Configure);
    }

    public static void UseEdge(this WebApplication app)
    {
        app.UseWhen(Headers.IsReference, reference => reference.UseSecurityHeaders(Headers.Reference));
        app.UseWhen(context => !Headers.IsReference(context), others => others.UseSecurityHeaders(Headers.Everywhere));
        app.UseExceptionHandler(broken => broken.Run(context => Problems.OfStatus(context, StatusCodes.Status500InternalServerError).ExecuteAsync(context)));
        app.UseStatusCodePages(refused => Problems.OfStatus(refused.HttpContext, refused.HttpContext.Response.StatusCode).ExecuteAsync(refused.HttpContext));
        app.UseMiddleware<Overload>();
        app.UseMiddleware<BadRequests>();
        app.UseMiddleware<GrainCalls>();
        app.UseMiddleware<Readiness>();
        app.UseRouting();
    }

    public static void MapReference(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous();
        app.MapScalarApiReference(Headers.ReferencePath, options => options.WithTitle("Realtime").DisableDefaultFonts()).AllowAnonymous();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/health/ready").AllowAnonymous();
    }
}

/// <summary>Response headers that tell browsers to trust nothing that is not ours.</summary>
internal static class Headers
{
    /// <summary>Where the readable reference is.</summary>
    public const string ReferencePath = "/docs";

    /// <summary>Everything from this origin and nowhere else, and nothing inline.</summary>
    public static HeaderPolicyCollection Everywhere { get; } = Policy(inline: false);

    /// <summary>The reference, which its library starts by an inline script and styles inline; it shows nobody's data and still loads nothing from elsewhere.</summary>
    public static HeaderPolicyCollection Reference { get; } = Policy(inline: true);

    /// <summary>Whether a request is for the reference.</summary>
    public static bool IsReference(HttpContext context) => context.Request.Path.StartsWithSegments(ReferencePath, StringComparison.Ordinal);

    private static HeaderPolicyCollection Policy(bool inline) => new HeaderPolicyCollection()
        .AddDefaultSecurityHeaders()
        .AddContentSecurityPolicy(csp =>
        {
            csp.AddDefaultSrc().Self();
            csp.AddConnectSrc().Self();
            csp.AddImgSrc().Self().Data();
            if (inline)
            {
                csp.AddStyleSrc().Self().UnsafeInline();
                csp.AddScriptSrc().Self().UnsafeInline();
            }
            else
            {
                csp.AddStyleSrc().Self();
                csp.AddScriptSrc().Self();
            }
            csp.AddObjectSrc().None();
            csp.AddBaseUri().Self();
            csp.AddFormAction().Self();
            csp.AddFrameAncestors().None();
        })
        .AddPermissionsPolicy(policy =>
        {
            policy.AddGeolocation().Self();
            policy.AddCamera().None();
            policy.AddMicrophone().None();
        });
}
