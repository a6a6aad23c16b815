using Realtime.Orders;
using Realtime.Stock;
using Till = Realtime.Tests.Orders.Counter;

namespace Realtime.Tests.Push;

/// <summary>When a browser is to be told, by what happened.</summary>
public sealed class OrderPushRulesTests
{
    private readonly Till _counter = new Till { HasEmail = false }.With(Till.Ibuprofen, 50);

    [Fact]
    public void Each_act_of_the_counter_is_news_and_no_act_of_the_buyer_is()
    {
        var id = Asked();
        Assert.Equal(OrderNews.None, Owed(id));
        _counter.Do(OrderQueue.Acknowledge(_counter.State, id));
        Assert.Equal(OrderNews.None, Owed(id));
        _counter.Do(OrderQueue.Accept(_counter.State, id, Till.Pharmacist, _counter.Page, _counter.Now));
        Assert.Equal(OrderNews.Accepted, Owed(id));
        _counter.Do(OrderQueue.Write(_counter.State, id, hand: null));
        Assert.Equal(OrderNews.Accepted, Owed(id));
        _counter.Do(OrderQueue.Write(_counter.State, id, Till.Preparer));
        Assert.Equal(OrderNews.Message, Owed(id));
        Tell(id);
        Assert.Equal(OrderNews.None, Owed(id));
        _counter.Do(OrderQueue.Ready(_counter.State, id, BoxCheck.None, Till.Pharmacist, _counter.Page, _counter.Now));
        Assert.Equal(OrderNews.Ready, Owed(id));
        _counter.Do(OrderQueue.Undo(_counter.State, id, hasReason: false, Till.Pharmacist, _counter.Page, OrderRules.Default, _counter.Now));
        Assert.Equal(OrderNews.Undone, Owed(id));
        Tell(id);
        _counter.Do(OrderQueue.Cancel(_counter.State, id));
        Assert.Empty(_counter.State.Telling);
    }

    [Fact]
    public void What_was_told_settles_nothing_newer()
    {
        var id = Asked();
        _counter.Do(OrderQueue.Accept(_counter.State, id, Till.Pharmacist, _counter.Page, _counter.Now));
        var first = _counter[id].Push!.Of;
        _counter.Do(OrderQueue.Ready(_counter.State, id, BoxCheck.None, Till.Pharmacist, _counter.Page, _counter.Now));

        _counter.Do(new PushSent(id, first));

        Assert.Equal(OrderNews.Ready, Owed(id));
    }

    [Fact]
    public void An_order_that_ends_stays_until_its_browser_was_told_and_then_nothing_of_the_browser_is_kept()
    {
        var id = Asked();
        _counter.Now = _counter[id].Deadlines.HeldUntil;
        while (OrderQueue.Pass(_counter.State, _counter.Page, _counter.Now).Happened is { } passed)
            _counter.Do(passed);
        Assert.Equal(OrderNews.Expired, Owed(id));
        Assert.Contains(id, _counter.State.Telling);
        Assert.DoesNotContain("push", System.Text.Encoding.UTF8.GetString(OrderJson.WriteOrder(_counter[id])), StringComparison.Ordinal);

        Tell(id);

        Assert.Empty(_counter.State.Orders);
        Assert.Empty(_counter.State.Telling);
        // Whatever is reported afterwards is about nobody.
        _counter.Do(new PushEnded(id));
    }

    [Fact]
    public void A_browser_that_is_gone_is_told_nothing_more_even_where_the_counter_goes_a_step_back()
    {
        var id = Asked();
        _counter.Do(OrderQueue.Accept(_counter.State, id, Till.Pharmacist, _counter.Page, _counter.Now));
        _counter.Do(OrderPushes.End(_counter.State, id));
        Assert.Null(OrderPushes.End(_counter.State, id).Happened);

        _counter.Do(OrderQueue.Undo(_counter.State, id, hasReason: false, Till.Pharmacist, _counter.Page, OrderRules.Default, _counter.Now));

        Assert.Null(_counter[id].Push);
        Assert.Empty(_counter.State.Telling);
    }

    [Fact]
    public void The_same_browser_asks_once_another_takes_its_place_and_of_an_order_that_is_over_nobody_is_told()
    {
        var id = Asked();
        Assert.Null(OrderPushes.Ask(_counter.State, id, "phone").Happened);
        Assert.NotNull(OrderPushes.Ask(_counter.State, id, "desk").Happened);
        _counter.Do(OrderQueue.Cancel(_counter.State, id));
        Assert.Equal(OrderRefusalKind.UnknownOrder, OrderPushes.Ask(_counter.State, id, "desk").Refusal!.Kind);
        var collected = _counter.PlaceUpTo(OrderState.Collected);
        Assert.Equal(OrderRefusalKind.WrongState, OrderPushes.Ask(_counter.State, collected, "desk").Refusal!.Kind);
    }

    private OrderNews Owed(OrderId id) => _counter[id].Push!.Owed;

    private OrderId Asked()
    {
        var id = _counter.Place();
        _counter.Do(((PushAsked)OrderPushes.Ask(_counter.State, id, "phone").Happened!) with { Sealed = [1, 2, 3] });
        return id;
    }

    private void Tell(OrderId id) => _counter.Do(new PushSent(id, _counter[id].Push!.Of));
}
