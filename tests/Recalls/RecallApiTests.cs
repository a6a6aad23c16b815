using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Realtime.Products;
using Realtime.Tests.Counter;
using Realtime.Tests.Orders;

namespace Realtime.Tests.Recalls;

/// <summary>Recalls as operators and counters handle them, over HTTP and the counter's hub.</summary>
[Collection(nameof(RecallingHost))]
public sealed class RecallApiTests(OrderHost host)
{
    private const string Recalls = "/api/v1/recalls";
    private static int _lots;
    private readonly OrderDesk _desk = host.Desk;

    private IGrainFactory Grains => _desk.Host.Services.GetRequiredService<IGrainFactory>();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recall_bars_its_lots_flags_orders_reaches_the_counter_is_acknowledged_and_withdrawn(bool messagePack)
    {
        var (recalled, other) = (NextLot(), NextLot());
        var id = await Holding((recalled, 5), (other, 4));
        var order = await _desk.Place(id, _desk.Asks(2, OrderDesk.Suppository));
        await _desk.Act(order, "accept", null, 1).Expect(200);
        var before = (await _desk.Boxes(id, OrderDesk.Suppository)).Number("available");
        var (counter, _) = await Ear.AtCounter(_desk, id, messagePack, "preparer");
        await using var _ = counter;

        var declared = await Declare($" {recalled.ToLowerInvariant()} ");

        var recall = declared.Text("id")!;
        Assert.Equal([recalled], declared.GetProperty("lots").Texts());
        var told = await counter.Next("RecallReceived");
        Assert.Equal(["boxes", "cip13", "lots", "name", "orders", "recallId", "reference"], told.Names().Order(StringComparer.Ordinal));
        Assert.Equal((recall, "MED26/117", OrderDesk.Suppository, 5), (told.Text("recallId"), told.Text("reference"), told.Text("cip13"), told.Number("boxes")));
        Assert.Equal([order.Id], told.GetProperty("orders").Texts());
        Assert.Equal([recalled], told.GetProperty("lots").Texts());
        Assert.Equal(before - 5, (await _desk.Boxes(id, OrderDesk.Suppository)).Number("available"));
        await _desk.Act(order, "ready", null, 2).Expect(409);
        var here = Assert.Single((await AtCounter(id)).EnumerateArray());
        Assert.Equal((recall, 5, JsonValueKind.Null), (here.Text("recallId"), here.Number("boxes"), here.GetProperty("acknowledgedAt").ValueKind));
        var standing = await Standing(recall, answer => answer.GetProperty("spread").GetProperty("done").GetBoolean());
        Assert.Equal((1, 5, 0), (standing.Number("holders"), standing.Number("boxes"), standing.Number("acknowledged")));

        var seen = await Acknowledge(id, recall).Expect(200);
        Assert.Equal(recall, (await counter.Next("RecallAcknowledged")).Text("recallId"));
        Assert.Equal(seen.Text("acknowledgedAt"), (await Acknowledge(id, recall).Expect(200)).Text("acknowledgedAt"));
        Assert.Equal(seen.Text("acknowledgedAt"), (await AtCounter(id))[0].Text("acknowledgedAt"));
        standing = await Standing(recall, _ => true);
        // Others of the demo may have open orders of it, and boxes whose lot nobody told.
        var mine = Assert.Single(standing.GetProperty("pharmacies").EnumerateArray(), one => one.Text("id") == id);
        Assert.Equal((1, 1, 5), (standing.Number("acknowledged"), mine.Number("orders"), mine.Number("boxes")));

        var withdrawn = await Operator(HttpMethod.Post, $"{Recalls}/{recall}/withdraw", new { reason = "erreur de lot" }).Expect(200);
        Assert.Equal("erreur de lot", withdrawn.Text("withdrawnFor"));
        Assert.Equal(recall, (await counter.Next("RecallWithdrawn")).Text("recallId"));
        Assert.Equal(before, (await _desk.Boxes(id, OrderDesk.Suppository)).Number("available"));
        Assert.Empty((await AtCounter(id)).EnumerateArray());
        await _desk.Act(order, "ready", null, 2).Expect(200);
    }

    [Fact]
    public async Task Boxes_that_come_after_a_recall_are_barred_and_counted_too()
    {
        var (recalled, good) = (NextLot(), NextLot());
        var recall = (await Declare(recalled)).Text("id")!;
        await Standing(recall, answer => answer.GetProperty("spread").GetProperty("done").GetBoolean());

        var id = await Holding((recalled, 3), (good, 2));

        Assert.Equal(1, (await _desk.Boxes(id, OrderDesk.Suppository)).Number("available"));
        var standing = await Standing(recall, answer => answer.Number("holders") == 1);
        Assert.Equal(3, standing.Number("boxes"));
    }

    [Fact]
    public async Task A_counter_that_holds_nothing_of_it_has_nothing_to_acknowledge()
    {
        var id = await Holding((NextLot(), 4));
        var recall = (await Declare(NextLot())).Text("id")!;

        Assert.Empty((await AtCounter(id)).EnumerateArray());
        await Answers.RefusedInBoth(language => Acknowledge(id, recall, language), 404, "unknown-recall");
        await Answers.RefusedInBoth(language => Acknowledge(id, "nothing", language), 404, "unknown-recall");
        await Answers.RefusedInBoth(language => Operator(HttpMethod.Get, $"{Recalls}/nothing", null, language: language), 404, "unknown-recall");
        Assert.Equal(4 - 1, (await _desk.Boxes(id, OrderDesk.Suppository)).Number("available"));
    }

