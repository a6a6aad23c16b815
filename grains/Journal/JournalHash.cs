using System.Buffers;
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

    // Five numbers, and the lengths of six other fields.
    private const int Numbers = 11;

    /// <summary>The hash of <paramref name="row"/>, whose own <see cref="JournalRow.Hash"/> is not looked at.</summary>
    /// <param name="previous">Hash of the row before it in its stream; empty for the first.</param>
    /// <param name="row">The row; its instant counts to 100 ns, as it is stored.</param>
    public static byte[] Of(ReadOnlySpan<byte> previous, JournalRow row)
    {
        var texts = row.Stream.Length + row.Event.Kind.Length + row.Event.Actor.Length + row.Event.Reason.Length;
        // Written out and hashed at one go: each call of the hash would cost more than the few bytes that it is given.
        var rented = ArrayPool<byte>.Shared.Rent(Numbers * sizeof(long) + previous.Length + Encoding.UTF8.GetMaxByteCount(texts) + row.Event.Payload.Length);
        var room = new Room(rented);
        room.AddBytes(previous);
        room.AddText(row.Stream);
        room.AddNumber(row.Seq);
        room.AddNumber(row.Lane);
        room.AddNumber(row.N);
        room.AddNumber(row.At.ToUnixTimeTicks());
        room.AddText(row.Event.Kind);
        room.AddNumber(row.Event.Version);
        room.AddText(row.Event.Actor);
        room.AddText(row.Event.Reason);
        room.AddBytes(row.Event.Payload.Span);
        var hash = SHA256.HashData(room.Written);
        ArrayPool<byte>.Shared.Return(rented);
        return hash;
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

    /// <summary>Fields one after the other.</summary>
    private ref struct Room(Span<byte> all)
    {
        private readonly Span<byte> _all = all;
        private int _length;

        public readonly ReadOnlySpan<byte> Written => _all[.._length];

        public void AddText(string text)
        {
            var length = Encoding.UTF8.GetBytes(text, _all[(_length + sizeof(long))..]);
            AddNumber(length);
            _length += length;
        }

        public void AddBytes(ReadOnlySpan<byte> bytes)
        {
            AddNumber(bytes.Length);
            bytes.CopyTo(_all[_length..]);
            _length += bytes.Length;
        }

        public void AddNumber(long number)
        {
            BinaryPrimitives.WriteInt64BigEndian(_all[_length..], number);
            _length += sizeof(long);
        }
    }
}
