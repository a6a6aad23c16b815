using System.Security.Cryptography;
using System.Text;
using MimeKit;
using NodaTime;

namespace Realtime.Mail;

/// <summary>A letter as it is handed to the mail server: plain text, no pictures, nothing that tells whether it was read.</summary>
/// <param name="Id">Names this letter among all; sent again, it goes out under the same <c>Message-Id</c>, so that whoever got it twice can tell.</param>
/// <param name="To">One mail address, without a name.</param>
/// <param name="Subject">One line; line breaks and other control characters become spaces.</param>
/// <param name="Text">Lines of text; control characters other than line breaks become spaces.</param>
public sealed record Letter(string Id, string To, string Subject, string Text)
{
    /// <summary>The letter with all its headers.</summary>
    /// <exception cref="MailException"><see cref="To"/> is no address.</exception>
    internal MimeMessage ToMessage(MailboxAddress from, Instant now)
    {
        var message = new MimeMessage { Subject = OneLine(Subject), Date = now.ToDateTimeOffset(), MessageId = MessageId(from) };
        message.From.Add(from);
        message.To.Add(Mailbox.OfPerson(To) ?? throw new MailException("A letter has no address that a mail server could take.", isFinal: true));
        // RFC 3834: nobody's holiday notice answers it.
        message.Headers.Add("Auto-Submitted", "auto-generated");
        var body = new TextPart("plain");
        body.SetText(Encoding.UTF8, string.Join("\r\n", Text.ReplaceLineEndings("\n").Split('\n').Select(OneLine)));
        message.Body = body;
        return message;
    }

    /// <summary>A text on one line.</summary>
    internal static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));

    // A hash, since an id may hold what a header must not.
    private string MessageId(MailboxAddress from) =>
        $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Id)).AsSpan(0, 16))}@{from.GetAddress(idnEncode: true).Split('@')[^1]}";
}
