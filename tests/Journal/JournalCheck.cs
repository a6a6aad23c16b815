using Realtime.Journal;

namespace Realtime.Tests.Journal;

/// <summary>What a journal must be after anything at all has happened to its writers.</summary>
internal static class JournalCheck
{
    /// <summary>Every row of the journal, by tailing it from its beginning.</summary>
    public static async Task<List<JournalRow>> Everything(IJournal journal)
    {
        var cursors = new LaneCursors();
        List<JournalRow> all = [];
        while (await journal.Tail(cursors, 1000, TestContext.Current.CancellationToken) is { Count: > 0 } rows)
            all.AddRange(rows);
        return all;
    }

    /// <summary>What is wrong, as sentences; empty where nothing is.</summary>
    /// <param name="rows">Every row.</param>
    /// <param name="acknowledged">Rows that somebody was told are durable.</param>
    /// <param name="inFlight">How many rows of one stream may be there although nobody was told so.</param>
    public static IReadOnlyList<string> Faults(IReadOnlyList<JournalRow> rows, IEnumerable<Acknowledgement> acknowledged, int inFlight)
    {
        var told = acknowledged.ToHashSet();
        var there = rows.Select(Acknowledgement.Of).ToHashSet();
        return
        [
            .. told.Where(ack => !there.Contains(ack)).Select(ack => $"{ack} was acknowledged and is missing"),
            .. rows.GroupBy(row => row.Stream).SelectMany(stream => InStream(stream, told, inFlight)),
            .. rows.GroupBy(row => row.Lane).SelectMany(InLane),
        ];
    }

    private static IEnumerable<string> InStream(IGrouping<string, JournalRow> stream, HashSet<Acknowledgement> told, int inFlight)
    {
        var rows = stream.OrderBy(row => row.Seq).ToList();
        if (!rows.Select(row => row.Seq).SequenceEqual(Enumerable.Range(1, rows.Count).Select(seq => (long)seq)))
            yield return $"{stream.Key} has a hole or a duplicate";
        if (JournalHash.FirstBroken(rows) is { } seq)
            yield return $"the chain of {stream.Key} breaks at {seq}";
        if (rows.Count(row => !told.Contains(Acknowledgement.Of(row))) is var extra && extra > inFlight)
            yield return $"{stream.Key} has {extra} rows that nobody was told of";
    }

    private static IEnumerable<string> InLane(IGrouping<long, JournalRow> lane)
    {
        if (!lane.Select(row => row.N).Order().SequenceEqual(Enumerable.Range(1, lane.Count()).Select(n => (long)n)))
            yield return $"lane {lane.Key} has a hole or a duplicate";
    }
}

/// <summary>A row that its writer was told is durable; the hash stands for all it says.</summary>
internal sealed record Acknowledgement(string Stream, long Seq, string Hash)
{
    public static Acknowledgement Of(JournalRow row) => new(row.Stream, row.Seq, Convert.ToHexString(row.Hash.Span));
}
