using MailKit.Net.Smtp;
using MimeKit;

namespace Realtime.Mail;

/// <summary>
/// Hands letters to the mail server, one at a time over one connection, which is closed some seconds after the last. It keeps no queue: whoever has a letter keeps it
/// until <see cref="Send"/> has returned, and sends it again where that failed. It logs nothing.
/// </summary>
public sealed class Mailer : IDisposable
{
    /// <summary>How long one letter may take from its turn on, the connection included.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long the connection stays open after the last letter.</summary>
    internal static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private readonly MailOptions _options;
    private readonly Clock _clock;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ITimer _idle;
    private SmtpConnection? _connection;
    private long _lastUse;

    /// <summary>Connects to nothing until there is a letter.</summary>
    public Mailer(MailOptions options, Clock clock)
    {
        (_options, _clock) = (options, clock);
        _idle = clock.Time.CreateTimer(_ => _ = CloseIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether there is a mail server to send to.</summary>
    public bool IsOn => _options.SmtpHost is not null;

    /// <summary>Hands a letter over; it is the server's once this returns. Letters wait for one another: a call may take many times ten seconds where the server is slow.</summary>
    /// <exception cref="MailException">The server did not take it, or is not known to have; the message may be logged.</exception>
    /// <exception cref="InvalidOperationException">There is no mail server: ask <see cref="IsOn"/> first.</exception>
    public async Task Send(Letter letter, CancellationToken cancellation = default)
    {
        if (!IsOn)
            throw new InvalidOperationException("There is no mail server to send to.");
        using var message = letter.ToMessage(_options.From, _clock.Now);
        await _turn.WaitAsync(cancellation);
        try
        {
            await HandOver(message, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Closes the connection; a letter under way fails.</summary>
    public void Dispose()
    {
        _idle.Dispose();
        _connection?.Dispose();
    }

    private async Task HandOver(MimeMessage message, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, _clock.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        var begun = false;
        try
        {
            var connection = await Connect(limit.Token);
            begun = true;
            await connection.Send(message, limit.Token);
        }
        catch (Exception cause) when (MailFailure.Is(cause))
        {
            // After a plain refusal the next letter may still go; after anything else nobody knows what the server waits for.
            if (cause is not SmtpCommandException)
                Drop();
            cancellation.ThrowIfCancellationRequested();
            throw MailFailure.Of(_options, cause, begun);
        }
        finally
        {
            _lastUse = _clock.Time.GetTimestamp();
            _idle.Change(Idle, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task<SmtpConnection> Connect(CancellationToken cancellation)
    {
        if (_connection is not null && !await _connection.TakesMore(cancellation))
            await Close(cancellation);
        return _connection ??= await SmtpConnection.Open(_options, cancellation);
    }

    private async Task CloseIdle()
    {
        await _turn.WaitAsync();
        try
        {
            // A letter may have gone out between the timer and this turn: its own timer follows.
            if (_clock.Time.GetElapsedTime(_lastUse) < Idle)
                return;
            using var patience = new CancellationTokenSource(Patience, _clock.Time);
            await Close(patience.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task Close(CancellationToken cancellation)
    {
        var connection = _connection;
        _connection = null;
        if (connection is not null)
            await connection.Close(cancellation);
    }

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
