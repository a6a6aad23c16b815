using Realtime.Journal;
using Realtime.Orders;
using Realtime.Pharmacies;
using Realtime.Web.Live;

namespace Realtime.Web.Lgo;

/// <summary>
/// Wakes whoever on this node waits for news of a pharmacy's orders, whichever node they were written on. Who waits hangs up a bell before the orders are read, so that no
/// change falls between the two. Where nobody waits, rows are passed over unread.
/// </summary>
internal sealed class OrderBells : IRowFollower
{
    /// <summary>Bells of one pharmacy; one more rings the oldest, which is most often of a connection that is gone.</summary>
    public const int Most = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<PharmacyId, List<Bell>> _byPharmacy = [];

    /// <inheritdoc/>
    public string Prefix => OrderJson.Prefix;

    /// <summary>How many hang on this node.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _byPharmacy.Values.Sum(bells => bells.Count);
        }
    }

    /// <summary>Hangs one up; it comes down when whoever waits disposes of it.</summary>
    public Bell Hang(PharmacyId pharmacy)
    {
        var bell = new Bell(this, pharmacy);
        lock (_gate)
        {
            if (!_byPharmacy.TryGetValue(pharmacy, out var bells))
                _byPharmacy[pharmacy] = bells = [];
            bells.Add(bell);
            foreach (var older in bells.SkipLast(Most))
                older.Ring(forGood: true);
        }
        return bell;
    }

    /// <inheritdoc/>
    /// <remarks>Nobody waits yet.</remarks>
    public ValueTask Begin(IJournal journal, CancellationToken stopping) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask Take(IReadOnlyList<JournalRow> rows, IJournal journal, CancellationToken stopping)
    {
        foreach (var row in rows)
            if (PharmacyId.TryParse(row.Stream[Prefix.Length..], out var pharmacy) && IsAwaited(pharmacy)
                && OrderJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span).Touches.Any())
                Ring(pharmacy);
        return ValueTask.CompletedTask;
    }

    private bool IsAwaited(PharmacyId pharmacy)
    {
        lock (_gate)
            return _byPharmacy.ContainsKey(pharmacy);
    }

    private void Ring(PharmacyId pharmacy)
    {
        lock (_gate)
            if (_byPharmacy.TryGetValue(pharmacy, out var bells))
                bells.ForEach(bell => bell.Ring(forGood: false));
    }

    /// <summary>One bell.</summary>
    internal sealed class Bell(OrderBells all, PharmacyId pharmacy) : IDisposable
    {
        private TaskCompletionSource _next = New();

        /// <summary>Whether there is no more to wait for, since newer bells have taken its place.</summary>
        public bool IsOver { get; private set; }

        /// <summary>Ends at the first ring from here on; at once where it is over.</summary>
        public Task Listen()
        {
            lock (all._gate)
            {
                if (!IsOver)
                    _next = New();
                return _next.Task;
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (all._gate)
                if (all._byPharmacy.TryGetValue(pharmacy, out var bells) && bells.Remove(this) && bells.Count == 0)
                    all._byPharmacy.Remove(pharmacy);
        }

        /// <summary>Rings; whoever calls holds the lock.</summary>
        public void Ring(bool forGood)
        {
            IsOver |= forGood;
            _next.TrySetResult();
        }

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
