using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Realtime.Journal;

/// <summary>
/// The chain that makes a stream tamper-evident: every row's hash covers the hash of the row before it and every column of its own.
/// SHA-256 over length-prefixed fields, so that no two different rows have the same bytes.
/// </summary>
public static class JournalHash
{
    /// <summary>Bytes in a hash.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    /// <summary>The hash of <paramref name="row"/>, whose own <see cref="JournalRow.Hash"/> is not looked at.</summary>
    /// <param name="previous">Hash of the row before it in its stream; empty for the first.</param>
    /// <param name="row">The row; its instant counts to 100 ns, as it is stored.</param>
    public static byte[] Of(ReadOnlySpan<byte> previous, JournalRow row)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AddBytes(hash, previous);
        AddText(hash, row.Stream);
        AddNumber(hash, row.Seq);
        AddNumber(hash, row.Lane);
        AddNumber(hash, row.N);
        AddNumber(hash, row.At.ToUnixTimeTicks());
        AddText(hash, row.Event.Kind);
        AddNumber(hash, row.Event.Version);
        AddText(hash, row.Event.Actor);
        AddText(hash, row.Event.Reason);
        AddBytes(hash, row.Event.Payload.Span);
        return hash.GetHashAndReset();
    }

    /// <summary>Walks one whole stream from its first row; the first place where it is broken, or null where it holds.</summary>
    /// <returns>The sequence number that is missing, out of place, or does not carry the hash of its content.</returns>
    public static long? FirstBroken(IEnumerable<JournalRow> stream)
    {
        ReadOnlyMemory<byte> previous = default;
        var expected = 1L;
        foreach (var row in stream)
        {
            if (row.Seq != expected || !Of(previous.Span, row).AsSpan().SequenceEqual(row.Hash.Span))
                return expected;
            previous = row.Hash;
            expected++;
        }
        return null;
    }

    private static void AddText(IncrementalHash hash, string text) => AddBytes(hash, Encoding.UTF8.GetBytes(text));

    private static void AddBytes(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        AddNumber(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void AddNumber(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
