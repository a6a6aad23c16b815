using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using NodaTime;

namespace Realtime.Idempotency;

/// <summary>A request that was carried out.</summary>
/// <param name="Request">How it is recognized.</param>
/// <param name="Seq">The row that it left behind.</param>
/// <param name="At">When it was decided.</param>
public sealed record AnsweredRequest(RequestKey Request, long Seq, Instant At);

/// <summary>
/// The requests of one stream that were carried out in the last <see cref="Kept"/>, evolved from the stream's rows: it is lost only where the
/// rows are. Only success is remembered; a refused request is decided anew. Immutable.
/// </summary>
public sealed class AnsweredRequests
{
    /// <summary>How long a key is known.</summary>
    public static readonly Duration Kept = Duration.FromDays(7);

    /// <summary>No request.</summary>
    public static readonly AnsweredRequests None = new([], ImmutableDictionary.Create<string, AnsweredRequest>(StringComparer.Ordinal));

    private readonly ImmutableQueue<AnsweredRequest> _byAge;
    private readonly ImmutableDictionary<string, AnsweredRequest> _byKey;

    private AnsweredRequests(ImmutableQueue<AnsweredRequest> byAge, ImmutableDictionary<string, AnsweredRequest> byKey) => (_byAge, _byKey) = (byAge, byKey);

    /// <summary>Those that are kept, the oldest first.</summary>
    public IEnumerable<AnsweredRequest> All => _byAge;

    /// <summary>How many are known.</summary>
    public int Count => _byKey.Count;

    /// <summary>What was kept, as <see cref="All"/> gave it.</summary>
    public static AnsweredRequests Of(IEnumerable<AnsweredRequest> all) =>
        all.Aggregate(None, (answered, one) => new(answered._byAge.Enqueue(one), answered._byKey.SetItem(one.Request.Key, one)));

    /// <summary>The request that came with this key before, unless that is too long ago.</summary>
    public bool TryFind(string key, Instant now, [NotNullWhen(true)] out AnsweredRequest? answered) =>
        _byKey.TryGetValue(key, out answered) && now - answered.At < Kept;

    /// <summary>With one more, where the row came of a request with a key; without those that are too old by then.</summary>
    public AnsweredRequests After(RequestKey? request, long seq, Instant at)
    {
        var (byAge, byKey) = (_byAge, _byKey);
        while (!byAge.IsEmpty && at - byAge.Peek().At >= Kept)
        {
            byAge = byAge.Dequeue(out var old);
            // A key that was used again after its time is a younger request's now.
            if (ReferenceEquals(byKey.GetValueOrDefault(old.Request.Key), old))
                byKey = byKey.Remove(old.Request.Key);
        }
        if (request is null)
            return ReferenceEquals(byAge, _byAge) ? this : new(byAge, byKey);
        var one = new AnsweredRequest(request, seq, at);
        return new(byAge.Enqueue(one), byKey.SetItem(request.Key, one));
    }
}
