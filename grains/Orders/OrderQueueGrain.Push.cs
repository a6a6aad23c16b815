using System.Globalization;
using NodaTime;
using Realtime.Idempotency;
using Realtime.Journal;
using Realtime.Keys;
using Realtime.Push;

namespace Realtime.Orders;

/// <summary>What browsers are told of orders, at least once for each last news: what is owed stands in the stream until the push service has it.</summary>
internal sealed partial class OrderQueueGrain
{
    private readonly Dictionary<OrderId, (long Of, Instant At)> _told = [];

    /// <inheritdoc/>
    public async Task<OrderAnswer> TellBrowser(OrderId id, PushSubscription subscription, RequestKey? request) =>
        pushes.Refuse(subscription.Endpoint) is { } fault ? Answer(new OrderRefusal(OrderRefusalKind.PushAddress) { Address = fault })
        : await Do(id, request, Buyer, "a browser asked to be told", (state, _, _) => OrderPushes.Ask(state, id, secrets.PushCodeOf(id, subscription)),
            async happened => (PushAsked)happened with { Sealed = await Seal(id, PushPlace(id), subscription.Write()) });

    /// <inheritdoc/>
    public Task<OrderAnswer> TellNobody(OrderId id) => Do(id, null, Buyer, "no browser is told any more", (state, _, _) => OrderPushes.End(state, id));

    /// <inheritdoc/>
    public async Task Pushed(OrderId id, long of, bool isGone)
    {
        // Another browser may have asked meanwhile, or there is something newer to be told: that is not settled by this.
        if (!State.Orders.TryGetValue(id, out var order) || order.Push?.Of != of)
            return;
        _told.Remove(id);
        await Happen(isGone ? new PushEnded(id) : new PushSent(id, of), Time, isGone ? "the browser is not there any more" : "the browser was told", JournalRows.AsStored(clock.Now));
    }

    // As with letters: it stays owed, and is tried again within a minute, where anything that is needed does not answer.
    private async ValueTask TellBrowsers()
    {
        try
        {
            foreach (var order in State.Telling.Select(id => State.Orders[id]).ToArray())
                if (IsToBeTold(order))
                    await TellBrowser(order);
            if (State.Telling.Count == 0)
                _told.Clear();
        }
        catch (Exception failure) when (failure is JournalException or TimeoutException or OrleansException)
        {
            LogOwed(failure.Message);
        }
    }

    // Without its key nobody can be told any more.
    private async ValueTask TellBrowser(Order order)
    {
        var push = order.Push!;
        if (await Opened(order.KeyId) is { } key)
        {
            _told[order.Id] = (push.Of, clock.Now);
            pushes.Put(new(order.Id, push.Of, push.Owed, PushSubscription.Read(OrderSealing.Open(key, PushPlace(order.Id), push.Sealed))));
        }
        else
            await Append(new PushEnded(order.Id), Time, "there is nobody to tell", JournalRows.AsStored(clock.Now));
    }

    private bool IsToBeTold(Order order) => !_told.TryGetValue(order.Id, out var before) || before.Of != order.Push!.Of || clock.Now - before.At >= PutAgain;

    private static string PushPlace(OrderId id) => string.Create(CultureInfo.InvariantCulture, $"{id}/push");
}
