using System.Net.Sockets;
using System.Text.RegularExpressions;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Realtime.Mail;

/// <summary>
/// What went wrong at the mail server, in words that may be logged. Until a letter was begun the server's own words are repeated. After that only its codes
/// are (RFC 5321, RFC 3463): it may quote the address or the letter in its answer.
/// </summary>
internal static partial class MailFailure
{
    // What a server said may be as long as it likes.
    private const int LongestAnswer = 200;

    /// <summary>Whether an exception is a failure of the server or of the way there, and not of this program.</summary>
    public static bool Is(Exception e) =>
        e is SocketException or IOException or TimeoutException or OperationCanceledException or NotSupportedException
            or SslHandshakeException or AuthenticationException or CommandException or ProtocolException or ServiceNotConnectedException or ServiceNotAuthenticatedException;

    /// <summary>The failure as the caller learns it.</summary>
    /// <param name="options">Names the server.</param>
    /// <param name="cause">For which <see cref="Is"/> is true; it is not passed on, since it may hold the address.</param>
    /// <param name="begun">Whether the connection stood and the letter was being sent.</param>
    public static MailException Of(MailOptions options, Exception cause, bool begun) =>
        new($"The mail server {options.SmtpHost}:{options.SmtpPort} {Reason(cause, begun)}.", isFinal: begun && IsFinal(cause));

    private static string Reason(Exception cause, bool begun) => cause switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } refusal => $"refused the sender: {Answer(refusal)}",
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted } refusal => $"refused the recipient: {Codes(refusal)}",
        SmtpCommandException refusal => begun ? $"refused the letter: {Codes(refusal)}" : $"refused: {Answer(refusal)}",
        AuthenticationException or ServiceNotAuthenticatedException => $"did not let this service sign in: {OneLine(cause.Message)}",
        SslHandshakeException { ServerCertificate: not null } => "could not be trusted: its certificate is out of date, names another host, or is vouched for by nobody whom this machine trusts",
        SslHandshakeException => $"could not agree on encryption: {OneLine((cause.InnerException ?? cause).Message)}",
        OperationCanceledException or TimeoutException => $"did not answer within {Mailer.Patience.TotalSeconds:0} seconds",
        NotSupportedException => $"cannot do what is needed: {OneLine(cause.Message)}",
        SocketException when !begun => $"cannot be reached: {OneLine(cause.Message)}",
        _ => $"broke off: {OneLine(cause.Message)}",
    };

    // Sender and sign-in are the settings' affair: once they are mended the letter may go.
    private static bool IsFinal(Exception cause) => cause switch
    {
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted } => false,
        SmtpCommandException refusal => (int)refusal.StatusCode >= 500,
        // The address has letters that this server does not take (RFC 6531).
        NotSupportedException => true,
        _ => false,
    };

    private static string Answer(SmtpCommandException refusal) => $"{(int)refusal.StatusCode} {OneLine(refusal.Message)}";

    private static string Codes(SmtpCommandException refusal) => $"{(int)refusal.StatusCode} {EnhancedCode().Match(refusal.Message)}".TrimEnd();

    private static string OneLine(string text)
    {
        var line = Letter.OneLine(text).Trim().TrimEnd('.');
        return line.Length <= LongestAnswer ? line : line[..LongestAnswer];
    }

    [GeneratedRegex(@"^[245]\.\d{1,3}\.\d{1,3}(?=\s|$)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex EnhancedCode();
}
