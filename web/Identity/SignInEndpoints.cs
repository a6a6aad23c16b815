using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Realtime.People;
using Realtime.Web.Edge;
using Realtime.Web.People;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Realtime.Web.Identity;

/// <summary>Who the caller is, as <c>GET /api/v1/me</c> says it.</summary>
/// <param name="SignedIn">Whether anybody is.</param>
/// <param name="SignIn">Where a person signs in; null where nobody can.</param>
/// <param name="Name">To be shown; null for machines.</param>
/// <param name="Person">Pseudonym, which stands in histories.</param>
/// <param name="Roles">What the caller may be, as <c>titulaire:990000010</c> or <c>planner:75</c>.</param>
/// <param name="Post">The counter post that a PIN unlocked; null where the caller signed in.</param>
/// <param name="Antiforgery">Value of the X-Antiforgery header for calls by this session; null for tokens.</param>
public sealed record MeAnswer(bool SignedIn, string? SignIn, string? Name, string? Person, IReadOnlyList<string> Roles, string? Post, string? Antiforgery);

/// <summary>Signing in and out, tokens, and who one is.</summary>
internal static partial class SignInEndpoints
{
    public static void MapSignIn(this WebApplication app)
    {
        var signIn = app.Services.GetRequiredService<SignInOptions>();
        app.MapGet("/api/v1/me", Me).AllowAnonymous().WithQuery().Strict().WithTags("Signing in").WithSummary("Who I am, and what I may do.").Produces<MeAnswer>().ProducesProblem(400);
        app.MapPost(Addresses.SignOut, (Delegate)SignOut).RequireAuthorization(Policies.SignedIn).ExcludeFromDescription();
        app.MapPost(Addresses.Token, (Delegate)Token).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        if (signIn.TakesPeople)
            app.MapGet(Addresses.SignIn, (string? page) => Results.Challenge(new AuthenticationProperties { RedirectUri = Addresses.PageOf(page) }, [OpenIdConnectDefaults.AuthenticationScheme])).AllowAnonymous().ExcludeFromDescription();
        if (signIn.Simulator)
            app.MapSimulator();
    }

    private static Ok<MeAnswer> Me(HttpContext context, SignInOptions signIn, Callers callers, IAntiforgery antiforgery)
    {
        var way = signIn.TakesPeople ? Addresses.SignIn : null;
        if (callers.Of(context.User) is not { } caller)
        {
            context.Response.Headers.CacheControl = "no-store";
            return TypedResults.Ok(new MeAnswer(false, way, null, null, [], null, null));
        }
        // The antiforgery token brings its own "no-store".
        var bySession = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket?.AuthenticationScheme == CookieAuthenticationDefaults.AuthenticationScheme;
        return TypedResults.Ok(new MeAnswer(true, way, context.User.FindFirstValue(ClaimNames.Name), caller.Subject, [.. caller.Roles.Order(StringComparer.Ordinal)], caller.Post,
            bySession ? antiforgery.GetAndStoreTokens(context).RequestToken : null));
    }

    private static async Task<IResult> SignOut(HttpContext context, IGrainFactory grains, PeopleDirectory people, ILoggerFactory logs)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        if (PostKey.TryParse(context.Caller().Post, out var key))
            try
            {
                await Lock(key, context.Caller().Subject, grains, people);
            }
            catch (Exception e) when (GrainCalls.IsPassing(e))
            {
                // Who leaves the counter must not be kept signed in by a store that cannot be had; a copy of the session then ends when it would have ended anyway.
                LogUntold(logs.CreateLogger(typeof(SignInEndpoints)), e, key.Post);
            }
        return TypedResults.NoContent();
    }

    // Known on every node, so that no copy of the session's cookie is good on any.
    private static async Task Lock(PostKey key, string person, IGrainFactory grains, PeopleDirectory people)
    {
        var before = TeamRules.SessionOf(people.TeamOf(key.Pharmacy), key.Post, person);
        var change = await grains.GetGrain<ITeamGrain>(key.Pharmacy.Value).LockPost(key.Post, person);
        if (change.Refusal is null)
            await people.Until(() => TeamRules.SessionOf(people.TeamOf(key.Pharmacy), key.Post, person) != before);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Signing out at {Post} could not be written.")]
    private static partial void LogUntold(ILogger log, Exception e, string post);

    private static async Task<IResult> Token(HttpContext context)
    {
        // Not read at all: an address that no URI can name.
        if (context.GetOpenIddictServerRequest() is not { } request)
            return Problems.OfStatus(context, StatusCodes.Status400BadRequest);
        if (request.IsAuthorizationCodeGrantType())
        {
            var code = await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
            return Results.SignIn(code.Principal!, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        }
        var client = request.ClientId!;
        var identity = new ClaimsIdentity("client", ClaimNames.Name, ClaimNames.Role);
        identity.SetClaim(Claims.Subject, $"c-{client}");
        if (Clients.IsDemo(client))
            identity.SetClaims(ClaimNames.Role, [.. Clients.RolesOf(request.Scope)!]);
        identity.SetScopes(request.GetScopes());
        identity.SetResources(IdentityServices.Audience);
        identity.SetDestinations(_ => [Destinations.AccessToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
