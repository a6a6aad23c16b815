using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using Realtime.Identity;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Realtime.Web.Identity;

/// <summary>
/// The provider in this process, on OpenIddict. Everywhere it gives registered connectors their tokens; in the demo it also behaves as
/// Pro Santé Connect does, so that one command runs everything. It keeps nothing: what it issues says all there is to know.
/// </summary>
internal static class Provider
{
    /// <summary>How long an access token is good for. What a connector may do is looked up at each call, so that its removal does not wait for this.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromHours(1);

    public static void AddProvider(this WebApplicationBuilder builder, SignInOptions signIn)
    {
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode();
            server.SetTokenEndpointUris(Addresses.Token[1..]).AllowClientCredentialsFlow();
            server.SetAccessTokenLifetime(TokenLife).SetAuthorizationCodeLifetime(TimeSpan.FromMinutes(1)).SetIdentityTokenLifetime(TimeSpan.FromMinutes(5));
            server.DisableAccessTokenEncryption().DisableScopeValidation().DisableTokenStorage();
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseScopedHandler<Clients>());
            var web = server.UseAspNetCore().EnableTokenEndpointPassthrough();
            if (signIn.PublicUrl.StartsWith("http:", StringComparison.Ordinal))
                web.DisableTransportSecurityRequirement();
            if (!signIn.Simulator)
                return;
            server.SetAuthorizationEndpointUris(Addresses.Authorize[1..]).SetUserInfoEndpointUris(Addresses.UserInfo[1..]);
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.RegisterScopes(Scopes.OpenId, Scopes.Profile, SignInOptions.ScopeAll);
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseScopedHandler<OwnPagesOnly>());
            web.EnableAuthorizationEndpointPassthrough().EnableUserInfoEndpointPassthrough();
        });
        builder.Services.AddOptions<OpenIddictServerOptions>().Configure<Secret, RealtimeOptions>((server, secret, realtime) =>
        {
            server.Issuer = new Uri(realtime.PublicUrl);
            server.SigningCredentials.Add(new SigningCredentials(SigningKey.Of(secret), SigningKey.Algorithm));
            server.EncryptionCredentials.Add(new EncryptingCredentials(new SymmetricSecurityKey(secret.Derive("token encryption")), SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
        });
    }
}
