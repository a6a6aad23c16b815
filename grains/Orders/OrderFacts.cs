using Realtime.Journal;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Orders;

/// <summary>What the public learns of a pharmacy's stock, and what follows from an event: levels and shortages. Pure.</summary>
internal static class OrderFacts
{
    // A row names so many levels; where more cross, readers take them all from the public facts.
    private const int MostNamed = 200;

    // And so many shortages; the counter's list has them all.
    private const int MostShort = 100;

    /// <summary>The public facts after a row: every level that is known, and until when they are believed.</summary>
    public static byte[] Write(OrderQueueState state, long seq) => StockFacts.Write(state.Pharmacy, seq, state.Levels(), state.Feed is { IsDropped: false } feed ? feed.FreshUntil : null);

    /// <summary>Whether the public facts are written anew with an event.</summary>
    public static bool IsTold(OrderEvent change) => change.Levels is not null || change is StockFed { Told: true };

    /// <summary>The products whose level an event changed, with the new one.</summary>
    /// <returns>Null where no level changed, as after most events; <see cref="CrossedLevels.All"/> where very many did.</returns>
    public static IReadOnlyDictionary<Cip13, StockLevel>? Crossed(OrderEvent change, OrderQueueState before, OrderQueueState after)
    {
        // Readers must learn that nothing more is said by the feed, which only the public facts say; and a feed of several rows is no short list.
        if (change is StockCounted { DropsFeed: true } or StockFed { Parts: > 0 })
            return CrossedLevels.All;
        Dictionary<Cip13, StockLevel>? crossed = null;
        foreach (var cip13 in MayHaveCrossed(change, before, after))
            if (after.LevelOf(cip13) is var level && before.LevelOf(cip13) != level)
            {
                (crossed ??= [])[cip13] = level;
                if (crossed.Count > MostNamed)
                    return CrossedLevels.All;
            }
        return crossed;
    }

    /// <summary>The event with what followed from it.</summary>
    public static OrderEvent Complete(OrderEvent change, OrderQueueState before, OrderQueueState after)
    {
        var (crossed, shortages) = (Crossed(change, before, after), Shortages(before, after));
        var complete = crossed is null && shortages is null ? change : change with { Levels = crossed, Short = shortages };
        return complete switch
        {
            StockCounted counted => counted with { Left = after.CountOf(counted.Cip13) },
            OneOrderEvent one when after.Touched.LastOrDefault(order => order.Id == one.Id) is { } order => one with { Left = new(order.State, order.Seq) },
            _ => complete,
        };
    }

    // What an event moved; all products where it changed a rule for all of them.
    private static IEnumerable<Cip13> MayHaveCrossed(OrderEvent change, OrderQueueState before, OrderQueueState after) =>
        before.UsualReserve != after.UsualReserve || before.Day != after.Day || before.Feed?.IsWhole != after.Feed?.IsWhole || before.Feed?.IsDropped != after.Feed?.IsDropped
            ? after.Counts().Select(one => one.Cip13)
            : change is StockFed fed ? FeedRules.ChangesOf(before, fed).Each().Select(one => one.Product)
            : after.Moved;

    // Null where an event leaves none that was not there before it.
    private static StockShortage[]? Shortages(OrderQueueState before, OrderQueueState after)
    {
        List<StockShortage>? found = null;
        foreach (var cip13 in after.Inventory == before.Inventory && after.Barred == before.Barred && after.Day == before.Day && after.Feed?.IsDropped == before.Feed?.IsDropped ? after.Moved : after.Held.Keys.Concat(after.Moved).Distinct())
            if (found is not { Count: MostShort } && after.CountOf(cip13) is { IsShort: true } count && before.CountOf(cip13) != count)
                (found ??= []).Add(new(cip13, count.Held + count.ToReshelve, count.Sellable));
        return found?.ToArray();
    }
}

/// <summary>A pharmacy's stock levels from its rows alone, by the very rules that its grain uses. A row writes them where a level crossed.</summary>
internal sealed class StockFactsOfStream(PharmacyId id) : StreamFacts
{
    private OrderQueueState _state = new() { Pharmacy = id };
    private (long Seq, byte[] Payload)? _written;

    /// <summary>The streams of stock and orders.</summary>
    public static PublicFacts All { get; } = new(OrderJson.Prefix, stream => PharmacyId.TryParse(stream[OrderJson.Prefix.Length..], out var id) ? new StockFactsOfStream(id) : null);

    /// <inheritdoc/>
    public override void Take(JournalRow row)
    {
        var (before, happened) = (_state, OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span) with { Levels = null });
        _state = OrderQueue.Evolve(_state, happened, row.Seq, row.At);
        if (OrderFacts.IsTold(OrderFacts.Complete(happened, before, _state)))
            _written = (row.Seq, OrderFacts.Write(_state, row.Seq));
    }

    /// <inheritdoc/>
    public override (long Seq, byte[] Payload)? Written() => _written;

    /// <inheritdoc/>
    public override byte[] InTodaysWords(ReadOnlySpan<byte> payload) => StockFacts.Read(payload).Write();
}
