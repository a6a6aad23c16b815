using System.Collections.Concurrent;

namespace Realtime.Keys;

/// <summary>
/// Keys that are durable and not given to anybody yet. Half of a block before they run out the next block is made, in the background: only who finds none at all waits.
/// What is left when the process ends is never used.
/// </summary>
/// <param name="make">Makes a block of keys and returns it once it is durable.</param>
/// <param name="time">Measures the pause after a failure.</param>
internal sealed class KeyPool(Func<Task<IReadOnlyList<OrderKey>>> make, TimeProvider time)
{
    /// <summary>Keys in a block: half of one outlasts the writing of the next where a thousand orders are under way at once.</summary>
    public const int Block = 4_096;

    /// <summary>While keys are left, a store that failed is not asked again before this time has passed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<OrderKey> _keys = new();
    private readonly Lock _lock = new();
    private Task _refill = Task.CompletedTask;
    private long _failed; // when; 0 for not, or not since it last went well

    /// <summary>A key; each is given once.</summary>
    /// <exception cref="KeysUnavailableException">None is left, and making more failed.</exception>
    public async ValueTask<OrderKey> Take(CancellationToken cancellation)
    {
        OrderKey? key;
        while (!_keys.TryDequeue(out key))
            await Refilled(isUrgent: true).WaitAsync(cancellation);
        if (_keys.Count < Block / 2)
            _ = Refilled(isUrgent: false);
        return key;
    }

    /// <summary>The refill under way, or a new one where it is time for one; at most one is.</summary>
    private Task Refilled(bool isUrgent)
    {
        lock (_lock)
        {
            // Whether it failed is noted before it is over.
            if (_refill.IsCompleted && _keys.Count < Block / 2 && (isUrgent || IsRested()))
                // Away from the caller's scheduler: a grain's would do nothing else until the block is written.
                _refill = Task.Run(Refill, CancellationToken.None);
            return _refill;
        }
    }

    private async Task Refill()
    {
        try
        {
            foreach (var key in await make())
                _keys.Enqueue(key);
            Volatile.Write(ref _failed, 0);
        }
        catch (KeysUnavailableException)
        {
            Volatile.Write(ref _failed, time.GetTimestamp());
            throw;
        }
    }

    private bool IsRested() => Volatile.Read(ref _failed) is var since && (since == 0 || time.GetElapsedTime(since) > Pause);
}
