using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Web.Edge;
using Realtime.Web.Orders;

namespace Realtime.Web.Lgo;

/// <summary>Pages of what changed of a pharmacy's orders. Where nothing did, a caller may wait for what comes: the queue is asked again only when this node has seen that there is something.</summary>
internal sealed class OrderFeed(OrderCalls calls, OrderBells bells, Clock clock, IHostApplicationLifetime life)
{
    /// <summary>The page behind a row; empty where nothing came in time, the caller is gone or the node stops. Null where the node had too much to do when something came.</summary>
    /// <param name="context">The call, which is no load while it waits.</param>
    /// <param name="pharmacy">Whose orders.</param>
    /// <param name="after">The row that the caller has read up to.</param>
    /// <param name="limit">Most orders of the page.</param>
    /// <param name="wait">The longest that it may wait.</param>
    public async Task<OrderChanges?> Next(HttpContext context, PharmacyId pharmacy, long after, int limit, TimeSpan wait)
    {
        var queue = calls.QueueOf(pharmacy);
        if (wait == TimeSpan.Zero)
            return await queue.Changes(after, limit);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        var end = Task.Delay(wait, clock.Time, over.Token);
        using var bell = bells.Hang(pharmacy);
        try
        {
            while (true)
            {
                var rung = bell.Listen();
                var page = await queue.Changes(after, limit);
                if (page.Items.Count > 0 || page.Last < after || end.IsCompleted || bell.IsOver)
                    return page;
                after = page.Seq;
                // Rows about nothing that is booked, as most feeds are, are passed over.
                if (page.Seq < page.Last)
                    continue;
                var turn = Turn.Of(context);
                turn.GiveUp();
                await Task.WhenAny(rung, end);
                // A node that stops works on nothing more: nobody needs a place to be told so.
                if (over.IsCancellationRequested)
                    return page;
                if (!turn.TryTake())
                    return null;
            }
        }
        finally
        {
            // Leaves no timer behind.
            await over.CancelAsync();
        }
    }
}
