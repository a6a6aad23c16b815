namespace Realtime.Keys;

/// <summary>
/// Keys that were read a short while ago. All live equally long, so the first in is the first out. Whoever puts in what he has read says when he began to read:
/// a key that was forgotten in between does not come back.
/// </summary>
/// <param name="time">Measures the lifetime.</param>
/// <param name="most">Keys it holds at most.</param>
/// <param name="lifetime">How long it keeps one.</param>
internal sealed class KeyCache(TimeProvider time, int most, TimeSpan lifetime)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _order = new();
    private long _forgets;

    /// <summary>The moment, as <see cref="Add"/> wants it.</summary>
    public long Now => Interlocked.Read(ref _forgets);

    /// <summary>The key, or null where it is not here, or no longer.</summary>
    public byte[]? Find(string id)
    {
        lock (_lock)
        {
            while (_order.First is { } oldest && time.GetElapsedTime(oldest.Value.Since) > lifetime)
                Drop(oldest);
            return _entries.TryGetValue(id, out var node) ? node.Value.Key : null;
        }
    }

    /// <summary>Puts a key in, unless something was forgotten since <paramref name="began"/>.</summary>
    public void Add(string id, byte[] key, long began)
    {
        lock (_lock)
        {
            if (began != _forgets || _entries.ContainsKey(id))
                return;
            if (_entries.Count == most)
                Drop(_order.First!);
            _entries.Add(id, _order.AddLast(new Entry(id, key, time.GetTimestamp())));
        }
    }

    /// <summary>Takes keys out, after they were erased from the store.</summary>
    public void Forget(IReadOnlyCollection<string> ids)
    {
        lock (_lock)
        {
            _forgets++;
            foreach (var id in ids)
                if (_entries.TryGetValue(id, out var node))
                    Drop(node);
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _entries.Remove(node.Value.Id);
        _order.Remove(node);
    }

    private readonly record struct Entry(string Id, byte[] Key, long Since);
}
