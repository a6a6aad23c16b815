using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Realtime.Journal;

namespace Realtime.Sets;

/// <summary>
/// Keeps what this node works with as the journal says: asks every second which set of a kind is in force, one row by its key, and loads a set that is new.
/// A store that hangs, or a set that this program cannot read, leaves what was there as it was.
/// </summary>
/// <param name="kind">The key of the set's <see cref="ISetGrain"/>.</param>
/// <param name="journal">Says which one is in force.</param>
/// <param name="store">Holds it.</param>
/// <param name="log">Where failures are recorded.</param>
internal abstract partial class SetFollower(string kind, IJournal journal, SetStore store, ILogger log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The name of the set that this node works with; null before the first.</summary>
    protected abstract string? InUse { get; }

    /// <summary>Puts a set in use.</summary>
    /// <exception cref="InvalidDataException">Written by a newer program, or damaged.</exception>
    protected abstract void Take(string hash, byte[] payload);

    /// <summary>No set was ever imported: what stands in for one is put in use, where nothing is yet.</summary>
    protected abstract void TakeNone();

    /// <summary>Notes that the journal was asked.</summary>
    protected abstract void Settle();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Give the host its thread back: an embedded store answers synchronously.
        await Task.Yield();
        try
        {
            while (true)
            {
                await Follow(stoppingToken);
                Settle();
                await Task.Delay(Pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops: nothing more is to be read.
        }
    }

    private async Task Follow(CancellationToken stopping)
    {
        try
        {
            if (await InForce(stopping) is not { } hash)
                TakeNone();
            else if (InUse != hash)
                Take(hash, await Load(hash, stopping));
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested && failure is not OutOfMemoryException)
        {
            // Whatever it was, the next second asks again; until then what was there stands.
            LogFailed(failure, kind);
        }
    }

    private async Task<string?> InForce(CancellationToken stopping)
    {
        await foreach (var state in journal.PublicStates(kind, stopping))
            if (state.Stream == kind)
                return JsonSerializer.Deserialize(state.Payload.Span, SetJson.Default.SetImported)!.Hash;
        return null;
    }

    private async Task<byte[]> Load(string hash, CancellationToken stopping) =>
        await store.Get(hash, stopping) ?? throw new InvalidDataException($"The journal names the {kind} {hash}, and the store does not hold it: import the files again.");

    [LoggerMessage(Level = LogLevel.Error, Message = "The {Kind} could not be brought up to date; it is tried again in a second.")]
    private partial void LogFailed(Exception e, string kind);
}
