using NodaTime;

namespace Realtime.Web.Stock;

/// <summary>
/// Whose levels are too old to be believed, by the pharmacy's number in <see cref="Shelves"/>. One thread writes at a time; any number ask <see cref="IsStale"/> meanwhile without a lock.
/// </summary>
internal sealed class ShelfAges
{
    // A pharmacy stands in the queue at one instant at most that is still good: a feed only moves its end, which is looked at when the old one comes.
    private readonly PriorityQueue<int, Instant> _due = new();
    private readonly Dictionary<int, Life> _lives = [];
    private bool[] _stale = [];

    /// <summary>When the next pharmacy may come to be stale; the end of time where none will.</summary>
    public Instant Next => _due.TryPeek(out _, out var due) ? due : Instant.MaxValue;

    /// <summary>Whether a pharmacy's levels are too old to be believed.</summary>
    public bool IsStale(int number)
    {
        var stale = Volatile.Read(ref _stale);
        return number < stale.Length && Volatile.Read(ref stale[number]);
    }

    /// <summary>Says until when a pharmacy's levels are believed; null for ever. Whether they are stale changed when this is true.</summary>
    public bool Put(int number, Instant? until, Instant now)
    {
        if (until is not { } end)
        {
            _lives.Remove(number);
            return Mark(number, false);
        }
        var queued = _lives.TryGetValue(number, out var life) ? life.Queued : Instant.MaxValue;
        if (end > now && end < queued)
            _due.Enqueue(number, queued = end);
        _lives[number] = new(end, queued);
        return Mark(number, end <= now);
    }

    /// <summary>Takes one pharmacy whose levels have come to be stale; false where there is none left.</summary>
    public bool TryAge(Instant now, out int number)
    {
        while (_due.TryPeek(out number, out var due) && due <= now)
        {
            _due.Dequeue();
            if (!_lives.TryGetValue(number, out var life) || life.Queued != due)
                continue;
            _lives[number] = life with { Queued = Instant.MaxValue };
            if (Put(number, life.Until, now))
                return true;
        }
        return false;
    }

    /// <summary>The clock has been set back: every pharmacy whose levels are believed again.</summary>
    public IReadOnlyList<int> Restart(Instant now) => [.. _lives.ToArray().Where(one => Put(one.Key, one.Value.Until, now)).Select(one => one.Key)];

    private bool Mark(int number, bool isStale)
    {
        if (IsStale(number) == isStale)
            return false;
        // The larger copy is complete before a reader gets hold of it.
        if (number >= _stale.Length)
            Volatile.Write(ref _stale, [.. _stale, .. new bool[number + 1 + (number / 8) - _stale.Length]]);
        Volatile.Write(ref _stale[number], isStale);
        return true;
    }

    /// <summary>Until when levels are believed, and at which instant the pharmacy stands in the queue; the end of time where it does not.</summary>
    private readonly record struct Life(Instant Until, Instant Queued);
}
