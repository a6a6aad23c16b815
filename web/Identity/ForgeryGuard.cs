using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Realtime.Web.Edge;

namespace Realtime.Web.Identity;

/// <summary>
/// A browser sends a session's cookie along whoever made it call. So a call that changes something by a session must carry the token that only our
/// own pages can read (<c>GET /api/v1/me</c>), and a hub takes a session only from pages of this host.
/// </summary>
internal sealed class ForgeryGuard(RequestDelegate next, IAntiforgery antiforgery)
{
    /// <summary>The header that carries the token.</summary>
    public const string Header = "X-Antiforgery";

    public async Task InvokeAsync(HttpContext context)
    {
        if (IsBySession(context) && await IsForged(context))
            await Problems.Of(context, StatusCodes.Status400BadRequest, "forged-request", new(
                $"A call by a session that changes something carries the {Header} header that GET /api/v1/me gives.",
                $"Un appel par session qui change quelque chose porte l'en-tête {Header} que donne GET /api/v1/me.")).ExecuteAsync(context);
        else
            await next(context);
    }

    private static bool IsBySession(HttpContext context) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Ticket?.AuthenticationScheme == CookieAuthenticationDefaults.AuthenticationScheme;

    private async Task<bool> IsForged(HttpContext context)
    {
        if (context.IsForHub())
            return context.Request.Headers.Origin is [{ Length: > 0 } origin] && origin != $"{context.Request.Scheme}://{context.Request.Host}";
        // The simulator's form belongs to the provider: its guard is the state that the sign-in flow carries.
        return !context.IsUnder("/connect") && !await antiforgery.IsRequestValidAsync(context);
    }
}

/// <summary>The token's own cookie.</summary>
internal static class ForgeryGuardServices
{
    public static void AddForgeryGuard(this IServiceCollection services) => services.AddAntiforgery(options =>
    {
        options.HeaderName = ForgeryGuard.Header;
        options.Cookie.Name = "__Host-antiforgery";
        options.Cookie.Path = "/";
        options.Cookie.SameSite = SameSiteMode.Strict;
        // The cookie policy makes it secure; said here, plain http on localhost would be refused although browsers trust it.
        options.Cookie.SecurePolicy = CookieSecurePolicy.None;
        options.SuppressXFrameOptionsHeader = true;
    });
}
