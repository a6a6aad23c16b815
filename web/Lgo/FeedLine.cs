using System.Buffers;
using System.Text.Json;
using NodaTime;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Web.Lgo;

/// <summary>One line of a feed after its header: <c>{ cip13, quantity, lot?, expiry? }</c>.</summary>
/// <param name="Cip13">Of which product.</param>
/// <param name="Quantity">Boxes on hand, 0 to <see cref="MostBoxes"/>.</param>
/// <param name="Lot">Code of their lot; null where it is not said.</param>
/// <param name="Expiry">The last day on which they may be handed out; null where it is not said.</param>
internal readonly record struct FeedLine(Cip13 Cip13, int Quantity, string? Lot, LocalDate? Expiry)
{
    /// <summary>Most boxes of one line.</summary>
    public const int MostBoxes = 100_000;

    private static readonly SearchValues<char> OfLots = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(one => (char)one)]);

    /// <summary>Reads a line; null where it is good, else the first thing that is wrong with it, in the order of <see cref="FeedError"/>.</summary>
    /// <param name="line">Its bytes, without the line break.</param>
    /// <param name="isKnown">Whether there is such a product.</param>
    /// <param name="read">What it says, where it is good; its product, where there is such a product and something else is wrong.</param>
    public static FeedError? Read(ReadOnlySpan<byte> line, Func<Cip13, bool> isKnown, out FeedLine read)
    {
        read = default;
        var members = new FeedLineMembers();
        if (!FeedJson.TryRead(line, ref members))
            return FeedError.InvalidJson;
        if (members.HasUnknown)
            return FeedError.UnknownMember;
        if (!Cip13.TryParse(members.Cip13, out var product))
            return FeedError.InvalidCip13;
        if (!isKnown(product))
            return FeedError.UnknownProduct;
        read = new(product, 0, null, null);
        if (members.Quantity is not (>= 0 and <= MostBoxes))
            return FeedError.InvalidQuantity;
        if (members.HasLot && !IsLot(members.Lot))
            return FeedError.InvalidLot;
        if (!TryReadExpiry(members, out var expiry))
            return FeedError.InvalidExpiry;
        read = new(product, members.Quantity, members.Lot, expiry);
        return null;
    }

    private static bool IsLot(string? lot) => lot is not null && !lot.AsSpan().ContainsAnyExcept(OfLots) && lot.AsSpan().Trim().Length is >= 1 and <= LotBoxes.LongestCode;

    private static bool TryReadExpiry(FeedLineMembers members, out LocalDate? expiry)
    {
        expiry = null;
        return !members.HasExpiry || FeedJson.TryReadDay(members.Expiry, out expiry);
    }
}

/// <summary>The members of a line, as they stand there.</summary>
internal struct FeedLineMembers() : IFeedMembers
{
    private bool _hasCip13, _hasQuantity, _hasLot, _hasExpiry;

    /// <summary>Its code; null where it is none or no text.</summary>
    public string? Cip13 { get; private set; }

    /// <summary>Its boxes; -1 where it does not say, or not as a whole number.</summary>
    public int Quantity { get; private set; } = -1;

    /// <summary>Whether it names a lot.</summary>
    public bool HasLot { get; private set; }

    /// <summary>That lot; null where it is no text.</summary>
    public string? Lot { get; private set; }

    /// <summary>Whether it says until when.</summary>
    public bool HasExpiry { get; private set; }

    /// <summary>What it says of that; null where it is no text.</summary>
    public string? Expiry { get; private set; }

    /// <summary>Whether a member is none of these, or comes twice and so has two meanings.</summary>
    public bool HasUnknown { get; private set; }

    /// <inheritdoc/>
    public void Take(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("cip13"u8))
        {
            Once(ref _hasCip13);
            Cip13 = FeedJson.Text(ref json);
        }
        else if (json.ValueTextEquals("quantity"u8))
        {
            Once(ref _hasQuantity);
            Quantity = FeedJson.Whole(ref json) is >= 0 and <= int.MaxValue and var boxes ? (int)boxes : -1;
        }
        else if (json.ValueTextEquals("lot"u8))
        {
            Once(ref _hasLot);
            Lot = FeedJson.Text(ref json);
            HasLot = json.TokenType != JsonTokenType.Null;
        }
        else if (json.ValueTextEquals("expiry"u8))
        {
            Once(ref _hasExpiry);
            Expiry = FeedJson.Text(ref json);
            HasExpiry = json.TokenType != JsonTokenType.Null;
        }
        else
        {
            HasUnknown = true;
        }
    }

    private void Once(ref bool seen)
    {
        HasUnknown |= seen;
        seen = true;
    }
}
