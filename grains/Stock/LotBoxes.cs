using NodaTime;

namespace Realtime.Stock;

/// <summary>Boxes of one lot of a product.</summary>
/// <param name="Code">The lot's code in capitals, as the box says it: 1 to 20 printable characters (GS1, AI 10).</param>
/// <param name="Expiry">The last day on which they may be handed out; null where nobody has said.</param>
/// <param name="Boxes">How many, 1 or more.</param>
[GenerateSerializer, Immutable, Alias("realtime.LotBoxes")]
internal readonly record struct LotBoxes([property: Id(0)] string Code, [property: Id(1)] LocalDate? Expiry, [property: Id(2)] int Boxes)
{
    /// <summary>Longest code.</summary>
    public const int LongestCode = 20;

    /// <summary>A lot that is handed out before another: the one that expires first, and one of which nobody has said when it does last of all.</summary>
    public static int FirstExpired(LotBoxes a, LotBoxes b) =>
        (a.Expiry ?? LocalDate.MaxIsoValue).CompareTo(b.Expiry ?? LocalDate.MaxIsoValue) is var order and not 0 ? order : string.CompareOrdinal(a.Code, b.Code);

    /// <summary>Whether its boxes may no longer be handed out on a day.</summary>
    public bool IsExpiredOn(LocalDate day) => Expiry < day;

    /// <summary>A code as it is compared: in capitals, without spaces around it.</summary>
    public static string CodeOf(string text) => text.Trim().ToUpperInvariant();

    /// <summary>The same, written into room of as many characters as the text has.</summary>
    public static ReadOnlySpan<char> CodeOf(ReadOnlySpan<char> text, Span<char> room) => room[..text.Trim().ToUpperInvariant(room)];
}

/// <summary>Boxes of one product that left the shelf in one week: handed over, or gone from one feed to the next.</summary>
/// <param name="Week">Days since Monday 5 January 1970, divided by seven; the week of UTC.</param>
/// <param name="Boxes">How many.</param>
[GenerateSerializer, Immutable, Alias("realtime.WeekBoxes")]
internal readonly record struct WeekBoxes([property: Id(0)] int Week, [property: Id(1)] int Boxes)
{
    /// <summary>So many weeks are remembered: a quarter of a year.</summary>
    public const int Kept = 13;

    private const int DaysPerWeek = 7;
    private static readonly LocalDate FirstMonday = new(1970, 1, 5);

    /// <summary>The week of an instant.</summary>
    public static int WeekOf(Instant at) => (int)Math.Floor((at - FirstMonday.AtMidnight().InUtc().ToInstant()).TotalDays / DaysPerWeek);
}
