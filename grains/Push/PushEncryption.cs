using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Realtime.Push;

/// <summary>
/// Seals what a browser alone is to read: RFC 8291 over the content coding aes128gcm of RFC 8188, in one record. The push service in between sees who is told, when, and a
/// length that is the same for all that is said.
/// </summary>
internal static class PushEncryption
{
    private const int SaltSize = 16, TagSize = 16, KeySize = 16, NonceSize = 12, SecretSize = 32;
    private const int RecordSize = 4096, RecordSizeSize = 4;
    private const byte LastRecord = 2;

    /// <summary>Bytes of what is said with what fills it up: longer than anything that is said.</summary>
    public const int Padded = 256;

    /// <summary>Bytes that may be said in one record.</summary>
    public const int Longest = RecordSize - TagSize - 1;

    /// <summary>Seals under a key pair and a salt of its own, as each message is to be.</summary>
    /// <param name="clear">What is said: at most <see cref="Padded"/> bytes.</param>
    /// <param name="to">Who alone is to read it.</param>
    public static byte[] Seal(ReadOnlySpan<byte> clear, PushSubscription to)
    {
        using var own = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        return Seal(clear, to, own, RandomNumberGenerator.GetBytes(SaltSize), Padded);
    }

    /// <summary>Seals under a given key pair and salt, neither of which may ever serve again.</summary>
    /// <param name="clear">What is said.</param>
    /// <param name="to">Who alone is to read it.</param>
    /// <param name="own">The sender's key pair.</param>
    /// <param name="salt">16 bytes.</param>
    /// <param name="padded">What is shorter is filled up to so many bytes; at most <see cref="Longest"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is too long for one record.</exception>
    internal static byte[] Seal(ReadOnlySpan<byte> clear, PushSubscription to, ECDiffieHellman own, byte[] salt, int padded = 0)
    {
        var size = Math.Max(clear.Length, padded);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Longest, nameof(clear));
        var point = PushSubscription.PointOf(own.ExportParameters(includePrivateParameters: false));
        var (key, nonce) = KeysOf(to, own, point, salt);
        var record = new byte[size + 1];
        clear.CopyTo(record);
        record[clear.Length] = LastRecord;

        var header = SaltSize + RecordSizeSize + 1 + point.Length;
        var message = new byte[header + record.Length + TagSize];
        salt.CopyTo(message, 0);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(SaltSize), RecordSize);
        message[SaltSize + RecordSizeSize] = (byte)point.Length;
        point.CopyTo(message, header - point.Length);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, record, message.AsSpan(header, record.Length), message.AsSpan(header + record.Length));
        return message;
    }

    // RFC 8291, section 3.4.
    private static (byte[] Key, byte[] Nonce) KeysOf(PushSubscription to, ECDiffieHellman own, byte[] point, byte[] salt)
    {
        using var other = ECDiffieHellman.Create(PushSubscription.ParametersOf(to.P256dh));
        using var theirs = other.PublicKey;
        var agreed = own.DeriveRawSecretAgreement(theirs);
        var both = HKDF.DeriveKey(HashAlgorithmName.SHA256, agreed, SecretSize, to.Auth, [.. "WebPush: info\0"u8, .. to.P256dh, .. point]);
        return (
            HKDF.DeriveKey(HashAlgorithmName.SHA256, both, KeySize, salt, "Content-Encoding: aes128gcm\0"u8.ToArray()),
            HKDF.DeriveKey(HashAlgorithmName.SHA256, both, NonceSize, salt, "Content-Encoding: nonce\0"u8.ToArray()));
    }
}
