using NodaTime;

namespace Realtime.Mail;

/// <summary>Why somebody is written to. Numbers are stored: new ones come at the end.</summary>
public enum LetterKind : byte
{
    /// <summary>The order has arrived; <see cref="LetterFacts.Until"/> is when it will have been read.</summary>
    Placed,

    /// <summary>The pharmacy has taken it on.</summary>
    Accepted,

    /// <summary>Nobody has answered yet: the buyer had better phone.</summary>
    CallThem,

    /// <summary>The pharmacy proposes a change; <see cref="LetterFacts.Until"/> is when it must have been answered.</summary>
    Proposed,

    /// <summary>It can be fetched, until <see cref="LetterFacts.Until"/>.</summary>
    Ready,

    /// <summary>The pharmacy cannot take it on.</summary>
    Refused,

    /// <summary>Its time has run out.</summary>
    Expired,

    /// <summary>The pharmacy has changed its hours; it is now held until <see cref="LetterFacts.Until"/>.</summary>
    Moved,

    /// <summary>The pharmacy has written something on the page of the order.</summary>
    Message,

    /// <summary>It was called off.</summary>
    Cancelled,

    /// <summary>To the pharmacy: an order has waited for minutes without being acknowledged.</summary>
    HandOver,

    /// <summary>What somebody asked to be told about is available again.</summary>
    BackInStock,
}

/// <summary>What a letter may say: nothing of what was ordered, and nothing of who ordered it.</summary>
/// <param name="Id">Names the letter among all, and is the same whenever it is sent again.</param>
/// <param name="To">The mail address it goes to.</param>
/// <param name="PharmacyName">The pharmacy's name as it is shown.</param>
/// <param name="PharmacyPhone">Its telephone as it is shown, or null.</param>
/// <param name="Link">The page to open, with the secret that opens it behind <c>#</c>.</param>
/// <param name="Until">A time in the pharmacy's zone, for the kinds that have one; without one the letter says no time.</param>
public sealed record LetterFacts(string Id, string To, string PharmacyName, string? PharmacyPhone, string Link, LocalDateTime? Until);
