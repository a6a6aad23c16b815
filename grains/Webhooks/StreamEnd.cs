using Realtime.Journal;

namespace Realtime.Webhooks;

/// <summary>Finds the last row of a stream that somebody else owns without reading the stream: rows are numbered from 1 without holes.</summary>
internal static class StreamEnd
{
    /// <summary>The number of a stream's last row, 0 where it has none; in twice as many single rows as the number has binary digits.</summary>
    public static async Task<long> Of(IJournal journal, string stream)
    {
        // Row low is there, row high is not.
        var (low, high) = (0L, 1L);
        while (await journal.ReadRow(stream, high) is not null)
            (low, high) = (high, high * 2);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = await journal.ReadRow(stream, middle) is null ? (low, middle) : (middle, high);
        }
        return low;
    }
}
