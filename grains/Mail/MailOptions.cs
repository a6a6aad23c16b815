using System.ComponentModel.DataAnnotations;
using System.Net;
using MailKit.Security;
using Microsoft.Extensions.Configuration;
using MimeKit;

namespace Realtime.Mail;

/// <summary>Settings under <c>Realtime</c> of what sends letters, the same on every silo; a wrong or incomplete one stops the start with its name.</summary>
public sealed class MailOptions
{
    /// <summary>The mail server that takes the letters, by name or address; without one no mail is sent.</summary>
    public string? SmtpHost { get; set; }

    /// <summary>Its port, 1 to 65,535: 587 with <c>starttls</c>, mostly 465 with <c>tls</c>.</summary>
    [Range(1, 65_535)]
    public int SmtpPort { get; set; } = 587;

    /// <summary>How the way there is encrypted: <c>starttls</c> or <c>tls</c>, either one required of the server; or <c>none</c>, on this very machine only.</summary>
    [RegularExpression("^(none|starttls|tls)$", MatchTimeoutInMilliseconds = 1_000, ErrorMessage = "takes none, starttls or tls.")]
    public string SmtpSecurity { get; set; } = "starttls";

    /// <summary>Under which name this service is known to the mail server; without one it does not sign in there.</summary>
    public string? SmtpUser { get; set; }

    /// <summary>What it proves that with.</summary>
    public string? SmtpPassword { get; set; }

    /// <summary>The address that letters come from, alone or as <c>Name &lt;address&gt;</c>.</summary>
    public string? MailFrom { get; set; }

    /// <summary>
    /// How long a letter that the server does not take just now waits before it is tried again, in milliseconds, 100 to 60,000; then five times as long, and then again. Less than the
    /// default is for tests.
    /// </summary>
    [Range(100, 60_000)]
    public int MailWaitMilliseconds { get; set; } = 1_000;

    /// <summary><see cref="MailFrom"/> as it stands in a letter.</summary>
    /// <exception cref="InvalidOperationException">There is none, since no mail is sent.</exception>
    internal MailboxAddress From => Mailbox.Of(MailFrom) ?? throw new InvalidOperationException("Without a mail server there is no sender either.");

    /// <summary><see cref="SmtpSecurity"/> as the client takes it; neither form falls back to a plain connection.</summary>
    internal SecureSocketOptions Encryption => SmtpSecurity switch
    {
        "none" => SecureSocketOptions.None,
        "tls" => SecureSocketOptions.SslOnConnect,
        _ => SecureSocketOptions.StartTls,
    };

    /// <summary>The settings of a process.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">One is of the wrong kind, out of range, missing or not allowed here; the message names it.</exception>
    internal static MailOptions Read(IConfiguration configuration)
    {
        var options = RealtimeOptions.Read<MailOptions>(configuration);
        Require(options.MailFrom is null || Mailbox.Of(options.MailFrom) is not null, nameof(MailFrom), "takes one mail address, such as no-reply@pharmacies.example.");
        Require(options.SmtpUser is null || options.SmtpPassword is not null, nameof(SmtpPassword), $"is missing for {RealtimeOptions.Variable(nameof(SmtpUser))}.");
        Require(options.SmtpPassword is null || options.SmtpUser is not null, nameof(SmtpUser), $"is missing for {RealtimeOptions.Variable(nameof(SmtpPassword))}.");
        if (options.SmtpHost is not { } host)
            return options;
        Require(Uri.CheckHostName(host) != UriHostNameType.Unknown, nameof(SmtpHost), "takes the name or the IP address of a mail server, without a port.");
        Require(options.MailFrom is not null, nameof(MailFrom), $"is missing: {RealtimeOptions.Variable(nameof(SmtpHost))} is there, and letters need a sender.");
        Require(options.SmtpSecurity != "none" || IsThisMachine(host), nameof(SmtpSecurity), "'none' is for a mail server on this machine only: elsewhere letters and the password could be read on the way.");
        return options;
    }

    private static void Require(bool holds, string member, string sentence)
    {
        if (!holds)
            throw RealtimeOptions.Refusal($"{RealtimeOptions.Variable(member)}: {sentence}");
    }

    private static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
