using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Realtime.Identity;

namespace Realtime.Web.Identity;

/// <summary>
/// The key that signs what this service's own provider issues: ECDSA on P-256, derived from the installation's secret, so that every node
/// signs and checks with the same key and none has to be stored or handed around.
/// </summary>
internal static class SigningKey
{
    /// <summary>The only algorithm that is issued, and the only one that is taken.</summary>
    public const string Algorithm = SecurityAlgorithms.EcdsaSha256;

    /// <summary>The key, private part included.</summary>
    public static ECDsaSecurityKey Of(Secret secret)
    {
        // A scalar below the group's order: 32 bytes with the top bits cleared are, and keep more than 250 bits of choice.
        var scalar = secret.Derive("token signature, P-256");
        scalar[0] &= 0x7F;
        var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
        return new ECDsaSecurityKey(key) { KeyId = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 8)) };
    }
}
