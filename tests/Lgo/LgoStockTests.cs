using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Realtime.Pharmacies;
using Realtime.Tests.Counter;
using Realtime.Tests.Orders;
using Realtime.Web.Lgo;

namespace Realtime.Tests.Lgo;

/// <summary>Stock in, over HTTP.</summary>
[Collection(nameof(OrderHost))]
public sealed class LgoStockTests(OrderHost orders)
{
    private const string Ibuprofen = OrderDesk.Ibuprofen, Suppository = OrderDesk.Suppository;
    private readonly OrderDesk _desk = orders.Desk;

    [Theory]
    [InlineData(null)]
    [InlineData("identity")]
    [InlineData("gzip")]
    [InlineData("GZip")]
    public async Task A_snapshot_is_taken_and_shows_at_the_counter(string? coding)
    {
        var id = await _desk.ByDay();
        var before = (await _desk.Boxes(id, Suppository)).Number("quantity");
        var text = FeedText.Of(FeedText.Header(_desk.Now), FeedText.Line(Ibuprofen, 7), FeedText.Line(Ibuprofen, 2, "A1", "2027-05"), "", FeedText.Line("3400938358927", 1), FeedText.Line(Suppository, -1));
        var answer = await _desk.Send(id, coding?.ToUpperInvariant() == "GZIP" ? FeedText.Zipped(text) : text, coding).Expect(200);

        Assert.Equal("""{"seq":1,"accepted":2,"rejectedCount":2,"rejected":[{"line":5,"error":"invalid-cip13"},{"line":6,"error":"invalid-quantity"}]}""", answer.GetRawText());
        // Of the suppositories the only line was wrong: they are as they were.
        Assert.Equal((9, before), ((await _desk.Boxes(id, Ibuprofen)).Number("quantity"), (await _desk.Boxes(id, Suppository)).Number("quantity")));
    }

    [Fact]
    public async Task Where_the_feed_stands_is_told()
    {
        var id = await _desk.ByDay();
        var none = await _desk.Standing(id);
        Assert.Equal(["seq", "takenAt", "freshUntil", "fresh", "products"], none.Names());
        Assert.Equal((0, JsonValueKind.Null, JsonValueKind.Null, false), (none.Number("seq"), none.GetProperty("takenAt").ValueKind, none.GetProperty("freshUntil").ValueKind, none.GetProperty("fresh").GetBoolean()));

        await _desk.Feed(id, 1, FeedText.Line(Ibuprofen, 7)).Expect(200);
        var one = await _desk.Standing(id);
        Assert.Equal((1, true), (one.Number("seq"), one.GetProperty("fresh").GetBoolean()));
        Assert.EndsWith("+01:00", one.Text("freshUntil"), StringComparison.Ordinal);
        Assert.Equal(Duration.FromHours(2), one.Moment("freshUntil") - one.Moment("takenAt"));
    }

    [Fact]
    public async Task The_same_again_is_answered_byte_for_byte_and_another_of_the_same_number_is_refused()
    {
        var id = await _desk.ByDay();
        var text = FeedText.Of(FeedText.Header(_desk.Now), FeedText.Line(Ibuprofen, 7), "x");
        using var first = await _desk.Send(id, text);
        using var again = await _desk.Send(id, FeedText.Zipped(text), "gzip");

        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
        await Answers.RefusedInBoth(language => _desk.Send(id, [.. text, (byte)'\n'], language: language), 409, "sequence-reused");
        Assert.Equal(1, (await _desk.Standing(id)).Number("seq"));
    }

    [Fact]
    public async Task A_number_that_is_not_the_next_is_refused_with_the_last()
    {
        var id = await _desk.ByDay();
        Assert.Equal(0, (await Gap(2)).Number("last"));
        await _desk.Feed(id, 1, FeedText.Line(Ibuprofen, 7)).Expect(200);
        await _desk.Feed(id, 2, FeedText.Line(Ibuprofen, 8)).Expect(200);
        Assert.Equal(2, (await Gap(1)).Number("last"));
        Assert.Equal(2, (await Gap(4)).Number("last"));
        Assert.Equal(2, (await Gap(long.MaxValue)).Number("last"));
        Assert.Equal(8, (await _desk.Boxes(id, Ibuprofen)).Number("quantity"));

        Task<JsonElement> Gap(long seq) => Answers.RefusedInBoth(language => _desk.Send(id, FeedText.Of(FeedText.Header(_desk.Now, seq), FeedText.Line(Ibuprofen, 1)), language: language), 409, "sequence-gap", "last");
    }

