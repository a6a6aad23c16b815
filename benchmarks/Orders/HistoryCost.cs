using System.Diagnostics;
using System.Globalization;
using Realtime.Pharmacies;

namespace Realtime.Benchmarks.Orders;

/// <summary>What an order costs a pharmacy that has had many, beside one that has had few: one buyer after the other, snapshots included.</summary>
internal sealed class HistoryCost(Placing placing, bool quick)
{
    private const int Few = 100, Buyers = 32;
    private const double Most = 1.3;

    private readonly int _many = quick ? 2_000 : 20_000;
    private readonly int _rounds = quick ? 3 : 7;

    // As many as the larger pharmacy takes between two snapshots, over all rounds: each has its share of what they cost.
    private int Orders => (_many / 4 / _rounds) + 50;

    /// <summary>Fills the histories, which tells on the way what one pharmacy takes alone, and measures; rows of the table.</summary>
    public async Task<IReadOnlyList<string>> Run()
    {
        var pharmacies = Placing.Pharmacies.Skip(1_000).Take(_rounds + 1).ToArray();
        await placing.Open(pharmacies);
        var hot = await placing.Fill(pharmacies[0], _many, Buyers);
        foreach (var pharmacy in pharmacies.Skip(1))
            await placing.Fill(pharmacy, Few, Buyers);
        var (old, young) = (new List<double>(), new List<double>());
        for (var round = 0; round < _rounds; round++)
            foreach (var isOld in round % 2 == 0 ? (bool[])[true, false] : [false, true])
                (isOld ? old : young).Add(await Cost(isOld ? pharmacies[0] : pharmacies[round + 1]));
        var ratio = old.Sum() / young.Sum();
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"| one pharmacy, {Buyers} in flight | **orders** | {hot:N0} | | |"),
            string.Create(CultureInfo.InvariantCulture, $"| one buyer after the other | with {_many:N0} orders of history | {Contest.Spread([.. old.Select(PerSecond)], "N0")} | | |"),
            string.Create(CultureInfo.InvariantCulture, $"| | with {Few} | {Contest.Spread([.. young.Select(PerSecond)], "N0")} | cost {ratio:N2}× | at most {Most}× {(ratio <= Most ? "reached" : "**missed**")} |"),
        ];
    }

    private double PerSecond(double seconds) => Orders / seconds;

    private async Task<double> Cost(PharmacyId pharmacy)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Orders; i++)
            await placing.Place(pharmacy);
        var seconds = watch.Elapsed.TotalSeconds;
        await placing.Verify();
        return seconds;
    }
}
