using System.Diagnostics;
using System.Globalization;

namespace Realtime.Benchmarks.Orders;

/// <summary>
/// How many orders a second the whole path takes: grain, dose law, sealing, journal with its hash chain, and a web node that follows it with screens at counters; beside
/// <c>WriteStateAsync</c> of 1 KB and pgbench on the same server. Every order is held against the journal, the stock and the screens before the next turn.
/// </summary>
internal sealed class OrderThroughput(Installation installation, Placing placing, PgBench pgBench, bool quick)
{
    private const int Few = 32, Many = 1_000, Screens = 4;
    private const string Usage = "usage: orders [--quick] [few] [many] [one] [history]";

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    private readonly int _rounds = quick ? 3 : 7;
    private readonly List<string> _table = ["| | | a second: median (least–greatest) | orders ÷ it | at least |", "|---|---|---|---|---|"];

    /// <summary>Runs the parts that are named, or all.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> Run(string[] words)
    {
        string[] parts = ["few", "many", "one", "history"];
        var named = words.Where(word => word != "--quick").ToArray();
        if (named.Except(parts, StringComparer.Ordinal).Any())
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        if (!System.Runtime.GCSettings.IsServerGC)
            return await AsAServer(words);
        await using var installation = await Installation.Start();
        using var pgBench = new PgBench(installation);
        await pgBench.Prepare();
        await using var placing = await Placing.Begin(installation, Screens);
        await new OrderThroughput(installation, placing, pgBench, words.Contains("--quick")).Run(named.Length > 0 ? named.Contains : _ => true);
        return 0;
    }

    private async Task Run(Func<string, bool> isAsked)
    {
        await WarmUp();
        if (isAsked("few"))
            await Contend($"{Few} in flight, {Few} pharmacies", Few, Plain(Few, 3), PgBench(Few, prepared: false, 1), PgBench(Few, prepared: true, null));
        if (isAsked("many"))
            await Contend(
                $"{Many:N0} in flight, {Many:N0} pharmacies", Many, Plain(await Best([8, 16, 32, 64, Many], callers => Plain(callers)), 5),
                PgBench(await Best([32, 64, 100], connections => PgBench(connections, prepared: false)), prepared: false, 1.5),
                PgBench(await Best([32, 64, 100], connections => PgBench(connections, prepared: true)), prepared: true, null));
        if (isAsked("one"))
            await Contend("1 in flight", 1, Plain(1, 1));
        if (isAsked("history"))
            _table.AddRange(await new HistoryCost(placing, quick).Run());
        await placing.VerifyChains();
        await Console.Out.WriteLineAsync(string.Join('\n', _table.Append("").Append(Live())));
    }

    private async Task Contend(string title, int callers, params Contestant[] peers)
    {
        var pharmacies = Placing.Pharmacies.Take(callers).ToArray();
        await placing.Open(pharmacies);
        _table.AddRange(await Contest.Run(title, _rounds, new("orders", () => placing.Turn(callers, Turn, caller => pharmacies[caller])), peers));
    }

    // A server's code is compiled for good only after it has run for a while, in several steps; until then an order costs it three times as much.
    private async Task WarmUp()
    {
        var pharmacies = Placing.Pharmacies.Take(Few).ToArray();
        await placing.Open(pharmacies);
        for (var i = 0; i < (quick ? 5 : 15); i++)
        {
            await placing.Turn(Few, Turn, caller => pharmacies[caller]);
            await Plain(Few).Turn();
        }
    }

    private Contestant Plain(int callers, double? least = null)
    {
        var grains = Enumerable.Range(0, callers).Select(caller => installation.Grains.GetGrain<IPlainGrain>($"{caller}")).ToArray();
        return new($"WriteStateAsync, {callers:N0} in flight", () => Load.Run(callers, Turn, caller => Patiently.Ask(grains[caller].Write))) { Least = least };
    }

    private Contestant PgBench(int connections, bool prepared, double? least = null) =>
        new($"pgbench INSERT, {connections} connections{(prepared ? ", prepared" : "")}", () => pgBench.Run(connections, prepared, Turn)) { Least = least };

    // How many at a time it does best with.
    private static async Task<int> Best(int[] candidates, Func<int, Contestant> peer)
    {
        var rates = new Dictionary<int, double>();
        foreach (var callers in candidates)
            rates[callers] = await peer(callers).Turn();
        return rates.MaxBy(pair => pair.Value).Key;
    }

    private string Live()
    {
        var delays = placing.Delays.Select(delay => delay.TotalMilliseconds).Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture,
            $"Live: {delays.Length:N0} orders rang at {Screens} counters, all of those placed there, after {Contest.Median(delays):N0} ms in the median, 99 % within {delays[delays.Length * 99 / 100]:N0} ms.\n") +
            string.Create(CultureInfo.InvariantCulture, $"Verified: {placing.Verified:N0} orders acknowledged, each in the journal once and held in stock; every stream's chain holds. Asked again: {Patiently.Again:N0}.");
    }

    // With the garbage collector and the thread pool that web and silo have.
    private static async Task<int> AsAServer(string[] words)
    {
        var program = Environment.ProcessPath!;
        string[] assembly = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(OrderThroughput).Assembly.Location] : [];
        var again = new ProcessStartInfo(program, [.. assembly, "orders", .. words]) { UseShellExecute = false };
        again.Environment["DOTNET_gcServer"] = "1";
        again.Environment["DOTNET_GCDynamicAdaptationMode"] = "0";
        again.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        using var process = Process.Start(again)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
