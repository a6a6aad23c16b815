using MimeKit;

namespace Realtime.Mail;

/// <summary>What is a mail address: one, whole and on one line, so that nothing can be slipped in beside it.</summary>
internal static class Mailbox
{
    // RFC 5321, 4.5.3.1.3, as RFC 3696's erratum 1690 counts it.
    private const int Longest = 254;

    private static readonly ParserOptions Strict = new()
    {
        AddressParserComplianceMode = RfcComplianceMode.Strict,
        AllowAddressesWithoutDomain = false,
        AllowUnquotedCommasInAddresses = false,
    };

    /// <summary>The one address that a text is, with the name that may stand before it; null where it is anything else.</summary>
    public static MailboxAddress? Of(string? text) =>
        text is not null && !text.Any(char.IsControl) && MailboxAddress.TryParse(Strict, text, out var mailbox) && mailbox.Route.Count == 0 && mailbox.Address.Length <= Longest
            ? mailbox
            : null;

    /// <summary>
    /// The address of a person: nothing but itself, and in a domain that has a dot, since what has none, or is a number in brackets, is a machine nearby.
    /// Null where it is anything else.
    /// </summary>
    public static MailboxAddress? OfPerson(string? text) =>
        Of(text) is { } mailbox && mailbox.Address == text && mailbox.Domain.Contains('.') && !mailbox.Domain.StartsWith('[') ? mailbox : null;
}
