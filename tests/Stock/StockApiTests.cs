using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Realtime.Journal;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Tests.Stock;

/// <summary>A node of its own on a Monday morning, when many serve; on its journal the tests write levels as a pharmacy does.</summary>
public sealed class StockHost : IAsyncLifetime
{
    public RealtimeHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await RealtimeHost.Start(demo: true, start: Orders.OrderDesk.MondayTen);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

public sealed class StockApiTests(StockHost stock, ITestOutputHelper output) : IClassFixture<StockHost>
{
    private const string Nearest = "/api/v1/pharmacies/nearest?lat=48.8566&lon=2.3522&status=any";

    // Two of one generic group, neither of which everybody has.
    private static readonly Cip13 Original = Cip13.Parse("3400933156268");
    private static readonly Cip13 Generic = Cip13.Parse("3400941619359");

    private HttpClient Client => stock.Host.Client;

    private IJournal Journal => stock.Host.Services.GetRequiredService<IJournal>();

    [Fact]
    public async Task Everyone_who_is_nearest_has_all_that_is_asked_for_and_nobody_nearer_has()
    {
        var products = new[] { "3400938358926", Original.ToString(), Generic.ToString() };
        var all = await Items($"{Nearest}&k=50");
        var having = await Items($"{Nearest}&k=10&{string.Join('&', products.Select(p => $"product={p}"))}");

        Assert.Equal(10, having.Length);
        foreach (var item in having)
        {
            Assert.Equal(products, Stock(item).Select(s => s.Cip13));
            Assert.All(Stock(item), s => Assert.Contains(s.Level, new[] { "inStock", "low" }));
        }
        var expected = new List<string>();
        foreach (var item in all)
            if ((await LevelsOnPage(Id(item))) is var page && products.All(p => page.GetValueOrDefault(p) is "inStock" or "low"))
                expected.Add(Id(item));
        Assert.Equal(expected.Take(10), having.Select(Id));
        Assert.True(expected.Count < all.Length, "The question leaves nobody out.");
        Assert.All(all, item => Assert.Empty(Stock(item)));
    }

    [Fact]
    public async Task Status_service_and_distance_narrow_it_further()
    {
        var items = await Items($"/api/v1/pharmacies/nearest?lat=48.8566&lon=2.3522&k=50&status=serving&service=vaccination&maxDistance=3000&product={Original}");

        Assert.NotEmpty(items);
        Assert.All(items, item =>
        {
            Assert.Contains(item.GetProperty("status").GetProperty("state").GetString(), new[] { "open", "onCall" });
            Assert.Contains("vaccination", item.GetProperty("services").EnumerateArray().Select(s => s.GetString()));
            Assert.InRange(item.GetProperty("distance").GetInt32(), 0, 3000);
            Assert.Single(Stock(item));
        });
    }

    [Fact]
    public async Task An_item_with_stock_is_otherwise_the_same_item()
    {
        var with = (await Items($"{Nearest}&k=1&product=3400938358926")).Single();
        var without = (await Items($"{Nearest}&k=1")).Single();

        Assert.Equal(without.EnumerateObject().Select(m => m.Name), with.EnumerateObject().Select(m => m.Name));
        Assert.All(without.EnumerateObject().Where(m => m.Name != "stock"), m => Assert.Equal(m.Value.ToString(), with.GetProperty(m.Name).ToString()));
        Assert.Equal([("3400938358926", "inStock")], Stock(with));
    }

    [Fact]
    public async Task What_would_do_as_well_is_taken_and_named_where_equivalents_are_accepted_and_only_there()
    {
        var id = await NearestHaving(Original, 1);
        await Write(id, (Original, StockLevel.OutOfStock), (Generic, StockLevel.Low));
        var item = await Until(async () => (await Items($"{Nearest}&k=50&product={Original}&equivalents=true")).FirstOrDefault(i => Id(i) == id.Value && Stock(i).Length == 2));

        Assert.Equal([(Original.ToString(), "outOfStock"), (Generic.ToString(), "low")], Stock(item));
        Assert.DoesNotContain(await Items($"{Nearest}&k=50&product={Original}"), i => Id(i) == id.Value);
        Assert.Contains(await Items($"{Nearest}&k=50&product={Original}&product={Generic}&equivalents=true"), i => Id(i) == id.Value && Stock(i).Length == 2);
        Assert.DoesNotContain(await Items($"{Nearest}&k=50&product={Generic}&product=3400938358926&equivalents=true"), i => Id(i) == id.Value);
    }

