using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Realtime.Push;

/// <summary>Where a browser is told something, and the keys that let it alone read what it is told (RFC 8291, section 2). Personal: sealed wherever it is kept.</summary>
/// <param name="Endpoint">Address at the push service of the browser's maker.</param>
/// <param name="P256dh">The browser's public key: a point of P-256, uncompressed.</param>
/// <param name="Auth">What both share beside the keys: 16 bytes.</param>
[GenerateSerializer, Immutable, Alias("realtime.PushSubscription")]
internal sealed record PushSubscription([property: Id(0)] string Endpoint, [property: Id(1)] byte[] P256dh, [property: Id(2)] byte[] Auth)
{
    /// <summary>Bytes of a point of P-256 as it is sent: a mark and two coordinates.</summary>
    public const int PointSize = 65;

    /// <summary>Bytes of <see cref="Auth"/>.</summary>
    public const int AuthSize = 16;

    private const byte Uncompressed = 4;

    /// <summary>Names nobody: calls that fail are logged with what they were given.</summary>
    public override string ToString() => "(a browser)";

    /// <summary>A browser's public key from base64url; null where it is no point of the curve, with which nothing secret can be agreed on.</summary>
    public static byte[]? ReadPoint(string text)
    {
        if (ReadBytes(text, PointSize) is not [Uncompressed, ..] point)
            return null;
        try
        {
            // Whoever imports a point checks that it is on the curve.
            using var key = ECDiffieHellman.Create(ParametersOf(point));
            return point;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>So many bytes from base64url; null where it is something else.</summary>
    public static byte[]? ReadBytes(string text, int size)
    {
        var bytes = new byte[size];
        return text.Length <= 2 * size && Base64Url.IsValid(text, out var length) && length == size && Base64Url.TryDecodeFromChars(text, bytes, out _) ? bytes : null;
    }

    /// <summary>A point as the library takes it.</summary>
    internal static ECParameters ParametersOf(ReadOnlySpan<byte> point)
    {
        const int coordinate = PointSize / 2;
        return new() { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = point.Slice(1, coordinate).ToArray(), Y = point[(1 + coordinate)..].ToArray() } };
    }

    /// <summary>A public key as it is sent.</summary>
    internal static byte[] PointOf(ECParameters key) => [Uncompressed, .. key.Q.X!, .. key.Q.Y!];

    /// <summary>The bytes to be sealed.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, PushJsonContext.Default.PushSubscription);

    /// <summary>What <see cref="Write"/> wrote.</summary>
    public static PushSubscription Read(ReadOnlySpan<byte> clear) => JsonSerializer.Deserialize(clear, PushJsonContext.Default.PushSubscription)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PushSubscription))]
[JsonSerializable(typeof(PushText))]
internal sealed partial class PushJsonContext : JsonSerializerContext;
