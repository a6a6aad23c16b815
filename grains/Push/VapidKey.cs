using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NodaTime;
using Realtime.Identity;

namespace Realtime.Push;

/// <summary>
/// By which push services know this installation (VAPID, RFC 8292): a key pair on P-256, derived from the installation's secret, so that it is the same on every node and
/// stands in no store. Browsers are given its public part when they subscribe, and take messages of nobody else.
/// </summary>
internal sealed class VapidKey : IDisposable
{
    // No token may live longer than a day (RFC 8292, section 2).
    private static readonly Duration Life = Duration.FromHours(12);

    private readonly ECDsa _key;
    private readonly string _contact;

    /// <summary>The key of an installation.</summary>
    /// <param name="secret">From which it is derived.</param>
    /// <param name="options">Whose public address tells push services whom to ask about what is sent.</param>
    public VapidKey(Secret secret, RealtimeOptions options)
    {
        // A scalar below the group's order: 32 bytes with the top bit cleared are, and keep more than 250 bits of choice.
        var scalar = secret.Derive("push application server, P-256");
        scalar[0] &= 0x7F;
        _key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
        _contact = options.PublicUrl;
        Public = Base64Url.EncodeToString(PushSubscription.PointOf(_key.ExportParameters(includePrivateParameters: false)));
    }

    /// <summary>The public part, as browsers take it: a point, base64url.</summary>
    public string Public { get; }

    /// <summary>What the header <c>Authorization</c> of a call to a push service holds.</summary>
    /// <param name="endpoint">The address that is called: the token serves for its host alone.</param>
    /// <param name="now">When.</param>
    public string AuthorizationFor(Uri endpoint, Instant now)
    {
        var claims = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object> { ["aud"] = endpoint.GetLeftPart(UriPartial.Authority), ["exp"] = (now + Life).ToUnixTimeSeconds(), ["sub"] = _contact });
        var text = $"{Base64Url.EncodeToString("""{"typ":"JWT","alg":"ES256"}"""u8)}.{Base64Url.EncodeToString(claims)}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"vapid t={text}.{Base64Url.EncodeToString(signature)}, k={Public}";
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