    [Fact]
    public async Task A_level_that_crosses_is_seen_within_a_second()
    {
        var id = await NearestHaving(Generic, 2);
        await Write(id, (Generic, StockLevel.InStock));
        await Until(async () => (await LevelsOnPage(id.Value)).Count == 1 ? "" : null);
        var late = new List<double>();
        for (var round = 0; round < 10; round++)
        {
            var level = round % 2 == 0 ? StockLevel.OutOfStock : StockLevel.InStock;
            await Write(id, (Generic, level));
            var written = Stopwatch.GetTimestamp();
            await Until(async () => (await Items($"{Nearest}&k=50&product={Generic}")).Any(i => Id(i) == id.Value) == (level == StockLevel.InStock) ? "" : null);
            late.Add(Stopwatch.GetElapsedTime(written).TotalMilliseconds);
        }
        output.WriteLine($"a crossing is in the answer {late.Order().ElementAt(5):F0} ms after its acknowledgement, at worst {late.Max():F0} ms, the asking included");
        Assert.InRange(late.Max(), 0, 1_000);
    }

    [Fact]
    public async Task A_page_shows_every_level_that_is_known_by_code()
    {
        var page = await Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{DemoCountry.IdOf(9_999)}");

        Assert.Equal(DemoStock.Products.Order().Select(p => p.ToString()), Stock(page).Select(s => s.Cip13));
    }

    [Fact]
    public async Task A_product_that_no_catalogue_has_is_a_404()
    {
        using var answer = await Client.GetAsync($"{Nearest}&product=3400938358926&product=3400930000007");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("/problems/unknown-product", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task More_products_than_a_basket_has_lines_are_refused()
    {
        var codes = DemoStock.Products.Take(51).Select(p => $"product={p}").ToArray();
        using var most = await Client.GetAsync($"{Nearest}&{string.Join('&', codes[..50])}");
        using var more = await Client.GetAsync($"{Nearest}&{string.Join('&', codes)}");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (most.StatusCode, more.StatusCode));
        Assert.True((await more.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty("product", out _));
    }

    [Fact]
    public async Task After_a_start_levels_are_those_that_were_written()
    {
        var data = Directory.CreateTempSubdirectory("realtime-stock-").FullName;
        var id = DemoCountry.IdOf(5);
        await using (var host = await RealtimeHost.Start(demo: true, dataDirectory: data))
            await Write(host.Services.GetRequiredService<IJournal>(), id, (Generic, StockLevel.Low));
        await using (var host = await RealtimeHost.Start(demo: true, dataDirectory: data))
        {
            var page = await host.Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{id}");
            Assert.Equal([(Generic.ToString(), "low")], Stock(page));
            var at = $"lat={page.GetProperty("lat")}&lon={page.GetProperty("lon")}";
            Assert.Equal(id.Value, Id((await Items(host.Client, $"/api/v1/pharmacies/nearest?{at}&status=any&maxDistance=0&product={Generic}")).Single()));
            Assert.Empty(await Items(host.Client, $"/api/v1/pharmacies/nearest?{at}&status=any&maxDistance=0&product=3400938358926"));
        }
        Directory.Delete(data, recursive: true);
    }

    /// <summary>Writes a row that makes levels cross, with the pharmacy's public facts, as its grain does.</summary>
    internal static async Task Write(IJournal journal, PharmacyId id, params (Cip13 Product, StockLevel Level)[] levels)
    {
        var stream = StockStreams.Of(id);
        var before = await journal.Read(stream, 0);
        var payload = JsonSerializer.SerializeToUtf8Bytes(new { levels = levels.ToDictionary(one => one.Product.ToString(), one => LevelWords.Of(one.Level)) });
        var facts = new StockFacts(id, before.Count + 1, levels.ToDictionary(one => one.Product, one => one.Level));
        await journal.Append(new Append(stream, before.Count + 1, before.Count > 0 ? before[^1].Hash : default, Instant.FromUtc(2027, 1, 1, 0, 0), new JournalEvent("stock.counted", 1, "test", "test", payload), facts.Write()));
    }

    private Task Write(PharmacyId id, params (Cip13, StockLevel)[] levels) => Write(Journal, id, levels);

    // The n-th nearest, so that tests do not write about one another's.
    private async Task<PharmacyId> NearestHaving(Cip13 product, int n) => PharmacyId.Parse(Id((await Items($"{Nearest}&k=50&product={product}"))[n]));

    private Task<JsonElement[]> Items(string url) => Items(Client, url);

    internal static async Task<JsonElement[]> Items(HttpClient client, string url) => [.. (await client.GetFromJsonAsync<JsonElement>(url)).GetProperty("items").EnumerateArray()];

    private async Task<Dictionary<string, string>> LevelsOnPage(string id) =>
        Stock(await Client.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{id}")).ToDictionary(s => s.Cip13, s => s.Level);

    internal static string Id(JsonElement item) => item.GetProperty("id").GetString()!;

    private static (string Cip13, string Level)[] Stock(JsonElement item) =>
        [.. item.GetProperty("stock").EnumerateArray().Select(s => (s.GetProperty("cip13").GetString()!, s.GetProperty("level").GetString()!))];

    private static async Task<T> Until<T>(Func<Task<T>> happened)
    {
        for (var i = 0; i < 500; i++, await Task.Delay(5))
            if (await happened() is { } result && !Equals(result, default(T)))
                return result;
        Assert.Fail("It did not happen in time.");
        throw new UnreachableException();
    }
}
