using Microsoft.Extensions.Time.Testing;
using Realtime.Pharmacies;
using Realtime.Web.Lgo;

namespace Realtime.Tests.Lgo;

public sealed class FeedGateTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FeedGate _gate;

    public FeedGateTests() => _gate = new(new Clock(_time));

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task As_many_are_inside_as_may_be_and_the_others_follow_in_the_order_in_which_they_came()
    {
        var inside = new Queue<IDisposable>();
        for (var i = 0; i < FeedGate.AtOnce; i++)
            inside.Enqueue(await Enter(i).AsTask());
        var waiting = Enumerable.Range(FeedGate.AtOnce, 3).Select(Enter).ToArray();
        Assert.All(waiting, one => Assert.False(one.IsCompleted));

        foreach (var next in waiting)
        {
            inside.Dequeue().Dispose();
            inside.Enqueue(await next.AsTask());
        }
    }

    [Fact]
    public async Task Of_one_pharmacy_one_is_inside_and_no_other_pharmacy_waits_for_its_second()
    {
        var first = await Enter(0).AsTask();
        var second = Enter(0);
        var other = await Enter(1).AsTask();
        Assert.False(second.IsCompleted);

        other.Dispose();
        Assert.False(second.IsCompleted);
        first.Dispose();
        Assert.NotNull(await second.AsTask());
    }

    [Fact]
    public async Task After_a_spell_of_work_no_feed_is_worked_on_for_as_long()
    {
        await Work(3);
        Assert.True(Work(0).IsCompletedSuccessfully);
        await Work(4);
        await Rests(7);
        Assert.True(Work(0).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_has_passed_since_is_rest_and_a_store_that_is_slow_is_no_work()
    {
        await Work(20);
        _time.Advance(TimeSpan.FromMilliseconds(15));
        await Rests(5);

        await Work(5_000);
        await Rests(50);
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_so_and_leaves_nothing_behind()
    {
        var first = await Enter(0).AsTask();
        var second = Enter(0);
        _time.Advance(FeedGate.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await second.WaitAsync(TimeSpan.FromSeconds(10)));
        first.Dispose();
        Assert.NotNull(await Enter(0).AsTask());
    }

    [Fact]
    public async Task Whose_caller_is_gone_waits_no_longer()
    {
        using var gone = new CancellationTokenSource();
        var first = await Enter(0).AsTask();
        var second = _gate.Enter(DemoCountry.IdOf(0), gone.Token);
        await gone.CancelAsync();

        Assert.Null(await second.WaitAsync(TimeSpan.FromSeconds(10)));
        first.Dispose();
        first.Dispose();
        Assert.NotNull(await Enter(0).AsTask());
        Assert.False(Enter(0).IsCompleted);
    }

    [Fact]
    public async Task More_than_may_wait_are_told_at_once()
    {
        for (var i = 0; i < FeedGate.AtOnce; i++)
            await Enter(i).AsTask();
        var waiting = Enumerable.Range(FeedGate.AtOnce, FeedGate.MostWaiting).Select(Enter).ToArray();

        Assert.Null(await Enter(FeedGate.AtOnce + FeedGate.MostWaiting));
        Assert.All(waiting, one => Assert.False(one.IsCompleted));
    }

    [Fact]
    public async Task Of_one_pharmacy_two_wait_and_others_find_room_however_often_it_calls()
    {
        var first = await Enter(0).AsTask();
        var waiting = Enumerable.Range(0, FeedGate.MostWaitingOfOne).Select(_ => Enter(0)).ToArray();
        for (var i = 0; i < FeedGate.MostWaiting; i++)
        {
            var more = Enter(0);
            Assert.True(more.IsCompleted);
            Assert.Null(await more);
        }
        Assert.All(waiting, one => Assert.False(one.IsCompleted));
        for (var i = 1; i < FeedGate.AtOnce; i++)
            await Enter(i).AsTask();
        Assert.False(Enter(FeedGate.AtOnce).IsCompleted);

        // Whoever leaves makes room.
        first.Dispose();
        await waiting[0].AsTask();
        Assert.False(Enter(0).IsCompleted);
        Assert.True(Enter(0).IsCompleted);
    }

    private async Task Rests(int milliseconds)
    {
        var next = Work(0);
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await next.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private Task<int> Work(int milliseconds) => _gate.Work(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            return Task.FromResult(0);
        },
        TestContext.Current.CancellationToken);

    private Task<IDisposable?> Enter(int pharmacy) => _gate.Enter(DemoCountry.IdOf(pharmacy), TestContext.Current.CancellationToken);
}

internal static class GateTurns
{
    /// <summary>The turn, which must come.</summary>
    public static async Task<IDisposable> AsTask(this Task<IDisposable?> turn) => await turn.WaitAsync(TimeSpan.FromSeconds(10)) ?? throw new InvalidOperationException("The turn did not come.");
}
