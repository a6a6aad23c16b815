using System.Text;
using System.Text.Json;
using NodaTime;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Web.Lgo;

namespace Realtime.Tests.Lgo;

public sealed class FeedReaderTests(ITestOutputHelper output)
{
    private const string Ibuprofen = "3400938358926", Spedifen = "3400936251892", Unheard = "3400930000007";
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 23, 9, 0);
    private static readonly HashSet<Cip13> Known = [Cip13.Parse(Ibuprofen), Cip13.Parse(Spedifen)];
    private static readonly string Header = FeedText.Header(Now);

    private static readonly string[] Mixed =
    [
        Header, FeedText.Line(Ibuprofen, 3, "a1", "2027-03-31"), "", FeedText.Line(Spedifen, -1), FeedText.Line(Ibuprofen, 4, "b2", "2027-02-00"), "été", $"  {FeedText.Line(Spedifen, 2)}\r",
        FeedText.Line(Unheard, 1), FeedText.Line(Ibuprofen, 1, "A1", "2027-03-31"),
    ];

    public static TheoryData<string, string> Wrong => new()
    {
        { "{", "invalid-json" },
        { "}", "invalid-json" },
        { "null", "invalid-json" },
        { "[]", "invalid-json" },
        { "\"text\"", "invalid-json" },
        { "{}{}", "invalid-json" },
        { $"{FeedText.Line(Ibuprofen, 1)}{FeedText.Line(Ibuprofen, 1)}", "invalid-json" },
        { $"{FeedText.Line(Ibuprofen, 1)} x }}", "invalid-json" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":1,}""", "invalid-json" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":NaN}""", "invalid-json" },
        { $$"""{'cip13':'{{Ibuprofen}}','quantity':1}""", "invalid-json" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":1/* x */}""", "invalid-json" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":1,"lot":"\ud800"}""", "invalid-json" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":1,"x":{{new string('[', 70)}}1{{new string(']', 70)}} }""", "invalid-json" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":1,"price":2}""", "unknown-member" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":1,"price":{"a":[1,{"b":2}] } }""", "unknown-member" },
        { $$"""{"CIP13":"{{Ibuprofen}}","quantity":1}""", "unknown-member" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":1,"quantity":1}""", "unknown-member" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":1,"lot":null,"lot":"A"}""", "unknown-member" },
        { Header, "unknown-member" },
        { "{}", "invalid-cip13" },
        { """{"quantity":1}""", "invalid-cip13" },
        { $$"""{"cip13":{{Ibuprofen}},"quantity":1}""", "invalid-cip13" },
        { $$"""{"cip13":["{{Ibuprofen}}"],"quantity":1}""", "invalid-cip13" },
        { $$"""{"cip13":null,"quantity":1}""", "invalid-cip13" },
        { FeedText.Line("3400938358927", 1), "invalid-cip13" },
        { FeedText.Line("340093835892", 1), "invalid-cip13" },
        { FeedText.Line($" {Ibuprofen}", 1), "invalid-cip13" },
        { FeedText.Line(new string('3', 1_000), 1), "invalid-cip13" },
        { FeedText.Line("٣400938358926", 1), "invalid-cip13" },
        { FeedText.Line(Unheard, 1), "unknown-product" },
        { $$"""{"cip13":"{{Ibuprofen}}"}""", "invalid-quantity" },
        { FeedText.Line(Ibuprofen, -1), "invalid-quantity" },
        { FeedText.Line(Ibuprofen, 100_001), "invalid-quantity" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":4294967297}""", "invalid-quantity" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":99999999999999999999}""", "invalid-quantity" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":1.5}""", "invalid-quantity" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":"1"}""", "invalid-quantity" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":null}""", "invalid-quantity" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":[1]}""", "invalid-quantity" },
        { FeedText.Line(Ibuprofen, 1, ""), "invalid-lot" },
        { FeedText.Line(Ibuprofen, 1, "  "), "invalid-lot" },
        { FeedText.Line(Ibuprofen, 1, new string('A', 21)), "invalid-lot" },
        { FeedText.Line(Ibuprofen, 1, "lot\\u0007"), "invalid-lot" },
        { FeedText.Line(Ibuprofen, 1, "été"), "invalid-lot" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":1,"lot":7}""", "invalid-lot" },
        { FeedText.Line(Ibuprofen, 1, null, "2027-02-29"), "invalid-expiry" },
        { FeedText.Line(Ibuprofen, 1, null, "2027-13"), "invalid-expiry" },
        { FeedText.Line(Ibuprofen, 1, null, "2027-00-00"), "invalid-expiry" },
        { FeedText.Line(Ibuprofen, 1, null, "27-02-01"), "invalid-expiry" },
        { FeedText.Line(Ibuprofen, 1, null, "2027-05-1\\u0000"), "invalid-expiry" },
        { FeedText.Line(Ibuprofen, 1, null, "2027-1\\u0000"), "invalid-expiry" },
        { FeedText.Line(Ibuprofen, 1, null, "1999-12-31"), "invalid-expiry" },
        { FeedText.Line(Ibuprofen, 1, null, "2100-01"), "invalid-expiry" },
        { FeedText.Line(Ibuprofen, 1, null, "2027-02-01T00:00:00Z"), "invalid-expiry" },
        { FeedText.Line(Ibuprofen, 1, null, ""), "invalid-expiry" },
        { $$"""{"cip13":"{{Ibuprofen}}","quantity":1,"expiry":270201}""", "invalid-expiry" },
        { FeedText.Line(Ibuprofen, 1).PadRight(FeedReader.LongestLine + 1), "line-too-long" },
        { new string('x', FeedReader.LongestLine + 1), "line-too-long" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_line_that_is_wrong_is_told_by_its_number_and_the_rest_stands(string line, string word)
    {
        var feed = Read(FeedText.Of(Header, FeedText.Line(Spedifen, 2), line, FeedText.Line(Ibuprofen, 3)));

        Assert.Equal((2, 1), (feed.Accepted, feed.Rejected.Count));
        Assert.Equal([(3, word)], Errors(feed));
        Assert.Equal([(Spedifen, 2), (Ibuprofen, 3)], Boxes(feed));
    }

    [Fact]
    public void A_line_whose_bytes_are_no_UTF_8_is_wrong()
    {
        var line = Encoding.UTF8.GetBytes(FeedText.Line(Ibuprofen, 1, "A"));
        line[Array.IndexOf(line, (byte)'A')] = 0xE9;
        Assert.Equal([(2, "invalid-json")], Errors(Read([.. FeedText.Of(Header), .. line])));
    }

    [Theory]
    [InlineData("2027-02-28", "2027-02-28")]
    [InlineData("2027-02-00", "2027-02-28")]
    [InlineData("2028-02", "2028-02-29")]
    [InlineData("2000-01-01", "2000-01-01")]
    [InlineData("2099-12", "2099-12-31")]
    public void A_lot_and_its_last_day_are_read_as_boxes_say_them(string expiry, string day)
    {
        var feed = Read(FeedText.Of(Header, FeedText.Line(Ibuprofen, 3, " ab-12/c ", expiry)));

        var lot = Assert.Single(Assert.Single(PackedItems.Read(feed.Lines.Packed).All()).Item.Lots);
        Assert.Equal(("AB-12/C", day, 3), (lot.Code, lot.Expiry?.ToString("uuuu-MM-dd", null), lot.Boxes));
    }

    [Theory]
    [InlineData("""{ "quantity" : 3 , "cip13" : "3400938358926" }""")]
    [InlineData("""{"cip13":"\u0033400938358926","quantity":3,"lot":null,"expiry":null}""")]
    [InlineData("\t{\"cip13\":\"3400938358926\",\"quantity\":3}\t\r")]
    [InlineData("""{"\u0063ip13":"3400938358926","quantity":3}""")]
    public void A_line_is_read_however_it_is_written(string line) => Assert.Equal([(Ibuprofen, 3)], Boxes(Read(FeedText.Of(Header, line))));

    [Fact]
    public void Blank_lines_are_passed_over_and_numbered_and_neither_the_last_line_feed_nor_a_byte_order_mark_matters()
    {
        var feed = Read(Encoding.UTF8.GetBytes($"\uFEFF\r\n \n{Header}\r\n\r\n{FeedText.Line(Ibuprofen, 3)}\r\n\t\nx\n{FeedText.Line(Spedifen, 1)}"));

        Assert.Equal((2, 1), (feed.Accepted, feed.Rejected.Count));
        Assert.Equal([(7, "invalid-json")], Errors(feed));
    }

    [Theory]
    [InlineData("", "$")]
    [InlineData("{", "$")]
    [InlineData("[]", "$")]
    [InlineData("""{"kind":"snapshot","seq":1}""", "$.takenAt")]
    [InlineData("""{"kind":"Snapshot","seq":1,"takenAt":"2026-11-23T09:00:00Z"}""", "$.kind")]
    [InlineData("""{"kind":"delta","seq":0,"takenAt":"2026-11-23T09:00:00Z"}""", "$.seq")]
    [InlineData("""{"kind":"delta","seq":1.5,"takenAt":"2026-11-23T09:00:00Z"}""", "$.seq")]
    [InlineData("""{"kind":"delta","seq":"1","takenAt":"2026-11-23T09:00:00Z"}""", "$.seq")]
    [InlineData("""{"kind":"delta","seq":99999999999999999999,"takenAt":"2026-11-23T09:00:00Z"}""", "$.seq")]
    [InlineData("""{"kind":"delta","seq":1,"takenAt":"2026-11-23T09:00:00"}""", "$.takenAt")]
    [InlineData("""{"kind":"delta","seq":1,"takenAt":"2026-11-23T09:05:01Z"}""", "$.takenAt")]
    [InlineData("""{"kind":"delta","seq":1,"takenAt":"2026-11-16T08:59:59Z"}""", "$.takenAt")]
    [InlineData("""{"kind":"delta","seq":1,"takenAt":"2026-11-23T09:00:00Z","by":"x"}""", "$.by")]
    [InlineData("""{"kind":"delta","seq":1,"seq":1,"takenAt":"2026-11-23T09:00:00Z"}""", "$.seq")]
    [InlineData("""{"kind":"delta","seq":1,"takenAt":"2026-11-23T09:00:00Z","\ud800":1}""", "$")]
    [InlineData("""{"cip13":"3400938358926","quantity":1}""", "$.cip13", "$.quantity", "$.kind", "$.seq", "$.takenAt")]
    [InlineData("""{"kind":"x","kind":"snapshot","seq":1,"takenAt":"2026-11-23T09:00:00Z"}""", "$.kind", "$.kind")]
    [InlineData("""{"kind":"delta","seq":1,"takenAt":"2026-11-23T09:00:00Z","x":1,"x":2}""", "$.x", "$.x")]
    [InlineData("""{"kind":"delta","seq":1,"seq":1,"seq":2,"takenAt":"2026-11-23T09:00:00Z"}""", "$.seq")]
    [InlineData("""{"kind":"delta","seq":1,"takenAt":"2026-11-23T09:00:00Z","nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn":1,"mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm":1}""", "$.…")]
    public void A_feed_without_a_header_is_refused_and_every_culprit_named(string header, params string[] culprits)
    {
        using var reader = new FeedReader(Known.Contains, Now);
        reader.Take(FeedText.Of(header, FeedText.Line(Ibuprofen, 3)));

        // A blank first line is passed over, and the line of a product is then the first.
        if (header.Length > 0)
            Assert.Equal(culprits, reader.Culprits.Select(one => one.Path));
        Assert.Null(reader.Finish());
        Assert.Equal(FeedFault.BadHeader, reader.Fault);
        Assert.All(reader.Culprits, one => Assert.NotEqual(one.Sentence.English, one.Sentence.French));
        Assert.False(reader.Take("\n"u8));
    }

    [Fact]
    public void Nothing_at_all_is_no_feed()
    {
        using var reader = new FeedReader(Known.Contains, Now);

        Assert.Null(reader.Finish());
        Assert.Equal((FeedFault.BadHeader, "$"), (reader.Fault, Assert.Single(reader.Culprits).Path));
    }

    [Theory]
    [InlineData("2026-11-23T09:05:00Z", "delta")]
    [InlineData("2026-11-16T10:00:00+01:00", "snapshot")]
    public void A_header_says_what_the_feed_is(string takenAt, string kind)
    {
        var feed = Read(FeedText.Of($$"""{"takenAt":"{{takenAt}}","seq":9007199254740993,"kind":"{{kind}}"}"""));

        Assert.Equal((kind == "delta" ? FeedKind.Delta : FeedKind.Snapshot, 9_007_199_254_740_993), (feed.Kind, feed.Seq));
        Assert.Equal(Instant.FromDateTimeOffset(DateTimeOffset.Parse(takenAt, System.Globalization.CultureInfo.InvariantCulture)), feed.TakenAt);
        Assert.Equal((0, 0), (feed.Accepted, feed.Rejected.Count));
    }

    [Fact]
    public void Wherever_the_text_is_cut_into_pieces_it_says_the_same()
    {
        var text = FeedText.Of(Mixed);
        var whole = Read(text);

        Assert.Equal((4, 3), (whole.Accepted, whole.Rejected.Count));
        for (var cut = 0; cut <= text.Length; cut++)
            AssertSame(whole, Read(text[..cut], text[cut..]));
        AssertSame(whole, Read([.. text.Select(one => new[] { one })]));
    }

    [Fact]
    public void A_fingerprint_is_of_every_byte()
    {
        var text = FeedText.Of(Mixed);
        var prints = Enumerable.Range(0, text.Length + 1).Select(more => Read([.. text, .. Enumerable.Repeat((byte)'\n', more % 7)])).Select(feed => feed.Fingerprint).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(7, prints.Count);
        Assert.Equal(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(text)), Read(text).Fingerprint);
    }

    [Fact]
    public void A_line_of_ten_megabytes_is_refused_alone_and_not_kept()
    {
        var piece = new byte[16 * 1024];
        Array.Fill(piece, (byte)'x');
        using var reader = new FeedReader(Known.Contains, Now);
        reader.Take(FeedText.Of(Header));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var sent = 0; sent < 10_000_000; sent += piece.Length)
            Assert.True(reader.Take(piece));
        var kept = GC.GetAllocatedBytesForCurrentThread() - before;
        reader.Take(FeedText.Of("", FeedText.Line(Ibuprofen, 3)));

        Assert.InRange(kept, 0, 64 * 1024);
        var feed = reader.Finish()!;
        Assert.Equal([(2, "line-too-long")], Errors(feed));
        Assert.Equal([(Ibuprofen, 3)], Boxes(feed));
    }

    [Fact]
    public void A_line_is_as_long_as_it_may_be_and_not_longer()
    {
        var line = FeedText.Line(Ibuprofen, 3);

        Assert.Empty(Errors(Read(FeedText.Of(Header, line.PadRight(FeedReader.LongestLine)))));
        Assert.Equal([(2, "line-too-long")], Errors(Read(FeedText.Of(Header, line.PadRight(FeedReader.LongestLine + 1)))));
        using var reader = new FeedReader(Known.Contains, Now);
        reader.Take(FeedText.Of(Header.PadRight(FeedReader.LongestLine + 1)));
        Assert.Equal(FeedFault.BadHeader, reader.Fault);
    }

    [Theory]
    [InlineData("""{"cip13":"3400938358926","quantity":1}""")]
    [InlineData("x")]
    [InlineData("")]
    public void A_feed_has_as_many_lines_as_it_may_and_not_more(string line)
    {
        var most = FeedText.Of([Header, .. Enumerable.Repeat(line, FeedReader.MostLines)]);
        var feed = Read(most);
        Assert.Equal(line.Length > 0 ? FeedReader.MostLines : 0, feed.Accepted + feed.Rejected.Count);
        Assert.Equal(line == "x" ? RejectedLines.Most : 0, feed.Rejected.Listed.Count);

        using var reader = new FeedReader(Known.Contains, Now);
        Assert.True(reader.Take(most));
        Assert.False(reader.Take(FeedText.Of(line)));
        Assert.Equal((FeedFault.TooLarge, null), (reader.Fault, reader.Finish()));
    }

    [Fact]
    public void A_text_has_as_many_bytes_as_it_may_and_not_more()
    {
        var blank = FeedText.Of(Enumerable.Repeat(new string(' ', 1_023), 1_024));
        using var reader = new FeedReader(Known.Contains, Now);
        var header = FeedText.Of(Header);
        reader.Take(header);
        for (var sent = 0; sent < 63; sent++)
            Assert.True(reader.Take(blank));
        Assert.True(reader.Take(blank.AsSpan(header.Length)));
        Assert.False(reader.Take("\n"u8));

        Assert.Equal((FeedFault.TooLarge, null), (reader.Fault, reader.Finish()));
    }

    [Fact]
    public void Whatever_arrives_nothing_is_thrown_and_every_line_is_counted_once()
    {
        var seed = Campaign.Seed;
        var random = new Random(seed);
        var rounds = Campaign.Long ? 200_000 : 10_000;
        var (feeds, refused, rejected) = (0, 0, 0L);
        for (var round = 0; round < rounds; round++)
        {
            var text = Mutated(FeedText.Of(Mixed), random);
            using var reader = new FeedReader(Known.Contains, Now);
            for (var from = 0; from < text.Length;)
            {
                var length = Math.Min(text.Length - from, random.Next(1, 400));
                reader.Take(text.AsSpan(from, length));
                from += length;
            }
            var feed = reader.Finish();
            Assert.True((feed is null) == (reader.Fault is not null), $"seed {seed}, round {round}");
            if (feed is null)
            {
                refused++;
                continue;
            }
            feeds++;
            rejected += feed.Rejected.Count;
            var lines = Lines(text);
            Assert.True(feed.Accepted + feed.Rejected.Count == lines.Count(line => !IsBlank(line)) - 1, $"seed {seed}, round {round}");
            foreach (var (line, word) in Errors(feed))
                Assert.True(word != "invalid-json" ? IsObject(lines[line - 1]) : !IsObject(lines[line - 1]) || HasBrokenText(lines[line - 1]), $"seed {seed}, round {round}, line {line}: {word}");
        }
        output.WriteLine($"seed {seed}: {rounds} mutated feeds, {feeds} read with {rejected} lines rejected, {refused} refused");
        Assert.True(feeds > rounds / 10 && refused > rounds / 100, "The mutations leave one side untried.");
    }

    private static byte[] Mutated(byte[] text, Random random)
    {
        var bytes = text.ToList();
        for (var times = random.Next(1, 6); times > 0; times--)
        {
            // Most of them behind the header, without which nothing else is looked at.
            var at = random.Next(random.Next(5) == 0 ? 0 : Math.Min(Header.Length, bytes.Count - 1), bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(bytes.Count - at - 1, random.Next(20))); break;
                case 2: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(60)))); break;
                case 3: bytes[at] = "{}[]\",:\\\n\r 0-e"u8[random.Next(14)]; break;
                case 4: bytes.InsertRange(at, Encoding.UTF8.GetBytes(((string[])["\\ud83d", "null", "1e400", "\uFEFF", "\0", "\"lot\":", "{}", "\n\n"])[random.Next(8)])); break;
                default: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }
        return [.. bytes];
    }

    private static List<byte[]> Lines(byte[] text)
    {
        var lines = new List<byte[]>();
        for (var from = 0; from <= text.Length;)
        {
            var end = Array.IndexOf(text, (byte)'\n', from);
            lines.Add(text[from..(end < 0 ? text.Length : end)]);
            from = end < 0 ? text.Length + 1 : end + 1;
        }
        return lines;
    }

    private static bool IsBlank(byte[] line) => line.All(one => one is (byte)' ' or (byte)'\t' or (byte)'\r');

    private static bool IsObject(byte[] line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // What may stand in JSON and is no text all the same: half a surrogate pair, or bytes that are no UTF-8.
    private static bool HasBrokenText(byte[] line) => Encoding.UTF8.GetString(line).Contains("\\ud8", StringComparison.OrdinalIgnoreCase) || !System.Text.Unicode.Utf8.IsValid(line);

    private static StockFeed Read(params byte[][] pieces)
    {
        using var reader = new FeedReader(Known.Contains, Now);
        foreach (var piece in pieces)
            Assert.True(reader.Take(piece), $"{reader.Fault} {string.Join(' ', reader.Culprits)}");
        return reader.Finish() ?? throw new InvalidOperationException($"{reader.Fault}");
    }

    private static void AssertSame(StockFeed expected, StockFeed actual)
    {
        Assert.Equal((expected.Kind, expected.Seq, expected.TakenAt, expected.Fingerprint, expected.Accepted, expected.Rejected.Count), (actual.Kind, actual.Seq, actual.TakenAt, actual.Fingerprint, actual.Accepted, actual.Rejected.Count));
        Assert.Equal(expected.Lines.Packed, actual.Lines.Packed);
        Assert.Equal(expected.Rejected.Listed, actual.Rejected.Listed);
    }

    private static (int Line, string Word)[] Errors(StockFeed feed) => [.. feed.Rejected.Listed.Select(one => (one.Line, FeedErrors.WordOf(one.Error)))];

    private static (string, int)[] Boxes(StockFeed feed) => [.. PackedItems.Read(feed.Lines.Packed).All().Select(one => (one.Product.ToString(), one.Item.OnHand))];
}
