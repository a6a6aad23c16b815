using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Realtime.Keys;

/// <summary>
/// Seals bytes with AES-256-GCM for one place: nonce (12 bytes, random), what was sealed, tag (16 bytes). A key seals one order's few texts, far from the
/// 2³² messages at which random nonces of one key become a risk (NIST SP 800-38D, 8.3).
/// </summary>
public static class OrderSealing
{
    /// <summary>By how many bytes a seal is longer than what was sealed.</summary>
    public const int Overhead = NonceSize + TagSize;

    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int ShortPlace = 256;

    /// <summary>Seals bytes; they open with the same key in the same place alone.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="place">Where they are kept, as <c>990000010-01J…/buyer</c>; part of the seal.</param>
    /// <param name="clear">What is to be sealed.</param>
    public static byte[] Seal(byte[] key, string place, ReadOnlySpan<byte> clear)
    {
        var sealedBytes = new byte[clear.Length + Overhead];
        var nonce = sealedBytes.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> shortPlace = stackalloc byte[ShortPlace];
        using var there = new Place(place, shortPlace);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, clear, sealedBytes.AsSpan(NonceSize, clear.Length), sealedBytes.AsSpan(NonceSize + clear.Length), there.Bytes);
        return sealedBytes;
    }

    /// <summary>What <see cref="Seal"/> sealed.</summary>
    /// <param name="key">The same key.</param>
    /// <param name="place">The same place.</param>
    /// <param name="sealedBytes">What it returned.</param>
    /// <exception cref="CryptographicException">It was cut off, altered, moved from another place, or sealed with another key.</exception>
    public static byte[] Open(byte[] key, string place, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < Overhead)
            throw new CryptographicException("What was sealed is cut off.");
        var clear = new byte[sealedBytes.Length - Overhead];
        Span<byte> shortPlace = stackalloc byte[ShortPlace];
        using var there = new Place(place, shortPlace);
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(sealedBytes[..NonceSize], sealedBytes[NonceSize..^TagSize], sealedBytes[^TagSize..], clear, there.Bytes);
        return clear;
    }

    /// <summary>The place in UTF-8: on the stack, or in a rented array where it is long.</summary>
    private readonly ref struct Place
    {
        private readonly byte[]? _rented;

        public Place(string place, Span<byte> shortPlace)
        {
            var most = Encoding.UTF8.GetMaxByteCount(place.Length);
            _rented = most > shortPlace.Length ? ArrayPool<byte>.Shared.Rent(most) : null;
            var room = _rented ?? shortPlace;
            Bytes = room[..Encoding.UTF8.GetBytes(place, room)];
        }

        public ReadOnlySpan<byte> Bytes { get; }

        public void Dispose()
        {
            if (_rented is not null)
                ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
