using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Realtime.Sets;

/// <summary>
/// A set as the store keeps it: our own binary format, Brotli-compressed, with a version in front. A set that was imported years ago must still be readable:
/// a format that was released is never changed, the next one gets a number.
/// </summary>
internal static class SetPayload
{
    /// <summary>The compressed payload, and the SHA-256 of what is in it, by which the set is named: equal sets have equal names.</summary>
    public static (byte[] Payload, string Hash) Write(byte format, Action<BinaryWriter> write)
    {
        using var plain = new MemoryStream();
        using (var writer = new BinaryWriter(plain, Encoding.UTF8, leaveOpen: true))
            write(writer);
        using var packed = new MemoryStream();
        packed.WriteByte(format);
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            brotli.Write(plain.GetBuffer().AsSpan(0, (int)plain.Length));
        return (packed.ToArray(), Convert.ToHexStringLower(SHA256.HashData(plain.GetBuffer().AsSpan(0, (int)plain.Length))));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="what">As the message calls it.</param>
    /// <param name="format">The format that this program knows.</param>
    /// <param name="payload">What the store kept.</param>
    /// <param name="read">Reads what is in it.</param>
    /// <exception cref="InvalidDataException">Written by a newer program, or damaged.</exception>
    public static T Read<T>(string what, byte format, byte[] payload, Func<BinaryReader, T> read)
    {
        if (payload.Length == 0 || payload[0] != format)
            throw new InvalidDataException($"The {what} has format {(payload.Length == 0 ? 0 : payload[0])}, and this program knows format {format}: it was written by a newer one.");
        using var packed = new MemoryStream(payload, 1, payload.Length - 1);
        using var brotli = new BrotliStream(packed, CompressionMode.Decompress);
        using var plain = new BufferedStream(brotli, 1 << 16);
        using var reader = new BinaryReader(plain, Encoding.UTF8);
        try
        {
            return read(reader);
        }
        catch (EndOfStreamException cut)
        {
            throw new InvalidDataException($"The {what} is cut short.", cut);
        }
    }
}
