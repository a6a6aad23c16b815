using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Realtime.Identity;
using Realtime.Web.Identity;

namespace Realtime.Tests.Identity;

/// <summary>Tokens that are right but for one thing.</summary>
internal sealed class ForgedTokens(Secret secret, string issuer)
{
    private const string Role = "pharmacist:990000010";

    /// <summary>As the provider makes it: what the others differ from.</summary>
    public string Right() => Make(SigningKey.Of(secret), issuer, IdentityServices.Audience, TimeSpan.FromHours(1), "at+jwt");

    public string Expired() => Make(SigningKey.Of(secret), issuer, IdentityServices.Audience, TimeSpan.FromMinutes(-1), "at+jwt");

    public string WrongAudience() => Make(SigningKey.Of(secret), issuer, "another", TimeSpan.FromHours(1), "at+jwt");

    public string WrongIssuer() => Make(SigningKey.Of(secret), "https://evil.example/", IdentityServices.Audience, TimeSpan.FromHours(1), "at+jwt");

    public string AnotherKey() => Make(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = SigningKey.Of(secret).KeyId }, issuer, IdentityServices.Audience, TimeSpan.FromHours(1), "at+jwt");

    /// <summary>An identity token, which is no access token.</summary>
    public string WrongType() => Make(SigningKey.Of(secret), issuer, IdentityServices.Audience, TimeSpan.FromHours(1), "JWT");

    /// <summary>The right content with <c>alg: none</c> and no signature.</summary>
    public string Unsigned()
    {
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""");
        return $"{header}.{Right().Split('.')[1]}.";
    }

    /// <summary>Signed by HMAC with the public key as the secret, which fools who believes the token's own algorithm.</summary>
    public string Confused()
    {
        using var key = SigningKey.Of(secret).ECDsa;
        return Make(new SymmetricSecurityKey(key.ExportSubjectPublicKeyInfo()), issuer, IdentityServices.Audience, TimeSpan.FromHours(1), "at+jwt");
    }

    /// <summary>The right one with one claim changed after it was signed.</summary>
    public string Altered()
    {
        var parts = Right().Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]).Replace(Role, "operator", StringComparison.Ordinal);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(payload)}.{parts[2]}";
    }

    private static string Make(SecurityKey key, string issuer, string audience, TimeSpan life, string type)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            IssuedAt = now - TimeSpan.FromHours(1),
            NotBefore = now - TimeSpan.FromHours(1),
            Expires = now + life,
            TokenType = type,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = "c-demo", ["client_id"] = "demo", ["role"] = new[] { Role } },
            SigningCredentials = new SigningCredentials(key, key is SymmetricSecurityKey ? SecurityAlgorithms.HmacSha256 : SecurityAlgorithms.EcdsaSha256),
        });
    }
}