    [Fact]
    public async Task The_same_request_is_one_recall_and_another_under_its_key_is_none()
    {
        var (lot, key) = (NextLot(), _desk.NextKey());
        using var first = await Operator(HttpMethod.Post, Recalls, Body(lot), key);
        using var again = await Operator(HttpMethod.Post, Recalls, Body(lot), key);
        Assert.Equal((201, 201), ((int)first.StatusCode, (int)again.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal((false, true), (first.Headers.Contains("Idempotency-Replayed"), again.Headers.Contains("Idempotency-Replayed")));
        await Answers.RefusedInBoth(language => Operator(HttpMethod.Post, Recalls, Body(NextLot()), key, language), 422, "key-reused");

        var withdraw = $"{first.Headers.Location}/withdraw";
        var back = _desk.NextKey();
        await Operator(HttpMethod.Post, withdraw, new { reason = "a" }, back).Expect(200);
        await Operator(HttpMethod.Post, withdraw, new { reason = "a" }, back).Expect(200);
        await Answers.RefusedInBoth(language => Operator(HttpMethod.Post, withdraw, new { reason = "b" }, back, language), 422, "key-reused");
        await Answers.RefusedInBoth(language => Operator(HttpMethod.Post, withdraw, new { reason = "a" }, _desk.NextKey(), language), 409, "recall-withdrawn");
    }

    [Fact]
    public async Task What_is_wrong_with_a_recall_is_named_by_its_place()
    {
        var wrong = new { reference = "", cip13 = "3400938358927", lots = new[] { "A", "", "x\u0007", new string('L', 21), "B" }, source = "a\nb" };
        var problem = await Answers.RefusedInBoth(language => Operator(HttpMethod.Post, Recalls, wrong, language: language), 400, "invalid-request", "errors");
        Assert.Equal(["$.cip13", "$.lots[1]", "$.lots[2]", "$.lots[3]", "$.reference", "$.source"], problem.GetProperty("errors").Names().Order(StringComparer.Ordinal));
        foreach (var lots in new[] { [], Enumerable.Range(0, 101).Select(i => $"L{i}").ToArray() })
        {
            problem = await Answers.RefusedInBoth(language => Operator(HttpMethod.Post, Recalls, Body(lots), language: language), 400, "invalid-request", "errors");
            Assert.Equal(["$.lots"], problem.GetProperty("errors").Names());
        }
        await Answers.RefusedInBoth(language => Operator(HttpMethod.Post, Recalls, new { reference = "a", cip13 = Cip13.OfPlace(340_090_000_000).ToString(), lots = new[] { "A" }, source = "a" }, language: language), 404, "unknown-product");
        await Operator(HttpMethod.Get, $"{Recalls}?cursor=nothing", null).Expect(400);
        await Operator(HttpMethod.Get, $"{Recalls}?since=1", null).Expect(400);
    }

    [Fact]
    public async Task Recalls_are_listed_the_newest_first_page_by_page()
    {
        var declared = new List<string>();
        for (var i = 0; i < 3; i++)
            declared.Add((await Declare(NextLot())).Text("id")!);

        var (listed, cursor) = (new List<string>(), "");
        do
        {
            var page = await Operator(HttpMethod.Get, $"{Recalls}?limit=2{cursor}", null).Expect(200);
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.Text("id")!));
            cursor = page.Text("cursor") is { } next ? $"&cursor={next}" : "";
        }
        while (cursor.Length > 0);

        Assert.Equal(listed.Distinct(), listed);
        Assert.Equal(Enumerable.Reverse(declared), listed.Where(declared.Contains));
    }

    private static string NextLot() => $"LOT{Interlocked.Increment(ref _lots)}";

    private static object Body(params string[] lots) => new { reference = "MED26/117", cip13 = OrderDesk.Suppository, lots, source = "ANSM" };

    /// <summary>A pharmacy whose software says that it has these boxes of one product, of which it promises all but one.</summary>
    private async Task<string> Holding(params (string Lot, int Boxes)[] lots)
    {
        var id = await _desk.ByDay();
        await Grains.Feed(id, _desk.Now, [.. lots.Select(lot => (Cip13.Parse(OrderDesk.Suppository), lot.Boxes, (string?)lot.Lot))]);
        return id;
    }

    private async Task<JsonElement> Declare(string lot) => await Operator(HttpMethod.Post, Recalls, Body(lot)).Expect(201);

    private async Task<HttpResponseMessage> Operator(HttpMethod method, string path, object? body, string? key = null, string? language = null) =>
        await _desk.Send(method, path, await _desk.Token("operator"), body, key, language);

    private async Task<HttpResponseMessage> Acknowledge(string pharmacy, string recall, string? language = null) =>
        await _desk.Send(HttpMethod.Post, $"/api/v1/counter/{pharmacy}/recalls/{recall}/acknowledge", await _desk.Token($"preparer:{pharmacy}"), language: language);

    private async Task<JsonElement> AtCounter(string pharmacy) => (await _desk.Change(HttpMethod.Get, pharmacy, "recalls", null, null).Expect(200)).GetProperty("items");

    private async Task<JsonElement> Standing(string recall, Func<JsonElement, bool> awaited)
    {
        for (var started = TimeProvider.System.GetTimestamp(); ; await Task.Delay(20))
            if (await Operator(HttpMethod.Get, $"{Recalls}/{recall}", null).Expect(200) is var answer && awaited(answer))
                return answer;
            else
                Assert.True(TimeProvider.System.GetElapsedTime(started) < OrderDesk.Patience, $"The recall does not come so far: {answer}");
    }
}
