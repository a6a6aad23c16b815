using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Realtime.Benchmarks.Orders;
using Realtime.Benchmarks.Products;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Benchmarks.Stock;

/// <summary>
/// What it costs the product that the software of many pharmacies posts all of their shelves in the same moment: memory, the latency of orders placed there meanwhile, and rows of the
/// journal. What was fed is read back first, and counted again at the end: a fast wrong run fails.
/// </summary>
internal sealed class FeedLoad(FedProduct product, IReadOnlyList<PharmacyId> pharmacies, Snapshots snapshots, IReadOnlyDictionary<PharmacyId, string> tokens, int pairs)
{
    private const string Usage = "usage: lgo-load [--pharmacies N] [--lines N] [--pairs N]";
    private const double MostGrowth = 100e6, MostRatio = 2, MostRow = 1_024;
    private const int Sampled = 5, Lines = 40;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10), Look = TimeSpan.FromMilliseconds(100), Quiet = TimeSpan.FromSeconds(10);

    private readonly Feeders _feeders = new(product, pharmacies, snapshots, tokens);
    private readonly Buyers _buyers = new(product, pharmacies);
    private readonly List<string> _table = ["| | | at most |", "|---|---|---|"];
    private int _day;

    /// <summary>Runs it.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> Run(string[] words)
    {
        var (asked, isUnderstood) = (new Dictionary<string, int>(StringComparer.Ordinal) { ["--pharmacies"] = 200, ["--lines"] = 10_000, ["--pairs"] = 7 }, words.Length % 2 == 0);
        foreach (var pair in words.Chunk(2).Where(pair => pair.Length == 2))
            isUnderstood &= asked.ContainsKey(pair[0]) && int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && (asked[pair[0]] = number) > 0;
        if (!isUnderstood)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        var set = Medicines.Read(Medicines.Files());
        await using var product = await FedProduct.Start(Medicines.Folder);
        var pharmacies = Placing.Pharmacies.Take(asked["--pharmacies"]).ToArray();
        var tokens = new Dictionary<PharmacyId, string>();
        foreach (var pharmacy in pharmacies)
            tokens[pharmacy] = await product.Token(pharmacy);
        await new FeedLoad(product, pharmacies, new(Sold(set), asked["--lines"]), tokens, asked["--pairs"]).Run();
        return 0;
    }

    // As the product knows them.
    private static Cip13[] Sold(BdpmSet set)
    {
        var catalogue = Catalogue.Of("benchmark", set, Medicines.Rules, Medicines.Now);
        return [.. set.Presentations.Select(box => box.Cip13).Where(box => catalogue.TryFind(box, out _)).Distinct().Order()];
    }

    private async Task Run()
    {
        foreach (var pharmacy in pharmacies)
            await Count(pharmacy);
        await _buyers.ComeDuring(Task.Delay(WarmUp));
        await _buyers.CancelAll();
        await FeedOnce("the first of each");
        await Verify();
        await FeedOnce("the next, of which a twenty-fifth differs");
        await Unchanged();
        await Pairs();
        await VerifyHeld();
        await Console.Out.WriteLineAsync(string.Join('\n', _table));
        await Console.Out.WriteLineAsync($"\nTwo cores shared by product, feeders and buyers. {_buyers.Placed:N0} orders placed, each of them cancelled and its box given back; {_feeders.CameBack:N0} feeds were told to come back.");
    }

    private async Task FeedOnce(string which)
    {
        _feeders.Prepare(_day++);
        var (before, processor) = (await product.Rest(), product.ProcessorTime);
        product.ForgetPeak();
        var watch = Stopwatch.StartNew();
        var (posting, heap) = (_feeders.Post(), 0L);
        while (!posting.IsCompleted)
        {
            heap = Math.Max(heap, await product.Heap());
            await Task.Delay(Look);
        }
        await posting;
        var (seconds, peak) = (watch.Elapsed.TotalSeconds, product.PeakBytes);
        var spent = product.ProcessorTime - processor;
        var after = await product.Rest();
        Tell($"{pharmacies.Count} snapshots at once, {which}: seconds", $"{seconds:N1}, {spent.TotalSeconds:N1} of a processor");
        Tell("– memory of the process at most, above what it held at rest", Megabytes(peak - before.ResidentBytes), MostGrowth, peak - before.ResidentBytes, "100 MB");
        Tell("– its heap after a collection at most, above what was alive at rest", Megabytes(heap - before.HeapBytes));
        Tell("– and what is alive afterwards, above what was", Megabytes(after.HeapBytes - before.HeapBytes));
        Tell("– at rest before: resident, alive", $"{Megabytes(before.ResidentBytes)}, {Megabytes(before.HeapBytes)}");
    }

    private async Task Unchanged()
    {
        // The same shelves once more.
        _feeders.Prepare(_day - 1);
        var before = product.Journal();
        await _feeders.Post();
        var after = product.Journal();
        var row = (after.Bytes - before.Bytes) / (double)pharmacies.Count;
        Tell("an unchanged snapshot in the journal, bytes", row.ToString("N0", CultureInfo.InvariantCulture), MostRow, row, "1 KB");
        Tell("– rows of it; bytes by which the store's file grew", $"{(after.Rows - before.Rows) / (double)pharmacies.Count:N2}; {(after.Store - before.Store) / (double)pharmacies.Count:N0}");
    }

    private async Task Pairs()
    {
        var (quiet, fed, during) = (new List<double[]>(), new List<double[]>(), Quiet);
        for (var pair = 0; pair < pairs; pair++)
            foreach (var isFed in pair % 2 == 0 ? (bool[])[false, true] : [true, false])
            {
                if (isFed)
                    _feeders.Prepare(_day++);
                GC.Collect();
                var watch = Stopwatch.StartNew();
                (isFed ? fed : quiet).Add(await _buyers.ComeDuring(isFed ? _feeders.Post() : Task.Delay(during)));
                if (isFed)
                    during = watch.Elapsed;
                await _buyers.CancelAll();
            }
        foreach (var percent in (int[])[50, 99])
        {
            double[] ratios = [.. fed.Zip(quiet, (busy, still) => At(busy, percent) / At(still, percent))];
            var text = $"{Contest.Spread([.. quiet.Select(turn => At(turn, percent))], "N1")} quiet, {Contest.Spread([.. fed.Select(turn => At(turn, percent))], "N1")} meanwhile";
            Tell($"an order, {percent} % within, ms: median of {pairs} (least–greatest)", text);
            Tell("– how many times as long", Contest.Spread(ratios, "N2"), percent == 99 ? MostRatio : double.MaxValue, Contest.Median(ratios), percent == 99 ? "2" : "");
        }
        Tell("– orders in a turn", $"{quiet.Average(turn => turn.Length):N0} quiet, {fed.Average(turn => turn.Length):N0} meanwhile");
    }

    // What was fed is there to the box, and what is not there is not promised.
    private async Task Verify()
    {
        for (var i = 0; i < pharmacies.Count; i += Math.Max(1, pharmacies.Count / Sampled))
        {
            foreach (var (cip13, boxes) in snapshots.Of(i, _day - 1).Where((_, line) => line % Lines == 0))
                if (await Boxes(pharmacies[i], cip13) is var (there, _) && there != boxes)
                    throw new InvalidOperationException($"{pharmacies[i]} fed {boxes} boxes of {cip13}, and there are {there}.");
            using var answer = await _buyers.Order(pharmacies[i], Snapshots.SoldOut.ToString());
            if (answer.StatusCode != HttpStatusCode.Conflict || !(await answer.Content.ReadAsStringAsync()).Contains("out-of-stock", StringComparison.Ordinal))
                throw new InvalidOperationException($"{pharmacies[i]} has none of {Snapshots.SoldOut} and answered an order {(int)answer.StatusCode}.");
            await VerifyPage(i);
        }
    }

    private async Task VerifyPage(int pharmacy)
    {
        // A page with so many levels tells those that are asked for.
        var sample = snapshots.Of(pharmacy, _day - 1).Where((_, line) => line % (Lines * Sampled) == 0).ToArray();
        var page = await product.Http.GetFromJsonAsync<JsonElement>($"/api/v1/pharmacies/{pharmacies[pharmacy]}?{string.Join('&', sample.Select(line => $"product={line.Product}"))}");
        var levels = page.GetProperty("stock").EnumerateArray().ToDictionary(item => item.GetProperty("cip13").GetString()!, item => item.GetProperty("level").GetString());
        // One box is never promised where software feeds the stock.
        foreach (var (cip13, boxes) in sample)
            if (levels.GetValueOrDefault(cip13.ToString()) != LevelWords.Of(StockLevels.Of(boxes - 1)))
                throw new InvalidOperationException($"{pharmacies[pharmacy]} fed {boxes} boxes of {cip13}, and its page says {levels.GetValueOrDefault(cip13.ToString())}.");
    }

    private async Task VerifyHeld()
    {
        foreach (var pharmacy in pharmacies)
            if (await Boxes(pharmacy, Snapshots.Ordered) is var (there, held) && (there != Snapshots.Plenty || held != 0))
                throw new InvalidOperationException($"{pharmacy} should hold none of {Snapshots.Plenty} boxes and holds {held} of {there}.");
    }

    // Before the first feed there are few.
    private async Task Count(PharmacyId pharmacy)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/counter/{pharmacy}/stock/{Snapshots.Ordered}") { Content = JsonContent.Create(new { quantity = Snapshots.Plenty }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[pharmacy]);
        using var answer = await product.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private async Task<(int There, int Held)> Boxes(PharmacyId pharmacy, Cip13 cip13)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/counter/{pharmacy}/stock/{cip13}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[pharmacy]);
        using var answer = await product.Http.SendAsync(request);
        var told = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return (told.GetProperty("quantity").GetInt32(), told.GetProperty("held").GetInt32());
    }

    private void Tell(string what, string value, double most = double.MaxValue, double reached = 0, string target = "")
    {
        _table.Add($"| {what} | {value} | {(target.Length > 0 ? $"{target} {(reached <= most ? "reached" : "**missed**")}" : "")} |");
        Console.Error.WriteLine(_table[^1]);
    }

    private static double At(double[] sorted, int percent) => sorted[Math.Max(0, (int)Math.Ceiling(sorted.Length * percent / 100.0) - 1)];

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:N0} MB");
}
