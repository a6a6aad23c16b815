using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Realtime.Identity;
using Realtime.People;

namespace Realtime.Web.Identity;

/// <summary>How a person signs in: OpenID Connect's authorization code flow with PKCE, at Pro Santé Connect or at the demo's simulator of it, by the same code.</summary>
internal static partial class SignInFlow
{
    // Pro Santé Connect takes a request only with the level of assurance it is to be answered at.
    private const string Assurance = "eidas1";

    public static void Configure(OpenIdConnectOptions oidc, SignInOptions signIn, Secret secret, Sealing sealing, OwnAddress own)
    {
        oidc.ClientId = signIn.ClientId;
        oidc.ClientSecret = signIn.ClientSecret;
        oidc.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        oidc.CallbackPath = Addresses.Callback;
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        // By the query, so that the cookies of the flow need not be sent across sites.
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        oidc.UsePkce = true;
        oidc.MapInboundClaims = false;
        oidc.SaveTokens = false;
        oidc.GetClaimsFromUserInfoEndpoint = true;
        oidc.Scope.Clear();
        oidc.Scope.Add("openid");
        oidc.Scope.Add(SignInOptions.ScopeAll);
        foreach (var cookie in new[] { oidc.NonceCookie, oidc.CorrelationCookie })
            (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.Always);
        oidc.Events.OnUserInformationReceived = context => Enter(context, sealing);
        oidc.Events.OnRemoteFailure = context =>
        {
            // A link that is too old, a second click, a refusal at the provider: the way in begins again, and the page says why.
            context.HandleResponse();
            context.Response.Redirect($"{Addresses.PageOf(context.Properties?.RedirectUri?.TrimStart('/'))}?signin=failed");
            return Task.CompletedTask;
        };
        oidc.Events.OnRedirectToIdentityProvider = context =>
        {
            context.ProtocolMessage.AcrValues = Assurance;
            if (signIn.Simulator)
                context.ProtocolMessage.IssuerAddress = $"{context.Request.Scheme}://{context.Request.Host}{Addresses.Authorize}";
            return Task.CompletedTask;
        };
        if (signIn.Simulator)
            Simulate(oidc, signIn, secret, own);
        else
            (oidc.Authority, oidc.RequireHttpsMetadata) = (signIn.Authority, signIn.Authority!.StartsWith("https:", StringComparison.Ordinal));
    }

    // The simulator is this very process: nothing has to be discovered, and its back channel is its own address.
    private static void Simulate(OpenIdConnectOptions oidc, SignInOptions signIn, Secret secret, OwnAddress own)
    {
        oidc.RequireHttpsMetadata = false;
        oidc.Configuration = new OpenIdConnectConfiguration
        {
            Issuer = signIn.PublicUrl,
            AuthorizationEndpoint = signIn.PublicUrl + Addresses.Authorize[1..],
            TokenEndpoint = signIn.PublicUrl + Addresses.Token[1..],
            UserInfoEndpoint = signIn.PublicUrl + Addresses.UserInfo[1..],
        };
        oidc.Configuration.SigningKeys.Add(SigningKey.Of(secret));
        oidc.TokenValidationParameters.ValidIssuer = signIn.PublicUrl;
        oidc.BackchannelHttpHandler = own;
    }

    private static async Task Enter(UserInformationReceivedContext context, Sealing sealing)
    {
        if (SignedInPerson.Read(context.User.RootElement) is not { } person)
        {
            context.Fail("The provider did not say who it is.");
            return;
        }
        context.Principal = person.ToSession(sealing, CookieAuthenticationDefaults.AuthenticationScheme);
        context.Properties!.AllowRefresh = false;
        var subject = sealing.PersonOf(person.Number);
        var services = context.HttpContext.RequestServices;
        foreach (var pharmacy in person.Owns.Where(id => services.GetRequiredService<Web.Live.Country>().TryFind(id, out _)))
        {
            var change = await services.GetRequiredService<IGrainFactory>().GetGrain<ITeamGrain>(pharmacy.Value).AppointTitulaire(subject, person.Name, replaces: false, subject);
            if (change.Refusal == TeamRefusal.HasTitulaire)
                LogOther(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SignInFlow)), pharmacy.Value);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity provider names another titulaire of {Pharmacy} than the one it has here; an operator decides.")]
    private static partial void LogOther(ILogger log, string pharmacy);
}
