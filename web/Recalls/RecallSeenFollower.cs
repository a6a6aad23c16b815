using Realtime.Journal;
using Realtime.Recalls;
using Realtime.Web.Counter;
using Realtime.Web.Live;

namespace Realtime.Web.Recalls;

/// <summary>Tells the other screens of a pharmacy that somebody there has seen a recall.</summary>
internal sealed class RecallSeenFollower(Counters counters) : IRowFollower
{
    /// <inheritdoc/>
    public string Prefix => RecallStreams.Prefix;

    /// <inheritdoc/>
    /// <remarks>Nobody watches yet.</remarks>
    public ValueTask Begin(IJournal journal, CancellationToken stopping) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask Take(IReadOnlyList<JournalRow> rows, IJournal journal, CancellationToken stopping)
    {
        foreach (var row in rows)
            if (RecallJson.Read(row.Event.Kind, row.Event.Version, row.Event.Payload.Span) is RecallAcknowledged seen && counters.HasAnybody(seen.Pharmacy))
                counters.Tell(seen.Pharmacy, new CounterRecallSeen(row.Stream[Prefix.Length..]));
        return ValueTask.CompletedTask;
    }
}