    [Fact]
    public async Task Of_two_connectors_that_send_the_same_number_at_once_one_is_taken()
    {
        var id = await _desk.ByDay();
        for (var seq = 1; seq <= 5; seq++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(1, 1 + FeedGate.MostWaitingOfOne).Select(boxes => _desk.Feed(id, seq, FeedText.Line(Ibuprofen, boxes))));

            Assert.Single(answers, answer => (int)answer.StatusCode == 200);
            foreach (var answer in answers.Where(answer => !answer.IsSuccessStatusCode))
                await Task.FromResult(answer).Refuse(409, "sequence-reused");
            Assert.Equal(seq, (await _desk.Standing(id)).Number("seq"));
        }
    }

    [Fact]
    public async Task A_feed_that_was_cut_or_damaged_is_refused_and_nothing_of_it_taken()
    {
        var id = await _desk.ByDay();
        await _desk.Feed(id, 1, FeedText.Line(Ibuprofen, 7)).Expect(200);
        var zipped = FeedText.Zipped(FeedText.Of([FeedText.Header(_desk.Now, 2), .. Enumerable.Range(0, 2_000).Select(i => FeedText.Line(Ibuprofen, i % 5, $"L{i * 7919 % 1000}"))]));

        foreach (var cut in (int[])[1, 9, 10, 11, zipped.Length / 3, zipped.Length / 2, zipped.Length - 9, zipped.Length - 8, zipped.Length - 4, zipped.Length - 1])
            await _desk.Send(id, zipped[..cut], "gzip").Refuse(400, "truncated");
        foreach (var place in (int[])[0, 1, 2, zipped.Length / 3, zipped.Length / 2, zipped.Length - 8, zipped.Length - 1])
            await _desk.Send(id, [.. zipped[..place], (byte)(zipped[place] ^ 1), .. zipped[(place + 1)..]], "gzip").Refuse(400, "truncated");
        await _desk.Send(id, FeedText.Of(FeedText.Header(_desk.Now, 2)), "gzip").Refuse(400, "truncated");
        await _desk.Send(id, [], "gzip").Refuse(400, "invalid-request", "$");
        await Answers.RefusedInBoth(language => _desk.Send(id, zipped[..^1], "gzip", language: language), 400, "truncated");
        Assert.Equal((1, 7), ((await _desk.Standing(id)).Number("seq"), (await _desk.Boxes(id, Ibuprofen)).Number("quantity")));

        await _desk.Send(id, zipped, "gzip").Expect(200);
        Assert.Equal(2, (await _desk.Standing(id)).Number("seq"));
    }

    // Whoever is cut off may be answered before, or not at all.
    private static async Task<string> Heard(NetworkStream stream)
    {
        using var reader = new StreamReader(stream);
        try
        {
            return await reader.ReadToEndAsync().WaitAsync(OrderDesk.Patience);
        }
        catch (IOException cut) when (cut.InnerException is SocketException)
        {
            return "";
        }
    }

    [Fact]
    public async Task A_body_that_does_not_come_to_its_end_leaves_nothing()
    {
        var id = await _desk.ByDay();
        var text = FeedText.Of(FeedText.Header(_desk.Now), FeedText.Line(Ibuprofen, 7));
        var head = $"POST /api/v1/lgo/{id}/stock HTTP/1.1\r\nHost: {_desk.Client.BaseAddress!.Authority}\r\nAuthorization: Bearer {await _desk.Token($"lgo:{id}")}\r\nContent-Type: application/x-ndjson\r\n";
        foreach (var (length, body) in new (string, byte[])[]
        {
            ($"Content-Length: {text.Length + 10}\r\n\r\n", text),
            ("Transfer-Encoding: chunked\r\n\r\n", [.. Encoding.ASCII.GetBytes($"{text.Length:X}\r\n"), .. text, .. "\r\n"u8]),
            ("Transfer-Encoding: chunked\r\n\r\n", [.. Encoding.ASCII.GetBytes($"{text.Length:X}\r\n"), .. text, .. "\r\nx\r\n"u8]),
        })
        {
            using var caller = new TcpClient("127.0.0.1", _desk.Client.BaseAddress.Port);
            var stream = caller.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head + length));
            await stream.WriteAsync(body);
            caller.Client.Shutdown(SocketShutdown.Send);
            Assert.DoesNotContain("HTTP/1.1 200", await Heard(stream), StringComparison.Ordinal);
        }
        // Whoever comes next is not kept waiting by those who are gone.
        await _desk.Feed(id, 1, FeedText.Line(Ibuprofen, 7)).Expect(200);
    }

    [Fact]
    public async Task A_bomb_is_refused_and_nothing_of_it_taken()
    {
        var id = await _desk.ByDay();
        var start = FeedText.Of(FeedText.Header(_desk.Now), FeedText.Line(Ibuprofen, 7));
        var filler = new byte[FeedReader.MostBytes - start.Length + 1];
        Array.Fill(filler, (byte)' ');
        var bomb = FeedText.Zipped([.. start, .. filler]);
        var lines = FeedText.Zipped([.. start, .. Enumerable.Repeat((byte)'\n', FeedReader.MostLines)]);

        Assert.InRange(bomb.Length, 0, 128 * 1024);
        await Answers.RefusedInBoth(language => _desk.Send(id, bomb, "gzip", language: language), 413, "too-large");
        await _desk.Send(id, lines, "gzip").Refuse(413, "too-large");
        Assert.Equal(0, (await _desk.Standing(id)).Number("seq"));
    }

    [Fact]
    public async Task More_than_16_megabytes_on_the_wire_are_refused()
    {
        var id = await _desk.ByDay();
        var body = new byte[FeedBody.MostBytes + 1];
        Array.Fill(body, (byte)' ');
        // Who asks first is told before it sends.
        using var answer = await _desk.Send(id, body, asksFirst: true);

        Assert.Equal(413, (int)answer.StatusCode);
        Assert.Equal("/problems/too-large", (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("type"));
    }

    [Fact]
    public async Task A_line_of_ten_megabytes_is_refused_alone()
    {
        var id = await _desk.ByDay();
        var answer = await _desk.Feed(id, 1, FeedText.Line(Ibuprofen, 7), new string('x', 10_000_000), FeedText.Line(Suppository, 3)).Expect(200);

        Assert.Equal("""{"seq":1,"accepted":2,"rejectedCount":1,"rejected":[{"line":3,"error":"line-too-long"}]}""", answer.GetRawText());
        Assert.Equal((7, 3), ((await _desk.Boxes(id, Ibuprofen)).Number("quantity"), (await _desk.Boxes(id, Suppository)).Number("quantity")));
    }

    [Fact]
    public async Task Rejected_lines_are_all_counted_and_the_first_2_000_listed()
    {
        var id = await _desk.ByDay();
        var answer = await _desk.Feed(id, 1, [.. Enumerable.Repeat("x", 3_000), FeedText.Line(Ibuprofen, 7)]).Expect(200);

        Assert.Equal((1, 3_000, 2_000), (answer.Number("accepted"), answer.Number("rejectedCount"), answer.GetProperty("rejected").GetArrayLength()));
        Assert.Equal(2_001, answer.GetProperty("rejected")[1_999].Number("line"));
    }

    [Theory]
    [InlineData("""{"kind":"snapshot","seq":1}""", "$.takenAt")]
    [InlineData("""{"kind":"snapshot","seq":1,"takenAt":"NOW","by":1}""", "$.by")]
    [InlineData("""{"kind":"all","seq":0,"takenAt":"NOW"}""", "$.kind", "$.seq")]
    [InlineData("""{"cip13":"3400938358926","quantity":1}""", "$.cip13", "$.quantity", "$.kind", "$.seq", "$.takenAt")]
    [InlineData("", "$")]
    [InlineData("""{"kind":"x","kind":"snapshot","seq":1,"takenAt":"NOW"}""", "$.kind")]
    [InlineData("""{"kind":"snapshot","seq":1,"takenAt":"NOW","x":1,"x":2}""", "$.x")]
    [InlineData("""{"kind":"snapshot","seq":1,"seq":1,"seq":2,"takenAt":"NOW"}""", "$.seq")]
    [InlineData("""{"kind":"snapshot","seq":1,"takenAt":"NOW","nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn":1,"mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm":1}""", "$.…")]
    public async Task A_feed_without_a_header_is_refused_and_every_culprit_named(string header, params string[] culprits)
    {
        var id = await _desk.ByDay();
        var text = FeedText.Of(header.Replace("NOW", $"{_desk.Now}", StringComparison.Ordinal));
        var problem = await Answers.RefusedInBoth(language => _desk.Send(id, text, language: language), 400, "invalid-request", "errors");

        Assert.Equal(culprits, problem.GetProperty("errors").Names());
    }

    [Fact]
    public async Task A_feed_is_neither_of_tomorrow_nor_of_last_week()
    {
        var id = await _desk.ByDay();
        foreach (var takenAt in (Instant[])[_desk.Now + Duration.FromMinutes(6), _desk.Now - Duration.FromDays(7) - Duration.FromMinutes(1)])
            await _desk.Send(id, FeedText.Of(FeedText.Header(takenAt), FeedText.Line(Ibuprofen, 7))).Refuse(400, "invalid-request", "$.takenAt");
        await _desk.Send(id, FeedText.Of(FeedText.Header(_desk.Now + Duration.FromMinutes(4)), FeedText.Line(Ibuprofen, 7))).Expect(200);
    }

    [Theory]
    [InlineData("application/json", null)]
    [InlineData("text/csv", null)]
    [InlineData(null, null)]
    [InlineData("application/x-ndjson; charset=utf-16", null)]
    [InlineData("application/x-ndjson", "br")]
    [InlineData("application/x-ndjson", "gzip, gzip")]
    public async Task Another_form_of_body_is_refused_with_what_is_taken(string? type, string? coding)
    {
        var id = await _desk.ByDay();
        var text = FeedText.Of(FeedText.Header(_desk.Now), FeedText.Line(Ibuprofen, 7));
        await Answers.RefusedInBoth(language => _desk.Send(id, text, coding, type, language: language), 415, "unsupported-media-type");
        if (coding is not null)
        {
            using var answer = await _desk.Send(id, text, coding, type);
            Assert.Equal("gzip, identity", string.Join(", ", answer.Headers.GetValues("Accept-Encoding")));
        }
        Assert.Equal(0, (await _desk.Standing(id)).Number("seq"));
    }

    [Fact]
    public async Task Nobody_but_the_pharmacys_own_software_feeds_its_stock()
    {
        var (id, other) = (await _desk.ByDay(), _desk.NextPharmacy());
        var text = FeedText.Of(FeedText.Header(_desk.Now), FeedText.Line(Ibuprofen, 7));

        await _desk.Send(id, text, scope: "").Refuse(401, "unauthenticated");
        foreach (var scope in (string[])[$"lgo:{other}", $"staff:{id}", $"titulaire:{id}", "operator"])
            await _desk.Send(id, text, scope: scope).Refuse(403, "forbidden");
        await _desk.Send("750020927", text).Refuse(404, "unknown-pharmacy");
        await _desk.Send(id, text, query: "?dryRun=true").Refuse(400, "invalid-request", "dryRun");
        await _desk.Ask(id, "stock?x=1").Refuse(400, "invalid-request", "x");
        Assert.Equal(0, (await _desk.Standing(id)).Number("seq"));
    }

    [Fact]
    public async Task A_connector_that_calls_again_and_again_is_told_to_come_back()
    {
        var (id, gate) = (await _desk.ByDay(), _desk.Host.Services.GetRequiredService<FeedGate>());
        var pharmacy = PharmacyId.Parse(id);
        using (await gate.Enter(pharmacy, CancellationToken.None).AsTask())
        {
            using var gone = new CancellationTokenSource();
            var waiting = Enumerable.Range(0, FeedGate.MostWaitingOfOne).Select(_ => gate.Enter(pharmacy, gone.Token)).ToArray();
            using var answer = await _desk.Feed(id, 1, FeedText.Line(Ibuprofen, 7));

            Assert.NotNull(answer.Headers.RetryAfter?.Delta);
            await Task.FromResult(answer).Refuse(503, "overloaded");
            await gone.CancelAsync();
            await Task.WhenAll(waiting);
        }
        await _desk.Feed(id, 1, FeedText.Line(Ibuprofen, 7)).Expect(200);
    }

    [Fact]
    public async Task Many_that_come_at_once_have_their_turn()
    {
        var ids = Enumerable.Range(0, 40).Select(_ => _desk.NextPharmacy()).ToArray();
        var answers = await Task.WhenAll(ids.Select(id => _desk.Feed(id, 1, Enumerable.Range(0, 500).Select(i => FeedText.Line(Ibuprofen, 1, $"L{i}"))).Expect(200)));

        Assert.All(answers, answer => Assert.Equal(500, answer.Number("accepted")));
    }
}
