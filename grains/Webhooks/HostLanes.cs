using System.Diagnostics.CodeAnalysis;

namespace Realtime.Webhooks;

/// <summary>
/// Calls to hosts that others name: so many run at once, and so many of these to one host, in the order in which they came, so that hosts that hang hold up themselves.
/// </summary>
/// <param name="mostAtOnce">Calls at once.</param>
/// <param name="mostPerHost">Of these, to one host.</param>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "A SemaphoreSlim whose wait handle nobody asks for holds nothing, and calls may end after their owner.")]
internal sealed class HostLanes(int mostAtOnce, int mostPerHost)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _slots = new(mostAtOnce);

    /// <summary>Takes a call, to be made when its turn comes.</summary>
    /// <param name="host">Host and port.</param>
    /// <param name="call">Makes it; it throws nothing.</param>
    public void Put(string host, Func<Task> call)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(host, out var lane))
                _lanes[host] = lane = new();
            lane.Waiting.Enqueue(call);
            if (lane.Running == mostPerHost)
                return;
            lane.Running++;
            _ = Task.Run(() => Run(host, lane));
        }
    }

    private async Task Run(string host, Lane lane)
    {
        while (Next(host, lane) is { } call)
        {
            await _slots.WaitAsync();
            try
            {
                await call();
            }
            finally
            {
                _slots.Release();
            }
        }
    }

    private Func<Task>? Next(string host, Lane lane)
    {
        lock (_gate)
        {
            if (lane.Waiting.TryDequeue(out var call))
                return call;
            if (--lane.Running == 0)
                _lanes.Remove(host);
            return null;
        }
    }

    private sealed class Lane
    {
        public Queue<Func<Task>> Waiting { get; } = [];

        public int Running { get; set; }
    }
}
