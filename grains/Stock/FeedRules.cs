using System.Buffers;
using NodaTime;
using Realtime.Orders;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>
/// The rules of a feed: in which order feeds are taken, what one changes, and until when it is believed. Of two that speak of a product whoever looked last is right: boxes
/// handed over after a feed was counted are taken off again, and what somebody counted by hand after it stands. Pure.
/// </summary>
internal static class FeedRules
{
    /// <summary>Open time after which a feed is too old to promise anything by.</summary>
    public static readonly Duration Fresh = Duration.FromHours(2);

    /// <summary>A feed is counted at most so long before it is taken, and, since clocks differ, so little after.</summary>
    public static readonly Duration Oldest = HandedOver.Kept, Ahead = Duration.FromMinutes(5);

    // The public facts say until when a feed is fresh only every so often: rows say it each time, and whoever starts with the facts alone hears a row within minutes.
    private static readonly Duration Told = Duration.FromMinutes(30);

    // Bytes of changes in one row: in base 64, with all else that a row says, below 64 KB.
    private const int MostBytes = 30 * 1024;

    /// <summary>A feed is taken where it is the next.</summary>
    public static Decision Take(OrderQueueState state, StockFeed feed, QueuePage page, Instant now)
    {
        var last = state.Feed?.Seq ?? 0;
        if (feed.Seq == last && last > 0)
            return new OrderRefusal(OrderRefusalKind.SequenceReused) { Number = last };
        if (feed.Seq != last + 1)
            return new OrderRefusal(OrderRefusalKind.SequenceGap) { Number = last };
        // A snapshot of which no line could be taken empties no shelf, and makes nothing fresh: it is no more than a number in the sequence.
        var saysNothing = feed is { Kind: FeedKind.Snapshot, Accepted: 0, Rejected.Count: > 0 };
        var fresh = saysNothing ? state.Feed?.FreshUntil ?? feed.TakenAt : page.Open.After(feed.TakenAt, Fresh);
        return new StockFed(feed.Seq, saysNothing ? FeedKind.Delta : feed.Kind, feed.TakenAt, feed.Fingerprint, fresh)
        {
            Accepted = feed.Accepted,
            RejectedCount = feed.Rejected.Count,
            Rejected = Pack(feed.Rejected),
            Day = now.InZone(page.Zone.Time).Date,
            Told = state.Feed is not { IsDropped: false } mark || fresh - mark.ToldUntil >= Told || fresh < mark.FreshUntil,
            Changes = saysNothing ? [] : PackedItems.Of(Changes(state, feed)).Bytes,
        };
    }

    /// <summary>The rows of a feed: as many parts as its changes need, and last the one by which it is taken.</summary>
    public static IEnumerable<OrderEvent> Rows(StockFed fed)
    {
        var staged = fed.Changes.Length <= MostBytes ? 0 : (fed.Changes.Length - 1) / MostBytes;
        for (var part = 0; part < staged; part++)
            yield return new FeedStaged(fed.Feed, part, fed.Changes[(part * MostBytes)..((part + 1) * MostBytes)]);
        yield return fed with { Parts = staged, Changes = fed.Changes[(staged * MostBytes)..] };
    }

    /// <summary>All that a feed changes: what its parts said, and its own row.</summary>
    public static PackedItems ChangesOf(OrderQueueState state, StockFed fed)
    {
        if (fed.Parts == 0)
            return PackedItems.Read(fed.Changes);
        if (fed.Parts != state.Staged.Length)
            throw new InvalidOperationException($"Feed {fed.Feed} has {fed.Parts} parts, and {state.Staged.Length} were read.");
        var whole = new byte[state.Staged.Sum(part => part.Length) + fed.Changes.Length];
        var at = 0;
        foreach (var part in state.Staged.Add(fed.Changes))
        {
            part.CopyTo(whole, at);
            at += part.Length;
        }
        return PackedItems.Read(whole);
    }

    /// <summary>The shelves after a feed.</summary>
    public static OrderQueueState Taken(OrderQueueState state, StockFed fed, long seq, Instant at)
    {
        var (changes, week) = (ChangesOf(state, fed), WeekBoxes.WeekOf(at));
        var next = state with
        {
            Inventory = changes.Count == 0 ? state.Inventory : state.Inventory.With(Applied(state.Inventory, changes, week)),
            Staged = [],
            Feed = new(fed.Feed, fed.Fingerprint, seq, fed.TakenAt, fed.FreshUntil, fed.Told ? fed.FreshUntil : state.Feed!.ToldUntil, fed.Kind == FeedKind.Snapshot || state.Feed is { IsWhole: true }, IsDropped: false),
            Day = fed.Day,
            NextExpiry = LotRules.Earliest(state.NextExpiry, changes.Each(), fed.Day),
            Since = state.Since ?? at,
        };
        // Midnight came between two looks: what was the earliest day is over, and every lot is looked at.
        return state.NextExpiry < fed.Day ? LotRules.Turned(next, new(fed.Day)) : next;
    }

