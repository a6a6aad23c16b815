using System.Buffers;
using System.Text.Json;
using NodaTime;
using Realtime.Products;
using Realtime.Stock;

namespace Realtime.Web.Lgo;

/// <summary>One line of a feed after its header: <c>{ cip13, quantity, lot?, expiry? }</c>. Nothing is allocated for it: ten thousand come in a feed.</summary>
internal readonly ref struct FeedLine
{
    /// <summary>Most boxes of one line.</summary>
    public const int MostBoxes = 100_000;

    /// <summary>Characters of room that reading one takes.</summary>
    public const int Room = FeedLineMembers.Texts * FeedJson.LongestText;

    private static readonly SearchValues<char> OfLots = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(one => (char)one)]);

    /// <summary>Of which product.</summary>
    public Cip13 Cip13 { get; private init; }

    /// <summary>Boxes on hand, 0 to <see cref="MostBoxes"/>.</summary>
    public int Quantity { get; private init; }

    /// <summary>Code of their lot; empty where it is not said.</summary>
    public ReadOnlySpan<char> Lot { get; private init; }

    /// <summary>The last day on which they may be handed out; null where it is not said.</summary>
    public LocalDate? Expiry { get; private init; }

    /// <summary>Reads a line; null where it is good, else the first thing that is wrong with it, in the order of <see cref="FeedError"/>.</summary>
    /// <param name="line">Its bytes, without the line break.</param>
    /// <param name="isKnown">Whether there is such a product.</param>
    /// <param name="room">Of <see cref="Room"/> characters; what was read stands in it.</param>
    /// <param name="read">What it says, where it is good; its product, where there is such a product and something else is wrong.</param>
    public static FeedError? Read(ReadOnlySpan<byte> line, Func<Cip13, bool> isKnown, Span<char> room, out FeedLine read)
    {
        read = default;
        var members = new FeedLineMembers(room);
        if (!FeedJson.TryRead(line, ref members))
            return FeedError.InvalidJson;
        if (members.HasUnknown)
            return FeedError.UnknownMember;
        if (!Cip13.TryParse(members.Cip13, out var product))
            return FeedError.InvalidCip13;
        if (!isKnown(product))
            return FeedError.UnknownProduct;
        read = new() { Cip13 = product };
        if (members.Quantity is not (>= 0 and <= MostBoxes))
            return FeedError.InvalidQuantity;
        if (members.HasLot && !IsLot(members.Lot))
            return FeedError.InvalidLot;
        var expiry = default(LocalDate);
        if (members.HasExpiry && !FeedJson.TryReadDay(members.Expiry, out expiry))
            return FeedError.InvalidExpiry;
        read = new() { Cip13 = product, Quantity = members.Quantity, Lot = members.Lot, Expiry = members.HasExpiry ? expiry : null };
        return null;
    }

    private static bool IsLot(ReadOnlySpan<char> lot) => !lot.ContainsAnyExcept(OfLots) && lot.Trim().Length is >= 1 and <= LotBoxes.LongestCode;
}

/// <summary>The members of a line, as they stand there.</summary>
internal ref struct FeedLineMembers(Span<char> room) : IFeedMembers
{
    /// <summary>How many of them are texts.</summary>
    public const int Texts = 3;

    private readonly Span<char> _room = room;
    private bool _hasCip13, _hasQuantity, _hasLot, _hasExpiry;

    /// <summary>Its code; empty where it is none or no text.</summary>
    public ReadOnlySpan<char> Cip13 { get; private set; }

    /// <summary>Its boxes; -1 where it does not say, or not as a whole number.</summary>
    public int Quantity { get; private set; } = -1;

    /// <summary>Whether it names a lot.</summary>
    public bool HasLot { get; private set; }

    /// <summary>That lot; empty where it is no text.</summary>
    public ReadOnlySpan<char> Lot { get; private set; }

    /// <summary>Whether it says until when.</summary>
    public bool HasExpiry { get; private set; }

    /// <summary>What it says of that; empty where it is no text.</summary>
    public ReadOnlySpan<char> Expiry { get; private set; }

    /// <summary>Whether a member is none of these, or comes twice and so has two meanings.</summary>
    public bool HasUnknown { get; private set; }

    /// <inheritdoc/>
    public void Take(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("cip13"u8))
        {
            Once(ref _hasCip13);
            Cip13 = TextOf(0, ref json);
        }
        else if (json.ValueTextEquals("quantity"u8))
        {
            Once(ref _hasQuantity);
            Quantity = FeedJson.Whole(ref json) is >= 0 and <= int.MaxValue and var boxes ? (int)boxes : -1;
        }
        else if (json.ValueTextEquals("lot"u8))
        {
            Once(ref _hasLot);
            Lot = TextOf(1, ref json);
            HasLot = json.TokenType != JsonTokenType.Null;
        }
        else if (json.ValueTextEquals("expiry"u8))
        {
            Once(ref _hasExpiry);
            Expiry = TextOf(2, ref json);
            HasExpiry = json.TokenType != JsonTokenType.Null;
        }
        else
        {
            HasUnknown = true;
        }
    }

    // Each has room of its own; empty where it is no text.
    private readonly ReadOnlySpan<char> TextOf(int which, scoped ref Utf8JsonReader json)
    {
        var own = _room.Slice(which * FeedJson.LongestText, FeedJson.LongestText);
        return own[..(FeedJson.Text(ref json, own) ?? 0)];
    }

    private void Once(ref bool seen)
    {
        HasUnknown |= seen;
        seen = true;
    }
}
