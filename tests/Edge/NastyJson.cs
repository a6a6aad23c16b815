using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Realtime.Tests.Edge;

/// <summary>JSON that is nearly right, and JSON that is none.</summary>
internal static class NastyJson
{
    private static readonly string[] Values =
    [
        "null", "true", "[]", "{}", "\"\"", "0", "-0", "-1", "1e400", "-1e400", "1E-400", "1e", "0x10", "01", "+1", ".5", "NaN", "Infinity", "-Infinity",
        "9223372036854775808", "-9223372036854775809", "2147483648", "0.1e1", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\uFFFF\"", "\"a\\u202eb\"", "\"\\x\"", "\"\t\"", "'x'", "undefined",
        "\"2026-02-30T25:61:61Z\"", "\"0000-00-00T00:00:00Z\"", "\"9999-12-31T23:59:59.999999999999+14:00\"", "\"Mo-Su 00:00-48:00; PH,SH off || \"", "[[[[]]]]", "{\"a\":{\"a\":{}}}", "[null]", "{\"\":0}",
    ];

    /// <summary>A value that is seldom what is expected.</summary>
    public static string Value(Random random) => random.Next(12) switch
    {
        0 => $"\"{new string('x', 1 << random.Next(4, 17))}\"",
        1 => new string('9', 1 << random.Next(4, 14)),
        2 => Deep(random),
        3 => $"\"{string.Concat(Enumerable.Repeat("Mo-Fr 08:00-12:00,", random.Next(1, 400)))}\"",
        _ => Values[random.Next(Values.Length)],
    };

    /// <summary>A value that is seldom what is expected, but that a reader of JSON takes, and of less than a kilobyte.</summary>
    public static string Readable(Random random)
    {
        while (true)
        {
            var value = Value(random);
            if (value.Length < 1_000 && IsJson(value))
                return value;
        }
    }

    private static bool IsJson(string value)
    {
        try
        {
            using var read = JsonDocument.Parse(value);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Objects or arrays within each other, with or without their ends.</summary>
    public static string Deep(Random random)
    {
        var depth = 1 << random.Next(1, 15);
        var (open, close) = random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        return string.Concat(Enumerable.Repeat(open, depth)) + (open == "[" ? "" : "0") + (random.Next(3) == 0 ? "" : string.Concat(Enumerable.Repeat(close, depth)));
    }

    /// <summary>A body with one or more members of a kind that is not expected, missing, given twice, or not known.</summary>
    public static byte[] Reshaped(Random random, JsonNode? body)
    {
        if (body is not JsonObject good || good.Count == 0)
            return Encoding.UTF8.GetBytes(Value(random));
        var members = good.Select(m => (m.Key, Text: m.Value?.ToJsonString() ?? "null")).ToList();
        for (var changes = random.Next(1, 4); changes > 0 && members.Count > 0; changes--)
        {
            var at = random.Next(members.Count);
            switch (random.Next(6))
            {
                case 0:
                    members.RemoveAt(at);
                    break;
                case 1:
                    members.Insert(at, (members[at].Key, Value(random)));
                    break;
                case 2:
                    members.Insert(at, (random.Next(2) == 0 ? "x" : members[at].Key.ToUpperInvariant(), Value(random)));
                    break;
                default:
                    members[at] = (members[at].Key, Value(random));
                    break;
            }
        }
        return Encoding.UTF8.GetBytes($"{{{string.Join(',', members.Select(m => $"{JsonSerializer.Serialize(m.Key)}:{m.Text}"))}}}");
    }

    /// <summary>A text with bytes changed, lost, added, or in another encoding.</summary>
    public static byte[] Damaged(Random random, byte[] good)
    {
        var bytes = good.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(7))
            {
                case 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 1:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 2:
                    bytes.InsertRange(at, [0xC0, 0xAF]);
                    break;
                case 3:
                    bytes.InsertRange(at, [0xED, 0xA0, 0x80]);
                    break;
                case 4:
                    bytes.InsertRange(0, [0xEF, 0xBB, 0xBF]);
                    break;
                case 5:
                    bytes.InsertRange(at, "/**/,,"u8.ToArray());
                    break;
                default:
                    if (at < bytes.Count)
                        bytes[at] = (byte)random.Next(256);
                    break;
            }
        }
        return random.Next(10) == 0 ? Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(good)) : [.. bytes];
    }
}