    /// <summary>A part of a feed is kept until the feed is taken; the first part of another one replaces what was left of one that never was.</summary>
    public static OrderQueueState Kept(OrderQueueState state, FeedStaged part) => state with { Staged = part.Part == 0 ? [part.Changes] : state.Staged.Add(part.Changes) };

    /// <summary>The lines that a feed's row says were not taken.</summary>
    public static RejectedLines RejectedOf(StockFed fed)
    {
        var (lines, at, line) = (new List<RejectedLine>(), 0, 0);
        while (at < fed.Rejected.Length)
        {
            line += (int)Packing.Take(fed.Rejected, ref at);
            lines.Add(new(line, (FeedError)Packing.Take(fed.Rejected, ref at)));
        }
        return new(fed.RejectedCount, lines);
    }

    private static byte[] Pack(RejectedLines rejected)
    {
        var (bytes, last) = (new ArrayBufferWriter<byte>(), 0);
        foreach (var (line, error) in rejected.Listed)
        {
            bytes.Put(line - last);
            bytes.Put((byte)error);
            last = line;
        }
        return bytes.WrittenSpan.ToArray();
    }

    // Every product of which the feed knows something else than we do, by code.
    private static IEnumerable<PackedItem> Changes(OrderQueueState state, StockFeed feed)
    {
        using var room = Packing.Buffer();
        var unclear = feed.Lines.Unclear.ToHashSet();
        var since = state.HandedOver.Where(one => one.At > feed.TakenAt).ToLookup(one => one.Cip13);
        foreach (var (product, before, after) in Both(state.Inventory.Each(), PackedItems.Read(feed.Lines.Packed).Each()))
        {
            // Nearly all that a snapshot says is known, or told apart as it stands: it is not even read.
            if (after is { } fresh && !since.Contains(product) && (before is not { } old || old.IsFedAlone))
            {
                if (before is null || !before.Value.HasSameBoxes(fresh))
                    yield return fresh;
                continue;
            }
            var (known, said) = (before?.Read(), after?.Read());
            if (said is null && feed.Kind == FeedKind.Delta || known?.CountedAt > feed.TakenAt || said is null && unclear.Contains(product))
                continue;
            var boxes = since[product].Aggregate(said ?? InventoryItem.Nothing, Since);
            boxes = boxes with { OnHand = Math.Max(0, boxes.OnHand) };
            if (known is null || !known.IsFed || !known.HasSameBoxes(boxes))
                yield return PackedItem.Of(product, InventoryItem.Nothing with { OnHand = boxes.OnHand, Lots = boxes.Lots }, room.Bytes);
        }
    }

    private static InventoryItem Since(InventoryItem item, HandedOver one) => one.Boxes < 0
        ? item.With(-one.Boxes, one.Lots)
        : item.Without(one.Boxes, [.. one.Lots.SelectMany(lot => Enumerable.Repeat(lot.Code, lot.Boxes))], _ => false, out _);

    // What is gone since has been sold, unless there was nobody who knew of it.
    private static IEnumerable<PackedItem> Applied(Inventory inventory, PackedItems changes, int week)
    {
        using var room = Packing.Buffer();
        foreach (var change in changes.Each())
            yield return inventory.Find(change.Product) is { } known ? PackedItem.Of(change.Product, Applied(known, change.Read(), week), room.Bytes) : change;
    }

    private static InventoryItem Applied(InventoryItem known, InventoryItem said, int week) =>
        (known with { OnHand = said.OnHand, Lots = said.Lots, CountedAt = null }).Leaving(Math.Max(0, known.OnHand - said.OnHand), week);

    private static IEnumerable<(Cip13 Product, PackedItem? Known, PackedItem? Said)> Both(IEnumerable<PackedItem> known, IEnumerable<PackedItem> said)
    {
        using var left = known.GetEnumerator();
        using var right = said.GetEnumerator();
        var (hasLeft, hasRight) = (left.MoveNext(), right.MoveNext());
        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : left.Current.Product.CompareTo(right.Current.Product);
            yield return (order <= 0 ? left.Current.Product : right.Current.Product, order <= 0 ? left.Current : null, order >= 0 ? right.Current : null);
            hasLeft = order <= 0 ? left.MoveNext() : hasLeft;
            hasRight = order >= 0 ? right.MoveNext() : hasRight;
        }
    }
}
