using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.CookiePolicy;
using Realtime.Identity;
using Realtime.Web.Edge;
using Realtime.Web.Live;
using Realtime.Web.People;

namespace Realtime.Web.Identity;

/// <summary>Who is calling, by which proof, and what the policies make of it.</summary>
internal static class IdentityServices
{
    /// <summary>Who the tokens of this service are for.</summary>
    public const string Audience = "realtime";

    /// <summary>The session's cookie: bound to this very host, never sent in clear, never readable by a script.</summary>
    public const string SessionCookie = "__Host-session";

    /// <summary>How long a person stays signed in.</summary>
    public static readonly TimeSpan SessionLife = TimeSpan.FromHours(10);

    private const string TokenOrSession = "token or session";

    public static void AddIdentity(this WebApplicationBuilder builder)
    {
        var signIn = SignInOptions.Read(builder);
        builder.Services.AddSingleton(signIn);
        builder.Services.AddSingleton<PeopleDirectory>();
        builder.Services.AddSingleton<IFollower, TeamFollower>();
        builder.Services.AddSingleton<IFollower, GrantFollower>();
        builder.Services.AddSingleton<Callers>();
        builder.Services.AddPolicies();
        builder.Services.AddSessionProtection();
        builder.Services.AddForgeryGuard();
        builder.AddProvider(signIn);
        var authentication = builder.Services.AddAuthentication(TokenOrSession)
            .AddPolicyScheme(TokenOrSession, null, both => both.ForwardDefaultSelector = context => IsToken(context) ? JwtBearerDefaults.AuthenticationScheme : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(Session)
            .AddJwtBearer();
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<Secret>((bearer, secret) => Bearer(bearer, secret, signIn));
        if (signIn.TakesPeople)
            authentication.AddSignIn(signIn);
    }

    /// <summary>After routing, before any endpoint.</summary>
    public static void UseIdentity(this WebApplication app)
    {
        // Every cookie is for encrypted connections alone; browsers count localhost among them.
        app.UseCookiePolicy(new CookiePolicyOptions { Secure = CookieSecurePolicy.Always, HttpOnly = HttpOnlyPolicy.Always });
        app.UseAuthentication();
        app.UseRateLimits();
        app.UseMiddleware<ForgeryGuard>();
        app.UseAuthorization();
    }

    /// <summary>Whether the call proves itself by a token. A browser cannot set a header on a WebSocket: hubs, and nothing else, take it from the query, as SignalR's clients send it.</summary>
    private static bool IsToken(HttpContext context) =>
        context.Request.Headers.ContainsKey("Authorization") || (context.IsForHub() && context.Request.Query.ContainsKey("access_token"));

    private static void Session(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = SessionCookie;
        cookie.Cookie.Path = "/";
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.ExpireTimeSpan = SessionLife;
        cookie.SlidingExpiration = true; // for posts alone: a person's own session is not allowed to be refreshed
        cookie.Events.OnValidatePrincipal = context =>
        {
            // The session of a post is good in that post's browser alone.
            if (context.Principal?.FindFirst(ClaimNames.Post)?.Value is { } post && !PostEndpoints.IsPost(context.HttpContext, post))
                context.RejectPrincipal();
            return Task.CompletedTask;
        };
        cookie.Events.OnRedirectToLogin = context => Challenge(context.HttpContext, failed: false);
        cookie.Events.OnRedirectToAccessDenied = context => Problems.OfStatus(context.HttpContext, StatusCodes.Status403Forbidden).ExecuteAsync(context.HttpContext);
    }

    private static void Bearer(JwtBearerOptions bearer, Secret secret, SignInOptions signIn)
    {
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters = new()
        {
            ValidIssuer = signIn.PublicUrl,
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
                if (context.HttpContext.IsForHub() && context.Request.Query.TryGetValue("access_token", out var token))
                    context.Token = token;
                return Task.CompletedTask;
            },
            OnChallenge = context =>
            {
                context.HandleResponse();
                return Challenge(context.HttpContext, context.AuthenticateFailure is not null);
            },
            OnForbidden = context => Problems.OfStatus(context.HttpContext, StatusCodes.Status403Forbidden).ExecuteAsync(context.HttpContext),
        };
    }

    private static Task Challenge(HttpContext context, bool failed)
    {
        context.Response.Headers.WWWAuthenticate = failed ? "Bearer error=\"invalid_token\"" : "Bearer";
        return Problems.OfStatus(context, StatusCodes.Status401Unauthorized).ExecuteAsync(context);
    }

    private static void AddSignIn(this AuthenticationBuilder authentication, SignInOptions signIn)
    {
        authentication.AddOpenIdConnect();
        authentication.Services.AddSingleton<OwnAddress>();
        authentication.Services.AddOptions<OpenIdConnectOptions>(OpenIdConnectDefaults.AuthenticationScheme)
            .Configure<Secret, Sealing, OwnAddress>((oidc, secret, sealing, own) => SignInFlow.Configure(oidc, signIn, secret, sealing, own));
    }
}
