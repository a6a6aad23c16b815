using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using static Microsoft.Playwright.Assertions;

namespace Realtime.Tests.Browser;

/// <summary>What the patient's pages may cost: bytes of script, the time to the first list on a slow phone, and nothing that moves while one reads.</summary>
[Collection(nameof(Edge.DemoHost))]
public sealed class BudgetTests(Edge.DemoHost demo, ChromiumFixture chromium, ITestOutputHelper output) : IClassFixture<ChromiumFixture>
{
    // 1.6 Mbit/s, with the round trip that goes with it, and a processor four times as slow.
    private const double BytesPerSecond = 1.6e6 / 8;
    private const int RoundTripMs = 150, Slowdown = 4;

    private const int MostScript = 60_000, MostMilliseconds = 1_500;
    private const int Tries = 5;

    // The first moment at which something of that kind stands there, and how far things moved that nobody had touched.
    private const string Watch = """
        window.budget = { first: null, moved: 0 };
        new PerformanceObserver((list) => { for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.budget.moved += shift.value; }).observe({ type: 'layout-shift', buffered: true });
        new MutationObserver((_, observer) => {
          if (document.querySelector('[data-pharmacy]') === null) return;
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(() => (window.budget.first = performance.now())));
        }).observe(document, { childList: true, subtree: true });
        """;

    [Fact]
    public async Task The_first_list_is_there_within_its_budget_and_nothing_moves()
    {
        var tries = new List<Visit>();
        for (var i = 0; i < Tries; i++)
            tries.Add(await Visited("/?town=Nantes"));
        output.WriteLine("| first visit of the list, nothing kept from before | seen | budget |");
        output.WriteLine("|---|---|---|");
        output.WriteLine(Line("script, bytes over the wire, gzip", $"{tries.Max(one => one.Script):N0}", $"{MostScript:N0}"));
        output.WriteLine(Line($"first list at 1.6 Mbit/s and {RoundTripMs} ms, processor {Slowdown} times slower, ms: median ({Tries} visits)", $"{tries.Select(one => one.FirstMs).Order().ElementAt(Tries / 2):N0} ({string.Join(", ", tries.Select(one => $"{one.FirstMs:N0}"))})", $"{MostMilliseconds:N0}"));
        output.WriteLine(Line("cumulative layout shift", tries.Max(one => one.Moved).ToString("0.0000", CultureInfo.InvariantCulture), "0"));
        output.WriteLine(Line("requests to third parties", $"{tries.Sum(one => one.Complaints)}", "0"));

        Assert.All(tries, one => Assert.InRange(one.Script, 1, MostScript));
        Assert.All(tries, one => Assert.Equal(0, one.Moved));
        Assert.All(tries, one => Assert.Equal(0, one.Complaints));
        // On a machine that others use at the same time this guards against what is much slower; the table tells how it stands.
        Assert.InRange(tries.Min(one => one.FirstMs), 1, 2 * MostMilliseconds);

        static string Line(string what, string seen, string budget) => $"| {what} | {seen} | {budget} |";
    }

    private async Task<Visit> Visited(string path)
    {
        var scripts = new ConcurrentBag<Microsoft.Playwright.IRequest>();
        await using var phone = await chromium.Open(demo.Address, path, before: async page =>
        {
            await page.AddInitScriptAsync(Watch);
            var session = await page.Context.NewCDPSessionAsync(page);
            await session.SendAsync("Network.enable");
            await session.SendAsync("Network.emulateNetworkConditions", new() { ["offline"] = false, ["latency"] = RoundTripMs, ["downloadThroughput"] = BytesPerSecond, ["uploadThroughput"] = BytesPerSecond });
            await session.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = Slowdown });
            // The budget is one of gzip, which everybody speaks.
            await page.RouteAsync("**/*.js", route => route.ContinueAsync(new() { Headers = new Dictionary<string, string>(route.Request.Headers) { ["accept-encoding"] = "gzip" } }));
            page.RequestFinished += (_, request) =>
            {
                if (request.ResourceType == "script")
                    scripts.Add(request);
            };
        });
        await Expect(phone.Page.Locator("[data-pharmacy]").First).ToBeVisibleAsync();
        // What comes later, as the live connection, moves nothing either.
        await Task.Delay(TimeSpan.FromSeconds(1));
        var seen = await phone.Page.EvaluateAsync<JsonElement>("window.budget");
        var bytes = await Task.WhenAll(scripts.Select(request => request.SizesAsync()));
        return new(seen.GetProperty("first").GetDouble(), seen.GetProperty("moved").GetDouble(), bytes.Sum(one => one.ResponseBodySize), phone.Complaints.Count);
    }

    private sealed record Visit(double FirstMs, double Moved, long Script, int Complaints);
}
