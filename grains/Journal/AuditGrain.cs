using Microsoft.Extensions.Logging;
using NodaTime;
using Realtime.Identity;

namespace Realtime.Journal;

/// <summary>Writes a checkpoint about each minute in which something changed, wherever in the cluster it lives.</summary>
[GrainType("audit")]
public sealed partial class AuditGrain(IJournal journal, JournalDialect dialect, Secret secret, Clock clock, ILogger<AuditGrain> log) : Grain, IAuditGrain
{
    // Called every 20 s: what is due after 50 s is written each minute.
    private static readonly Duration Due = Duration.FromSeconds(50);

    private CheckpointWriter? _writer;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        var key = new AuditKey(secret);
        _writer = await CheckpointWriter.Begin(journal, dialect, key, cancellationToken);
        if (_writer.Last is { } last && !key.Fits(last))
            LogStrange(last.Number, last.Key == key.Id ? "its seal does not fit" : "another secret sealed it");
    }

    /// <inheritdoc/>
    public async Task<AuditNote?> Tick()
    {
        var writer = _writer ?? throw new InvalidOperationException("The grain is not active yet.");
        if (IsDue(writer.Last))
            try
            {
                await writer.Cover(() => clock.Now);
            }
            catch (JournalException lost) when (lost is FencedException or OutcomeUnknownException)
            {
                // The next activation goes on from whatever is the last checkpoint then.
                DeactivateOnIdle();
                throw;
            }
        return writer.Last is { } last ? new AuditNote(last.Number, last.At, last.Root) : null;
    }

    // A clock that was set back makes a checkpoint due, not impossible.
    private bool IsDue(AuditCheckpoint? last) => last is null || clock.Now - last.At is var age && (age >= Due || age < Duration.Zero);

    [LoggerMessage(Level = LogLevel.Error, Message = "Checkpoint {Number} is not to be trusted ({Cause}): run 'audit verify'. Checkpoints go on with the present secret.")]
    private partial void LogStrange(long number, string cause);
}
