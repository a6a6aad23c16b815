using System.Text;
using System.Text.Json;

namespace Realtime.Journal;

/// <summary>
/// Reads the whole journal once and finds the first place at which it is not what was written: each stream's chain, each lane without holes, each checkpoint's seal and root,
/// and the public facts. It keeps one row, the checkpoints (see <see cref="AuditCoverage"/>) and two numbers per lane; nothing per row or stream.
/// </summary>
/// <param name="scan">The store as it is at one moment.</param>
/// <param name="key">Of the installation.</param>
/// <param name="facts">How public facts follow from rows, by slice.</param>
/// <param name="checks">What is looked at.</param>
internal sealed class AuditVerification(JournalScan scan, AuditKey key, IReadOnlyList<PublicFacts> facts, AuditChecks checks = AuditChecks.All)
{
    private const int Step = 1_000;

    private readonly AuditReport _report = new();
    private readonly AuditCoverage _coverage = new();
    private readonly Dictionary<long, (long Rows, long Last)> _lanes = [];

    /// <summary>Does it.</summary>
    /// <param name="advance">Told of every so many rows that were read.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<AuditReport> Run(Action<int> advance, CancellationToken cancellation = default)
    {
        try
        {
            _report.Broken = await Checkpoints(cancellation) ?? await Streams(advance, cancellation);
            if (_report.Broken is null && checks.HasFlag(AuditChecks.Lanes))
                _report.Broken = await Lanes(cancellation);
            if (_report.Broken is null && checks.HasFlag(AuditChecks.Roots))
                _report.Broken = _coverage.FirstStrange();
        }
        catch (UnreadableRowException strange)
        {
            _report.Broken = strange.After.Seq == long.MinValue
                ? new("the first row", null, $"it holds what no row of the journal can ({strange.Message})")
                : new($"the row after {strange.After.Stream} row {strange.After.Seq}", strange.After.At, $"it holds what no row of the journal can ({strange.Message})");
        }
        return _report;
    }

    private async Task<BrokenLink?> Checkpoints(CancellationToken cancellation)
    {
        var chain = new StreamChain(AuditCheckpoint.Stream);
        await foreach (var row in scan.Rows(AuditCheckpoint.Stream, cancellation))
        {
            var before = chain.Last;
            if (chain.Take(row) is { } broken)
                return broken;
            if (Take(row, before) is { } wrong)
                return BrokenLink.At(row, wrong);
        }
        if (_coverage.Last is { } last)
            _report.Last = new AuditNote(last.Number, last.At, last.Root);
        _report.Checkpoints = _coverage.Count;
        return null;
    }

    private string? Take(JournalRow row, JournalRow? before)
    {
        if (Read(row) is not { } checkpoint)
            return "it is no checkpoint as this program writes them, and stands among them";
        if (checkpoint.Key != key.Id)
            return before is null
                ? $"it was sealed with another secret ({checkpoint.Key}) than the one that is given here ({key.Id}): give the installation's own"
                : $"it was sealed with another secret ({checkpoint.Key}) than the checkpoints before it ({key.Id}): it is forged, or the secret was replaced";
        if (!key.Fits(checkpoint))
            return "its seal does not fit what it says: it was altered or made by somebody without the secret";
        return checkpoint.Number != row.Seq || checkpoint.At != row.At || checkpoint.Previous != Convert.ToHexStringLower(before is null ? default : before.Hash.Span)
            ? "it is a checkpoint of another place, or does not follow from the one before it"
            : _coverage.Add(checkpoint);
    }

