using System.Buffers;
using System.Text;
using MessagePack;

namespace Realtime.Tests.Edge;

/// <summary>Messages of a hub's client that are nearly right, over both protocols.</summary>
internal static class NastyFrames
{
    private const string End = "\u001e";

    private static readonly string[] Targets = ["WatchPharmacy", "WatchNearest", "WatchArea", "WatchOrder", "Unwatch", "JoinCounter", "Acknowledge", "watchnearest", "OnDisconnectedAsync", "Dispose", "get_Context", "ToString", "", "\\u0000", "Nothing"];

    /// <summary>What a client opens with: most of the time a good handshake.</summary>
    public static byte[] Handshake(Random random, bool messagePack)
    {
        var good = $"{{\"protocol\":\"{(messagePack ? "messagepack" : "json")}\",\"version\":1}}{End}";
        return Encoding.UTF8.GetBytes(random.Next(12) switch
        {
            0 => $"{{\"protocol\":\"xml\",\"version\":1}}{End}",
            1 => $"{{\"protocol\":{NastyJson.Value(random)},\"version\":{NastyJson.Value(random)}}}{End}",
            2 => good[..random.Next(good.Length)],
            3 => NastyJson.Value(random) + End,
            4 => End,
            _ => good,
        });
    }

    /// <summary>A call that can be read, over either protocol, and that asks for something wrong most of the time.</summary>
    public static byte[] Framed(Random random, bool messagePack) => messagePack ? Packed(random) : Encoding.UTF8.GetBytes(Call(random));

    /// <summary>A message that cannot be read most of the time.</summary>
    public static byte[] Broken(Random random, bool messagePack) => messagePack ? MessagePack(random) : Json(random);

    private static byte[] Json(Random random) => random.Next(14) switch
    {
        0 => NastyJson.Damaged(random, Encoding.UTF8.GetBytes(Call(random))),
        1 => Encoding.UTF8.GetBytes(NastyJson.Value(random) + End),
        2 => Encoding.UTF8.GetBytes(NastyJson.Deep(random) + End),
        3 => Encoding.UTF8.GetBytes(Call(random).TrimEnd('\u001e')),
        4 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(End, random.Next(1, 1_000)))),
        5 => Encoding.UTF8.GetBytes($"{{\"type\":1,\"target\":\"{new string('x', 1 << random.Next(8, 18))}\",\"arguments\":[]}}{End}"),
        6 => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Unwatch\",\"arguments\":[\"\"]}" + End, random.Next(2, 200)))),
        7 => Encoding.UTF8.GetBytes($"{{\"type\":2,\"invocationId\":\"nothing\",\"item\":{NastyJson.Value(random)}}}{End}"),
        8 => Encoding.UTF8.GetBytes($"{{\"type\":3,\"invocationId\":\"nothing\",\"result\":{NastyJson.Value(random)},\"error\":\"x\"}}{End}"),
        9 => Encoding.UTF8.GetBytes($"{{\"type\":{NastyJson.Value(random)},\"invocationId\":{NastyJson.Value(random)}}}{End}"),
        10 => Encoding.UTF8.GetBytes($"{{\"type\":{random.Next(-1, 12)},\"sequenceId\":{random.Next(-2, 3)},\"invocationId\":\"1\",\"streamIds\":[\"1\",{NastyJson.Value(random)}]}}{End}"),
        _ => Encoding.UTF8.GetBytes(Call(random)),
    };

    private static byte[] Packed(Random random)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(6);
        writer.Write(1);
        writer.WriteMapHeader(0);
        writer.Write($"{random.Next(9)}");
        if (random.Next(4) == 0)
        {
            writer.Write("WatchNearest");
            writer.WriteArrayHeader(3);
            writer.Write(48.85);
            writer.Write(2.35);
            writer.Write(random.Next(-2, 60));
        }
        else
        {
            writer.Write(Targets[random.Next(Targets.Length)]);
            var count = random.Next(5);
            writer.WriteArrayHeader(count);
            for (var i = 0; i < count; i++)
                Nasty(random, ref writer, readable: true);
        }
        writer.WriteArrayHeader(0);
        writer.Flush();
        return [.. Length(buffer.WrittenCount), .. buffer.WrittenSpan];
    }

    // With a length in front of it that may be a lie.
    private static byte[] MessagePack(Random random)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(random.Next(12));
        writer.Write(random.Next(-5, 200));
        for (var i = random.Next(8); i > 0; i--)
            Nasty(random, ref writer, readable: false);
        writer.Flush();
        var bytes = random.Next(2) == 0 ? NastyJson.Damaged(random, Packed(random)) : buffer.WrittenSpan.ToArray();
        return [.. Length(random.Next(3) == 0 ? random.Next() : bytes.Length), .. bytes];
    }

    private static void Nasty(Random random, ref MessagePackWriter writer, bool readable)
    {
        switch (random.Next(readable ? 9 : 13))
        {
            case 0:
                writer.WriteNil();
                break;
            case 1:
                writer.Write(random.Next(2) == 0);
                break;
            case 2:
                writer.Write(double.NaN);
                break;
            case 3:
                writer.Write(double.PositiveInfinity);
                break;
            case 4:
                writer.Write(long.MinValue);
                break;
            case 5:
                writer.Write(ulong.MaxValue);
                break;
            case 6:
                writer.Write(new string('x', random.Next(readable ? 500 : 9_000)));
                break;
            case 7:
                writer.Write("990000010");
                break;
            case 8:
                writer.Write(random.Next(-200, 200) + random.NextDouble());
                break;
            case 9:
                // An array, a map or a text of four thousand million that do not follow.
                writer.WriteRaw(new byte[] { (byte)(random.Next(3) switch { 0 => 0xDD, 1 => 0xDF, _ => 0xDB }), 0xFF, 0xFF, 0xFF, 0xFF });
                break;
            case 10:
                writer.WriteRaw([0xC7, 0x05, 0xFF, 1, 2, 3, 4, 5]);
                break;
            case 11:
                writer.WriteRaw(Enumerable.Repeat((byte)0x91, random.Next(1, 3_000)).ToArray());
                break;
            default:
                writer.WriteRaw([0xA2, 0xC0, 0xAF]);
                break;
        }
    }

    private static byte[] Length(int length)
    {
        var bytes = new List<byte>();
        for (; length >= 0x80; length >>= 7)
            bytes.Add((byte)(length | 0x80));
        return [.. bytes, (byte)length];
    }

    // Well framed, and wrong only in what it asks for; one in four is right.
    private static string Call(Random random)
    {
        var (target, arguments) = random.Next(4) switch
        {
            0 => ("WatchNearest", $"48.85,2.35,{random.Next(-2, 60)}"),
            1 => ("WatchPharmacy", "\"990000010\""),
            _ => (Targets[random.Next(Targets.Length)], string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(2) == 0 ? $"{random.Next(-200, 200)}.5" : NastyJson.Readable(random)))),
        };
        var id = random.Next(8) switch { 0 => "", 1 => $"\"invocationId\":\"{new string('i', 300)}\",", _ => $"\"invocationId\":\"{random.Next(9)}\"," };
        return $"{{\"type\":{(random.Next(8) == 0 ? 4 : 1)},{id}\"target\":\"{target}\",\"arguments\":[{arguments}]}}{End}";
    }
}
