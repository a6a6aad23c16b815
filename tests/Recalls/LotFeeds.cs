using NodaTime;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Tests.Recalls;

/// <summary>What is on the shelves of a pharmacy, lot by lot, as its software says it.</summary>
internal static class LotFeeds
{
    /// <summary>Says it: this and nothing else is there.</summary>
    /// <param name="grains">Of the node or cluster.</param>
    /// <param name="pharmacy">Whose shelves.</param>
    /// <param name="takenAt">When they were counted.</param>
    /// <param name="lines">What is there; a lot that is null is not said.</param>
    public static async Task Feed(this IGrainFactory grains, string pharmacy, Instant takenAt, params (Cip13 Product, int Boxes, string? Lot)[] lines)
    {
        var stock = grains.GetGrain<IStockGrain>(pharmacy);
        var set = new FeedSet.Builder();
        foreach (var (product, boxes, lot) in lines)
            set.Add(product, boxes, lot, null);
        var seq = (await stock.Standing()).Seq + 1;
        var answer = await stock.Feed(new(FeedKind.Snapshot, seq, takenAt, $"{pharmacy} {seq}", set.Build(), lines.Length, RejectedLines.None), "test");
        Assert.Null(answer.Refusal);
    }
}
