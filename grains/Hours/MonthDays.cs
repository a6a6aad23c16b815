namespace Realtime.Hours;

/// <summary>Sets of calendar dates without a year: for each month a number whose bit d stands for day d.</summary>
internal static class MonthDays
{
    private static ReadOnlySpan<byte> Lengths => [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>The last day that the month, 1 to 12, ever has: 29 for February.</summary>
    public static int InMonth(int month) => Lengths[month - 1];

    /// <summary>Adds every date from the first to the last, both included; past the end of the year where the last is the earlier one.</summary>
    public static void Add(uint[] dates, (int Month, int Day) first, (int Month, int Day) last)
    {
        if (last.CompareTo(first) < 0)
        {
            Add(dates, first, (12, 31));
            first = (1, 1);
        }
        for (var month = first.Month; month <= last.Month; month++)
        {
            var from = month == first.Month ? first.Day : 1;
            var to = month == last.Month ? last.Day : 31;
            dates[month - 1] |= (uint)((1L << (to + 1)) - (1L << from));
        }
    }
}
