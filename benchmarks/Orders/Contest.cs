using System.Globalization;

namespace Realtime.Benchmarks.Orders;

/// <summary>One who takes part: what he is called, and one turn of his, which gives answers a second.</summary>
internal sealed record Contestant(string Name, Func<Task<double>> Turn)
{
    /// <summary>What ours is to be, as a multiple of his; null where he is only told of.</summary>
    public double? Least { get; init; }
}

/// <summary>
/// Turns taken one after the other, in rounds whose order alternates, so that whatever else the machine does meets all alike. What counts is the ratio within a round;
/// the median of all rounds is told, with the least and the greatest.
/// </summary>
internal static class Contest
{
    /// <summary>Runs the rounds and tells the outcome as rows of a Markdown table.</summary>
    /// <param name="title">What they do.</param>
    /// <param name="rounds">How many, from 1.</param>
    /// <param name="ours">The product.</param>
    /// <param name="peers">The others.</param>
    public static async Task<IReadOnlyList<string>> Run(string title, int rounds, Contestant ours, params IReadOnlyList<Contestant> peers)
    {
        Contestant[] all = [ours, .. peers];
        var rates = all.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
            foreach (var turn in round % 2 == 0 ? Enumerable.Range(0, all.Length) : Enumerable.Range(0, all.Length).Reverse())
                rates[turn].Add(await all[turn].Turn());
        return
        [
            $"| {title} | **{ours.Name}** | {Spread(rates[0], "N0")} | | |",
            .. peers.Select((peer, i) => Row(peer, rates[i + 1], [.. rates[0].Zip(rates[i + 1], (mine, his) => mine / his)])),
        ];
    }

    /// <summary>The median, and the least and the greatest.</summary>
    public static string Spread(IReadOnlyCollection<double> values, string format) => string.Create(CultureInfo.InvariantCulture,
        $"{Median(values).ToString(format, CultureInfo.InvariantCulture)} ({values.Min().ToString(format, CultureInfo.InvariantCulture)}–{values.Max().ToString(format, CultureInfo.InvariantCulture)})");

    /// <summary>The middle one.</summary>
    public static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted && sorted.Length % 2 == 1
        ? sorted[sorted.Length / 2]
        : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;

    private static string Row(Contestant peer, List<double> rates, double[] ratios)
    {
        var target = peer.Least is { } least ? string.Create(CultureInfo.InvariantCulture, $"{least:0.#}× {(Median(ratios) >= least ? "reached" : "**missed**")}") : "";
        return $"| | {peer.Name} | {Spread(rates, "N0")} | {Spread(ratios, "N2")} | {target} |";
    }
}
