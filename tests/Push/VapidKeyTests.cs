using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NodaTime;
using Realtime.Identity;
using Realtime.Push;

namespace Realtime.Tests.Push;

/// <summary>How push services know who sends (RFC 8292): checked by another library.</summary>
public sealed class VapidKeyTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 0);

    [Fact]
    public async Task The_token_is_for_one_host_for_less_than_a_day_and_says_whom_to_ask()
    {
        using var key = KeyOf(Secret.Demo);

        var claims = await Checked(key.AuthorizationFor(new("https://push.example:8443/send/abc?d=e"), Now), key.Public);

        Assert.Equal("https://push.example:8443", claims["aud"]);
        Assert.Equal("https://pharmacies.example/", claims["sub"]);
        Assert.InRange(Instant.FromUnixTimeSeconds((long)claims["exp"]) - Now, Duration.FromHours(1), Duration.FromHours(24));
    }

    [Fact]
    public async Task Every_node_has_the_same_key_and_another_installation_another()
    {
        using var here = KeyOf(Secret.Demo);
        using var there = KeyOf(Secret.Demo);
        using var other = KeyOf(Convert.ToBase64String(new byte[32]));

        Assert.Equal(here.Public, there.Public);
        Assert.NotEqual(here.Public, other.Public);
        Assert.NotNull(PushSubscription.ReadPoint(here.Public));
        await Checked(here.AuthorizationFor(new("https://push.example/"), Now), there.Public);
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => Checked(other.AuthorizationFor(new("https://push.example/"), Now), here.Public));
    }

    private static VapidKey KeyOf(string secret) => new(Secret.Parse(secret), new RealtimeOptions { PublicUrl = "https://pharmacies.example/" });

    /// <summary>What a header's token claims, once its signature holds under a public key.</summary>
    internal static async Task<IDictionary<string, object>> Checked(string header, string publicKey)
    {
        var parts = header["vapid t=".Length..].Split(", k=");
        using var key = ECDsa.Create(PushSubscription.ParametersOf(Base64Url.DecodeFromChars(publicKey)));
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(parts[0], new()
        {
            IssuerSigningKey = new ECDsaSecurityKey(key),
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidateAudience = false,
            ValidateIssuer = false,
            ValidateLifetime = false,
            CryptoProviderFactory = new() { CacheSignatureProviders = false },
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal(publicKey, parts[1]);
        return result.Claims;
    }
}