    // What is not written as this program writes it was written by somebody else, even where it says the same.
    private static AuditCheckpoint? Read(JournalRow row)
    {
        if (row.Event is not { Kind: AuditCheckpoint.Kind, Version: AuditCheckpoint.Version, Actor: AuditCheckpoint.Actor, Reason: AuditCheckpoint.Reason })
            return null;
        try
        {
            var checkpoint = AuditCheckpoint.Read(row.Event.Payload.Span);
            return checkpoint.Root.Length == 2 * JournalHash.Size && checkpoint.Write().AsSpan().SequenceEqual(row.Event.Payload.Span) ? checkpoint : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<BrokenLink?> Streams(Action<int> advance, CancellationToken cancellation)
    {
        await using var states = scan.PublicStates(cancellation).GetAsyncEnumerator(cancellation);
        var state = await states.MoveNextAsync() ? states.Current : null;
        AuditedStream? stream = null;
        var read = 0;
        await foreach (var row in scan.Rows(cancellation))
        {
            if (stream?.Name != row.Stream)
            {
                if (await Finish(stream) is { } unlike)
                    return unlike;
                stream = new AuditedStream(row.Stream, facts.FirstOrDefault(slice => row.Stream.StartsWith(slice.Prefix, StringComparison.Ordinal)), _coverage);
            }
            if (stream.Take(row) is { } broken)
                return broken;
            Count(row);
            if (++read % Step == 0)
                advance(Step);
        }
        advance(read % Step);
        return await Finish(stream) ?? (state is not null && checks.HasFlag(AuditChecks.Facts) ? Orphan(state) : null);

        // The public state of a stream is met where the stream ends; those that are passed on the way have no rows.
        async Task<BrokenLink?> Finish(AuditedStream? ended)
        {
            if (ended is null)
                return null;
            ended.Cover();
            for (; state is not null && ByBytes(state.Stream, ended.Name) < 0; state = await states.MoveNextAsync() ? states.Current : null)
                if (checks.HasFlag(AuditChecks.Facts))
                    return Orphan(state);
            var own = state?.Stream == ended.Name ? state : null;
            if (own is not null)
                state = await states.MoveNextAsync() ? states.Current : null;
            return checks.HasFlag(AuditChecks.Facts) ? ended.Compare(own, _report) : null;
        }
    }

    private static BrokenLink Orphan(PublicState state) => new(state.Stream, null, $"it has public facts, of row {state.Seq}, and no row: the stream was removed, or the facts were added");

    private void Count(JournalRow row)
    {
        var (rows, last) = _lanes.GetValueOrDefault(row.Lane);
        _lanes[row.Lane] = (rows + 1, Math.Max(last, row.N));
        if (row.Stream == AuditCheckpoint.Stream)
            return;
        _report.Rows++;
        _report.Streams += row.Seq == 1 ? 1 : 0;
        _report.Uncovered += _coverage.Of(row) is null ? 1 : 0;
    }

    private async Task<BrokenLink?> Lanes(CancellationToken cancellation)
    {
        var known = await scan.Lanes(cancellation);
        foreach (var lane in known.Keys.Union(_lanes.Keys).Union(_coverage.Lanes).Order())
        {
            var (rows, last) = _lanes.GetValueOrDefault(lane);
            var covered = _coverage.UpTo(lane);
            var ended = known.GetValueOrDefault(lane).Ended;
            if (rows != last)
                return await Missing(lane, await scan.FirstHole(lane, cancellation), "a row that was written here is missing", cancellation);
            if (last < covered)
                return await Missing(lane, last + 1, $"rows are missing: a checkpoint covers this lane up to {covered}", cancellation);
            if (last < ended)
                return await Missing(lane, last + 1, $"rows are missing: this lane ended at {ended}", cancellation);
            if (last > covered && _coverage.IsOver(lane))
                return await Missing(lane, last, $"a row was added: when the last checkpoint was taken this lane had ended at {covered}", cancellation);
            if (last > (ended ?? last))
                return await Missing(lane, last, $"a row was added: this lane had ended at {ended}", cancellation);
            if (!known.ContainsKey(lane))
                return await Missing(lane, last, "no writer has ever opened this lane", cancellation);
        }
        return null;
    }

    private async Task<BrokenLink> Missing(long lane, long n, string what, CancellationToken cancellation)
    {
        var (before, after) = await scan.Around(lane, n, cancellation);
        var place = string.Join(" and ", new[] { before is { } b ? $"after {b}" : null, after is { } a ? $"before {a}" : null }.OfType<string>());
        return new($"lane {lane} place {n}", (before ?? after)?.At, place.Length == 0 ? what : $"{what} ({place})");
    }

    /// <summary>Both stores order names so.</summary>
    private static int ByBytes(string left, string right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
}
