namespace Realtime.Journal;

/// <summary>Walks one stream from its first row and says where it stops being whole.</summary>
internal sealed class StreamChain(string stream)
{
    /// <summary>The last row that was whole; null for none.</summary>
    public JournalRow? Last { get; private set; }

    /// <summary>Takes the next row of the stream; what is wrong with it, or null.</summary>
    public BrokenLink? Take(JournalRow row)
    {
        var expected = (Last?.Seq ?? 0) + 1;
        if (row.Seq != expected)
            return new($"{stream} row {expected}", row.At, $"it is missing: {(Last is null ? "the stream begins" : $"after the row before it, of {Last.At}, the stream goes on")} with row {row.Seq}");
        if (!JournalHash.Of(Last is null ? default : Last.Hash.Span, row).AsSpan().SequenceEqual(row.Hash.Span))
            return BrokenLink.At(row, Last is null
                ? "its hash is not that of what stands there: it was altered after it was written"
                : "its hash is not that of what stands there and of the row before it: one of the two was altered after it was written");
        Last = row;
        return null;
    }
}
