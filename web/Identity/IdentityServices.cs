using Microsoft.AspNetCore.Authentication.JwtBearer;
using Realtime.Identity;
using Realtime.Web.Edge;

namespace Realtime.Web.Identity;

/// <summary>Who is calling, by which proof, and what the policies make of it.</summary>
internal static class IdentityServices
{
    /// <summary>Who the tokens of this service are for.</summary>
    public const string Audience = "realtime";

    public static void AddIdentity(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Callers>();
        builder.Services.AddPolicies();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<Secret, RealtimeOptions>((bearer, secret, options) =>
        {
            bearer.MapInboundClaims = false;
            bearer.TokenValidationParameters = new()
            {
                ValidIssuer = options.PublicUrl,
                ValidAudience = Audience,
                IssuerSigningKey = SigningKey.Of(secret),
                ValidAlgorithms = [SigningKey.Algorithm],
                ValidTypes = ["at+jwt"],
                NameClaimType = ClaimNames.Name,
                RoleClaimType = ClaimNames.Role,
                ClockSkew = TimeSpan.FromSeconds(5),
            };
            bearer.Events = new()
            {
                OnMessageReceived = context =>
                {
                    // A browser cannot set a header on a WebSocket: hubs, and nothing else, take the token from the query, as SignalR's clients send it.
                    if (context.Request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal) && context.Request.Query.TryGetValue("access_token", out var token))
                        context.Token = token;
                    return Task.CompletedTask;
                },
                OnChallenge = async context =>
                {
                    context.HandleResponse();
                    context.Response.Headers.WWWAuthenticate = context.AuthenticateFailure is null ? "Bearer" : "Bearer error=\"invalid_token\"";
                    await Problems.OfStatus(context.HttpContext, StatusCodes.Status401Unauthorized).ExecuteAsync(context.HttpContext);
                },
                OnForbidden = context => Problems.OfStatus(context.HttpContext, StatusCodes.Status403Forbidden).ExecuteAsync(context.HttpContext),
            };
        });
    }

    /// <summary>After routing, before any endpoint.</summary>
    public static void UseIdentity(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }
}
