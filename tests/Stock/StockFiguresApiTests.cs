using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;
using Realtime.Tests.Counter;
using Realtime.Tests.Identity;

namespace Realtime.Tests.Stock;

/// <summary>A node whose clock stands still and goes on by weeks, with one pharmacy that its software has fed for four of them.</summary>
public sealed class FedForWeeks : IAsyncLifetime
{
    internal static readonly Cip13 Quick = Cip13.Parse("3400938358926"), Still = Cip13.Parse("3400936251892"), Ageing = Cip13.Parse("3400933156268"), Gone = Cip13.Parse("3400941619359");

    // A Monday, ten in the morning in Paris.
    private static readonly Instant First = Instant.FromUtc(2026, 9, 7, 8, 0);

    public RealtimeHost Host { get; private set; } = null!;

    public string Fed { get; } = DemoCountry.IdOf(100).Value;

    public string NeverFed { get; } = DemoCountry.IdOf(101).Value;

    public async ValueTask InitializeAsync()
    {
        Host = await RealtimeHost.Start(demo: true, start: First, stands: true);
        await Feed(1, 0, (Quick, 10, "L1", new(2026, 11, 3)), (Quick, 20, "L2", new(2027, 6, 30)), (Still, 12, null, null), (Ageing, 3, "OLD", new(2026, 9, 30)), (Ageing, 2, "NEW", new(2026, 12, 1)), (Gone, 4, null, null));
        await Feed(2, 14, (Quick, 16, "L2", new(2027, 6, 30)), (Still, 12, null, null), (Ageing, 3, "OLD", new(2026, 9, 30)), (Ageing, 2, "NEW", new(2026, 12, 1)), (Gone, 4, null, null));
        await Feed(3, 28, (Quick, 2, "L1", new(2026, 11, 3)), (Still, 12, null, null), (Ageing, 3, "OLD", new(2026, 9, 30)), (Ageing, 2, "NEW", new(2026, 12, 1)), (Gone, 0, null, null));
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    private async Task Feed(int seq, int days, params (Cip13 Product, int Boxes, string? Lot, LocalDate? Expiry)[] lines)
    {
        var now = First + Duration.FromDays(days);
        Host.Time.Stop(now);
        var set = new FeedSet.Builder();
        foreach (var line in lines)
            set.Add(line.Product, line.Boxes, line.Lot, line.Expiry);
        var answer = await Host.Services.GetRequiredService<IGrainFactory>().GetGrain<IStockGrain>(Fed)
            .Feed(new(FeedKind.Snapshot, seq, now, seq.ToString(CultureInfo.InvariantCulture), set.Build(), lines.Length, RejectedLines.None), "software");
        Assert.Null(answer.Refusal);
    }
}

public sealed class StockFiguresApiTests(FedForWeeks weeks) : IClassFixture<FedForWeeks>
{
    [Fact]
    public async Task The_counter_reads_how_long_each_product_will_last()
    {
        var items = (await Get(weeks.Fed, "stock?sort=daysOfStock&limit=4")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal([$"{FedForWeeks.Gone}", $"{FedForWeeks.Quick}"], items.Take(2).Select(Code));
        var quick = items[1];
        // 28 boxes left in 28 days, 2 are there.
        Assert.Equal((2, 2.0, 7.0, false), (quick.GetProperty("quantity").GetInt32(), Tenths(quick, "daysOfStock"), Tenths(quick, "perWeek"), quick.GetProperty("slow").GetBoolean()));
        Assert.Equal("[0,0,14,0,14]", quick.GetProperty("left").GetRawText());
        Assert.Equal("""[{"code":"L1","expiry":"2026-11-03","boxes":2,"expired":false}]""", quick.GetProperty("lots").GetRawText());
        Assert.Equal((0, 0.0, "outOfStock"), (items[0].GetProperty("quantity").GetInt32(), Tenths(items[0], "daysOfStock"), items[0].GetProperty("level").GetString()));
        var still = (await Get(weeks.Fed, $"stock?q={FedForWeeks.Still}")).GetProperty("items").EnumerateArray().Single();
        Assert.Equal(JsonValueKind.Null, still.GetProperty("daysOfStock").ValueKind);
        Assert.Equal(12, still.GetProperty("quantity").GetInt32());
    }

    [Theory]
    [InlineData("filter=short", "3400941619359")]
    [InlineData("filter=expired", "3400933156268")]
    [InlineData("filter=expiring30&sort=expiry", "3400938358926")]
    [InlineData("filter=expiring60&sort=expiry", "3400933156268 3400938358926")]
    [InlineData("filter=expiring90&sort=expiry&order=desc", "3400938358926 3400933156268")]
    [InlineData("filter=slow", "")]
    [InlineData("q=new", "3400933156268")]
    [InlineData("q=%5Dd20103400938358926", "3400938358926")]
    [InlineData("q=zzzz", "")]
    public async Task A_list_holds_what_was_asked_for(string query, string expected)
    {
        var page = await Get(weeks.Fed, $"stock?{query}");
        Assert.Equal(expected, string.Join(' ', page.GetProperty("items").EnumerateArray().Select(Code)));
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, page.GetProperty("total").GetInt32());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("cursor").ValueKind);
    }

