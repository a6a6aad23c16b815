using MailKit.Net.Smtp;
using MimeKit;

namespace Realtime.Mail;

/// <summary>One connection to the mail server, signed in where the settings say so; used by one letter at a time.</summary>
internal sealed class SmtpConnection : IDisposable
{
    // Servers commonly take a hundred letters over one connection, and then hang up.
    private const int MostLetters = 100;

    private readonly SmtpClient _client;
    private int _letters;

    private SmtpConnection(SmtpClient client) => _client = client;

    /// <summary>Connects; failures are those of <see cref="MailFailure.Is"/>.</summary>
    public static async Task<SmtpConnection> Open(MailOptions options, CancellationToken cancellation)
    {
        // The chain, name and dates of the certificate are checked. Whether it was revoked is not: a silo that may reach
        // its mail server alone cannot ask the authority, and no letter would leave it.
        var client = new SmtpClient { CheckCertificateRevocation = false };
        try
        {
            await client.ConnectAsync(options.SmtpHost!, options.SmtpPort, options.Encryption, cancellation);
            if (options is { SmtpUser: { } user, SmtpPassword: { } password })
                await client.AuthenticateAsync(user, password, cancellation);
            return new SmtpConnection(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Whether it takes another letter: asked before each, since the server may have hung up meanwhile, and a letter lost by that would look as if it were on its way.</summary>
    public async Task<bool> TakesMore(CancellationToken cancellation)
    {
        if (_letters >= MostLetters || !_client.IsConnected)
            return false;
        try
        {
            await _client.NoOpAsync(cancellation);
            return true;
        }
        catch (Exception gone) when (gone is not OperationCanceledException && MailFailure.Is(gone))
        {
            // Nothing was under way, and the next connection will show whether the server is there.
            return false;
        }
    }

    /// <summary>Hands a letter over; it is the server's once this returns.</summary>
    public Task Send(MimeMessage message, CancellationToken cancellation)
    {
        _letters++;
        return _client.SendAsync(message, cancellation);
    }

    /// <summary>Takes leave and closes.</summary>
    public async Task Close(CancellationToken cancellation)
    {
        using (_client)
        {
            try
            {
                await _client.DisconnectAsync(quit: true, cancellation);
            }
            catch (Exception gone) when (MailFailure.Is(gone))
            {
                // Every letter was acknowledged before: a leave that nobody hears loses nothing.
            }
        }
    }

    /// <summary>Closes without a word.</summary>
    public void Dispose() => _client.Dispose();
}
