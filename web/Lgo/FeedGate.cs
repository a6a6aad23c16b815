using Realtime.Pharmacies;

namespace Realtime.Web.Lgo;

/// <summary>
/// Lets few feeds be read at a time, and of one pharmacy one, so that memory stays bounded however many come at once. Those that wait have their turn in the order in which
/// they came; their bodies wait with the sender.
/// </summary>
internal sealed class FeedGate(Clock clock) : IDisposable
{
    /// <summary>Feeds that are read at a time.</summary>
    public const int AtOnce = 4;

    /// <summary>Feeds that wait; more are told to come back.</summary>
    public const int MostWaiting = 500;

    /// <summary>Feeds of one pharmacy that wait: a connector that has run wild keeps nobody else out.</summary>
    public const int MostWaitingOfOne = 2;

    /// <summary>The longest that one waits before it is told so.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // However many are read, one is worked on at a time, and after each spell of work none is for as long: the other processors, and half of that one, are the orders'.
    private static readonly TimeSpan Spell = TimeSpan.FromMilliseconds(4), LongestRest = TimeSpan.FromMilliseconds(50);
    private readonly SemaphoreSlim _work = new(1, 1);
    // Of whoever works: how long they did since they rested last, and when the rest that is due began.
    private TimeSpan _worked;
    private long _restsSince;
    private readonly Lock _gate = new();
    private readonly HashSet<PharmacyId> _inside = [];
    private readonly LinkedList<Waiting> _waiting = [];

    /// <inheritdoc/>
    public void Dispose() => _work.Dispose();

    /// <summary>Does a piece of the work of a feed that is inside, once no other feed is worked on.</summary>
    public async Task<T> Work<T>(Func<Task<T>> work, CancellationToken stopping)
    {
        await _work.WaitAsync(stopping);
        try
        {
            await RestIfDue(stopping);
            return await Timed(work);
        }
        finally
        {
            _work.Release();
        }
    }

    /// <summary>Waits for the turn of a pharmacy's feed; null where it does not come in time, or where too many wait already. Who has it gives it back by disposing of it.</summary>
    public async Task<IDisposable?> Enter(PharmacyId pharmacy, CancellationToken stopping)
    {
        LinkedListNode<Waiting> node;
        lock (_gate)
        {
            if (TryAdmit(pharmacy))
                return new Inside(this, pharmacy);
            if (_waiting.Count >= MostWaiting || _waiting.Count(one => one.Pharmacy == pharmacy) >= MostWaitingOfOne)
                return null;
            node = _waiting.AddLast(new Waiting(pharmacy));
        }
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(node.Value.Turn.Task, Task.Delay(Patience, clock.Time, over.Token));
        await over.CancelAsync();
        lock (_gate)
        {
            // Its turn may have come in the very moment in which it gave up.
            if (node.List is null)
                return new Inside(this, pharmacy);
            _waiting.Remove(node);
            return null;
        }
    }

    private async Task<T> Timed<T>(Func<Task<T>> work)
    {
        var since = clock.Time.GetTimestamp();
        try
        {
            return await work();
        }
        finally
        {
            _restsSince = clock.Time.GetTimestamp();
            _worked += clock.Time.GetElapsedTime(since, _restsSince);
        }
    }

    // As long as they worked, less what has passed since; a store that is slow is no work of ours, and is waited for only so long.
    private async Task RestIfDue(CancellationToken stopping)
    {
        if (_worked < Spell)
            return;
        var rest = (_worked < LongestRest ? _worked : LongestRest) - clock.Time.GetElapsedTime(_restsSince);
        if (rest > TimeSpan.Zero)
            await Task.Delay(rest, clock.Time, stopping);
        _worked = TimeSpan.Zero;
    }

    private bool TryAdmit(PharmacyId pharmacy) => _inside.Count < AtOnce && _inside.Add(pharmacy);

    private void Leave(PharmacyId pharmacy)
    {
        lock (_gate)
        {
            _inside.Remove(pharmacy);
            for (var node = _waiting.First; node is not null && _inside.Count < AtOnce;)
            {
                var next = node.Next;
                if (TryAdmit(node.Value.Pharmacy))
                {
                    _waiting.Remove(node);
                    node.Value.Turn.SetResult();
                }
                node = next;
            }
        }
    }

    private sealed record Waiting(PharmacyId Pharmacy)
    {
        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Inside(FeedGate gate, PharmacyId pharmacy) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!_left)
                gate.Leave(pharmacy);
            _left = true;
        }
    }
}
