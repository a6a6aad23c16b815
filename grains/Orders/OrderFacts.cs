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
    public static IReadOnlyDictionary<Cip13, StockLevel> Crossed(OrderQueueState before, OrderQueueState after) =>
        after.Moved.Where(cip13 => before.LevelOf(cip13) != after.LevelOf(cip13)).ToDictionary(cip13 => cip13, after.LevelOf);

    /// <summary>The event with what followed from it.</summary>
    public static OrderEvent Complete(OrderEvent change, OrderQueueState before, OrderQueueState after)
    {
        var crossed = Crossed(before, after);
        var shortages = after.Moved.Where(cip13 => after.CountOf(cip13) is { IsShort: true } && before.CountOf(cip13) != after.CountOf(cip13))
            .Select(cip13 => (cip13, count: after.CountOf(cip13)!.Value)).Select(pair => new StockShortage(pair.cip13, pair.count.Held + pair.count.ToReshelve, pair.count.OnHand)).ToArray();
        var complete = change with { Levels = crossed.Count > 0 ? crossed : null, Short = shortages.Length > 0 ? shortages : null };
        return complete switch
        {
            StockCounted counted => counted with { Left = after.CountOf(counted.Cip13) },
            OneOrderEvent one when after.Touched.LastOrDefault(order => order.Id == one.Id) is { } order => one with { Left = new(order.State, order.Seq) },
            _ => complete,
        };
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
        if (OrderFacts.Crossed(before, _state).Count > 0)
            _written = (row.Seq, OrderFacts.Of(_state, row.Seq).Write());
    }

    /// <inheritdoc/>
    public override (long Seq, byte[] Payload)? Written() => _written;

    /// <inheritdoc/>
    public override byte[] InTodaysWords(ReadOnlySpan<byte> payload) => StockFacts.Read(payload).Write();
}
