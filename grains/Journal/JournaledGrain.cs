using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using Orleans.Storage;

namespace Realtime.Journal;

/// <summary>
/// A grain whose state is its journal stream. A command is <em>decide → append → evolve → tell</em>: the subclass decides, purely, from <see cref="State"/>;
/// <see cref="Append"/> makes the event durable and then moves the state. Where a row is fenced or its outcome unknown the state has not moved, the activation
/// ends, the caller gets a <see cref="JournalException"/> and may try again: the next activation reads the truth.
/// Not for reentrant grains.
/// </summary>
/// <typeparam name="TState">The immutable state.</typeparam>
/// <typeparam name="TEvent">The closed set of its events.</typeparam>
public abstract class JournaledGrain<TState, TEvent>(IJournal journal, IPersistentState<Snapshot> snapshot) : Grain
    where TState : class
    where TEvent : class
{
    private StreamHead? _stream;
    private TState? _state;
    private long _attempted; // the row of the last snapshot, kept or tried

    /// <summary>The state as of row <see cref="Seq"/>.</summary>
    protected TState State => _state ?? throw new InvalidOperationException("The grain is not active yet.");

    /// <summary>The last row of the stream; 0 where nothing was ever written.</summary>
    protected long Seq => _stream?.Seq ?? 0;

    /// <summary>Name of the stream, as <c>pharmacy/750020927</c>.</summary>
    protected abstract string Stream { get; }

    /// <summary>The state before the first event.</summary>
    protected abstract TState Empty { get; }

    /// <summary>Version of the shape that <see cref="WriteState"/> writes, from 1. Snapshots of another version are dropped and the stream is read instead.</summary>
    protected abstract int StateVersion { get; }

    /// <summary>Rows between two snapshots. Asked after each row, so that it may grow with the state: then what snapshots cost per row does not.</summary>
    protected virtual int SnapshotEvery => 64;

    /// <summary>The state after an event; pure, never refuses, throws on an event it does not know.</summary>
    /// <param name="state">The state before.</param>
    /// <param name="change">What happened.</param>
    /// <param name="seq">The event's place in the stream.</param>
    /// <param name="at">When it was decided.</param>
    protected abstract TState Evolve(TState state, TEvent change, long seq, Instant at);

    /// <summary>The event as it is logged: its name, the version of its shape, and UTF-8 JSON.</summary>
    protected abstract (string Kind, int Version, byte[] Payload) Write(TEvent change);

    /// <summary>Reads what <see cref="Write"/> wrote, in every version that was ever released.</summary>
    protected abstract TEvent Read(string kind, int version, ReadOnlyMemory<byte> payload);

    /// <summary>The state as UTF-8 JSON.</summary>
    protected abstract byte[] WriteState(TState state);

    /// <summary>Reads what <see cref="WriteState"/> wrote in the present <see cref="StateVersion"/>.</summary>
    protected abstract TState ReadState(ReadOnlyMemory<byte> state);

    /// <summary>The public facts of the state as UTF-8 JSON, written with the row that made them; null where they did not change. The event is as <see cref="Complete"/> left it.</summary>
    protected virtual byte[]? PublicState(TEvent change, TState before, TState after) => null;

    /// <summary>The event as it is to be logged: with what follows from having happened, where readers are to find that in the row. The state is <paramref name="after"/> all the same.</summary>
    protected virtual TEvent Complete(TEvent change, TState before, TState after) => change;

    /// <summary>What leaves the state for the stream's history, written with the row that took it out.</summary>
    protected virtual IReadOnlyList<HistoryEntry> History(TState before, TState after) => [];

    /// <summary>Loads the snapshot, if it fits the journal, and the rows after it.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _stream = new StreamHead(journal, Stream);
        var kept = snapshot.RecordExists && snapshot.State.Version == StateVersion ? snapshot.State : null;
        var rows = kept is null ? null : await _stream.ReadAfter(kept.Seq, kept.Hash);
        (_state, _attempted) = kept is not null && rows is not null ? (ReadState(kept.State), kept.Seq) : (Empty, 0);
        foreach (var row in rows ?? await _stream.ReadAfter(0, default) ?? [])
            _state = Evolve(_state, Read(row.Event.Kind, row.Event.Version, row.Event.Payload), row.Seq, row.At);
    }

    /// <summary>Makes an event durable, then moves the state.</summary>
    /// <param name="change">What was decided.</param>
    /// <param name="actor">Pseudonym of who acted.</param>
    /// <param name="reason">Why; never personal data.</param>
    /// <param name="at">When it was decided.</param>
    /// <exception cref="JournalException">The state has not moved; the command may be sent again.</exception>
    protected async Task Append(TEvent change, string actor, string reason, Instant at)
    {
        var stream = _stream ?? throw new InvalidOperationException("The grain is not active yet.");
        var stored = JournalRows.AsStored(at);
        var next = Evolve(State, change, stream.Seq + 1, stored);
        var complete = Complete(change, State, next);
        var (kind, version, payload) = Write(complete);
        // A null array, and even a bare null, would silently become an empty memory here, which is not null.
        var facts = PublicState(complete, State, next) is { } changed ? changed : default(ReadOnlyMemory<byte>?);
        try
        {
            await stream.Append(new JournalEvent(kind, version, actor, reason, payload), stored, facts, History(State, next));
        }
        catch (JournalException lost) when (lost is FencedException or OutcomeUnknownException)
        {
            DeactivateOnIdle();
            throw;
        }
        _state = next;
        if (stream.Seq - _attempted >= SnapshotEvery)
            await Keep(stream);
    }

    private async Task Keep(StreamHead stream)
    {
        _attempted = stream.Seq;
        snapshot.State = new Snapshot { Version = StateVersion, Seq = stream.Seq, Hash = stream.Hash.ToArray(), State = WriteState(State) };
        try
        {
            await snapshot.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            // Another activation keeps snapshots of this stream. What was appended is durable either way; let that one go on and this one end.
            DeactivateOnIdle();
        }
        catch (Exception failure)
        {
            // The command is durable and must be answered so; a snapshot is only a shortcut and is tried again after as many rows.
            ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger(GetType()).LogWarning(failure, "No snapshot of {Stream} at {Seq}.", Stream, stream.Seq);
        }
    }
}