    [Fact]
    public async Task Pages_follow_each_other_by_cursor()
    {
        var whole = await Get(weeks.NeverFed, "stock?limit=500");
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await Get(weeks.NeverFed, $"stock?limit=20{cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(Code));
            cursor = page.GetProperty("cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);
        Assert.Equal(whole.GetProperty("items").EnumerateArray().Select(Code), seen);
        Assert.True(seen.Count > 40);
    }

    [Fact]
    public async Task The_shelves_together_are_told_in_figures()
    {
        var figures = await Get(weeks.Fed, "stock/figures");
        Assert.Equal((28, "2026-09-07T10:00:00+02:00"), (figures.GetProperty("observedDays").GetInt32(), figures.GetProperty("observedSince").GetString()));
        Assert.Equal((3, true), (figures.GetProperty("fed").GetProperty("seq").GetInt32(), figures.GetProperty("fed").GetProperty("fresh").GetBoolean()));
        Assert.Equal((3, 19, 7), (figures.GetProperty("products").GetInt32(), figures.GetProperty("boxes").GetInt32(), figures.GetProperty("datedBoxes").GetInt32()));
        // 16 boxes may be handed out; 28 + 4 left in 28 days.
        Assert.Equal((14.0, 40), (Tenths(figures.GetProperty("rotation"), "days"), figures.GetProperty("rotation").GetProperty("tradeMeanDays").GetInt32()));
        Assert.Equal("2026-09-07 0, 2026-09-14 0, 2026-09-21 14, 2026-09-28 0, 2026-10-05 18",
            string.Join(", ", figures.GetProperty("weeks").EnumerateArray().Select(week => $"{week.GetProperty("from").GetString()} {week.GetProperty("boxes").GetInt32()}")));
        Assert.Equal(1, figures.GetProperty("outOfStock").GetInt32());
        Assert.Equal((0, 3, 1, 1), Expiring(figures.GetProperty("expired")));
        Assert.Equal([(30, 2, 1, 1), (60, 4, 2, 2), (90, 4, 2, 2)], figures.GetProperty("expiring").EnumerateArray().Select(Expiring));
    }

    [Fact]
    public async Task Of_shelves_that_nobody_has_spoken_of_no_mean_is_told()
    {
        var figures = await Get(weeks.NeverFed, "stock/figures");
        Assert.Equal((0, JsonValueKind.Null, JsonValueKind.Null), (figures.GetProperty("observedDays").GetInt32(), figures.GetProperty("observedSince").ValueKind, figures.GetProperty("fed").ValueKind));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (figures.GetProperty("rotation").GetProperty("days").ValueKind, figures.GetProperty("slow").ValueKind));
        Assert.True(figures.GetProperty("boxes").GetInt32() > 100);
    }

    [Theory]
    [InlineData("stock?sort=price", "sort")]
    [InlineData("stock?filter=expiring120", "filter")]
    [InlineData("stock?limit=501", "limit")]
    [InlineData("stock?cursor=nonsense", "cursor")]
    [InlineData("stock?cursor=-1.3400938358926", "cursor")]
    [InlineData("stock?page=2", "page")]
    [InlineData("stock/figures?at=now", "at")]
    public async Task What_no_such_list_knows_is_refused_by_name(string act, string culprit) => await Call(weeks.Fed, weeks.Fed, act).Refuse(400, "invalid-request", culprit);

    [Fact]
    public async Task Nobody_reads_the_shelves_of_another_pharmacy()
    {
        await Call(weeks.NeverFed, weeks.Fed, "stock").Expect(403);
        await Call(weeks.NeverFed, weeks.Fed, "stock/figures").Expect(403);
    }

    private Task<JsonElement> Get(string pharmacy, string act) => Call(pharmacy, pharmacy, act).Expect(200);

    private async Task<HttpResponseMessage> Call(string staffOf, string pharmacy, string act)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/counter/{pharmacy}/{act}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await weeks.Host.Client.Token($"staff:{staffOf}"));
        return await weeks.Host.Client.SendAsync(request);
    }

    private static string Code(JsonElement item) => item.GetProperty("cip13").GetString()!;

    private static double Tenths(JsonElement item, string member) => item.GetProperty(member).GetDouble();

    private static (int Days, int Boxes, int Lots, int Products) Expiring(JsonElement one) =>
        (one.GetProperty("days").GetInt32(), one.GetProperty("boxes").GetInt32(), one.GetProperty("lots").GetInt32(), one.GetProperty("products").GetInt32());
}
