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
/// In every silo: sends what queues owe to people, one letter after the other, beside their work. What is owed stands in the queue's stream until it was sent, so nothing is
/// lost here: a letter that is dropped is put again by its queue.
/// </summary>
internal sealed partial class OrderPost(Mailer mailer, IGrainFactory grains, Clock clock, ILogger<OrderPost> log) : BackgroundService
{
    private const int Room = 10_000;
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)];
    private readonly Channel<Outgoing> _letters = Channel.CreateBounded<Outgoing>(new BoundedChannelOptions(Room) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Whether letters are sent at all.</summary>
    public bool IsOn => mailer.IsOn;

    /// <summary>Takes a letter, or drops it where too many wait.</summary>
    public void Put(Outgoing letter) => _letters.Writer.TryWrite(letter);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var letter in _letters.Reader.ReadAllAsync(stoppingToken))
            try
            {
                if (await Send(letter, stoppingToken))
                    await grains.GetGrain<IOrderQueueGrain>(letter.Queue.Value).Sent([letter.What]);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // It was sent, but the queue does not know: it will send once more, under the same id.
                LogUntold(failure.Message);
            }
    }

    // A letter that the server will never take is done with, as one that it took.
    private async Task<bool> Send(Outgoing letter, CancellationToken stopping)
    {
        for (var attempt = 0; ; attempt++)
            try
            {
                await mailer.Send(letter.Letter, stopping);
                return true;
            }
            catch (MailException failure)
            {
                LogFailed(failure.Message);
                if (failure.IsFinal || attempt == Waits.Length)
                    return failure.IsFinal;
                await Task.Delay(Waits[attempt], clock.Time, stopping);
            }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A letter was not sent: {Cause}")]
    private partial void LogFailed(string cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A letter was sent, and its queue could not be told: {Cause}")]
    private partial void LogUntold(string cause);
}
