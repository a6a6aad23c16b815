using Realtime.Journal;
using Realtime.Pharmacies;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Orders;

/// <summary>What the public learns of a pharmacy's stock, and what follows from an event: levels and shortages. Pure.</summary>
internal static class OrderFacts
{
    /// <summary>Every level after a row.</summary>
    public static StockFacts Of(OrderQueueState state, long seq) => new(state.Pharmacy, seq, state.Levels());

    /// <summary>The products whose level an event changed, with the new one.</summary>
    /// <returns>Null where no level changed, as after most events.</returns>
    public static IReadOnlyDictionary<Cip13, StockLevel>? Crossed(OrderQueueState before, OrderQueueState after)
    {
        Dictionary<Cip13, StockLevel>? crossed = null;
        foreach (var cip13 in after.Moved)
            if (after.LevelOf(cip13) is var level && before.LevelOf(cip13) != level)
                (crossed ??= [])[cip13] = level;
        return crossed;
    }

    /// <summary>The event with what followed from it.</summary>
    public static OrderEvent Complete(OrderEvent change, OrderQueueState before, OrderQueueState after)
    {
        var (crossed, shortages) = (Crossed(before, after), Shortages(before, after));
        var complete = crossed is null && shortages is null ? change : change with { Levels = crossed, Short = shortages };
        return complete switch
        {
            StockCounted counted => counted with { Left = after.CountOf(counted.Cip13) },
            OneOrderEvent one when after.Touched.LastOrDefault(order => order.Id == one.Id) is { } order => one with { Left = new(order.State, order.Seq) },
            _ => complete,
        };
    }

    // Null where an event leaves none that was not there before it.
    private static StockShortage[]? Shortages(OrderQueueState before, OrderQueueState after)
    {
        List<StockShortage>? found = null;
        foreach (var cip13 in after.Moved)
            if (after.CountOf(cip13) is { IsShort: true } count && before.CountOf(cip13) != count)
                (found ??= []).Add(new(cip13, count.Held + count.ToReshelve, count.OnHand));
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
        var before = _state;
        _state = OrderQueue.Evolve(_state, OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span), row.Seq, row.At);
        if (OrderFacts.Crossed(before, _state) is not null)
            _written = (row.Seq, OrderFacts.Of(_state, row.Seq).Write());
    }

    /// <inheritdoc/>
    public override (long Seq, byte[] Payload)? Written() => _written;

    /// <inheritdoc/>
    public override byte[] InTodaysWords(ReadOnlySpan<byte> payload) => StockFacts.Read(payload).Write();
}
