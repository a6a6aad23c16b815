using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Mail;
using Realtime.Pharmacies;

namespace Realtime.Orders;

/// <summary>A letter on its way, and what its queue is told once it is the mail server's.</summary>
/// <param name="Queue">Whose order it is about.</param>
/// <param name="What">What was owed.</param>
/// <param name="Letter">The letter.</param>
internal sealed record Outgoing(PharmacyId Queue, NoticeSent What, Letter Letter);

/// <summary>
/// In every silo: sends what queues owe to people, one letter after the other, beside their work; one that the server does not take just now waits while others go out. What
/// is owed stands in the queue's stream until it was sent, so nothing is lost here: a letter that is dropped is put again by its queue.
/// </summary>
internal sealed partial class OrderPost(Mailer mailer, MailOptions options, IGrainFactory grains, Clock clock, ILogger<OrderPost> log) : BackgroundService
{
    private const int Room = 10_000;
    private const int Longer = 5;

    private readonly TimeSpan[] _waits = [.. ((int[])[1, Longer, Longer * Longer]).Select(times => times * TimeSpan.FromMilliseconds(options.MailWaitMilliseconds))];

    // What is here: a letter that its queue puts again meanwhile goes out once.
    private readonly ConcurrentDictionary<NoticeSent, Outgoing> _here = new();
    private readonly Channel<(Outgoing Letter, int Attempt)> _letters = Channel.CreateUnbounded<(Outgoing, int)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Whether letters are sent at all.</summary>
    public bool IsOn => mailer.IsOn;

    /// <summary>Takes a letter, unless it is here already; drops it where too many are.</summary>
    public void Put(Outgoing letter)
    {
        if (_here.Count < Room && _here.TryAdd(letter.What, letter))
            _letters.Writer.TryWrite((letter, 0));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (letter, attempt) in _letters.Reader.ReadAllAsync(stoppingToken))
            try
            {
                await mailer.Send(letter.Letter, stoppingToken);
                await Tell(letter);
            }
            catch (MailException failure)
            {
                LogFailed(failure.Message);
                // One that the server will never take is done with, as one that it took.
                if (failure.IsFinal)
                    await Tell(letter);
                else if (attempt < _waits.Length)
                    _ = Again(letter, attempt, stoppingToken);
                else
                    _here.TryRemove(letter.What, out _);
            }
            catch (Exception broken) when (!stoppingToken.IsCancellationRequested)
            {
                // One letter that breaks keeps no other from going out; it stays owed.
                LogBroken(broken.GetType().Name);
                _here.TryRemove(letter.What, out _);
            }
    }

    private async Task Again(Outgoing letter, int attempt, CancellationToken stopping)
    {
        await Task.Delay(_waits[attempt], clock.Time, stopping);
        _letters.Writer.TryWrite((letter, attempt + 1));
    }

    private async Task Tell(Outgoing letter)
    {
        _here.TryRemove(letter.What, out _);
        try
        {
            await grains.GetGrain<IOrderQueueGrain>(letter.Queue.Value).Sent([letter.What]);
        }
        catch (Exception failure)
        {
            // It was sent, but the queue does not know, whatever kept it from hearing: it will send once more.
            LogUntold(failure.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A letter was not sent: {Cause}")]
    private partial void LogFailed(string cause);

    [LoggerMessage(Level = LogLevel.Error, Message = "A letter could not be written: {Kind}")]
    private partial void LogBroken(string kind);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A letter was sent, and its queue could not be told: {Cause}")]
    private partial void LogUntold(string cause);
}
