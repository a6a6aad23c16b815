using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NodaTime;

namespace Realtime.Webhooks;

/// <summary>
/// How messages are signed: symmetric signatures of Standard Webhooks (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md, read on 28 November 2026).
/// Pure. The key is what stands in base64 behind <c>whsec_</c>; signed are the message's id, the Unix second of the attempt and the very bytes of the body, with dots between.
/// </summary>
internal static class WebhookSignature
{
    /// <summary>How every secret begins.</summary>
    public const string Prefix = "whsec_";

    /// <summary>Bytes of chance in a secret; the specification wants 24 to 64.</summary>
    public const int SecretSize = 32;

    /// <summary>A secret of these bytes, as it is shown.</summary>
    public static string SecretOf(ReadOnlySpan<byte> chance) => Prefix + Convert.ToBase64String(chance);

    /// <summary>One signature, with its version before it.</summary>
    /// <exception cref="FormatException">What stands behind the prefix is no base64.</exception>
    public static string Sign(string secret, string id, Instant at, ReadOnlySpan<byte> body)
    {
        var key = Convert.FromBase64String(secret.StartsWith(Prefix, StringComparison.Ordinal) ? secret[Prefix.Length..] : secret);
        var head = Encoding.ASCII.GetBytes($"{id}.{TimestampOf(at)}.");
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, (byte[])[.. head, .. body]))}";
    }

    /// <summary>The signatures by all secrets that are good, the newest first, as the header has them.</summary>
    public static string SignAll(IEnumerable<string> secrets, string id, Instant at, byte[] body) => string.Join(' ', secrets.Select(secret => Sign(secret, id, at, body)));

    /// <summary>The instant as the header has it.</summary>
    public static string TimestampOf(Instant at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
