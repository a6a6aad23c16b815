using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using NodaTime;
using Realtime.Identity;

namespace Realtime.Keys;

/// <summary>Makes keys, and wraps them for the store under the installation's secret: a copy of the store alone opens nothing.</summary>
internal sealed class KeyWrapping(Secret secret)
{
    private const int IdSize = 16;
    private const int TimeSize = 6;
    private const int KeySize = 32;
    private readonly byte[] _key = secret.Derive("order key wrapping");

    /// <summary>A name for the secret that tells nothing of it: a store says by it whose it is.</summary>
    public string SecretName { get; } = Convert.ToHexStringLower(secret.Derive("order key wrapping name", size: 8));

    /// <summary>A new key; of two that were ever made no two have the same id: 48 bits of time, 80 of chance. Those of one instant lie together in the store's index.</summary>
    /// <param name="now">When it is made, to the millisecond.</param>
    public static OrderKey Make(Instant now)
    {
        Span<byte> id = stackalloc byte[IdSize];
        Span<byte> time = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(time, now.ToUnixTimeMilliseconds());
        time[^TimeSize..].CopyTo(id);
        RandomNumberGenerator.Fill(id[TimeSize..]);
        return new(Base64Url.EncodeToString(id), RandomNumberGenerator.GetBytes(KeySize));
    }

    /// <summary>The key as it is stored, sealed for its id.</summary>
    public WrappedKey Wrap(OrderKey key) => new(key.Id, OrderSealing.Seal(_key, key.Id, key.Key));

    /// <summary>The key that was wrapped.</summary>
    /// <exception cref="CryptographicException">It was altered, stands under another id, or was wrapped under another secret.</exception>
    public byte[] Unwrap(WrappedKey key) => OrderSealing.Open(_key, key.Id, key.Bytes);
}

/// <summary>A key as it stands in the store.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Bytes">The wrapped key.</param>
internal readonly record struct WrappedKey(string Id, byte[] Bytes);
