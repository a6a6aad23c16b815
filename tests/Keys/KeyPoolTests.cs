using Microsoft.Extensions.Time.Testing;
using Realtime.Keys;

namespace Realtime.Tests.Keys;

/// <summary>Who waits for keys, and for how many.</summary>
public sealed class KeyPoolTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SemaphoreSlim _asked = new(0);
    private TaskCompletionSource<IReadOnlyList<OrderKey>> _made = new();
    private int _makings;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_is_given_a_key_before_it_is_durable()
    {
        var pool = Pool();
        var first = pool.Take(Cancellation).AsTask();
        await _asked.WaitAsync(Cancellation);
        var second = pool.Take(Cancellation).AsTask();
        Assert.False(first.IsCompleted || second.IsCompleted);
        _made.SetResult(Block());
        Assert.NotEqual((await first).Id, (await second).Id);
        Assert.Equal(1, _makings);
    }

    [Fact]
    public async Task The_next_block_is_made_when_half_is_used_and_nobody_waits_for_it()
    {
        var pool = Pool();
        _made.SetResult(Block());
        await Take(pool, KeyPool.Block / 2);
        Assert.Equal(1, _makings);
        _made = new();
        for (var i = 0; i < KeyPool.Block / 2; i++)
            Assert.True(pool.Take(Cancellation).AsTask().IsCompletedSuccessfully);
        await _asked.WaitAsync(Cancellation);
        await _asked.WaitAsync(Cancellation);
        Assert.Equal(2, _makings);
        var waits = pool.Take(Cancellation).AsTask();
        Assert.False(waits.IsCompleted);
        _made.SetResult(Block());
        await waits;
    }

    [Fact]
    public async Task Who_waits_may_give_up_and_leaves_his_key_to_others()
    {
        var pool = Pool();
        using var patience = new CancellationTokenSource();
        var waits = pool.Take(patience.Token).AsTask();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits);
        _made.SetResult(Block());
        await Take(pool, 100);
        Assert.Equal(1, _makings);
    }

    [Fact]
    public async Task After_a_failure_the_store_is_asked_again_a_second_later_or_by_who_finds_no_key()
    {
        var pool = Pool();
        _made.SetResult(Block());
        await Take(pool, KeyPool.Block / 2);
        _made = new();
        _made.SetException(new KeysUnavailableException("gone"));
        await Take(pool, 1);
        await Asked(2);
        await Take(pool, 100);
        Assert.Equal(2, _makings);
        _time.Advance(TimeSpan.FromSeconds(1.5));
        await Take(pool, 1);
        await Asked(3);
        await Take(pool, KeyPool.Block / 2 - 102);
        Assert.Equal(3, _makings);
        await Assert.ThrowsAsync<KeysUnavailableException>(async () => await pool.Take(Cancellation));
        Assert.InRange(_makings, 3, 4);
        _made = new();
        _made.SetResult(Block());
        await pool.Take(Cancellation);
    }

    public void Dispose() => _asked.Dispose();

    private KeyPool Pool() => new(
        () =>
        {
            Interlocked.Increment(ref _makings);
            _asked.Release();
            return _made.Task;
        },
        _time);

    private static List<OrderKey> Block() => [.. Enumerable.Range(0, KeyPool.Block).Select(_ => KeyWrapping.Make(default))];

    private static async Task Take(KeyPool pool, int keys)
    {
        for (var i = 0; i < keys; i++)
            await pool.Take(Cancellation);
    }

    private async Task Asked(int makings)
    {
        while (Volatile.Read(ref _makings) < makings)
            await _asked.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
    }
}
