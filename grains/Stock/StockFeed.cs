using NodaTime;
using Realtime.Orders;
using Realtime.Products;

namespace Realtime.Stock;

/// <summary>What a feed says.</summary>
internal enum FeedKind : byte
{
    /// <summary>All that is there: what it does not name is not there.</summary>
    Snapshot,

    /// <summary>Only what changed since the feed before: what it does not name is as it was.</summary>
    Delta,
}

/// <summary>What the pharmacy's software says of the boxes on hand, as it crosses to the pharmacy's grain.</summary>
/// <param name="Kind">All, or what changed.</param>
/// <param name="Seq">Its number: one more than the last one's, the first is 1.</param>
/// <param name="TakenAt">When the boxes were counted.</param>
/// <param name="Fingerprint">SHA-256 of its text, by which it is recognized when it comes again.</param>
/// <param name="Lines">What it says.</param>
/// <param name="Accepted">Lines that were good.</param>
/// <param name="Rejected">Lines that were not.</param>
[GenerateSerializer, Immutable, Alias("realtime.StockFeed")]
internal sealed record StockFeed(
    [property: Id(0)] FeedKind Kind, [property: Id(1)] long Seq, [property: Id(2)] Instant TakenAt, [property: Id(3)] string Fingerprint, [property: Id(4)] FeedSet Lines,
    [property: Id(5)] int Accepted, [property: Id(6)] RejectedLines Rejected);

/// <summary>Why a line of a feed was not taken.</summary>
internal enum FeedError : byte
{
    /// <summary>It is no JSON object.</summary>
    InvalidJson,

    /// <summary>It has a member that is not known, or one twice.</summary>
    UnknownMember,

    /// <summary>Its code is no CIP13: thirteen digits from 34009, the last a check digit.</summary>
    InvalidCip13,

    /// <summary>No medicine on the market has its code.</summary>
    UnknownProduct,

    /// <summary>Its quantity is no whole number from 0 to 100,000.</summary>
    InvalidQuantity,

    /// <summary>Its lot is not 1 to 20 printable characters.</summary>
    InvalidLot,

    /// <summary>Its expiry is no day of the years 2000 to 2099.</summary>
    InvalidExpiry,

    /// <summary>It is longer than a line may be.</summary>
    LineTooLong,
}

/// <summary>The words of these errors: stable, for programs.</summary>
internal static class FeedErrors
{
    private static readonly string[] Words = ["invalid-json", "unknown-member", "invalid-cip13", "unknown-product", "invalid-quantity", "invalid-lot", "invalid-expiry", "line-too-long"];

    /// <summary>The word of an error.</summary>
    public static string WordOf(FeedError error) => Words[(int)error];
}

/// <summary>A line that was not taken.</summary>
/// <param name="Line">Its number in the feed, the header being 1.</param>
/// <param name="Error">Why.</param>
[GenerateSerializer, Immutable, Alias("realtime.RejectedLine")]
internal readonly record struct RejectedLine([property: Id(0)] int Line, [property: Id(1)] FeedError Error);

/// <summary>Lines of a feed that were not taken.</summary>
/// <param name="Count">How many.</param>
/// <param name="Listed">The first of them, at most <see cref="Most"/>.</param>
[GenerateSerializer, Immutable, Alias("realtime.RejectedLines")]
internal sealed record RejectedLines([property: Id(0)] int Count, [property: Id(1)] IReadOnlyList<RejectedLine> Listed)
{
    /// <summary>None.</summary>
    public static readonly RejectedLines None = new(0, []);

    /// <summary>So many are listed one by one.</summary>
    public const int Most = 2_000;
}

/// <summary>The answer to a feed.</summary>
/// <param name="Refusal">Why it was not taken; null where it was.</param>
/// <param name="Seq">Its number, or, where it was refused for that, the last that was taken.</param>
/// <param name="Accepted">Lines that were good.</param>
/// <param name="Rejected">Lines that were not.</param>
/// <param name="Replayed">Whether the very same had been taken before.</param>
[GenerateSerializer, Immutable, Alias("realtime.FeedAnswer")]
internal sealed record FeedAnswer(
    [property: Id(0)] OrderRefusal? Refusal, [property: Id(1)] long Seq, [property: Id(2)] int Accepted, [property: Id(3)] RejectedLines Rejected, [property: Id(4)] bool Replayed = false);

/// <summary>Where the feed of a pharmacy stands.</summary>
/// <param name="Seq">Number of the last feed that was taken; 0 for none.</param>
/// <param name="TakenAt">When its boxes were counted.</param>
/// <param name="FreshUntil">From when on it is too old to promise anything by.</param>
/// <param name="IsFresh">Whether it is believed now.</param>
/// <param name="Products">Products that somebody has spoken of.</param>
[GenerateSerializer, Immutable, Alias("realtime.FeedStanding")]
internal sealed record FeedStanding([property: Id(0)] long Seq, [property: Id(1)] Instant? TakenAt, [property: Id(2)] Instant? FreshUntil, [property: Id(3)] bool IsFresh, [property: Id(4)] int Products);

/// <summary>One product on the shelves, for the counter.</summary>
/// <param name="Cip13">Which.</param>
/// <param name="Boxes">Its boxes.</param>
/// <param name="Lots">Its lots, the first expired first.</param>
/// <param name="Left">Boxes that left, by week.</param>
[GenerateSerializer, Immutable, Alias("realtime.ShelfView")]
internal sealed record ShelfView(
    [property: Id(0)] Cip13 Cip13, [property: Id(1)] StockView Boxes, [property: Id(2)] IReadOnlyList<LotBoxes> Lots, [property: Id(3)] IReadOnlyList<WeekBoxes> Left);

/// <summary>All products on the shelves of one pharmacy.</summary>
/// <param name="Items">By code.</param>
/// <param name="Since">Since when boxes that leave are noted; null where none ever were.</param>
[GenerateSerializer, Immutable, Alias("realtime.ShelfViews")]
internal sealed record ShelfViews([property: Id(0)] IReadOnlyList<ShelfView> Items, [property: Id(1)] Instant? Since);
