using System.Buffers;
using System.Collections.Concurrent;
using System.Text;

namespace Realtime.Stock;

/// <summary>Whole numbers in as few bytes as they need, seven bits to a byte, the lowest first; and short texts behind their length.</summary>
internal static class Packing
{
    private const int SevenBits = 7, More = 1 << SevenBits;

    // What is packed is large and short-lived; its room is kept for the next, up to so many.
    private const int MostIdle = 8;
    private static readonly ConcurrentBag<ArrayBufferWriter<byte>> Idle = [];

    /// <summary>Room to pack in, lent until it is disposed of.</summary>
    public static Lent Buffer() => new(Idle.TryTake(out var bytes) ? bytes : new ArrayBufferWriter<byte>());

    /// <summary>Writes a number of 0 or more.</summary>
    public static void Put(this ArrayBufferWriter<byte> bytes, long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        for (; number >= More; number >>= SevenBits)
            PutByte(bytes, (byte)(number | More));
        PutByte(bytes, (byte)number);
    }

    /// <summary>Writes a text.</summary>
    public static void Put(this ArrayBufferWriter<byte> bytes, ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        bytes.Put(length);
        bytes.Advance(Encoding.UTF8.GetBytes(text, bytes.GetSpan(length)));
    }

    /// <summary>Reads a number, and goes past it.</summary>
    /// <exception cref="FormatException">The bytes end in it.</exception>
    public static long Take(ReadOnlySpan<byte> bytes, ref int place)
    {
        var number = 0L;
        for (var shift = 0; shift < sizeof(long) * 8; shift += SevenBits)
        {
            if (place >= bytes.Length)
                break;
            var one = bytes[place++];
            number |= (long)(one & (More - 1)) << shift;
            if (one < More)
                return number;
        }
        throw new FormatException("The packed stock ends in the middle of a number.");
    }

    /// <summary>Reads a text, and goes past it.</summary>
    /// <exception cref="FormatException">The bytes end in it.</exception>
    public static string TakeText(ReadOnlySpan<byte> bytes, ref int place) => Encoding.UTF8.GetString(Text(bytes, ref place));

    /// <summary>Goes past a text.</summary>
    /// <exception cref="FormatException">The bytes end in it.</exception>
    public static void SkipText(ReadOnlySpan<byte> bytes, ref int place) => Text(bytes, ref place);

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> bytes, ref int place)
    {
        var length = (int)Take(bytes, ref place);
        if (length < 0 || length > bytes.Length - place)
            throw new FormatException("The packed stock ends in the middle of a text.");
        place += length;
        return bytes.Slice(place - length, length);
    }

    /// <summary>Room that is lent.</summary>
    /// <param name="bytes">Empty.</param>
    internal readonly struct Lent(ArrayBufferWriter<byte> bytes) : IDisposable
    {
        /// <summary>What is packed so far.</summary>
        public ArrayBufferWriter<byte> Bytes => bytes;

        /// <summary>Gives it back.</summary>
        public void Dispose()
        {
            bytes.ResetWrittenCount();
            if (Idle.Count < MostIdle)
                Idle.Add(bytes);
        }
    }

    private static void PutByte(ArrayBufferWriter<byte> bytes, byte one)
    {
        bytes.GetSpan(1)[0] = one;
        bytes.Advance(1);
    }
}
